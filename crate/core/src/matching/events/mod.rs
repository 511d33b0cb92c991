//! Which photos are of one event, which clock each camera had, and what one photo may
//! give another: suggestions, each with its sources, its reasons and a confidence. Reads
//! no file: everything was examined and compared before.
//!
//! - `facts`: what is known of one file, and what is no place and no time.
//! - `bodies`, `scenes`, `votes`, `clocks`: cameras, pictures that two of them took of one
//!   scene, what those agree in, and how wrong each clock is.
//! - `when`: every file on one time line.
//! - `gather`: files of one event.
//! - `fixes`, `conflicts`: where somebody was, and what cannot be true together.
//! - `shots`: what encodings of one shot give each other; `fields`: what neighbours in
//!   time give.
//! - `confidence`: how sure a value is; `geo`: distances.
//! - `suggest`: all of it, in order.

mod asked;
mod bodies;
mod clocks;
mod confidence;
mod conflicts;
mod draft;
mod facts;
mod fields;
mod fixes;
mod gather;
mod geo;
mod many;
mod scenes;
mod shots;
mod suggest;
mod track;
mod votes;
mod when;
mod zones;

#[cfg(test)]
mod tests;

pub use asked::Asked;
pub(crate) use clocks::{Clock, is_named};
pub(crate) use draft::Source;
pub(crate) use facts::{Facts, Note, Sent};
pub(crate) use many::many;
pub(crate) use scenes::{Look, alike};
pub use suggest::Because;
pub(crate) use suggest::{Change, Conflict, Group, Seen, Suggestions, suggest};
pub(crate) use track::Track;
