//! How good the matching is, in numbers: cases with a known truth, made from
//! photo folders, and the marks a run gets for them.
//!
//! [`photos`] reads the folders, [`case`] makes one kind of case from them,
//! [`score`] runs the job and marks it, [`table`] keeps the marks under
//! version control. Chance is seeded: the same photos, seed and counts give
//! the same case.

mod bursts;
pub mod case;
pub mod dice;
mod lens;
pub mod photos;
pub mod retouch;
pub mod score;
mod studio;
pub mod synthetic;
pub mod table;
mod wholes;

use heirloom_core::model::Edit;

/// A picture, in however many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PictureId(pub u32);

/// What is true of one exported picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// What it shows, if the library holds that.
    pub picture: Option<PictureId>,
    /// How it was changed before it was sent.
    pub edit: Edit,
    /// Whether it is so plain that keeping it is right, too.
    pub plain: bool,
    /// Seconds from the camera's clock to the chat's when it was sent, if the
    /// run must find them.
    pub offset: Option<i32>,
    /// How it was made, for people.
    pub note: String,
}

/// What was done to the pictures of a case, or what stands in their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Sent from an iPhone at once.
    PlainIos,
    /// Sent from an Android phone at once.
    PlainAndroid,
    /// Sent in HD.
    PlainHd,
    /// Sent days and weeks later.
    Late,
    /// The originals lost their capture times.
    WrongTimes,
    /// A week abroad.
    Travel,
    /// The exporter's zone knows no summer time, the camera's does.
    SummerTime,
    /// Several shots from the hand; the sent one is there.
    Burst,
    /// Several shots from the hand, but not the sent one.
    BurstAbsent,
    /// The given photos' own neighbours; the sent one is there.
    Neighbours,
    /// The given photos' own neighbours, but not the sent one.
    NeighboursAbsent,
    /// Copies of the original beside it.
    Copies,
    /// Nothing like it in the library.
    Strangers,
    /// 2 to 12 % cut off each side.
    Crop,
    /// Strokes, words and faces on 2 to 15 %.
    Drawing,
    /// Warm, cool, grey, contrast, vivid, faded.
    Filter,
    /// Left and right swapped.
    Mirror,
    /// Edited pictures whose neighbours alone are in the library.
    EditedAbsent,
    /// Fog and darkness.
    Plain,
    /// Screenshots, with one that differs in a message beside them.
    Screens,
    /// Screenshots of which only one that differs in a message is there.
    ScreensAbsent,
}

impl Kind {
    /// All of them, as in the table, with their shares of the exported
    /// pictures.
    pub const ALL: [(Self, u32); 21] = [
        (Self::PlainIos, 8),
        (Self::PlainAndroid, 8),
        (Self::PlainHd, 4),
        (Self::Late, 5),
        (Self::WrongTimes, 4),
        (Self::Travel, 4),
        (Self::SummerTime, 4),
        (Self::Burst, 10),
        (Self::BurstAbsent, 10),
        (Self::Neighbours, 2),
        (Self::NeighboursAbsent, 2),
        (Self::Copies, 5),
        (Self::Strangers, 5),
        (Self::Crop, 7),
        (Self::Drawing, 5),
        (Self::Filter, 5),
        (Self::Mirror, 4),
        (Self::EditedAbsent, 5),
        (Self::Plain, 2),
        (Self::Screens, 3),
        (Self::ScreensAbsent, 2),
    ];

    /// Its name in the table and for `--only`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PlainIos => "plain-ios",
            Self::PlainAndroid => "plain-android",
            Self::PlainHd => "plain-hd",
            Self::Late => "late",
            Self::WrongTimes => "wrong-times",
            Self::Travel => "travel",
            Self::SummerTime => "summer-time",
            Self::Burst => "burst",
            Self::BurstAbsent => "burst-absent",
            Self::Neighbours => "neighbours",
            Self::NeighboursAbsent => "neighbours-absent",
            Self::Copies => "copies",
            Self::Strangers => "strangers",
            Self::Crop => "crop",
            Self::Drawing => "drawing",
            Self::Filter => "filter",
            Self::Mirror => "mirror",
            Self::EditedAbsent => "edited-absent",
            Self::Plain => "featureless",
            Self::Screens => "screens",
            Self::ScreensAbsent => "screens-absent",
        }
    }

    /// How many of `count` exported pictures are of this kind, at least two; at
    /// least eight of those that ask for the clock, which a few pairs cannot tell.
    #[must_use]
    pub fn share(self, count: u32) -> u32 {
        let least = if matches!(self, Self::Travel | Self::SummerTime) { 8 } else { 2 };
        let all: u32 = Self::ALL.iter().map(|(_, share)| share).sum();
        let own = Self::ALL.iter().find(|(kind, _)| *kind == self).map_or(0, |(_, share)| *share);
        (count * own / all).max(least)
    }
}
