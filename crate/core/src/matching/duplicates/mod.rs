//! Which files are one shot, which shots are duplicates, and which one may stay. Reads
//! no file: everything was examined, hashed and compared before.
//!
//! - `sidecars`, `shots`: files that belong together; `stacks`: bursts and stacks by
//!   hand.
//! - `classes`: files that are one picture, by each proof; `lists`: groups of shots.
//! - `contents`: what is known, and the nouns of what is found; `findings`: all of it.
//! - `keeper`, `why`, `album`: the shot that is suggested to stay, and why.
//! - `decided`: what the user said about files.
//! - `films`: pairs of videos, looked into and heard.

mod album;
mod classes;
pub(crate) mod contents;
pub(crate) mod decided;
pub(crate) mod films;
pub(crate) mod findings;
mod keeper;
mod lists;
pub(crate) mod pictures;
mod shots;
pub(crate) mod sidecars;
mod similar;
mod stacks;
mod why;

pub use contents::{List, Rule};
pub use decided::{Choice, TOGETHER};
pub use why::{Keep, Why};

#[cfg(test)]
mod tests;
