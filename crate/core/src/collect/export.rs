//! The files of both inputs: zips of the export replaced by their entries, and
//! which of the files is the chat.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::file_names::plain;
use super::zip_export::{self, ZipEntry};
use super::{chat_text, encoding, is_junk, kind, open};
use crate::error::{Issue, Problem};
use crate::io::{Files, read_range};
use crate::model::{Entry, FileId, Item, ItemId, Kind, Packing, Side, Source};
use crate::settings::Limits;

/// Bytes of a text that must show that it is a chat.
const CHAT_HEAD: usize = 256 << 10;

/// Bytes of a text that begins like a chat and must show that it is one.
const LONG_HEAD: usize = 32 << 20;

/// The files of both inputs.
#[derive(Debug, Default)]
pub struct Sources {
    /// Sorted by side, then path; [`ItemId`]s are indices.
    pub items: Vec<Item>,
    /// What the export's files are, parallel to `items`; `None` for originals
    /// and unreadable files.
    pub kinds: Vec<Option<Kind>>,
    /// The chat's text.
    pub chat: Option<ItemId>,
    /// Other texts that are chats.
    pub other_chats: Vec<ItemId>,
    /// Files of the export that are no media of their own: texts that became
    /// part of the chat, and lesser copies of what another export has better.
    pub spent: Vec<ItemId>,
    /// The zip the chat came from.
    pub zip: Option<String>,
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
}

/// Lists the files of both inputs and finds the chat's text.
#[must_use]
pub fn sources(entries: &[Entry], files: &dyn Files, limits: &Limits) -> Sources {
    let mut found = Sources::default();
    let mut items: Vec<Item> =
        entries.iter().filter(|entry| !is_junk(&entry.path)).map(as_item).collect();
    items.sort_by(|a, b| (a.side, &a.path).cmp(&(b.side, &b.path)));
    let mut kinds = kinds(&items, files);
    let mut zips: Vec<usize> =
        (0..items.len()).filter(|index| kinds[*index] == Some(Kind::Zip)).collect();
    let take = if has_chat(&items, &kinds, files) {
        zips = exports_beside(&items, &kinds, zips, files, limits);
        Take::Texts
    } else if items.iter().filter(|item| item.side == Side::Export).count() == 1 {
        Take::Alone
    } else {
        Take::Chats
    };
    if expand(&mut items, &zips, take, files, &mut found) {
        kinds = self::kinds(&items, files);
    }
    found.kinds = kinds;
    found.items = items;
    collisions(&mut found);
    find_chat(&mut found, files, limits);
    found
}

fn as_item(entry: &Entry) -> Item {
    Item {
        id: ItemId(0),
        side: entry.side,
        path: entry.path.clone(),
        size: entry.size,
        modified: entry.modified,
        source: Source::File(entry.file),
    }
}

/// What the export's files are; originals are not read here. Numbers the items
/// on the way.
fn kinds(items: &[Item], files: &dyn Files) -> Vec<Option<Kind>> {
    let look = |item: &Item| {
        if item.side == Side::Originals {
            return None;
        }
        if item.size == 0 {
            return Some(Kind::Empty);
        }
        let source = open(item, files).ok()?;
        Some(kind::kind(&read_range(&*source, 0, kind::HEAD).ok()?))
    };
    items.iter().map(look).collect()
}

fn has_chat(items: &[Item], kinds: &[Option<Kind>], files: &dyn Files) -> bool {
    kinds.contains(&Some(Kind::Html)) || has_text(items, kinds, files)
}

fn has_text(items: &[Item], kinds: &[Option<Kind>], files: &dyn Files) -> bool {
    let mut pairs = items.iter().zip(kinds);
    pairs.any(|(item, kind)| could_be_text(item, *kind) && is_chat(item, files))
}

/// A text, or a file that is named so and has bytes that texts have not: a
/// control character in a message, UTF-16 without its mark.
fn could_be_text(item: &Item, kind: Option<Kind>) -> bool {
    let named = || item.name().to_ascii_lowercase().ends_with(".txt");
    kind == Some(Kind::Text) || kind == Some(Kind::Unknown) && named()
}

fn is_chat(item: &Item, files: &dyn Files) -> bool {
    let head = |bytes| {
        let head = open(item, files).and_then(|source| read_range(&*source, 0, bytes));
        head.map(|head| encoding::decode(head).text).unwrap_or_default()
    };
    let text = head(CHAT_HEAD);
    // The first message may be longer than the head.
    chat_text::is_chat(&text)
        || chat_text::begins_chat(&text)
            && item.size > CHAT_HEAD as u64
            && chat_text::is_chat(&head(LONG_HEAD))
}

/// Zips beside a chat's text that may be other exports of it: not those that
/// it names, for somebody sent them in it.
fn exports_beside(
    items: &[Item],
    kinds: &[Option<Kind>],
    mut zips: Vec<usize>,
    files: &dyn Files,
    limits: &Limits,
) -> Vec<usize> {
    if zips.is_empty() {
        return zips;
    }
    let texts = items.iter().zip(kinds).filter(|(item, kind)| could_be_text(item, **kind));
    let chats = texts.map(|(item, _)| item).filter(|item| is_chat(item, files));
    let chats: Vec<String> = chats.map(|item| whole_text(item, files, limits)).collect();
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
fn expand(
    items: &mut Vec<Item>,
    zips: &[usize],
    take: Take,
    files: &dyn Files,
    found: &mut Sources,
) -> bool {
    let mut opened: Vec<(usize, Vec<Item>)> = Vec::new();
    for &index in zips {
        let zip = &items[index];
        let Source::File(file) = zip.source else { continue };
        let listed = files
            .open(file)
            .map_err(|error| Problem::Unreadable(error.to_string()))
            .and_then(|source| zip_export::list(&*source, file, &zip.path));
        match listed {
            Ok((entries, mut issues)) => {
                let inner: Vec<Item> = entries.into_iter().map(from_zip).collect();
                let inner = without_inner_zips(inner, files, &mut issues);
                let kinds = kinds(&inner, files);
                let wanted = match take {
                    Take::Alone => true,
                    Take::Chats => has_chat(&inner, &kinds, files),
                    Take::Texts => has_text(&inner, &kinds, files),
                };
                if wanted {
                    found.issues.append(&mut issues);
                    opened.push((index, inner));
                }
            }
            Err(problem) => found.issues.push(Issue { path: zip.path.clone(), problem }),
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
    items.sort_by(|a, b| (a.side, &a.path).cmp(&(b.side, &b.path)));
    any
}

/// The folder that stands for a zip: its name without the extension, unless it
/// lies beside a folder of that name, unpacked from it perhaps.
fn folder(zip: &str, items: &[Item]) -> String {
    let stem = zip.rsplit_once('.').map_or(zip, |(stem, _)| stem);
    let export = items.iter().filter(|item| item.side == Side::Export);
    let mut below = export.filter_map(|item| item.path.strip_prefix(stem));
    if below.any(|rest| rest.starts_with('/')) { zip.to_string() } else { stem.to_string() }
}

/// A zip that holds no chat, but zips: those that do are replaced by their
/// entries. That works in place only if the outer zip did not pack them again.
fn without_inner_zips(inner: Vec<Item>, files: &dyn Files, issues: &mut Vec<Issue>) -> Vec<Item> {
    let kinds = kinds(&inner, files);
    if has_chat(&inner, &kinds, files) {
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
            let note = "this zip is packed inside another zip; unpack the outer one first";
            issues.push(Issue { path: item.path.clone(), problem: Problem::Note(note.into()) });
            all.push(item);
            continue;
        }
        match inner_entries(&item, *file, *start, files, issues) {
            Some(entries) => all.extend(entries),
            None => all.push(item),
        }
    }
    all
}

/// The entries of a zip inside a zip, if they hold a chat.
fn inner_entries(
    zip: &Item,
    file: FileId,
    offset: u64,
    files: &dyn Files,
    issues: &mut Vec<Issue>,
) -> Option<Vec<Item>> {
    let source = open(zip, files).ok()?;
    let (entries, mut wrong) = zip_export::list(&*source, file, &zip.path).ok()?;
    let folder = zip.path.rsplit_once('.').map_or(zip.path.as_str(), |(stem, _)| stem);
    let mut items: Vec<Item> = entries.into_iter().map(from_zip).collect();
    for item in &mut items {
        item.path = format!("{folder}/{}", item.path);
        if let Source::Zipped { start, .. } = &mut item.source {
            *start = start.saturating_add(offset);
        }
    }
    let chat = has_chat(&items, &kinds(&items, files), files);
    if chat {
        issues.append(&mut wrong);
    }
    chat.then_some(items)
}

fn from_zip(entry: ZipEntry) -> Item {
    Item {
        id: ItemId(0),
        side: Side::Export,
        path: entry.path,
        size: entry.size,
        modified: entry.modified,
        source: entry.source,
    }
}

/// Names that differ only in case become one on many systems.
fn collisions(found: &mut Sources) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let export = found.items.iter().filter(|item| item.side == Side::Export);
    let mut issues = Vec::new();
    for item in export {
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
fn find_chat(found: &mut Sources, files: &dyn Files, limits: &Limits) {
    for (id, item) in (0..).zip(&mut found.items) {
        item.id = ItemId(id);
    }
    let kinds = found.items.iter().zip(&found.kinds);
    let texts = kinds.filter(|(item, kind)| could_be_text(item, **kind)).map(|(item, _)| item);
    let mut chats: Vec<&Item> = texts.filter(|item| is_chat(item, files)).collect();
    if chats.len() > 1 {
        let attached: Vec<ItemId> = attached(&chats, files, limits);
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
}

/// The chats that another chat carries as its attachment.
fn attached(chats: &[&Item], files: &dyn Files, limits: &Limits) -> Vec<ItemId> {
    let mut ids = Vec::new();
    for outer in chats {
        let text = whole_text(outer, files, limits);
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

fn whole_text(item: &Item, files: &dyn Files, limits: &Limits) -> String {
    let most = usize::try_from(limits.text_bytes).unwrap_or(usize::MAX);
    let bytes = open(item, files).and_then(|source| read_range(&*source, 0, most));
    bytes.map(|bytes| encoding::decode(bytes).text).unwrap_or_default()
}
