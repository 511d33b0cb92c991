//! The one filter that makes pictures small, for both sides of a comparison.
//!
//! Own code on purpose: the average must be exact over the area, also when a
//! target pixel covers parts of source pixels, and the same to the last bit on
//! every machine. Resizing libraries round their weights to a fixed point and
//! their rows to eight bits in between; here everything is an integer.

use super::decode::Plane;

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

/// Averages `plane` over the area of each of `width * height` target pixels,
/// rounded to the nearest 1/256 grey level. Empty if either picture is empty.
#[must_use]
pub fn shrink(plane: &Plane, width: u32, height: u32) -> GreyMap {
    let mut levels = Vec::new();
    if plane.width > 0 && plane.height > 0 && width > 0 && height > 0 {
        levels.reserve_exact(width as usize * height as usize);
        let mut row = Row::new(plane, width);
        for y in 0..height {
            let shares = shares(y, height, plane.height);
            row.average(&shares, &mut levels);
        }
    }
    GreyMap { width, height, levels }
}

/// Source pixels under one target pixel: the first, its weight, and the number
/// and weight of those that follow; the last may weigh less. Weights are in
/// units of `1 / target` of a source pixel and add up to the source's size.
struct Shares {
    first: usize,
    weights: [u64; 3],
    whole: usize,
}

fn shares(index: u32, target: u32, source: u32) -> Shares {
    let (target, source) = (u64::from(target), u64::from(source));
    let (from, to) = (u64::from(index) * source, (u64::from(index) + 1) * source);
    let first = from / target;
    let head = ((first + 1) * target).min(to) - from;
    let left = source - head;
    Shares {
        first: first as usize,
        weights: [head, target, left % target],
        whole: (left / target) as usize,
    }
}

/// Horizontal sums of one source row, kept because neighbouring target rows
/// may share it.
struct Row<'a> {
    plane: &'a Plane,
    columns: Vec<Shares>,
    index: Option<usize>,
    sums: Vec<u64>,
    totals: Vec<u64>,
}

impl<'a> Row<'a> {
    fn new(plane: &'a Plane, width: u32) -> Self {
        let columns = (0..width).map(|x| shares(x, width, plane.width)).collect();
        let zeros = vec![0; width as usize];
        Self { plane, columns, index: None, sums: zeros.clone(), totals: zeros }
    }

    fn average(&mut self, rows: &Shares, levels: &mut Vec<u16>) {
        self.totals.fill(0);
        self.add(rows.first, rows.weights[0]);
        for step in 1..=rows.whole {
            self.add(rows.first + step, rows.weights[1]);
        }
        if rows.weights[2] > 0 {
            self.add(rows.first + rows.whole + 1, rows.weights[2]);
        }
        let area = u64::from(self.plane.width) * u64::from(self.plane.height);
        levels.extend(self.totals.iter().map(|total| ((total * 256 + area / 2) / area) as u16));
    }

    fn add(&mut self, row: usize, weight: u64) {
        if self.index != Some(row) {
            self.index = Some(row);
            let across = self.plane.width as usize;
            let grey = &self.plane.grey[row * across..][..across];
            for (sum, column) in self.sums.iter_mut().zip(&self.columns) {
                *sum = across_sum(grey, column);
            }
        }
        for (total, sum) in self.totals.iter_mut().zip(&self.sums) {
            *total += sum * weight;
        }
    }
}

fn across_sum(grey: &[u8], column: &Shares) -> u64 {
    let after = column.first + 1;
    let inner = &grey[after..after + column.whole];
    // Sums of 32 bits are fast, and cannot overflow over a part of a row.
    let whole: u64 = inner.chunks(1 << 20).map(|part| u64::from(sum(part))).sum();
    let last = grey.get(after + column.whole).copied().unwrap_or(0);
    u64::from(grey[column.first]) * column.weights[0]
        + whole * column.weights[1]
        + u64::from(last) * column.weights[2]
}

fn sum(levels: &[u8]) -> u32 {
    levels.iter().map(|&level| u32::from(level)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: u32, height: u32, grey: &[u8]) -> Plane {
        Plane { width, height, grey: grey.to_vec() }
    }

    #[track_caller]
    fn check(source: &Plane, size: (u32, u32), want: &[u16]) {
        assert_eq!(shrink(source, size.0, size.1).levels, want);
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
