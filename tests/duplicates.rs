//! Folders as people have them, through the real program: which files are duplicates,
//! which belong together, and which are kept. Each test stands for a kind of report that
//! users of such programs made.

// All of this file is a test, its helpers included.
#![allow(clippy::unwrap_used)]

#[path = "cases_support/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use heirloom_media::disk::{Made, zip};
use heirloom_media::edit::{self, Edit};
use heirloom_media::fixture;
use heirloom_media::picture::{self, Shot};
use heirloom_media::whatsapp::{self, Platform, Resampler, Sending};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;

/// A folder, and what is remembered of it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn photos(&self) -> std::path::PathBuf {
        self.0.path().join("photos")
    }

    fn put(&self, path: &str, bytes: &[u8]) -> &Self {
        let path = self.photos().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Runs `heirloom duplicates` with these words behind the folder.
    fn run(&self, words: &[&str]) -> String {
        let mut command = Command::new(program::path().unwrap());
        command.arg("--catalogue").arg(self.0.path().join("catalogue.redb"));
        command.arg("duplicates").args(words).current_dir(self.photos());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", program::said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn found(&self) -> Found {
        Found(serde_json::from_str(&self.run(&[".", "--json"])).unwrap())
    }
}

/// The document.
struct Found(Value);

impl Found {
    /// The groups: list, and the files of each unit.
    fn groups(&self) -> Vec<(String, Vec<Vec<String>>)> {
        let files = |unit: &Value| serde_json::from_value(unit["files"].clone()).unwrap();
        let groups = self.0["groups"].as_array().unwrap().iter();
        groups
            .map(|group| {
                let units = group["units"].as_array().unwrap().iter().map(files).collect();
                (group["list"].as_str().unwrap().to_owned(), units)
            })
            .collect()
    }

    /// Whether some group of this list is of these files, the keeper's first.
    #[track_caller]
    fn has(&self, list: &str, want: &[&str]) -> &Self {
        let firsts = |units: &Vec<Vec<String>>| {
            units.iter().map(|files| files[0].clone()).collect::<Vec<_>>()
        };
        let is = |(of, units): &(String, Vec<Vec<String>>)| {
            let found = firsts(units);
            let rest = |files: &[String]| files.iter().skip(1).cloned().collect::<BTreeSet<_>>();
            let wanted: Vec<String> = want.iter().map(|&file| file.to_owned()).collect();
            of == list && found.first() == wanted.first() && rest(&found) == rest(&wanted)
        };
        assert!(self.groups().iter().any(is), "no {list} {want:?} in {:#?}", self.groups());
        self
    }

    /// How many groups there are.
    #[track_caller]
    fn of(&self, count: usize) -> &Self {
        assert_eq!(self.groups().len(), count, "{:#?}", self.groups());
        self
    }

    /// The unit of this file.
    fn unit(&self, file: &str) -> Value {
        let groups = self.0["groups"].as_array().unwrap().iter();
        let mut units = groups.flat_map(|group| group["units"].as_array().unwrap());
        units.find(|unit| unit["files"][0] == file).unwrap().clone()
    }

    fn stacks(&self) -> Vec<(String, Vec<String>)> {
        let stacks = self.0["stacks"].as_array().unwrap().iter();
        stacks
            .map(|stack| {
                let files = serde_json::from_value(stack["files"].clone()).unwrap();
                (stack["rule"].as_str().unwrap().to_owned(), files)
            })
            .collect()
    }
}

fn photo(name: &str) -> DynamicImage {
    let whole = picture::decode(&fixture::bytes(&format!("photos/{name}.jpg")).unwrap()).unwrap();
    whatsapp::shrink(&whole, 1600, Resampler::Area)
}

fn shot(taken: &str) -> Shot {
    Shot {
        taken: Some(taken.into()),
        camera: Some("Canon EOS 5D".into()),
        quality: 92,
        thumbnail: true,
        ..Shot::default()
    }
}

fn camera(picture: &DynamicImage, taken: &str) -> Vec<u8> {
    picture::camera_jpeg(picture, &shot(taken)).unwrap()
}

fn sent(picture: &DynamicImage, long_edge: u32) -> Vec<u8> {
    let sending =
        Sending { long_edge, quality: None, resampler: Resampler::Cubic, platform: Platform::Ios };
    whatsapp::send(picture, &sending).unwrap()
}

fn as_kind(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture.to_rgb8()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const DAY: &str = "2021-05-04T10:11:12";

#[test]
fn what_is_on_a_disk_beside_photos_makes_no_copies() {
    let folder = Folder::new();
    let bytes = camera(&photo("cat"), DAY);
    folder.put("a.jpg", &bytes).put("b\n.jpg", &bytes).put("empty.jpg", b"").put("empty2.jpg", b"");
    folder.put("$RECYCLE.BIN/c.jpg", &bytes).put("Heirloom trash/x/d.jpg", &bytes);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.jpg", folder.photos().join("link.jpg")).unwrap();
        std::os::unix::fs::symlink("..", folder.photos().join("loop")).unwrap();
        fs::hard_link(folder.photos().join("a.jpg"), folder.photos().join("hard.jpg")).unwrap();
    }
    let found = folder.found();
    found.of(1).has("exact", &["a.jpg", "b\n.jpg"]);
    assert_eq!(found.0["summary"]["bytes_to_gain"], bytes.len());
    assert_eq!(folder.run(&[".", "--json"]), folder.run(&[".", ".", "--json"]));
    let said = folder.run(&["."]);
    assert!(said.contains("b\u{fffd}.jpg") && said.contains("Nothing was changed."), "{said}");
}

#[test]
fn other_metadata_around_the_same_picture_are_said() {
    let folder = Folder::new();
    let picture = photo("berlin");
    let (first, second) = (camera(&picture, DAY), camera(&picture, "2022-01-01T00:00:00"));
    let stripped =
        picture::camera_jpeg(&picture, &Shot { quality: 92, ..Shot::default() }).unwrap();
    let behind = [first.as_slice(), &[7; 3000]].concat();
    folder.put("a.jpg", &first).put("b.jpg", &second).put("c.jpg", &stripped);
    folder.put("recovered.jpg", &behind);
    let found = folder.found();
    found.of(1).has("payload", &["a.jpg", "b.jpg", "c.jpg", "recovered.jpg"]);
    let dates = &found.unit("b.jpg")["differs"]["date"];
    assert_eq!(*dates, serde_json::json!([DAY, "2022-01-01T00:00:00"]));
    assert_eq!(found.unit("c.jpg")["differs"]["camera"][1], Value::Null);
}

#[test]
fn every_encoding_of_a_shot_is_found_and_the_cameras_file_is_kept() {
    let folder = Folder::new();
    let picture = photo("thompson-springs");
    let half = whatsapp::shrink(&picture, 800, Resampler::Lanczos);
    let coarse = picture::camera_jpeg(&picture, &Shot { quality: 60, ..Shot::default() }).unwrap();
    let heic = picture::camera_heic(&half, &Shot { quality: 70, ..Shot::default() }).unwrap();
    folder.put("x/IMG_1.jpg", &camera(&picture, DAY)).put("coarse.jpg", &coarse);
    folder
        .put("sent.jpg", &sent(&picture, 1280))
        .put("small.png", &as_kind(&half, ImageFormat::Png));
    folder.put("small.webp", &as_kind(&half, ImageFormat::WebP)).put("small.heic", &heic);
    folder.put("other.jpg", &sent(&photo("berlin"), 1280));
    let rest = ["coarse.jpg", "sent.jpg", "small.png", "small.webp", "small.heic"];
    folder.found().of(1).has("shot", &[&["x/IMG_1.jpg"], &rest[..]].concat());
}

#[test]
fn a_changed_version_is_said_and_not_kept() {
    for (edit, name) in [(Edit::Crop, "crop"), (Edit::Filter, "filter"), (Edit::Mirror, "mirror")] {
        let folder = Folder::new();
        let picture = photo("bridge");
        folder.put("z.jpg", &camera(&picture, DAY));
        folder.put("a.jpg", &sent(&edit::apply(&picture, edit), 1200));
        let found = folder.found();
        found.of(1).has("shot", &["z.jpg", "a.jpg"]);
        assert_eq!(found.unit("a.jpg")["edits"], serde_json::json!([name]));
    }
}

/// The next frame of a burst: something moved, and the camera by a little.
fn next_frame(picture: &DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let mut frame = picture.to_rgb8();
    let (part, wide) = (width / 3, width / 8);
    for y in height / 3..height / 2 {
        for x in part..part + wide {
            let moved = *picture.to_rgb8_ref().get_pixel(x + 6, y + 3);
            frame.put_pixel(x, y, moved);
        }
    }
    DynamicImage::ImageRgb8(frame)
}

trait Pixels {
    fn to_rgb8_ref(&self) -> &RgbImage;
}

impl Pixels for DynamicImage {
    fn to_rgb8_ref(&self) -> &RgbImage {
        self.as_rgb8().unwrap()
    }
}

#[test]
fn frames_of_a_burst_are_no_copies_with_or_without_times() {
    let picture = DynamicImage::ImageRgb8(photo("bridge").to_rgb8());
    let next = next_frame(&picture);
    // Two times, one time, none.
    for times in [[Some(DAY), Some("2021-05-04T10:11:13")], [Some(DAY); 2], [None; 2]] {
        let folder = Folder::new();
        for (name, picture, time) in [("1.jpg", &picture, times[0]), ("2.jpg", &next, times[1])] {
            let shot = time.map_or_else(|| Shot { quality: 92, ..Shot::default() }, shot);
            folder.put(name, &picture::camera_jpeg(picture, &shot).unwrap());
        }
        folder.found().of(0);
        folder.put("sent.jpg", &sent(&picture, 1000));
        folder.found().of(1).has("shot", &["1.jpg", "sent.jpg"]);
    }
}

/// A screen with rows of dark strokes, like writing; `changed` alters one sign.
fn screen(changed: bool) -> DynamicImage {
    let mut pixels = RgbImage::from_pixel(720, 1280, Rgb([250, 250, 252]));
    let mut state = 9u32;
    for row in 0..30 {
        for sign in 0..40 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let other = changed && row == 14 && sign == 20;
            let shape = if other { state ^ 0x5500_0000 } else { state };
            for cell in 0..15u32 {
                if shape >> (16 + cell) & 1 == 1 {
                    let (x, y) = (30 + sign * 16 + cell % 3 * 4, 40 + row * 40 + cell / 3 * 4);
                    for at in 0..16 {
                        pixels.put_pixel(x + at % 4, y + at / 4, Rgb([30, 34, 40]));
                    }
                }
            }
        }
    }
    DynamicImage::ImageRgb8(pixels)
}

#[test]
fn screens_with_one_changed_sign_are_two() {
    let folder = Folder::new();
    folder.put("1.png", &as_kind(&screen(false), ImageFormat::Png));
    folder.put("2.png", &as_kind(&screen(true), ImageFormat::Png));
    folder.found().of(0);
    folder.put("sent.jpg", &sent(&screen(false), 1280));
    folder.found().of(1).has("shot", &["1.png", "sent.jpg"]);
}

#[test]
fn plain_pictures_are_no_copies() {
    let folder = Folder::new();
    for (name, colour) in [("1", [200, 30, 30]), ("2", [205, 32, 30]), ("3", [250, 250, 250])] {
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(640, 480, Rgb(colour)));
        folder.put(&format!("{name}.png"), &as_kind(&picture, ImageFormat::Png));
        folder.put(&format!("{name}.jpg"), &sent(&picture, 320));
    }
    let dark = |seed: u32| {
        let level = |x: u32, y: u32| ((x * 7 + y * 13 + seed * x * y) % 5) as u8;
        DynamicImage::ImageRgb8(RgbImage::from_fn(640, 480, |x, y| Rgb([level(x, y); 3])))
    };
    folder.put("dark1.jpg", &sent(&dark(1), 640)).put("dark2.jpg", &sent(&dark(3), 640));
    folder.found().of(0);
}

#[test]
fn an_enlarged_copy_is_not_kept() {
    let folder = Folder::new();
    let picture = whatsapp::shrink(&photo("cat"), 800, Resampler::Area);
    let large = picture.resize_exact(
        picture.width() * 2,
        picture.height() * 2,
        image::imageops::FilterType::CatmullRom,
    );
    folder.put("z.jpg", &camera(&picture, DAY));
    folder.put(
        "a.jpg",
        &picture::camera_jpeg(&large, &Shot { quality: 95, ..Shot::default() }).unwrap(),
    );
    folder.found().of(1).has("shot", &["z.jpg", "a.jpg"]);
}

#[test]
fn an_enlarged_copy_with_the_cameras_data_was_kept() {
    use image::imageops::FilterType::{CatmullRom, Lanczos3, Nearest, Triangle};
    let picture = whatsapp::shrink(&photo("cat"), 1000, Resampler::Area);
    let own = camera(&picture, DAY);
    let shown = picture::decode(&own).unwrap();
    for (filter, times) in [(Nearest, 20), (Triangle, 15), (CatmullRom, 20), (Lanczos3, 13)] {
        let [width, height] = [shown.width(), shown.height()].map(|edge| edge * times / 10);
        let large = shown.resize_exact(width, height, filter);
        let folder = Folder::new();
        folder.put("z.jpg", &own);
        let again = Shot { quality: 95, ..shot(DAY) };
        folder.put("a.jpg", &picture::camera_jpeg(&large, &again).unwrap());
        folder.found().of(1).has("shot", &["z.jpg", "a.jpg"]);
    }
}

#[test]
fn a_smaller_copy_with_the_cameras_data_is_not_kept() {
    let picture = photo("bridge");
    for edge in [1200, 1000, 700] {
        let folder = Folder::new();
        let small = whatsapp::shrink(&picture, edge, Resampler::Lanczos);
        folder.put("z.jpg", &camera(&picture, DAY)).put("a.jpg", &camera(&small, DAY));
        folder.found().of(1).has("shot", &["z.jpg", "a.jpg"]);
    }
}

#[test]
fn what_was_stored_again_was_kept_over_the_file_it_was_made_of() {
    let picture = photo("thompson-springs");
    let own = camera(&picture, DAY);
    let shown = picture::decode(&own).unwrap();
    let folder = Folder::new();
    folder.put("z.jpg", &own);
    folder
        .put("a.jpg", &picture::camera_jpeg(&shown, &Shot { quality: 100, ..shot(DAY) }).unwrap());
    folder.found().of(1).has("shot", &["z.jpg", "a.jpg"]);
    // Nobody's data on either. What is scaled down has the steps of no encoder before.
    let large = photo("bridge");
    let picture =
        whatsapp::shrink(&large, large.width().max(large.height()) * 3 / 4, Resampler::Lanczos);
    let plain = |quality| picture::camera_jpeg(&picture, &Shot { quality, ..Shot::default() });
    let coarse = plain(85).unwrap();
    let folder = Folder::new();
    let shown = picture::decode(&coarse).unwrap();
    folder.put("z.jpg", &coarse).put("a.png", &as_kind(&shown, ImageFormat::Png));
    folder.found().of(1).has("shot", &["z.jpg", "a.png"]);
    let folder = Folder::new();
    folder.put("a.jpg", &coarse).put("z.jpg", &plain(97).unwrap());
    folder.found().of(1).has("shot", &["z.jpg", "a.jpg"]);
}

/// A picture with three lines from a part of its height on.
fn barred(picture: &DynamicImage, from: f64) -> DynamicImage {
    let mut barred = picture.to_rgb8();
    let row = |part: f64| (f64::from(picture.height()) * part) as u32;
    for line in [from, from + 0.05, from + 0.1] {
        for y in row(line)..row(line + 0.02) {
            let across = picture.width() / 10..picture.width() * 7 / 10;
            across.for_each(|x| barred.put_pixel(x, y, Rgb([240, 30, 40])));
        }
    }
    DynamicImage::ImageRgb8(barred)
}

#[test]
fn of_two_pictures_that_each_hide_a_part_of_the_other_neither_is_a_copy() {
    let picture = photo("berlin");
    let folder = Folder::new();
    let (above, below) = (barred(&picture, 0.05), barred(&picture, 0.8));
    folder.put("above.jpg", &camera(&above, DAY)).put("below.jpg", &sent(&below, 1200));
    folder.found().of(0);
    folder.put("whole.jpg", &camera(&picture, DAY));
    let found = folder.found();
    found.of(1);
    assert_eq!(found.0["groups"][0]["keeper"], "whole.jpg", "{:#?}", found.0);
}

#[test]
fn a_sidecar_that_the_keeper_lacks_went_without_a_word() {
    let folder = Folder::new();
    let picture = photo("cat");
    folder.put("IMG_7.jpg", &camera(&picture, DAY)).put("small.jpg", &sent(&picture, 1000));
    folder.put("small.jpg.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
    let found = folder.found();
    found.of(1).has("shot", &["IMG_7.jpg", "small.jpg"]);
    let differs = &found.unit("small.jpg")["differs"]["sidecar"];
    assert_eq!(*differs, serde_json::json!([[], ["small.jpg.xmp"]]));
    let reason = found.0["groups"][0]["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("small.jpg has a sidecar that it lacks; that would go along."),
        "{reason}"
    );
    // The keeper says the same.
    folder.put("IMG_7.jpg.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
    assert_eq!(folder.found().unit("small.jpg")["differs"].get("sidecar"), None);
}

#[test]
fn a_sidecar_is_of_its_photos_unit() {
    let folder = Folder::new();
    let bytes = camera(&photo("cat"), DAY);
    for at in ["IMG_7.jpg", "backup/IMG_7.jpg"] {
        folder.put(at, &bytes).put(&format!("{at}.xmp"), b"<x:xmpmeta/>");
    }
    let exact = folder.run(&[".", "--json", "--list", "exact"]);
    for found in [folder.found(), Found(serde_json::from_str(&exact).unwrap())] {
        found.of(1);
        let units = &found.groups()[0].1;
        let of =
            |folder: &str| vec![format!("{folder}IMG_7.jpg"), format!("{folder}IMG_7.jpg.xmp")];
        assert!(units.contains(&of("")) && units.contains(&of("backup/")), "{units:?}");
        assert_eq!(found.stacks().len(), 2);
    }
}

#[test]
fn what_somebody_called_different_never_returns() {
    let folder = Folder::new();
    let picture = photo("cat");
    folder.put("x.jpg", &camera(&picture, DAY)).put("y.jpg", &sent(&picture, 1000));
    folder.found().of(1);
    folder.run(&["decide", ".", "not-a-duplicate", "x.jpg", "y.jpg"]);
    fs::create_dir(folder.photos().join("web")).unwrap();
    fs::rename(folder.photos().join("y.jpg"), folder.photos().join("web/small.jpg")).unwrap();
    let found = folder.found();
    found.of(0);
    assert_eq!(found.0["not_duplicates"], serde_json::json!([["web/small.jpg", "x.jpg"]]));
}

#[test]
fn what_a_chat_shows_is_named_and_its_originals_are_kept() {
    let folder = Folder::new();
    let picture = photo("cat");
    let small = sent(&picture, 1000);
    folder.put("x.jpg", &camera(&picture, DAY)).put("y.jpg", &small);
    let given = |name: &str, path: &str| {
        let path = folder.0.path().join(name).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &small).unwrap();
        let chat = format!("../{name}");
        let words = [".", "--json", "--chat", &chat];
        Found(serde_json::from_str(&folder.run(&words)).unwrap())
    };
    let found = given("export", "IMG-1.jpg");
    found.of(1).has("shot", &["x.jpg", "y.jpg"]);
    assert_eq!(found.unit("y.jpg")["chats"], serde_json::json!(["export/IMG-1.jpg"]));
    given("bundle", "original_media/1_IMG_1.jpg").of(1).has("shot", &["y.jpg", "x.jpg"]);
}

fn made(path: &str, bytes: &[u8]) -> Made {
    Made { path: path.into(), bytes: bytes.to_vec(), modified: 1_735_689_600 }
}

#[test]
fn a_chat_may_be_a_zip_and_a_broken_one_is_said() {
    let folder = Folder::new();
    let picture = photo("cat");
    let small = sent(&picture, 1000);
    folder.put("x.jpg", &camera(&picture, DAY)).put("y.jpg", &small);
    let text = made("_chat.txt", b"[01.02.24, 10:00:00] Anna: hi\n");
    let photo = made("IMG-1.jpg", &small);
    fs::write(folder.0.path().join("Chat.zip"), zip(&[text, photo]).unwrap()).unwrap();
    fs::write(folder.0.path().join("Broken.zip"), b"PK\x03\x04 no zip").unwrap();
    let words = [".", "--json", "--chat", "../Chat.zip", "--chat", "../Broken.zip"];
    let found = Found(serde_json::from_str(&folder.run(&words)).unwrap());
    found.of(1).has("shot", &["x.jpg", "y.jpg"]);
    assert_eq!(found.unit("y.jpg")["chats"], serde_json::json!(["Chat.zip/IMG-1.jpg"]));
    let said = found.0["issues"].as_array().unwrap();
    assert!(said.iter().any(|issue| issue["file"] == "Broken.zip"), "{said:?}");
}
