//! Heirloom on the command line: finds the original behind every small picture
//! of a chat export and writes a better copy of the chat.

mod apart;
mod args;
mod catalogue;
mod disk;
mod duplicates;
mod given;
mod output;
mod places;
mod reveal;
mod show;
mod stop;
mod trash;
mod walk;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use heirloom_catalog::Catalogue;
use heirloom_core::error::Fatal;
use heirloom_core::io::{Bundle, Sink};
use heirloom_core::job::Job;
use heirloom_core::need::Reply;
use heirloom_core::progress::{Advance, Stage};
use heirloom_core::rebuild::zip_stream::ZipStream;
use heirloom_core::report::Report;
use heirloom_core::settings::Settings;

use args::{Cli, Kept, Link, Task};
use disk::Inputs;
use output::{Folder, Whole, is_mapping};
use show::{Place, Show};

/// What ends a run, as a sentence.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    stop::listen();
    let Cli { task, kept } = Cli::parse_from(args::spelled_out(std::env::args_os()));
    let done = match &task {
        Task::Link(link) => run(link, &kept),
        Task::Duplicates(task) => duplicates::run(task, &kept),
        Task::Places(task) => places::run(task, &kept),
        Task::Catalogue(task) => catalogue::upkeep(&kept, task),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("heirloom: {sentence}");
            if stop::asked() { ExitCode::from(stop::EXIT) } else { ExitCode::FAILURE }
        }
    }
}

fn run(link: &Link, kept: &Kept) -> Outcome {
    let (mut inputs, settings) = prepare(link)?;
    let sides = std::mem::take(&mut inputs.sides);
    let issues = std::mem::take(&mut inputs.issues);
    let mut show = if link.quiet { Show::Quiet } else { Show::on_stderr() };
    let mut job = Job::new(settings, sides, &inputs);
    issues.into_iter().for_each(|issue| job.note(issue));
    let catalogue = remember(link, kept, &mut job);
    loop {
        match job.advance().map_err(|fatal| fatal.to_string())? {
            Advance::Working(progress) => {
                show.progress(&progress);
                if progress.stage == Stage::Examine {
                    reveal::are_known(&link.reveal, job.export())?;
                }
            }
            // Nobody said that this host can do what the core cannot.
            Advance::Need(id, _) => job.supply(id, Reply::Nothing),
            Advance::Done(_) => break,
        }
    }
    let idle = reveal::idle(&link.reveal, &reveal::covered(&job));
    idle.iter().for_each(|sentence| say(link, sentence));
    let place = save(link, &inputs, &mut job, &mut show)?;
    show.done();
    let report = job.report();
    if let Some(catalogue) = catalogue {
        let bundle = link.zip.clone().or_else(|| bundle_folder(link)).filter(|_| !link.dry_run);
        let bundle = bundle.map(|path| path.display().to_string());
        catalogue::note_run(&catalogue, &link.export_media_dir, bundle, &report);
        catalogue::troubles(&catalogue).for_each(|sentence| say(link, &sentence));
    }
    tell(link, &report, &place)
}

/// Lends the job what earlier runs learnt, where that can be had.
fn remember(link: &Link, kept: &Kept, job: &mut Job<&Inputs>) -> Option<Catalogue> {
    let apart = |path: &Path| apart::outside(path, job.files());
    let catalogue = catalogue::of_run(kept, apart, |sentence| say(link, sentence))?;
    job.remember(Box::new(catalogue.clone()));
    Some(catalogue)
}

/// Says what the user should know but need not act on.
fn say(link: &Link, sentence: &str) {
    if !link.quiet {
        eprintln!("heirloom: {sentence}");
    }
}

/// Checks where things are and lists the inputs.
fn prepare(link: &Link) -> Outcome<(Inputs, Settings)> {
    let mut inputs = Inputs::default();
    let export = &link.export_media_dir;
    inputs
        .add_export(export)
        .map_err(|error| format!("the export {} cannot be read: {error}", export.display()))?;
    for folder in &link.original_media_dir {
        let readable = std::fs::read_dir(folder).map(drop);
        readable.map_err(|error| {
            format!("the folder of originals {} cannot be read: {error}", folder.display())
        })?;
    }
    inputs
        .add_originals(&link.original_media_dir)
        .map_err(|error| format!("the originals cannot be read: {error}"))?;
    for output in [bundle_folder(link), link.zip.clone(), link.write_mapping_json.clone()] {
        output.map_or(Ok(()), |output| apart::keep(&output, &inputs))?;
    }
    link.write_mapping_json.as_ref().map_or(Ok(()), |path| may_replace(path, is_mapping))?;
    let pages = given::pages(&mut inputs, export, &link.html)?;
    let mut settings = link.settings(pages);
    settings.export_place = given::place(export).map(|at| given::slashed(&at)).unwrap_or_default();
    // A folder called `.` has a name, too.
    let named = export.canonicalize().ok().filter(|path| path.is_dir());
    let name = named.as_deref().and_then(Path::file_name);
    settings.export_name = name.unwrap_or_default().to_string_lossy().into_owned();
    if let Some(folder) = &link.output_media_dir {
        settings.originals_folder = originals_name(folder)?;
    }
    Ok((inputs, settings))
}

/// The bundle is the parent of the folder where the originals go.
fn bundle_folder(link: &Link) -> Option<PathBuf> {
    let parent = link.output_media_dir.as_ref()?.parent()?;
    Some(if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() })
}

/// The name of the originals' folder inside the bundle.
fn originals_name(folder: &Path) -> Outcome<String> {
    let name = folder.file_name().and_then(|name| name.to_str());
    let taken = |name: &str| ["media", "assets"].contains(&name.to_lowercase().as_str());
    match name {
        Some(name) if !taken(name) && !name.starts_with('.') => Ok(name.to_owned()),
        _ => Err(format!(
            "{} cannot be the folder of the originals: its last part must be a name, and not \
             `media` or `assets`, which the bundle uses itself",
            folder.display()
        )),
    }
}

fn save<'a>(
    link: &'a Link,
    inputs: &Inputs,
    job: &mut Job<&Inputs>,
    show: &mut Show,
) -> Outcome<Place<'a>> {
    if link.dry_run {
        return Ok(Place::Nowhere);
    }
    if let Some(zip) = &link.zip {
        save_zip(zip, job, show)?;
        return Ok(Place::Zip(zip));
    }
    let (Some(folder), Some(media)) = (bundle_folder(link), &link.output_media_dir) else {
        return Err("there is no place for the bundle".into());
    };
    stop::hold();
    let mut bundle = Folder::new(&folder, inputs, link.copy_mode)?;
    bundle.found.iter().for_each(|sentence| say(link, sentence));
    write(job, &mut bundle, show)?;
    show.done();
    if bundle.fell_back {
        say(link, "links are not possible here; the originals were copied");
    }
    show::before(&bundle.told).iter().for_each(|sentence| say(link, sentence));
    Ok(Place::Folder(media.parent().unwrap_or(media)))
}

fn save_zip(zip: &Path, job: &mut Job<&Inputs>, show: &mut Show) -> Outcome {
    let at = zip.display();
    if zip.exists() {
        return Err(format!("{at} exists already; choose another name"));
    }
    stop::hold();
    let mut whole = Whole::new(zip)?;
    write(job, &mut ZipStream::new(&mut whole), show)?;
    if zip.exists() {
        return Err(format!("{at} was made by something else meanwhile; choose another name"));
    }
    whole.publish().map_err(|error| Fatal::Output(error).to_string())
}

fn write(job: &mut Job<&Inputs>, bundle: &mut dyn Bundle, show: &mut Show) -> Outcome {
    while let Advance::Working(progress) = job.rebuild(bundle).map_err(|fatal| fatal.to_string())? {
        show.progress(&progress);
        if stop::asked() {
            return Err("stopped; what was written so far is removed".into());
        }
    }
    Ok(())
}

fn tell(link: &Link, report: &Report, place: &Place<'_>) -> Outcome {
    if let Some(path) = &link.write_mapping_json {
        put_whole(path, report.mapping_json.as_bytes(), is_mapping)?;
    }
    let text = match (link.json, link.quiet) {
        (true, _) => report.mapping_json.clone(),
        (false, true) => String::new(),
        (false, false) => show::summary(report, place),
    };
    match show::result(&text) {
        // `heirloom … | head` closes the pipe; the work is done all the same.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the result cannot be printed: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes a file whole. What is there already is written over only if it is empty
/// or, as `ours` tells, from the program.
fn put_whole(path: &Path, bytes: &[u8], ours: fn(&Path) -> bool) -> Outcome {
    may_replace(path, ours)?;
    let mut whole = Whole::new(path)?;
    let put = (&mut whole).put(bytes).and_then(|()| whole.publish());
    put.map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// Refuses a place where somebody else's file is, or a link or device.
fn may_replace(path: &Path, ours: fn(&Path) -> bool) -> Outcome {
    let Ok(meta) = std::fs::symlink_metadata(path) else { return Ok(()) };
    if meta.is_file() && (meta.len() == 0 || ours(path)) {
        return Ok(());
    }
    Err(format!(
        "{} is there already and is not from Heirloom: it is left as it is. Choose another name",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebodys_file_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
            folder.path().join(name)
        };
        for (name, text) in
            [("export.zip", "PK"), ("page.html", "<p>"), ("a.json", "{\"entries\": []}")]
        {
            let path = at(name, text);
            assert!(put_whole(&path, b"new", is_mapping).unwrap_err().contains("left as it is"));
            assert_eq!(std::fs::read_to_string(path).unwrap(), text);
        }
        for (name, text) in [("empty", ""), ("mapping.json", "{\"version\": 1, \"entries\": []}")] {
            put_whole(&at(name, text), b"new", is_mapping).unwrap();
        }
        put_whole(&folder.path().join("none.json"), b"new", is_mapping).unwrap();
    }

    #[test]
    fn the_folder_of_originals_may_have_another_name() {
        assert_eq!(originals_name(Path::new("out/photos")).unwrap(), "photos");
        for bad in ["out/media", "out/Assets", "out/..", "/"] {
            assert!(originals_name(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
