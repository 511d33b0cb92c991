//! Weighted least squares of a few unknowns, in a fixed order of operations, so
//! that every machine finds the same numbers.

/// Sums for a fit of `N` unknowns: `Σ w·b·bᵀ` and `Σ w·b·y`.
#[derive(Debug, Clone)]
pub(in crate::matching) struct Normal<const N: usize> {
    matrix: [[f64; N]; N],
    right: [f64; N],
}

impl<const N: usize> Normal<N> {
    pub(in crate::matching) fn new() -> Self {
        Self { matrix: [[0.0; N]; N], right: [0.0; N] }
    }

    /// Adds one observation: `value ≈ basis · unknowns`.
    pub(in crate::matching) fn add(&mut self, basis: &[f64; N], value: f64, weight: f64) {
        for row in 0..N {
            let scaled = weight * basis[row];
            for (cell, other) in self.matrix[row].iter_mut().zip(basis).take(row + 1) {
                *cell += scaled * other;
            }
            self.right[row] += scaled * value;
        }
    }

    /// The same fit with only these unknowns.
    pub(in crate::matching) fn only<const M: usize>(&self, which: [usize; M]) -> Normal<M> {
        let cell = |row: usize, column: usize| self.matrix[row.max(column)][row.min(column)];
        Normal {
            matrix: which.map(|row| which.map(|column| cell(row, column))),
            right: which.map(|row| self.right[row]),
        }
    }

    /// What these unknowns explain of the observations: `Σ w·(basis · unknowns)²`.
    pub(in crate::matching) fn explained(&self, unknowns: &[f64; N]) -> f64 {
        let cell = |row: usize, column: usize| self.matrix[row.max(column)][row.min(column)];
        let row = |at: usize| -> f64 {
            unknowns[at] * (0..N).map(|other| cell(at, other) * unknowns[other]).sum::<f64>()
        };
        (0..N).map(row).sum()
    }

    /// The unknowns, by Cholesky decomposition. An unknown whose basis function
    /// adds nothing to the others (no colour in a grey picture) gets 0; `ridge` is
    /// added to the diagonal, relative to it.
    pub(in crate::matching) fn solve(mut self, ridge: f64) -> [f64; N] {
        let mut scale = [0.0; N];
        for (index, scale) in scale.iter_mut().enumerate() {
            *scale = self.matrix[index][index];
            self.matrix[index][index] *= 1.0 + ridge;
        }
        for (column, scale) in scale.into_iter().enumerate() {
            let taken: f64 = self.matrix[column][..column].iter().map(|cell| cell * cell).sum();
            let left = self.matrix[column][column] - taken;
            let known = left > scale * 1e-9;
            let pivot = if known { left.sqrt() } else { 0.0 };
            self.matrix[column][column] = pivot;
            for row in column + 1..N {
                let dot: f64 = (0..column)
                    .map(|index| self.matrix[row][index] * self.matrix[column][index])
                    .sum();
                let cell = self.matrix[row][column] - dot;
                self.matrix[row][column] = if known { cell / pivot } else { 0.0 };
            }
        }
        self.substitute()
    }

    fn substitute(self) -> [f64; N] {
        let mut unknowns = self.right;
        for row in 0..N {
            let dot: f64 = (0..row).map(|index| self.matrix[row][index] * unknowns[index]).sum();
            unknowns[row] = divided(unknowns[row] - dot, self.matrix[row][row]);
        }
        for row in (0..N).rev() {
            let dot: f64 =
                (row + 1..N).map(|index| self.matrix[index][row] * unknowns[index]).sum();
            unknowns[row] = divided(unknowns[row] - dot, self.matrix[row][row]);
        }
        unknowns
    }
}

fn divided(value: f64, pivot: f64) -> f64 {
    if pivot > 0.0 { value / pivot } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_made_the_values() {
        let mut normal = Normal::<3>::new();
        for step in 0..20 {
            let x = f64::from(step) / 10.0;
            let basis = [1.0, x, x * x];
            normal.add(&basis, 3.0 - 2.0 * x + 0.5 * x * x, 1.0 + x);
        }
        let found = normal.solve(0.0);
        for (got, want) in found.iter().zip([3.0, -2.0, 0.5]) {
            assert!((got - want).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn a_part_of_the_unknowns_explains_less() {
        let mut normal = Normal::<3>::new();
        for step in 0..20 {
            let x = f64::from(step) / 10.0;
            normal.add(&[1.0, x, x * x], 3.0 - 2.0 * x + 0.5 * x * x, 1.0);
        }
        let all = normal.explained(&normal.clone().solve(0.0));
        let part = normal.only([0, 1]);
        let less = part.explained(&part.clone().solve(0.0));
        let squares: f64 = (0..20)
            .map(|step| f64::from(step) / 10.0)
            .map(|x| (3.0 - 2.0 * x + 0.5 * x * x).powi(2))
            .sum();
        assert!(
            (all - squares).abs() < 1e-9 && less < all - 0.01 && less > 0.9 * all,
            "{less} {all}"
        );
    }

    #[test]
    fn what_repeats_another_function_gets_nothing() {
        let mut normal = Normal::<2>::new();
        (0..9).for_each(|step| {
            normal.add(&[f64::from(step), f64::from(step)], 5.0 * f64::from(step), 1.0)
        });
        assert_eq!(normal.solve(0.0).map(|value| (value * 1e6).round() / 1e6), [5.0, 0.0]);
    }
}
