//! A coarse grid as a vector of whole numbers, and the window that is most like a
//! picture, as it is and mirrored.

/// Cells along an edge in the coarse search.
pub(super) const COARSE: usize = 8;

/// Squared length of a vector: its entries fit in 16 bits.
pub(super) const UNIT: i32 = 1 << 16;

/// Entries of one half.
const HALF: usize = COARSE * COARSE / 2;

/// A grid minus its mean, with a squared length of [`UNIT`]; in two halves, the sums
/// and the differences of each cell and its mirror image. A product with a mirrored
/// grid then costs nothing more: the part of the differences changes its sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vector {
    sums: [i16; HALF],
    differences: [i16; HALF],
}

impl Vector {
    /// `None` if the grid is even.
    pub(super) fn of(cells: &[f64]) -> Option<Self> {
        let mean = cells.iter().sum::<f64>() / cells.len() as f64;
        let square: f64 = cells.iter().map(|cell| (cell - mean) * (cell - mean)).sum();
        if square < 64.0 {
            return None;
        }
        let scale = (f64::from(UNIT) / square).sqrt();
        let entry = |cell: f64| {
            // Rounded: `round` is a call of its own where the processor has none.
            let exact = (cell - mean) * scale;
            (exact + 0.5f64.copysign(exact)) as i16
        };
        let mut vector = Self { sums: [0; HALF], differences: [0; HALF] };
        for (y, row) in cells.chunks_exact(COARSE).enumerate() {
            for x in 0..COARSE / 2 {
                let (left, right) = (entry(row[x]), entry(row[COARSE - 1 - x]));
                vector.sums[y * COARSE / 2 + x] = left + right;
                vector.differences[y * COARSE / 2 + x] = left - right;
            }
        }
        Some(vector)
    }

    /// The best score among these windows and the window's number: as the picture is,
    /// and mirrored. The last one of equal ones; without windows the score is 0.
    pub(super) fn best(&self, seen: &[(usize, Self)]) -> [(i32, usize); 2] {
        let mut best = [(0, 0); 2];
        for (window, other) in seen {
            let sums = dot(&self.sums, &other.sums);
            let differences = dot(&self.differences, &other.differences);
            for (best, twice) in best.iter_mut().zip([sums + differences, sums - differences]) {
                if twice / 2 >= best.0 {
                    *best = (twice / 2, *window);
                }
            }
        }
        best
    }
}

fn dot(a: &[i16; HALF], b: &[i16; HALF]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uneven cells, each seed others.
    fn cells(seed: usize) -> Vec<f64> {
        (0..COARSE * COARSE).map(|at| ((at + seed) * (at + 7 * seed + 3) % 97) as f64).collect()
    }

    /// The score of two grids by its definition, of whole entries.
    fn plain(one: &[f64], other: &[f64]) -> i32 {
        let whole = |cells: &[f64]| -> Vec<i32> {
            let mean = cells.iter().sum::<f64>() / cells.len() as f64;
            let square: f64 = cells.iter().map(|cell| (cell - mean).powi(2)).sum();
            let scale = (f64::from(UNIT) / square).sqrt();
            cells.iter().map(|cell| ((cell - mean) * scale).round() as i32).collect()
        };
        whole(one).iter().zip(whole(other)).map(|(a, b)| a * b).sum()
    }

    fn mirrored(cells: &[f64]) -> Vec<f64> {
        cells.chunks_exact(COARSE).flat_map(|row| row.iter().rev().copied()).collect()
    }

    #[test]
    fn the_two_halves_give_the_products_of_the_whole_as_it_is_and_mirrored() {
        let picture = cells(1);
        let windows: Vec<(usize, Vector)> =
            (2..30).map(|seed| (seed, Vector::of(&cells(seed)).unwrap())).collect();
        let best = Vector::of(&picture).unwrap().best(&windows);
        for (found, shown) in best.into_iter().zip([picture.clone(), mirrored(&picture)]) {
            let scores = (2..30).map(|seed| (plain(&shown, &cells(seed)), seed));
            assert_eq!(Some(found), scores.max());
        }
    }

    #[test]
    fn an_even_grid_has_no_direction() {
        assert!(Vector::of(&[77.0; COARSE * COARSE]).is_none());
    }
}
