//! What reads foreign bytes, one function for each parser: for the targets in
//! `tests/fuzz`, not for other use. A fault is a panic, a hang or a broken promise.

use crate::collect::chat::cards;
use crate::collect::chat::dates::{self, Clue};
use crate::collect::chat::header::{Stamp, header};
use crate::collect::{MessageKind, encoding, kind};
use crate::job::SHELVES;
use crate::model::Kind;
use crate::settings::DateOrder;

pub use crate::collect::fuzz::zip;
pub use crate::examine::fuzz::{
    boxes, exif, heif_boxes, iptc, jpeg_marks, maker_note, metadata_blocks, raw_preview,
    sidecar_names, takeout, xmp,
};

/// A page of another exporter: what it refers to, and how it is rewritten.
pub fn html(bytes: &[u8]) {
    crate::collect::fuzz::page(bytes);
    crate::rebuild::fuzz::page(bytes);
}

/// Cards: contact cards are known by their beginning, polls and events are read.
pub fn cards(bytes: &[u8]) {
    assert_eq!(kind::kind(bytes) == Kind::Empty, bytes.is_empty());
    let text = encoding::decode(bytes.to_vec()).text;
    if let Some(MessageKind::Poll { options, .. }) = cards::poll(&text) {
        assert!(options.len() <= text.lines().count());
    }
    assert!(cards::event(&text).is_none_or(|(_, rest)| rest.len() <= text.len()));
}

/// Dates as chats write them, a line each.
pub fn dates(bytes: &[u8]) {
    let text = encoding::decode(bytes.to_vec()).text;
    let stamps: Vec<Stamp> = text.lines().filter_map(header).map(|header| header.stamp).collect();
    let clue = |stamp: &Stamp| Clue { date: stamp.date, mark: '/', ..Clue::default() };
    let clues: Vec<Clue> = stamps.iter().map(clue).collect();
    let mut reading = dates::read(&clues, None);
    assert!(reading.order.is_some());
    assert!(!reading.decided || dates::doubt(&reading).is_none());
    dates::follow(&mut reading, &clues, 20_000);
    for order in [DateOrder::DayMonthYear, DateOrder::MonthDayYear, DateOrder::YearMonthDay] {
        let dated = stamps.iter().filter(|stamp| dates::wall(stamp, order).is_some());
        dated.for_each(|stamp| assert!(dates::could_follow(stamp, stamp), "{stamp:?}"));
    }
}

/// What an earlier run noted; storage may have damaged it.
pub fn notes(bytes: &[u8]) {
    for shelf in SHELVES {
        if let Some(json) = (shelf.json)(bytes) {
            assert!(json.len() > 1, "a note says something");
        }
    }
}
