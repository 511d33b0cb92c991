//! Makes chats and camera rolls: what WhatsApp does to media, broken files, whole cases.
//!
//! A [`recipe::Recipe`] says in words what a chat and a camera roll hold; real
//! photos and videos (`tests/fixtures`) are the raw material, and
//! [`build`] makes both folders from them, together with the
//! truth: which original each exported file came from. This crate knows
//! nothing of Heirloom's core, so that the sample chat is made while that compiles.

pub mod broken;
pub mod build;
pub mod chat_text;
pub mod disk;
pub mod edit;
pub mod fixture;
pub mod page;
pub mod picture;
pub mod recipe;
pub mod sample;
pub mod video;
pub mod whatsapp;

/// What making a test input failed with, as a sentence.
pub type Outcome<T = ()> = Result<T, String>;

/// Puts what was being done in front of an error.
///
/// # Errors
/// The one given, as a sentence.
pub fn saying<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> Outcome<T> {
    result.map_err(|error| format!("{what}: {error}"))
}
