//! Are these two files one picture? Both are scaled down with one filter, aligned
//! and compared; what the fit leaves over is the evidence. Nothing here knows which
//! side of a job a file comes from.

mod again;
pub(in crate::matching) mod align;
pub(in crate::matching) mod bare;
pub(in crate::matching) mod blocks;
pub(in crate::matching) mod comparer;
pub(in crate::matching) mod detail;
pub(in crate::matching) mod edited;
pub(in crate::matching) mod enlarged;
pub(in crate::matching) mod glance;
pub(in crate::matching) mod grid;
mod hiding;
pub(in crate::matching) mod motion;
pub(in crate::matching) mod quantised;
pub(in crate::matching) mod question;
pub(in crate::matching) mod recent;
mod resample;
pub(in crate::matching) mod residual;
pub(in crate::matching) mod robust;
mod shade;
mod sides;
pub(in crate::matching) mod sight;
pub(in crate::matching) mod solve;
pub(in crate::matching) mod sound;
mod sums;
pub(in crate::matching) mod tint;
pub(in crate::matching) mod tone;
mod writing;
