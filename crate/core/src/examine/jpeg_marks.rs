//! What a JPEG says before its first scan: size, quantisation, EXIF, colours.

use crate::collect::jpeg_segments::{is_frame, is_last, next};
use crate::model::Size;

/// The marker of quantisation tables (`DQT`).
const TABLES: u8 = 0xDB;

/// The segments before the first scan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Marks<'a> {
    /// Size and components, if a frame header was found.
    pub frame: Option<Frame>,
    /// The EXIF block from its TIFF header on; cut where the bytes end.
    pub exif: Option<&'a [u8]>,
    /// Adobe's colour transform, if an `APP14` segment names one.
    pub adobe: Option<u8>,
    /// The quantisation tables, by number.
    tables: [Option<Table>; 4],
    /// Whether the first scan was reached: then nothing is missing above.
    pub complete: bool,
}

/// The steps of a quantisation table, in the order of the file: by diagonals.
type Table = [u16; 64];

/// Where the steps of a table lie in its block, row by row (ITU-T T.81, figure A.6).
#[rustfmt::skip]
const PLACES: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// A frame header (`SOF`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Which `SOF` it is: 0 baseline, 1 extended, 2 progressive, 3 lossless …
    pub process: u8,
    /// Bits per sample.
    pub precision: u8,
    /// Pixels across, before orientation.
    pub width: u16,
    /// Pixels down, before orientation.
    pub height: u16,
    /// Number of components.
    pub components: u8,
    /// Identifiers of the first components.
    ids: [u8; 3],
    /// Table of the first component.
    table: u8,
}

impl Frame {
    /// Before orientation.
    #[must_use]
    pub fn size(&self) -> Size {
        Size::new(self.width.into(), self.height.into())
    }
}

impl Marks<'_> {
    /// Mean of the first component's quantisation table.
    #[must_use]
    pub fn quantisation(&self) -> Option<f32> {
        let sum: u32 = self.table()?.iter().map(|&step| u32::from(step)).sum();
        Some(sum as f32 / 64.0)
    }

    /// The steps by which the frequencies of the first component were rounded, row
    /// by row: those across first.
    #[must_use]
    pub fn steps(&self) -> Option<[u16; 64]> {
        let mut steps = [0; 64];
        for (place, step) in PLACES.into_iter().zip(self.table()?) {
            steps[usize::from(place)] = step;
        }
        Some(steps)
    }

    fn table(&self) -> Option<Table> {
        let table = self.frame?.table;
        *self.tables.get(usize::from(table))?
    }

    /// Whether the first component is luma as JFIF defines it, so that grey
    /// levels need no conversion.
    #[must_use]
    pub fn has_luma(&self) -> bool {
        let Some(frame) = self.frame else { return false };
        let named = [*b"RGB", *b"rgb", [1, 34, 35]].contains(&frame.ids);
        frame.components == 3 && !named && self.adobe.is_none_or(|transform| transform == 1)
    }
}

/// Reads the segments up to the first scan or to the end of `bytes`, which may
/// be only the beginning of the file. `None`: it does not begin like a JPEG.
#[must_use]
pub fn marks(bytes: &[u8]) -> Option<Marks<'_>> {
    Some(marks_within(bytes, usize::MAX)?.0)
}

/// As [`marks`], but stops once it has looked at `most` bytes. Also returns how
/// many it looked at: of most segments that is the header alone.
pub(super) fn marks_within(bytes: &[u8], most: usize) -> Option<(Marks<'_>, usize)> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    let (mut marks, mut looked) = (Marks::default(), 0);
    while looked < most {
        let seen = &rest[..rest.len().min(most - looked)];
        let Some(header) = next(seen) else {
            looked += seen.len();
            break;
        };
        let (segment, after) = header.cut(rest);
        looked += header.body + if header.marker == TABLES { segment.len() } else { 0 };
        if is_last(header.marker) {
            marks.complete = header.marker == 0xDA;
            break;
        }
        marks.take(header.marker, segment);
        rest = after;
    }
    Some((marks, looked))
}

impl<'a> Marks<'a> {
    fn take(&mut self, marker: u8, segment: &'a [u8]) {
        match marker {
            marker if is_frame(marker) => {
                self.frame = self.frame.or_else(|| frame(marker & 0xF, segment));
            }
            TABLES => self.take_tables(segment),
            0xE1 => self.exif = self.exif.or_else(|| segment.strip_prefix(b"Exif\0\0")),
            0xEE if segment.starts_with(b"Adobe") => self.adobe = segment.get(11).copied(),
            _ => {}
        }
    }

    fn take_tables(&mut self, mut segment: &[u8]) {
        while let Some((&head, rest)) = segment.split_first() {
            let wide = head >> 4 != 0;
            let size = if wide { 128 } else { 64 };
            let Some((table, after)) = rest.split_at_checked(size) else { return };
            let step = |at: usize| match wide {
                true => u16::from_be_bytes([table[2 * at], table[2 * at + 1]]),
                false => table[at].into(),
            };
            if let Some(slot) = self.tables.get_mut(usize::from(head & 0xF)) {
                *slot = Some(std::array::from_fn(step));
            }
            segment = after;
        }
    }
}

/// The colour profile, joined from its parts in their order. `None`: there is none, or
/// a part of it lies behind `bytes`.
#[must_use]
pub fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    let mut parts: Vec<(u8, &[u8])> = Vec::new();
    let mut count = 0;
    while let Some(header) = next(rest).filter(|header| !is_last(header.marker)) {
        let (segment, after) = header.cut(rest);
        let part = segment.strip_prefix(b"ICC_PROFILE\0").filter(|_| header.marker == 0xE2);
        if let Some(&[place, of, ref part @ ..]) = part {
            count = usize::from(of);
            parts.push((place, part));
        }
        rest = after;
    }
    parts.sort_unstable_by_key(|(place, _)| *place);
    let whole = count > 0 && parts.len() == count;
    whole.then(|| parts.into_iter().flat_map(|(_, part)| part).copied().collect())
}

/// A progressive file without the scans that only scales above 1/8 need. `None`:
/// the file ends too early, or is damaged.
#[must_use]
pub fn without_detail(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..2)?.to_vec();
    let mut rest = &bytes[2..];
    loop {
        let header = next(rest)?;
        let (segment, after) = header.cut(rest);
        if header.marker == 0xD9 {
            kept.extend([0xFF, 0xD9]);
            return Some(kept);
        }
        let is_scan = header.marker == 0xDA;
        let end = if is_scan { scan_end(after)? } else { 0 };
        if !is_scan || is_of_means(segment)? {
            kept.extend(&rest[..rest.len() - after.len() + end]);
        }
        rest = &after[end..];
    }
}

/// Whether a scan holds the means of the blocks. Its header is the number of
/// components, two bytes for each, then the first of its coefficients, where 0 is
/// the mean (ITU-T T.81, section B.2.3).
fn is_of_means(header: &[u8]) -> Option<bool> {
    let components = usize::from(*header.first()?);
    Some(*header.get(1 + 2 * components)? == 0)
}

/// Where the entropy-coded data of a scan end, restart marks included.
pub(crate) fn scan_end(bytes: &[u8]) -> Option<usize> {
    let goes_on = |next: u8| matches!(next, 0x00 | 0xD0..=0xD7);
    bytes.windows(2).position(|pair| pair[0] == 0xFF && !goes_on(pair[1]))
}

fn frame(process: u8, segment: &[u8]) -> Option<Frame> {
    let &[precision, h1, h0, w1, w0, components, first, _, table, ..] = segment else {
        return None;
    };
    let id = |index: usize| segment.get(6 + 3 * index).copied().unwrap_or(0);
    Some(Frame {
        process,
        precision,
        width: u16::from_be_bytes([w1, w0]),
        height: u16::from_be_bytes([h1, h0]),
        components,
        ids: [first, id(1), id(2)],
        table,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG made of segments, up to the start of its scan.
    fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        for (marker, segment) in segments {
            bytes.extend([0xFF, *marker]);
            bytes.extend(((segment.len() + 2) as u16).to_be_bytes());
            bytes.extend(*segment);
        }
        bytes.extend([0xFF, 0xDA, 0, 2]);
        bytes
    }

    const SOF: &[u8] = &[8, 0, 75, 0, 100, 3, 1, 0x22, 1, 2, 0x11, 0, 3, 0x11, 0];

    #[test]
    fn reads_size_and_the_table_of_the_first_component() {
        let mut tables = vec![0];
        tables.extend([9; 64]);
        tables.push(1);
        tables.extend([16; 64]);
        let bytes = jpeg(&[(0xDB, &tables), (0xC2, SOF)]);
        let marks = marks(&bytes).unwrap();
        let frame = marks.frame.unwrap();
        assert_eq!((frame.width, frame.height, frame.process), (100, 75, 2));
        assert_eq!(marks.quantisation(), Some(16.0));
        assert_eq!(marks.steps(), Some([16; 64]));
        assert!(marks.complete && marks.has_luma());
    }

    #[test]
    fn the_steps_of_a_table_lie_in_rows() {
        let mut tables = vec![1];
        tables.extend(0..64);
        let bytes = jpeg(&[(0xDB, &tables), (0xC0, SOF)]);
        let steps = marks(&bytes).unwrap().steps().unwrap();
        assert_eq!((steps[1], steps[8], steps[2], steps[63]), (1, 2, 5, 63));
    }

    #[test]
    fn colours_that_are_not_luma_are_known() {
        let rgb = [8, 0, 75, 0, 100, 3, b'R', 0x11, 0, b'G', 0x11, 0, b'B', 0x11, 0];
        assert!(!marks(&jpeg(&[(0xC0, &rgb)])).unwrap().has_luma());
        let adobe = [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, 0];
        assert!(!marks(&jpeg(&[(0xEE, &adobe), (0xC0, SOF)])).unwrap().has_luma());
    }

    #[test]
    fn an_empty_huffman_segment_is_stepped_over() {
        let bytes = jpeg(&[(0xC4, &[]), (0xE1, b"Exif\0\0MM"), (0xC0, SOF)]);
        let marks = marks(&bytes).unwrap();
        assert_eq!(marks.exif, Some(&b"MM"[..]));
        assert!(marks.frame.is_some());
    }

    #[test]
    fn any_cut_is_survived() {
        let bytes = jpeg(&[(0xE1, b"Exif\0\0MM"), (0xC0, SOF)]);
        for end in 2..bytes.len() - 3 {
            assert!(!marks(&bytes[..end]).unwrap().complete, "cut at {end}");
        }
    }
}
