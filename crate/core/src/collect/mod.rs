//! Folder entries, chat text and HTML become a [`Library`] of files and an
//! [`Export`]: messages, chat media, pages.
//!
//! - `library`: the files, and how each is opened; making one cannot fail.
//! - `collector`, `steps`, `sources`: collecting an export, in bounded steps; zips
//!   are replaced by their entries.
//! - `chat`: the text becomes messages. `media_list`, `export`: the chat's media
//!   and pages.
//! - `chat_html`, `page_marks`, `address`: which files given pages refer to.

pub(crate) mod address;
mod archive;
pub mod chat;
pub mod chat_html;
pub(crate) mod checksum;
mod collector;
pub mod encoding;
mod export;
pub mod file_names;
pub(crate) mod fuzz;
pub(crate) mod jpeg_segments;
mod junk;
pub mod kind;
mod library;
mod marks;
mod media_list;
mod media_name;
pub(crate) mod page_marks;
mod pixel_size;
pub(crate) mod reading;
mod sources;
mod steps;
pub(crate) mod wide;
pub(crate) mod zip_export;
mod zip_names;

pub use self::chat::message::{Chat, DateEvidence, DateReading, Message, MessageKind};
pub use self::collector::{Collected, Collector, collect};
pub use self::export::{Export, HtmlPage, Medium, Sent};
pub(crate) use self::junk::in_cloud;
pub use self::junk::{TRASH, is_bin, is_binned, is_junk, managed_by_other, placeholder};
pub use self::library::{Library, open};
pub(crate) use self::media_name::is_saved_by_chat;

#[cfg(test)]
#[path = "collect_tests.rs"]
mod tests;
