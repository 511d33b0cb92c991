//! The types that cross to the page. They are apart from the core's, and their
//! TypeScript is generated from here (`www/src/engine/generated/`). One file for
//! each job, over one for what all of them say.

mod common;
mod dates;
mod duplicates;
mod link;
mod problem;
mod reason;
mod trash;

pub use common::*;
pub use dates::*;
pub use duplicates::*;
pub use link::*;
pub use problem::*;
pub use trash::*;
