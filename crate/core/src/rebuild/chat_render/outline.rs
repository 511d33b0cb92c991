//! What the pages need to know of the whole chat before the first is written:
//! who stands on which side, how many pages there are, which media they show.

use std::collections::BTreeMap;

use super::moment;
use crate::collect::{Chat, Inventory};
use crate::model::{MediaKind, MediumId};
use crate::settings::Settings;

/// Media on one page of the gallery.
pub const GALLERY_PAGE: usize = 600;

/// The chat at a glance. Its size grows with senders and media, not messages.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The chat's name.
    pub title: String,
    /// Senders with their numbers, which give them colours.
    pub senders: BTreeMap<String, usize>,
    /// Senders in the order of their first message.
    pub names: Vec<String>,
    /// Whose bubbles stand right, and whether that is known or only chosen.
    pub right: Option<(String, Certainty)>,
    /// Name of the first chat page.
    pub first_page: String,
    /// Messages on one page.
    pub page_messages: usize,
    /// Chat pages, at least one.
    pub pages: usize,
    /// First and last wall-clock second of the messages.
    pub span: Option<(i64, i64)>,
    /// Messages of people.
    pub messages: u64,
    /// Photos, videos (with GIFs), everything else that was sent.
    pub media: [u64; 3],
    /// Months with the first message of each: what "jump to" offers.
    pub months: Vec<(String, u32)>,
    /// What the gallery shows, in chat order.
    pub gallery: Vec<MediumId>,
}

/// How sure the side of a sender is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The user said so, or the chat's name is the other person.
    Known,
    /// One of two had to stand right.
    Chosen,
}

impl Outline {
    /// Reads the chat once.
    #[must_use]
    pub fn new(inventory: &Inventory, settings: &Settings, first_page: &str) -> Self {
        let empty = Chat::default();
        let chat = inventory.chat.as_ref().unwrap_or(&empty);
        let page_messages = settings.limits.page_messages.max(1);
        let mut outline = Self {
            title: title(chat),
            names: chat.participants.clone(),
            senders: chat.participants.iter().cloned().zip(0..).collect(),
            right: right(chat, settings),
            first_page: first_page.to_owned(),
            page_messages,
            pages: chat.messages.len().div_ceil(page_messages).max(1),
            messages: chat.messages.iter().filter(|m| m.sender.is_some()).count() as u64,
            ..Self::default()
        };
        outline.read_times(chat);
        for (index, medium) in inventory.media.iter().enumerate() {
            let group = match medium.kind {
                MediaKind::Image => 0,
                MediaKind::Video | MediaKind::Gif => 1,
                _ => 2,
            };
            outline.media[group] += 1;
            if group < 2 {
                outline.gallery.push(MediumId(index as u32));
            }
        }
        outline
    }

    fn read_times(&mut self, chat: &Chat) {
        let mut current = None;
        for (index, message) in chat.messages.iter().enumerate() {
            let Some(time) = message.time else { continue };
            let (first, last) = self.span.unwrap_or((time, time));
            self.span = Some((first.min(time), last.max(time)));
            let key = moment::month_key(time);
            if key.is_some() && key != current {
                current = key;
                self.months.push((moment::month(time), index as u32));
            }
        }
    }

    /// The file of a chat page, counted from 0.
    #[must_use]
    pub fn page_name(&self, page: usize) -> String {
        match page {
            0 => self.first_page.clone(),
            _ => format!("messages-{}.html", page + 1),
        }
    }

    /// The file of a gallery page, counted from 0.
    #[must_use]
    pub fn gallery_name(page: usize) -> String {
        match page {
            0 => "gallery.html".to_owned(),
            _ => format!("gallery-{}.html", page + 1),
        }
    }

    /// Pages of the gallery; none if there is nothing to show.
    #[must_use]
    pub fn gallery_pages(&self) -> usize {
        self.gallery.len().div_ceil(GALLERY_PAGE)
    }

    /// Where a message is found.
    #[must_use]
    pub fn message_link(&self, message: u32) -> String {
        let page = message as usize / self.page_messages;
        format!("{}#m{message}", self.page_name(page))
    }

    /// `1 March 2023 – 22 December 2024`.
    #[must_use]
    pub fn dates(&self) -> String {
        match self.span {
            Some((first, last)) if moment::day_number(first) == moment::day_number(last) => {
                moment::date(first)
            }
            Some((first, last)) => format!("{} – {}", moment::date(first), moment::date(last)),
            None => String::new(),
        }
    }
}

fn title(chat: &Chat) -> String {
    match (chat.title.trim(), chat.participants.as_slice()) {
        ("", []) => "Chat".to_owned(),
        ("", names) => names.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
        (title, _) => title.to_owned(),
    }
}

/// The user's word, else the one of two whose name is not the chat's; in a
/// chat of two somebody stands right even when nothing tells who.
fn right(chat: &Chat, settings: &Settings) -> Option<(String, Certainty)> {
    if let Some(me) = settings.me.as_ref().filter(|me| chat.participants.contains(me)) {
        return Some((me.clone(), Certainty::Known));
    }
    let [first, second] = chat.participants.as_slice() else { return None };
    let title = chat.title.trim();
    if title == first {
        Some((second.clone(), Certainty::Known))
    } else if title == second {
        Some((first.clone(), Certainty::Known))
    } else {
        Some((second.clone(), Certainty::Chosen))
    }
}
