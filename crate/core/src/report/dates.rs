//! Why dates were read in an order, in plain English.

use crate::collect::DateEvidence;

/// The evidence as a part of a sentence.
#[must_use]
pub fn evidence(why: DateEvidence) -> String {
    match why {
        DateEvidence::Asked => "you asked for this order".to_owned(),
        DateEvidence::Each => "every date tells its order by itself".to_owned(),
        DateEvidence::MediaNames { media } => {
            format!("the dates in {} agree", amount(media, "media name"))
        }
        DateEvidence::NoSuchDays { dates, order } => {
            format!("as {}, {} would not exist", order.name(), amount(dates, "date"))
        }
        DateEvidence::Forward => "the dates run forward".to_owned(),
        DateEvidence::OnlyForward => "only so do the dates run forward".to_owned(),
        DateEvidence::OnlyAfter => "only so do the dates follow those before".to_owned(),
        DateEvidence::Changes { files } => {
            format!("the last changes of {} agree", amount(files, "file"))
        }
        DateEvidence::Nothing => "nothing tells day and month apart".to_owned(),
    }
}

fn amount(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};

    /// One of each. The page has the same list (`www/src/text/en/dates.test.ts`).
    const SAMPLES: [DateEvidence; 14] = [
        DateEvidence::Asked,
        DateEvidence::Each,
        DateEvidence::MediaNames { media: 1 },
        DateEvidence::MediaNames { media: 2 },
        DateEvidence::NoSuchDays { dates: 1, order: DayMonthYear },
        DateEvidence::NoSuchDays { dates: 1234, order: MonthDayYear },
        DateEvidence::NoSuchDays { dates: 2, order: YearMonthDay },
        DateEvidence::Forward,
        DateEvidence::OnlyForward,
        DateEvidence::OnlyAfter,
        DateEvidence::Changes { files: 1 },
        DateEvidence::Changes { files: 2 },
        DateEvidence::Changes { files: 1000 },
        DateEvidence::Nothing,
    ];

    #[test]
    fn the_page_and_the_report_say_the_same() {
        let want: Vec<&str> = include_str!("sentences/dates.txt").lines().collect();
        assert_eq!(SAMPLES.map(evidence).as_slice(), want);
    }
}
