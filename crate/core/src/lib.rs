//! Finds the original behind every small picture in a chat export, and
//! builds a better copy of the chat.
//!
//! The stages are declared in the order in which data flows through them:
//! `collect → examine → matching → plan → rebuild → report`. A stage uses the
//! types of earlier stages, never of a later one; only [`job`] knows all six.
//!
//! This crate is pure: bytes come in through [`io::ReadAt`], which cannot
//! write, and leave through [`io::Bundle`]. It knows no files, no clock, no
//! page and no globals.

pub mod collect;
pub mod examine;
pub mod matching;
pub mod plan;
pub mod rebuild;
pub mod report;

mod ahead;
pub mod error;
#[doc(hidden)]
pub mod fuzz;
pub mod io;
pub mod job;
pub mod ledger;
pub mod memory;
pub mod model;
pub mod need;
mod page;
pub mod progress;
pub mod relpath;
pub mod rewrite;
pub mod settings;
mod zones;
