//! Measures the writing of pages: a large chat, or a large page of another
//! exporter. Prints seconds, sizes and the peak of memory.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, Subcommand};
use heirloom_core::io::{Bundle, Files};
use heirloom_core::job::{Job, Sides};
use heirloom_core::model::Entry;
use heirloom_core::progress::Advance;
use heirloom_core::settings::Settings;
use heirloom_media::big_chat::{BigChat, BigPage};
use heirloom_media::{Outcome, saying};

#[derive(Parser)]
#[command(about = "How long pages take, and how much memory")]
struct Args {
    #[command(subcommand)]
    what: What,
    /// Writes the bundle there; otherwise it is only counted.
    #[arg(long, global = true, value_name = "DIR")]
    to: Option<PathBuf>,
}

#[derive(Subcommand)]
enum What {
    /// Renders a chat.
    Chat {
        /// How many messages.
        #[arg(long, default_value_t = 250_000)]
        messages: u32,
        /// How many pictures.
        #[arg(long, default_value_t = 20_000)]
        media: u32,
    },
    /// Rewrites a page of another exporter.
    Page {
        /// Its size in megabytes.
        #[arg(long, default_value_t = 200)]
        megabytes: u64,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.what {
        What::Chat { messages, media } => {
            BigChat::new(messages, media).and_then(|chat| measure(chat.entries(), chat, args.to))
        }
        What::Page { megabytes } => BigPage::new(megabytes * 1_000_000)
            .and_then(|page| measure(page.entries(), page, args.to)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("pages: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn measure<F: Files>(export: Vec<Entry>, files: F, folder: Option<PathBuf>) -> Outcome {
    println!("before the job     {:>7}          memory {}", "", memory());
    let mut job = Job::new(Settings::default(), Sides { export, ..Sides::default() }, files);
    let start = Instant::now();
    while let Advance::Working(_) = saying("the job", job.advance())? {}
    println!(
        "until decided      {:>7.2} s        memory {}",
        start.elapsed().as_secs_f32(),
        memory()
    );
    // From here on the peak is that of the writing.
    let forgotten = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let mut shelf = Shelf { folder, ..Shelf::default() };
    let start = Instant::now();
    while let Advance::Working(_) = saying("writing", job.rebuild(&mut shelf))? {}
    let seconds = start.elapsed().as_secs_f32();
    let peak = if forgotten { "" } else { " (of the whole run)" };
    println!("writing            {seconds:>7.2} s        memory {}{peak}", memory());
    println!("{} files, {:.1} MB", shelf.files, shelf.bytes as f64 / 1e6);
    println!(
        "largest page       {:>7.2} MB       {}",
        shelf.largest.0 as f64 / 1e6,
        shelf.largest.1
    );
    println!("largest script     {:>7.2} MB       {}", shelf.script.0 as f64 / 1e6, shelf.script.1);
    Ok(())
}

/// Counts what is written, and writes it if there is a folder.
#[derive(Default)]
struct Shelf {
    folder: Option<PathBuf>,
    open: Option<(String, u64, Option<File>)>,
    files: u64,
    bytes: u64,
    largest: (u64, String),
    script: (u64, String),
}

impl Bundle for Shelf {
    fn begin(&mut self, path: &str, _: Option<u64>) -> io::Result<()> {
        let file = match &self.folder {
            Some(folder) => {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
                Some(File::create(path)?)
            }
            None => None,
        };
        self.open = Some((path.to_owned(), 0, file));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some((_, size, file)) = &mut self.open else { return Ok(()) };
        *size += bytes.len() as u64;
        file.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
    }

    fn end(&mut self) -> io::Result<()> {
        let Some((path, size, _)) = self.open.take() else { return Ok(()) };
        self.files += 1;
        self.bytes += size;
        if path.ends_with(".html") {
            self.largest = (size, path).max(std::mem::take(&mut self.largest));
        } else if path.ends_with(".js") {
            self.script = (size, path).max(std::mem::take(&mut self.script));
        }
        Ok(())
    }

    fn abandon(&mut self) -> io::Result<()> {
        self.open = None;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Memory now and its peak, as Linux tells them; elsewhere nothing.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    match (value("VmRSS:"), value("VmHWM:")) {
        (Some(now), Some(peak)) => format!("{} MB, peak {} MB", now / 1024, peak / 1024),
        _ => "unknown".to_owned(),
    }
}
