//! What the user may choose, and the only home of defaults and limits.

/// Day, month and year as the chat writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 31.12.2024
    DayMonthYear,
    /// 12/31/2024
    MonthDayYear,
    /// 2024-12-31
    YearMonthDay,
}

impl DateOrder {
    /// The order as people say it in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DayMonthYear => "day-month-year",
            Self::MonthDayYear => "month-day-year",
            Self::YearMonthDay => "year-month-day",
        }
    }
}

/// How much proof a link needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only what is beyond doubt; edited pictures stay as they are.
    Strict,
    /// Safe and complete enough for most.
    Balanced,
    /// Finds more, for a user who looks at every pair.
    Loose,
}

/// Where candidates may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// The whole library: time ranks, the picture decides.
    Library,
    /// Only originals inside the time window.
    Window,
}

/// What becomes of an HEIC original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeicView {
    /// The original and a JPEG that every browser shows.
    View,
    /// Only the original.
    Original,
}

/// The limits of one mode. What they were measured on stands in
/// docs/architecture.md, *Where the numbers come from*.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proof {
    /// Most bits (of 64) by which the fingerprints of a shortlisted original differ
    /// from the picture's; others are not compared.
    pub phash_distance: u32,
    /// Most grey levels (RMS, 0 to 255) by which exported picture and original
    /// differ at 512 pixels after a fit; above it nothing is linked.
    pub residual: f32,
    /// Least ratio of the next best picture's residual to the best one's; below it
    /// the match is ambiguous.
    pub runner_up_ratio: f32,
}

impl Mode {
    /// The proof this mode asks for.
    #[must_use]
    pub fn proof(self) -> Proof {
        match self {
            Self::Strict => Proof { phash_distance: 8, residual: 2.2, runner_up_ratio: 2.0 },
            Self::Balanced => Proof { phash_distance: 10, residual: 2.8, runner_up_ratio: 1.5 },
            Self::Loose => Proof { phash_distance: 14, residual: 6.0, runner_up_ratio: 1.3 },
        }
    }

    /// The one spelling of its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Balanced => "balanced",
            Self::Loose => "loose",
        }
    }
}

/// Everything the user may choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The time window: most seconds between send time and capture, to either side,
    /// clock offset removed. 600 is chosen, not measured.
    pub match_window_seconds: u32,
    /// Overrides the mode's [`Proof::phash_distance`].
    pub phash_threshold: Option<u32>,
    /// How much proof a link needs.
    pub mode: Mode,
    /// Where candidates may come from.
    pub search: Search,
    /// What becomes of HEIC originals.
    pub heic: HeicView,
    /// `None`: decided from evidence.
    pub date_order: Option<DateOrder>,
    /// Paths (in the export) of the HTML pages to rewrite; empty: every one.
    pub html: Vec<String>,
    /// Folder of the bundle where originals go; one plain name.
    pub originals_folder: String,
    /// Name of the chosen export folder or zip, which may tell the chat's name;
    /// empty if unknown.
    pub export_name: String,
    /// The whole path of the export's folder, `/` between parts, so that a page
    /// may lead out of it and back; empty if unknown.
    pub export_place: String,
    /// The sender whose bubbles stand on the right; `None`: decided from the
    /// chat's name, if it can be.
    pub me: Option<String>,
    /// Exported files, by their names in the export, whose originals go into the
    /// bundle although a part of them was hidden before they were sent.
    pub reveal: Vec<String>,
    /// Bounds on memory and work.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            match_window_seconds: 600,
            phash_threshold: None,
            mode: Mode::Balanced,
            search: Search::Library,
            heic: HeicView::View,
            date_order: None,
            html: Vec::new(),
            reveal: Vec::new(),
            originals_folder: "original_media".into(),
            export_name: String::new(),
            export_place: String::new(),
            me: None,
            limits: Limits::default(),
        }
    }
}

impl Settings {
    /// The mode's proof, with the user's own shortlist threshold if given.
    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proof_in(self.mode)
    }

    /// The same in another mode.
    #[must_use]
    pub fn proof_in(&self, mode: Mode) -> Proof {
        let mut proof = mode.proof();
        if let Some(threshold) = self.phash_threshold {
            proof.phash_distance = threshold;
        }
        proof
    }
}

/// Bounds on memory and work. Every size read from a file is held against one of
/// these before anything is allocated for it. All are chosen to be far above real
/// files and within a browser's memory, unless a field says more.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes read from the start of every original. A JPEG's EXIF segment,
    /// thumbnail included, has at most 64 KB.
    pub head: usize,
    /// Largest `meta` or `moov` box that is loaded, in bytes; of a larger one time
    /// and length stay unknown.
    pub box_bytes: usize,
    /// Largest picture file that is loaded whole, in bytes; a larger one is not
    /// decoded ([`Problem::OverLimit`](crate::error::Problem::OverLimit)).
    pub picture_bytes: u64,
    /// Most pixels that a picture may claim; one that claims more is not decoded.
    pub pixels: u64,
    /// Most bytes that one picture's decoder may need, as estimated for its codec;
    /// one that needs more is not decoded.
    pub decode_bytes: u64,
    /// Bytes of files loaded in one batch, over all threads; the file that reaches
    /// it is the batch's last. About 100 ms of reading.
    pub batch_bytes: u64,
    /// Bytes of a chat's text that are read; what a larger one has behind them is left
    /// out, and said.
    pub text_bytes: u64,
    /// Originals compared with one exported picture in one round; others wait for
    /// the next round.
    pub shortlist: usize,
    /// Contrast (standard deviation in grey levels) below which a picture proves
    /// nothing and is not compared. Chosen, not measured.
    pub featureless: f32,
    /// Long edge in pixels of the JPEG that is shown for an HEIC. Chosen, not
    /// measured.
    pub view_edge: u32,
    /// Most messages on one chat page; more go to the next page.
    pub page_messages: usize,
    /// Most bytes that the messages of one chat page come to as HTML; more go to
    /// the next page, and a single message may have more.
    pub page_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 64 << 10,
            box_bytes: 64 << 20,
            picture_bytes: 256 << 20,
            pixels: 250_000_000,
            decode_bytes: 1 << 30,
            batch_bytes: 48 << 20,
            text_bytes: 512 << 20,
            shortlist: 8,
            featureless: 4.0,
            view_edge: 2560,
            page_messages: 1000,
            page_bytes: 1 << 20,
        }
    }
}
