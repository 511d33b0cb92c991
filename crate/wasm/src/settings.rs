//! Settings, to and from the core's.

use heirloom_core::settings::{self as core, HeicView};

use crate::dto;

impl From<&core::Settings> for dto::Settings {
    fn from(settings: &core::Settings) -> Self {
        Self {
            mode: match settings.mode {
                core::Mode::Strict => dto::Mode::Strict,
                core::Mode::Balanced => dto::Mode::Balanced,
                core::Mode::Loose => dto::Mode::Loose,
            },
            match_window_seconds: settings.match_window_seconds,
            phash_threshold: settings.phash_threshold,
            search: match settings.search {
                core::Search::Library => dto::Search::Library,
                core::Search::Window => dto::Search::Window,
            },
            heic: match settings.heic {
                HeicView::View => dto::Heic::View,
                HeicView::Original => dto::Heic::Original,
            },
            date_order: settings.date_order.into(),
        }
    }
}

impl From<dto::Settings> for core::Settings {
    fn from(settings: dto::Settings) -> Self {
        Self {
            mode: match settings.mode {
                dto::Mode::Strict => core::Mode::Strict,
                dto::Mode::Balanced => core::Mode::Balanced,
                dto::Mode::Loose => core::Mode::Loose,
            },
            match_window_seconds: settings.match_window_seconds,
            phash_threshold: settings.phash_threshold,
            search: match settings.search {
                dto::Search::Library => core::Search::Library,
                dto::Search::Window => core::Search::Window,
            },
            heic: settings.heic.into(),
            date_order: match settings.date_order {
                dto::DateOrder::Auto => None,
                dto::DateOrder::Dmy => Some(core::DateOrder::DayMonthYear),
                dto::DateOrder::Mdy => Some(core::DateOrder::MonthDayYear),
                dto::DateOrder::Ymd => Some(core::DateOrder::YearMonthDay),
            },
            ..Self::default()
        }
    }
}

impl From<dto::Heic> for HeicView {
    fn from(heic: dto::Heic) -> Self {
        match heic {
            dto::Heic::View => Self::View,
            dto::Heic::Original => Self::Original,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(settings: &core::Settings) {
        let there = dto::Settings::from(settings);
        assert_eq!(core::Settings::from(there), *settings);
    }

    #[test]
    fn defaults_survive_the_way_there_and_back() {
        check(&core::Settings::default());
    }

    #[test]
    fn choices_survive_the_way_there_and_back() {
        check(&core::Settings {
            mode: core::Mode::Loose,
            match_window_seconds: 7,
            phash_threshold: Some(0),
            search: core::Search::Window,
            heic: HeicView::Original,
            date_order: Some(core::DateOrder::YearMonthDay),
            ..core::Settings::default()
        });
    }
}
