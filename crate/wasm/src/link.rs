//! The chat job, for the page.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use heirloom_core::io::Bundle;
use heirloom_core::job;
use heirloom_core::matching::Decision;
use heirloom_core::model::{ItemId, MediumId};
use heirloom_core::need::{Ability, NeedId, Reply};
use heirloom_core::rebuild::zip_stream::ZipStream;
use heirloom_core::settings::Settings;
use js_sys::Uint8Array;
use tsify::Ts;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, File};

use crate::catalogue::Catalogue;
use crate::error::Thrown;
use crate::rows::Rows;
use crate::source::{self, BrowserFiles, below_one_folder, entries};
use crate::{crossing, dto, frames, sink};

/// One run over two inputs. Lives in a worker, for files are read synchronously.
///
/// A call that panics leaves it half changed: the page ends the worker then,
/// and with it the job, which is why `AssertUnwindSafe` is true.
#[wasm_bindgen]
pub struct Job {
    core: AssertUnwindSafe<job::Job<BrowserFiles>>,
    /// Media whose match the page was told.
    told: BTreeSet<MediumId>,
    bundle: Option<AssertUnwindSafe<Box<dyn Bundle>>>,
    /// Files written to it.
    files: AssertUnwindSafe<Rc<Cell<u32>>>,
}

#[wasm_bindgen]
impl Job {
    /// A job over the files that the page found; paths and files of each side
    /// are parallel. Reads nothing yet; `watch` is asked before it does.
    ///
    /// # Errors
    /// Settings that this build does not understand, or no worker around.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn new(
        settings: Ts<dto::Settings>,
        chat_paths: Vec<String>,
        chat_files: Vec<File>,
        original_paths: Vec<String>,
        original_files: Vec<File>,
        watch: source::Watch,
    ) -> Result<Self, JsValue> {
        let mut settings = Settings::from(settings.to_rust().map_err(Thrown::from)?);
        let (export_name, chat_paths) = below_one_folder(chat_paths);
        let (_, original_paths) = below_one_folder(original_paths);
        settings.export_name = export_name;
        if cfg!(not(feature = "threads")) {
            // One file at a time: if the engine dies, it is known over which file. With
            // one thread this costs nothing.
            settings.limits.batch_bytes = 1;
        }
        let export = entries(0, chat_paths, &chat_files);
        let originals = entries(chat_files.len(), original_paths, &original_files);
        let files = BrowserFiles::new(chat_files, original_files, watch)?;
        let mut core = job::Job::new(settings, job::Sides { export, originals }, files);
        core.can(Ability::Frames); // Every page has a player.
        Ok(Self {
            core: AssertUnwindSafe(core),
            told: BTreeSet::new(),
            bundle: None,
            files: AssertUnwindSafe(Rc::default()),
        })
    }

    /// Lends the job what earlier visits knew, before its first batch. What is
    /// new, and every answer, is noted at once.
    pub fn remember(&mut self, catalogue: &Catalogue) {
        self.core.remember(Box::new(catalogue.shared()));
    }

    /// Does one batch (about 100 ms) of collect, examine or matching, or of noting
    /// answers once all is decided. What it needs then, it asks for again until it
    /// has a reply.
    ///
    /// # Errors
    /// `no-chat`: there is nothing to work on.
    pub fn advance(&mut self) -> Result<Ts<dto::Batch>, JsValue> {
        let advance = self.core.advance().map_err(Thrown::from)?;
        crossing(&dto::Batch::new(advance, self.core.progress()))
    }

    /// Answers a question for frames: one for each moment that was asked for, in
    /// their order. A number that nothing is asked under is left aside.
    #[wasm_bindgen(js_name = supplyFrames)]
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn supply_frames(&mut self, id: u32, frames: Vec<frames::VideoFrames>) {
        let shown = frames.iter().map(Into::into).collect();
        self.core.supply(NeedId(id), Reply::Frames(shown));
    }

    /// Answers any question: what was asked for cannot be had.
    #[wasm_bindgen(js_name = supplyNothing)]
    pub fn supply_nothing(&mut self, id: u32) {
        self.core.supply(NeedId(id), Reply::Nothing);
    }

    /// The pairs matched since the last call.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn found(&mut self) -> Result<Vec<Ts<dto::Row>>, JsValue> {
        let pairings = self.core.pairings().iter();
        let matched = pairings.filter(|one| one.decision == Decision::Matched);
        let fresh: Vec<_> = matched.filter(|one| !self.told.contains(&one.medium)).collect();
        let rows = fresh.iter().map(|one| crossing(&self.rows().row(one)));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let media: Vec<MediumId> = fresh.iter().map(|one| one.medium).collect();
        self.told.extend(media);
        Ok(rows)
    }

    /// Everything decided, with the answers given so far.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn review(&self) -> Result<Ts<dto::Review>, JsValue> {
        let counts = dto::Counts::from(self.core.counts());
        let pairings = self.core.pairings().iter();
        let decided = pairings.filter_map(|one| self.core.pairing(one.medium));
        crossing(&dto::Review {
            chat: self.rows().chat(),
            images: counts.images,
            videos: counts.videos,
            others: counts.others,
            offsets: self.core.matches().offsets.iter().map(|one| (*one).into()).collect(),
            rows: decided.map(|one| self.rows().row(&one)).collect(),
            issues: self.core.issues().iter().map(Into::into).collect(),
        })
    }

    /// Records the user's decision on one medium; `undefined` takes it back. It is
    /// noted when [`Job::advance`] says that it is done.
    ///
    /// # Errors
    /// `item`: there is no such medium or original.
    pub fn answer(&mut self, medium: u32, answer: Option<Ts<dto::Answer>>) -> Result<(), JsValue> {
        let answer = answer.map(|answer| answer.to_rust()).transpose().map_err(Thrown::from)?;
        if medium as usize >= self.core.export().media.len() {
            return Err(Thrown::no_such("medium", medium).into());
        }
        if let Some(dto::Answer::Pick { item } | dto::Answer::Reveal { item }) = answer
            && (self.core.export().holds(ItemId(item))
                || self.core.library().get(ItemId(item)).is_none())
        {
            return Err(Thrown::no_such("file", item).into());
        }
        self.core.answer(MediumId(medium), answer.map(Into::into));
        Ok(())
    }

    /// One row as the answers stand.
    ///
    /// # Errors
    /// `item`: there is no such medium.
    pub fn row(&self, medium: u32) -> Result<Ts<dto::Row>, JsValue> {
        let pairing = self.core.pairing(MediumId(medium));
        let pairing = pairing.ok_or_else(|| Thrown::no_such("medium", medium))?;
        crossing(&self.rows().row(&pairing))
    }

    /// How many media came to what, as the answers stand.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn counts(&self) -> Result<Ts<dto::Counts>, JsValue> {
        crossing(&dto::Counts::from(self.core.counts()))
    }

    /// A JPEG of a picture for the screen, its long edge at most `long_edge`.
    ///
    /// # Errors
    /// `item`: the file cannot be read or decoded.
    pub fn preview(&self, item: u32, long_edge: u32) -> Result<Uint8Array, JsValue> {
        self.item(item)?;
        let bytes = self.core.preview(ItemId(item), long_edge);
        let bytes = bytes.map_err(|problem| Thrown::about(item, &problem))?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    /// The file itself, or its slice of the zip; see [`Job::is_deflated`].
    ///
    /// # Errors
    /// `item`: there is no such file.
    pub fn blob(&self, item: u32) -> Result<Blob, JsValue> {
        let blob = self.core.files().blob(self.item(item)?);
        Ok(blob.ok_or_else(|| Thrown::no_such("file", item))?)
    }

    /// Whether [`Job::blob`] must still be inflated.
    ///
    /// # Errors
    /// `item`: there is no such file.
    #[wasm_bindgen(js_name = isDeflated)]
    pub fn is_deflated(&self, item: u32) -> Result<bool, JsValue> {
        Ok(source::is_deflated(self.item(item)?))
    }

    /// Chooses what is in the bundles to come: the sender whose bubbles stand
    /// on the right, and what becomes of HEIC originals.
    ///
    /// # Errors
    /// Choices that this build does not understand.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn choose(&mut self, choices: Ts<dto::BundleChoices>) -> Result<(), JsValue> {
        let choices = choices.to_rust().map_err(Thrown::from)?;
        self.core.reopen();
        self.core.show_as_me(choices.me);
        self.core.show_heic_as(choices.heic.into());
        Ok(())
    }

    /// Prepares writing the bundle as a zip. Another bundle may follow.
    #[wasm_bindgen(js_name = saveToZip)]
    pub fn save_to_zip(&mut self, sink: sink::ByteSink) {
        self.save_to(ZipStream::new(sink::ToBytes(sink)));
    }

    /// Prepares writing the bundle into a folder, as [`Job::save_to_zip`].
    #[wasm_bindgen(js_name = saveToFolder)]
    pub fn save_to_folder(&mut self, sink: sink::FolderSink) {
        self.save_to(sink::ToFolder(sink));
    }

    /// Files written to the last bundle so far.
    #[wasm_bindgen(getter, js_name = filesWritten)]
    #[must_use]
    pub fn files_written(&self) -> u32 {
        self.files.get()
    }

    /// Writes one batch of the bundle (a few megabytes).
    ///
    /// # Errors
    /// `output`: the sink refused. `too-early`: nothing is decided yet, or no
    /// place to save to was given.
    #[wasm_bindgen(js_name = saveStep)]
    pub fn save_step(&mut self) -> Result<Ts<dto::Batch>, JsValue> {
        let bundle = self.bundle.as_deref_mut();
        let bundle = bundle.ok_or_else(|| Thrown::too_early("choosing where to save"))?;
        let advance = self.core.rebuild(&mut **bundle).map_err(Thrown::from)?;
        crossing(&dto::Batch::new(advance, self.core.progress()))
    }

    /// Remembers the bundle that was just written; `when` is the page's clock,
    /// in milliseconds since 1970.
    #[wasm_bindgen(js_name = noteRun)]
    pub fn note_run(&self, catalogue: &Catalogue, when: f64, bundle: Option<String>) {
        let counts = self.core.counts();
        #[allow(clippy::cast_possible_truncation)] // Seconds are far below 2^53.
        let when = (when / 1000.0).floor() as i64;
        catalogue.shared().note_run(&heirloom_catalog::Run {
            when,
            chat: self.rows().chat().title,
            bundle,
            exported: counts.images.exported + counts.videos.exported,
            matched: counts.images.matched + counts.videos.matched,
        });
    }

    /// What went wrong with single files, the last bundle's included.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn issues(&self) -> Result<Vec<Ts<dto::FileIssue>>, JsValue> {
        self.core.issues().iter().map(|issue| crossing(&dto::FileIssue::from(issue))).collect()
    }
}

impl Job {
    fn save_to(&mut self, bundle: impl Bundle + 'static) {
        self.core.reopen();
        self.files.set(0);
        let files = Rc::clone(&self.files);
        self.bundle = Some(AssertUnwindSafe(Box::new(sink::Counted { bundle, files })));
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            library: self.core.library(),
            export: self.core.export(),
            features: self.core.features(),
            answers: self.core.answers(),
        }
    }

    fn item(&self, item: u32) -> Result<&heirloom_core::model::Item, Thrown> {
        let found = self.core.library().get(ItemId(item));
        found.ok_or_else(|| Thrown::no_such("file", item))
    }
}
