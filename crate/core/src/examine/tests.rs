//! Whole runs of gather and examine over files made in code, good and broken.

use image::{ExtendedColorType, ImageEncoder, ImageFormat, RgbImage};

use super::testing::{boxed, moov, words};
use super::*;
use crate::model::Size;

/// A picture without symmetry.
fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = ((x * x / 9 + 5 * y) % 200) as u8;
        image::Rgb([wave, 255 - wave / 2, (x * 255 / width) as u8])
    })
}

fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// An EXIF block with orientation and time.
fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    block.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation as u8, 0, 0]);
    block.extend([0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]);
    block.extend([0, 2, 0x90, 0x03, 0, 2, 0, 0, 0, 20, 0, 0, 0, 68]);
    block.extend([0x90, 0x11, 0, 2, 0, 0, 0, 7, 0, 0, 0, 88, 0, 0, 0, 0]);
    block.extend(b"2024:01:15 12:34:56\0+01:00\0");
    block
}

/// A JPEG of the scene with an EXIF block.
fn photo(orientation: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    let image = scene(96, 64);
    encoder.write_image(image.as_raw(), 96, 64, ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn run(name: &str, bytes: &[u8], depth: Depth) -> Examined {
    let limits = Limits::default();
    let extract = gather(&bytes.to_vec(), depth, &limits).unwrap();
    examine(name, Some(1_700_000_000), &extract, &limits)
}

#[test]
fn a_photo_tells_time_zone_and_size() {
    let found = run("a.jpg", &photo(6), Depth::Whole);
    assert_eq!(found.problems, []);
    let features = found.features;
    assert_eq!(features.size, Some(Size::new(64, 96)));
    assert_eq!(features.taken, Some(Taken::Utc(1_705_318_496)));
    assert_eq!(features.zone_minutes, Some(60));
    assert_eq!(features.time_source, Some(TimeSource::Exif));
    assert!(features.fingerprint.is_some() && features.sha1.is_some());
    assert!(features.quantisation.is_some_and(|mean| (5.0..20.0).contains(&mean)));
}

#[test]
fn a_turned_photo_looks_like_the_upright_one() {
    let upright = pixels::luma(&photo(1), 64, &Limits::default()).unwrap();
    let turned = pixels::luma(&photo(6), 64, &Limits::default()).unwrap();
    assert_eq!((upright.width, upright.height, turned.width), (96, 64, 64));
    // Orientation 6 is turned a quarter clockwise.
    assert_eq!(turned.grey[63], upright.grey[0]);
    assert_eq!(turned.grey[0], upright.grey[63 * 96]);
}

#[test]
fn every_format_gives_the_same_greys() {
    let image = scene(96, 64);
    let want = pixels::luma(&encoded(&image, ImageFormat::Png), 1, &Limits::default()).unwrap();
    for format in [ImageFormat::WebP, ImageFormat::Tiff] {
        let bytes = encoded(&image, format);
        assert_eq!(pixels::luma(&bytes, 1, &Limits::default()), Ok(want.clone()));
        assert_eq!(run("x", &bytes, Depth::Head).features.size, Some(Size::new(96, 64)));
    }
    let jpeg = pixels::luma(&photo(1), 96, &Limits::default()).unwrap();
    let far = jpeg.grey.iter().zip(&want.grey).map(|(a, b)| u64::from(a.abs_diff(*b)));
    assert!(far.sum::<u64>() / (96 * 64) < 6);
}

#[test]
fn a_view_is_upright_and_small() {
    let view = pixels::jpeg_view(&photo(6), 48, &Limits::default()).unwrap();
    let found = run("view.jpg", &view, Depth::Whole);
    assert_eq!((found.features.size, found.problems), (Some(Size::new(32, 48)), vec![]));
}

#[test]
fn the_profile_goes_with_the_view() {
    let mut profile = vec![0; 128];
    profile[16..20].copy_from_slice(b"RGB ");
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(profile.clone()).unwrap();
    encoder.write_image(scene(8, 8).as_raw(), 8, 8, ExtendedColorType::Rgb8).unwrap();
    let view = pixels::jpeg_view(&bytes, 8, &Limits::default()).unwrap();
    assert!(view.windows(128).any(|window| window == profile));
}

#[test]
fn glass_is_seen_on_white_paper() {
    let glass = image::RgbaImage::from_pixel(4, 4, image::Rgba([0, 0, 0, 51]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    glass.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let plane = pixels::luma(&bytes.into_inner(), 4, &Limits::default()).unwrap();
    assert_eq!(plane.grey, [204; 16]);
}

#[test]
fn names_and_changes_are_the_last_clues() {
    let plain = encoded(&scene(8, 8), ImageFormat::Png);
    let named = run("IMG_20240115_123456.png", &plain, Depth::Head).features;
    assert_eq!(named.time_source, Some(TimeSource::Name));
    let changed = run("x.png", &plain, Depth::Head).features;
    assert_eq!(changed.taken, Some(Taken::Utc(1_700_000_000)));
    assert_eq!(changed.time_source, Some(TimeSource::Modified));
}

#[track_caller]
fn check_problem(name: &str, bytes: &[u8], want: &str) {
    let problems = run(name, bytes, Depth::Whole).problems;
    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(words.iter().any(|words| words.contains(want)), "{want}: {words:?}");
}

#[test]
fn says_what_is_wrong() {
    let jpeg = photo(1);
    check_problem("a.jpg", b"", "empty");
    check_problem("a.jpg", b"not a picture", "its content is a text");
    check_problem("a.HEIC", &jpeg, "named like an HEIC picture");
    check_problem("a.jpg", &jpeg[..jpeg.len() / 2], "ends too early");
    check_problem("a.mp4", &boxed(b"ftyp", b"mp42\0\0\0\0"), "no index");
    let mut huge = jpeg.clone();
    let frame = huge.windows(4).position(|four| four == [0xFF, 0xC0, 0, 17]).unwrap();
    huge[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
    check_problem("a.jpg", &huge, "60000 × 60000");
}

#[test]
fn a_jpeg_named_heic_is_still_used() {
    let found = run("a.HEIC", &photo(1), Depth::Whole).features;
    assert_eq!((found.kind, found.size), (Kind::Jpeg, Some(Size::new(96, 64))));
    assert!(found.fingerprint.is_some());
}

#[test]
fn a_video_is_read_from_its_index_at_the_end() {
    let parts = [boxed(b"ftyp", b"mp42\0\0\0\0"), boxed(b"mdat", &[0; 200_000]), moov(true)];
    let features = run("VID_20240115_123456.mp4", &parts.concat(), Depth::Head).features;
    assert_eq!(features.size, Some(Size::new(360, 640)));
    assert_eq!(features.video.and_then(|video| video.duration_ms), Some(2500));
    assert_eq!(features.taken, Some(Taken::Wall(1_705_322_096)));
}

/// The smallest HEIC: a container, turned a quarter against the clock, whose
/// picture cannot be decoded.
fn heic(exif: &[u8]) -> Vec<u8> {
    let hdlr = boxed(b"hdlr", &[&[0; 8][..], b"pict", &[0; 13]].concat());
    let pitm = boxed(b"pitm", &[0, 0, 0, 0, 0, 1]);
    let picture = boxed(b"infe", b"\x02\0\0\0\0\x01\0\0hvc1\0");
    let notes = boxed(b"infe", b"\x02\0\0\0\0\x02\0\0Exif\0");
    let iinf = boxed(b"iinf", &[&[0, 0, 0, 0, 0, 2][..], &picture, &notes].concat());
    let iref = boxed(b"iref", &[vec![0; 4], boxed(b"cdsc", &[0, 2, 0, 1, 0, 1])].concat());
    let ispe = boxed(b"ispe", &[0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 30]);
    let ipco = boxed(b"ipco", &[ispe, boxed(b"irot", &[1])].concat());
    let ipma = boxed(b"ipma", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 2]);
    let iprp = boxed(b"iprp", &[ipco, ipma].concat());
    // The item lies behind the 20 bytes of `ftyp`, `meta` and four zeros; `iloc` has 30.
    let meta = [vec![0; 4], hdlr, pitm, iinf, iref, iprp].concat();
    let at = 20 + 8 + meta.len() as u32 + 30 + 8;
    let start = [0, 0, 0, 0, 0x44, 0, 0, 1, 0, 2, 0, 0, 0, 1];
    let iloc = boxed(b"iloc", &[&start[..], &words(&[at, exif.len() as u32 + 4])].concat());
    let mdat = boxed(b"mdat", &[&[0; 4], exif].concat());
    [boxed(b"ftyp", b"heic\0\0\0\0heic"), boxed(b"meta", &[meta, iloc].concat()), mdat].concat()
}

#[test]
fn a_heic_container_tells_the_turned_size() {
    assert_eq!(run("a.heic", &heic(&[]), Depth::Head).features.size, Some(Size::new(30, 40)));
}

#[test]
fn a_heics_thumbnail_in_exif_is_turned_with_it() {
    let thumbnail = encoded(&scene(40, 30), ImageFormat::Jpeg);
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0".to_vec();
    exif.extend(b"\0\0\0\x1A\0\x02\x02\x01\0\x04\0\0\0\x01\0\0\0\x38\x02\x02\0\x04\0\0\0\x01");
    exif.extend(words(&[thumbnail.len() as u32, 0]));
    exif.extend(&thumbnail);
    let plane = pixels::luma(&thumbnail, 128, &Limits::default()).unwrap();
    let want = look::fingerprint(&pixels::plane::oriented(plane, 8).unwrap());
    assert!(want.is_some());
    for depth in [Depth::Head, Depth::Whole] {
        assert_eq!(run("a.heic", &heic(&exif), depth).features.fingerprint, want);
    }
}

/// Flips bytes and cuts ends; nothing may panic, and what is decoded stays
/// within the limits.
#[test]
fn broken_files_are_survived() {
    let video = [boxed(b"ftyp", b"mp42\0\0\0\0"), moov(false)].concat();
    let png = encoded(&scene(24, 16), ImageFormat::Png);
    let limits = Limits { pixels: 1_000_000, decode_bytes: 16 << 20, ..Limits::default() };
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for good in [photo(6), png, video, heic(&[])] {
        for round in 0..400 {
            let mut bytes = good.clone();
            for _ in 0..=round % 4 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let at = (state >> 16) as usize % bytes.len();
                bytes[at] ^= (state >> 8) as u8;
            }
            if round % 5 == 0 {
                bytes.truncate((state >> 32) as usize % bytes.len());
            }
            let extract = gather(&bytes, Depth::Whole, &limits).unwrap();
            let features = examine("x.jpg", None, &extract, &limits).features;
            let whole = !bytes.is_empty() && extract.whole().is_some();
            assert_eq!(features.sha1.is_some(), whole);
            if let Ok(view) = pixels::jpeg_view(&bytes, 32, &limits) {
                assert!(view.len() < 100_000);
            }
        }
    }
}

#[test]
fn colours_beyond_the_screens_are_cut_off() {
    let tones = |[luma, blue, red]: [u8; 3]| {
        let tones = pixels::Tones::from_coded(1, 1, std::iter::once([luma, blue, red]));
        [&tones.luma, &tones.chroma[0], &tones.chroma[1]].map(|plane| plane.grey[0])
    };
    assert_eq!(tones([120, 140, 110]), [120, 140, 110], "what a screen shows stays as it is");
    // Blue 1.772 × 60 and green -0.344 × 60 beside black: only blue 106 is left.
    assert_eq!(tones([0, 188, 128]), [12, 181, 119]);
}

#[test]
fn a_transparent_picture_is_seen_over_black_too() {
    let solid = image::RgbaImage::from_fn(96, 64, |x, y| image::Rgba([x as u8, y as u8, 7, 255]));
    let mut clear = solid.clone();
    clear.get_pixel_mut(3, 3).0[3] = 254;
    let seen = |picture: &image::RgbaImage| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        run("a.png", &bytes.into_inner(), Depth::Whole).features.on_black
    };
    assert_eq!(seen(&solid), None);
    assert!(seen(&clear).is_some());
}

#[test]
fn a_profile_is_known_from_the_head() {
    let with = |profile: Option<moxcms::ColorProfile>| {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile.encode().unwrap()).unwrap();
        }
        let image = scene(96, 64);
        encoder.write_image(image.as_raw(), 96, 64, ExtendedColorType::Rgb8).unwrap();
        run("a.jpg", &bytes, Depth::Head).features.profiled.is_some()
    };
    assert!(with(Some(moxcms::ColorProfile::new_display_p3())));
    assert!(!with(Some(moxcms::ColorProfile::new_srgb())));
    assert!(!with(None));
}

#[test]
fn a_clock_that_was_never_set_leaves_the_name_as_a_clue() {
    let features = run("IMG_20240303_100500.jpg", &photo(1), Depth::Head).features;
    assert_eq!(features.time_source, Some(TimeSource::Exif));
    assert_eq!(features.next_clue, Some((Taken::Wall(1_709_460_300), TimeSource::Name)));
    let features = run("a.jpg", &encoded(&scene(9, 9), ImageFormat::Jpeg), Depth::Head).features;
    assert_eq!((features.time_source, features.next_clue), (Some(TimeSource::Modified), None));
}
