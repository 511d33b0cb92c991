//! The chat job. The host calls [`Job::advance`] until everything is decided, supplies
//! what the job asks for meanwhile, shows the pairings, passes answers on, and calls
//! [`Job::rebuild`] until the bundle is whole. Each call does one bounded batch.

mod decided;
mod frames;
mod hashing;
mod looking;
mod rebuilding;
mod remembered;
mod reporting;
mod review;
mod run;
mod state;

pub(super) use self::decided::ANSWERED_SIZES;
pub use self::decided::ANSWERS;
pub use self::state::{Job, Sides};

#[cfg(test)]
mod bounded_tests;
#[cfg(test)]
mod tests;
