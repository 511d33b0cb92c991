//! Disjoint sets of numbers.

use std::collections::BTreeMap;

/// Disjoint sets; the smallest number stands for its set.
pub(in crate::matching) struct Sets(Vec<usize>);

impl Sets {
    /// So many numbers, each alone.
    pub(in crate::matching) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The number that stands for the set of this one.
    pub(in crate::matching) fn find(&mut self, mut index: usize) -> usize {
        while self.0[index] != index {
            self.0[index] = self.0[self.0[index]];
            index = self.0[index];
        }
        index
    }

    /// Makes one set of two.
    pub(in crate::matching) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// All sets of more than one number, in the order of their smallest.
    pub(in crate::matching) fn several(&mut self) -> Vec<Vec<usize>> {
        let mut sets = BTreeMap::<usize, Vec<usize>>::new();
        for index in 0..self.0.len() {
            sets.entry(self.find(index)).or_default().push(index);
        }
        sets.into_values().filter(|set| set.len() > 1).collect()
    }
}
