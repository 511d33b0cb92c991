//! What a still picture tells: size, EXIF, thumbnail, fingerprint.

use exif::Exif;
use image::{ImageDecoder, ImageReader};

use super::boxes::follow;
use super::decode::{Plane, Tones, Window, luma, tones, within};
use super::jpeg_marks::marks;
use super::look::{chroma, look, miniature, without_bars};
use super::photo_heif::{heif_notes, upright};
use super::photo_time::{self, notes};
use super::{Extract, decode_jpeg, decode_other, gather, raw_preview};
use crate::error::Problem;
use crate::model::{Chroma, Features, Kind, TimeSource};
use crate::settings::Limits;

/// Long edge that is enough for a fingerprint.
const LOOK_EDGE: u32 = 128;

/// Learns what a picture tells; pixels of the picture itself are decoded only
/// if it was taken whole and its thumbnail does not do.
pub(super) fn photo(extract: &Extract, limits: &Limits, features: &mut Features) -> Vec<Problem> {
    let still = read(features.kind, extract, limits);
    features.quantisation = still.quantisation;
    features.size = still.size;
    if let Some(exif) = &still.exif {
        note(exif, features);
    }
    if let Some(Err(problem)) = still.size.map(|(width, height)| within(width, height, 1, limits)) {
        return vec![problem];
    }
    let seen = match extract.whole() {
        // A HEIC takes a second to decode, its thumbnail some milliseconds.
        Some(_) if features.kind == Kind::Heic && still.thumbnail.is_some() => still.thumbnail,
        Some(bytes) if features.kind.is_picture() => match see(features.kind, bytes, limits) {
            Ok(seen) => Some(seen),
            Err(problem) => return vec![problem],
        },
        _ => still.thumbnail,
    };
    if let Some(seen) = seen {
        features.look = look(&seen.luma);
        features.miniature = miniature(&seen.luma);
        features.chroma = seen.chroma;
    }
    Vec::new()
}

/// What is seen of a picture, upright and without bars. Colours only where a JPEG
/// was decoded, be it the thumbnail: the proof takes those of an HEIC from its
/// pixels, which it decodes with their colours anyway.
struct Seen {
    luma: Plane,
    chroma: Option<Chroma>,
}

impl Seen {
    fn grey(luma: Plane) -> Self {
        Self { luma, chroma: None }
    }

    fn coloured(tones: Tones) -> Self {
        let chroma = chroma(&tones, Window::whole(&tones.luma));
        Self { luma: tones.luma, chroma: Some(chroma) }
    }
}

fn see(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<Seen, Problem> {
    match kind {
        Kind::Jpeg => tones(bytes, LOOK_EDGE, limits).map(Seen::coloured),
        _ => luma(bytes, LOOK_EDGE, limits).map(Seen::grey),
    }
}

/// What the file's structure tells, before anything is decoded.
#[derive(Default)]
struct Still {
    /// After orientation.
    size: Option<(u32, u32)>,
    exif: Option<Exif>,
    thumbnail: Option<Seen>,
    quantisation: Option<f32>,
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
    let stored = marks.frame.map(|frame| (u32::from(frame.width), u32::from(frame.height)));
    let exif = marks.exif.and_then(photo_time::parse);
    Still { quantisation: marks.quantisation(), ..with_exif(stored, exif, limits) }
}

fn raw(head: &[u8], limits: &Limits) -> Still {
    let exif = photo_time::parse(head);
    let noted = exif.as_ref().and_then(|exif| notes(exif).noted_size);
    with_exif(noted.or_else(|| raw_preview::size(head)), exif, limits)
}

/// Cameras give an HEIC a thumbnail item, or one in EXIF (Xiaomi). What was
/// edited on an iPhone has neither and must be decoded.
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
    Still { size: notes.size, thumbnail, exif, quantisation: None }
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
    let stored = Some(decoder.dimensions());
    let block = match kind {
        Kind::Tiff => Some(extract.head().to_vec()),
        _ => decoder.exif_metadata().unwrap_or(None),
    };
    with_exif(stored, block.as_deref().and_then(photo_time::parse), limits)
}

/// Size of an extended WebP, whose decoder wants to see all chunks first.
fn webp_canvas(head: &[u8]) -> Option<(u32, u32)> {
    let &[w0, w1, w2, h0, h1, h2] = head.get(24..30)?.first_chunk()?;
    let canvas =
        || (u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1);
    (head.starts_with(b"RIFF") && &head[8..16] == b"WEBPVP8X").then(canvas)
}

/// Turns size and thumbnail as EXIF says.
fn with_exif(stored: Option<(u32, u32)>, exif: Option<Exif>, limits: &Limits) -> Still {
    let orientation = exif.as_ref().map_or(1, photo_time::orientation);
    let thumbnail =
        exif.as_ref().and_then(photo_time::thumbnail).zip(stored).and_then(|(thumbnail, size)| {
            let tones = decode_jpeg::tones(thumbnail, LOOK_EDGE, limits).ok()?;
            let part = without_bars(&tones.luma, size)?;
            let shown = tones.map(|plane| part.of(plane));
            Some(Seen::coloured(shown.oriented(orientation).ok()?))
        });
    let turn = |(width, height)| if orientation >= 5 { (height, width) } else { (width, height) };
    Still { size: stored.map(turn), exif, thumbnail, quantisation: None }
}
