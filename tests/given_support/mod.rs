//! Small exports with pages of other exporters, run to their bundle in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::OnceLock;

use heirloom_core::io::Bundle;
use heirloom_core::job::Job;
use heirloom_core::plan::names;
use heirloom_core::progress::Advance;
use heirloom_core::report::Report;
use heirloom_core::settings::Settings;
use heirloom_media::disk::Made;
use heirloom_media::memory::{self, Memory};
use heirloom_media::picture::{self, Shot};
use heirloom_media::whatsapp::{self, Platform, Resampler, Sending};
use heirloom_media::{Outcome, fixture};

/// What a file of the export holds.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// The first or the second photo as WhatsApp sends it; its original is in
    /// the library.
    Photo(usize),
    /// A photo whose original is an HEIC.
    Heic,
    /// A photo without an original.
    Other,
    /// A page or any other text.
    Text(&'static str),
    /// A page in UTF-16 with its mark, low byte first.
    Wide(&'static str),
    /// A page in Latin-1.
    Latin(&'static str),
}

/// One case: an export, and what its pages become.
pub struct Given {
    pub files: Vec<(&'static str, What)>,
    /// `--html`.
    pub html: &'static [&'static str],
    /// Pages of the bundle. `{o1}`, `{o2}`, `{heic}` and `{view}` stand for the
    /// originals' places, as the page says them.
    pub want: Vec<(&'static str, &'static str)>,
}

/// What came of a run.
pub struct Came {
    pub files: BTreeMap<String, Vec<u8>>,
    pub report: Report,
}

/// Runs a case: the pages come out as wanted, and every other file of the
/// export lies at its own path with its own bytes.
#[track_caller]
pub fn check(name: &str, given: &Given) -> Came {
    let export = export(given);
    let came = run(given, &export).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (path, want) in &given.want {
        let made = came.files.get(*path);
        let made = made.unwrap_or_else(|| panic!("{name}: no {path} in {:?}", paths(&came)));
        assert_eq!(text(made), filled(want), "{name}: {path}");
    }
    let pages: Vec<&str> = given.want.iter().map(|(path, _)| *path).collect();
    let mut inside = export.iter().filter(|made| !made.path.starts_with("../"));
    let lost = inside.find(|made| {
        !pages.contains(&&*made.path) && came.files.get(&made.path) != Some(&made.bytes)
    });
    assert!(lost.is_none(), "{name}: lost {:?} of {:?}", lost.map(|made| &made.path), paths(&came));
    came
}

/// The bundle's files, for messages.
pub fn paths(came: &Came) -> Vec<&String> {
    came.files.keys().collect()
}

/// A text of the bundle; UTF-16 is shown as it reads, Latin-1 as such.
pub fn text(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(b"\xFF\xFE") {
        let units = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        return char::decode_utf16(units).map(|c| c.expect("a letter")).collect();
    }
    let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| latin())
}

/// Places of originals for their short names.
pub fn filled(text: &str) -> String {
    let place = |name: &str| names::original_path("original_media", name);
    text.replace("{o1}", &place("IMG_1.jpg"))
        .replace("{o2}", &place("IMG_2.jpg"))
        .replace("{heic}", &place("IMG_3.HEIC"))
        .replace("{view}", &names::view_path("original_media", "IMG_3.HEIC"))
}

fn export(given: &Given) -> Vec<Made> {
    let photos = photos();
    let bytes = |what: What| match what {
        What::Photo(number) => photos.sent[number - 1].clone(),
        What::Heic => photos.sent[2].clone(),
        What::Other => photos.sent[3].clone(),
        What::Text(text) => text.as_bytes().to_vec(),
        What::Wide(text) => {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            b"\xFF\xFE".iter().copied().chain(units).collect()
        }
        What::Latin(text) => text.chars().map(|c| u8::try_from(c).expect("Latin-1")).collect(),
    };
    let made = |(path, what): &(&str, What)| made(path, bytes(*what));
    given.files.iter().map(made).collect()
}

fn made(path: &str, bytes: Vec<u8>) -> Made {
    Made { path: path.to_owned(), bytes, modified: 1_735_689_600 }
}

fn run(given: &Given, export: &[Made]) -> Outcome<Came> {
    // Decoding the HEIC takes longest: only where it was sent.
    let heic = given.files.iter().any(|(_, what)| matches!(what, What::Heic));
    let library = photos().originals.iter();
    let originals = library.filter(|made| heic || !made.path.ends_with(".HEIC"));
    let settings = Settings {
        html: given.html.iter().map(|path| (*path).to_owned()).collect(),
        export_name: "export".into(),
        export_place: "w/export".into(),
        ..Settings::default()
    };
    let failed = |fatal: heirloom_core::error::Fatal| fatal.to_string();
    let mut job: Job<Memory<'_>> = memory::run(export, originals, settings).map_err(failed)?;
    let mut shelf = Shelf::default();
    while let Advance::Working(_) = job.rebuild(&mut shelf).map_err(failed)? {}
    Ok(Came { files: shelf.files, report: job.report() })
}

/// A bundle in memory.
#[derive(Default)]
struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    open: Option<(String, Vec<u8>)>,
}

impl Bundle for Shelf {
    fn begin(&mut self, path: &str, _: Option<u64>) -> io::Result<()> {
        assert!(self.open.is_none() && !self.files.contains_key(path), "{path} is written twice");
        self.open = Some((path.to_owned(), Vec::new()));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.open.as_mut().expect("an open file").1.extend_from_slice(bytes);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let (path, bytes) = self.open.take().expect("an open file");
        self.files.insert(path, bytes);
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

struct Photos {
    originals: Vec<Made>,
    sent: Vec<Vec<u8>>,
}

/// The library, and what WhatsApp made of it; made once.
fn photos() -> &'static Photos {
    static PHOTOS: OnceLock<Photos> = OnceLock::new();
    PHOTOS.get_or_init(|| make().expect("photos"))
}

fn make() -> Outcome<Photos> {
    let sending = Sending {
        long_edge: 640,
        quality: None,
        resampler: Resampler::Lanczos,
        platform: Platform::Android,
    };
    let (mut originals, mut sent) = (Vec::new(), Vec::new());
    for (name, fixture) in [("IMG_1.jpg", "photos/cat.jpg"), ("IMG_2.jpg", "photos/bridge.jpg")] {
        let whole = picture::decode(&fixture::bytes(fixture)?)?;
        let pixels = whatsapp::shrink(&whole, 1280, Resampler::Lanczos);
        let shot = Shot { camera: Some("Heirloom Testcam".into()), quality: 92, ..Shot::default() };
        originals.push(made(name, picture::camera_jpeg(&pixels, &shot)?));
        sent.push(whatsapp::send(&pixels, &sending)?);
    }
    let heic = fixture::bytes("photos/no-pets.heic")?;
    sent.push(whatsapp::send(&picture::decode(&heic)?, &sending)?);
    originals.push(made("IMG_3.HEIC", heic));
    let other = picture::decode(&fixture::bytes("photos/htc-desire.jpg")?)?;
    sent.push(whatsapp::send(&other, &sending)?);
    Ok(Photos { originals, sent })
}
