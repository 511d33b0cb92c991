//! Small inputs for tests of the last three stages: real implementations of
//! the doors, over memory.

use std::collections::BTreeMap;
use std::io;

use crate::collect::{Chat, Inventory, Medium, Message, MessageKind, Sent};
use crate::io::{Bundle, Files, ReadAt};
use crate::matching::{Decision, Pairing, Score};
use crate::model::{Edit, Features, FileId, Item, ItemId, Kind, MediaKind, MediumId, Side, Source};
use crate::settings::Mode;

/// Files in memory; `Err(at)` fails at that byte.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: Vec<Result<Vec<u8>, u64>>,
}

struct Failing(u64);

impl ReadAt for Failing {
    fn size(&self) -> u64 {
        self.0 + 10
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.0.saturating_sub(pos)).unwrap();
        if left == 0 {
            return Err(io::Error::other("the card was pulled out"));
        }
        let count = left.min(buf.len());
        buf[..count].fill(7);
        Ok(count)
    }
}

impl Files for Memory {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        match &self.files[file.0 as usize] {
            Ok(bytes) => Ok(Box::new(bytes.clone())),
            Err(at) => Ok(Box::new(Failing(*at))),
        }
    }
}

/// A bundle in memory.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    open: Option<(String, Vec<u8>)>,
}

impl Shelf {
    #[track_caller]
    pub(crate) fn text(&self, path: &str) -> String {
        let bytes =
            self.files.get(path).unwrap_or_else(|| panic!("{path} in {:?}", self.files.keys()));
        String::from_utf8(bytes.clone()).unwrap()
    }
}

impl Bundle for Shelf {
    fn begin(&mut self, path: &str, _: Option<u64>) -> io::Result<()> {
        assert!(self.open.is_none() && !self.files.contains_key(path), "{path} is written twice");
        self.open = Some((path.to_owned(), Vec::new()));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.open.as_mut().unwrap().1.extend_from_slice(bytes);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let (path, bytes) = self.open.take().unwrap();
        self.files.insert(path, bytes);
        Ok(())
    }

    fn abandon(&mut self) -> io::Result<()> {
        self.open = None;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An inventory in the making.
#[derive(Default)]
pub(crate) struct Sample {
    pub(crate) inventory: Inventory,
    pub(crate) features: Vec<Option<Features>>,
    pub(crate) pairings: Vec<Pairing>,
    pub(crate) memory: Memory,
}

impl Sample {
    pub(crate) fn item(
        &mut self,
        side: Side,
        path: &str,
        kind: Kind,
        bytes: Result<Vec<u8>, u64>,
    ) -> ItemId {
        let id = ItemId(self.inventory.items.len() as u32);
        let file = FileId(self.memory.files.len() as u32);
        let size = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        self.memory.files.push(bytes);
        let path = path.to_owned();
        let source = Source::File(file);
        self.inventory.items.push(Item { id, side, path, size, modified: None, source });
        self.features.push(Some(Features::new(kind)));
        id
    }

    /// A medium with its message; matched if there is an original.
    pub(crate) fn medium(
        &mut self,
        name: &str,
        kind: MediaKind,
        item: Option<ItemId>,
        original: Option<ItemId>,
    ) -> MediumId {
        let id = MediumId(self.inventory.media.len() as u32);
        let message = self.say("Anna", "");
        self.inventory.chat.as_mut().unwrap().messages[message as usize].media.push(id);
        self.inventory.media.push(Medium {
            name: name.to_owned(),
            item,
            kind,
            sent: Some(Sent { wall: 1_734_899_760, span: 1 }),
            message: Some(message),
        });
        let decision = match (original, item) {
            (Some(_), _) => Decision::Matched,
            (None, Some(_)) => Decision::NoCandidates,
            (None, None) => Decision::Missing,
        };
        self.pairings.push(Pairing {
            medium: id,
            decision,
            edit: Edit::None,
            original,
            also: Vec::new(),
            score: Score::default(),
            thresholds: Mode::Balanced.proof(),
            mode: Mode::Balanced,
            candidates: Vec::new(),
            reason: "Measured.".to_owned(),
        });
        id
    }

    pub(crate) fn say(&mut self, sender: &str, text: &str) -> u32 {
        let chat = self.inventory.chat.get_or_insert_with(Chat::default);
        if !chat.participants.iter().any(|known| known == sender) {
            chat.participants.push(sender.to_owned());
        }
        chat.messages.push(Message {
            time: Some(1_734_899_760),
            has_seconds: true,
            sender: Some(sender.to_owned()),
            text: text.to_owned(),
            media: Vec::new(),
            kind: MessageKind::Ordinary,
            edited: false,
        });
        chat.messages.len() as u32 - 1
    }
}
