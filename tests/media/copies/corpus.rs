//! The folder: given photos, their copies, bursts, retakes and films.

use std::collections::BTreeSet;
use std::path::Path;

use image::DynamicImage;
use rayon::prelude::*;

use super::decoys::Scene;
use super::makers::{self, Original};
use super::tools::Tools;
use super::{Draft, File, Near, clips};
use crate::accuracy::PictureId;
use crate::accuracy::dice::Dice;
use crate::accuracy::films::Films;
use crate::accuracy::photos::Photo;
use crate::accuracy::studio::{EVERY, START, Studio, Tile, camera_file, made_picture};
use crate::disk::{self, Made};
use crate::{Outcome, saying};

/// How much is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Another number makes another folder.
    pub seed: u64,
    /// Most pictures of which copies are made.
    pub pictures: usize,
    /// Copies of each kind of each of them.
    pub each: u32,
    /// Most bursts, and as many scenes with retakes.
    pub scenes: usize,
    /// Lengths of films, with a few films each.
    pub lengths: usize,
}

/// The name of the folder with the files; beside it lies the truth.
pub const FILES: &str = "files";

/// The truth, which marks a folder that may be cleared.
const TRUTH: &str = "truth.tsv";

/// Makes the folder anew; what an earlier call made there is cleared.
///
/// # Errors
/// The folder holds something else, a file cannot be made, or the disk refuses.
pub fn make(photos: &[Photo], sizes: Sizes, tools: &Tools, folder: &Path) -> Outcome<Vec<File>> {
    clear(folder)?;
    let root = folder.join(FILES);
    let studio = Studio {
        photos,
        seed: sizes.seed,
        name: "copies",
        count: 0,
        ffmpeg: tools.ffmpeg.as_deref(),
    };
    let plan = Plan::of(&studio, sizes);
    let keep = |drafts: Vec<Draft>| keep(&root, drafts);
    let mut files = keep(plan.given(photos))?;
    let scenes: Vec<Vec<File>> = plan
        .scenes
        .par_iter()
        .map(|(at, near, tile)| {
            let scene = Scene { photos, tile, at: *at, near: *near };
            keep(scene.shots(&mut studio.dice(&format!("scene {at}")))?)
        })
        .collect::<Outcome<_>>()?;
    let copies: Vec<Vec<File>> = plan
        .sources
        .par_iter()
        .map(|source| {
            let mut dice = studio.dice(&format!("copies of {}", source.id().0));
            keep(source.drafts(photos, sizes.each, tools, &mut dice)?)
        })
        .collect::<Outcome<_>>()?;
    files.extend(scenes.into_iter().chain(copies).flatten());
    files.extend(keep(films(&studio, sizes, tools)?)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(two) = files.windows(2).find(|two| two[0].path == two[1].path) {
        return Err(format!("two files are called {}", two[0].path));
    }
    write_truth(folder, &files)?;
    Ok(files)
}

fn clear(folder: &Path) -> Outcome {
    let name = folder.display().to_string();
    if folder.join(TRUTH).exists() {
        saying(&name, std::fs::remove_dir_all(folder))?;
    }
    let is_empty = saying(&name, std::fs::create_dir_all(folder).and_then(|()| folder.read_dir()))?
        .next()
        .is_none();
    if !is_empty {
        return Err(format!("{name} holds something else"));
    }
    saying(&name, std::fs::write(folder.join(TRUTH), "in the making\n"))
}

fn keep(root: &Path, drafts: Vec<Draft>) -> Outcome<Vec<File>> {
    let mut files = Vec::new();
    for draft in drafts {
        disk::write(root, &[draft.made])?;
        files.push(draft.file);
    }
    Ok(files)
}

fn write_truth(folder: &Path, files: &[File]) -> Outcome {
    let line = |file: &File| {
        let kind = file.kind.map_or("-", |kind| kind.name());
        format!("{}\t{}\t{kind}\t{}\n", file.path, file.picture.0, file.note)
    };
    let text: String = files.iter().map(line).collect();
    saying(TRUTH, std::fs::write(folder.join(TRUTH), text))
}

fn films(studio: &Studio<'_>, sizes: Sizes, tools: &Tools) -> Outcome<Vec<Draft>> {
    let Some(program) = tools.ffmpeg.as_deref() else { return clips::of_fixtures() };
    let films = Films::new(program, studio.name)?;
    let tiles = studio.tiles();
    let numbers: Vec<usize> = (0..sizes.lengths).collect();
    let one = |&at: &usize| {
        let mut dice = studio.dice(&format!("film {at}"));
        clips::filmed(&films, at, (studio.photos, &tiles), &mut dice)
    };
    let drafts: Vec<Vec<Draft>> = numbers.par_iter().map(one).collect::<Outcome<_>>()?;
    Ok(drafts.into_iter().flatten().collect())
}

/// What a picture with copies is made from.
enum Source {
    /// A given photo, as it is.
    Photo(usize, PictureId),
    /// A part of one, as a camera's file.
    Part(usize, Tile),
}

/// Which photo serves for what. Half of them are given as they are; of the others parts
/// are used, and they themselves are not in the folder.
struct Plan {
    sources: Vec<Source>,
    scenes: Vec<(usize, Near, Tile)>,
    /// Pictures that must not be in the folder.
    hidden: BTreeSet<PictureId>,
}

impl Plan {
    fn of(studio: &Studio<'_>, sizes: Sizes) -> Self {
        let photos = studio.photos;
        let tiles = studio.tiles();
        let hidden: BTreeSet<PictureId> =
            tiles.iter().map(|tile| photos[tile.photo].picture).collect();
        let mut seen = hidden.clone();
        let mut sources: Vec<Source> = studio
            .senders()
            .into_iter()
            .filter(|&at| seen.insert(photos[at].picture))
            .map(|at| Source::Photo(at, photos[at].picture))
            .collect();
        // As many scenes as parts allow when every third serves for pictures.
        let scenes = (2 * sizes.scenes).min(tiles.len() * 2 / 3);
        let near = |at: usize| if at.is_multiple_of(2) { Near::Burst } else { Near::Retake };
        let used = tiles.iter().take(scenes).enumerate();
        let scenes: Vec<_> = used.map(|(at, tile)| (at, near(at), *tile)).collect();
        let rest = tiles.iter().enumerate().skip(scenes.len());
        sources.extend(rest.map(|(at, tile)| Source::Part(at, *tile)));
        sources.truncate(sizes.pictures);
        Self { sources, scenes, hidden }
    }

    /// The given photos that may be there.
    fn given(&self, photos: &[Photo]) -> Vec<Draft> {
        let is_there = |photo: &&Photo| !self.hidden.contains(&photo.picture);
        let draft = |photo: &Photo| {
            let draft = Draft::new(photo.made.clone(), photo.picture, None, "as it is".into());
            draft.near(Near::Given, photo.scene)
        };
        photos.iter().filter(is_there).map(draft).collect()
    }
}

impl Source {
    fn id(&self) -> PictureId {
        match self {
            Self::Photo(_, id) => *id,
            Self::Part(at, _) => made_picture(*at, 0),
        }
    }

    /// Its copies, and the original if that is not there yet.
    fn drafts(
        &self,
        photos: &[Photo],
        each: u32,
        tools: &Tools,
        dice: &mut Dice,
    ) -> Outcome<Vec<Draft>> {
        match self {
            Self::Photo(at, picture) => {
                let Photo { made, pixels, taken, scene, .. } = &photos[*at];
                let original = Original { made, pixels, picture: *picture, taken: *taken };
                let copies = makers::copies(&original, each, tools, dice)?;
                Ok(copies.into_iter().map(|copy| copy.near(Near::Given, *scene)).collect())
            }
            Self::Part(at, tile) => {
                let (pixels, made, taken) = part(photos, *at, tile, dice)?;
                let original = Original {
                    made: &made,
                    pixels: &pixels,
                    picture: self.id(),
                    taken: Some(taken),
                };
                let mut drafts = makers::copies(&original, each, tools, dice)?;
                let note = format!("a part of {}", photos[tile.photo].made.path);
                drafts.push(Draft::new(made, self.id(), None, note));
                Ok(drafts)
            }
        }
    }
}

fn part(
    photos: &[Photo],
    at: usize,
    tile: &Tile,
    dice: &mut Dice,
) -> Outcome<(DynamicImage, Made, i64)> {
    let scene = tile.scene(photos);
    let taken = START + EVERY * at as i64;
    let made = camera_file(&scene, made_picture(at, 0), taken, None, dice)?;
    Ok((crate::picture::decode(&made.bytes)?, made, taken))
}
