//! The kinds of copies, and of pictures that are none.

/// How a file was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The same bytes under the same name or another.
    Exact,
    /// Other metadata around the same picture data.
    Tags,
    /// Encoded again as a JPEG of the same size.
    Encoded,
    /// Made smaller or larger.
    Resized,
    /// Converted, each to one format.
    Png,
    /// See [`Kind::Png`].
    Webp,
    /// See [`Kind::Png`].
    Tiff,
    /// See [`Kind::Png`].
    Heic,
    /// A part of it.
    Cropped,
    /// Its colours changed.
    Filtered,
    /// As a chat sends it: small, coarse, without metadata.
    Chat,
    /// The same of one frame of a burst, which lies beside the others.
    BurstChat,
    /// The same of one of several retakes.
    RetakeChat,
    /// A video with the same bytes.
    VideoExact,
    /// A video's container written anew around the same samples.
    VideoTags,
    /// A video encoded again, as a chat does.
    VideoEncoded,
}

/// What must be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// All.
    All,
    /// So many of a hundred.
    Percent(u32),
    /// None was set.
    Open,
}

/// Each kind with its name and its goal, in the table's order.
#[rustfmt::skip]
const KINDS: [(Kind, &str, Goal); 16] = [
    (Kind::Exact, "exact", Goal::All),
    (Kind::Tags, "other metadata", Goal::All),
    (Kind::Encoded, "encoded again", Goal::Percent(98)),
    (Kind::Resized, "resized", Goal::Percent(98)),
    (Kind::Png, "as PNG", Goal::Percent(98)),
    (Kind::Webp, "as WebP", Goal::Percent(98)),
    (Kind::Tiff, "as TIFF", Goal::Percent(98)),
    (Kind::Heic, "as HEIC", Goal::Percent(98)),
    (Kind::Cropped, "cropped", Goal::Open),
    (Kind::Filtered, "filtered", Goal::Open),
    (Kind::Chat, "from a chat", Goal::Percent(98)),
    (Kind::BurstChat, "from a chat, beside a burst", Goal::Open),
    (Kind::RetakeChat, "from a chat, beside retakes", Goal::Open),
    (Kind::VideoExact, "video, exact", Goal::All),
    (Kind::VideoTags, "video, other container", Goal::All),
    (Kind::VideoEncoded, "video, encoded again", Goal::Percent(95)),
];

impl Kind {
    /// All of them, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS[self as usize].1
    }

    /// What must be reached.
    #[must_use]
    pub fn goal(self) -> Goal {
        KINDS[self as usize].2
    }

    /// Whether a program that compares bytes finds it.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Exact | Self::VideoExact)
    }

    /// Whether it must be found by its picture data, without comparing pictures.
    #[must_use]
    pub fn is_payload(self) -> bool {
        matches!(self, Self::Tags | Self::VideoTags)
    }

    /// Whether it is a video.
    #[must_use]
    pub fn is_video(self) -> bool {
        matches!(self, Self::VideoExact | Self::VideoTags | Self::VideoEncoded)
    }
}

impl Goal {
    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::All => "all".into(),
            Self::Percent(percent) => format!("≥ {percent} %"),
            Self::Open => "-".into(),
        }
    }

    /// Whether so many of so many are enough.
    #[must_use]
    pub fn is_met(self, found: usize, all: usize) -> bool {
        match self {
            Self::All => found == all,
            Self::Percent(percent) => found * 100 >= all * percent as usize,
            Self::Open => true,
        }
    }
}

/// In which way two pictures are near each other and yet two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Near {
    /// Frames of one burst.
    Burst,
    /// Shots of one scene, some seconds apart.
    Retake,
    /// Shots of one scene among the given photos.
    Given,
    /// Films of one length.
    Film,
    /// Not at all.
    Others,
}

impl Near {
    /// All of them, in the table's order.
    pub const ALL: [Self; 5] = [Self::Burst, Self::Retake, Self::Given, Self::Film, Self::Others];

    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Burst => "frames of a burst",
            Self::Retake => "retakes",
            Self::Given => "shots of one scene among the photos",
            Self::Film => "videos of one length",
            Self::Others => "all others",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_its_own_row() {
        assert!(KINDS.iter().enumerate().all(|(at, (kind, ..))| *kind as usize == at));
    }

    #[test]
    fn a_goal_of_98_of_100_is_met_by_49_of_50() {
        assert!(Goal::Percent(98).is_met(49, 50) && !Goal::Percent(98).is_met(48, 50));
        assert!(Goal::All.is_met(0, 0) && !Goal::All.is_met(9, 10));
    }
}
