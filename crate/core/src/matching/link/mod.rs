//! The chat job's matching: which original was sent as this picture.
//!
//! A cascade: units → gates → candidates → shortlists → proof → changed pictures →
//! assignment → clock ([`phase::Phase`] lists the steps). [`matcher::Matcher`] is
//! called for bounded batches, because the proof reads files.

pub(in crate::matching) mod around;
pub(in crate::matching) mod assign;
pub(in crate::matching) mod candidates;
pub(in crate::matching) mod copies;
pub(in crate::matching) mod court;
pub(in crate::matching) mod decide;
pub(in crate::matching) mod documents;
pub(in crate::matching) mod edit_verdict;
pub(in crate::matching) mod edits;
pub(in crate::matching) mod fingerprints;
pub(in crate::matching) mod inspect;
pub(in crate::matching) mod limit;
pub(in crate::matching) mod matcher;
pub(in crate::matching) mod offset;
pub(in crate::matching) mod order;
pub(in crate::matching) mod parts;
pub(in crate::matching) mod phase;
pub(in crate::matching) mod precedence;
pub(in crate::matching) mod prover;
pub(in crate::matching) mod searched;
#[cfg(test)]
mod tests;
pub(in crate::matching) mod trial;
pub(in crate::matching) mod unproved;
