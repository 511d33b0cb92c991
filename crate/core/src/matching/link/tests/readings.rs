//! Files that show their picture in more ways than one.

use super::*;
use crate::examine::look::fingerprint;

/// A picture turned a quarter to the right.
fn turned(plane: &Plane) -> Plane {
    let Plane { width, height, .. } = *plane;
    let level = |x: u32, y: u32| plane.grey[((height - 1 - x) * width + y) as usize];
    let grey = (0..width).flat_map(|y| (0..height).map(move |x| (x, y)));
    Plane { width: height, height: width, grey: grey.map(|(x, y)| level(x, y)).collect() }
}

/// The file with an EXIF orientation, as a viewer writes it.
fn marked(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let block = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
    let segment = [&block[..], &[orientation, 0, 0, 0, 0, 0, 0]].concat();
    let length = (segment.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &segment, &jpeg[2..]].concat()
}

/// What examining such a file finds.
fn seen(shown: &Plane) -> Features {
    Features { fingerprint: fingerprint(shown), ..picture(shown) }
}

#[test]
fn a_file_that_was_turned_after_it_was_sent_is_found() {
    let stored = frame(5, 0);
    let shown = turned(&stored);
    let upright = scenes::jpeg(&stored, 92);
    // Its orientation was written, or its pixels were turned and it was taken away.
    for bytes in [marked(&upright, 6), scenes::jpeg(&shown, 92)] {
        let mut world = World::default();
        world.original("a.jpg", bytes, seen(&shown));
        world.original(
            "b.jpg",
            scenes::jpeg(&turned(&frame(6, 0)), 92),
            seen(&turned(&frame(6, 0))),
        );
        world.send(&stored);
        world.check(Mode::Strict, &[(Decision::Matched, Some("a.jpg"))]);
    }
}

#[test]
fn a_picture_in_two_directions_is_not_the_one_that_was_sent() {
    // Another shot of the same place, upright.
    let mut world = World::default();
    let other = turned(&frame(5, 9));
    world.original("a.jpg", scenes::jpeg(&other, 92), seen(&other));
    world.send(&frame(5, 0));
    let (matches, _) = world.run(&Settings::default());
    assert_eq!(matches.pairings[0].original, None);
}

/// The scene in the lower half; what is above is transparent and seems black.
fn png(plane: &Plane) -> Vec<u8> {
    let clear = (plane.width * plane.height / 2) as usize;
    let pixel = |(at, &level): (usize, &u8)| [level, if at < clear { 0 } else { 255 }];
    let data: Vec<u8> = plane.grey.iter().enumerate().flat_map(pixel).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::GrayAlphaImage::from_raw(plane.width, plane.height, data).unwrap();
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn what_is_transparent_may_be_sent_over_white_or_over_black() {
    let plane = frame(5, 0);
    let clear = (plane.width * plane.height / 2) as usize;
    let over = |paper: u8| {
        let shown = plane.grey.iter().enumerate();
        let grey = shown.map(|(at, &level)| if at < clear { paper } else { level });
        Plane { grey: grey.collect(), ..plane }
    };
    let (white, black) = (over(255), over(0));
    for sent in [&white, &black] {
        let mut world = World::default();
        let on_black = fingerprint(&black).zip(miniature(&black));
        let features = Features { kind: Kind::Png, on_black, ..seen(&white) };
        world.original("logo.png", png(&plane), features);
        let small = half(sent);
        let item = world.exported("sent.jpg", scenes::jpeg(&small, 85), seen(&small));
        world.fixture.send(MediaKind::Image, Some(item), SECOND);
        world.check(Mode::Strict, &[(Decision::Matched, Some("logo.png"))]);
    }
}
