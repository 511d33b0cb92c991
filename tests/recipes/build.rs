//! A recipe becomes two folders and the truth.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use image::DynamicImage;

use crate::chat_text::{self, Line};
use crate::disk::{self, Made};
use crate::picture::{self, Shot};
use crate::recipe::{Kind, Message, Original, Packing, Page, Recipe, Roll, Send, Side};
use crate::whatsapp::{self, Platform, Resampler, Sending};
use crate::{Outcome, broken, edit, fixture, page, saying, video};

/// 2025-01-01 00:00 UTC: the last change of files whose recipe names none.
const LONG_AGO: i64 = 1_735_689_600;

/// Both inputs of a run, and what is true of them.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The export: a folder's files, or one zip.
    pub chat: Vec<Made>,
    /// The camera roll.
    pub originals: Vec<Made>,
    /// Which original each exported medium came from, by its name in the
    /// export; `None`: from none in the library.
    pub truth: BTreeMap<String, Option<String>>,
}

/// Makes both inputs.
///
/// # Errors
/// The recipe names a fixture, a path or a time that does not exist.
pub fn build(recipe: &Recipe) -> Outcome<Built> {
    let mut kitchen = Kitchen::default();
    let mut built = Built::default();
    for original in &recipe.original {
        built.originals.push(kitchen.original(original)?);
    }
    for roll in &recipe.roll {
        built.originals.extend(kitchen.roll(roll)?);
    }
    let mut lines = Vec::new();
    let mut counter = Counter::default();
    for message in &recipe.message {
        let at = moment(&message.at)?;
        let number = counter.next(recipe.platform, at);
        let mut name = None;
        if let Some(send) = &message.send {
            name = Some(attach(recipe, send, at, number, &mut kitchen, &mut built)?);
        }
        lines.push((at, message, name));
    }
    write_pages(recipe, &lines, &mut built);
    add_extras(recipe, &mut built)?;
    if recipe.packing == Packing::Zip {
        let path = chat_text::zip_name(recipe.platform, &recipe.chat);
        let bytes = disk::zip(&built.chat)?;
        built.chat = vec![Made { path, bytes, modified: LONG_AGO }];
    }
    Ok(built)
}

/// Reads `2024-12-22T18:03:11`.
///
/// # Errors
/// It is not a moment.
pub fn moment(text: &str) -> Outcome<NaiveDateTime> {
    saying(text, NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
}

/// iOS counts messages over the chat, Android media over the day.
#[derive(Default)]
struct Counter {
    day: String,
    count: u32,
}

impl Counter {
    fn next(&mut self, platform: Platform, at: NaiveDateTime) -> u32 {
        let day = at.format("%Y%m%d").to_string();
        if platform == Platform::Android && day != self.day {
            self.count = 0;
            self.day = day;
        }
        self.count += 1;
        self.count
    }
}

/// Pixels and files made so far.
#[derive(Default)]
struct Kitchen {
    pictures: BTreeMap<String, DynamicImage>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Kitchen {
    fn picture(&mut self, name: &str) -> Outcome<DynamicImage> {
        if let Some(known) = self.pictures.get(name) {
            return Ok(known.clone());
        }
        let made = self.files.get(name).cloned();
        let bytes = made.map_or_else(|| fixture::bytes(name), Ok)?;
        let picture = picture::decode(&bytes)?;
        self.pictures.insert(name.to_owned(), picture.clone());
        Ok(picture)
    }

    fn original(&mut self, original: &Original) -> Outcome<Made> {
        let untouched = original.crop.is_none()
            && original.taken.is_none()
            && original.camera.is_none()
            && original.orientation.is_none()
            && original.quality.is_none();
        let whole = if untouched {
            fixture::bytes(&original.fixture)?
        } else {
            let mut pixels = self.picture(&original.fixture)?;
            if let Some(part) = original.crop {
                pixels = picture::cut(&pixels, part);
            }
            let shot = Shot {
                taken: original.taken.clone(),
                zone: original.zone.clone(),
                camera: original.camera.clone(),
                orientation: original.orientation,
                quality: original.quality.unwrap_or(92),
                ..Shot::default()
            };
            picture::camera_jpeg(&pixels, &shot)?
        };
        self.files.insert(original.path.clone(), whole.clone());
        let bytes = original.harm.map_or(Ok(whole.clone()), |harm| broken::apply(&whole, harm))?;
        let modified = original.modified.as_deref().map(moment).transpose()?;
        let modified = modified.map_or(LONG_AGO, |moment| moment.and_utc().timestamp());
        Ok(Made { path: original.path.clone(), bytes, modified })
    }

    fn roll(&mut self, roll: &Roll) -> Outcome<Vec<Made>> {
        let whole = self.picture(&roll.fixture)?;
        let first = moment(&roll.taken)?;
        let mut made = Vec::new();
        for n in 0..roll.columns * roll.rows {
            let (column, row) = (n % roll.columns, n / roll.columns);
            let (width, height) = (1.0 / f64::from(roll.columns), 1.0 / f64::from(roll.rows));
            let part = [f64::from(column) * width, f64::from(row) * height, width, height];
            let taken = first + chrono::Duration::seconds(roll.every * i64::from(n));
            let shot = Shot {
                taken: Some(taken.format("%Y-%m-%dT%H:%M:%S").to_string()),
                camera: Some("Heirloom Testcam".into()),
                quality: 90,
                ..Shot::default()
            };
            let bytes = picture::camera_jpeg(&picture::cut(&whole, part), &shot)?;
            let path = format!("{}/IMG_{:04}.JPG", roll.folder, 1000 + n);
            self.files.insert(path.clone(), bytes.clone());
            made.push(Made { path, bytes, modified: taken.and_utc().timestamp() });
        }
        Ok(made)
    }

    /// The bytes of the file that was sent, before WhatsApp.
    fn raw(&self, send: &Send) -> Outcome<Vec<u8>> {
        match (&send.original, &send.fixture) {
            (Some(path), None) => {
                let known = self.files.get(path).cloned();
                known.ok_or_else(|| format!("no original is called {path}"))
            }
            // With both, the fixture is what became of that original.
            (None, Some(name)) => fixture::bytes(name),
            (Some(_), Some(name)) if send.kind == Kind::Video => fixture::bytes(name),
            _ => Err("a medium is sent from an original or from a fixture".into()),
        }
    }

    fn sent(&mut self, platform: Platform, send: &Send) -> Outcome<Vec<u8>> {
        match send.kind {
            Kind::Document => self.raw(send),
            Kind::Video => video::as_sent(&self.raw(send)?),
            Kind::Sticker => sticker(&self.source(send)?),
            Kind::Photo => {
                let mut pixels = self.source(send)?;
                if let Some(edit) = send.edit {
                    pixels = edit::apply(&pixels, edit);
                }
                whatsapp::send(&pixels, &sending(platform, send))
            }
        }
    }

    fn source(&mut self, send: &Send) -> Outcome<DynamicImage> {
        let name = send.original.as_ref().or(send.fixture.as_ref());
        let pixels = self.picture(name.ok_or("a medium needs a source")?)?;
        Ok(send.crop.map_or(pixels.clone(), |part| picture::cut(&pixels, part)))
    }
}

fn sending(platform: Platform, send: &Send) -> Sending {
    let usual = match platform {
        Platform::Ios => Resampler::Lanczos,
        Platform::Android => Resampler::HalveThenLinear,
    };
    Sending {
        long_edge: send.long_edge,
        quality: send.quality,
        resampler: send.resampler.unwrap_or(usual),
        platform,
    }
}

fn sticker(picture: &DynamicImage) -> Outcome<Vec<u8>> {
    let small = picture.resize_exact(512, 512, image::imageops::FilterType::Triangle);
    let mut bytes = std::io::Cursor::new(Vec::new());
    saying("WebP", small.to_rgba8().write_to(&mut bytes, image::ImageFormat::WebP))?;
    Ok(bytes.into_inner())
}

/// Adds the exported file and its truth; returns its name.
fn attach(
    recipe: &Recipe,
    send: &Send,
    at: NaiveDateTime,
    number: u32,
    kitchen: &mut Kitchen,
    built: &mut Built,
) -> Outcome<String> {
    let name = send.name.clone().unwrap_or_else(|| usual_name(recipe, send, at, number));
    if !send.missing {
        let whole = kitchen.sent(recipe.platform, send)?;
        let bytes = send.harm.map_or(Ok(whole.clone()), |harm| broken::apply(&whole, harm))?;
        let modified = at.and_utc().timestamp();
        built.chat.push(Made { path: name.clone(), bytes, modified });
    }
    built.truth.insert(name.clone(), send.original.clone());
    Ok(name)
}

fn usual_name(recipe: &Recipe, send: &Send, at: NaiveDateTime, number: u32) -> String {
    let (word, ending) = match send.kind {
        Kind::Photo => ("PHOTO", "jpg"),
        Kind::Video => ("VIDEO", "mp4"),
        Kind::Sticker => ("STICKER", "webp"),
        Kind::Document => ("DOC", "jpg"),
    };
    chat_text::media_name(recipe.platform, word, ending, at, number)
}

type Written<'a> = (NaiveDateTime, &'a Message, Option<String>);

fn write_pages(recipe: &Recipe, written: &[Written<'_>], built: &mut Built) {
    let lines: Vec<Line<'_>> = written
        .iter()
        .map(|(at, message, file)| Line {
            at: *at,
            from: &message.from,
            text: &message.text,
            file: file.as_deref(),
            chat: &recipe.chat,
        })
        .collect();
    let mut put = |path: String, text: String| {
        built.chat.push(Made { path, bytes: text.into_bytes(), modified: LONG_AGO });
    };
    if recipe.text {
        let name = chat_text::file_name(recipe.platform, &recipe.chat);
        put(name, chat_text::text(recipe.platform, &lines));
    }
    if recipe.page == Page::Linked {
        put("chat.html".into(), page::linked(&lines));
    }
}

fn add_extras(recipe: &Recipe, built: &mut Built) -> Outcome {
    for extra in &recipe.extra {
        let text = extra.text.clone().unwrap_or_default().into_bytes();
        let whole = extra.fixture.as_deref().map_or(Ok(text), fixture::bytes)?;
        let bytes = extra.harm.map_or(Ok(whole.clone()), |harm| broken::apply(&whole, harm))?;
        let made = Made { path: extra.path.clone(), bytes, modified: LONG_AGO };
        match extra.side {
            Side::Chat => built.chat.push(made),
            Side::Originals => built.originals.push(made),
        }
    }
    Ok(())
}
