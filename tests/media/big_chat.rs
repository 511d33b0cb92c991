//! Large inputs for measuring the writing of pages: a chat of any length, and
//! a page of any size that is made while it is read.

use std::io;

use chrono::{DateTime, Duration, NaiveDateTime};
use heirloom_core::io::{Files, ReadAt};
use heirloom_core::model::{Entry, FileId};
use jpeg_encoder::{ColorType, Encoder};

use crate::accuracy::dice::Dice;
use crate::{Outcome, saying};

const PEOPLE: [&str; 6] = ["Nora", "Theo", "Grandma Ruth", "ليلى", "דוד כהן", "+49 170 1234567"];
const WORDS: [&str; 24] = [
    "tomorrow",
    "we",
    "will",
    "see",
    "the",
    "harbour",
    "again",
    "and",
    "bring",
    "cake",
    "for",
    "everybody",
    "morgen",
    "vielleicht",
    "später",
    "*really*",
    "😂",
    "photo",
    "https://example.org/a?b=c&d",
    "café",
    "غدا",
    "מחר",
    "明日",
    "it's",
];

/// A chat of `messages`, of which every so many carry one of `media` pictures.
pub struct BigChat {
    text: Vec<u8>,
    picture: Vec<u8>,
    names: Vec<String>,
}

impl BigChat {
    /// Makes the text and one small picture that all names share.
    ///
    /// # Errors
    /// The picture cannot be encoded.
    pub fn new(messages: u32, media: u32) -> Outcome<Self> {
        let mut dice = Dice::new(7, "big chat");
        let mut text = String::new();
        let mut names = Vec::new();
        let mut at =
            DateTime::from_timestamp(1_420_099_200, 0).map(|at| at.naive_utc()).unwrap_or_default();
        for number in 0..messages {
            at += Duration::seconds(dice.whole(5, 2004));
            let person = PEOPLE[dice.below(6)];
            text.push_str(&format!("[{}] {person}: ", at.format("%d/%m/%Y, %H:%M:%S")));
            let due = u64::from(number) * u64::from(media) / u64::from(messages.max(1));
            if (names.len() as u64) < due {
                let name = photo_name(number, at);
                text.push_str(&format!("\u{200E}<attached: {name}>"));
                names.push(name);
            } else {
                for _ in 0..=dice.below(22) {
                    text.push_str(WORDS[dice.below(24)]);
                    text.push(' ');
                }
            }
            text.push_str("\r\n");
        }
        Ok(Self { text: text.into_bytes(), picture: picture()?, names })
    }

    /// The files of the export.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let text = ("_chat.txt", self.text.len());
        let media = self.names.iter().map(|name| (name.as_str(), self.picture.len()));
        entries([text].into_iter().chain(media))
    }
}

impl Files for BigChat {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        Ok(Box::new(if file.0 == 0 { self.text.as_slice() } else { self.picture.as_slice() }))
    }
}

/// A page of another exporter, made while it is read, and one picture.
pub struct BigPage {
    head: &'static [u8],
    block: Vec<u8>,
    size: u64,
    picture: Vec<u8>,
}

impl BigPage {
    /// A page of at least `size` bytes.
    ///
    /// # Errors
    /// The picture cannot be encoded.
    pub fn new(size: u64) -> Outcome<Self> {
        let words = "See you tomorrow at the harbour &amp; bring cake. ".repeat(6);
        let block = format!(
            "<div class=\"message\"><b>Nora</b> {words}<a href='media/a%20b.jpg'><img class=media \
             data-src=\"media/a b.jpg\" srcset='media/a%20b.jpg 2x' alt=\"a &lt; b\"></a></div>\n"
        );
        let head = b"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Chat</title></head><body>\n";
        Ok(Self { head, block: block.into_bytes(), size, picture: picture()? })
    }

    /// The files of the export.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        entries([("chat.html", size), ("media/a b.jpg", self.picture.len())].into_iter())
    }
}

impl Files for BigPage {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        match file.0 {
            0 => Ok(Box::new(Repeated(self))),
            _ => Ok(Box::new(self.picture.as_slice())),
        }
    }
}

struct Repeated<'a>(&'a BigPage);

impl ReadAt for Repeated<'_> {
    fn size(&self) -> u64 {
        self.0.size
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.0.size.saturating_sub(pos)).unwrap_or(usize::MAX);
        let head = self.0.head.len() as u64;
        let block = match pos.checked_sub(head) {
            Some(after) => {
                let start = usize::try_from(after % self.0.block.len() as u64).unwrap_or(0);
                &self.0.block[start..]
            }
            None => &self.0.head[usize::try_from(pos).unwrap_or(0)..],
        };
        let count = block.len().min(buf.len()).min(left);
        buf[..count].copy_from_slice(&block[..count]);
        Ok(count)
    }
}

fn entries<'a>(files: impl Iterator<Item = (&'a str, usize)>) -> Vec<Entry> {
    (0..)
        .zip(files)
        .map(|(number, (path, size))| Entry {
            file: FileId(number),
            path: path.to_owned(),
            size: size as u64,
            modified: Some(1_700_000_000),
        })
        .collect()
}

fn photo_name(number: u32, at: NaiveDateTime) -> String {
    format!("{number:08}-PHOTO-{}.jpg", at.format("%Y-%m-%d-%H-%M-%S"))
}

fn picture() -> Outcome<Vec<u8>> {
    let pixels: Vec<u8> =
        (0..64 * 48).flat_map(|at: u32| [at as u8, (at / 64) as u8 * 5, 90]).collect();
    let mut bytes = Vec::new();
    saying("a picture", Encoder::new(&mut bytes, 80).encode(&pixels, 64, 48, ColorType::Rgb))?;
    Ok(bytes)
}
