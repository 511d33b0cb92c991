//! What running the cases needs.

pub mod bad_places;
pub mod program;
pub mod run;
