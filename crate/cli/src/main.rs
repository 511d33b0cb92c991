//! Heirloom on the command line: finds the original behind every small picture
//! of a chat export and writes a better copy of the chat.

mod args;
mod catalogue;
mod disk;
mod output;
mod show;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use heirloom_catalog::Catalogue;
use heirloom_core::error::Fatal;
use heirloom_core::io::Bundle;
use heirloom_core::job::Job;
use heirloom_core::progress::Advance;
use heirloom_core::rebuild::zip_stream::ZipStream;
use heirloom_core::report::Report;
use heirloom_core::settings::Settings;

use args::{Cli, Kept, Link, Task};
use disk::Inputs;
use output::{Folder, Whole};
use show::{Place, Show};

/// What ends a run, as a sentence.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let Cli { task, kept } = Cli::parse_from(args::spelled_out(std::env::args_os()));
    let done = match &task {
        Task::Link(link) => run(link, &kept),
        Task::Catalogue(task) => catalogue::upkeep(&kept, task),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("heirloom: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(link: &Link, kept: &Kept) -> Outcome {
    let (mut inputs, settings) = prepare(link)?;
    let entries = std::mem::take(&mut inputs.entries);
    let issues = std::mem::take(&mut inputs.issues);
    let mut show = if link.quiet { Show::Quiet } else { Show::on_stderr() };
    let mut job = Job::new(settings, entries, &inputs);
    issues.into_iter().for_each(|issue| job.note(issue));
    let catalogue = remember(link, kept, &mut job);
    while let Advance::Working(progress) = job.advance().map_err(|fatal| fatal.to_string())? {
        show.progress(&progress);
    }
    let place = save(link, &inputs, &mut job, &mut show)?;
    show.done();
    let report = job.report();
    if let Some(catalogue) = catalogue {
        let bundle = link.zip.clone().or_else(|| bundle_folder(link)).filter(|_| !link.dry_run);
        let bundle = bundle.map(|path| path.display().to_string());
        catalogue::note_run(&catalogue, &link.export_media_dir, bundle, &report);
        catalogue.trouble().iter().for_each(|sentence| say(link, sentence));
    }
    tell(link, &report, &place)
}

/// Lends the job what earlier runs learnt, where that can be had.
fn remember(link: &Link, kept: &Kept, job: &mut Job<&Inputs>) -> Option<Catalogue> {
    let apart = |path: &Path| outside(path, link);
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
        output.map_or(Ok(()), |output| keep_apart(&output, link))?;
    }
    let pages = link.html.iter().map(|page| page_of(export, page)).collect::<Outcome<_>>()?;
    let mut settings = link.settings(pages);
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

/// No catalogue inside an input.
fn outside(path: &Path, link: &Link) -> Outcome {
    let shown = path.display();
    let real = real_place(path)
        .map_err(|error| format!("the catalogue {shown} cannot be found: {error}"))?;
    let inside = inputs(link).find(|(_, known)| real.starts_with(known));
    inside.map_or(Ok(()), |(input, _)| {
        Err(format!("the catalogue {shown} lies inside the input {}", input.display()))
    })
}

/// The inputs, as they were named and where they really are.
fn inputs(link: &Link) -> impl Iterator<Item = (&PathBuf, PathBuf)> {
    let named = link.original_media_dir.iter().chain(std::iter::once(&link.export_media_dir));
    named.filter_map(|input| Some((input, std::fs::canonicalize(input).ok()?)))
}

/// No output inside an input, no input inside an output.
fn keep_apart(output: &Path, link: &Link) -> Outcome {
    let real = real_place(output)
        .map_err(|error| format!("the output {} cannot be found: {error}", output.display()))?;
    for (input, known) in inputs(link) {
        if real.starts_with(&known) {
            let (output, input) = (output.display(), input.display());
            return Err(format!(
                "the output {output} lies inside the input {input}; choose another place"
            ));
        }
        if known.starts_with(&real) {
            let (output, input) = (output.display(), input.display());
            return Err(format!(
                "the input {input} lies inside the output {output}; choose another place"
            ));
        }
    }
    Ok(())
}

/// The real place of a path whose last parts may not exist yet.
fn real_place(path: &Path) -> io::Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut known = whole.as_path();
    loop {
        if let Ok(real) = std::fs::canonicalize(known) {
            return Ok(missing.iter().rev().fold(real, |place, name| place.join(name)));
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                known = parent;
            }
            _ => return Ok(whole),
        }
    }
}

/// The path of a page inside the export.
fn page_of(export: &Path, page: &Path) -> Outcome<String> {
    if export.is_file() {
        return Ok(page.to_string_lossy().into_owned());
    }
    let inside = || -> Option<PathBuf> {
        let (page, export) =
            (std::fs::canonicalize(page).ok()?, std::fs::canonicalize(export).ok()?);
        page.strip_prefix(export).ok().map(Path::to_owned)
    };
    let inside = inside()
        .ok_or_else(|| format!("the page {} is not a file of the export", page.display()))?;
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("/"))
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
    let mut bundle = Folder::new(&folder, inputs, link.copy_mode)?;
    write(job, &mut bundle, show)?;
    if bundle.fell_back && !link.quiet {
        eprintln!("heirloom: links are not possible here; the originals were copied");
    }
    Ok(Place::Folder(media.parent().unwrap_or(media)))
}

fn save_zip(zip: &Path, job: &mut Job<&Inputs>, show: &mut Show) -> Outcome {
    let at = zip.display();
    if zip.exists() {
        return Err(format!("{at} exists already; choose another name"));
    }
    let mut whole = Whole::new(zip).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{at}.part exists, from a run that is going on or was stopped; remove it")
        }
        _ => format!("the zip {at} cannot be written: {error}"),
    })?;
    write(job, &mut ZipStream::new(&mut whole), show)?;
    whole.publish().map_err(|error| Fatal::Output(error).to_string())
}

fn write(job: &mut Job<&Inputs>, bundle: &mut dyn Bundle, show: &mut Show) -> Outcome {
    while let Advance::Working(progress) = job.rebuild(bundle).map_err(|fatal| fatal.to_string())? {
        show.progress(&progress);
    }
    Ok(())
}

fn tell(link: &Link, report: &Report, place: &Place<'_>) -> Outcome {
    if let Some(path) = &link.write_mapping_json {
        put_whole(path, report.mapping_json.as_bytes())
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
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

fn put_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use heirloom_core::io::Sink;
    let mut whole = Whole::new(path)?;
    (&mut whole).put(bytes)?;
    whole.publish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_inside_an_input_is_refused_even_through_a_link() {
        let temp = tempfile::tempdir().unwrap();
        let chat = temp.path().join("chat");
        std::fs::create_dir(&chat).unwrap();
        let place = |text: &str| temp.path().join(text).display().to_string();
        let check = |output: &str| {
            let words = ["heirloom", "link", "--export-media-dir", &place("chat"), "--zip", output];
            let Task::Link(link) = Cli::parse_from(words).task else { panic!("not a link") };
            keep_apart(Path::new(output), &link)
        };
        assert!(check(&place("out/b.zip")).is_ok());
        assert!(check(&place("chat/new/b.zip")).unwrap_err().contains("lies inside the input"));
        assert!(
            check(&temp.path().display().to_string())
                .unwrap_err()
                .contains("lies inside the output")
        );
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&chat, temp.path().join("door")).unwrap();
            assert!(check(&place("door/b.zip")).unwrap_err().contains("lies inside the input"));
        }
    }

    #[test]
    fn the_folder_of_originals_may_have_another_name() {
        assert_eq!(originals_name(Path::new("out/photos")).unwrap(), "photos");
        for bad in ["out/media", "out/Assets", "out/..", "/"] {
            assert!(originals_name(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
