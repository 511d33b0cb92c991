//! Search among 64-bit fingerprints: all that differ from one by a few bits.
//!
//! A plain scan looks at everything, and up to some hundred thousand nothing
//! is faster. Beyond, multi-index hashing (Norouzi, Punjani and Fleet 2012):
//! cut into four words of 16 bits, two fingerprints that differ by at most
//! `most` bits have a word that differs by at most `most / 4`, so that only
//! those are looked at which share nearly a word with the one searched for.

use crate::matching::units::UnitId;

/// Most fingerprints that are scanned; with more an index is built. At 200,000 a
/// scan takes 378 µs and the index 123 µs for each search, but building it must pay
/// back within one run (bench/results.md).
const SCANNED: usize = 200_000;

/// Bits of a word.
const BITS: u32 = 16;
/// Words of a fingerprint.
const WORDS: u32 = 4;

/// Fingerprints that can be searched.
pub struct Fingerprints {
    known: Vec<(u64, UnitId)>,
    index: Option<Box<[Word]>>,
}

/// Where fingerprints with a value in one word are.
struct Word {
    /// For each value, where its places start; one more for the end.
    starts: Vec<u32>,
    /// Indices into `known`, by value.
    places: Vec<u32>,
}

impl Fingerprints {
    /// Takes fingerprints with the unit of each, and decides how they will be
    /// searched.
    #[must_use]
    pub fn new(known: Vec<(u64, UnitId)>) -> Self {
        if known.len() <= SCANNED { Self::scanned(known) } else { Self::indexed(known) }
    }

    /// To be scanned.
    #[must_use]
    pub fn scanned(known: Vec<(u64, UnitId)>) -> Self {
        Self { known, index: None }
    }

    /// To be searched by index.
    #[must_use]
    pub fn indexed(known: Vec<(u64, UnitId)>) -> Self {
        let index = (0..WORDS).map(|at| Word::new(&known, at)).collect();
        Self { known, index: Some(index) }
    }

    /// Unit and distance of each that differs from `one` by at most `most` bits,
    /// ascending by unit.
    #[must_use]
    pub fn within(&self, one: u64, most: u32) -> Vec<(UnitId, u32)> {
        let mut found = match &self.index {
            // With more bits the index would look at most values of each word.
            Some(index) if most / WORDS < BITS / 2 => self.by_index(index, one, most),
            _ => self.by_scan(one, most),
        };
        found.sort_unstable();
        found
    }

    fn by_scan(&self, one: u64, most: u32) -> Vec<(UnitId, u32)> {
        let near = |&(known, unit): &(u64, UnitId)| {
            let distance = (known ^ one).count_ones();
            (distance <= most).then_some((unit, distance))
        };
        self.known.iter().filter_map(near).collect()
    }

    fn by_index(&self, index: &[Word], one: u64, most: u32) -> Vec<(UnitId, u32)> {
        let each = most / WORDS;
        let mut found = Vec::new();
        for (at, words) in (0u32..).zip(index) {
            let own = word(one, at);
            around(own, each, &mut |value| {
                for &place in words.of(value) {
                    let (known, unit) = self.known[place as usize];
                    let apart = known ^ one;
                    // Found already if an earlier word is as near.
                    let again = (0..at).any(|earlier| word(apart, earlier).count_ones() <= each);
                    if !again && apart.count_ones() <= most {
                        found.push((unit, apart.count_ones()));
                    }
                }
            });
        }
        found
    }
}

impl Word {
    /// A counting sort by the values of one word.
    fn new(known: &[(u64, UnitId)], at: u32) -> Self {
        let mut starts = vec![0u32; (1 << BITS) + 1];
        for (fingerprint, _) in known {
            starts[usize::from(word(*fingerprint, at)) + 1] += 1;
        }
        for value in 1..starts.len() {
            starts[value] += starts[value - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![0u32; known.len()];
        for (place, (fingerprint, _)) in (0u32..).zip(known) {
            let slot = &mut next[usize::from(word(*fingerprint, at))];
            places[*slot as usize] = place;
            *slot += 1;
        }
        Self { starts, places }
    }

    fn of(&self, value: u16) -> &[u32] {
        let value = usize::from(value);
        &self.places[self.starts[value] as usize..self.starts[value + 1] as usize]
    }
}

fn word(fingerprint: u64, at: u32) -> u16 {
    (fingerprint >> (BITS * at)) as u16
}

/// Every value that differs from `own` by at most `most` bits.
fn around(own: u16, most: u32, visit: &mut impl FnMut(u16)) {
    fn flip(value: u16, from: u32, left: u32, visit: &mut impl FnMut(u16)) {
        visit(value);
        if left > 0 {
            (from..BITS).for_each(|bit| flip(value ^ (1 << bit), bit + 1, left - 1, visit));
        }
    }
    flip(own, 0, most, visit);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fingerprints in clusters, as a library with look-alikes has them.
    fn clusters(count: u32) -> Vec<(u64, UnitId)> {
        let mut state = 7u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state ^ (state >> 31)
        };
        let mut centre = 0;
        let mut known = Vec::new();
        for number in 0..count {
            if number % 40 == 0 {
                centre = next();
            }
            let few = next() & next() & next() & next();
            known.push((centre ^ few, UnitId(number)));
        }
        known
    }

    #[test]
    fn the_index_finds_what_a_scan_finds() {
        let known = clusters(4000);
        let (scan, index) =
            (Fingerprints::scanned(known.clone()), Fingerprints::indexed(known.clone()));
        let mut found = 0;
        for most in [0, 3, 4, 8, 10, 14, 31, 40] {
            for (one, _) in known.iter().step_by(331) {
                let want = scan.within(*one, most);
                found += want.len();
                assert_eq!(index.within(*one, most), want, "{most} bits from {one:x}");
            }
        }
        assert!(found > 1000, "{found}");
    }

    #[test]
    fn every_near_value_is_visited_once() {
        let mut seen = Vec::new();
        around(0xbeef, 3, &mut |value| seen.push(value));
        // 1 + 16 + 120 + 560
        assert_eq!(seen.len(), 697);
        assert!(seen.iter().all(|value| (value ^ 0xbeef_u16).count_ones() <= 3));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 697);
    }
}
