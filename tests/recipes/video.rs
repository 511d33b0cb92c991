//! What WhatsApp does to a video, as far as its container tells.
//!
//! The pictures and the sound are passed through: there is no small, free
//! encoder for H.264 and AAC in Rust. What matching sees is what a real export
//! has: an MP4 with creation times of zero, no Apple or Android metadata, a
//! smaller frame in the track header, and the index in front.

use crate::Outcome;

/// Boxes that hold other boxes.
const NESTED: [&[u8; 4]; 4] = [b"moov", b"trak", b"mdia", b"minf"];
/// Boxes with what the phone knew: blanked.
const PRIVATE: [&[u8; 4]; 2] = [b"udta", b"meta"];

/// The video as an export holds it.
///
/// # Errors
/// The boxes of the input are damaged.
pub fn as_sent(original: &[u8]) -> Outcome<Vec<u8>> {
    let mut bytes = original.to_vec();
    let end = bytes.len();
    strip(&mut bytes, 0, end)?;
    if let Some(brand) = bytes.get_mut(8..12) {
        brand.copy_from_slice(b"mp42");
    }
    Ok(bytes)
}

/// Changes the video so that its index cannot be found.
///
/// # Errors
/// It has none.
pub fn without_moov(original: &[u8]) -> Outcome<Vec<u8>> {
    let mut bytes = original.to_vec();
    let found = boxes(&bytes, 0, bytes.len())?.into_iter().find(|part| &part.name == b"moov");
    let moov = found.ok_or("the video has no moov box")?;
    bytes.drain(moov.start..moov.end);
    Ok(bytes)
}

/// The video without its sound: the track is there no more, its samples are.
///
/// # Errors
/// The boxes of the input are damaged, or it has no sound.
pub fn silenced(original: &[u8]) -> Outcome<Vec<u8>> {
    let mut bytes = original.to_vec();
    let is_sound = |bytes: &[u8]| bytes.windows(8).any(|word| word == *b"\0\0\0\0soun");
    let tracks = inside(&bytes, b"moov", b"trak")?;
    let sound = tracks.into_iter().find(|part| is_sound(&bytes[part.body..part.end]));
    let sound = sound.ok_or("the video has no sound")?;
    bytes[sound.start + 4..sound.body].copy_from_slice(b"free");
    Ok(bytes)
}

/// The video with a header that does not know how long it is.
///
/// # Errors
/// The boxes of the input are damaged, or it has no header.
pub fn of_unknown_length(original: &[u8]) -> Outcome<Vec<u8>> {
    in_header(original, [16, 24], |word| word.fill(0xff))
}

/// The video as if its camera's clock had shown this second since 1904.
///
/// # Errors
/// The boxes of the input are damaged, or it has no header.
pub fn taken_at(original: &[u8], second: u32) -> Outcome<Vec<u8>> {
    in_header(original, [4, 4], |word| {
        let bytes = second.to_be_bytes();
        let start = word.len() - bytes.len();
        word.fill(0);
        word[start..].copy_from_slice(&bytes);
    })
}

/// Changes one word of `mvhd` (ISO 14496-12, 8.2.2), which lies at one of two places
/// for the versions of that box.
fn in_header(original: &[u8], at: [usize; 2], change: impl Fn(&mut [u8])) -> Outcome<Vec<u8>> {
    let mut bytes = original.to_vec();
    let found = inside(&bytes, b"moov", b"mvhd")?.into_iter().next();
    let header = found.ok_or("the video has no header")?;
    let is_wide = bytes.get(header.body) == Some(&1);
    let (place, long) = if is_wide { (at[1], 8) } else { (at[0], 4) };
    // The time of version 1 is at 4 as well; its length stands behind two long times.
    let start = header.body + place;
    let word = bytes.get_mut(start..start + long).ok_or("the header is cut off")?;
    change(word);
    Ok(bytes)
}

/// The boxes of one name in the first box of another.
fn inside(bytes: &[u8], outer: &[u8; 4], name: &[u8; 4]) -> Outcome<Vec<Part>> {
    let found = boxes(bytes, 0, bytes.len())?.into_iter().find(|part| &part.name == outer);
    let outer = found.ok_or("the video has no moov box")?;
    let inner = boxes(bytes, outer.body, outer.end)?;
    Ok(inner.into_iter().filter(|part| &part.name == name).collect())
}

struct Part {
    name: [u8; 4],
    start: usize,
    body: usize,
    end: usize,
}

fn boxes(bytes: &[u8], mut at: usize, end: usize) -> Outcome<Vec<Part>> {
    let mut parts = Vec::new();
    while at + 8 <= end {
        let word = |from: usize| -> Option<[u8; 4]> { bytes.get(from..from + 4)?.try_into().ok() };
        let (Some(size), Some(name)) = (word(at), word(at + 4)) else { break };
        let size = u32::from_be_bytes(size) as usize;
        if size < 8 || at + size > end {
            return Err(format!("a box of {size} bytes at {at} does not fit"));
        }
        parts.push(Part { name, start: at, body: at + 8, end: at + size });
        at += size;
    }
    Ok(parts)
}

fn strip(bytes: &mut [u8], start: usize, end: usize) -> Outcome {
    for part in boxes(bytes, start, end)? {
        if NESTED.contains(&&part.name) {
            strip(bytes, part.body, part.end)?;
        } else if PRIVATE.contains(&&part.name) {
            bytes[part.start + 4..part.body].copy_from_slice(b"free");
            bytes[part.body..part.end].fill(0);
        } else if [b"mvhd", b"mdhd", b"tkhd"].contains(&&part.name) {
            forget_times(&mut bytes[part.body..part.end]);
            if &part.name == b"tkhd" {
                halve_frame(&mut bytes[part.body..part.end]);
            }
        }
    }
    Ok(())
}

/// Creation and modification follow the version (ISO 14496-12, 8.2.2): two
/// words of 4 bytes in version 0, of 8 bytes in version 1.
fn forget_times(body: &mut [u8]) {
    let length = if body.first() == Some(&1) { 16 } else { 8 };
    if let Some(times) = body.get_mut(4..4 + length) {
        times.fill(0);
    }
}

/// Width and height are the last two words, 16.16 fixed point.
fn halve_frame(body: &mut [u8]) {
    let start = body.len().saturating_sub(8);
    for side in body[start..].chunks_exact_mut(4) {
        let Ok(word) = <[u8; 4]>::try_from(&*side) else { continue };
        let half = (u32::from_be_bytes(word) >> 17) << 16;
        side.copy_from_slice(&half.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silenced_video_has_one_track_and_an_unknown_length_none() {
        let original = crate::fixture::bytes("videos/made-sound.mp4").unwrap();
        let tracks = |bytes: &[u8]| inside(bytes, b"moov", b"trak").unwrap().len();
        assert_eq!((tracks(&original), tracks(&silenced(&original).unwrap())), (2, 1));
        let unknown = of_unknown_length(&original).unwrap();
        let header = |bytes: &[u8]| {
            let found = inside(bytes, b"moov", b"mvhd").unwrap().remove(0);
            bytes[found.body..found.end].to_vec()
        };
        assert_eq!(header(&unknown)[16..20], [0xff; 4]);
        assert_ne!(header(&original)[16..20], [0xff; 4]);
        assert_eq!(header(&taken_at(&original, 77).unwrap())[4..8], [0, 0, 0, 77]);
    }

    #[test]
    fn a_sent_video_has_forgotten_when_and_where() {
        let original = crate::fixture::bytes("videos/iphone-x.mov").unwrap();
        let sent = as_sent(&original).unwrap();
        let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(holds(&original, b"com.apple.quicktime.creationdate"));
        assert!(!holds(&sent, b"com.apple.quicktime.creationdate"));
        let mvhd = sent.windows(4).position(|name| name == b"mvhd").unwrap();
        assert_eq!(sent[mvhd + 8..mvhd + 16], [0; 8]);
        assert_eq!(sent.len(), original.len());
    }
}
