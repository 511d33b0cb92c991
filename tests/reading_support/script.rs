//! A chat that holds everything, and what it must be read as.

use chrono::{NaiveDateTime, TimeDelta, Timelike};
use heirloom_core::collect::chat::carried::Carried;
use heirloom_core::collect::chat::text::Parsed;
use heirloom_core::collect::{Message, MessageKind};
use heirloom_media::chat_locale::{Caption, EVENT_START, Phone, Said, What};
use heirloom_media::whatsapp::Platform;

use crate::read::FILES;

/// The chat's name, which signs WhatsApp's lines on iOS.
pub const CHAT: &str = "Family: 2022";

/// A message as a test compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub time: Option<i64>,
    pub sender: Option<String>,
    pub kind: MessageKind,
    pub text: String,
    pub file: Option<String>,
    pub edited: bool,
}

/// What was read, with the files by name.
pub fn rows(parsed: &Parsed) -> Vec<Row> {
    let file = |index: usize| {
        let carried = parsed.carried.iter().find(|(at, _)| *at as usize == index)?;
        Some(match &carried.1 {
            Carried::Here(id) => FILES[id.0 as usize].to_string(),
            Carried::Missing(name) => format!("missing {name}"),
        })
    };
    let messages = parsed.chat.messages.iter().enumerate();
    let row = |(index, message): (usize, &Message)| Row {
        time: message.time,
        sender: message.sender.clone(),
        kind: message.kind.clone(),
        text: message.text.clone(),
        file: file(index),
        edited: message.edited,
    };
    messages.map(row).collect()
}

/// What a script must be read as.
pub fn expected(phone: &Phone, begin: NaiveDateTime, script: &[Said]) -> Vec<Row> {
    let mut at = begin;
    let row = |said: &Said| {
        at += TimeDelta::minutes(said.after);
        let seconds = if phone.platform == Platform::Ios { 0 } else { i64::from(at.second()) };
        let (kind, text) = meaning(phone, &said.what);
        Row {
            time: Some(at.and_utc().timestamp() - seconds),
            sender: (!said.from.is_empty()).then(|| shown(said.from)),
            kind,
            text,
            file: match said.what {
                What::File(file, ..) => Some(file.to_string()),
                _ => None,
            },
            edited: matches!(said.what, What::Edited(_)),
        }
    };
    script.iter().map(row).collect()
}

/// A name without the marks that only steer the direction of text.
fn shown(name: &str) -> String {
    name.replace(['\u{202A}', '\u{202C}'], "")
}

fn meaning(phone: &Phone, what: &What) -> (MessageKind, String) {
    let ordinary = |text: &str| (MessageKind::Ordinary, text.to_string());
    match what {
        What::Words(text) | What::Edited(text) | What::File(_, _, text) => ordinary(text),
        What::Omitted(_, text) => (MessageKind::Omitted, (*text).to_string()),
        What::Deleted if phone.platform == Platform::Ios => {
            (MessageKind::Deleted, phone.words[9].to_string())
        }
        What::Deleted => (MessageKind::Deleted, "This message was deleted".into()),
        What::Place(link) => (MessageKind::Location { url: (*link).to_string() }, String::new()),
        What::LivePlace => (MessageKind::LiveLocation, String::new()),
        What::Poll => {
            let options = vec![("Sea".to_string(), Some(3)), ("Hills".to_string(), Some(1))];
            (MessageKind::Poll { question: "Where to?".into(), options }, String::new())
        }
        What::Event => {
            let start = Some(EVENT_START / 1000);
            let title = "Garden party".to_string();
            (MessageKind::Event { title, start }, "Bring cake".into())
        }
        // It may have been typed, so it stays readable.
        What::Once if phone.platform == Platform::Android => (MessageKind::Omitted, "null".into()),
        What::Once => (MessageKind::Omitted, String::new()),
        What::Call => (MessageKind::Call, "Missed voice call".into()),
        What::System(text) => (MessageKind::System, (*text).to_string()),
    }
}

const ANN: &str = "Ann";
const BOB: &str = "~\u{202F}Bob";
const NUMBER: &str = "\u{202A}+49\u{A0}170\u{A0}123\u{2011}456\u{202C}";
const ACME: &str = "ACME: Support";

const fn said(after: i64, from: &'static str, what: What) -> Said {
    Said { after, from, what }
}

const DAY: i64 = 1440;

/// Everything that a chat may hold, over six weeks.
pub const SCRIPT: [Said; 34] = [
    said(0, "", What::System("Messages and calls are end-to-end encrypted.")),
    said(0, "", What::System("Ann created group “Family: 2022”")),
    said(1, ANN, What::Words("Hi 👋")),
    said(1, BOB, What::Words("Two lines\n\nand a blank one")),
    said(200, NUMBER, What::Words("مرحبا: بك")),
    said(DAY, ACME, What::Words("How: may we help? 12:30 - 14:00")),
    said(30, ANN, What::Words("He wrote:\n[1/1/20, 10:00] Eve: no\nand left")),
    said(500, ANN, What::File(FILES[0], Caption::After, "")),
    said(0, BOB, What::File(FILES[1], Caption::Before, "Look\nat this")),
    said(0, BOB, What::File(FILES[3], Caption::Beside, "what a day")),
    said(2, NUMBER, What::File(FILES[2], Caption::After, "the plan\nof <us> :>")),
    said(DAY, ACME, What::File(FILES[5], Caption::After, "")),
    said(5, ACME, What::File(FILES[7], Caption::After, "")),
    said(5, ANN, What::File(FILES[6], Caption::After, "")),
    said(5, BOB, What::File(FILES[4], Caption::After, "")),
    said(DAY, ANN, What::Omitted(2, "")),
    said(1, ANN, What::Omitted(3, "a caption")),
    said(1, ANN, What::Omitted(4, "")),
    said(1, BOB, What::Omitted(5, "")),
    said(1, BOB, What::Omitted(6, "")),
    said(1, BOB, What::Omitted(7, "")),
    said(1, BOB, What::Omitted(8, "two\nlines")),
    said(7 * DAY, NUMBER, What::Deleted),
    said(9, NUMBER, What::Edited("better so")),
    said(9, ANN, What::Place("https://maps.google.com/?q=52.5,13.4")),
    said(9, ANN, What::LivePlace),
    said(9, BOB, What::Poll),
    said(DAY, BOB, What::Event),
    said(9, BOB, What::Once),
    said(9, NUMBER, What::Call),
    said(9, "", What::System("Ann changed the group name from “A: b” to “C”")),
    said(20 * DAY, ANN, What::Words("I'll be there at 3/4/22, 10:00 - or later: promised")),
    said(9 * DAY, ACME, What::Words("Bye")),
    said(0, BOB, What::Words("😄")),
];
