//! One message as HTML.

use super::outline::Outline;
use super::{media, text};
use crate::collect::{Export, Message, MessageKind};
use crate::model::MediaKind;
use crate::page::escape::escape;
use crate::page::moment;
use crate::plan::Plan;

/// Colours for senders, used again beyond the last; the style has as many classes.
const COLOURS: usize = 12;

/// What the look of a message depends on besides the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It begins a run of messages of one sender.
    First,
    /// It goes on with the sender of the message before.
    Following,
}

/// Renders message number `index`.
#[must_use]
pub fn render(
    export: &Export,
    plan: &Plan,
    outline: &Outline,
    message: &Message,
    index: usize,
    place: Place,
) -> String {
    let Some(sender) = message.sender.as_deref().filter(|_| message.kind != MessageKind::System)
    else {
        return system(message, index);
    };
    let side = match &outline.right {
        Some((right, _)) if right == sender => "out",
        _ => "in",
    };
    let number = outline.senders.get(sender).copied().unwrap_or(0);
    let colour = number % COLOURS;
    let first = if place == Place::First { " first" } else { "" };
    let bare = if is_bare(export, message) { " bare" } else { "" };
    let name = match place {
        Place::First => format!("<div class=\"who\" dir=\"auto\">{}</div>\n", escape(sender)),
        Place::Following => String::new(),
    };
    let media: String = message.media.iter().map(|id| media::render(export, plan, *id)).collect();
    format!(
        "<article class=\"m {side} c{colour}{first}{bare}\" id=\"m{index}\" data-s=\"{number}\" aria-label=\"{label}\">\
         <div class=\"b\">\n{name}{media}{body}{foot}</div></article>\n",
        label = escape(sender),
        body = body(message),
        foot = foot(message, index),
    )
}

/// Stickers and big emoji stand without a bubble.
fn is_bare(export: &Export, message: &Message) -> bool {
    if message.kind != MessageKind::Ordinary {
        return false;
    }
    match message.media.as_slice() {
        [] => text::big_emoji(&message.text).is_some(),
        [one] => {
            let kind = export.media.get(one.0 as usize).map(|medium| medium.kind);
            kind == Some(MediaKind::Sticker) && message.text.is_empty()
        }
        _ => false,
    }
}

fn body(message: &Message) -> String {
    let words = words(message);
    match &message.kind {
        MessageKind::Ordinary | MessageKind::System => words,
        MessageKind::Omitted => {
            format!(
                "<p class=\"note\"><span class=\"i i-gone\"></span>Media left out of the export</p>\n{words}"
            )
        }
        MessageKind::Deleted => {
            "<p class=\"note\"><span class=\"i i-deleted\"></span>This message was deleted</p>\n"
                .to_owned()
        }
        MessageKind::Location { url } => format!("{}{words}", location(url)),
        MessageKind::Poll { question, options } => poll(question, options),
        MessageKind::Event { title, start } => format!("{}{words}", event(title, *start)),
        MessageKind::LiveLocation => {
            format!("<p class=\"note\"><span class=\"i i-pin\"></span>Live location</p>\n{words}")
        }
        MessageKind::Call => call(&message.text),
    }
}

/// The words say which kind of call it was, in the phone's language.
fn call(words: &str) -> String {
    format!(
        "<p class=\"note\"><span class=\"i i-call\"></span><span dir=\"auto\">{}</span></p>\n",
        escape(words)
    )
}

/// The start is UTC: no export says in which zone the event is.
fn event(title: &str, start: Option<i64>) -> String {
    let when = start.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    let when = when.map(|when| when.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    format!(
        "<div class=\"card\"><span class=\"i i-date\"></span><span class=\"card-text\">\
         <span class=\"card-name\" dir=\"auto\">{}</span><span class=\"card-about\">{when}</span></span></div>\n",
        escape(title)
    )
}

fn words(message: &Message) -> String {
    let words = message.text.as_str();
    if words.trim().is_empty() {
        return String::new();
    }
    let big = text::big_emoji(words).map(|count| format!(" big big{count}")).unwrap_or_default();
    let edited = if message.edited { " ed" } else { "" };
    format!("<div class=\"t{big}{edited}\" dir=\"auto\">{}</div>\n", text::render(words))
}

/// Only an `https:` link leads anywhere.
fn location(url: &str) -> String {
    let label = url
        .split_once("q=")
        .map(|(_, place)| place.split('&').next().unwrap_or(place))
        .filter(|place| place.chars().all(|c| c.is_ascii_digit() || "+-., ".contains(c)))
        .unwrap_or("Open the map");
    let inner = format!(
        "<span class=\"i i-pin\"></span><span class=\"card-text\"><span class=\"card-name\">Location\
         </span><span class=\"card-about\">{}</span></span>",
        escape(label)
    );
    match url.starts_with("https://") {
        true => format!(
            "<a class=\"card\" href=\"{}\" rel=\"noopener noreferrer\">{inner}</a>\n",
            escape(url)
        ),
        false => format!("<div class=\"card\">{inner}</div>\n"),
    }
}

fn poll(question: &str, options: &[(String, Option<u32>)]) -> String {
    let all: u64 = options.iter().filter_map(|(_, votes)| *votes).map(u64::from).sum();
    let rows: String = options
        .iter()
        .map(|(option, votes)| {
            let share = u64::from(votes.unwrap_or(0)) * 100 / all.max(1);
            let count = votes.map(|votes| votes.to_string()).unwrap_or_default();
            format!(
                "<li><span class=\"option\" dir=\"auto\">{}</span><span class=\"votes\">{count}</span>\
                 <svg class=\"bar\" aria-hidden=\"true\"><rect width=\"{share}%\" height=\"100%\" rx=\"3\"/></svg></li>",
                escape(option)
            )
        })
        .collect();
    format!(
        "<div class=\"poll\" dir=\"auto\"><div class=\"question\" dir=\"auto\">{}</div><ul>{rows}</ul></div>\n",
        escape(question)
    )
}

/// When it was sent, and the stamp as the chat has it where that says more.
fn foot(message: &Message, index: usize) -> String {
    let edited = if message.edited { "<span>edited</span> " } else { "" };
    let written = written(message);
    let time = message.time.map(|time| {
        format!(
            "<time datetime=\"{}\" title=\"{}\">{}</time>",
            moment::iso(time),
            moment::day(time),
            moment::clock(time)
        )
    });
    let time = time.unwrap_or_default();
    if edited.is_empty() && written.is_empty() && time.is_empty() {
        return String::new();
    }
    format!("<a class=\"when\" href=\"#m{index}\">{edited}{written}{time}</a>\n")
}

fn written(message: &Message) -> String {
    let stamp = message.written.as_deref().unwrap_or_default();
    match stamp.is_empty() {
        true => String::new(),
        false => format!("<span dir=\"auto\">{}</span> ", escape(stamp)),
    }
}

fn system(message: &Message, index: usize) -> String {
    format!(
        "<p class=\"sys\" id=\"m{index}\">{}<span dir=\"auto\">{}</span></p>\n",
        written(message),
        text::render(&message.text)
    )
}
