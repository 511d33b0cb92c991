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
