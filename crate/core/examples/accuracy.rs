//! Counts right, wrong and missed links for pictures made small as chats make
//! them: `cargo run -p heirloom-core --example accuracy -- FOLDER…`.
//!
//! Every picture of the folders is an original, but for each sixth, which is
//! only sent. Each is sent once, with a long edge of 1600 pixels at most,
//! filters and JPEG qualities taking turns. Smaller pictures keep their size,
//! so that only a camera's data make their originals better.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use heirloom_core::collect::{Inventory, Medium, Sent};
use heirloom_core::examine::decode::jpeg_view;
use heirloom_core::examine::{Depth, examine, gather};
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::matching::{Matcher, Pairing};
use heirloom_core::memory::Nothing;
use heirloom_core::model::{Features, FileId, Item, ItemId, MediaKind, Side, Source, Taken};
use heirloom_core::settings::{Limits, Mode, Settings};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};

const FILTERS: [FilterType; 3] =
    [FilterType::Lanczos3, FilterType::Triangle, FilterType::CatmullRom];
const QUALITIES: [u8; 6] = [80, 62, 70, 75, 85, 66];
const HELD_OUT: usize = 6;

struct Memory(Vec<Vec<u8>>);

impl Files for Memory {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(self.0[file.0 as usize].clone()))
    }
}

/// A library and a chat, with the file each picture was made from.
#[derive(Default)]
struct World {
    files: Vec<Vec<u8>>,
    inventory: Inventory,
    features: Vec<Option<Features>>,
    truth: Vec<(String, bool)>,
}

impl World {
    fn add(&mut self, side: Side, path: &str, bytes: Vec<u8>) -> Option<&Features> {
        let limits = Limits::default();
        let id = ItemId(u32::try_from(self.files.len()).ok()?);
        let mut depth = if side == Side::Export { Depth::Whole } else { Depth::Head };
        let mut examined;
        loop {
            let extract = gather(&bytes, depth, &limits).ok()?;
            examined = examine(path, None, &extract, &limits);
            if examined.features.look.is_some() || depth == Depth::Whole {
                break;
            }
            depth = Depth::Whole;
        }
        let size = bytes.len() as u64;
        let source = Source::File(FileId(id.0));
        self.inventory.items.push(Item {
            id,
            side,
            path: path.into(),
            size,
            modified: None,
            source,
        });
        self.files.push(bytes);
        self.features.push(Some(examined.features));
        self.features.last()?.as_ref()
    }

    fn send(&mut self, name: &str, held: bool, bytes: Vec<u8>, wall: i64) {
        let item = ItemId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        if self.add(Side::Export, &format!("{name}.sent.jpg"), bytes).is_none() {
            return;
        }
        self.truth.push((name.to_owned(), held));
        self.inventory.media.push(Medium {
            name: name.to_owned(),
            item: Some(item),
            kind: MediaKind::Image,
            sent: Some(Sent { wall, span: 1 }),
            message: None,
        });
    }
}

/// The picture as a chat sends it, by turns.
fn sent(bytes: &[u8], turn: usize) -> Option<Vec<u8>> {
    let limits = Limits::default();
    let view = jpeg_view(bytes, 3200, &limits).ok()?;
    let picture = image::load_from_memory(&view).ok()?.into_rgb8();
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    let edge = 1600.min(longest);
    let scaled = |side: u32| ((side * edge + longest / 2) / longest).max(1);
    let small = resize(&picture, scaled(width), scaled(height), FILTERS[turn % 3]);
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITIES[turn % 6])
        .encode(small.as_raw(), small.width(), small.height(), ExtendedColorType::Rgb8)
        .ok()?;
    Some(out)
}

fn world(paths: &[PathBuf]) -> World {
    let mut world = World::default();
    for (turn, path) in paths.iter().enumerate() {
        let Ok(bytes) = std::fs::read(path) else { continue };
        let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into());
        let held = turn % HELD_OUT == 3;
        let mut wall = 1_700_000_000 + i64::try_from(turn).unwrap_or(0) * 5000;
        let small = sent(&bytes, turn);
        if !held {
            let taken = world.add(Side::Originals, &name, bytes).and_then(|known| known.taken);
            if let Some(Taken::Wall(taken) | Taken::Utc(taken)) = taken {
                wall = taken + 300;
            }
        }
        if let Some(small) = small {
            world.send(&name, held, small, wall);
        }
    }
    world
}

fn run(world: &World, settings: &Settings) -> Vec<Pairing> {
    let files = Memory(world.files.clone());
    let mut matcher = Matcher::new(&world.inventory, &world.features, settings);
    let mut issues = Vec::new();
    while !matcher
        .advance(&world.inventory, &world.features, &files, &Nothing, settings, &mut issues)
        .finished
    {}
    issues.iter().for_each(|issue| println!("issue: {}: {}", issue.path, issue.problem));
    let matches = matcher.into_matches();
    println!("offsets: {:?}", matches.offsets);
    matches.pairings
}

/// Files that show one picture, as far as the corpus is known to hold them.
fn family(name: &str) -> &str {
    const BRIDGE: [&str; 7] = [
        "aaa-orig.jpg",
        "blur-a-little.jpg",
        "high-contrast.jpg",
        "shrink-a-little.jpg",
        "shrink-a-lot.jpg",
        "CMYK.jpg",
        "square-256x256.jpg",
    ];
    if BRIDGE.contains(&name) {
        return "bridge";
    }
    match name.rsplit_once('_') {
        Some((stem @ ("Landscape" | "Portrait"), _)) => stem,
        _ => name,
    }
}

fn verdict(world: &World, pairing: &Pairing) -> String {
    let (truth, held) = &world.truth[pairing.medium.0 as usize];
    let linked = pairing.original.map(|id| world.inventory.items[id.0 as usize].path.as_str());
    let also = pairing.also.iter().map(|id| world.inventory.items[id.0 as usize].path.as_str());
    match linked {
        Some(linked) if linked == truth => "right".into(),
        Some(linked) if family(linked) == family(truth) => {
            if also.into_iter().any(|path| path == truth) { "right".into() } else { "copy".into() }
        }
        Some(_) => "WRONG".into(),
        None if *held => format!("held out: {}", pairing.decision.name()),
        None => format!("missed: {}", pairing.decision.name()),
    }
}

fn main() {
    let mut paths: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter_map(|folder| std::fs::read_dir(Path::new(&folder)).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .collect();
    paths.sort();
    let world = world(&paths);
    for mode in [Mode::Strict, Mode::Balanced, Mode::Loose] {
        let settings = Settings { mode, ..Settings::default() };
        let mut counts = BTreeMap::<String, u32>::new();
        println!("== {}", mode.name());
        for pairing in run(&world, &settings) {
            let verdict = verdict(&world, &pairing);
            let name = &world.truth[pairing.medium.0 as usize].0;
            if verdict != "right" || mode == Mode::Balanced {
                println!("{verdict:24} {name}: {}", pairing.reason);
            }
            *counts.entry(verdict).or_default() += 1;
        }
        println!("{} {counts:?}", mode.name());
    }
}
