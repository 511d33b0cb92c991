//! The jobs. Each connects the six stages, and only jobs know all six. What every
//! job needs lies beside them:
//!
//! - `desk`: files, memory, limits, issues, progress.
//! - `digests`: hashes files in bounded batches.
//! - `examiner`: recalls or examines a list of files in bounded batches.
//! - `shelves`: the list of everything that is remembered.

mod desk;
mod digests;
pub mod duplicates;
mod examiner;
mod link;
pub mod places;
mod shelves;

pub use link::{ANSWERS, Job, Sides};
pub use shelves::SHELVES;
