//! How long a message is on a page.

use super::text;
use crate::collect::{Message, MessageKind};
use crate::page::escape::escape;

/// About how many bytes a message comes to as HTML: its words exactly, the markup
/// around them as it usually is (estimated).
#[must_use]
pub(super) fn weight(message: &Message) -> usize {
    let name = message.sender.as_ref().map_or(0, |sender| escape(sender).len());
    let poll = match &message.kind {
        MessageKind::Poll { question, options } => {
            let options = options.iter().map(|(option, _)| 260 + escape(option).len());
            escape(question).len() + options.sum::<usize>()
        }
        MessageKind::Location { url } => 300 + escape(url).len(),
        _ => 0,
    };
    320 + 2 * name + 900 * message.media.len() + poll + text::render(&message.text).len()
}
