//! The files of the export: zips are replaced by their entries, and the chat's text
//! is found.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::chat::{text as chat_text, title};
use super::export::HtmlPage;
use super::file_names::plain;
use super::library::{Library, open};
use super::steps::{Head, OPEN, Steps};
use super::zip_export::{self, ZipEntry};
use super::{encoding, kind, pixel_size, zip_names};
use crate::error::{Issue, Problem};
use crate::io::{BATCH_FILES, Files, read_range};
use crate::model::{Entry, FileId, Item, ItemId, Kind, Packing, Size, Source};
use crate::settings::Limits;

/// First bytes of a text that must show whether it is a chat. Chosen, not measured.
const CHAT_HEAD: usize = 256 << 10;

/// First bytes of a text that begins like a chat, and whose first message fills the
/// shorter head. Chosen, not measured.
const LONG_HEAD: usize = 32 << 20;

/// Width and height in pixels of every sticker that WhatsApp makes.
const STICKER_EDGE: u32 = 512;

/// The files of the export.
#[derive(Debug, Default)]
pub struct Sources {
    /// Sorted by path; [`ItemId`]s are indices.
    pub items: Vec<Item>,
    /// What they are, parallel to `items`; `None` for unreadable files.
    pub kinds: Vec<Option<Kind>>,
    /// The chat's text.
    pub chat: Option<ItemId>,
    /// Other texts that are chats.
    pub other_chats: Vec<ItemId>,
    /// Files that are no media of their own: texts that became part of the chat,
    /// and lesser copies of what another export has better.
    pub spent: Vec<ItemId>,
    /// The lesser copies among them, each with the file that stands for it.
    pub spent_for: Vec<(ItemId, ItemId)>,
    /// The zip the chat came from.
    pub zip: Option<String>,
    /// Files that may be the chat's text or hold it, and why they cannot be read.
    pub locked: Vec<Issue>,
    /// What was wrong.
    pub issues: Vec<Issue>,
}

impl Sources {
    /// Notes what is wrong with a file.
    pub fn report(&mut self, id: ItemId, problems: Vec<Problem>) {
        let path = &self.items[id.0 as usize].path;
        let issue = |problem| Issue { path: path.clone(), problem };
        self.issues.extend(problems.into_iter().map(issue));
    }

    /// Notes which photos of given pages cannot be looked for.
    pub fn tell_of_pages(&mut self, pages: &[HtmlPage]) {
        for HtmlPage { item, inside, outside, .. } in pages {
            let inside = (*inside > 0).then_some(Problem::InsidePage { count: *inside });
            let outside = (outside.count > 0).then(|| Problem::OutsidePage {
                count: outside.count,
                names: outside.names.clone(),
            });
            self.report(*item, inside.into_iter().chain(outside).collect());
        }
    }
}

/// Lists the files of the export and finds the chat's text.
pub(super) async fn sources(entries: &[Entry], steps: &Steps, limits: &Limits) -> Sources {
    let mut found = Sources::default();
    let mut items = Library::new(entries).items;
    let mut kinds = kinds(&items, steps).await;
    let mut zips: Vec<usize> =
        (0..items.len()).filter(|index| kinds[*index] == Some(Kind::Zip)).collect();
    let take = if has_chat(&items, &kinds, steps).await {
        zips = exports_beside(&items, &kinds, zips, steps, limits).await;
        Take::Texts
    } else if items.iter().filter(|item| !item.is_beside()).count() == 1 {
        Take::Alone
    } else {
        Take::Chats
    };
    if expand(&mut items, &zips, take, (steps, limits), &mut found).await {
        kinds = self::kinds(&items, steps).await;
    }
    found.kinds = kinds;
    found.items = items;
    collisions(&mut found);
    find_chat(&mut found, steps, limits).await;
    found
}

/// What the files are. Each is looked at once, however often it is asked for.
async fn kinds(items: &[Item], steps: &Steps) -> Vec<Option<Kind>> {
    let fresh = |item: &&Item| item.size > 0 && !steps.heads.borrow().contains_key(&item.source);
    steps.expect(items.iter().filter(fresh).count() as u64);
    let mut kinds = Vec::with_capacity(items.len());
    for item in items {
        kinds.push(match item.size {
            0 => Some(Kind::Empty),
            _ => head(item, steps).await.kind,
        });
    }
    kinds
}

/// What a file's first bytes say.
pub(super) async fn head(item: &Item, steps: &Steps) -> Head {
    let known = steps.heads.borrow().get(&item.source).copied();
    if let Some(known) = known {
        return known;
    }
    let own = item.clone();
    let look = move |files: &dyn Files| {
        let bytes = open(&own, files).and_then(|source| read_range(&*source, 0, kind::HEAD));
        bytes.map_or_else(
            |_| Head::default(),
            |bytes| Head {
                kind: Some(kind::kind(&bytes)),
                is_sticker: pixel_size::webp(&bytes) == Some(Size::square(STICKER_EDGE)),
            },
        )
    };
    let head = steps.ask(OPEN, look).await;
    steps.did();
    steps.heads.borrow_mut().insert(item.source.clone(), head);
    head
}

async fn has_chat(items: &[Item], kinds: &[Option<Kind>], steps: &Steps) -> bool {
    let mut pairs = items.iter().zip(kinds);
    pairs.any(|(item, kind)| *kind == Some(Kind::Html) && !item.is_beside())
        || has_text(items, kinds, steps).await
}

async fn has_text(items: &[Item], kinds: &[Option<Kind>], steps: &Steps) -> bool {
    for (item, kind) in items.iter().zip(kinds) {
        if could_be_text(item, *kind) && is_chat(item, steps).await {
            return true;
        }
    }
    false
}

/// The texts that are chats.
async fn chats<'a>(items: &'a [Item], kinds: &[Option<Kind>], steps: &Steps) -> Vec<&'a Item> {
    let mut chats = Vec::new();
    for (item, kind) in items.iter().zip(kinds) {
        if could_be_text(item, *kind) && is_chat(item, steps).await {
            chats.push(item);
        }
    }
    chats
}

/// Whether a file may be a chat's text: a text, or named so with bytes that texts
/// do not have (a control character in a message, UTF-16 without its mark).
fn could_be_text(item: &Item, kind: Option<Kind>) -> bool {
    let named = || item.name().to_ascii_lowercase().ends_with(".txt");
    !item.is_beside() && (kind == Some(Kind::Text) || kind == Some(Kind::Unknown) && named())
}

async fn is_chat(item: &Item, steps: &Steps) -> bool {
    let known = steps.chats.borrow().get(&item.source).copied();
    if let Some(known) = known {
        return known;
    }
    let text = text(item, CHAT_HEAD, steps).await;
    // The first message may be longer than the head.
    let is_chat = chat_text::is_chat(&text)
        || chat_text::begins_chat(&text)
            && item.size > CHAT_HEAD as u64
            && chat_text::is_chat(&self::text(item, LONG_HEAD, steps).await);
    steps.chats.borrow_mut().insert(item.source.clone(), is_chat);
    is_chat
}

/// The first bytes of a file as a text; nothing, if they cannot be read.
async fn text(item: &Item, most: usize, steps: &Steps) -> String {
    let bytes = steps.read(item, most).await;
    bytes.map(|bytes| encoding::decode(bytes).text).unwrap_or_default()
}

/// Zips beside a chat's text that may be other exports of the same chat. A zip that
/// the text names is not: somebody sent it.
async fn exports_beside(
    items: &[Item],
    kinds: &[Option<Kind>],
    mut zips: Vec<usize>,
    steps: &Steps,
    limits: &Limits,
) -> Vec<usize> {
    if zips.is_empty() {
        return zips;
    }
    let mut texts = Vec::new();
    for chat in chats(items, kinds, steps).await {
        texts.push(whole_text(chat, steps, limits).await);
    }
    let chats = texts;
    let sent = |zip: &usize| chats.iter().any(|chat| names(chat, items[*zip].name()));
    zips.retain(|zip| !chats.is_empty() && !sent(zip));
    zips
}

/// Which zips are replaced by their entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    /// The only one, for it is the whole export.
    Alone,
    /// Those with a chat's text or with pages.
    Chats,
    /// Those with a chat's text, beside a chat that needs no unpacking: pages
    /// in a zip are somebody's documents then.
    Texts,
}

/// Replaces zips by their entries.
async fn expand(
    items: &mut Vec<Item>,
    zips: &[usize],
    take: Take,
    (steps, limits): (&Steps, &Limits),
    found: &mut Sources,
) -> bool {
    let mut opened: Vec<(usize, Vec<Item>)> = Vec::new();
    for &index in zips {
        let zip = &items[index];
        let Source::File(file) = zip.source else { continue };
        match list(zip, (file, 0), steps, limits).await {
            Ok((entries, mut issues)) => {
                let inner: Vec<Item> = entries.into_iter().map(from_zip).collect();
                found
                    .locked
                    .extend(issues.iter().filter(|issue| may_be_chat(&issue.path)).cloned());
                let inner = without_inner_zips(inner, (steps, limits), &mut issues).await;
                let twice = |issue: &&Issue| issue.problem == Problem::ZipInZip;
                found.locked.extend(issues.iter().filter(twice).cloned());
                let kinds = kinds(&inner, steps).await;
                let wanted = match take {
                    Take::Alone => true,
                    Take::Chats => has_chat(&inner, &kinds, steps).await,
                    Take::Texts => has_text(&inner, &kinds, steps).await,
                };
                if wanted {
                    found.issues.append(&mut issues);
                    opened.push((index, inner));
                }
            }
            Err(problem) => {
                let issue = Issue { path: zip.path.clone(), problem };
                found.locked.push(issue.clone());
                found.issues.push(issue);
            }
        }
    }
    if opened.len() == 1 && take != Take::Texts {
        found.zip = opened.first().map(|(index, _)| items[*index].path.clone());
    }
    let any = !opened.is_empty();
    for (index, mut inner) in opened.into_iter().rev() {
        let zip = items.remove(index);
        if take != Take::Alone {
            let folder = folder(&zip.path, items);
            for item in &mut inner {
                item.path = format!("{folder}/{}", item.path);
            }
        }
        items.append(&mut inner);
    }
    items.sort_by(|a, b| a.path.cmp(&b.path));
    any
}

/// Lists the files of a zip, sorted by name: its directory in one step, its files'
/// own headers a few in each. Entries that cannot be unpacked become issues. The zip
/// lies in the host's `file`, from byte `offset` on.
async fn list(
    zip: &Item,
    (file, offset): (FileId, u64),
    steps: &Steps,
    limits: &Limits,
) -> Result<(Vec<ZipEntry>, Vec<Issue>), Problem> {
    let unreadable = |error: std::io::Error| Problem::unreadable(&error);
    let own = zip.clone();
    let directory = move |files: &dyn Files| {
        let source = open(&own, files).map_err(unreadable)?;
        zip_export::directory(&*source)
    };
    let mut claims = steps.ask(OPEN, directory).await?;
    let (mut entries, mut issues) = (Vec::new(), Vec::new());
    while !claims.is_empty() {
        let rest = claims.split_off(claims.len().min(BATCH_FILES as usize));
        let (own, some) = (zip.clone(), std::mem::replace(&mut claims, rest));
        let cost = OPEN * some.len() as u64;
        let look = move |files: &dyn Files| {
            let source = open(&own, files).map_err(unreadable)?;
            zip_export::listed(&*source, file, &own.path, some)
        };
        let (mut listed, mut wrong) = steps.ask(cost, look).await?;
        entries.append(&mut listed);
        issues.append(&mut wrong);
    }
    for entry in &mut entries {
        if let Source::Zipped { start, .. } = &mut entry.source {
            *start = start.saturating_add(offset);
        }
    }
    if zip_names::are_unclear(&entries) {
        let texts = chat_texts(&entries, steps, limits).await;
        zip_names::name(&mut entries, &texts, names);
        for entry in &mut entries {
            entry.path = zip_export::with_slashes(&entry.path);
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((entries, issues))
}

/// The texts of a zip that are chats.
async fn chat_texts(entries: &[ZipEntry], steps: &Steps, limits: &Limits) -> Vec<String> {
    let mut texts = Vec::new();
    for item in entries.iter().cloned().map(from_zip) {
        if is_text_name(&item.path) && is_chat(&item, steps).await {
            texts.push(whole_text(&item, steps, limits).await);
        }
    }
    texts
}

fn is_text_name(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".txt")
}

/// Whether a file is named like the text of a chat, whatever else is a text.
fn may_be_chat(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.eq_ignore_ascii_case("_chat.txt")
        || is_text_name(name) && (name.contains("WhatsApp") || title::is_known(name))
}

/// The folder that stands for a zip: its name without the extension, unless it
/// lies beside a folder of that name, unpacked from it perhaps.
fn folder(zip: &str, items: &[Item]) -> String {
    let stem = zip.rsplit_once('.').map_or(zip, |(stem, _)| stem);
    let mut below = items.iter().filter_map(|item| item.path.strip_prefix(stem));
    if below.any(|rest| rest.starts_with('/')) { zip.to_string() } else { stem.to_string() }
}

/// A zip that holds no chat, but zips: those that do are replaced by their
/// entries. That works in place only if the outer zip did not pack them again.
async fn without_inner_zips(
    inner: Vec<Item>,
    (steps, limits): (&Steps, &Limits),
    issues: &mut Vec<Issue>,
) -> Vec<Item> {
    let kinds = kinds(&inner, steps).await;
    if has_chat(&inner, &kinds, steps).await {
        return inner;
    }
    let mut all = Vec::new();
    for (item, kind) in inner.into_iter().zip(kinds) {
        let (Some(Kind::Zip), Source::Zipped { file, start, packing, .. }) = (kind, &item.source)
        else {
            all.push(item);
            continue;
        };
        if *packing == Packing::Deflated {
            issues.push(Issue { path: item.path.clone(), problem: Problem::ZipInZip });
            all.push(item);
            continue;
        }
        match inner_entries(&item, (*file, *start), (steps, limits), issues).await {
            Some(entries) => all.extend(entries),
            None => all.push(item),
        }
    }
    all
}

/// The entries of a zip inside a zip, if they hold a chat.
async fn inner_entries(
    zip: &Item,
    place: (FileId, u64),
    (steps, limits): (&Steps, &Limits),
    issues: &mut Vec<Issue>,
) -> Option<Vec<Item>> {
    let (entries, mut wrong) = list(zip, place, steps, limits).await.ok()?;
    let folder = zip.path.rsplit_once('.').map_or(zip.path.as_str(), |(stem, _)| stem);
    let mut items: Vec<Item> = entries.into_iter().map(from_zip).collect();
    for item in &mut items {
        item.path = format!("{folder}/{}", item.path);
    }
    let kinds = kinds(&items, steps).await;
    let chat = has_chat(&items, &kinds, steps).await;
    if chat {
        issues.append(&mut wrong);
    }
    chat.then_some(items)
}

fn from_zip(entry: ZipEntry) -> Item {
    Item {
        id: ItemId(0),
        path: entry.path,
        size: entry.size,
        modified: entry.modified,
        source: entry.source,
    }
}

/// Names that differ only in case become one on many systems.
fn collisions(found: &mut Sources) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut issues = Vec::new();
    for item in &found.items {
        if let Some(other) = seen.insert(item.path.to_lowercase(), &item.path) {
            let problem = Problem::CaseCollision(other.to_string());
            issues.push(Issue { path: item.path.clone(), problem });
        }
    }
    found.issues.append(&mut issues);
}

/// Numbers the items and picks the chat's text among those that are chats: not
/// one that another names as its attachment; then the one highest up, with a
/// usual name, the largest.
async fn find_chat(found: &mut Sources, steps: &Steps, limits: &Limits) {
    for (id, item) in (0..).zip(&mut found.items) {
        item.id = ItemId(id);
    }
    let mut chats = chats(&found.items, &found.kinds, steps).await;
    if chats.len() > 1 {
        let attached: Vec<ItemId> = attached(&chats, steps, limits).await;
        chats.retain(|item| !attached.contains(&item.id));
    }
    chats.sort_by_key(|item| {
        let name = item.name().to_lowercase();
        let usual = name == "_chat.txt" || name.contains("whatsapp");
        (item.path.matches('/').count(), !usual, u64::MAX - item.size, item.path.clone())
    });
    let ids: Vec<ItemId> = chats.iter().map(|item| item.id).collect();
    found.chat = ids.first().copied();
    found.other_chats = ids.into_iter().skip(1).collect();
    if found.chat.is_none() {
        locked_texts(found, steps).await;
    }
}

/// Notes which files are named like the chat's text and cannot be read.
async fn locked_texts(found: &mut Sources, steps: &Steps) {
    for item in found.items.iter().filter(|item| may_be_chat(&item.path) && item.size > 0) {
        let most = usize::try_from(item.size).unwrap_or(usize::MAX).min(CHAT_HEAD);
        if let Err(error) = steps.read(item, most).await {
            let problem = Problem::reading(&error);
            found.locked.push(Issue { path: item.path.clone(), problem });
        }
    }
}

/// The chats that another chat carries as its attachment.
async fn attached(chats: &[&Item], steps: &Steps, limits: &Limits) -> Vec<ItemId> {
    let mut ids = Vec::new();
    for outer in chats {
        let text = whole_text(outer, steps, limits).await;
        let inner = chats.iter().filter(|inner| inner.id != outer.id);
        ids.extend(inner.filter(|inner| names(&text, inner.name())).map(|inner| inner.id));
    }
    // Two that name each other are both chats.
    if ids.len() >= chats.len() { Vec::new() } else { ids }
}

/// Whether a text holds a file's name, composed or decomposed, with or without
/// the marks that a zip keeps.
fn names(text: &str, name: &str) -> bool {
    let plain = plain(name);
    text.contains(name)
        || text.contains(plain.as_ref())
        || !plain.is_ascii() && text.contains(&plain.nfd().collect::<String>())
}

async fn whole_text(item: &Item, steps: &Steps, limits: &Limits) -> String {
    let most = usize::try_from(limits.text_bytes).unwrap_or(usize::MAX);
    text(item, most, steps).await
}
