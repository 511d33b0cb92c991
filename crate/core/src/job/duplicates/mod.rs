//! The duplicates job: which files are one shot, which shots are duplicates. The host
//! calls [`Duplicates::advance`] until all is known, and takes the document. Nothing is
//! changed; `plan/` and `rebuild/` carry out what the user makes of it.

mod again;
mod chats;
mod copies;
mod deciding;
mod remembered;
mod run;
mod state;
mod undo;

pub use self::deciding::Deciding;
pub use self::remembered::remembered;
pub use self::state::{Asked, Duplicates, Folders};

#[cfg(test)]
mod tests;
