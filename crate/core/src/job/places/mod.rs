//! The places job: what photos of one event can give each other. The host calls
//! [`Places::advance`] until all is known, and takes GROUPS. Nothing is changed;
//! `rebuild/` writes what the user makes of it.

mod chats;
mod known;
mod run;
mod state;
#[cfg(test)]
mod tests;

pub use self::chats::Chat;
pub use self::state::{Given, Places};
