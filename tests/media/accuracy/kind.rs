//! The kinds of case: what was done to the pictures, or what stands in their way.

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
    /// Sent by programs that no bound was set with.
    Others,
    /// Several shots from the hand, sent by such programs; the sent one is there.
    BurstOthers,
    /// The same, but the sent one is not.
    BurstOthersAbsent,
    /// Deeper crops, and of one side alone.
    CropOthers,
    /// Other pens: soft strokes, highlighters, outlined words, pasted pictures.
    DrawingOthers,
    /// Sepia, gamma, dark corners, two tones, washed out.
    FilterOthers,
    /// Two or three changes at once.
    Combined,
    /// A spot healed; both versions are there, or only the other one.
    Retouched,
    /// A darker or lighter `IMG_E…` beside the photo.
    Relit,
    /// An enlarged copy beside the camera's file.
    Enlarged,
    /// The chat's own small copies among the originals, with the photo or without.
    ChatCopies,
    /// HEIC and JPEG of one shot.
    HeicJpg,
    /// A black-and-white copy beside the colours, or alone.
    GreyCopies,
    /// Drawn screens beside others that differ in one glyph, a clock or a row; or only those.
    Glyphs,
    /// A trail camera's shots that differ in noise and in the strip with the time.
    Strips,
    /// Words on a picture, with other words at the same place in the library.
    Templates,
    /// A part made of squares, so that it cannot be seen.
    Squares,
    /// A part blurred, so that it cannot be seen.
    Blurred,
    /// A part painted over in one colour.
    Painted,
    /// Wide colours, converted or ignored by the program that sent them.
    Profiles,
    /// Transparent parts over black or white.
    Alpha,
    /// Files without an end mark.
    Ends,
    /// Thumbnails with bars, of another shape, or of an older version.
    Thumbnails,
    /// A small thing in a plain sky.
    Sky,
    /// Times written in other ways, which alone lead to the original.
    OddTimes,
    /// Videos encoded again.
    VideoWhole,
    /// Videos of which a part was sent.
    VideoCut,
    /// Videos of which only another one, as long, is in the library.
    VideoOther,
    /// One sound under two films.
    VideoDub,
    /// Sound on one side only.
    VideoSilent,
    /// Fragments, unknown lengths, clocks before 1970.
    VideoBoxes,
}

/// Each kind with its name and its share of the exported pictures, in the table's order.
#[rustfmt::skip]
const KINDS: [(Kind, &str, u32); 52] = [
    (Kind::PlainIos, "plain-ios", 8),
    (Kind::PlainAndroid, "plain-android", 8),
    (Kind::PlainHd, "plain-hd", 4),
    (Kind::Late, "late", 5),
    (Kind::WrongTimes, "wrong-times", 4),
    (Kind::Travel, "travel", 4),
    (Kind::SummerTime, "summer-time", 4),
    (Kind::Burst, "burst", 10),
    (Kind::BurstAbsent, "burst-absent", 10),
    (Kind::Neighbours, "neighbours", 2),
    (Kind::NeighboursAbsent, "neighbours-absent", 2),
    (Kind::Copies, "copies", 5),
    (Kind::Strangers, "strangers", 5),
    (Kind::Crop, "crop", 7),
    (Kind::Drawing, "drawing", 5),
    (Kind::Filter, "filter", 5),
    (Kind::Mirror, "mirror", 4),
    (Kind::EditedAbsent, "edited-absent", 5),
    (Kind::Plain, "featureless", 2),
    (Kind::Screens, "screens", 3),
    (Kind::ScreensAbsent, "screens-absent", 2),
    (Kind::Others, "others", 60),
    (Kind::BurstOthers, "burst-others", 20),
    (Kind::BurstOthersAbsent, "burst-others-absent", 12),
    (Kind::CropOthers, "crop-others", 12),
    (Kind::DrawingOthers, "drawing-others", 12),
    (Kind::FilterOthers, "filter-others", 12),
    (Kind::Combined, "combined", 10),
    (Kind::Retouched, "retouched", 10),
    (Kind::Relit, "relit", 8),
    (Kind::Enlarged, "enlarged", 8),
    (Kind::ChatCopies, "chat-copies", 8),
    (Kind::HeicJpg, "heic-jpg", 3),
    (Kind::GreyCopies, "grey-copies", 8),
    (Kind::Glyphs, "glyphs", 16),
    (Kind::Strips, "strips", 10),
    (Kind::Templates, "templates", 10),
    (Kind::Squares, "cover-squares", 8),
    (Kind::Blurred, "cover-blurred", 8),
    (Kind::Painted, "cover-painted", 8),
    (Kind::Profiles, "profiles", 10),
    (Kind::Alpha, "alpha", 5),
    (Kind::Ends, "ends", 6),
    (Kind::Thumbnails, "thumbnails", 8),
    (Kind::Sky, "sky", 5),
    (Kind::OddTimes, "odd-times", 6),
    (Kind::VideoWhole, "video-whole", 8),
    (Kind::VideoCut, "video-cut", 6),
    (Kind::VideoOther, "video-other", 6),
    (Kind::VideoDub, "video-dub", 5),
    (Kind::VideoSilent, "video-silent", 4),
    (Kind::VideoBoxes, "video-boxes", 6),
];

impl Kind {
    /// All of them, in the table's order.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    fn row(self) -> (Self, &'static str, u32) {
        KINDS[self as usize]
    }

    /// Its name in the table and for `--only`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// How many of `count` exported pictures are of this kind, at least as many as a
    /// case of it needs: eight of those that ask for the clock, which a few pairs
    /// cannot tell, and two of the others.
    #[must_use]
    pub fn share(self, count: u32) -> u32 {
        let least = if matches!(self, Self::Travel | Self::SummerTime) { 8 } else { 2 };
        let all: u32 = KINDS.iter().map(|(.., share)| share).sum();
        (count * self.row().2 / all).max(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_its_own_row() {
        assert!(KINDS.iter().enumerate().all(|(at, (kind, ..))| *kind as usize == at));
    }
}
