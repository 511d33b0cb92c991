//! `heirloom places …`: says what photos of one event can give each other. It changes
//! nothing.

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use heirloom_catalog::Catalogue;
use heirloom_core::job::places::{Chat, Given, Places as Job};
use heirloom_core::matching::events::Asked;
use heirloom_core::model::Entry;
use heirloom_core::plan::places::Groups;
use heirloom_core::progress::Advance;
use heirloom_core::report::places::{json, words};
use heirloom_core::settings::Settings;

use crate::args::Kept;
use crate::duplicates::{ranked, remembered};
use crate::show::{self, Show, bad, printable};
use crate::walk::Tree;
use crate::{Outcome, catalogue};

/// What `heirloom places` is told.
#[derive(Debug, Args)]
pub struct Places {
    /// The folders to look through.
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// How to look.
    #[command(flatten)]
    pub options: Options,
}

/// How to look, and how to say it.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// A chat whose messages tell when their pictures were sent: an export, as a folder or
    /// as a zip. May be given several times.
    #[arg(long, value_name = "EXPORT")]
    pub chat: Vec<PathBuf>,
    /// Most minutes between two photos of one event, and between a photo and where its
    /// place comes from.
    #[arg(long, value_name = "N", default_value_t = Asked::default().minutes)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub minutes: u32,
    /// Most metres between two places that are one.
    #[arg(long, value_name = "N", default_value_t = Asked::default().metres)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub metres: u32,
    /// A track of a receiver (GPX) that tells where the camera was. May be given several
    /// times.
    #[arg(long, value_name = "FILE.gpx")]
    pub track: Vec<PathBuf>,
    /// A camera whose clock is right: a part of its name, or its serial number. May be
    /// given several times.
    #[arg(long, value_name = "CAMERA")]
    pub lock_clock: Vec<String>,
    /// A folder whose photos are asked for their places before all others. May be given
    /// several times.
    #[arg(long, value_name = "FOLDER")]
    pub prefer: Vec<PathBuf>,
    /// Whether pictures are also looked at by a model of what they show.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Scene::Off)]
    pub scene: Scene,
    /// Leave files and folders of this name, or of this path below a folder, aside;
    /// `*` and `?` stand for letters. May be given several times.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Print GROUPS as JSON instead of the summary.
    #[arg(long)]
    pub json: bool,
    /// No progress and no summary.
    #[arg(long)]
    pub quiet: bool,
}

/// Which model looks at pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scene {
    /// None.
    Off,
}

/// `heirloom places …`
pub fn run(task: &Places, kept: &Kept) -> Outcome {
    let options = &task.options;
    let say = |sentence: &str| {
        if !options.quiet {
            eprintln!("heirloom: {sentence}");
        }
    };
    let mut tree = Tree::walk(&task.folders, &options.exclude)?;
    let given = given(&mut tree, task)?;
    let asked = asked(&tree, &given, options);
    let locked = asked.locked.clone();
    let catalogue = remembered(kept, &tree, say);
    let mut show = if options.quiet { Show::Quiet } else { Show::on_stderr() };
    let groups = found(&mut tree, given, asked, catalogue.as_ref(), &mut show)?;
    show.done();
    if let Some(catalogue) = &catalogue {
        catalogue::troubles(catalogue).for_each(|sentence| say(&sentence));
    }
    if let Some(name) = locked.iter().find(|name| !groups.has_clock(name)) {
        bad(&format!("--lock-clock {name}: no camera of these files is called so"));
    }
    tell(&groups, options)
}

/// Looks through the files of folders.
fn found(
    tree: &mut Tree,
    given: Given,
    asked: Asked,
    catalogue: Option<&Catalogue>,
    show: &mut Show,
) -> Outcome<Groups> {
    let issues = std::mem::take(&mut tree.issues);
    let mut job = Job::new(Settings::default(), asked, given, &*tree);
    issues.into_iter().for_each(|issue| job.note(issue));
    if let Some(catalogue) = catalogue {
        job.remember(Box::new(catalogue.clone()));
    }
    while let Advance::Working(progress) = job.advance().map_err(|fatal| fatal.to_string())? {
        show.progress(&progress);
    }
    Ok(job.groups())
}

fn given(tree: &mut Tree, task: &Places) -> Outcome<Given> {
    let mut chats = Vec::new();
    for chat in &task.options.chat {
        tree.add_chat(chat)?;
        let entries = std::mem::take(&mut tree.folders.chats);
        // The files of a folder come with its name before their paths, a zip alone.
        let below = |entry: Entry| match entry.path.split_once('/') {
            Some((_, path)) => Entry { path: path.to_owned(), ..entry },
            None => entry,
        };
        let name = chat.file_name().map_or_else(|| "chat".to_owned(), crate::walk::spelled);
        chats.push(Chat { name, entries: entries.into_iter().map(below).collect() });
    }
    let mut tracks = Vec::new();
    for track in &task.options.track {
        tracks.push(tree.add_file(track)?);
    }
    // The same folders, given again, are called the same in the document.
    let folder = |(root, _): &(PathBuf, String)| root.to_string_lossy().replace('\\', "/");
    let folders = tree.roots.iter().map(folder).collect();
    Ok(Given { folders, entries: std::mem::take(&mut tree.folders.entries), chats, tracks })
}

fn asked(tree: &Tree, given: &Given, options: &Options) -> Asked {
    let Scene::Off = options.scene;
    let prefer = |folder: &PathBuf| {
        let spelled = folder.to_string_lossy();
        ranked(tree, &given.entries, spelled.trim_end_matches('/'), "--prefer ")
    };
    Asked {
        minutes: options.minutes,
        metres: options.metres,
        locked: options.lock_clock.clone(),
        prefer: options.prefer.iter().map(prefer).collect(),
    }
}

fn tell(groups: &Groups, options: &Options) -> Outcome {
    let text = match (options.json, options.quiet) {
        (true, _) => json(groups),
        (false, true) => String::new(),
        (false, false) => words::summary(groups, printable),
    };
    match show::result(&text) {
        // `heirloom … | head` closes the pipe; the work is done all the same.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the result cannot be printed: {error}"))
        }
        _ => Ok(()),
    }
}
