//! The one filter that scales pictures down, for both sides of a comparison.
//!
//! Own code on purpose: the average must be exact over the area, also where a
//! target pixel covers parts of source pixels, and the same to the last bit on
//! every machine. Resizing libraries round their weights to a fixed point and their
//! rows to eight bits in between; here everything is an integer.

use std::ops::Range;

use super::plane::Plane;
use crate::model::Size;

/// Grey levels finer than a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreyMap {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width * height` grey levels in 1/256: 0 to 65,280.
    pub levels: Vec<u16>,
}

impl GreyMap {
    /// Steps of one grey level.
    pub const LEVEL: f64 = 256.0;

    /// Its size.
    #[must_use]
    pub fn size(&self) -> Size {
        Size::new(self.width, self.height)
    }

    /// The same in whole grey levels, rounded down.
    #[must_use]
    pub fn rounded(&self) -> Plane {
        let grey = self.levels.iter().map(|level| (level >> 8) as u8).collect();
        Plane { width: self.width, height: self.height, grey }
    }
}

/// A part of a picture between fractions of its pixels: positions in
/// 1/[`Window::UNIT`] of a source pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Left and right edge.
    pub x: (u64, u64),
    /// Upper and lower edge.
    pub y: (u64, u64),
}

impl Window {
    /// Positions in one source pixel: in a picture compared at 512 pixels, from one
    /// position to the next it moves by less than a hundredth of a pixel.
    pub const UNIT: u64 = 256;

    /// All of a picture.
    #[must_use]
    pub fn whole(plane: &Plane) -> Self {
        let edge = |pixels: u32| (0, u64::from(pixels) * Self::UNIT);
        Self { x: edge(plane.width), y: edge(plane.height) }
    }

    fn fits(&self, plane: &Plane) -> bool {
        let inside =
            |(from, to): (u64, u64), edge: u32| from < to && to <= u64::from(edge) * Self::UNIT;
        inside(self.x, plane.width) && inside(self.y, plane.height)
    }
}

/// Averages `plane` over the area of each pixel of a picture of `size`,
/// rounded to the nearest 1/256 grey level. Empty if either picture is empty.
#[must_use]
pub fn shrink(plane: &Plane, size: Size) -> GreyMap {
    shrink_window(plane, Window::whole(plane), size)
}

/// As [`shrink`] for a part of the picture. Empty if the part is not inside.
#[must_use]
pub fn shrink_window(plane: &Plane, window: Window, size: Size) -> GreyMap {
    let Size { width, height } = size;
    let mut levels = Vec::new();
    if window.fits(plane) && size.pixels() > 0 {
        levels.reserve_exact(width as usize * height as usize);
        let columns: Vec<Shares> = (0..width).map(|x| shares(x, width, window.x)).collect();
        let area = (window.x.1 - window.x.0) * (window.y.1 - window.y.0);
        let mut rows = Rows::of(plane, window);
        for y in 0..height {
            let sums = rows.sums(&shares(y, height, window.y));
            let average = |column: &Shares| (column.sum(sums) * 256 + area / 2) / area;
            levels.extend(columns.iter().map(|column| average(column) as u16));
        }
    }
    GreyMap { width, height, levels }
}

/// Source pixels under one target pixel: the first, its weight, and the number
/// and weight of those that follow; the last may weigh less. Weights are in
/// units of `1 / (target * UNIT)` of a source pixel and add up to the span.
struct Shares {
    first: usize,
    weights: [u64; 3],
    whole: usize,
}

impl Shares {
    /// The weighted sum over an axis whose first entry is the source pixel at the
    /// window's edge.
    fn sum(&self, along: &[u64]) -> u64 {
        let [head, pixel, tail] = self.weights;
        let inner = self.first + 1..self.first + 1 + self.whole;
        let last = along.get(inner.end).copied().unwrap_or(0);
        let whole: u64 = along[inner].iter().sum();
        along[self.first] * head + whole * pixel + last * tail
    }
}

/// The shares of a target pixel, counted from the source pixel at the window's
/// edge.
fn shares(index: u32, target: u32, (start, end): (u64, u64)) -> Shares {
    let pixel = u64::from(target) * Window::UNIT;
    let span = end - start;
    let from = start % Window::UNIT * u64::from(target) + u64::from(index) * span;
    let to = from + span;
    let first = from / pixel;
    let head = ((first + 1) * pixel).min(to) - from;
    let left = span - head;
    Shares {
        first: first as usize,
        weights: [head, pixel, left % pixel],
        whole: (left / pixel) as usize,
    }
}

/// Adds up the rows of a window, so that little is left to do across: whole rows
/// are added as they lie in memory, many pixels at once.
struct Rows<'a> {
    plane: &'a Plane,
    columns: Range<usize>,
    top: usize,
    whole: Vec<u32>,
    sums: Vec<u64>,
}

impl<'a> Rows<'a> {
    fn of(plane: &'a Plane, window: Window) -> Self {
        let (left, right) = window.x;
        let columns = (left / Window::UNIT) as usize..right.div_ceil(Window::UNIT) as usize;
        let (whole, sums) = (vec![0; columns.len()], vec![0; columns.len()]);
        Self { plane, columns, top: (window.y.0 / Window::UNIT) as usize, whole, sums }
    }

    fn row(&self, index: usize) -> &'a [u8] {
        let start = (self.top + index) * self.plane.width as usize;
        &self.plane.grey[start + self.columns.start..start + self.columns.end]
    }

    /// The weighted sum of each column.
    fn sums(&mut self, rows: &Shares) -> &[u64] {
        let [head, pixel, tail] = rows.weights;
        let last = rows.first + 1 + rows.whole;
        self.whole.fill(0);
        for index in rows.first + 1..last {
            let row = self.row(index);
            // 32 bits hold the sum of 16 million white rows.
            for (sum, &level) in self.whole.iter_mut().zip(row) {
                *sum += u32::from(level);
            }
        }
        let (first, last) = (self.row(rows.first), self.row(if tail > 0 { last } else { 0 }));
        let ends = first.iter().zip(last);
        for ((sum, &whole), (&first, &last)) in self.sums.iter_mut().zip(&self.whole).zip(ends) {
            *sum = u64::from(first) * head + u64::from(whole) * pixel + u64::from(last) * tail;
        }
        &self.sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: u32, height: u32, grey: &[u8]) -> Plane {
        Plane { width, height, grey: grey.to_vec() }
    }

    #[track_caller]
    fn check(source: &Plane, size: (u32, u32), want: &[u16]) {
        assert_eq!(shrink(source, size.into()).levels, want);
    }

    #[test]
    fn averages_whole_pixels() {
        check(&plane(4, 2, &[0, 100, 50, 60, 200, 100, 70, 80]), (2, 1), &[25_600, 16_640]);
    }

    #[test]
    fn splits_a_pixel_between_its_neighbours() {
        // Three pixels on two: the middle one counts half on either side.
        check(&plane(3, 1, &[30, 90, 240]), (2, 1), &[50 * 256, 190 * 256]);
        check(&plane(1, 3, &[30, 90, 240]), (1, 2), &[50 * 256, 190 * 256]);
    }

    #[test]
    fn keeps_and_enlarges() {
        check(&plane(2, 1, &[7, 255]), (2, 1), &[1792, 65_280]);
        check(&plane(2, 1, &[10, 20]), (3, 1), &[2560, 3840, 5120]);
        check(&plane(1, 1, &[10]), (1, 2), &[2560, 2560]);
    }

    #[test]
    fn an_empty_picture_gives_nothing() {
        check(&plane(0, 0, &[]), (2, 2), &[]);
        check(&plane(1, 1, &[1]), (0, 2), &[]);
    }

    #[test]
    fn a_part_is_shrunk_as_if_it_were_cut_out() {
        let source = plane(4, 3, &[1, 2, 3, 4, 5, 60, 70, 8, 9, 100, 110, 12]);
        let cut = plane(2, 2, &[60, 70, 100, 110]);
        let window = Window { x: (256, 768), y: (256, 768) };
        for size in [(1, 1), (2, 2), (3, 1)] {
            let got = shrink_window(&source, window, size.into());
            assert_eq!(got, shrink(&cut, size.into()));
        }
        let half = Window { x: (128, 384), y: (0, 256) };
        assert_eq!(shrink_window(&source, half, Size::square(1)).levels, [384]);
        let outside = Window { x: (0, 1025), y: (0, 256) };
        assert!(shrink_window(&source, outside, Size::square(1)).levels.is_empty());
    }

    /// The plain definition of an average over an area, in fractions.
    fn by_definition(source: &Plane, width: u32, height: u32) -> Vec<u16> {
        let overlap = |cell: u32, cells: u32, pixel: u32, pixels: u32| {
            let (from, to) = (
                (cell * pixels).max(pixel * cells),
                ((cell + 1) * pixels).min((pixel + 1) * cells),
            );
            u64::from(to.saturating_sub(from))
        };
        let mut levels = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0;
                for row in 0..source.height {
                    for column in 0..source.width {
                        sum += u64::from(source.grey[(row * source.width + column) as usize])
                            * overlap(x, width, column, source.width)
                            * overlap(y, height, row, source.height);
                    }
                }
                let area = u64::from(source.width * source.height);
                levels.push(((sum * 256 + area / 2) / area) as u16);
            }
        }
        levels
    }

    #[test]
    fn agrees_with_the_definition_at_odd_sizes() {
        let grey: Vec<u8> = (0..23 * 17).map(|index: u32| (index * 97 % 251) as u8).collect();
        let source = plane(23, 17, &grey);
        for size in [(7, 5), (22, 16), (1, 1), (23, 3), (40, 30)] {
            check(&source, size, &by_definition(&source, size.0, size.1));
        }
    }
}
