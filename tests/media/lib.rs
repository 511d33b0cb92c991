//! Makes test inputs: what WhatsApp does to media, broken files, whole chats.
//!
//! A [`recipe::Recipe`] says in words what a chat and a camera roll hold; real
//! photos and videos (`tests/fixtures`) are the raw material, and
//! [`build`] makes both folders from them, together with the
//! truth: which original each exported file came from.

pub mod accuracy;
pub mod big_chat;
pub mod broken;
pub mod build;
pub mod chat_locale;
pub mod chat_text;
pub mod disk;
pub mod edit;
pub mod fixture;
pub mod grown;
pub mod memory;
pub mod page;
pub mod picture;
pub mod recipe;
pub mod sample;
pub mod video;
pub mod whatsapp;

/// What making a test input failed with, as a sentence.
pub type Outcome<T = ()> = Result<T, String>;

/// Puts what was being done in front of an error.
pub fn saying<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> Outcome<T> {
    result.map_err(|error| format!("{what}: {error}"))
}
