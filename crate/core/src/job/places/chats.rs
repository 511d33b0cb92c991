//! Chats as sources: which of their files was sent when.

use std::collections::VecDeque;

use crate::collect::{Collected, Collector};
use crate::error::Issue;
use crate::io::Files;
use crate::matching::events::Sent;
use crate::model::{Entry, Item};
use crate::plan::places::FileIssue;
use crate::settings::Settings;

/// A chat that is a source: an export.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    /// What the document puts before the paths of its files, which may be in the folders,
    /// too: the name of its folder or zip.
    pub name: String,
    /// Its files, by their paths below its folder; or its zip.
    pub entries: Vec<Entry>,
}

/// Chats that are still to be read.
pub(super) struct Opening {
    chats: VecDeque<Chat>,
    current: Option<Collector>,
}

/// What one step came to.
pub(super) enum Opened {
    /// There is more to do.
    Working,
    /// A chat was read: its files, each with the time of its message.
    Chat(Vec<(Item, Option<Sent>)>, Vec<Issue>),
    /// A chat cannot be read.
    Unread(FileIssue),
    /// All are read.
    All,
}

impl Opening {
    pub(super) fn new(chats: Vec<Chat>) -> Self {
        Self { chats: chats.into(), current: None }
    }

    /// Does one step of a [`Collector`].
    pub(super) fn advance(&mut self, files: &dyn Files, settings: &Settings) -> Opened {
        let Some(chat) = self.chats.front() else { return Opened::All };
        let begun = || Collector::new(chat.entries.clone(), settings);
        let Some(done) = self.current.get_or_insert_with(begun).advance(files) else {
            return Opened::Working;
        };
        self.current = None;
        let chat = self.chats.pop_front().unwrap_or_default();
        match done {
            Ok(collected) => {
                let (items, issues) = of_chat(&chat.name, collected);
                Opened::Chat(items, issues)
            }
            Err(fatal) => Opened::Unread(FileIssue { file: chat.name, text: fatal.to_string() }),
        }
    }
}

fn of_chat(name: &str, collected: Collected) -> (Vec<(Item, Option<Sent>)>, Vec<Issue>) {
    let Collected { library, export, issues } = collected;
    let below = |path: String| format!("{name}/{path}");
    let mut sent = vec![None; library.items.len()];
    for medium in &export.media {
        let (Some(item), Some(when)) = (medium.item, medium.sent) else { continue };
        if let Some(place) = sent.get_mut(item.0 as usize) {
            // The first message that carried it is the nearest to the shot.
            let time = Sent { wall: when.wall, span: when.span };
            place.get_or_insert(time);
        }
    }
    let item = |item: Item| Item { path: below(item.path.clone()), ..item };
    let issue = |issue: Issue| Issue { path: below(issue.path), ..issue };
    let items = library.items.into_iter().map(item).zip(sent).collect();
    (items, issues.into_iter().map(issue).collect())
}
