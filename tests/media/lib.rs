//! What the acceptance tests share: made chats and libraries ([`heirloom_recipes`]),
//! chats of every language, a library in memory, and cases and
//! folders with a known truth.

pub mod accuracy;
pub mod big_chat;
pub mod chat_locale;
pub mod copies;
pub mod grown;
pub mod memory;

pub use heirloom_recipes::{
    Outcome, broken, build, chat_text, disk, edit, fixture, page, picture, recipe, sample, saying,
    video, whatsapp,
};
