//! Puts together what is known: stacks and groups.

use super::contents::{Contents, Findings, List};
use super::why::Keep;
use super::{lists, shots, similar, stacks};

/// Puts together what is known.
pub(crate) fn findings(contents: Contents<'_>, lists: &[List], keep: &[Keep]) -> Findings {
    let joined = shots::shots(contents);
    let mut groups = lists::groups(contents, &joined.shots, lists, keep);
    if lists.contains(&List::Similar) {
        groups.extend(similar::groups(contents, &joined.shots, &groups, keep));
    }
    let mut stacks = joined.stacks;
    stacks.extend(stacks::bursts(contents, &joined.shots));
    stacks.extend(stacks::by_hand(contents));
    stacks.sort();
    stacks.dedup();
    Findings { stacks, groups }
}
