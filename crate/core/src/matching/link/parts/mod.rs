//! Which originals a cropped, mirrored or otherwise changed picture could come
//! from, by miniatures alone: every original is compared through 256 windows
//! coarsely, and the best ones again finely.

mod fine;
mod grid;
mod original;
mod sift;
mod vector;

use rayon::prelude::*;

use crate::matching::evidence::align::Cut;
use crate::matching::evidence::edited::Guess;
use crate::matching::evidence::glance;
use crate::matching::units::UnitId;
use crate::model::{Miniature, Size};
use grid::{Grid, Sums};
pub(in crate::matching) use original::Original;
use original::is_close;
use sift::{Bright, NEAREST, Nearest, PAIRS};
use vector::{COARSE, UNIT, Vector};

/// Shares that a crop takes from a side in the coarse search. Windows between two
/// steps still look alike: a cell of the coarse grid is an eighth of an edge.
/// Chosen, not measured.
const LOSSES: [f64; 4] = [0.0, 0.05, 0.10, 0.15];

/// Correlation of the coarse grids, times [`UNIT`], from which on an original is
/// compared finely. A drawing over a seventh of a picture leaves more than 0.6.
const COARSE_LIKENESS: i32 = (0.6 * UNIT as f64) as i32;

/// Originals per picture that are compared finely; less similar ones are dropped.
/// Chosen, not measured.
const LOOKED_AT: usize = 16;

/// Share of the cells in which a picture must agree with an original
/// ([`glance::agreement`]) for that to be opened. Of 95 pairs of strangers that were
/// opened before none agreed in more than 0.17; of 28 crops none in less than 0.67, of
/// 20 pictures with drawings on up to 15 % none in less than 0.44, filters from 0.94 on
/// (docs/architecture.md).
const STRANGER: f64 = 0.25;

/// Pictures that are searched together: an original's windows are computed once for
/// all of them. Chosen, not measured.
const BLOCK: usize = 256;

/// The same where originals are sifted first: their windows are seen once more for each
/// block. Chosen, not measured.
const SIFTED_BLOCK: usize = 2048;

/// Looks of one call for each thread. A look compares a picture with an original
/// through all windows, in some 20 microseconds (`cargo bench -p heirloom-core --
/// parts`).
const LOOKS: usize = 2048;

/// Cost of computing an original's windows, in looks (estimated).
const WINDOWS: usize = 4;
/// Cost of comparing one original finely, in looks (estimated).
const CLOSER: usize = 256;

/// Most looks of one call, over all threads.
pub(in crate::matching) fn most_looks() -> usize {
    LOOKS * rayon::current_num_threads()
}

/// A picture whose original is searched.
#[derive(Debug, Clone, Copy)]
pub(in crate::matching) struct Wanted<'a> {
    pub miniature: &'a Miniature,
    /// After orientation.
    pub size: Size,
}

/// An original, and which part of it the picture could show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::matching) struct Found {
    pub unit: UnitId,
    pub guess: Guess,
    /// Correlation without the cells that fit worst, 0 to 1.
    pub likeness: f64,
}

/// A search in bounded calls. It is told how many pictures and originals there are,
/// and asks for them by number. Where a call ends changes no result.
pub(in crate::matching) struct Search {
    windows: Vec<(Cut, Grid<COARSE>)>,
    wanted: usize,
    originals: usize,
    /// Pictures of a block.
    side: usize,
    /// Whether each picture is looked at beside its nearest originals alone.
    sifts: bool,
    /// The first picture that was not begun.
    next: usize,
    block: Option<Block>,
    /// Pictures times originals that were compared coarsely.
    looked: u64,
}

/// Pictures that are searched now.
struct Block {
    first: usize,
    asked: Vec<Asked>,
    /// The shapes of these pictures, each once: a chat has a few.
    shapes: Vec<f64>,
    /// The nearest originals of each, as far as `sifted` says; where none are sifted, all are
    /// looked at.
    nearest: Vec<Nearest>,
    /// Originals that were sifted.
    sifted: usize,
    /// For each original the pictures beside which it is looked at; once all were sifted.
    listed: Vec<Vec<usize>>,
    /// The best originals of each so far.
    best: Vec<Vec<Coarse>>,
    /// The first original that was not looked at.
    original: usize,
    /// Which picture is compared finely, and which of its best originals is next.
    closely: (usize, usize),
    /// What was found finely for pictures that are not done, by their place in the
    /// block.
    seen: Vec<(usize, Found)>,
}

/// What one call of a search did.
#[derive(Debug, Default)]
pub(in crate::matching) struct Looked {
    /// Pictures that are done, by their place, and where each may come from;
    /// the most similar originals first.
    pub found: Vec<(usize, Vec<Found>)>,
    /// Work done; at most [`most_looks`].
    pub looks: usize,
}

impl Search {
    pub(in crate::matching) fn new(wanted: usize, originals: usize) -> Self {
        let windows = windows().into_iter().map(|cut| (cut, Grid::over(cut))).collect();
        Self {
            windows,
            wanted,
            originals,
            side: BLOCK,
            sifts: false,
            next: 0,
            block: None,
            looked: 0,
        }
    }

    /// A search that looks at the [`NEAREST`] originals of each picture alone, where there
    /// are more.
    pub(in crate::matching) fn sifting(wanted: usize, originals: usize) -> Self {
        match originals > NEAREST {
            true => Self { side: SIFTED_BLOCK, sifts: true, ..Self::new(wanted, originals) },
            false => Self::new(wanted, originals),
        }
    }

    pub(in crate::matching) fn finished(&self) -> bool {
        self.next >= self.wanted && self.block.is_none()
    }

    /// Pictures that were searched, of how many.
    pub(in crate::matching) fn progress(&self) -> (u64, u64) {
        let wanted = self.wanted as u64;
        let all = wanted * self.originals as u64;
        ((self.looked * wanted).checked_div(all).unwrap_or(wanted), wanted)
    }

    /// Does one call's work.
    pub(in crate::matching) fn run<'a>(
        &mut self,
        wanted: impl Fn(usize) -> Wanted<'a> + Sync,
        original: impl Fn(usize) -> Original<'a> + Sync,
    ) -> Looked {
        let mut block = match self.block.take() {
            Some(block) => block,
            None if self.next < self.wanted => self.begin(&wanted),
            None => return Looked::default(),
        };
        let looked = if self.sifts && block.sifted < self.originals {
            self.sift(&mut block, &original)
        } else if block.original < self.originals {
            self.coarsely(&mut block, &original)
        } else {
            closely(&mut block, &wanted, &original)
        };
        let searched = block.original >= self.originals && block.closely.0 >= block.asked.len();
        self.block = Some(block).filter(|_| !searched);
        looked
    }

    fn begin<'a>(&mut self, wanted: &impl Fn(usize) -> Wanted<'a>) -> Block {
        let first = self.next;
        self.next = self.wanted.min(first + self.side);
        let asked: Vec<Asked> = (first..self.next).map(|at| Asked::new(&wanted(at))).collect();
        let best = vec![Vec::new(); asked.len()];
        let nearest = vec![Nearest::default(); asked.len()];
        let listed = match self.sifts {
            true => Vec::new(),
            false => vec![(0..asked.len()).collect(); self.originals.min(1)],
        };
        let mut shapes: Vec<f64> = asked.iter().map(|asked| asked.aspect).collect();
        shapes.sort_by(f64::total_cmp);
        shapes.dedup();
        let (closely, seen) = ((0, 0), Vec::new());
        let (sifted, original) = (0, 0);
        Block { first, asked, shapes, nearest, sifted, listed, best, original, closely, seen }
    }

    /// Compares the next originals coarsely with every picture of the block.
    fn coarsely<'a>(
        &mut self,
        block: &mut Block,
        original: &(impl Fn(usize) -> Original<'a> + Sync),
    ) -> Looked {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let (from, mut looks) = (block.original, 0);
        while parts.len() < rayon::current_num_threads() && block.original < self.originals {
            let (mut part, mut spent) = (Vec::new(), 0);
            while block.original < self.originals {
                let cost = block.listed(block.original).len() + WINDOWS;
                if spent + cost > LOOKS && !part.is_empty() {
                    break;
                }
                spent += cost;
                part.push(block.original);
                block.original += 1;
            }
            looks += spent;
            parts.push(part);
        }
        let parts: Vec<Vec<(usize, Coarse)>> =
            parts.par_iter().map(|part| coarse(block, part, original, &self.windows)).collect();
        for (asked, found) in parts.into_iter().flatten() {
            block.best[asked].push(found);
        }
        block.best.iter_mut().for_each(shorten);
        self.looked += ((block.original - from) * block.asked.len()) as u64;
        Looked { found: Vec::new(), looks }
    }

    /// Finds the nearest of the next originals for every picture of the block.
    fn sift<'a>(
        &mut self,
        block: &mut Block,
        original: &(impl Fn(usize) -> Original<'a> + Sync),
    ) -> Looked {
        let cost = WINDOWS + block.asked.len() / PAIRS + 1;
        let each = (LOOKS / cost).max(1);
        let end = self.originals.min(block.sifted + each * rayon::current_num_threads());
        let places: Vec<usize> = (block.sifted..end).collect();
        let limits: Vec<u32> = block.nearest.iter().map(Nearest::limit).collect();
        let near = |places: &[usize]| sifted(block, &limits, places, original, &self.windows);
        let parts: Vec<Vec<Vec<(u32, usize)>>> = places.par_chunks(each).map(near).collect();
        for part in parts {
            block
                .nearest
                .iter_mut()
                .zip(part)
                .for_each(|(near, part)| near.extend(part.into_iter()));
        }
        block.sifted = end;
        if end == self.originals {
            let mut listed = vec![Vec::new(); self.originals];
            for (asked, near) in block.nearest.iter().enumerate() {
                near.places().for_each(|place| listed[place].push(asked));
            }
            block.listed = listed;
        }
        Looked { found: Vec::new(), looks: places.len() * cost }
    }
}

impl Block {
    /// The pictures that an original is looked at beside; of one list for all, it is that.
    fn listed(&self, original: usize) -> &[usize] {
        self.listed.get(original).or(self.listed.first()).map_or(&[], Vec::as_slice)
    }
}

/// The originals among these that are near each picture.
fn sifted<'a>(
    block: &Block,
    limits: &[u32],
    places: &[usize],
    original: &impl Fn(usize) -> Original<'a>,
    windows: &[(Cut, Grid<COARSE>)],
) -> Vec<Vec<(u32, usize)>> {
    let mut near = vec![Vec::new(); block.asked.len()];
    for &place in places {
        let bright = sift::bright_through(&original(place), &block.shapes, windows);
        for ((asked, limit), near) in block.asked.iter().zip(limits).zip(&mut near) {
            let shape = block.shapes.partition_point(|shape| *shape < asked.aspect);
            let apart = sift::apart(asked.bright, &bright[shape]);
            near.extend(apart.filter(|apart| apart < limit).map(|apart| (apart, place)));
        }
    }
    near
}

/// Compares the best originals finely with the block's next pictures.
fn closely<'a>(
    block: &mut Block,
    wanted: &(impl Fn(usize) -> Wanted<'a> + Sync),
    original: &(impl Fn(usize) -> Original<'a> + Sync),
) -> Looked {
    let most = LOOKS / CLOSER * rayon::current_num_threads();
    let (first, mut rank) = block.closely;
    let mut place = first;
    let mut pairs = Vec::new();
    while place < block.asked.len() && pairs.len() < most {
        match block.best[place].get(rank) {
            Some(coarse) => {
                pairs.push((place, *coarse));
                rank += 1;
            }
            None => (place, rank) = (place + 1, 0),
        }
    }
    let looks = pairs.len() * CLOSER;
    let look = |(place, coarse): (usize, Coarse)| {
        let (wanted, original) = (wanted(block.first + place), original(coarse.original));
        let (guess, likeness) = fine::settled(wanted.miniature, original.miniature, coarse.guess)?;
        let agreement = glance::agreement(wanted.miniature, original.miniature, guess);
        let stranger = agreement.is_some_and(|agreement| agreement < STRANGER);
        (!stranger).then_some((place, Found { unit: original.unit, guess, likeness }))
    };
    let seen: Vec<(usize, Found)> = pairs.into_par_iter().filter_map(look).collect();
    block.seen.extend(seen);
    block.closely = (place, rank);
    let done = (first..place).map(|place| {
        let of_place = block.seen.iter().filter(|(at, _)| *at == place);
        let mut found: Vec<Found> = of_place.map(|(_, found)| *found).collect();
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.unit.cmp(&b.unit)));
        (block.first + place, found)
    });
    let found = done.collect();
    block.seen.retain(|(at, _)| *at >= place);
    Looked { found, looks }
}

/// The whole search in one go.
pub(in crate::matching) fn search(
    wanted: &[Wanted<'_>],
    originals: &[Original<'_>],
) -> Vec<Vec<Found>> {
    let mut search = Search::new(wanted.len(), originals.len());
    let mut found = Vec::new();
    while !search.finished() {
        let looked = search.run(|at| wanted[at], |at| originals[at]);
        found.extend(looked.found.into_iter().map(|(_, found)| found));
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Coarse {
    score: i32,
    /// Its place among the originals.
    original: usize,
    guess: Guess,
}

fn shorten(best: &mut Vec<Coarse>) {
    let order = |a: &Coarse, b: &Coarse| {
        let place = |one: &Coarse| (one.original, one.guess.mirrored);
        b.score.cmp(&a.score).then(place(a).cmp(&place(b)))
    };
    best.sort_by(order);
    best.truncate(LOOKED_AT);
}

/// A picture as it is searched.
struct Asked {
    /// `None`: it is even.
    vector: Option<Vector>,
    /// Where it is bright; `None` likewise.
    bright: Option<Bright>,
    aspect: f64,
}

impl Asked {
    fn new(wanted: &Wanted<'_>) -> Self {
        let cells = Grid::<COARSE>::over(Cut::WHOLE).cells(&Sums::of(wanted.miniature));
        let vector = Vector::of(&cells);
        let bright = vector.is_some().then(|| Bright::of(&cells));
        Self { vector, bright, aspect: wanted.size.aspect() }
    }
}

fn windows() -> Vec<Cut> {
    let pairs = || LOSSES.into_iter().flat_map(|from| LOSSES.map(|to| (from, 1.0 - to)));
    pairs().flat_map(|x| pairs().map(move |y| Cut { x, y })).collect()
}

/// The best windows of a few originals for each picture that they are listed for, by its
/// place in the block.
fn coarse<'a>(
    block: &Block,
    places: &[usize],
    original: &impl Fn(usize) -> Original<'a>,
    windows: &[(Cut, Grid<COARSE>)],
) -> Vec<(usize, Coarse)> {
    let mut best = Vec::new();
    for &place in places.iter().filter(|&&place| !block.listed(place).is_empty()) {
        let seen = seen(&original(place), &block.shapes, windows);
        for &at in block.listed(place) {
            let asked = &block.asked[at];
            let shape = block.shapes.partition_point(|shape| *shape < asked.aspect);
            let Some(vector) = &asked.vector else { continue };
            // Both are kept: a drawing can make the wrong one look better.
            for (mirrored, (score, window)) in
                [false, true].into_iter().zip(vector.best(&seen[shape]))
            {
                if score >= COARSE_LIKENESS {
                    let guess = Guess { cut: windows[window].0, mirrored };
                    best.push((at, Coarse { score, original: place, guess }));
                }
            }
        }
    }
    best
}

/// An original through the windows of each shape that is asked for, by the windows'
/// numbers.
fn seen(
    original: &Original<'_>,
    shapes: &[f64],
    windows: &[(Cut, Grid<COARSE>)],
) -> Vec<Vec<(usize, Vector)>> {
    let sums = Sums::of(original.miniature);
    let shape = original.size.aspect();
    let mut seen = vec![Vec::new(); shapes.len()];
    for (number, (cut, grid)) in windows.iter().enumerate() {
        let aspect = shape * (cut.x.1 - cut.x.0) / (cut.y.1 - cut.y.0);
        let mut fitting =
            shapes.iter().zip(&mut seen).filter(|(asked, _)| is_close(aspect, **asked)).peekable();
        if fitting.peek().is_some()
            && let Some(vector) = Vector::of(&grid.cells(&sums))
        {
            fitting.for_each(|(_, seen)| seen.push((number, vector)));
        }
    }
    seen
}

#[cfg(test)]
mod tests;
