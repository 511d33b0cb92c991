//! A chat's text becomes messages: headers, dates, wordings, senders.

mod align;
mod android;
pub(crate) mod body;
pub mod calendar;
pub(crate) mod cards;
pub mod carried;
pub(crate) mod dates;
pub mod half_day;
pub mod header;
mod merge;
pub mod message;
mod pasted;
mod pieces;
pub(super) mod read;
mod senders;
pub mod text;
pub(super) mod title;
mod tokens;
pub mod wording;
