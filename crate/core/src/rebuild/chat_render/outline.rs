//! What the pages need to know of the whole chat before the first is written:
//! who stands on which side, how many pages there are, which media they show.

use std::collections::BTreeMap;
use std::ops::Range;

use sha1::Digest as _;

use super::weight::weight;
use crate::collect::{Chat, Export};
use crate::model::{MediaKind, MediumId};
use crate::page::moment;
use crate::settings::{Limits, Settings};

/// Media on one page of the gallery: a multiple of rows of 3, 4, 5 and 6. The
/// browser holds the originals of all that were seen: with 600 on a page, of 13
/// megapixels, Chromium held 1.8 GB, with 180 it holds 1.1.
pub const GALLERY_PAGE: usize = 180;

/// What the pages need to know of the chat. Its size grows with senders, days and
/// media, not with messages.
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
    /// Stands before the usual name of every file.
    pub prefix: String,
    /// The first message of every chat page; at least one page.
    pub starts: Vec<u32>,
    /// Every message of the chat, those of WhatsApp itself too.
    pub lines: u32,
    /// First and last wall-clock second of the messages.
    pub span: Option<(i64, i64)>,
    /// Messages of people.
    pub messages: u64,
    /// Photos, videos (with GIFs), everything else that was sent.
    pub media: [u64; 3],
    /// Days on which somebody wrote, in the order of the calendar.
    pub days: Vec<Day>,
    /// What the gallery shows, in chat order.
    pub gallery: Vec<MediumId>,
}

/// One day of the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970.
    pub number: i64,
    /// Its first message, in the order of the file.
    pub first: u32,
    /// How many messages it has.
    pub messages: u32,
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
    pub fn new(export: &Export, settings: &Settings, first_page: &str) -> Self {
        let empty = Chat::default();
        let chat = export.chat.as_ref().unwrap_or(&empty);
        let mut outline = Self {
            title: title(chat),
            names: chat.participants.clone(),
            senders: chat.participants.iter().cloned().zip(0..).collect(),
            right: right(chat, settings),
            first_page: first_page.to_owned(),
            starts: starts(chat, &settings.limits),
            lines: u32::try_from(chat.messages.len()).unwrap_or(u32::MAX),
            messages: chat.messages.iter().filter(|m| m.sender.is_some()).count() as u64,
            ..Self::default()
        };
        outline.read_times(chat);
        for (index, medium) in export.media.iter().enumerate() {
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
        let mut days: BTreeMap<i64, Day> = BTreeMap::new();
        for (index, message) in (0..).zip(&chat.messages) {
            // What no calendar holds has no day either.
            let Some(time) = message.time.filter(|time| moment::civil(*time).is_some()) else {
                continue;
            };
            let (first, last) = self.span.unwrap_or((time, time));
            self.span = Some((first.min(time), last.max(time)));
            let number = moment::day_number(time);
            days.entry(number).or_insert(Day { number, first: index, messages: 0 }).messages += 1;
        }
        self.days = days.into_values().collect();
    }

    /// A short name of this chat, under which the script remembers what was
    /// chosen: the same for two bundles of one chat.
    #[must_use]
    pub fn key(&self) -> String {
        let mut sum = sha1::Sha1::new();
        for text in [self.title.as_str()].into_iter().chain(self.names.iter().map(String::as_str)) {
            sum.update(text.as_bytes());
            sum.update([0]);
        }
        sum.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Chat pages, at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.starts.len()
    }

    /// The messages of a chat page, counted from 0.
    #[must_use]
    pub fn page_range(&self, page: usize) -> Range<usize> {
        let start = |page: usize| self.starts.get(page).copied().unwrap_or(self.lines) as usize;
        start(page)..start(page + 1)
    }

    /// The file of a chat page, counted from 0.
    #[must_use]
    pub fn page_name(&self, page: usize) -> String {
        match page {
            0 => self.first_page.clone(),
            _ => self.file(&format!("messages-{}.html", page + 1)),
        }
    }

    /// The file with this usual name.
    #[must_use]
    pub fn file(&self, usual: &str) -> String {
        format!("{}{usual}", self.prefix)
    }

    /// The file of a gallery page, counted from 0.
    #[must_use]
    pub fn gallery_name(&self, page: usize) -> String {
        match page {
            0 => self.file("gallery.html"),
            _ => self.file(&format!("gallery-{}.html", page + 1)),
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
        let page = self.starts.partition_point(|start| *start <= message).saturating_sub(1);
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

/// The first message of each page: a page ends after [`Limits::page_messages`] or
/// [`Limits::page_bytes`].
fn starts(chat: &Chat, limits: &Limits) -> Vec<u32> {
    let mut starts = vec![0];
    let (mut messages, mut bytes) = (0, 0);
    for (index, message) in (0..).zip(&chat.messages) {
        let weight = weight(message);
        if messages > 0 && (messages >= limits.page_messages || bytes + weight > limits.page_bytes)
        {
            starts.push(index);
            (messages, bytes) = (0, 0);
        }
        messages += 1;
        bytes += weight;
    }
    starts
}

fn title(chat: &Chat) -> String {
    match (chat.title.trim(), chat.participants.as_slice()) {
        ("", []) => "Chat".to_owned(),
        ("", names) => names.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
        (title, _) => title.to_owned(),
    }
}

/// Whose bubbles stand right: the sender that the user named, else the one of two
/// whose name is not the chat's. In a chat of two one is chosen even if nothing
/// tells who.
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
