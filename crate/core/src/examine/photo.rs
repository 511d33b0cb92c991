//! What a still picture tells: size, EXIF, thumbnail, fingerprint.

use std::borrow::Cow;

use ::exif::Exif;
use image::{ImageDecoder, ImageReader};

use super::boxes::follow;
use super::extract::Extract;
use super::gather;
use super::jpeg_marks::{marks, profile};
use super::look::{chroma, fingerprint, miniature, without_bars};
use super::metadata::{
    self, Noted, believed, blocks, exif, iptc, motion, profile as colour, settle, xmp,
};
use super::photo_heif::{heif_notes, upright};
use super::photo_time::{self, notes};
use super::pixels::plane::within;
use super::pixels::profile::to_srgb;
use super::pixels::{Plane, Tones, Window, decode_jpeg, decode_other, luma, raw_preview, tones};
use crate::error::Problem;
use crate::model::{Chroma, Features, Kind, Metadata, Motion, Size};
use crate::settings::Limits;

/// Long edge in pixels that is enough for a fingerprint: twice what it is averaged
/// to.
const LOOK_EDGE: u32 = 128;

/// Learns what a picture tells; pixels of the picture itself are decoded only
/// if it was taken whole and its thumbnail does not do.
pub(super) fn photo(extract: &Extract, limits: &Limits, features: &mut Features) -> Vec<Problem> {
    let still = read(features.kind, extract, limits);
    features.quantisation = still.quantisation;
    features.size = still.size;
    features.profiled = still.profiled;
    settle(said(&still), features);
    if let Some(Err(problem)) = still.size.map(|size| within(size, 1, limits)) {
        return vec![problem];
    }
    let seen = match extract.whole() {
        // An HEIC takes about a second to decode, its thumbnail 4 to 11 ms (docs/decoders.md).
        Some(_) if features.kind == Kind::Heic && still.thumbnail.is_some() => still.thumbnail,
        Some(bytes) if features.kind.is_picture() => match see(features.kind, bytes, limits) {
            Ok(seen) => Some(seen),
            Err(problem) => return vec![problem],
        },
        _ => still.thumbnail,
    };
    if let Some(seen) = seen {
        features.fingerprint = fingerprint(&seen.luma);
        features.miniature = miniature(&seen.luma);
        features.chroma = seen.chroma;
        let black = seen.on_black.as_ref();
        features.on_black = black.and_then(|plane| fingerprint(plane).zip(miniature(plane)));
    }
    Vec::new()
}

/// A picture's pixels, upright and without bars. Colours only where a JPEG was
/// decoded, be it the thumbnail: the proof decodes an HEIC with its colours anyway.
struct Seen {
    luma: Plane,
    chroma: Option<Chroma>,
    /// Over black, where a part is transparent.
    on_black: Option<Plane>,
}

impl Seen {
    fn grey(luma: Plane) -> Self {
        Self { luma, chroma: None, on_black: None }
    }

    fn coloured(tones: Tones) -> Self {
        let chroma = chroma(&tones, Window::whole(&tones.luma));
        Self { luma: tones.luma, chroma: Some(chroma), on_black: None }
    }
}

fn see(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<Seen, Problem> {
    match kind {
        Kind::Jpeg => tones(bytes, LOOK_EDGE, limits).map(Seen::coloured),
        Kind::Png | Kind::Webp | Kind::Tiff => {
            let (luma, on_black) = decode_other::over_both(bytes, limits)?;
            Ok(Seen { on_black, ..Seen::grey(luma) })
        }
        _ => luma(bytes, LOOK_EDGE, limits).map(Seen::grey),
    }
}

/// What the file's structure tells, before anything is decoded.
#[derive(Default)]
struct Still {
    /// After orientation.
    size: Option<Size>,
    exif: Option<Exif>,
    /// Blocks by which nothing is turned.
    more: Vec<Exif>,
    /// The XMP packet.
    xmp: Option<Vec<u8>>,
    /// IPTC's data sets.
    iptc: Option<Vec<u8>>,
    thumbnail: Option<Seen>,
    quantisation: Option<f32>,
    profiled: Option<u8>,
    /// What its colour profile calls itself.
    profile: Option<String>,
    /// How an HEIC is turned: as EXIF numbers it.
    turned: Option<u8>,
    motion: Option<Motion>,
}

/// What the blocks of a file say together.
fn said(still: &Still) -> Noted {
    let exif = still.exif.iter().chain(&still.more).map(exif::read);
    let programs =
        [still.xmp.as_deref().and_then(xmp::read), still.iptc.as_deref().map(iptc::read)];
    let mut noted = believed(exif.chain(programs.into_iter().flatten()));
    let (profile, turned, motion) = (still.profile.clone(), still.turned, still.motion);
    noted.metadata = Metadata { profile, turned, motion, ..noted.metadata };
    noted
}

fn read(kind: Kind, extract: &Extract, limits: &Limits) -> Still {
    match kind {
        Kind::Jpeg => jpeg(extract, limits),
        Kind::Heic => heif(extract, limits),
        Kind::Raw => raw(extract, limits),
        Kind::Png | Kind::Webp | Kind::Tiff => other(kind, extract, limits),
        _ => Still::default(),
    }
}

fn jpeg(extract: &Extract, limits: &Limits) -> Still {
    let head = extract.head();
    let Some(marks) = marks(head) else { return Still::default() };
    let stored = marks.frame.map(|frame| frame.size());
    let exif = marks.exif.and_then(photo_time::parse);
    let found = blocks::jpeg(head);
    Still {
        quantisation: marks.quantisation(),
        xmp: found.xmp.map(<[u8]>::to_vec),
        iptc: found.iptc.map(<[u8]>::to_vec),
        motion: motion::of_jpeg(head, extract),
        ..with_exif(stored, exif, limits).coloured(profile(head).as_deref())
    }
}

fn raw(extract: &Extract, limits: &Limits) -> Still {
    let head = extract.head();
    let exif = photo_time::parse(head);
    if exif.is_none() {
        // Previews are shown as they lie there.
        let more = metadata::raw::blocks(head, extract);
        let xmp = metadata::raw::packet(extract);
        return Still { size: raw_preview::size(head), more, xmp, ..Still::default() };
    }
    let noted = exif.as_ref().and_then(|exif| notes(exif).noted_size);
    let (xmp, iptc) = blocks::tiff(head, extract);
    Still { xmp, iptc, ..with_exif(noted.or_else(|| raw_preview::size(head)), exif, limits) }
}

/// Cameras give an HEIC a thumbnail item, or one in EXIF (Xiaomi). A picture edited
/// on an iPhone has neither and must be decoded.
fn heif(extract: &Extract, limits: &Limits) -> Still {
    let front = follow(extract, |found| &found.name == b"meta")
        .and_then(|boxes| gather::front(extract, &boxes));
    let notes = front.map(|front| heif_notes(&front, extract)).unwrap_or_default();
    let exif = notes.exif.as_deref().and_then(photo_time::parse);
    let in_exif = || {
        let plane = decode_jpeg::luma(photo_time::thumbnail(exif.as_ref()?)?, LOOK_EDGE, limits);
        upright(plane.ok()?, &notes.turns)
    };
    let thumbnail = notes.thumbnail.or_else(in_exif).and_then(|thumbnail| {
        let part = without_bars(&thumbnail, notes.size?)?;
        Some(Seen::grey(part.of(thumbnail)))
    });
    let turned = one_turn(&notes.turns);
    let still = Still { size: notes.size, thumbnail, exif, turned, ..Still::default() };
    Still { xmp: notes.xmp, motion: film(extract), ..still }.coloured(notes.profile.as_deref())
}

/// The film in an HEIC's own box for it.
fn film(extract: &Extract) -> Option<Motion> {
    let found = follow(extract, |found| &found.name == b"mpvd").ok()?;
    let found = found.last().filter(|found| &found.name == b"mpvd")?;
    let film = Motion { start: found.body, bytes: found.end - found.body };
    motion::begins(extract, film.start).then_some(film)
}

/// Several turns as one, numbered as EXIF numbers them; `None`: none.
fn one_turn(turns: &[u8]) -> Option<u8> {
    /// What shows each number upright: where the first row and the first column come
    /// from, each as across and down (EXIF 2.32, section 4.6.4).
    const TURNS: [[[i8; 2]; 2]; 8] = [
        [[1, 0], [0, 1]],
        [[-1, 0], [0, 1]],
        [[-1, 0], [0, -1]],
        [[1, 0], [0, -1]],
        [[0, 1], [1, 0]],
        [[0, -1], [1, 0]],
        [[0, -1], [-1, 0]],
        [[0, 1], [-1, 0]],
    ];
    let of = |turn: u8| TURNS.get(usize::from(turn).checked_sub(1)?).copied();
    let after = |[[a, b], [c, d]]: [[i8; 2]; 2], [[e, f], [g, h]]: [[i8; 2]; 2]| {
        [[a * e + b * g, a * f + b * h], [c * e + d * g, c * f + d * h]]
    };
    let whole = turns.iter().try_fold(TURNS[0], |sum, turn| Some(after(of(*turn)?, sum)))?;
    let at = TURNS.iter().position(|turn| *turn == whole)?;
    u8::try_from(at + 1).ok().filter(|turn| *turn > 1)
}

fn other(kind: Kind, extract: &Extract, limits: &Limits) -> Still {
    let still = decoded(kind, extract, limits);
    let head = extract.head();
    match kind {
        Kind::Tiff => {
            let (xmp, iptc) = blocks::tiff(head, extract);
            Still { xmp, iptc, ..still }
        }
        Kind::Png => {
            let found = blocks::png(head);
            // The decoder looks at what stands before the picture only, and turns by that.
            let late = found.exif.as_deref().filter(|_| still.exif.is_none());
            let more = late.and_then(photo_time::parse).into_iter().collect();
            Still { xmp: found.xmp.map(Cow::into_owned), more, ..still }
        }
        _ => still,
    }
}

/// What the decoder of a PNG, WebP or TIFF tells of it.
fn decoded(kind: Kind, extract: &Extract, limits: &Limits) -> Still {
    let decoder = ImageReader::new(decode_other::buffered(extract))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.into_decoder().ok());
    let Some(mut decoder) = decoder else {
        let exif = (kind == Kind::Tiff).then(|| photo_time::parse(extract.head())).flatten();
        return with_exif(webp_canvas(extract.head()), exif, limits);
    };
    let stored = Some(Size::from(decoder.dimensions()));
    let icc = decoder.icc_profile().unwrap_or(None);
    let block = match kind {
        Kind::Tiff => Some(extract.head().to_vec()),
        _ => decoder.exif_metadata().unwrap_or(None),
    };
    let xmp = (kind == Kind::Webp).then(|| decoder.xmp_metadata().unwrap_or(None)).flatten();
    let exif = block.as_deref().and_then(photo_time::parse);
    Still { xmp, ..with_exif(stored, exif, limits).coloured(icc.as_deref()) }
}

impl Still {
    /// With what its colour profile says: its name, and by how much it changes
    /// brightness, if it says that colours are not sRGB's.
    fn coloured(self, icc: Option<&[u8]>) -> Self {
        let profiled = icc.and_then(to_srgb).map(|profile| profile.shift());
        Self { profiled, profile: icc.map(colour::name), ..self }
    }
}

/// Size of an extended WebP, whose decoder wants to see all chunks first.
fn webp_canvas(head: &[u8]) -> Option<Size> {
    let &[w0, w1, w2, h0, h1, h2] = head.get(24..30)?.first_chunk()?;
    let edge = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]) + 1;
    let canvas = || Size::new(edge(w0, w1, w2), edge(h0, h1, h2));
    (head.starts_with(b"RIFF") && &head[8..16] == b"WEBPVP8X").then(canvas)
}

/// Turns size and thumbnail as EXIF says.
fn with_exif(stored: Option<Size>, exif: Option<Exif>, limits: &Limits) -> Still {
    let orientation = exif.as_ref().map_or(1, photo_time::orientation);
    let thumbnail =
        exif.as_ref().and_then(photo_time::thumbnail).zip(stored).and_then(|(thumbnail, size)| {
            let tones = decode_jpeg::tones(thumbnail, LOOK_EDGE, limits).ok()?;
            let part = without_bars(&tones.luma, size)?;
            let shown = tones.map(|plane| part.of(plane));
            Some(Seen::coloured(shown.oriented(orientation).ok()?))
        });
    let turn = |size: Size| if orientation >= 5 { size.turned() } else { size };
    Still { size: stored.map(turn), exif, thumbnail, ..Still::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_one_after_the_other_are_one() {
        assert_eq!(one_turn(&[]), None);
        assert_eq!(one_turn(&[6]), Some(6));
        assert_eq!(one_turn(&[6, 8]), None);
        assert_eq!(one_turn(&[6, 6]), Some(3));
        // Every pair as the decoder's own turning shows it.
        let plane = Plane { width: 3, height: 2, grey: (0..6).collect() };
        for first in 1..=8 {
            for second in 1..=8 {
                let both = upright(plane.clone(), &[first, second]);
                let one = upright(plane.clone(), &[one_turn(&[first, second]).unwrap_or(1)]);
                assert_eq!(both, one, "{first}, {second}");
            }
        }
    }
}
