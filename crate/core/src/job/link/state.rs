//! The chat job between two calls: what is known, and what is being done.

use std::collections::VecDeque;

use super::hashing::{Hashing, Left, Recalling};
use super::looking::Looking;
use super::reporting::Reporting;
use crate::collect::{self, Collector, Export, Library};
use crate::error::{Issue, Problem};
use crate::examine;
use crate::io::Files;
use crate::job::desk::Desk;
use crate::job::examiner::Examiner;
use crate::matching::{Matcher, Matches, Pairing};
use crate::memory::Memory;
use crate::model::{Entry, Features, ItemId, MediumId};
use crate::need::Ability;
use crate::plan::{self, Answer, Answers, Plan};
use crate::progress::Progress;
use crate::rebuild::Rebuilder;
use crate::report::{self, Report};
use crate::settings::{HeicView, Settings};

/// The two inputs: what the host found in each, in any order. Behind [`Job::new`]
/// the roles are positions: the export's files are the first of the library.
#[derive(Debug, Clone, Default)]
pub struct Sides {
    /// The chat export: text or HTML, and small media.
    pub export: Vec<Entry>,
    /// The camera roll.
    pub originals: Vec<Entry>,
}

/// One run over two inputs.
pub struct Job<F: Files> {
    pub(super) desk: Desk<F>,
    pub(super) settings: Settings,
    pub(super) library: Library,
    pub(super) export: Export,
    /// The originals, until the export's files are numbered.
    pub(super) unnumbered: Vec<Entry>,
    pub(super) features: Vec<Option<Features>>,
    pub(super) answers: Answers,
    pub(super) phase: Phase,
    pub(super) matches: Matches,
    /// Decisions that are not noted yet.
    pub(super) unnoted: VecDeque<(MediumId, Option<Answer>)>,
    pub(super) hashing: Hashing,
}

/// Where the job is; each phase owns what only it needs.
pub(super) enum Phase {
    Collect(Box<Collector>),
    Examine(Examiner),
    Matching(Box<Matcher>),
    /// Asking the memory what the user decided in earlier runs.
    Recall(Recalling),
    /// What frames of videos show.
    Look(Box<Looking>),
    /// Everything is decided; answers may come.
    Decided,
    Rebuild(Box<Rebuilder>),
    Report(Box<Reporting>),
    /// The report on the plan as it was carried out.
    Finished(Box<Report>),
}

impl<F: Files> Job<F> {
    /// A job over the files the host found. Reads nothing yet.
    #[must_use]
    pub fn new(settings: Settings, sides: Sides, files: F) -> Self {
        let total = sides.export.len() + sides.originals.len();
        let mut desk = Desk::new(files, settings.limits.clone(), total as u64);
        desk.issues.extend(collect::in_cloud(sides.export.iter().chain(&sides.originals)));
        let collector = Collector::new(sides.export, &settings);
        Self {
            desk,
            settings,
            library: Library::default(),
            export: Export::default(),
            unnumbered: sides.originals,
            features: Vec::new(),
            answers: Answers::new(),
            phase: Phase::Collect(Box::new(collector)),
            matches: Matches::default(),
            unnoted: VecDeque::new(),
            hashing: Hashing::default(),
        }
    }

    /// Lends the job what earlier runs noted, before the first batch. What is new
    /// is noted after every batch.
    pub fn remember(&mut self, memory: Box<dyn Memory>) {
        self.desk.memory = memory;
    }

    /// Says what the host can do for the job, before the first batch. It is asked
    /// for nothing else.
    pub fn can(&mut self, ability: Ability) {
        self.desk.needs.abilities.insert(ability);
    }

    pub(super) fn is_decided(&self) -> bool {
        !matches!(
            self.phase,
            Phase::Collect(_)
                | Phase::Examine(_)
                | Phase::Matching(_)
                | Phase::Recall(_)
                | Phase::Look(_)
        )
    }

    /// Adds an issue that the host met while walking the inputs.
    pub fn note(&mut self, issue: Issue) {
        self.desk.issues.push(issue);
    }

    /// Records the user's decision on one medium; `None` takes it back. It counts
    /// at once. It is noted at once if the files' contents are known; otherwise
    /// [`Job::advance`] hashes them, and is done only when it is noted.
    pub fn answer(&mut self, medium: MediumId, answer: Option<Answer>) {
        match answer {
            Some(answer) => self.answers.insert(medium, answer),
            None => self.answers.remove(&medium),
        };
        self.unnoted.push_back((medium, answer));
        self.note_answers(&mut Left::nothing());
    }

    /// Chooses what becomes of HEIC originals in the next bundle.
    pub fn show_heic_as(&mut self, heic: HeicView) {
        self.settings.heic = heic;
    }

    /// Chooses whose bubbles stand on the right in the next bundle.
    pub fn show_as_me(&mut self, sender: Option<String>) {
        self.settings.me = sender;
    }

    /// The user's decisions so far.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The plan as the answers stand, for showing it.
    #[must_use]
    pub fn plan(&self) -> Plan {
        plan::plan(
            &self.library,
            &self.export,
            &self.features,
            &self.matches.pairings,
            &self.answers,
            &self.settings,
        )
    }

    /// The report as the answers stand (also for `--dry-run`).
    #[must_use]
    pub fn report(&self) -> Report {
        match &self.phase {
            Phase::Finished(report) => (**report).clone(),
            _ => self.report_on(&self.plan()),
        }
    }

    /// Every file of both inputs.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The chat, its media and its pages.
    #[must_use]
    pub fn export(&self) -> &Export {
        &self.export
    }

    /// What was learnt about each item; parallel to [`Library::items`].
    #[must_use]
    pub fn features(&self) -> &[Option<Features>] {
        &self.features
    }

    /// Decisions so far: all of them once matching has finished.
    #[must_use]
    pub fn pairings(&self) -> &[Pairing] {
        match &self.phase {
            Phase::Matching(matcher) => matcher.so_far(),
            _ => &self.matches.pairings,
        }
    }

    /// Matching's result.
    #[must_use]
    pub fn matches(&self) -> &Matches {
        &self.matches
    }

    /// The user's choices.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How far the job is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.desk.progress
    }

    /// The input files.
    #[must_use]
    pub fn files(&self) -> &F {
        &self.desk.files
    }

    /// A JPEG of a picture for the screen, its long edge at most `long_edge`.
    ///
    /// # Errors
    /// The file cannot be read or decoded.
    pub fn preview(&self, item: ItemId, long_edge: u32) -> Result<Vec<u8>, Problem> {
        let item = &self.library[item];
        let source =
            collect::open(item, &self.desk.files).map_err(|error| Problem::reading(&error))?;
        let limits = &self.settings.limits;
        let bytes = examine::picture(&*source, limits)?;
        examine::guarded(|| examine::pixels::jpeg_view(&bytes, long_edge, limits))
    }

    pub(super) fn report_on(&self, plan: &Plan) -> Report {
        let offsets = &self.matches.offsets;
        let (library, export) = (&self.library, &self.export);
        report::report(library, export, plan, offsets, &self.desk.issues, &self.settings)
    }
}
