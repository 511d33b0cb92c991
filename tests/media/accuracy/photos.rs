//! The photos a case is made from, and what is known about them: which files
//! show one picture, and which are neighbours of one scene.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use heirloom_core::examine::{Depth, examine, gather};
use heirloom_core::model::{Features, Taken, TimeSource};
use heirloom_core::settings::Limits;
use image::DynamicImage;
use rayon::prelude::*;
use serde::Deserialize;

use super::PictureId;
use crate::disk::Made;
use crate::{Outcome, picture, saying};

/// Last change of files whose capture time is unknown: 2025-01-01 00:00 UTC.
pub const LONG_AGO: i64 = 1_735_689_600;

/// Shots of one camera within so many seconds are neighbours of one scene.
const NEIGHBOUR_S: i64 = 10;

/// Shortest long and short edge of a photo that is worth sending.
const WORTH_SENDING: (u32, u32) = (700, 400);

/// A photo of the given folders.
pub struct Photo {
    /// The file as it stands in the library.
    pub made: Made,
    /// Its pixels, upright.
    pub pixels: DynamicImage,
    /// When it was taken, on the camera's wall clock.
    pub taken: Option<i64>,
    /// Whether a camera says that it took it.
    pub camera: bool,
    /// What it shows; files that show one picture have one number.
    pub picture: PictureId,
    /// Its scene: neighbours have one number.
    pub scene: PictureId,
}

impl Photo {
    /// Whether it is large enough to be made small.
    #[must_use]
    pub fn sendable(&self) -> bool {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        width.max(height) >= WORTH_SENDING.0 && width.min(height) >= WORTH_SENDING.1
    }
}

/// What people know about photos: `tests/accuracy/pictures.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Names of files that show one picture.
    pub same: Vec<Vec<String>>,
    /// Names of files that show one scene in several shots.
    pub neighbours: Vec<Vec<String>>,
    /// Names of files that would make the truth unsure.
    pub leave_out: Vec<String>,
}

impl Known {
    /// Reads it; an unknown key is an error.
    ///
    /// # Errors
    /// The text is no such list.
    pub fn parse(text: &str) -> Outcome<Self> {
        saying("pictures.toml", toml::from_str(text))
    }
}

/// Reads all photos below the folders, in the order of their paths. Files that
/// are no pictures are left out.
///
/// # Errors
/// A folder cannot be read, or holds no photo.
pub fn load(folders: &[PathBuf], known: &Known) -> Outcome<Vec<Photo>> {
    let mut paths = Vec::new();
    for (number, folder) in folders.iter().enumerate() {
        for path in files(folder)? {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            if !known.leave_out.iter().any(|left| name.ends_with(left.as_str())) {
                paths.push((format!("DCIM/{}/{}", 100 + number, name.replace('\\', "/")), path));
            }
        }
    }
    let read = |(name, path): &(String, PathBuf)| photo(name, path);
    let photos: Vec<Option<Photo>> = paths.par_iter().map(read).collect::<Outcome<_>>()?;
    let mut photos: Vec<Photo> = photos.into_iter().flatten().collect();
    if photos.is_empty() {
        return Err("there is no photo in these folders".into());
    }
    number(&mut photos, known);
    Ok(photos)
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let listing = saying(&folder.display().to_string(), std::fs::read_dir(&folder))?;
        for path in listing.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn photo(name: &str, path: &Path) -> Outcome<Option<Photo>> {
    let bytes = saying(&path.display().to_string(), std::fs::read(path))?;
    let Ok(pixels) = picture::decode(&bytes) else { return Ok(None) };
    let features = features(name, &bytes)?;
    let camera_time =
        matches!(features.time_source, Some(TimeSource::Exif | TimeSource::Digitised));
    let zone = i64::from(features.zone_minutes.unwrap_or(0)) * 60;
    let taken = match features.taken.filter(|_| camera_time) {
        Some(Taken::Wall(seconds)) => Some(seconds),
        Some(Taken::Utc(seconds)) => Some(seconds + zone),
        _ => None,
    };
    let modified = taken.unwrap_or(LONG_AGO).max(0);
    Ok(Some(Photo {
        made: Made { path: name.to_owned(), bytes, modified },
        pixels,
        taken,
        camera: features.camera.is_some(),
        picture: PictureId(0),
        scene: PictureId(0),
    }))
}

fn features(name: &str, bytes: &[u8]) -> Outcome<Features> {
    let limits = Limits::default();
    let extract = saying(name, gather(&bytes, Depth::Head, &limits))?;
    Ok(examine(name, None, &extract, &limits).features)
}

/// Gives pictures and scenes their numbers.
fn number(photos: &mut [Photo], known: &Known) {
    let mut pictures = Groups::default();
    let mut scenes = Groups::default();
    let listed = |lists: &[Vec<String>], name: &str| {
        let holds = |list: &Vec<String>| list.iter().any(|one| one == name);
        lists.iter().position(holds).map(|at| format!("list {at}"))
    };
    let mut last: Option<(i64, String)> = None;
    let mut order: Vec<usize> = (0..photos.len()).collect();
    order.sort_by_key(|&at| (photos[at].taken, photos[at].made.path.clone()));
    for at in order {
        let photo = &photos[at];
        let name = photo.made.path.rsplit('/').next().unwrap_or_default();
        let content = format!("content {:?}", checksum(&photo.made.bytes));
        let picture = listed(&known.same, name).unwrap_or(content);
        let near = last.as_ref().zip(photo.taken);
        let near = near.filter(|((then, _), now)| now - then <= NEIGHBOUR_S);
        let scene = listed(&known.neighbours, name)
            .or(near.map(|((_, scene), _)| scene.clone()))
            .unwrap_or_else(|| format!("picture {picture}"));
        if let Some(taken) = photo.taken {
            last = Some((taken, scene.clone()));
        }
        photos[at].picture = pictures.number(picture);
        photos[at].scene = scenes.number(scene);
    }
}

/// Enough to see that two files are the same one.
fn checksum(bytes: &[u8]) -> (usize, u64) {
    let step = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    (bytes.len(), bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

#[derive(Default)]
struct Groups(BTreeMap<String, u32>);

impl Groups {
    fn number(&mut self, name: String) -> PictureId {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        PictureId(*self.0.entry(name).or_insert(next))
    }
}
