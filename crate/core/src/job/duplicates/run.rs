//! The stages, a batch at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::state::{Duplicates, Phase};
use crate::collect::kind::unlooked;
use crate::error::{Fatal, Issue, Problem};
use crate::examine::learnt::Digested;
use crate::io::Files;
use crate::job::digests::{Ask, Digesting};
use crate::ledger::Ledger;
use crate::matching::clock_by_camera;
use crate::matching::duplicates::List;
use crate::matching::duplicates::decided::{Decided, TOGETHER};
use crate::matching::duplicates::films::Films;
use crate::matching::duplicates::pictures::Pictures;
use crate::memory::{self, BATCH_RECALLED, Key};
use crate::model::{Features, Item, ItemId, Kind};
use crate::progress::{Advance, Stage};
use crate::report::duplicates::FileIssue;

/// Bytes up to which a file is hashed whole at once: reading its two ends is not cheaper.
/// Chosen, not measured.
const HASHED_AT_ONCE: u64 = 64 << 10;

impl<F: Files> Duplicates<F> {
    /// Does one batch: about 100 ms of work, whatever the input. To cancel, drop the job.
    /// Never split are decoding one file, and passes over the list of files or of what
    /// was found.
    ///
    /// # Errors
    /// There is none yet; a host matches on it all the same.
    pub fn advance(&mut self) -> Result<Advance, Fatal> {
        match &mut self.phase {
            Phase::Examine(examiner) => {
                let Self { desk, library, features, .. } = self;
                if examiner.advance(desk, &library.items, features) {
                    self.say_unlooked();
                    self.phase = Phase::Decisions(None);
                }
            }
            Phase::Decisions(from) => {
                let from = *from;
                self.recall_decisions(from);
            }
            Phase::Open(_) => self.open_chats(),
            Phase::Chats(_) => self.hash_chats(),
            Phase::Ends(_)
            | Phase::Whole(_)
            | Phase::Begin(_)
            | Phase::Payload(_)
            | Phase::Named(_) => self.hash(),
            Phase::Copies(_) | Phase::Halves(_) => self.examine_copies(),
            Phase::Pictures(_) => self.compare_pictures(),
            Phase::Films(_) => self.compare_films(),
            Phase::Done => {}
        }
        Ok(match self.phase {
            Phase::Done => Advance::Done(self.desk.progress),
            _ => Advance::Working(self.desk.progress),
        })
    }

    /// Says which files are of a kind that nothing is known about.
    pub(super) fn say_unlooked(&mut self) {
        for (item, features) in self.library.items.iter().zip(&self.features) {
            let kind = features.as_ref().and_then(|known| unlooked(item.name(), known.kind));
            let problem = kind.map(|kind| Problem::NotLookedAt { kind: kind.to_owned() });
            let issue = problem.map(|problem| Issue { path: item.path.clone(), problem });
            self.desk.issues.extend(issue);
        }
    }

    fn recall_decisions(&mut self, from: Option<Key>) {
        let bound = from.map_or(Bound::Unbounded, Bound::Excluded);
        let notes = self.desk.memory.scan(&TOGETHER, bound, BATCH_RECALLED);
        let last = notes.last().map(|(key, _)| *key).filter(|_| notes.len() == BATCH_RECALLED);
        for (_, note) in notes {
            if let Some(decided) = memory::decoded::<Decided>(&note) {
                self.decisions.add(decided);
            }
        }
        self.phase = match last {
            Some(last) => Phase::Decisions(Some(last)),
            None => self.opening.take().map_or(Phase::Done, Phase::Open),
        };
    }

    fn open_chats(&mut self) {
        let Phase::Open(opening) = &mut self.phase else { return };
        let Self { desk, settings, chats, said, .. } = self;
        if opening.advance(&desk.files, settings, chats, (&mut desk.issues, said)) {
            self.phase = Phase::Chats(self.chats());
            self.enter_hashing();
        }
    }

    /// All bytes of a chat's files that may be one of the folders'.
    fn chats(&self) -> Digesting {
        let sizes: BTreeSet<u64> = self.library.items.iter().map(|item| item.size).collect();
        let items = self.chats.library.items.iter();
        let shared = items.filter(|item| item.size > 0 && sizes.contains(&item.size));
        Digesting::new(Ask::Blake3, shared.map(|item| item.id), &self.chats.digests)
    }

    fn hash_chats(&mut self) {
        let Phase::Chats(digesting) = &mut self.phase else { return };
        let chats = &mut self.chats;
        if !digesting.advance(&mut self.desk, &chats.library.items, &mut chats.digests) {
            return;
        }
        chats.name();
        self.phase = Phase::Ends(self.ends());
        self.enter_hashing();
    }

    /// Hashes on, and begins what follows.
    fn hash(&mut self) {
        let Self { desk, library, digests, phase, .. } = self;
        let (Phase::Ends(digesting)
        | Phase::Whole(digesting)
        | Phase::Begin(digesting)
        | Phase::Payload(digesting)
        | Phase::Named(digesting)) = phase
        else {
            return;
        };
        if !digesting.advance(desk, &library.items, digests) {
            return;
        }
        let asks = |list: List| self.asked.lists.contains(&list);
        let looks = asks(List::Shot) || asks(List::Similar);
        self.phase = match &self.phase {
            Phase::Ends(_) => Phase::Whole(self.whole()),
            Phase::Whole(_) if self.asked.lists == [List::Exact] => Phase::Copies(self.copies()),
            Phase::Whole(_) if asks(List::Payload) || looks => Phase::Begin(self.begin()),
            Phase::Begin(_) => Phase::Payload(self.payload()),
            Phase::Payload(_) if looks => {
                let pictures = self.representatives(|kind| kind.is_picture());
                Phase::Pictures(Box::new(Pictures::new(self.bench(), &pictures)))
            }
            _ => return self.name(),
        };
        self.enter_hashing();
    }

    pub(super) fn enter_hashing(&mut self) {
        match &self.phase {
            Phase::Chats(digesting)
            | Phase::Ends(digesting)
            | Phase::Whole(digesting)
            | Phase::Begin(digesting)
            | Phase::Payload(digesting)
            | Phase::Named(digesting) => self.desk.enter(Stage::Examine, digesting.left()),
            Phase::Copies(examiner) | Phase::Halves(examiner) => {
                self.desk.enter(Stage::Examine, examiner.left());
            }
            Phase::Pictures(_) => self.desk.enter(Stage::Matching, 0),
            Phase::Films(films) => self.desk.enter(Stage::Matching, films.left()),
            _ => {}
        }
    }

    /// The ends of files that share a size, but of small ones.
    fn ends(&self) -> Digesting {
        let shared = self.sharing(|item, _| Some(item.size).filter(|size| *size > HASHED_AT_ONCE));
        Digesting::new(Ask::Ends, shared, &self.digests)
    }

    /// All bytes of files that share a size and their ends, or of whose size the user
    /// decided something.
    fn whole(&self) -> Digesting {
        let small = |item: &Item| item.size <= HASHED_AT_ONCE;
        let mut files: BTreeSet<ItemId> = self
            .sharing(|item, known| {
                let ends = if small(item) { Some([0; 32]) } else { known.ends };
                ends.map(|ends| (item.size, ends))
            })
            .into_iter()
            .collect();
        let sizes = [&self.decisions.sizes, &self.chats.sizes];
        let asked = |item: &&Item| sizes.iter().any(|sizes| sizes.contains(&item.size));
        let decided = self.library.items.iter().filter(asked);
        files.extend(decided.map(|item| item.id));
        Digesting::new(Ask::Blake3, files, &self.digests)
    }

    /// How payloads begin, of different files of one kind with as many pixels.
    fn begin(&self) -> Digesting {
        let media = self.distinct();
        let shared = self.sharing(|item, _| {
            let features = self.features[item.id.0 as usize].as_ref()?;
            let has_payload = media.contains(&item.id) && may_have_payload(features.kind);
            let size = features.size.filter(|_| has_payload)?;
            let edges = (size.width.min(size.height), size.width.max(size.height));
            Some((features.kind, edges))
        });
        Digesting::new(Ask::Begin, shared, &self.digests)
    }

    /// The payload of those that begin alike.
    fn payload(&self) -> Digesting {
        let media = self.distinct();
        let shared = self.sharing(|item, known| {
            let kind = self.features[item.id.0 as usize].as_ref()?.kind;
            let begin = known.begin.flatten().filter(|_| media.contains(&item.id))?;
            Some((kind, begin))
        });
        Digesting::new(Ask::Payload, shared, &self.digests)
    }

    /// Files with something in them that share a key with another.
    pub(super) fn sharing<K: Ord>(
        &self,
        key: impl Fn(&Item, &Digested) -> Option<K>,
    ) -> Vec<ItemId> {
        let mut by_key = BTreeMap::<K, Vec<ItemId>>::new();
        for (item, known) in self.library.items.iter().zip(&self.digests) {
            if let Some(key) = key(item, known).filter(|_| item.size > 0) {
                by_key.entry(key).or_default().push(item.id);
            }
        }
        let mut shared: Vec<ItemId> =
            by_key.into_values().filter(|files| files.len() > 1).flatten().collect();
        shared.sort_unstable();
        shared
    }

    /// One file of each content, the first by path.
    fn distinct(&self) -> BTreeSet<ItemId> {
        let mut seen = BTreeSet::new();
        let fresh = |item: &&Item| {
            self.digests[item.id.0 as usize].blake3.is_none_or(|blake3| seen.insert(blake3))
        };
        self.library.items.iter().filter(fresh).map(|item| item.id).collect()
    }

    /// One file of each picture data, those with a camera's data first: they tell most.
    fn representatives(&self, wanted: impl Fn(Kind) -> bool) -> Vec<ItemId> {
        let features = |id: ItemId| self.features[id.0 as usize].as_ref();
        let distinct = self.distinct().into_iter();
        let mut files: Vec<ItemId> =
            distinct.filter(|&id| features(id).is_some_and(|of| wanted(of.kind))).collect();
        let dated = |of: &Features| clock_by_camera(of) && of.camera.is_some();
        files.sort_by_key(|&id| (!features(id).is_some_and(dated), id));
        let mut seen = BTreeSet::new();
        files.retain(|id| {
            let payload = self.digests[id.0 as usize].payload.flatten();
            payload.is_none_or(|payload| seen.insert(payload))
        });
        files.sort_unstable();
        files
    }

    fn compare_pictures(&mut self) {
        let Phase::Pictures(mut pictures) = std::mem::replace(&mut self.phase, Phase::Done) else {
            return;
        };
        let mut ledger = Ledger::default();
        let step = pictures.advance(self.bench(), &mut ledger);
        if !self.desk.follow(&step, ledger) {
            self.phase = Phase::Pictures(pictures);
            return;
        }
        let mut found = std::mem::take(&mut self.likenesses);
        pictures.found(self.bench(), &mut found);
        self.said.extend(self.unsearched(pictures.left_out()));
        self.likenesses = found;
        let live = |of: &Features| of.content_id.is_some();
        let is_live = |id: &ItemId| self.features[id.0 as usize].as_ref().is_some_and(live);
        let mut videos = self.representatives(|kind| kind == Kind::Video);
        videos.retain(|id| !is_live(id));
        let films = Films::new(self.bench(), &videos, &self.films_of_pictures());
        self.phase = Phase::Films(Box::new(films));
        self.enter_hashing();
    }

    /// Says of how many pictures no changed versions were searched.
    fn unsearched(&self, pictures: &[ItemId]) -> Option<FileIssue> {
        let (first, others) = pictures.split_first()?;
        let more = match others.len() {
            0 => "this picture has no camera's date and was".to_owned(),
            1 => "this picture and another one have no camera's date and were".to_owned(),
            count => format!("this picture and {count} more have no camera's date and were"),
        };
        let text = format!(
            "{more} not searched for cropped, mirrored or filtered versions, for there are too \
             many; give fewer folders at once to have them searched"
        );
        Some(FileIssue { file: self.library[*first].path.clone(), text })
    }

    /// The films of two Live Photos whose photos are one.
    fn films_of_pictures(&self) -> Vec<(ItemId, ItemId)> {
        let mut films = BTreeMap::<&str, Vec<ItemId>>::new();
        let features = |id: ItemId| self.features[id.0 as usize].as_ref();
        for id in self.representatives(|kind| kind == Kind::Video) {
            if let Some(content) = features(id).and_then(|of| of.content_id.as_deref()) {
                films.entry(content).or_default().push(id);
            }
        }
        let of = |id: ItemId| {
            let content = features(id).and_then(|of| of.content_id.as_deref());
            content.and_then(|content| films.get(content)).map_or(&[][..], Vec::as_slice)
        };
        let mut pairs = BTreeSet::new();
        for (first, second) in self.likenesses.pairs() {
            for &one in of(first) {
                let others = of(second).iter().filter(|&&other| other != one);
                pairs.extend(others.map(|&other| (one.min(other), one.max(other))));
            }
        }
        pairs.into_iter().collect()
    }

    fn compare_films(&mut self) {
        let Phase::Films(mut films) = std::mem::replace(&mut self.phase, Phase::Done) else {
            return;
        };
        let (mut ledger, mut found) = (Ledger::default(), std::mem::take(&mut self.likenesses));
        let done = films.advance(self.bench(), &mut ledger, &mut found);
        self.likenesses = found;
        self.desk.take(ledger);
        self.desk.progress.done = self.desk.progress.total.saturating_sub(films.left());
        if !done {
            self.phase = Phase::Films(films);
            return;
        }
        self.name();
    }

    /// Puts together what was found. What the document names and was never read whole is
    /// hashed first; decisions are known by content, so they may change what it names.
    pub(super) fn name(&mut self) {
        self.findings = self.findings();
        let groups = self.findings.groups.iter().flat_map(|group| &group.shots);
        let files = groups.flat_map(|shot| &shot.files);
        let files = files.chain(self.findings.stacks.iter().flat_map(|stack| &stack.files));
        let mut named: BTreeSet<ItemId> = files.copied().collect();
        if !self.decisions.sizes.is_empty() {
            named.extend(self.likenesses.pairs().flat_map(|(first, second)| [first, second]));
        }
        named.retain(|id| self.digests[id.0 as usize].blake3.is_none() && self.tried.insert(*id));
        if named.is_empty() {
            self.phase = Phase::Done;
            return;
        }
        self.phase = Phase::Named(Digesting::new(Ask::Blake3, named, &self.digests));
        self.enter_hashing();
    }
}

/// Whether files of this kind have a payload hash.
fn may_have_payload(kind: Kind) -> bool {
    use Kind::{Avif, Heic, Jpeg, Png, Raw, Tiff, Video, Webp};
    matches!(kind, Jpeg | Png | Webp | Heic | Avif | Tiff | Raw | Video)
}
