//! What the user asks for.

/// Limits, and whom to believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Most minutes between two photos of one event, and between a photo and its source.
    pub minutes: u32,
    /// Most metres between two places that are one.
    pub metres: u32,
    /// Cameras whose clock is right: a part of the name, or the serial number.
    pub locked: Vec<String>,
    /// Folders whose photos are asked for their places first.
    pub prefer: Vec<String>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { minutes: 30, metres: 500, locked: Vec::new(), prefer: Vec::new() }
    }
}

impl Asked {
    /// [`Asked::minutes`] in seconds.
    pub(super) fn seconds(&self) -> i64 {
        60 * i64::from(self.minutes)
    }
}
