//! The chat's media in chat order, and what each of them is.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Addresses;
use super::chat::carried::Carried;
use super::chat::message::Chat;
use super::chat::text::Parsed;
use super::chat_html::{self, References};
use super::export::{HtmlPage, Medium, Sent};
use super::file_names::FileNames;
use super::sources::Sources;
use super::steps::Steps;
use super::{kind, media_name};
use crate::error::{Issue, Problem};
use crate::model::{Item, ItemId, Kind, MediaKind, MediumId, Taken};

/// The names by which the chat's text may call files: names of files beside it win
/// over files below it, and these over all others.
#[must_use]
pub fn names(items: &[Item], chat: &Item) -> FileNames {
    let folder = folder(&chat.path);
    let mut near: Vec<&Item> = items.iter().filter(|item| item.id != chat.id).collect();
    near.sort_by_key(|item| {
        let inner = below(&item.path, folder);
        (inner.is_none(), inner.map_or(0, |inner| inner.matches('/').count()), item.id)
    });
    FileNames::by_name(near)
}

/// Collects media in the order in which they are met, each once.
pub struct Media {
    items: Vec<Item>,
    kinds: Vec<Option<Kind>>,
    /// Folder of the chat's text, or the top.
    folder: String,
    chat: Option<ItemId>,
    /// Texts that became part of the chat, and lesser copies that it does not use.
    spent: BTreeSet<ItemId>,
    /// Folders of other chats, whose files are not this chat's.
    foreign: BTreeSet<String>,
    media: Vec<Medium>,
    by_item: BTreeMap<ItemId, MediumId>,
    by_name: BTreeMap<String, MediumId>,
    issues: Vec<Issue>,
}

impl Media {
    /// No media yet.
    #[must_use]
    pub fn new(found: &Sources) -> Self {
        let path = |id: ItemId| found.items[id.0 as usize].path.as_str();
        let own = found.chat.map_or("", |id| folder(path(id))).to_string();
        let others = found.other_chats.iter().map(|id| folder(path(*id)).to_string());
        Self {
            items: found.items.clone(),
            kinds: found.kinds.clone(),
            chat: found.chat,
            spent: found.spent.iter().copied().collect(),
            foreign: others.filter(|folder| *folder != own).collect(),
            folder: own,
            media: Vec::new(),
            by_item: BTreeMap::new(),
            by_name: BTreeMap::new(),
            issues: Vec::new(),
        }
    }

    /// Takes what the messages carry, and ties both together.
    #[must_use]
    pub fn take_chat(&mut self, parsed: Parsed) -> Chat {
        let mut chat = parsed.chat;
        for (index, carried) in parsed.carried {
            let message = &mut chat.messages[index as usize];
            let span = if message.has_seconds { 1 } else { 60 };
            let sent = message.time.map(|wall| Sent { wall, span });
            let medium = match carried {
                Carried::Here(id) => self.add(id, Some(index), sent),
                Carried::Missing(name) => self.add_missing(name, index, sent),
            };
            message.media.push(medium);
        }
        chat
    }

    /// Reads the HTML pages and takes what they refer to. `place` is where the
    /// export lies, `wanted` the paths of the pages asked for.
    pub(super) async fn take_pages(
        &mut self,
        found: &mut Sources,
        steps: &Steps,
        place: &str,
        wanted: &[String],
    ) -> Vec<HtmlPage> {
        let addresses = Addresses::new(&self.items, place);
        let mut read: BTreeMap<ItemId, References> = BTreeMap::new();
        let mut waiting = self.page_items(&addresses, found, wanted);
        while let Some(id) = waiting.pop() {
            if read.contains_key(&id) {
                continue;
            }
            let path = self.items[id.0 as usize].path.clone();
            match chat_html::references(&self.items[id.0 as usize], &addresses, steps).await {
                Ok(references) => {
                    if references.broken {
                        found.issues.push(Issue { path, problem: Problem::Checksum });
                    }
                    // The pages it leads to come along.
                    waiting.extend(references.items.iter().filter(|id| self.is_page(**id)));
                    read.insert(id, references);
                }
                Err(problem) => found.issues.push(Issue { path, problem }),
            }
        }
        let mut pages: Vec<(ItemId, References)> = read.into_iter().collect();
        pages.sort_by_key(|(id, _)| counted(&self.items[id.0 as usize].path));
        let page = |(item, references): (ItemId, References)| HtmlPage {
            item,
            media: self.take_references(&references.items),
            inside: references.inside,
            outside: references.outside,
        };
        pages.into_iter().map(page).collect()
    }

    /// The pages asked for, or every page that is no attachment.
    fn page_items(
        &self,
        addresses: &Addresses,
        found: &mut Sources,
        wanted: &[String],
    ) -> Vec<ItemId> {
        if wanted.is_empty() {
            let ids = self.items.iter().map(|item| item.id);
            return ids.filter(|id| self.is_page(*id)).collect();
        }
        let mut pages: Vec<ItemId> = Vec::new();
        for path in wanted {
            match addresses.at(path) {
                Some(id) => pages.push(id),
                None => {
                    let problem = Problem::NoSuchPage;
                    found.issues.push(Issue { path: path.clone(), problem });
                }
            }
        }
        pages
    }

    /// Whether a file is a page of an exporter: no attachment of the chat.
    fn is_page(&self, id: ItemId) -> bool {
        self.kinds[id.0 as usize] == Some(Kind::Html) && !self.by_item.contains_key(&id)
    }

    fn take_references(&mut self, items: &[ItemId]) -> Vec<MediumId> {
        let mut media = Vec::new();
        for id in items {
            if self.by_item.contains_key(id) || self.could_be_medium(*id) {
                media.push(self.add(*id, None, None));
            }
        }
        media
    }

    /// Takes the files that nothing refers to, by path; not those beside
    /// another chat.
    pub fn take_rest(&mut self) {
        let ids: Vec<ItemId> = self.items.iter().map(|item| item.id).collect();
        for id in ids {
            let foreign = self.foreign.contains(folder(&self.items[id.0 as usize].path));
            if !self.by_item.contains_key(&id) && self.could_be_medium(id) && !foreign {
                self.add(id, None, None);
            }
        }
    }

    /// The lesser copies among the files, each with the medium that the chat shows
    /// instead. `spent` pairs each with the file that replaced it.
    #[must_use]
    pub fn copies(&self, spent: &[(ItemId, ItemId)]) -> Vec<(ItemId, MediumId)> {
        let by_copy: BTreeMap<ItemId, ItemId> = spent.iter().copied().collect();
        let medium = |copy: &ItemId| {
            // The file that replaced a copy may have been replaced in turn.
            let kept = std::iter::successors(Some(*copy), |id| by_copy.get(id).copied());
            kept.take(by_copy.len() + 1).find_map(|id| self.by_item.get(&id).copied())
        };
        let spare = by_copy.keys().filter(|copy| !self.by_item.contains_key(copy));
        spare.filter_map(|copy| Some((*copy, medium(copy)?))).collect()
    }

    /// The media, and what was wrong with them.
    #[must_use]
    pub(super) fn finish(mut self, steps: &Steps) -> (Vec<Medium>, Vec<Issue>) {
        let heads = steps.heads.borrow();
        for medium in &mut self.media {
            let Some(id) = medium.item else { continue };
            let item = &self.items[id.0 as usize];
            let small = || heads.get(&item.source).is_some_and(|head| head.is_sticker);
            medium.kind = media_kind(item.name(), self.kinds[id.0 as usize], small);
        }
        drop(heads);
        (self.media, self.issues)
    }

    fn add(&mut self, id: ItemId, message: Option<u32>, sent: Option<Sent>) -> MediumId {
        if let Some(medium) = self.by_item.get(&id) {
            return *medium;
        }
        let item = &self.items[id.0 as usize];
        let name = below(&item.path, &self.folder).unwrap_or(&item.path).to_string();
        let sent = sent.or_else(|| sent_by_name(item.name()));
        let kind = MediaKind::Document;
        let medium = self.push(Medium { name, item: Some(id), kind, sent, message });
        self.by_item.insert(id, medium);
        medium
    }

    fn add_missing(&mut self, name: String, message: u32, sent: Option<Sent>) -> MediumId {
        if let Some(medium) = self.by_name.get(&name) {
            return *medium;
        }
        self.issues.push(Issue { path: name.clone(), problem: Problem::Missing });
        let kind = media_kind(&name, None, || false);
        let sent = sent.or_else(|| sent_by_name(&name));
        let medium = self.push(Medium {
            name: name.clone(),
            item: None,
            kind,
            sent,
            message: Some(message),
        });
        self.by_name.insert(name, medium);
        medium
    }

    fn push(&mut self, medium: Medium) -> MediumId {
        let id = MediumId(u32::try_from(self.media.len()).unwrap_or(u32::MAX));
        self.media.push(medium);
        id
    }

    /// Neither the chat itself nor what only a page needs.
    fn could_be_medium(&self, id: ItemId) -> bool {
        const ASSETS: [&str; 18] = [
            "css", "js", "mjs", "json", "map", "svg", "ico", "woff", "woff2", "ttf", "otf", "eot",
            "xml", "html", "htm", "xhtml", "db", "ini",
        ];
        let item = &self.items[id.0 as usize];
        let extension = item.name().rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        let asset = extension.is_some_and(|end| ASSETS.contains(&end.as_str()));
        let kind = self.kinds[id.0 as usize];
        let own = self.chat != Some(id) && !self.spent.contains(&id);
        own && kind != Some(Kind::Html) && !asset
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path as seen from a folder, if it is below it.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// A sort key by which `messages2.html` comes before `messages10.html`, and both
/// after `messages.html`.
fn counted(path: &str) -> Vec<(String, u64)> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut parts = Vec::new();
    let mut rest = stem;
    while !rest.is_empty() {
        let text = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
        let word = &rest[..rest.len() - text.len()];
        rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &text[..text.len() - rest.len()];
        parts.push((word.to_string(), digits.parse().unwrap_or(0)));
    }
    parts
}

fn sent_by_name(name: &str) -> Option<Sent> {
    match media_name::read(name)?.sent? {
        Taken::Wall(wall) => Some(Sent { wall, span: 1 }),
        Taken::Day(day) => Some(Sent { wall: i64::from(day) * 86_400, span: 86_400 }),
        Taken::Utc(_) => None,
    }
}

/// What a medium is to the chat. The name's pattern tells what WhatsApp meant it to
/// be (a voice note, a sticker, a document), the content what it is.
#[must_use]
pub fn media_kind(name: &str, content: Option<Kind>, small: impl FnOnce() -> bool) -> MediaKind {
    let meant = media_name::read(name).and_then(|tells| tells.kind);
    let media =
        |kind: &Kind| !matches!(kind, Kind::Empty | Kind::Unknown | Kind::Text | Kind::Html);
    let kind = content.filter(media).or_else(|| kind::named_kind(name));
    if meant == Some(MediaKind::Document) {
        return MediaKind::Document;
    }
    match kind {
        Some(Kind::Webp) if meant == Some(MediaKind::Sticker) => MediaKind::Sticker,
        Some(Kind::Webp) if meant.is_none() && small() => MediaKind::Sticker,
        Some(
            Kind::Jpeg | Kind::Heic | Kind::Avif | Kind::Png | Kind::Webp | Kind::Tiff | Kind::Raw,
        ) => MediaKind::Image,
        Some(Kind::Gif) => MediaKind::Gif,
        // Sound without a picture comes in the same container.
        Some(Kind::Video | Kind::Audio)
            if matches!(meant, Some(MediaKind::Voice | MediaKind::Audio)) =>
        {
            meant.unwrap_or(MediaKind::Audio)
        }
        Some(Kind::Video) if kind::named_kind(name) == Some(Kind::Audio) => MediaKind::Audio,
        Some(Kind::Video) if meant == Some(MediaKind::Gif) => MediaKind::Gif,
        Some(Kind::Video) => MediaKind::Video,
        Some(Kind::Audio) if name.to_ascii_lowercase().ends_with(".opus") => MediaKind::Voice,
        Some(Kind::Audio) => MediaKind::Audio,
        Some(Kind::Contact) => MediaKind::Contact,
        // Subtitles and notes have the name of the film that they belong to.
        None | Some(Kind::Text | Kind::Html)
            if matches!(content, Some(Kind::Text | Kind::Html)) =>
        {
            MediaKind::Document
        }
        _ => meant.unwrap_or(MediaKind::Document),
    }
}

#[cfg(test)]
#[path = "media_list_tests.rs"]
mod tests;
