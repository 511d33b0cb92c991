//! The payload of a JPEG: its tables and scans up to the end of the picture.
//!
//! Left out are APPn segments, comments, and what follows the picture. One APPn is
//! more than metadata and counts: Adobe's says how colours are coded. A film that
//! follows, that of a motion photo, has a sum of its own.

use super::behind::Behind;
use super::sums::Sums;
use crate::collect::jpeg_segments::{Header, is_frame, next};

/// Bytes in which a header is looked for at once.
const WINDOW: usize = 64;
/// Most bytes of a header that is cut off: `FF`, marker, half a length.
const CUT: usize = 3;
/// Bytes of Adobe's segment; the last one says how colours are coded.
const ADOBE: usize = 12;

/// Takes a JPEG in pieces.
pub(in crate::examine) struct Jpeg {
    hash: blake3::Hasher,
    place: Place,
    /// Adobe's code of the colours.
    colours: Option<u8>,
    framed: bool,
    scanned: bool,
    behind: Behind,
}

/// Where in the file the next byte stands.
enum Place {
    /// In `FF D8`; how much of it came.
    Start(usize),
    /// Between segments, with what may be the beginning of a header.
    Between(Vec<u8>),
    /// In a segment, with `left` bytes still to come.
    Segment { marker: u8, left: usize },
    /// In an APP14 segment, with what was read of it so far.
    Adobe { content: Vec<u8>, left: usize },
    /// In the entropy-coded data; `escaped` after an `FF`.
    Scan { escaped: bool },
    /// Behind the picture.
    Behind,
    /// It is no JPEG.
    Lost,
}

impl Jpeg {
    pub(super) fn new() -> Self {
        let mut hash = blake3::Hasher::new();
        hash.update(b"jpeg");
        Self {
            hash,
            place: Place::Start(0),
            colours: None,
            framed: false,
            scanned: false,
            behind: Behind::default(),
        }
    }

    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let place = std::mem::replace(&mut self.place, Place::Lost);
            (self.place, bytes) = match place {
                Place::Start(came) => start(came, bytes),
                Place::Between(held) => self.between(held, bytes),
                Place::Segment { marker, left } => self.segment(marker, left, bytes),
                Place::Adobe { content, left } => self.adobe(content, left, bytes),
                Place::Scan { escaped } => self.scan(escaped, bytes),
                Place::Behind => {
                    self.behind.take(bytes);
                    (place, &[][..])
                }
                Place::Lost => (place, &[][..]),
            };
        }
    }

    /// The sum of a picture that has a frame, a scan and an end; and that of the film
    /// behind it.
    pub(super) fn sums(mut self) -> Sums {
        let whole = matches!(self.place, Place::Behind) && self.framed && self.scanned;
        self.hash.update(&[self.colours.is_some().into(), self.colours.unwrap_or(0)]);
        let payload = whole.then(|| *self.hash.finalize().as_bytes());
        Sums { payload, film: self.behind.film() }
    }

    fn between<'a>(&mut self, mut held: Vec<u8>, bytes: &'a [u8]) -> (Place, &'a [u8]) {
        let before = held.len();
        held.extend(&bytes[..bytes.len().min(WINDOW)]);
        let Some(found) = next(&held) else {
            let rest = &bytes[held.len() - before..];
            let keep = held.split_off(held.len().saturating_sub(CUT));
            return (Place::Between(keep), rest);
        };
        let rest = &bytes[found.body - before..];
        (self.open(found), rest)
    }

    /// Goes into a segment; its length counts the two bytes that say it.
    fn open(&mut self, found: Header) -> Place {
        let Header { marker, body, end } = found;
        let left = end.saturating_sub(body);
        match marker {
            0xD9 => {
                self.hash.update(&[0xFF, marker]);
                return Place::Behind;
            }
            0xEE if left >= ADOBE => return Place::Adobe { content: Vec::new(), left },
            0xE0..=0xEF | 0xFE => {}
            _ => {
                let length = left as u16 + 2;
                self.hash.update(&[0xFF, marker]);
                self.hash.update(&length.to_be_bytes());
                self.framed |= is_frame(marker);
            }
        }
        self.inside(marker, left)
    }

    /// In a segment, or behind one that is over.
    fn inside(&mut self, marker: u8, left: usize) -> Place {
        match (marker, left) {
            (0xDA, 0) => {
                self.scanned = true;
                Place::Scan { escaped: false }
            }
            // Between two scans of one picture nothing but segments may stand.
            (_, 0) => Place::Between(Vec::new()),
            _ => Place::Segment { marker, left },
        }
    }

    fn segment<'a>(&mut self, marker: u8, left: usize, bytes: &'a [u8]) -> (Place, &'a [u8]) {
        let (content, rest) = bytes.split_at(left.min(bytes.len()));
        if !matches!(marker, 0xE0..=0xEF | 0xFE) {
            self.hash.update(content);
        }
        (self.inside(marker, left - content.len()), rest)
    }

    fn adobe<'a>(
        &mut self,
        mut content: Vec<u8>,
        left: usize,
        bytes: &'a [u8],
    ) -> (Place, &'a [u8]) {
        let wanted = ADOBE - content.len();
        let (more, rest) = bytes.split_at(wanted.min(bytes.len()));
        content.extend(more);
        let left = left - more.len();
        if content.len() < ADOBE {
            return (Place::Adobe { content, left }, rest);
        }
        if content.starts_with(b"Adobe") {
            self.colours = content.last().copied();
        }
        (self.inside(0xEE, left), rest)
    }

    /// Up to the next header: an `FF` before a zero or the number of a restart
    /// belongs to the picture.
    fn scan<'a>(&mut self, escaped: bool, bytes: &'a [u8]) -> (Place, &'a [u8]) {
        if !escaped {
            let end = bytes.iter().position(|&byte| byte == 0xFF).unwrap_or(bytes.len());
            self.hash.update(&bytes[..end]);
            let rest = bytes.get(end + 1..).unwrap_or_default();
            return (Place::Scan { escaped: end < bytes.len() }, rest);
        }
        let (marker, rest) = (bytes[0], &bytes[1..]);
        match marker {
            0xFF => (Place::Scan { escaped: true }, rest),
            0x00 | 0x01 | 0xD0..=0xD8 => {
                self.hash.update(&[0xFF, marker]);
                (Place::Scan { escaped: false }, rest)
            }
            0xD9 => (self.open(Header { marker, body: 0, end: 0 }), rest),
            _ => (Place::Between(vec![0xFF, marker]), rest),
        }
    }
}

fn start(came: usize, bytes: &[u8]) -> (Place, &[u8]) {
    let wanted = [0xFF, 0xD8][came];
    let place = match (bytes[0] == wanted, came) {
        (false, _) => Place::Lost,
        (true, 0) => Place::Start(1),
        (true, _) => Place::Between(Vec::new()),
    };
    (place, &bytes[1..])
}
