//! What a JPEG says before its first scan: size, quantisation, EXIF, colours.

/// The segments before the first scan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Marks<'a> {
    /// Size and components, if a frame header was found.
    pub frame: Option<Frame>,
    /// The EXIF block from its TIFF header on; cut where the bytes end.
    pub exif: Option<&'a [u8]>,
    /// Adobe's colour transform, if an `APP14` segment names one.
    pub adobe: Option<u8>,
    /// Means of the quantisation tables, by table number.
    tables: [Option<f32>; 4],
    /// Whether the first scan was reached: nothing is missing above.
    pub complete: bool,
}

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

impl Marks<'_> {
    /// Mean of the first component's quantisation table.
    #[must_use]
    pub fn quantisation(&self) -> Option<f32> {
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
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let mut marks = Marks::default();
    let mut rest = &bytes[2..];
    while let Some((marker, segment, after)) = next_segment(rest) {
        match marker {
            0xDA | 0xD9 => {
                marks.complete = marker == 0xDA;
                break;
            }
            _ => marks.take(marker, segment),
        }
        rest = after;
    }
    Some(marks)
}

impl<'a> Marks<'a> {
    fn take(&mut self, marker: u8, segment: &'a [u8]) {
        match marker {
            marker if is_frame(marker) => {
                self.frame = self.frame.or_else(|| frame(marker & 0xF, segment));
            }
            0xDB => self.take_tables(segment),
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
            let sum: u32 = if wide {
                table.chunks_exact(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum()
            } else {
                table.iter().map(|&step| u32::from(step)).sum()
            };
            if let Some(slot) = self.tables.get_mut(usize::from(head & 0xF)) {
                *slot = Some(sum as f32 / 64.0);
            }
            segment = after;
        }
    }
}

/// A progressive file without the scans that only a scale above 1/8 needs. `None`:
/// the file ends too early, or is damaged.
#[must_use]
pub fn without_detail(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..2)?.to_vec();
    let mut rest = &bytes[2..];
    loop {
        let (marker, segment, after) = next_segment(rest)?;
        if marker == 0xD9 {
            kept.extend([0xFF, 0xD9]);
            return Some(kept);
        }
        let is_scan = marker == 0xDA;
        let end = if is_scan { scan_end(after)? } else { 0 };
        if !is_scan || is_of_means(segment)? {
            kept.extend(&rest[..rest.len() - after.len() + end]);
        }
        rest = &after[end..];
    }
}

/// Whether a scan holds the means of blocks. Its header: the number of components,
/// two bytes for each, then the first of its coefficients; 0 is the mean.
fn is_of_means(header: &[u8]) -> Option<bool> {
    let components = usize::from(*header.first()?);
    Some(*header.get(1 + 2 * components)? == 0)
}

/// Where the entropy-coded data of a scan end, restart marks included.
fn scan_end(bytes: &[u8]) -> Option<usize> {
    let goes_on = |next: u8| matches!(next, 0x00 | 0xD0..=0xD7);
    bytes.windows(2).position(|pair| pair[0] == 0xFF && !goes_on(pair[1]))
}

/// Whether a marker begins a frame header: `SOF`, but not `DHT`, `JPG`, `DAC`.
pub(super) fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// The next marker, its segment (cut where the bytes end) and what follows.
fn next_segment(mut bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    loop {
        let start = bytes.iter().position(|&byte| byte == 0xFF)?;
        bytes = &bytes[start..];
        let at = bytes.iter().position(|&byte| byte != 0xFF)?;
        let marker = bytes[at];
        bytes = &bytes[at + 1..];
        match marker {
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xD9 => return Some((marker, &[], bytes)),
            _ => break Some(cut_segment(marker, bytes)?),
        }
    }
}

fn cut_segment(marker: u8, bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let length = usize::from(u16::from_be_bytes(*bytes.first_chunk()?)).max(2);
    let (segment, after) = bytes.split_at(length.min(bytes.len()));
    Some((marker, &segment[2..], after))
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
        assert!(marks.complete && marks.has_luma());
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
