//! Small inputs for tests of the last three stages: real implementations of
//! the doors, over memory.

use std::collections::BTreeMap;
use std::io;

use crate::collect::{Chat, Export, Library, Medium, Message, MessageKind, Sent};
use crate::io::{Bundle, Files, Link, ReadAt};
use crate::matching::{Decision, Pairing, Reason, Score};
use crate::model::{Edits, Features, FileId, Item, ItemId, Kind, MediaKind, MediumId, Source};
use crate::plan::{Answers, Plan, plan};
use crate::settings::Mode;
use crate::settings::Settings;

/// Files in memory; `Err(at)` fails at that byte.
#[derive(Default)]
pub(crate) struct InMemory {
    pub(crate) files: Vec<Result<Vec<u8>, u64>>,
    /// Bytes that each file claims to have and has not.
    pub(crate) missing: u64,
}

struct Failing(u64);

/// Bytes, and how many more are claimed.
struct Short(Vec<u8>, u64);

impl ReadAt for Short {
    fn size(&self) -> u64 {
        self.0.size() + self.1
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(pos, buf)
    }
}

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

impl Files for InMemory {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        match &self.files[file.0 as usize] {
            Ok(bytes) => Ok(Box::new(Short(bytes.clone(), self.missing))),
            Err(at) => Ok(Box::new(Failing(*at))),
        }
    }
}

/// A bundle in memory.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// How originals are linked instead of copied.
    links: Option<Link>,
    open: Option<(String, Vec<u8>)>,
}

impl Shelf {
    /// One where originals are links.
    pub(crate) fn linking(link: Link) -> Self {
        Self { links: Some(link), ..Self::default() }
    }

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

    fn link(&mut self, path: &str, _: FileId) -> io::Result<Option<Link>> {
        if self.links.is_some() {
            self.begin(path, None)?;
        }
        Ok(self.links)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A library and an export in the making.
#[derive(Default)]
pub(crate) struct Sample {
    pub(crate) library: Library,
    pub(crate) export: Export,
    pub(crate) features: Vec<Option<Features>>,
    pub(crate) pairings: Vec<Pairing>,
    pub(crate) memory: InMemory,
}

impl Sample {
    /// The plan, nothing answered.
    pub(crate) fn plan(&self, settings: &Settings) -> Plan {
        let Self { library, export, features, pairings, .. } = self;
        plan(library, export, features, pairings, &Answers::new(), settings)
    }

    /// A file of the export; those come before the originals.
    pub(crate) fn exported(
        &mut self,
        path: &str,
        kind: Kind,
        bytes: Result<Vec<u8>, u64>,
    ) -> ItemId {
        assert_eq!(self.export.files as usize, self.library.items.len(), "originals come last");
        self.export.files += 1;
        self.original(path, kind, bytes)
    }

    pub(crate) fn original(
        &mut self,
        path: &str,
        kind: Kind,
        bytes: Result<Vec<u8>, u64>,
    ) -> ItemId {
        let id = ItemId(self.library.items.len() as u32);
        let file = FileId(self.memory.files.len() as u32);
        let size = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        self.memory.files.push(bytes);
        let path = path.to_owned();
        let source = Source::File(file);
        self.library.items.push(Item { id, path, size, modified: None, source });
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
        let id = MediumId(self.export.media.len() as u32);
        let message = self.say("Anna", "");
        self.export.chat.as_mut().unwrap().messages[message as usize].media.push(id);
        self.export.media.push(Medium {
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
            edits: Edits::EMPTY,
            original,
            also: Vec::new(),
            score: Score::default(),
            thresholds: Mode::Balanced.proof(),
            mode: Mode::Balanced,
            candidates: Vec::new(),
            reason: Reason::Plain,
        });
        id
    }

    pub(crate) fn say(&mut self, sender: &str, text: &str) -> u32 {
        let chat = self.export.chat.get_or_insert_with(Chat::default);
        if !chat.participants.iter().any(|known| known == sender) {
            chat.participants.push(sender.to_owned());
        }
        chat.messages.push(Message {
            time: Some(1_734_899_760),
            written: None,
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
