//! The text of a chat as iOS and Android export it (DMY, 24 hours).

use chrono::NaiveDateTime;

use crate::whatsapp::Platform;

/// A line to write.
pub struct Line<'a> {
    /// When.
    pub at: NaiveDateTime,
    /// Who; empty for WhatsApp's own lines.
    pub from: &'a str,
    /// Words or caption.
    pub text: &'a str,
    /// The attached file's name.
    pub file: Option<&'a str>,
    /// The chat's name, which iOS gives as the sender of its own lines.
    pub chat: &'a str,
}

/// The mark that iOS puts before lines and words of its own.
const MARK: char = '\u{200e}';

/// The whole text. iOS ends lines with CRLF, Android with LF.
#[must_use]
pub fn text(platform: Platform, lines: &[Line<'_>]) -> String {
    lines
        .iter()
        .map(|line| match platform {
            Platform::Ios => ios(line).replace('\n', "\r\n") + "\r\n",
            Platform::Android => android(line) + "\n",
        })
        .collect()
}

/// What the export calls the text.
#[must_use]
pub fn file_name(platform: Platform, chat: &str) -> String {
    match platform {
        Platform::Ios => "_chat.txt".into(),
        Platform::Android => format!("WhatsApp Chat with {chat}.txt"),
    }
}

/// What the zip is called.
#[must_use]
pub fn zip_name(platform: Platform, chat: &str) -> String {
    match platform {
        Platform::Ios => format!("WhatsApp Chat - {chat}.zip"),
        Platform::Android => format!("WhatsApp Chat with {chat}.zip"),
    }
}

/// What a medium is called: iOS counts over the chat and writes the second,
/// Android counts over the day.
#[must_use]
pub fn media_name(
    platform: Platform,
    word: &str,
    ending: &str,
    at: NaiveDateTime,
    n: u32,
) -> String {
    match platform {
        Platform::Ios => format!("{n:08}-{word}-{}.{ending}", at.format("%Y-%m-%d-%H-%M-%S")),
        Platform::Android => {
            let short = match word {
                "PHOTO" => "IMG",
                "VIDEO" => "VID",
                "STICKER" => "STK",
                _ => "DOC",
            };
            format!("{short}-{}-WA{n:04}.{ending}", at.format("%Y%m%d"))
        }
    }
}

fn ios(line: &Line<'_>) -> String {
    let stamp = line.at.format("[%d/%m/%Y, %H:%M:%S]");
    let caption = if line.text.is_empty() { String::new() } else { format!("{} ", line.text) };
    match (line.from, line.file) {
        ("", _) => format!("{MARK}{stamp} {}: {MARK}{}", line.chat, line.text),
        (from, Some(file)) => format!("{MARK}{stamp} {from}: {caption}{MARK}<attached: {file}>"),
        (from, None) => format!("{stamp} {from}: {}", line.text),
    }
}

fn android(line: &Line<'_>) -> String {
    let stamp = line.at.format("%d/%m/%Y, %H:%M -");
    match (line.from, line.file) {
        ("", _) => format!("{stamp} {}", line.text),
        (from, Some(file)) if line.text.is_empty() => {
            format!("{stamp} {from}: {file} (file attached)")
        }
        (from, Some(file)) => format!("{stamp} {from}: {file} (file attached)\n{}", line.text),
        (from, None) => format!("{stamp} {from}: {}", line.text),
    }
}
