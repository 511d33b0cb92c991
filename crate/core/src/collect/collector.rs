//! Collecting the export, in bounded steps.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use super::archive;
use super::chat::read::read_chat;
use super::export::{Export, Medium};
use super::library::Library;
use super::media_list::Media;
use super::sources::{self, Sources};
use super::steps::{Steps, step};
use crate::error::{Fatal, Issue, Problem};
use crate::io::Files;
use crate::model::Entry;
use crate::settings::Settings;

/// The result of collecting an export.
#[derive(Debug, Default)]
pub struct Collected {
    /// The export's files.
    pub library: Library,
    /// The chat, its media and its pages.
    pub export: Export,
    /// What was wrong with single files and lines.
    pub issues: Vec<Issue>,
}

/// All of collecting.
type Work = Pin<Box<dyn Future<Output = Result<Collected, Fatal>>>>;

/// Collects in bounded steps.
pub struct Collector {
    /// `None`: it is done.
    work: Option<Work>,
    steps: Rc<Steps>,
}

impl Collector {
    /// Reads nothing yet. `entries` are the export's, in any order.
    #[must_use]
    pub fn new(entries: Vec<Entry>, settings: &Settings) -> Self {
        let steps = Rc::new(Steps::default());
        let (own, settings) = (Rc::clone(&steps), settings.clone());
        let work: Work = Box::pin(async move { collect_on(&entries, &settings, &own).await });
        Self { work: Some(work), steps }
    }

    /// Does one step: opens at most [`BATCH_FILES`](crate::io::BATCH_FILES) files (a
    /// file of a zip is opened by opening the zip), and reads at most 9 MB. A zip's
    /// directory is read in one piece, and each pass over the list of files or
    /// messages is one piece, a microsecond or so for each. `None`: there is more to
    /// do.
    ///
    /// # Errors
    /// As [`collect`]; and if it is done already.
    pub fn advance(&mut self, files: &dyn Files) -> Option<Result<Collected, Fatal>> {
        let Some(work) = &mut self.work else { return Some(Err(Fatal::NoChat)) };
        let done = step(&self.steps, work.as_mut(), files)?;
        self.work = None;
        Some(done)
    }

    /// Files looked at and parts of texts read, and how many are known of.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        self.steps.progress()
    }
}

/// Finds the chat in an export and lists its files and media, all in one call:
/// [`Collector`] does it in bounded steps.
///
/// `entries` may come in any order. Reads the chat text, the HTML pages and
/// zip directories, and the first bytes of every file.
///
/// # Errors
/// [`Fatal::NoChat`]: the export has no text, no HTML and no media.
/// [`Fatal::Locked`]: the chat is in a file that cannot be read.
pub fn collect(
    entries: &[Entry],
    files: &dyn Files,
    settings: &Settings,
) -> Result<Collected, Fatal> {
    let mut collector = Collector::new(entries.to_vec(), settings);
    loop {
        if let Some(done) = collector.advance(files) {
            return done;
        }
    }
}

/// [`collect`], as far as each step goes.
async fn collect_on(
    entries: &[Entry],
    settings: &Settings,
    steps: &Steps,
) -> Result<Collected, Fatal> {
    let mut found = sources::sources(entries, steps, &settings.limits).await;
    let chat = read_chat(&mut found, steps, settings).await;
    let mut media = Media::new(&found);
    let chat = chat.map(|parsed| media.take_chat(parsed));
    let place = place(&found, settings);
    let pages = media.take_pages(&mut found, steps, &place, &settings.html).await;
    found.tell_of_pages(&pages);
    media.take_rest();
    let copies = media.copies(&found.spent_for);
    let (media, mut issues) = media.finish(steps);
    found.issues.append(&mut issues);
    if chat.is_none() && pages.is_empty() {
        if let Some(fatal) = without_chat(&mut found, &media) {
            return Err(fatal);
        }
        if media.is_empty() {
            return Err(Fatal::NoChat);
        }
        let path = found.zip.unwrap_or_else(|| "chat export".into());
        found.issues.push(Issue { path, problem: Problem::NoChatText });
    }
    found.issues.sort_by(|a, b| a.path.cmp(&b.path));
    let files = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
    let export = Export { files, media, chat, pages, place, copies };
    let library = Library { items: found.items };
    Ok(Collected { library, export, issues: found.issues })
}

/// Why an export without a chat is of no use: the chat is in a file that cannot be
/// read, or nothing is there but packed files.
fn without_chat(found: &mut Sources, media: &[Medium]) -> Option<Fatal> {
    let name = |medium: &Medium| medium.name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let packed = media.iter().all(|medium| archive::is_archive(&name(medium)));
    let is_text = |issue: &Issue| issue.path.to_lowercase().ends_with(".txt");
    let locked = std::mem::take(&mut found.locked);
    if let Some(issue) = locked.into_iter().find(|issue| packed || is_text(issue)) {
        return Some(Fatal::Locked { path: issue.path, problem: issue.problem });
    }
    let first = media.first()?;
    let reason = packed.then(|| archive::reason(&media.iter().map(name).collect::<Vec<_>>()));
    reason.map(|problem| Fatal::Locked { path: first.name.clone(), problem })
}

/// What is known of where the export lies: its path, or its name.
fn place(found: &Sources, settings: &Settings) -> String {
    let stem = |zip: &String| zip.rsplit_once('.').map_or(zip.as_str(), |(stem, _)| stem).into();
    if !settings.export_place.is_empty() {
        return settings.export_place.clone();
    }
    found.zip.as_ref().map_or_else(|| settings.export_name.clone(), stem)
}
