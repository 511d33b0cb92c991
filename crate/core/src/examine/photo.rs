//! What a still picture tells: size, EXIF, thumbnail, fingerprint.

use exif::Exif;
use image::{ImageDecoder, ImageReader};

use super::boxes::follow;
use super::extract::Extract;
use super::gather;
use super::jpeg_marks::{marks, profile};
use super::look::{chroma, fingerprint, miniature, without_bars};
use super::photo_heif::{heif_notes, upright};
use super::photo_time::{self, notes};
use super::pixels::plane::within;
use super::pixels::profile::to_srgb;
use super::pixels::{Plane, Tones, Window, decode_jpeg, decode_other, luma, raw_preview, tones};
use crate::error::Problem;
use crate::model::{Chroma, Features, Kind, Size, TimeSource};
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
    if let Some(exif) = &still.exif {
        note(exif, features);
    }
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
    thumbnail: Option<Seen>,
    quantisation: Option<f32>,
    profiled: Option<u8>,
}

fn read(kind: Kind, extract: &Extract, limits: &Limits) -> Still {
    let head = extract.head();
    match kind {
        Kind::Jpeg => jpeg(head, limits),
        Kind::Heic => heif(extract, limits),
        Kind::Raw => raw(head, limits),
        Kind::Png | Kind::Webp | Kind::Tiff => other(kind, extract, limits),
        _ => Still::default(),
    }
}

fn note(exif: &Exif, features: &mut Features) {
    let notes = notes(exif);
    features.place = notes.place;
    features.camera = notes.camera;
    features.content_id = notes.content_id;
    if let Some(taken) = notes.taken {
        features.taken = Some(taken);
        features.time_source = Some(TimeSource::Exif);
        features.zone_minutes = notes.zone_minutes;
        features.sub_millis = notes.sub_millis;
    } else if let Some(taken) = notes.gps_time {
        features.taken = Some(taken);
        features.time_source = Some(TimeSource::Gps);
    }
}

fn jpeg(head: &[u8], limits: &Limits) -> Still {
    let Some(marks) = marks(head) else { return Still::default() };
    let stored = marks.frame.map(|frame| frame.size());
    let exif = marks.exif.and_then(photo_time::parse);
    let profiled = shift(profile(head));
    Still { quantisation: marks.quantisation(), profiled, ..with_exif(stored, exif, limits) }
}

fn raw(head: &[u8], limits: &Limits) -> Still {
    let exif = photo_time::parse(head);
    let noted = exif.as_ref().and_then(|exif| notes(exif).noted_size);
    with_exif(noted.or_else(|| raw_preview::size(head)), exif, limits)
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
    let profiled = shift(notes.profile);
    Still { size: notes.size, thumbnail, exif, quantisation: None, profiled }
}

fn other(kind: Kind, extract: &Extract, limits: &Limits) -> Still {
    let decoder = ImageReader::new(decode_other::buffered(extract))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.into_decoder().ok());
    let Some(mut decoder) = decoder else {
        let exif = (kind == Kind::Tiff).then(|| photo_time::parse(extract.head())).flatten();
        return with_exif(webp_canvas(extract.head()), exif, limits);
    };
    let stored = Some(Size::from(decoder.dimensions()));
    let profiled = shift(decoder.icc_profile().unwrap_or(None));
    let block = match kind {
        Kind::Tiff => Some(extract.head().to_vec()),
        _ => decoder.exif_metadata().unwrap_or(None),
    };
    let exif = block.as_deref().and_then(photo_time::parse);
    Still { profiled, ..with_exif(stored, exif, limits) }
}

/// By how much a profile changes brightness, if it says that colours are not sRGB's.
fn shift(icc: Option<Vec<u8>>) -> Option<u8> {
    to_srgb(&icc?).map(|profile| profile.shift())
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
    Still { size: stored.map(turn), exif, thumbnail, quantisation: None, profiled: None }
}
