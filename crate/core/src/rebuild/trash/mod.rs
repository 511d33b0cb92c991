//! To the trash and back. No file is deleted: a file that goes moves into
//! `Heirloom trash/DATE TIME/files`, beside a `manifest.json` that says where it
//! belongs, what it is and what stays in its place.
//!
//! [`trash`], [`restore`] and [`recover`] are runs that touch nothing themselves: each
//! asks its host for one [`Act`] after the other and takes its [`Outcome`], so that the
//! same code runs over a disk and over the handles of a page. A run may be killed
//! between any two acts and in the middle of one: a journal tells the next start, and
//! [`recover`] settles it.
//!
//! [`discard`] gives files to the system's own trash instead.
//!
//! What holds at every moment, of every file:
//! - its bytes are where they were, or in the trash under a manifest that was durable
//!   before they moved;
//! - it moves only if it and what stays in its place have the BLAKE3 that they had
//!   when they were examined;
//! - nothing is written over; what is removed is an unfinished copy, or a file whose
//!   verified copy is durable elsewhere.

mod act;
mod acts;
mod discarding;
mod done;
mod manifest;
mod moving;
mod numbered;
mod restoring;
mod settling;
mod transfer;

pub use act::{Act, Form, JOURNAL, MANIFEST, Outcome, PART, Place, Record, STEP, Seen, Time};
pub use acts::{Next, Progress, Run};
pub use discarding::discard;
pub use done::{Done, Moved, Task};
pub use manifest::{File, Manifest, Unit, Unread};
pub use moving::trash;
pub use settling::{recover, restore};
