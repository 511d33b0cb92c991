//! A JPEG without its end mark: is a part of the picture missing, too?
//!
//! Cameras and programs leave the mark out, cut two bytes too many off, or write
//! their own data where it should stand. Such a file has all its pixels if they are
//! the same whatever is read behind its last byte.

use std::borrow::Cow;

use jpeg_decoder::{ColorTransform, Decoder};

use crate::collect::jpeg_segments::{Header, is_frame, next};
use crate::error::Problem;
use crate::examine::jpeg_marks::scan_end;

/// The mark at the end of a picture (`EOI`).
const END: [u8; 2] = [0xFF, 0xD9];
/// Bits that no Huffman code consists of (ITU-T T.81, section C.2), as they stand in
/// the data of a scan: what is read there is refused, or differs from zeros, which
/// decoders read behind an end mark. As many as one value may take, and more.
const ONES: [u8; 16] = [0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0];
/// Most bytes of zeros or ones at the end of a scan that are taken for its data: a
/// random byte is one of them once in 128, so that three are more than any picture has.
/// Fewer cannot fill what is missing of a picture with another end than they make.
const LIKE_FILLING: usize = 3;
/// Coefficients of a block, one bit each.
const ALL: u64 = u64::MAX;

/// The file with an end mark, put where its picture ends if there is none. `fits` says
/// whether it may be decoded at full scale, and is asked only then.
///
/// # Errors
/// [`Problem::Truncated`]: more than the mark is missing. Or the decoder's own.
pub(super) fn with_end(
    bytes: &[u8],
    fits: impl FnOnce() -> Result<(), Problem>,
) -> Result<Cow<'_, [u8]>, Problem> {
    if bytes.ends_with(&END) {
        return Ok(Cow::Borrowed(bytes));
    }
    let end = match end(bytes) {
        End::Marked => return Ok(Cow::Borrowed(bytes)),
        End::Missing => return Err(Problem::Truncated),
        End::At(end) => end,
    };
    fits()?;
    let data = without_filling(&bytes[..end]);
    // The last bytes of the data may look like filling.
    let all = Some(&bytes[..end]).filter(|all| all.len() <= data.len() + LIKE_FILLING);
    let pictures = [all, Some(data)].into_iter().flatten();
    let whole = pictures.map(|picture| [picture, &END].concat()).find(|marked| is_whole(marked));
    match whole {
        Some(whole) => Ok(Cow::Owned(whole)),
        None => Err(pixels(&[data, &END].concat()).err().unwrap_or(Problem::Truncated)),
    }
}

/// Whether a file with an end mark has all its pixels: they are the same whatever its
/// decoder reads behind the last byte of data.
fn is_whole(marked: &[u8]) -> bool {
    let data = &marked[..marked.len() - END.len()];
    let more = [data, &ONES, &END].concat();
    matches!((pixels(marked), pixels(&more)), (Ok(shown), Ok(again)) if shown == again)
}

/// Where a picture ends.
enum End {
    /// At its end mark.
    Marked,
    /// Here, after its last scan, without a mark.
    At(usize),
    /// Scans are missing.
    Missing,
}

/// Follows the scans until each component has all its coefficients.
fn end(bytes: &[u8]) -> End {
    let mut left: Vec<(u8, u64)> = Vec::new();
    let mut at = 2;
    while let Some(header) = bytes.get(at..).and_then(next) {
        let (segment, after) = header.cut(&bytes[at..]);
        at = bytes.len() - after.len();
        match header {
            Header { marker: 0xD9, .. } => return End::Marked,
            Header { marker: 0xDA, .. } => {
                let data = scan_end(after);
                at += data.unwrap_or(after.len());
                take_scan(segment, &mut left);
                if left.iter().all(|(_, left)| *left == 0) {
                    let marked = bytes.get(at..).is_some_and(|rest| rest.starts_with(&END));
                    return if marked { End::Marked } else { End::At(at) };
                }
            }
            Header { marker, .. } if is_frame(marker) => {
                // Precision, height, width, the number of components; then three bytes each.
                let components = segment.get(6..).unwrap_or_default();
                left = components.chunks_exact(3).map(|component| (component[0], ALL)).collect();
            }
            _ => {}
        }
    }
    End::Missing
}

/// Takes off what a scan brings to its last bit: its header is the number of
/// components, two bytes for each, then the first and the last of its coefficients
/// and the bits before and behind it (ITU-T T.81, section B.2.3).
fn take_scan(header: &[u8], left: &mut [(u8, u64)]) {
    let Some((&count, rest)) = header.split_first() else { return };
    let Some((components, rest)) = rest.split_at_checked(2 * usize::from(count)) else { return };
    let &[first, last, bits, ..] = rest else { return };
    if first > last || last > 63 || bits & 0xF != 0 {
        return;
    }
    let brought = (ALL >> (63 - last)) & (ALL << first);
    for (id, left) in left {
        if components.chunks_exact(2).any(|component| component[0] == *id) {
            *left &= !brought;
        }
    }
}

/// The data of a scan without what a copy that broke off filled its rest with: zeros
/// or ones. A byte of ones that is data has a zero behind it, and is kept.
fn without_filling(bytes: &[u8]) -> &[u8] {
    let last = bytes.iter().rposition(|&byte| !matches!(byte, 0 | 0xFF));
    let kept = last.map_or(0, |at| at + 1);
    let data = if bytes[kept..].starts_with(&[0xFF, 0]) { kept + 2 } else { kept };
    &bytes[..data]
}

/// The sum of all pixels of a file that has an end mark.
fn pixels(bytes: &[u8]) -> Result<blake3::Hash, Problem> {
    let mut decoder = Decoder::new(bytes);
    // "RGB" means: leave the samples alone.
    decoder.set_color_transform(ColorTransform::RGB);
    decoder.decode().map(|samples| blake3::hash(&samples)).map_err(|error| problem(&error))
}

/// What a failure of `jpeg-decoder` means for the file.
pub(super) fn problem(error: &jpeg_decoder::Error) -> Problem {
    match error {
        jpeg_decoder::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Problem::Truncated
        }
        other => Problem::decoding(other),
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;

    use super::*;

    /// A baseline JPEG of a scene without symmetry.
    fn baseline() -> Vec<u8> {
        let picture = image::RgbImage::from_fn(200, 152, |x, y| {
            let wave = ((x * x / 9 + 5 * y) % 200) as u8;
            image::Rgb([wave, 255 - wave / 2, (x + y) as u8])
        });
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        picture.write_with_encoder(encoder).unwrap();
        bytes
    }

    /// A progressive JPEG, as a chat sends it.
    fn progressive() -> Vec<u8> {
        let path = "../../tests/fixtures/whatsapp/00000001-PHOTO-2019-06-20-16-00-15.jpg";
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    }

    #[track_caller]
    fn check(bytes: &[u8], want: bool) {
        match with_end(bytes, || Ok(())) {
            Ok(found) => assert!(want && found.ends_with(&END), "{} bytes", bytes.len()),
            Err(problem) => assert_eq!((want, problem), (false, Problem::Truncated)),
        }
    }

    #[test]
    fn only_the_end_mark_was_cut_off() {
        for bytes in [baseline(), progressive()] {
            let (whole, pixels_of) = (bytes.len() - 2, |bytes: &[u8]| pixels(bytes).unwrap());
            for cut in [whole, whole + 1] {
                let mended = with_end(&bytes[..cut], || Ok(())).unwrap();
                assert_eq!(pixels_of(&mended), pixels_of(&bytes));
            }
        }
    }

    #[test]
    fn data_that_ends_like_filling_is_data() {
        // Somewhere among these, the last byte of the data is a zero.
        let noise =
            |x: u32, y: u32, seed: u32| ((x * 7919 + y * 104_729 + seed * 1_299_709) % 251) as u8;
        let picture = |seed| image::GrayImage::from_fn(40, 32, |x, y| [noise(x, y, seed)].into());
        let mut zeros = 0;
        for seed in 0..600 {
            let mut bytes = Vec::new();
            let encoder = JpegEncoder::new_with_quality(&mut bytes, 70);
            picture(seed).write_with_encoder(encoder).unwrap();
            let data = &bytes[..bytes.len() - 2];
            if matches!(data.last(), Some(0 | 0xFF)) {
                zeros += 1;
                check(data, true);
            }
        }
        assert!(zeros > 0, "no data ended like filling");
    }

    #[test]
    fn a_picture_really_cut_short_stays_so() {
        for bytes in [baseline(), progressive()] {
            let whole = bytes.len() - 2;
            for missing in (1..12).chain([100, 1000, 3000]) {
                check(&bytes[..whole - missing], false);
            }
        }
    }

    #[test]
    fn a_copy_that_broke_off_and_was_filled_up_is_cut_short() {
        for fill in [0, 0xFF] {
            let filled = |end: usize| [&baseline()[..end], &[fill; 3000]].concat();
            check(&filled(3000), false);
            check(&filled(baseline().len() - 2), true);
        }
    }

    #[test]
    fn what_a_phone_writes_behind_a_picture_without_mark_is_no_part_of_it() {
        let bytes = baseline();
        let trailer =
            [&b"\0\0\x01\x0AImage_UTC_Data"[..], &[0xFF, 0xE6, 0xFF, 0xF5, 9, 9]].concat();
        check(&[&bytes[..bytes.len() - 2], &trailer].concat(), true);
        let marked = [&bytes[..], &trailer].concat();
        assert_eq!(with_end(&marked, || Ok(())).unwrap(), marked);
    }

    #[test]
    fn scans_that_never_came_are_missing() {
        let bytes = progressive();
        let mut at = 0;
        // Where each scan begins; the last one brings the last bits of brightness.
        let mut scans = Vec::new();
        while let Some(found) = bytes[at..].windows(2).position(|pair| pair == [0xFF, 0xDA]) {
            scans.push(at + found);
            at += found + 2;
        }
        for &scan in &scans[1..] {
            check(&bytes[..scan], false);
        }
    }
}
