//! The words of `case.toml`: what a chat and a camera roll hold.

use serde::Deserialize;

use crate::broken::Harm;
use crate::edit::Edit;
use crate::picture::Part;
use crate::whatsapp::{Platform, Resampler};
use crate::{Outcome, saying};

/// A chat, a camera roll, and what is odd about them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What the case shows, in a sentence.
    pub about: String,
    /// A bug that cannot be fixed yet: the case must fail until it is.
    #[serde(default)]
    pub known_failure: bool,
    /// Whose export.
    pub platform: Platform,
    /// The chat's name.
    #[serde(default = "family")]
    pub chat: String,
    /// How the export comes.
    #[serde(default)]
    pub packing: Packing,
    /// Whether the export holds its chat text.
    #[serde(default = "yes")]
    pub text: bool,
    /// Whether another exporter's HTML lies beside it.
    #[serde(default)]
    pub page: Page,
    /// The camera roll.
    #[serde(default)]
    pub original: Vec<Original>,
    /// More pictures of the camera roll, cut from one photo.
    #[serde(default)]
    pub roll: Vec<Roll>,
    /// The chat.
    #[serde(default)]
    pub message: Vec<Message>,
    /// Odd files.
    #[serde(default)]
    pub extra: Vec<Extra>,
}

/// How an export comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Packing {
    /// A folder.
    #[default]
    Folder,
    /// WhatsApp's own zip.
    Zip,
}

/// HTML in the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// None.
    #[default]
    None,
    /// A page that shows every medium, the way other exporters write it.
    Linked,
}

/// A file of the camera roll. With none of the fields from `crop` to `quality`
/// it is the fixture, byte for byte.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Original {
    /// Below the folder of originals.
    pub path: String,
    /// Below `tests/fixtures`.
    pub fixture: String,
    /// A part of it.
    pub crop: Option<Part>,
    /// `DateTimeOriginal`, as `2024-12-22T18:03:11`.
    pub taken: Option<String>,
    /// `OffsetTimeOriginal`.
    pub zone: Option<String>,
    /// Maker and model.
    pub camera: Option<String>,
    /// EXIF orientation.
    pub orientation: Option<u8>,
    /// JPEG quality.
    pub quality: Option<u8>,
    /// Last change, UTC, as `2024-12-22T18:03:11`.
    pub modified: Option<String>,
    /// What is wrong with it.
    pub harm: Option<Harm>,
}

/// A series of pictures cut from one photo, `columns` × `rows` of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// Folder below the originals.
    pub folder: String,
    /// Below `tests/fixtures`.
    pub fixture: String,
    /// Pictures across.
    pub columns: u32,
    /// Pictures down.
    pub rows: u32,
    /// When the first was taken.
    pub taken: String,
    /// Seconds from one to the next.
    pub every: i64,
}

/// One message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// When, on the exporter's clock.
    pub at: String,
    /// Who; empty for WhatsApp's own lines.
    #[serde(default)]
    pub from: String,
    /// Its words, or the caption.
    #[serde(default)]
    pub text: String,
    /// What it carries.
    pub send: Option<Send>,
}

/// A medium of a message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// A picture or video of the camera roll, by its path.
    pub original: Option<String>,
    /// Or one that is not in the library; of a video with both, what became of it.
    pub fixture: Option<String>,
    /// A part of that fixture.
    pub crop: Option<Part>,
    /// Long edge in pixels.
    #[serde(default = "usual_edge")]
    pub long_edge: u32,
    /// Quality of the standard tables; absent: WhatsApp's own tables.
    pub quality: Option<u8>,
    /// How pixels are merged; absent: what the platform does.
    pub resampler: Option<Resampler>,
    /// What was done to it in the send screen.
    pub edit: Option<Edit>,
    /// As what it was sent.
    #[serde(default, rename = "as")]
    pub kind: Kind,
    /// The file's name; absent: what the platform calls it.
    pub name: Option<String>,
    /// The file is named in the chat and absent from the export.
    #[serde(default)]
    pub missing: bool,
    /// What is wrong with the exported file.
    pub harm: Option<Harm>,
}

/// As what a medium was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A photo, made small.
    #[default]
    Photo,
    /// A video.
    Video,
    /// The file itself.
    Document,
    /// A sticker.
    Sticker,
}

/// An odd file in one of the inputs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// Where.
    pub side: Side,
    /// Below the input.
    pub path: String,
    /// Its text,
    pub text: Option<String>,
    /// or a fixture's bytes.
    pub fixture: Option<String>,
    /// What is wrong with it.
    pub harm: Option<Harm>,
}

/// One of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The export.
    Chat,
    /// The camera roll.
    Originals,
}

impl Recipe {
    /// Reads a `case.toml`; an unknown key is an error.
    ///
    /// # Errors
    /// The text is no recipe.
    pub fn parse(text: &str) -> Outcome<Self> {
        saying("the recipe", toml::from_str(text))
    }
}

fn family() -> String {
    "Family".into()
}

fn yes() -> bool {
    true
}

fn usual_edge() -> u32 {
    1600
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused() {
        let good = "about = \"x\"\nplatform = \"ios\"\n";
        assert!(Recipe::parse(good).is_ok());
        let bad = Recipe::parse(&format!("{good}colour = 3\n")).unwrap_err();
        assert!(bad.contains("colour"), "{bad}");
    }
}
