//! The boundary: a thin translation between the core and the page, no decisions.
//! Each export converts, makes one call to the core, and converts back.

mod catalogue;
mod dto;
mod error;
mod rows;
mod settings;
mod sink;
mod source;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use heirloom_core::io::Bundle;
use heirloom_core::job;
use heirloom_core::matching::{Decision, Frame};
use heirloom_core::model::{Entry, FileId, ItemId, MediumId, Packing, Side, Source};
use heirloom_core::rebuild::zip_stream::ZipStream;
use heirloom_core::settings::Settings;
use js_sys::Uint8Array;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, File, ImageData};

use crate::catalogue::Catalogue;
use crate::error::Thrown;
use crate::rows::Known;
use crate::source::{BrowserFiles, length};

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// Names panics in the console. Runs by itself when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The only home of default values; the page asks instead of repeating them.
///
/// # Errors
/// Never in practice: the type has a JavaScript form.
#[wasm_bindgen(js_name = defaultSettings)]
pub fn default_settings() -> Result<Ts<dto::Settings>, JsValue> {
    crossing(&dto::Settings::from(&Settings::default()))
}

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
            // One file at a time: should the engine die over it, it is known
            // which. One thread loses nothing by it.
            settings.limits.batch_bytes = 1;
        }
        let sides = chat_paths.into_iter().zip(&chat_files).map(|one| (Side::Export, one));
        let originals = original_paths.into_iter().zip(&original_files);
        let sides = sides.chain(originals.map(|one| (Side::Originals, one)));
        let numbered = (0..).map(FileId).zip(sides);
        let entries = numbered.map(|(id, (side, (path, file)))| entry(id, side, path, file));
        let entries: Vec<Entry> = entries.collect();
        let files = BrowserFiles::new([chat_files, original_files].concat(), watch)?;
        let core = job::Job::new(settings, entries, files);
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

    /// Does one batch (about 100 ms) of collect, examine or matching.
    ///
    /// # Errors
    /// `no-chat`: there is nothing to work on.
    pub fn advance(&mut self) -> Result<Ts<dto::Batch>, JsValue> {
        let advance = self.core.advance().map_err(Thrown::from)?;
        crossing(&dto::Batch::from(advance))
    }

    /// The pairs matched since the last call.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn found(&mut self) -> Result<Vec<Ts<dto::Row>>, JsValue> {
        let pairings = self.core.pairings().iter();
        let matched = pairings.filter(|one| one.decision == Decision::Matched);
        let fresh: Vec<_> = matched.filter(|one| !self.told.contains(&one.medium)).collect();
        let rows = fresh.iter().map(|one| crossing(&self.known().row(one)));
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
            chat: self.known().chat(),
            images: counts.images,
            videos: counts.videos,
            others: counts.others,
            offsets: self.core.matches().offsets.iter().map(|one| (*one).into()).collect(),
            rows: decided.map(|one| self.known().row(&one)).collect(),
            issues: rows::issues(&self.core.issues()),
        })
    }

    /// Records the user's decision on one medium; `undefined` takes it back.
    ///
    /// # Errors
    /// `item`: there is no such medium or original.
    pub fn answer(&mut self, medium: u32, answer: Option<Ts<dto::Answer>>) -> Result<(), JsValue> {
        let answer = answer.map(|answer| answer.to_rust()).transpose().map_err(Thrown::from)?;
        let inventory = self.core.inventory();
        if medium as usize >= inventory.media.len() {
            return Err(Thrown::no_such("medium", medium).into());
        }
        if let Some(dto::Answer::Pick { item }) = answer
            && item as usize >= inventory.items.len()
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
        crossing(&self.known().row(&pairing))
    }

    /// How many media came to what, as the answers stand.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn counts(&self) -> Result<Ts<dto::Counts>, JsValue> {
        crossing(&dto::Counts::from(self.core.counts()))
    }

    /// The pairs of videos whose frames would prove or refute what time and
    /// length decided, once everything is decided.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn looks(&mut self) -> Result<Vec<Ts<dto::VideoPair>>, JsValue> {
        self.core.looks().iter().map(|look| crossing(&rows::video_pair(look))).collect()
    }

    /// Takes frames of a pair at one of its moments (0, 1, 2): the exported one,
    /// and the original's around it. Returns whether more frames could change
    /// nothing.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn look(
        &mut self,
        medium: u32,
        original: u32,
        moment: u32,
        exported: ImageData,
        originals: Vec<ImageData>,
    ) -> bool {
        let originals: Vec<Frame> = originals.iter().map(frame).collect();
        let (medium, original) = (MediumId(medium), ItemId(original));
        self.core.look(medium, original, moment as usize, &frame(&exported), &originals)
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
        let files = self.core.files();
        let nowhere = || Thrown::no_such("file", item);
        match self.item(item)?.source {
            Source::File(file) => Ok(Blob::clone(files.file(file).ok_or_else(nowhere)?)),
            #[allow(clippy::cast_precision_loss)] // A file's length is below 2^53.
            Source::Zipped { file, start, packed, .. } => {
                let zip = files.file(file).ok_or_else(nowhere)?;
                let end = start.saturating_add(packed).min(length(zip));
                zip.slice_with_f64_and_f64(start as f64, end as f64)
            }
        }
    }

    /// Whether [`Job::blob`] must still be inflated.
    ///
    /// # Errors
    /// `item`: there is no such file.
    #[wasm_bindgen(js_name = isDeflated)]
    pub fn is_deflated(&self, item: u32) -> Result<bool, JsValue> {
        let source = &self.item(item)?.source;
        Ok(matches!(source, Source::Zipped { packing: Packing::Deflated, .. }))
    }

    /// Chooses what is in the bundles to come: the sender whose bubbles stand
    /// on the right, and what becomes of HEIC originals.
    ///
    /// # Errors
    /// Choices that this build does not understand.
    #[allow(clippy::needless_pass_by_value)] // What crosses arrives owned.
    pub fn choose(&mut self, look: Ts<dto::Look>) -> Result<(), JsValue> {
        let look = look.to_rust().map_err(Thrown::from)?;
        self.core.reopen();
        self.core.show_as_me(look.me);
        self.core.show_heic_as(look.heic.into());
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
        crossing(&dto::Batch::from(advance))
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
            chat: self.known().chat().title,
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
        rows::issues(&self.core.issues()).iter().map(crossing).collect()
    }
}

impl Job {
    fn save_to(&mut self, bundle: impl Bundle + 'static) {
        self.core.reopen();
        self.files.set(0);
        let files = Rc::clone(&self.files);
        self.bundle = Some(AssertUnwindSafe(Box::new(sink::Counted { bundle, files })));
    }

    fn known(&self) -> Known<'_> {
        Known {
            inventory: self.core.inventory(),
            features: self.core.features(),
            answers: self.core.answers(),
        }
    }

    fn item(&self, item: u32) -> Result<&heirloom_core::model::Item, Thrown> {
        let found = self.core.inventory().items.get(item as usize);
        found.ok_or_else(|| Thrown::no_such("file", item))
    }
}

fn crossing<T: Tsify + serde::Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    value.into_ts().map_err(|error| Thrown::from(error).into())
}

/// The core checks that the sizes fit the bytes.
fn frame(image: &ImageData) -> Frame {
    Frame { width: image.width(), height: image.height(), rgba: image.data().0 }
}

fn entry(file: FileId, side: Side, path: String, handle: &File) -> Entry {
    // Milliseconds since 1970, whole and far below 2^53.
    #[allow(clippy::cast_possible_truncation)]
    let modified = (handle.last_modified() / 1000.0).floor() as i64;
    Entry { file, side, path, size: length(handle), modified: Some(modified) }
}

/// The page's paths begin with the name of the chosen folder; the core's are
/// below it. Files of several folders keep their folder's name.
fn below_one_folder(paths: Vec<String>) -> (String, Vec<String>) {
    let Some((name, _)) = paths.first().and_then(|path| path.split_once('/')) else {
        return (String::new(), paths);
    };
    let (name, start) = (name.to_owned(), format!("{name}/"));
    if !paths.iter().all(|path| path.starts_with(&start)) {
        return (String::new(), paths);
    }
    (name, paths.iter().map(|path| path[start.len()..].to_owned()).collect())
}
