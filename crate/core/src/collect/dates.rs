//! Day and month told apart by evidence, and stamps turned into moments.
//!
//! The evidence comes in the order in which it proved reliable on 409 public
//! chat texts: a year of four digits in front, dates in media names, numbers
//! above 12, dates running forward, and last changes of the files.

use chrono::{Datelike, NaiveDate};

use super::chat_header::{DateParts, Era, Stamp};
use super::{DateChoice, DateReading};
use crate::settings::DateOrder;
use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};

/// What one line contributes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clue {
    /// Its date as written.
    pub date: Option<DateParts>,
    /// What stands between the date's numbers.
    pub mark: char,
    /// The day in the name of its medium, in days since 1970-01-01.
    pub named: Option<i32>,
    /// The day of its medium's last change.
    pub changed: Option<i32>,
}

/// The first year in which anybody could send such a message.
const FIRST_YEAR: i32 = 2009;

/// Decides the order of day and month from everything the lines tell.
#[must_use]
pub fn read(clues: &[Clue], wanted: Option<DateOrder>) -> DateReading {
    let reading = |order, evidence: String, decided| DateReading {
        order: Some(order),
        evidence,
        decided,
        choices: Vec::new(),
    };
    if let Some(order) = wanted {
        return reading(order, "you asked for this order".into(), true);
    }
    let open: Vec<Clue> = clues.iter().filter(|clue| is_open(clue)).copied().collect();
    if open.is_empty() {
        let order = clues.iter().find_map(|clue| fixed(&clue.date?)).unwrap_or(YearMonthDay);
        return reading(order, "every date tells its order by itself".into(), true);
    }
    let long = open.iter().any(|clue| clue.date.is_some_and(|date| date.digits[2] > 2));
    let orders: &[DateOrder] = if long {
        &[DayMonthYear, MonthDayYear]
    } else {
        &[DayMonthYear, MonthDayYear, YearMonthDay]
    };
    let found = by_names(&open, orders)
        .or_else(|| by_short_years(&open, orders))
        .or_else(|| by_real_dates(&open, orders))
        .or_else(|| by_running_forward(&open))
        .or_else(|| by_changes(&open, orders));
    match found {
        Some((order, why)) => reading(order, why, true),
        None => {
            let why = "nothing tells day and month apart".to_owned();
            let choices = choices(&open, orders);
            let order = choices.first().map_or(DayMonthYear, |choice| choice.order);
            DateReading { choices, ..reading(order, why, false) }
        }
    }
}

/// The order as people say it.
#[must_use]
pub fn name(order: DateOrder) -> &'static str {
    match order {
        DayMonthYear => "day-month-year",
        MonthDayYear => "month-day-year",
        YearMonthDay => "year-month-day",
    }
}

/// What is in doubt, for the report: both readings of one date. `None` if the
/// evidence decides.
#[must_use]
pub fn doubt(reading: &DateReading) -> Option<String> {
    let order = reading.order.filter(|_| !reading.decided)?;
    let [used, others @ ..] = reading.choices.as_slice() else {
        return Some(name(order).to_string());
    };
    let words = |choice: &DateChoice| {
        let day = NaiveDate::from_epoch_days(choice.day);
        day.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default()
    };
    let other = |choice: &DateChoice| format!("{} as {}", words(choice), name(choice.order));
    let others: Vec<String> = others.iter().map(other).collect();
    let (order, others) = (name(order), others.join(", "));
    Some(format!("{order}: {} is {}, or {others}", used.written, words(used)))
}

/// Decides the order of dates that tell nothing themselves, but follow a
/// moment, if only one order puts them after it.
pub fn follow(reading: &mut DateReading, clues: &[Clue], before: i64) {
    let first = clues.iter().find(|clue| is_open(clue));
    let after = |choice: &&DateChoice| {
        let day = first.and_then(|clue| real_day(clue, choice.order));
        day.is_some_and(|day| i64::from(day) >= before.div_euclid(86_400))
    };
    let mut fitting = reading.choices.iter().filter(after);
    if let (Some(choice), None) = (fitting.next(), fitting.next()) {
        reading.order = Some(choice.order);
        reading.evidence = "only so do the dates follow those before".into();
        reading.decided = true;
        reading.choices.clear();
    }
}

/// Whether one stamp can be as late as another or later, in any order of day
/// and month.
#[must_use]
pub fn could_follow(earlier: &Stamp, later: &Stamp) -> bool {
    let orders = [DayMonthYear, MonthDayYear, YearMonthDay];
    let times = |stamp: &Stamp| orders.map(|order| wall(stamp, order)).into_iter().flatten();
    times(earlier).min().zip(times(later).max()).is_some_and(|(first, last)| last >= first)
}

/// Wall-clock seconds since 1970-01-01 00:00; `None` if there is no such day.
#[must_use]
pub fn wall(stamp: &Stamp, order: DateOrder) -> Option<i64> {
    let date = stamp.date?;
    let day = day(&date, fixed(&date).unwrap_or(order))?;
    Some(i64::from(day.to_epoch_days()) * 86_400 + i64::from(stamp.seconds))
}

/// What the orders make of the first date that they read differently.
fn choices(open: &[Clue], orders: &[DateOrder]) -> Vec<DateChoice> {
    let differ = |clue: &&Clue| {
        let mut days = orders.iter().filter_map(|order| real_day(clue, *order));
        days.next().is_some_and(|first| days.any(|day| day != first))
    };
    let Some(clue) = open.iter().find(differ) else { return Vec::new() };
    let choice = |order: &DateOrder| {
        let day = real_day(clue, *order)?;
        Some(DateChoice { order: *order, written: written(clue)?, day })
    };
    orders.iter().filter_map(choice).collect()
}

/// A date as its line has it, in Latin digits.
fn written(clue: &Clue) -> Option<String> {
    let date = clue.date?;
    let number = |index: usize| {
        let width = usize::from(date.digits[index]);
        format!("{:0width$}", date.numbers[index])
    };
    let mark = clue.mark;
    Some(format!("{}{mark}{}{mark}{}", number(0), number(1), number(2)))
}

fn is_open(clue: &Clue) -> bool {
    clue.date.is_some_and(|date| fixed(&date).is_none())
}

/// The order that a date tells by itself.
fn fixed(date: &DateParts) -> Option<DateOrder> {
    date.order.or((date.digits[0] > 2).then_some(YearMonthDay))
}

fn day(date: &DateParts, order: DateOrder) -> Option<NaiveDate> {
    let (year, month, day) = match order {
        DayMonthYear => (2, 1, 0),
        MonthDayYear => (2, 0, 1),
        YearMonthDay => (0, 1, 2),
    };
    let written = i32::try_from(date.numbers[year]).ok()?;
    let short = date.digits[year] <= 2;
    let counted = match date.era {
        Era::Common if short => 2000 + written,
        Era::Common if written >= 2400 => written - 543,
        Era::Common => written,
        Era::Buddhist if short => 2500 + written - 543,
        Era::Buddhist => written - 543,
        Era::After(start) => i32::try_from(start).ok()? + written,
    };
    // Other calendars (1445, 1403) are not guessed at.
    let date = NaiveDate::from_ymd_opt(counted, date.numbers[month], date.numbers[day])?;
    (date.year() >= 1970).then_some(date)
}

fn real_day(clue: &Clue, order: DateOrder) -> Option<i32> {
    let day = day(&clue.date?, order)?;
    (day.year() >= FIRST_YEAR).then(|| day.to_epoch_days())
}

type Found = Option<(DateOrder, String)>;

/// Votes of the lines that fit exactly one order, if they are clear.
fn vote(
    open: &[Clue],
    orders: &[DateOrder],
    fits: impl Fn(&Clue, i32) -> bool,
) -> Option<(DateOrder, usize)> {
    let mut votes = vec![0_usize; orders.len()];
    for clue in open {
        let fit = |order: &DateOrder| real_day(clue, *order).is_some_and(|day| fits(clue, day));
        let mut fitting = orders.iter().enumerate().filter(|(_, order)| fit(order));
        if let (Some((index, _)), None) = (fitting.next(), fitting.next()) {
            votes[index] += 1;
        }
    }
    let best = (0..orders.len()).rev().max_by_key(|index| votes[*index])?;
    let others: usize = votes.iter().sum::<usize>() - votes[best];
    (votes[best] > 2 * others).then_some((orders[best], votes[best]))
}

fn by_names(open: &[Clue], orders: &[DateOrder]) -> Found {
    let (order, votes) = vote(open, orders, |clue, day| clue.named == Some(day))?;
    Some((order, format!("the dates in {} agree", names_of(votes, "media name"))))
}

fn by_changes(open: &[Clue], orders: &[DateOrder]) -> Found {
    // Zones shift a last change by up to a day.
    let near = |clue: &Clue, day: i32| clue.changed.is_some_and(|at| at.abs_diff(day) <= 1);
    let (order, votes) = vote(open, orders, near).filter(|(_, votes)| *votes >= 2)?;
    Some((order, format!("the last changes of {} agree", names_of(votes, "file"))))
}

/// A year of two digits in front is rare, and other orders often give real
/// dates too; but then the dates jump about.
fn by_short_years(open: &[Clue], orders: &[DateOrder]) -> Found {
    let unreal = |order| open.iter().filter(|clue| real_day(clue, order).is_none()).count();
    if !orders.contains(&YearMonthDay) || unreal(YearMonthDay) > 0 {
        return None;
    }
    let back = |order| backward(open, order) + unreal(order);
    let others = back(DayMonthYear).min(back(MonthDayYear));
    (others >= 2 && backward(open, YearMonthDay) * 4 < others)
        .then(|| (YearMonthDay, "only so do the dates run forward".into()))
}

fn by_real_dates(open: &[Clue], orders: &[DateOrder]) -> Found {
    let unreal = |order| open.iter().filter(|clue| real_day(clue, order).is_none()).count();
    let (dmy, mdy) = (unreal(DayMonthYear), unreal(MonthDayYear));
    let why = |count: usize, order| {
        format!("as {}, {} would not exist", name(order), names_of(count, "date"))
    };
    // A few broken or pasted lines must not outvote a whole chat.
    if mdy > 20 * dmy {
        return Some((DayMonthYear, why(mdy, MonthDayYear)));
    }
    if dmy > 20 * mdy {
        return Some((MonthDayYear, why(dmy, DayMonthYear)));
    }
    let possible = orders.contains(&YearMonthDay) && unreal(YearMonthDay) == 0 && dmy > 0;
    possible.then(|| (YearMonthDay, why(dmy, DayMonthYear)))
}

fn by_running_forward(open: &[Clue]) -> Found {
    let (dmy, mdy) = (backward(open, DayMonthYear), backward(open, MonthDayYear));
    let why = "the dates run forward".to_string();
    match dmy.cmp(&mdy) {
        std::cmp::Ordering::Less => Some((DayMonthYear, why)),
        std::cmp::Ordering::Greater => Some((MonthDayYear, why)),
        std::cmp::Ordering::Equal => None,
    }
}

/// How often the next line is on an earlier day.
fn backward(open: &[Clue], order: DateOrder) -> usize {
    let days: Vec<i32> = open.iter().filter_map(|clue| real_day(clue, order)).collect();
    days.windows(2).filter(|pair| pair[1] < pair[0]).count()
}

fn names_of(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
