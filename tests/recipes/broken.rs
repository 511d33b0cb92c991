//! Files as they come from broken phones, half-finished copies and attackers.

use serde::Deserialize;

use crate::{Outcome, fixture, video};

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// No bytes.
    Empty,
    /// Only the first two fifths.
    CutShort,
    /// Text, whatever the name says.
    Text,
    /// A JPEG, whatever the name says.
    JpegInside,
    /// A video without its index.
    NoMoov,
    /// A JPEG whose header claims 60,000 × 60,000 pixels.
    HugeClaim,
}

/// The harmed file.
///
/// # Errors
/// The harm does not fit the file.
pub fn apply(bytes: &[u8], harm: Harm) -> Outcome<Vec<u8>> {
    Ok(match harm {
        Harm::Empty => Vec::new(),
        Harm::CutShort => bytes[..bytes.len() * 2 / 5].to_vec(),
        Harm::Text => b"This is a note, not a photo.\n".to_vec(),
        Harm::JpegInside => fixture::bytes("photos/nikon-d5000.jpg")?,
        Harm::NoMoov => video::without_moov(bytes)?,
        Harm::HugeClaim => claiming(bytes, 60_000, 60_000)?,
    })
}

/// Overwrites the size in a JPEG's frame header.
fn claiming(jpeg: &[u8], width: u16, height: u16) -> Outcome<Vec<u8>> {
    let mut bytes = jpeg.to_vec();
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if matches!(marker, 0xc0..=0xc2) {
            let Some(size) = bytes.get_mut(at + 5..at + 9) else { break };
            size[..2].copy_from_slice(&height.to_be_bytes());
            size[2..].copy_from_slice(&width.to_be_bytes());
            return Ok(bytes);
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    Err("not a JPEG with a frame header".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_claim_is_only_a_claim() {
        let photo = fixture::bytes("photos/bridge-small.jpg").unwrap();
        let huge = apply(&photo, Harm::HugeClaim).unwrap();
        let reader = image::ImageReader::new(std::io::Cursor::new(&huge));
        let size = reader.with_guessed_format().unwrap().into_dimensions().unwrap();
        assert_eq!(size, (60_000, 60_000));
        assert_eq!(huge.len(), photo.len());
    }

    #[test]
    fn a_video_can_lose_its_index() {
        let whole = fixture::bytes("videos/android.mp4").unwrap();
        let bare = apply(&whole, Harm::NoMoov).unwrap();
        assert!(!bare.windows(4).any(|name| name == b"moov"));
    }
}
