//! `heirloom duplicates …`: finds duplicates and stacks, and says what it found. It
//! changes nothing; what a plan names goes to the trash by `trash.rs`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use heirloom_catalog::Catalogue;
use heirloom_core::job::duplicates::{Asked, Deciding, Duplicates as Job};
use heirloom_core::matching::duplicates::{Choice, Keep, List};
use heirloom_core::model::Entry;
use heirloom_core::progress::Advance;
use heirloom_core::report::duplicates::{Document, page, words};
use heirloom_core::settings::Settings;

use crate::args::Kept;
use crate::show::{self, Show, bad, printable};
use crate::trash::{self, RestoreArgs, TrashArgs};
use crate::walk::Tree;
use crate::{Outcome, catalogue};

/// What `heirloom duplicates` is told.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Duplicates {
    /// The folders to look through.
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// What to look for.
    #[command(flatten)]
    pub options: Options,
    /// What to do instead of looking.
    #[command(subcommand)]
    pub act: Option<Act>,
}

/// What to look for, and how to say it.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Only this list; may be given several times. Default: the first three.
    #[arg(long, value_enum, value_name = "LIST")]
    pub list: Vec<ListWord>,
    /// Which file to keep, before all other rules: folder=PATH, format, detail, place,
    /// date, oldest, newest or largest. May be given several times, in order.
    #[arg(long, value_name = "RULE", value_parser = keep)]
    pub keep: Vec<Keep>,
    /// A chat that shows pictures of the folders: an export or a bundle, as a folder or as
    /// a zip. What it shows is named, and the original of a bundle is never chosen
    /// against. May be given several times.
    #[arg(long, value_name = "BUNDLE|EXPORT")]
    pub chat: Vec<PathBuf>,
    /// Leave files and folders of this name, or of this path below a folder, aside;
    /// `*` and `?` stand for letters. May be given several times.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Also write a page that shows the groups; it must not lie inside a folder that is
    /// looked through.
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Print the document as JSON instead of the summary.
    #[arg(long)]
    pub json: bool,
    /// No progress and no summary.
    #[arg(long)]
    pub quiet: bool,
}

/// What to do with files.
#[derive(Debug, Subcommand)]
pub enum Act {
    /// Notes what you say about files: DIR… stack|unstack|not-a-duplicate FILE FILE…
    Decide(DecideArgs),
    /// Moves what a plan names to the trash of its folder. No file is deleted.
    Trash(TrashArgs),
    /// Puts back what lies in the trash.
    Restore(RestoreArgs),
}

/// What `heirloom duplicates decide` is told.
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// The folders, one of stack, unstack and not-a-duplicate, and the files.
    #[arg(required = true, num_args = 4.., value_name = "DIR… CHOICE FILE FILE…")]
    pub words: Vec<PathBuf>,
}

/// [`List`] as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListWord {
    /// The same bytes.
    Exact,
    /// The same picture data under other metadata.
    Payload,
    /// The same shot in another encoding.
    Shot,
    /// Shots that look alike.
    Similar,
}

impl Options {
    fn asked(&self) -> Asked {
        let list = |word: &ListWord| match word {
            ListWord::Exact => List::Exact,
            ListWord::Payload => List::Payload,
            ListWord::Shot => List::Shot,
            ListWord::Similar => List::Similar,
        };
        let mut asked = Asked { keep: self.keep.clone(), ..Asked::default() };
        if !self.list.is_empty() {
            asked.lists = self.list.iter().map(list).collect();
            asked.lists.sort_unstable();
            asked.lists.dedup();
        }
        asked
    }
}

/// Reads a rule for what is kept.
fn keep(word: &str) -> Result<Keep, String> {
    if let Some(folder) = word.strip_prefix("folder=") {
        return Ok(Keep::Folder(folder.trim_end_matches('/').to_owned()));
    }
    match word {
        "format" => Ok(Keep::Format),
        "detail" => Ok(Keep::Detail),
        "place" => Ok(Keep::Place),
        "date" => Ok(Keep::Date),
        "oldest" => Ok(Keep::Oldest),
        "newest" => Ok(Keep::Newest),
        "largest" => Ok(Keep::Largest),
        _ => Err("it is none of folder=PATH, format, detail, place, date, oldest, newest and \
                  largest"
            .into()),
    }
}

/// `heirloom duplicates …`
pub fn run(task: &Duplicates, kept: &Kept) -> Outcome {
    match &task.act {
        None => look(task, kept),
        Some(Act::Decide(args)) => decide(&args.words, kept),
        Some(Act::Trash(args)) => trash::trash(args, kept),
        Some(Act::Restore(args)) => trash::restore(args, kept),
    }
}

fn look(task: &Duplicates, kept: &Kept) -> Outcome {
    let options = &task.options;
    let say = |sentence: &str| {
        if !options.quiet {
            eprintln!("heirloom: {sentence}");
        }
    };
    let mut tree = Tree::walk(&task.folders, &options.exclude)?;
    for chat in &options.chat {
        tree.add_chat(chat)?;
    }
    options.report.as_deref().map_or(Ok(()), |page| is_outside(page, &tree))?;
    let catalogue = remembered(kept, &tree, say);
    let mut show = if options.quiet { Show::Quiet } else { Show::on_stderr() };
    let document = found(&mut tree, options.asked(), catalogue.as_ref(), &mut show)?;
    show.done();
    if let Some(catalogue) = &catalogue {
        catalogue::troubles(catalogue).for_each(|sentence| say(&sentence));
    }
    options.report.as_deref().map_or(Ok(()), |page| write_page(page, &document, &tree))?;
    tell(&document, options)
}

/// Looks through the files of folders.
pub fn found(
    tree: &mut Tree,
    mut asked: Asked,
    catalogue: Option<&Catalogue>,
    show: &mut Show,
) -> Outcome<Document> {
    for rule in &mut asked.keep {
        if let Keep::Folder(folder) = rule {
            *folder = ranked(tree, &tree.folders.entries, folder, "--keep folder=");
        }
    }
    let folders = std::mem::take(&mut tree.folders);
    let issues = std::mem::take(&mut tree.issues);
    let mut job = Job::new(Settings::default(), asked, folders, &*tree);
    issues.into_iter().for_each(|issue| job.note(issue));
    if let Some(catalogue) = catalogue {
        job.remember(Box::new(catalogue.clone()));
    }
    while let Advance::Working(progress) = job.advance().map_err(|fatal| fatal.to_string())? {
        show.progress(&progress);
    }
    Ok(job.document())
}

/// A folder that the user ranked, as the document spells it; `asked` is the option. One that holds nothing ends
/// the program: it is a slip, and would rank nothing.
pub fn ranked(tree: &Tree, entries: &[Entry], folder: &str, asked: &str) -> String {
    let spelled = in_document(tree, folder);
    let below = |path: &str| path.strip_prefix(&spelled).is_some_and(|rest| rest.starts_with('/'));
    if !spelled.is_empty() && !entries.iter().any(|entry| below(&entry.path)) {
        bad(&format!("{asked}{folder}: none of the files lies there"));
    }
    spelled
}

/// A folder as the document spells it, given so or as it lies on the disk.
fn in_document(tree: &Tree, folder: &str) -> String {
    let Ok(real) = std::fs::canonicalize(folder) else { return folder.to_owned() };
    let below = |(root, prefix): &(PathBuf, String)| {
        let below = real.strip_prefix(root).ok()?;
        let parts: Vec<String> = below.iter().map(crate::walk::spelled).collect();
        Some(format!("{prefix}{}", parts.join("/")).trim_end_matches('/').to_owned())
    };
    tree.roots.iter().find_map(below).unwrap_or_else(|| folder.to_owned())
}

/// What earlier runs learnt, where that can be had.
pub fn remembered(kept: &Kept, tree: &Tree, say: impl Fn(&str)) -> Option<Catalogue> {
    let apart = |path: &Path| is_outside(path, tree);
    catalogue::of_run(kept, apart, say)
}

/// Refuses a place inside a folder that is looked through.
fn is_outside(path: &Path, tree: &Tree) -> Outcome {
    let real = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = real.ancestors().find_map(|place| std::fs::canonicalize(place).ok());
    let around = existing.and_then(|place| tree.around(&place));
    around.map_or(Ok(()), |folder| {
        Err(format!("{} lies inside the folder {}", path.display(), folder.display()))
    })
}

/// Writes the page for people.
fn write_page(path: &Path, document: &Document, tree: &Tree) -> Outcome {
    let place = |file: &str| {
        let place = tree.place(file)?.to_str()?.replace('\\', "/");
        let slash = if place.starts_with('/') { "" } else { "/" };
        Some(format!("file://{slash}{}", page::address(&place)))
    };
    let text = page::page(document, &place);
    crate::put_whole(path, text.as_bytes(), is_page)
}

/// Whether a file is a page that an earlier run wrote.
fn is_page(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.contains(page::MARK))
}

fn tell(document: &Document, options: &Options) -> Outcome {
    let text = match (options.json, options.quiet) {
        (true, _) => words::json(document),
        (false, true) => String::new(),
        (false, false) => words::summary(document, printable),
    };
    match show::result(&text) {
        // `heirloom … | head` closes the pipe; the work is done all the same.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the result cannot be printed: {error}"))
        }
        _ => Ok(()),
    }
}

/// `heirloom duplicates decide DIR… CHOICE FILE FILE…`
fn decide(words: &[PathBuf], kept: &Kept) -> Outcome {
    let choice = |word: &PathBuf| match word.to_str()? {
        "stack" => Some(Choice::Stack),
        "unstack" => Some(Choice::Unstack),
        "not-a-duplicate" => Some(Choice::NotADuplicate),
        _ => None,
    };
    let place = words.iter().position(|word| choice(word).is_some());
    let usage = "say it so: heirloom duplicates decide DIR… stack|unstack|not-a-duplicate FILE \
                 FILE…";
    let place = place.filter(|&place| place > 0 && words.len() - place > 2).ok_or(usage)?;
    let Some(choice) = choice(&words[place]) else { return Err(usage.into()) };
    let tree = Tree::walk(&words[..place], &[])?;
    let mut paths = Vec::new();
    for named in &words[place + 1..] {
        let known = tree.known(named).ok_or_else(|| {
            format!("{} is no file of these folders", printable(&named.to_string_lossy()))
        })?;
        paths.push(tree.entry_of(&known));
    }
    let catalogue = remembered(kept, &tree, |sentence| eprintln!("heirloom: {sentence}"));
    let catalogue = catalogue.ok_or("without a file of your decisions nothing can be noted")?;
    let mut deciding = Deciding::new(choice, &paths, &tree.folders.entries, &tree)
        .map_err(|missing| format!("these are no files of the folders: {}", missing.join(", ")))?;
    deciding.remember(Box::new(catalogue.clone()));
    while let Advance::Working(_) = deciding.advance() {}
    if let Some(issue) = deciding.issues().first() {
        return Err(format!("{}: {}", printable(&issue.path), issue.problem));
    }
    catalogue::troubles(&catalogue).next().map_or(Ok(()), Err)
}
