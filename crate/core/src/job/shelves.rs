//! The one list of what is remembered: a host opens its catalogue with it.

use super::link::{ANSWERED_SIZES, ANSWERS};
use crate::examine::{DIGESTS, FILES, SUMS};
use crate::matching::duplicates::TOGETHER;
use crate::matching::{COMPARISONS, SEARCHES};
use crate::memory::Shelf;

/// Every shelf that a job keeps notes on.
pub static SHELVES: &[&Shelf] =
    &[&FILES, &COMPARISONS, &SEARCHES, &SUMS, &DIGESTS, &ANSWERS, &ANSWERED_SIZES, &TOGETHER];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_shelves_share_a_name() {
        let names: BTreeSet<&str> = SHELVES.iter().map(|shelf| shelf.name).collect();
        assert_eq!(names.len(), SHELVES.len());
    }

    #[test]
    fn what_nobody_can_work_out_again_is_kept_forever() {
        let forever = |shelf: &&&Shelf| shelf.forever().is_some();
        let names: Vec<&str> = SHELVES.iter().filter(forever).map(|shelf| shelf.name).collect();
        assert_eq!(names, ["answers", "answered_sizes", "together"]);
    }
}
