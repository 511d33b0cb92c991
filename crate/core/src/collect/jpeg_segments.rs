//! The segments of a JPEG: the only walker over them.

use crate::model::Size;

/// The next segment, as its header claims it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Which segment it is: the byte behind `FF`.
    pub marker: u8,
    /// Where its content begins, counted from the bytes that were given.
    pub body: usize,
    /// Where its content ends; may lie behind the bytes that were given.
    pub end: usize,
}

impl Header {
    /// The segment's content and what follows it, each as far as `bytes` reach:
    /// those in which the header was found.
    pub fn cut<'a>(&self, bytes: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        let (front, after) = bytes.split_at(self.end.min(bytes.len()));
        (front.get(self.body..).unwrap_or_default(), after)
    }
}

/// Whether a marker begins a frame header: `C0` to `CF` do, except for three tables
/// (ITU-T T.81, table B.1).
pub(crate) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// Whether the headers are over: a scan begins, or the picture ends.
pub(crate) fn is_last(marker: u8) -> bool {
    matches!(marker, 0xDA | 0xD9)
}

/// Finds the next segment in bytes behind `FF D8` or behind another segment.
/// What stands between segments is skipped, markers without a segment too.
/// `None`: no whole header is there.
pub(crate) fn next(bytes: &[u8]) -> Option<Header> {
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        at += bytes[at..].iter().position(|&byte| byte != 0xFF)?;
        let marker = bytes[at];
        at += 1;
        match marker {
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xD9 => return Some(Header { marker, body: at, end: at }),
            _ => {
                let length = u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
                let end = at + usize::from(length).max(2);
                return Some(Header { marker, body: at + 2, end });
            }
        }
    }
}

/// Width and height as the frame header says them, in pixels as stored. `None`:
/// no JPEG, or the header lies behind these bytes.
pub(crate) fn size(head: &[u8]) -> Option<Size> {
    let mut rest = head.strip_prefix(b"\xFF\xD8")?;
    loop {
        let header = next(rest).filter(|header| !is_last(header.marker))?;
        let (segment, after) = header.cut(rest);
        if is_frame(header.marker) {
            let &[_, h1, h0, w1, w0] = segment.first_chunk()?;
            let edge = |high, low| u32::from(u16::from_be_bytes([high, low]));
            return Some(Size::new(edge(w1, w0), edge(h1, h0)));
        }
        rest = after;
    }
}
