//! Where XMP and IPTC stand in a picture file.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::iptc;
use crate::collect::jpeg_segments::{is_last, next};
use crate::io::{ReadAt, read_range};

/// Most bytes of a block that is read; larger ones are left. Chosen, not measured.
const MOST_BYTES: u64 = 4 << 20;
/// Most chunks of a PNG, and entries of a TIFF, that are followed. Chosen, not
/// measured: a PNG of 100 MB in chunks of 8 KB has 12,800.
const MOST_PARTS: usize = 1 << 16;

/// Blocks that are parts of the bytes given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found<'a> {
    /// The XMP packet.
    pub xmp: Option<&'a [u8]>,
    /// IPTC's data sets.
    pub iptc: Option<&'a [u8]>,
}

/// Blocks before the first scan of a JPEG. Parts of a packet that did not fit into one
/// segment (extended XMP: depths and other pictures, mostly) are left.
#[must_use]
pub fn jpeg(head: &[u8]) -> Found<'_> {
    let mut found = Found::default();
    let mut rest = head.strip_prefix(&[0xFF, 0xD8]).unwrap_or_default();
    while let Some(header) = next(rest).filter(|header| !is_last(header.marker)) {
        let (segment, after) = header.cut(rest);
        if header.marker == 0xE1 {
            let packet = segment.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0");
            found.xmp = found.xmp.or(packet);
        } else if header.marker == 0xED {
            let resources = segment.strip_prefix(b"Photoshop 3.0\0");
            found.iptc = found.iptc.or_else(|| iptc::in_resources(resources?));
        }
        rest = after;
    }
    found
}

/// Blocks of a PNG, which may stand behind the picture, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunks<'a> {
    /// EXIF from its TIFF header on.
    pub exif: Option<Cow<'a, [u8]>>,
    /// The XMP packet.
    pub xmp: Option<Cow<'a, [u8]>>,
}

/// Looks through the chunks of a PNG, as far as the bytes reach.
#[must_use]
pub fn png(bytes: &[u8]) -> Chunks<'_> {
    let mut found = Chunks::default();
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1A\n").unwrap_or_default();
    for _ in 0..MOST_PARTS {
        let Some((&length, after)) = rest.split_first_chunk::<4>() else { break };
        let Some((name, body)) = after.split_first_chunk::<4>() else { break };
        let length = u32::from_be_bytes(length) as usize;
        let Some(data) = body.get(..length) else { break };
        match name {
            b"eXIf" if found.exif.is_none() => found.exif = Some(Cow::Borrowed(data)),
            b"iTXt" if found.xmp.is_none() => found.xmp = international(data),
            b"zTXt" | b"tEXt" if found.exif.is_none() => found.exif = raw_profile(name, data),
            _ => {}
        }
        // A sum of four bytes stands behind.
        rest = body.get(length + 4..).unwrap_or_default();
    }
    found
}

/// The packet in an international text (PNG specification, section 11.3.3.4): key, how
/// it is packed, language, key in that language, text.
fn international(data: &[u8]) -> Option<Cow<'_, [u8]>> {
    let rest = data.strip_prefix(b"XML:com.adobe.xmp\0")?;
    let (&[packed, _method], rest) = rest.split_first_chunk()?;
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    let (_language, _translated) = (parts.next()?, parts.next()?);
    let text = parts.next()?;
    if packed == 0 { Some(Cow::Borrowed(text)) } else { unpacked(text).map(Cow::Owned) }
}

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    ZlibDecoder::new(packed).take(MOST_BYTES).read_to_end(&mut text).ok()?;
    Some(text)
}

/// EXIF as programs wrote it into texts before there was a chunk for it: a name, a
/// length, and hexadecimal digits.
fn raw_profile(name: &[u8; 4], data: &[u8]) -> Option<Cow<'static, [u8]>> {
    let names: [&[u8]; 2] = [b"Raw profile type exif\0", b"Raw profile type APP1\0"];
    let text = names.iter().find_map(|name| data.strip_prefix(*name))?;
    let text = match name {
        b"zTXt" => Cow::Owned(unpacked(text.get(1..)?)?),
        _ => Cow::Borrowed(text),
    };
    // The first two lines are a name and the number of bytes.
    let mut lines = text.trim_ascii_start().splitn(3, |byte| *byte == b'\n');
    let (_name, _length) = (lines.next()?, lines.next()?);
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let digits: Vec<u8> = lines.next()?.iter().filter_map(digit).collect();
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect();
    Some(Cow::Owned(bytes.strip_prefix(b"Exif\0\0")?.to_vec()))
}

/// Tags of the first directory of a TIFF: XMP (XMP specification part 3, section 3.3.1),
/// IPTC, Photoshop's resources with IPTC.
const TIFF_TAGS: [u16; 3] = [700, 33_723, 34_377];

/// Where a TIFF or camera raw keeps XMP and IPTC: for each tag of [`TIFF_TAGS`] its first
/// byte and its end. `head` must hold the first directory.
fn tiff_places(head: &[u8]) -> [Option<(u64, u64)>; 3] {
    let little = head.starts_with(b"II");
    let two = |at: usize| {
        let two = *head.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four = |at: usize| {
        let four = *head.get(at..)?.first_chunk()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let mut places = [None; 3];
    if !little && !head.starts_with(b"MM") {
        return places;
    }
    let Some(start) = four(4).map(|start| start as usize) else { return places };
    let count = two(start).map_or(0, usize::from);
    for at in (0..count).map(|nth| start.saturating_add(2 + 12 * nth)) {
        let Some(tag) = two(at).filter(|_| at < head.len()) else { break };
        let Some(slot) = TIFF_TAGS.iter().position(|known| *known == tag) else { continue };
        let size = match two(at + 2) {
            Some(1 | 2 | 7) => 1,
            Some(4) => 4,
            _ => continue,
        };
        let Some((count, offset)) = four(at + 4).zip(four(at + 8)) else { break };
        let bytes = u64::from(count) * size;
        if (5..=MOST_BYTES).contains(&bytes) && places[slot].is_none() {
            places[slot] = Some((offset.into(), u64::from(offset) + bytes));
        }
    }
    places
}

/// What is read of a TIFF or camera raw beyond its first bytes, each with its end.
#[must_use]
pub fn tiff_ranges(head: &[u8]) -> Vec<(u64, u64)> {
    tiff_places(head).into_iter().flatten().collect()
}

/// The blocks of a TIFF or camera raw: XMP, IPTC. `source` must hold
/// [`tiff_ranges`]; what it does not hold is absent.
#[must_use]
pub fn tiff(head: &[u8], source: &dyn ReadAt) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let [xmp, own, resources] = tiff_places(head).map(|place| {
        let (from, to) = place?;
        read_range(source, from, usize::try_from(to - from).ok()?).ok()
    });
    let inner = || iptc::in_resources(resources.as_deref()?).map(<[u8]>::to_vec);
    (xmp, own.or_else(inner))
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    use super::*;

    #[test]
    fn finds_the_segments_of_a_jpeg() {
        let mut bytes = vec![0xFF, 0xD8];
        let resource = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x03abc\0";
        for (marker, segment) in [
            (0xE1, &b"http://ns.adobe.com/xap/1.0/\0<a/>"[..]),
            (0xED, resource),
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0<b/>"),
        ] {
            bytes.extend([0xFF, marker, 0, segment.len() as u8 + 2]);
            bytes.extend(segment);
        }
        bytes.extend([0xFF, 0xDA, 0, 2]);
        assert_eq!(jpeg(&bytes), Found { xmp: Some(b"<a/>"), iptc: Some(b"abc") });
        assert_eq!(jpeg(&bytes[..20]), Found { xmp: None, iptc: None });
    }

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32).to_be_bytes()[..], name, data, &[0; 4]].concat()
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn finds_chunks_behind_the_picture_packed_or_not() {
        let of = |chunks: &[Vec<u8>]| {
            let bytes = [b"\x89PNG\r\n\x1A\n".to_vec(), chunk(b"IDAT", b"x"), chunks.concat()];
            let bytes = bytes.concat();
            let found = png(&bytes);
            (found.exif.map(Cow::into_owned), found.xmp.map(Cow::into_owned))
        };
        let plain = [&b"XML:com.adobe.xmp\0\0\0\0\0"[..], b"<a/>"].concat();
        let zipped = [&b"XML:com.adobe.xmp\0\x01\0\0\0"[..], &packed(b"<a/>")].concat();
        let want = (Some(b"MM".to_vec()), Some(b"<a/>".to_vec()));
        let exif = chunk(b"eXIf", b"MM");
        assert_eq!(of(&[exif.clone(), chunk(b"iTXt", &plain)]), want);
        assert_eq!(of(&[exif, chunk(b"iTXt", &zipped)]), want);
        let hex = b"\nexif\n      8\n457869660000\n4d4d\n";
        let text = [&b"Raw profile type exif\0"[..], hex].concat();
        assert_eq!(of(&[chunk(b"tEXt", &text)]).0, want.0);
        let text = [&b"Raw profile type APP1\0\0"[..], &packed(hex)].concat();
        assert_eq!(of(&[chunk(b"zTXt", &text)]).0, want.0);
        assert_eq!(of(&[chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01")]), (None, None));
    }

    #[test]
    fn what_unpacks_without_end_is_cut() {
        let bomb = packed(&vec![b' '; 3 * MOST_BYTES as usize]);
        assert_eq!(unpacked(&bomb).map(|text| text.len() as u64), Some(MOST_BYTES));
    }

    /// A TIFF of one entry behind whose directory the value stands.
    fn tiff_of(tag: u16, kind: u8, count: u32, value: &[u8]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0\x01\0".to_vec();
        bytes.extend(tag.to_le_bytes());
        bytes.extend([kind, 0]);
        bytes.extend(count.to_le_bytes());
        bytes.extend(26_u32.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(value);
        bytes
    }

    #[test]
    fn finds_the_tags_of_a_tiff_and_believes_no_length() {
        let bytes = tiff_of(700, 1, 9, b"<a>hi</a>");
        assert_eq!(tiff_ranges(&bytes), [(26, 35)]);
        assert_eq!(tiff(&bytes, &bytes), (Some(b"<a>hi</a>".to_vec()), None));
        let iptc = tiff_of(33_723, 4, 2, b"12345678");
        assert_eq!(tiff(&iptc, &iptc), (None, Some(b"12345678".to_vec())));
        assert_eq!(tiff_ranges(&tiff_of(700, 1, u32::MAX, b"")), []);
        assert_eq!(tiff_ranges(b"MM\0*\xFF\xFF\xFF\xFF"), []);
        for end in 0..26 {
            assert_eq!(tiff_ranges(&bytes[..end]).len(), usize::from(end >= 22), "cut at {end}");
        }
    }
}
