//! What zones there are, for clocks whose zone is not written.

/// Zones lie on quarters of an hour, in seconds.
pub(crate) const STEP_S: i64 = 900;

/// The zone furthest behind UTC and the one furthest ahead of it, in seconds.
pub(crate) const EARLIEST_S: i64 = -12 * 3600;
pub(crate) const LATEST_S: i64 = 14 * 3600;
