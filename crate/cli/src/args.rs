//! The words of the command line. Names and defaults are what users' scripts rely
//! on; README.md lists them.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::duplicates::Duplicates;
use crate::places::Places;
use clap::{Args, Parser, Subcommand, ValueEnum};
use heirloom_core::settings::{DateOrder, HeicView, Mode, Search, Settings};

/// Puts the original photos and videos back into a WhatsApp chat.
#[derive(Debug, Parser)]
#[command(name = "heirloom", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub task: Task,
    /// Where things are remembered between runs.
    #[command(flatten)]
    pub kept: Kept,
}

/// Where things are remembered between runs.
#[derive(Debug, Clone, Default, Args)]
pub struct Kept {
    /// The catalogue of what earlier runs learnt. Default: a file in your
    /// cache folder, and what you decided in your data folder; with this, what
    /// you decided is beside it, in FILE.decisions.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_catalogue")]
    pub catalogue: Option<PathBuf>,
    /// Recall nothing and remember nothing.
    #[arg(long, global = true)]
    pub no_catalogue: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Finds the original behind every small picture of a chat export and
    /// writes a better copy of the chat. The inputs are never changed.
    Link(Box<Link>),
    /// Finds duplicates and files that belong together in folders of photos and
    /// videos, and says which to keep. It changes nothing.
    Duplicates(Box<Duplicates>),
    /// Says what photos of one event can give each other: places, dates, cameras. It
    /// changes nothing.
    Places(Box<Places>),
    /// Shows, exports or deletes what earlier runs learnt about your files, and
    /// what you decided.
    #[command(subcommand)]
    Catalogue(Upkeep),
}

/// What to do with the catalogue.
#[derive(Debug, Subcommand)]
pub enum Upkeep {
    /// Says where it is.
    Path {
        /// Print the place of what you decided instead.
        #[arg(long)]
        decisions: bool,
    },
    /// Writes all of it as JSON, what you decided included.
    Export {
        /// Where to; otherwise it is printed.
        file: Option<PathBuf>,
    },
    /// Deletes what was learnt. What you decided stays.
    Delete {
        /// Delete also what you decided and which chats you saved: nothing can
        /// bring that back.
        #[arg(long)]
        decisions: bool,
    },
}

/// What `heirloom link` is told.
#[derive(Debug, Args)]
pub struct Link {
    /// The chat export: a folder, or WhatsApp's own zip.
    #[arg(long, value_name = "DIR|ZIP")]
    pub export_media_dir: PathBuf,
    /// A folder of originals; may be given several times. Without any, the
    /// bundle is made from the export alone.
    #[arg(long, value_name = "DIR")]
    pub original_media_dir: Vec<PathBuf>,
    /// Where the originals go; the bundle (index.html and the rest) is its
    /// parent folder.
    #[arg(long, value_name = "DIR", conflicts_with = "zip")]
    #[arg(required_unless_present_any = ["zip", "dry_run"])]
    pub output_media_dir: Option<PathBuf>,
    /// Write the bundle as a zip instead.
    #[arg(long, value_name = "FILE")]
    pub zip: Option<PathBuf>,
    /// How far a photo may have been taken before it was sent, for the first
    /// search, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Settings::default().match_window_seconds)]
    pub match_window_seconds: u32,
    /// Most bits by which two fingerprints may differ (0 to 64). Default:
    /// strict 8, balanced 10, loose 14.
    #[arg(long, value_name = "BITS", value_parser = clap::value_parser!(u32).range(0..=64))]
    pub phash_threshold: Option<u32>,
    /// How much proof a link needs.
    #[arg(long, value_enum, default_value_t = ModeWord::Balanced)]
    pub confidence_mode: ModeWord,
    /// Where candidates may come from: the whole library (time ranks, the
    /// picture decides), or only inside the time window.
    #[arg(long, value_enum, default_value_t = SearchWord::Library)]
    pub search: SearchWord,
    /// How originals get into the bundle's folder.
    #[arg(long, value_enum, default_value_t = CopyMode::Copy, conflicts_with = "zip")]
    pub copy_mode: CopyMode,
    /// Rewrite this HTML page; may be given several times. The pages it links
    /// to come along. A page from outside the export lands at the top of the
    /// bundle. Default: every page of the export, or else the chat is drawn anew.
    #[arg(long, value_name = "FILE")]
    pub html: Vec<PathBuf>,
    /// What becomes of HEIC originals: with a JPEG view that every browser
    /// shows, or the original only.
    #[arg(long, value_enum, default_value_t = HeicWord::View)]
    pub heic: HeicWord,
    /// How the chat writes its dates.
    #[arg(long, value_enum, default_value_t = DateWord::Auto)]
    pub date_order: DateWord,
    /// Put the original of this exported file into the bundle although a part of
    /// it was hidden before it was sent; the name is the one in mapping.json. May
    /// be given several times.
    #[arg(long, value_name = "NAME")]
    pub reveal: Vec<String>,
    /// Also write mapping.json here.
    #[arg(long, value_name = "FILE")]
    pub write_mapping_json: Option<PathBuf>,
    /// Decide and report, write no bundle.
    #[arg(long)]
    pub dry_run: bool,
    /// Print mapping.json instead of the summary.
    #[arg(long)]
    pub json: bool,
    /// No progress and no summary.
    #[arg(long)]
    pub quiet: bool,
}

/// How originals get into a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CopyMode {
    /// A copy of its own.
    Copy,
    /// A second name for the same bytes; falls back to a copy between disks.
    Hardlink,
    /// A pointer to where the original lies; breaks when that is moved.
    Symlink,
}

/// [`Mode`] as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModeWord {
    /// Only what is beyond doubt.
    Strict,
    /// Safe and complete enough for most.
    Balanced,
    /// Finds more, for someone who looks at every pair.
    Loose,
}

/// [`Search`] as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SearchWord {
    /// The whole library.
    Library,
    /// Only inside the time window.
    Window,
}

/// [`HeicView`] as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HeicWord {
    /// With a JPEG view.
    View,
    /// The original only.
    Original,
}

/// [`DateOrder`] as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DateWord {
    /// Decided from evidence.
    Auto,
    /// 31.12.2024
    Dmy,
    /// 12/31/2024
    Mdy,
    /// 2024-12-31
    Ymd,
}

impl Link {
    /// The core's settings; `html` are the pages' paths inside the export.
    #[must_use]
    pub fn settings(&self, html: Vec<String>) -> Settings {
        Settings {
            match_window_seconds: self.match_window_seconds,
            phash_threshold: self.phash_threshold,
            mode: match self.confidence_mode {
                ModeWord::Strict => Mode::Strict,
                ModeWord::Balanced => Mode::Balanced,
                ModeWord::Loose => Mode::Loose,
            },
            search: match self.search {
                SearchWord::Library => Search::Library,
                SearchWord::Window => Search::Window,
            },
            heic: match self.heic {
                HeicWord::View => HeicView::View,
                HeicWord::Original => HeicView::Original,
            },
            date_order: match self.date_order {
                DateWord::Auto => None,
                DateWord::Dmy => Some(DateOrder::DayMonthYear),
                DateWord::Mdy => Some(DateOrder::MonthDayYear),
                DateWord::Ymd => Some(DateOrder::YearMonthDay),
            },
            html,
            reveal: self.reveal.clone(),
            ..Settings::default()
        }
    }
}

/// `heirloom --link-original-media …` means `heirloom link …`.
#[must_use]
pub fn spelled_out(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    const OLD: &str = "--link-original-media";
    let mut words: Vec<OsString> = words.collect();
    let named = words.get(1).is_some_and(|word| word == "link");
    if words.iter().any(|word| word == OLD) {
        words.retain(|word| word != OLD);
        if !named {
            words.insert(1.min(words.len()), "link".into());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(words: &str) -> Result<Link, clap::Error> {
        let words = std::iter::once("heirloom").chain(words.split_whitespace()).map(OsString::from);
        match Cli::try_parse_from(spelled_out(words))?.task {
            Task::Link(link) => Ok(*link),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_design() {
        let link = link("link --export-media-dir a --output-media-dir b/original_media").unwrap();
        assert_eq!(link.settings(Vec::new()), Settings::default());
        assert_eq!(link.copy_mode, CopyMode::Copy);
        assert!(!link.dry_run && !link.json && !link.quiet);
    }

    #[test]
    fn each_picture_to_reveal_is_named() {
        let link = link("link --export-media-dir a --zip b --reveal 1.jpg --reveal 2.jpg").unwrap();
        assert_eq!(link.settings(Vec::new()).reveal, ["1.jpg", "2.jpg"]);
    }

    #[test]
    fn the_old_flag_means_link() {
        for words in [
            "--link-original-media --export-media-dir a --zip b",
            "--export-media-dir a --zip b --link-original-media",
            "link --link-original-media --export-media-dir a --zip b",
        ] {
            assert_eq!(link(words).unwrap().export_media_dir, PathBuf::from("a"), "{words}");
        }
    }

    #[test]
    fn bad_arguments_end_with_two() {
        for words in [
            "link --export-media-dir a",
            "link --export-media-dir a --zip b --output-media-dir c",
            "link --export-media-dir a --zip b --confidence-mode bold",
            "link --export-media-dir a --zip b --phash-threshold 65",
            "link --zip b",
        ] {
            assert_eq!(link(words).unwrap_err().exit_code(), 2, "{words}");
        }
    }

    #[test]
    fn an_explicit_threshold_wins_over_the_mode() {
        let strict = "link --export-media-dir a --zip b --confidence-mode strict";
        assert_eq!(link(strict).unwrap().settings(Vec::new()).proof().phash_distance, 8);
        let own = link(&format!("{strict} --phash-threshold 12")).unwrap();
        assert_eq!(own.settings(Vec::new()).proof().phash_distance, 12);
    }
}
