//! A value on its way to being a suggestion.

use crate::model::{How, Value};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// A file, by its place among the facts.
    File(usize),
    /// The note beside a file.
    Note(usize),
    /// A track.
    Track(usize),
}

/// A value before it is decided whether it is on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub file: usize,
    pub value: Value,
    pub old: Option<Value>,
    pub how: How,
    pub from: Vec<Source>,
    /// Log-odds.
    pub odds: f64,
    pub speed_kmh: Option<f64>,
    /// Off, however sure.
    pub doubted: bool,
}

impl Draft {
    pub(super) fn new(file: usize, value: Value, how: How, from: Vec<Source>, odds: f64) -> Self {
        Self { file, value, old: None, how, from, odds, speed_kmh: None, doubted: false }
    }
}
