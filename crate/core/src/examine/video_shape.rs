//! Length, size and tracks of a video, and WhatsApp's GIF marks.

use mp4parse::{Track, TrackType};

use super::boxes::children;
use crate::model::{Size, VideoShape};

/// An `ftyp` box that is put before the index: the parser wants one, and QuickTime
/// files older than that box have none.
pub(super) const OLD_QUICKTIME: &[u8] = b"\0\0\0\x14ftypqt  \0\0\0\0qt  ";

/// What the tracks tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tracks {
    /// Length and sound.
    pub shape: VideoShape,
    /// As shown: after rotation.
    pub size: Option<Size>,
}

/// Reads a whole `moov` box, header included; `head` is the beginning of the
/// file. `duration_ms` is the length that the index or the fragments tell, if they
/// do; else it is that of the longest track.
///
/// # Errors
/// The parser's own words.
pub fn tracks(moov: &[u8], head: &[u8], duration_ms: Option<u64>) -> Result<Tracks, String> {
    // Only the index: the parser would read through the whole picture data.
    let index = [OLD_QUICKTIME, moov].concat();
    let context = mp4parse::read_mp4(&mut index.as_slice()).map_err(|error| error.to_string())?;
    let of_kind =
        |kind: TrackType| context.tracks.iter().filter(move |track| track.track_type == kind);
    let video = of_kind(TrackType::Video).next();
    let lengths = context.tracks.iter().filter_map(track_ms);
    let shape = VideoShape {
        duration_ms: duration_ms.or_else(|| lengths.max()),
        has_audio: of_kind(TrackType::Audio).next().is_some(),
        is_gif: has_gif_mark(head) || has_gif_mark(moov),
    };
    Ok(Tracks { shape, size: video.and_then(shown_size) })
}

fn track_ms(track: &Track) -> Option<u64> {
    let (scale, duration) = (track.timescale?.0, track.duration?.0);
    duration.checked_mul(1000)?.checked_div(scale).filter(|&length| length > 0)
}

/// Size in the track header, turned as its matrix says.
fn shown_size(track: &Track) -> Option<Size> {
    let header = track.tkhd.as_ref()?;
    let size = Size::new(header.width >> 16, header.height >> 16);
    if size.pixels() == 0 {
        return None;
    }
    let turned = header.matrix.a == 0 && header.matrix.d == 0 && header.matrix.b != 0;
    Some(if turned { size.turned() } else { size })
}

/// Whether WhatsApp marked the MP4 as a GIF: with boxes named `beam` or `loop`, on
/// the top level or inside `moov`.
fn has_gif_mark(bytes: &[u8]) -> bool {
    let marked = |name: [u8; 4]| name == *b"beam" || name == *b"loop";
    children(bytes).any(|(name, body)| {
        let inside = || {
            children(body).any(|(name, body)| {
                marked(name) || name == *b"udta" && children(body).any(|(name, _)| marked(name))
            })
        };
        marked(name) || name == *b"moov" && inside()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::testing::{boxed, moov};

    #[test]
    fn reads_length_size_and_rotation() {
        let upright = tracks(&moov(false), b"", None).unwrap();
        assert_eq!(upright.size, Some(Size::new(640, 360)));
        assert_eq!(upright.shape.duration_ms, Some(2500));
        assert!(!upright.shape.has_audio && !upright.shape.is_gif);
        assert_eq!(tracks(&moov(true), b"", Some(7)).unwrap().size, Some(Size::new(360, 640)));
    }

    #[test]
    fn knows_the_marks_of_a_gif() {
        let marked = [boxed(b"ftyp", b"mp42"), boxed(b"beam", &[1])].concat();
        assert!(tracks(&moov(false), &marked, None).unwrap().shape.is_gif);
    }

    #[test]
    fn a_broken_index_is_an_error() {
        assert!(tracks(b"\0\0\0\x10moovxxxxyyyy", b"", None).is_err());
    }
}
