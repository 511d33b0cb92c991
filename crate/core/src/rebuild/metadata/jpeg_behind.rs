//! What hangs behind a JPEG: a further picture to which something inside may point by a
//! distance that would no longer be true.

use super::jpeg_segments::Segments;
use super::left::Left;
use super::odd::Odd;
use crate::examine::scan_end;
use crate::io::{PIECE, ReadAt, read_range};

/// Most zeros that may stand between two pictures: writers fill up to blocks. Chosen, not
/// measured.
const MOST_PADDING: usize = 64 << 10;

/// Looks whether what hangs behind the picture may move. `exif` is the block and where it
/// begins.
///
/// A list of further pictures (CIPA DC-007) counts from its own place, films and
/// trailers from the file's end: those stay true. A further picture without such a list
/// is pointed to by a maker note, from somewhere in the block.
///
/// # Errors
/// [`Odd::PictureBehind`]
pub(super) fn look(
    source: &dyn ReadAt,
    segments: &Segments,
    exif: Option<(u64, &[u8])>,
) -> Result<(), Left> {
    let Some(end) = end(source, segments.scan)? else { return Ok(()) };
    let behind = read_range(source, end, MOST_PADDING)?;
    let padding = behind.iter().take_while(|byte| **byte == 0).count();
    if !behind[padding..].starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Ok(());
    }
    let listed =
        segments.all.iter().any(|found| found.marker == 0xE2 && found.first.starts_with(b"MPF\0"));
    let at = end + padding as u64;
    let pointed = exif.is_some_and(|(start, block)| {
        let places = [Some(at), at.checked_sub(start)].into_iter().flatten();
        places.filter_map(|place| u32::try_from(place).ok()).any(|place| says(block, place))
    });
    if !listed || pointed { Err(Odd::PictureBehind.into()) } else { Ok(()) }
}

/// Whether a number stands in a block, in either order of its bytes.
fn says(block: &[u8], number: u32) -> bool {
    let orders = [number.to_be_bytes(), number.to_le_bytes()];
    block.windows(4).any(|four| orders.iter().any(|order| order == four))
}

/// Where the picture ends, from its first scan on. `None`: it does not.
fn end(source: &dyn ReadAt, scan: u64) -> Result<Option<u64>, Left> {
    let mut at = scan;
    loop {
        let header = read_range(source, at, 16)?;
        let fill = header.iter().take_while(|byte| **byte == 0xFF).count();
        let Some(&marker) = header.get(fill).filter(|_| fill > 0) else { return Ok(None) };
        if marker == 0xD9 {
            return Ok(Some(at + fill as u64 + 1));
        }
        let Some(length) = header.get(fill + 1..).and_then(|rest| rest.first_chunk()) else {
            return Ok(None);
        };
        at += fill as u64 + 1 + u64::from(u16::from_be_bytes(*length).max(2));
        if marker == 0xDA {
            let Some(next) = next_marker(source, at)? else { return Ok(None) };
            at = next;
        }
    }
}

/// Where the entropy-coded data end that begin here.
fn next_marker(source: &dyn ReadAt, mut at: u64) -> Result<Option<u64>, Left> {
    loop {
        let piece = read_range(source, at, PIECE)?;
        if let Some(end) = scan_end(&piece) {
            return Ok(Some(at + end as u64));
        }
        if piece.len() < 2 {
            return Ok(None);
        }
        // The last byte may be the first of a marker.
        at += piece.len() as u64 - 1;
    }
}
