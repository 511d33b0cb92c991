//! How the dates of a chat were read, as it crosses: the page has the words
//! (`www/src/text/en/dates.ts`).

use heirloom_core::{collect, model, settings};
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// Day, month and year as the chat writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Decided from evidence.
    Auto,
    /// 31.12.2024
    Dmy,
    /// 12/31/2024
    Mdy,
    /// 2024-12-31
    Ymd,
}

/// Why dates were read in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum DateEvidence {
    /// The user said so.
    Asked,
    /// Every date tells its order by itself.
    Each,
    /// The days in the names of media are those of their messages.
    MediaNames {
        /// How many media.
        media: u64,
    },
    /// In another order some dates are no days.
    NoSuchDays {
        /// How many dates.
        dates: u64,
        /// That other order.
        order: DateOrder,
    },
    /// The dates run forward.
    Forward,
    /// In every other order the dates jump about.
    OnlyForward,
    /// In every other order the dates lie before those of the run before.
    OnlyAfter,
    /// The last changes of media are on the days of their messages.
    Changes {
        /// How many files.
        files: u64,
    },
    /// Nothing tells day and month apart.
    Nothing,
}

/// One way to read the dates of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DateChoice {
    /// The order.
    pub order: DateOrder,
    /// A date as the chat has it.
    pub written: String,
    /// Which day that is, wall-clock seconds since 1970.
    pub day_s: i64,
}

impl From<Option<settings::DateOrder>> for DateOrder {
    fn from(order: Option<settings::DateOrder>) -> Self {
        match order {
            None => Self::Auto,
            Some(settings::DateOrder::DayMonthYear) => Self::Dmy,
            Some(settings::DateOrder::MonthDayYear) => Self::Mdy,
            Some(settings::DateOrder::YearMonthDay) => Self::Ymd,
        }
    }
}

impl From<collect::DateEvidence> for DateEvidence {
    fn from(why: collect::DateEvidence) -> Self {
        match why {
            collect::DateEvidence::Asked => Self::Asked,
            collect::DateEvidence::Each => Self::Each,
            collect::DateEvidence::MediaNames { media } => Self::MediaNames { media: media as u64 },
            collect::DateEvidence::NoSuchDays { dates, order } => {
                Self::NoSuchDays { dates: dates as u64, order: Some(order).into() }
            }
            collect::DateEvidence::Forward => Self::Forward,
            collect::DateEvidence::OnlyForward => Self::OnlyForward,
            collect::DateEvidence::OnlyAfter => Self::OnlyAfter,
            collect::DateEvidence::Changes { files } => Self::Changes { files: files as u64 },
            collect::DateEvidence::Nothing => Self::Nothing,
        }
    }
}

impl From<&model::DateChoice> for DateChoice {
    fn from(choice: &model::DateChoice) -> Self {
        Self {
            order: Some(choice.order).into(),
            written: choice.written.clone(),
            day_s: i64::from(choice.day) * 86_400,
        }
    }
}
