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

/// The limits of one mode (design section 4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proof {
    /// Most bits by which fingerprints in the shortlist may differ.
    pub phash_distance: u32,
    /// Most grey levels (RMS) that exported picture and original may differ by
    /// at 512 pixels.
    pub residual: f32,
    /// How many times worse the next best picture must be.
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
    /// How long after the (offset-corrected) send time window a capture may
    /// lie, in seconds to either side.
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
    /// The sender whose bubbles stand on the right; `None`: decided from the
    /// chat's name, if it can be.
    pub me: Option<String>,
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
            originals_folder: "original_media".into(),
            export_name: String::new(),
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

    /// The same as another mode would demand it.
    #[must_use]
    pub fn proof_in(&self, mode: Mode) -> Proof {
        let mut proof = mode.proof();
        if let Some(threshold) = self.phash_threshold {
            proof.phash_distance = threshold;
        }
        proof
    }
}

/// Bounds on memory and work. Every size read from a file meets one of these
/// before it meets an allocator.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes read from the start of every original.
    pub head: usize,
    /// Largest `meta` or `moov` box that is loaded.
    pub box_bytes: usize,
    /// Largest picture file that is loaded whole.
    pub picture_bytes: u64,
    /// Most pixels a picture may claim.
    pub pixels: u64,
    /// Most memory one picture's decoder may need, in bytes.
    pub decode_bytes: u64,
    /// Bytes of pictures loaded at once, over all threads.
    pub batch_bytes: u64,
    /// Largest chat text.
    pub text_bytes: u64,
    /// Originals proved for one exported picture.
    pub shortlist: usize,
    /// Contrast below which a picture proves nothing.
    pub featureless: f32,
    /// Long edge of the JPEG shown for an HEIC.
    pub view_edge: u32,
    /// Most messages on one chat page.
    pub page_messages: usize,
    /// Most bytes that the messages of one chat page may come to as HTML; a
    /// single message may have more.
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
