//! Tells day and month apart by evidence, and turns stamps into moments.
//!
//! The evidence is asked in the order in which it proved reliable on 409 public
//! chat texts: a year of four digits in front, dates in media names, numbers above
//! 12, dates running forward, last changes of the files.

use chrono::{Datelike, NaiveDate};

use super::calendar::{self, Era};
use super::header::{DateParts, Stamp};
use super::message::{DateEvidence, DateReading};
use crate::error::DateDoubt;
use crate::model::DateChoice;
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

/// The first year in which a message can have been sent: WhatsApp began in 2009.
/// Earlier dates are not real.
const FIRST_YEAR: i32 = 2009;

/// Decides the order of day and month from everything the lines tell.
#[must_use]
pub fn read(clues: &[Clue], wanted: Option<DateOrder>) -> DateReading {
    let reading = |order, evidence, decided| DateReading {
        order: Some(order),
        evidence: Some(evidence),
        decided,
        choices: Vec::new(),
    };
    if let Some(order) = wanted {
        return reading(order, DateEvidence::Asked, true);
    }
    let open: Vec<Clue> = clues.iter().filter(|clue| is_open(clue)).copied().collect();
    if open.is_empty() {
        let order = clues.iter().find_map(|clue| fixed(&clue.date?)).unwrap_or(YearMonthDay);
        return reading(order, DateEvidence::Each, true);
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
            let choices = choices(&open, orders);
            let order = choices.first().map_or(DayMonthYear, |choice| choice.order);
            DateReading { choices, ..reading(order, DateEvidence::Nothing, false) }
        }
    }
}

/// What is in doubt, for the report: every reading of one date. `None` if the
/// evidence decides.
#[must_use]
pub fn doubt(reading: &DateReading) -> Option<DateDoubt> {
    let order = reading.order.filter(|_| !reading.decided)?;
    Some(DateDoubt { order, choices: reading.choices.clone() })
}

/// Decides the order of undecided dates that follow a known moment, if only one
/// order puts them after it.
pub fn follow(reading: &mut DateReading, clues: &[Clue], before: i64) {
    let first = clues.iter().find(|clue| is_open(clue));
    let after = |choice: &&DateChoice| {
        let day = first.and_then(|clue| real_day(clue, choice.order));
        day.is_some_and(|day| i64::from(day) >= before.div_euclid(86_400))
    };
    let mut fitting = reading.choices.iter().filter(after);
    if let (Some(choice), None) = (fitting.next(), fitting.next()) {
        reading.order = Some(choice.order);
        reading.evidence = Some(DateEvidence::OnlyAfter);
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

/// The days that a stamp can mean, for tests.
#[cfg(test)]
pub(super) fn could_be(stamp: &Stamp) -> Vec<String> {
    let orders = [DayMonthYear, MonthDayYear, YearMonthDay];
    let days =
        orders.iter().filter_map(|order| day(&stamp.date?, fixed(&stamp.date?).unwrap_or(*order)));
    days.map(|day| day.to_string()).collect()
}

/// Whether a stamp's date counts by another calendar than ours.
#[must_use]
pub fn is_other(stamp: &Stamp, order: DateOrder) -> bool {
    let year = |date: DateParts| {
        let order = fixed(&date).unwrap_or(order);
        let at = if order == YearMonthDay { 0 } else { 2 };
        let guessed = calendar::guess(date.numbers[at], date.digits[at]);
        if date.era == Era::Common { guessed } else { date.era }
    };
    stamp.date.is_some_and(|date| year(date) != Era::Common)
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
    let written = (date.numbers[year], date.digits[year]);
    let date = calendar::day(date.era, written, date.numbers[month], date.numbers[day])?;
    (date.year() >= 1970).then_some(date)
}

fn real_day(clue: &Clue, order: DateOrder) -> Option<i32> {
    let day = day(&clue.date?, order)?;
    (day.year() >= FIRST_YEAR).then(|| day.to_epoch_days())
}

type Found = Option<(DateOrder, DateEvidence)>;

/// The order that fits most lines, counting lines that fit exactly one; `None`
/// unless it has more than twice the votes of all others.
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
    let (order, media) = vote(open, orders, |clue, day| clue.named == Some(day))?;
    Some((order, DateEvidence::MediaNames { media }))
}

fn by_changes(open: &[Clue], orders: &[DateOrder]) -> Found {
    // A time zone moves a last change by up to a day.
    let near = |clue: &Clue, day: i32| clue.changed.is_some_and(|at| at.abs_diff(day) <= 1);
    let (order, files) = vote(open, orders, near).filter(|(_, votes)| *votes >= 2)?;
    Some((order, DateEvidence::Changes { files }))
}

/// A year of two digits in front is rare, and other orders often give real dates as
/// well; but then the dates do not run forward.
fn by_short_years(open: &[Clue], orders: &[DateOrder]) -> Found {
    let unreal = |order| open.iter().filter(|clue| real_day(clue, order).is_none()).count();
    if !orders.contains(&YearMonthDay) || unreal(YearMonthDay) > 0 {
        return None;
    }
    let back = |order| backward(open, order) + unreal(order);
    let others = back(DayMonthYear).min(back(MonthDayYear));
    (others >= 2 && backward(open, YearMonthDay) * 4 < others)
        .then_some((YearMonthDay, DateEvidence::OnlyForward))
}

fn by_real_dates(open: &[Clue], orders: &[DateOrder]) -> Found {
    let unreal = |order| open.iter().filter(|clue| real_day(clue, order).is_none()).count();
    let (dmy, mdy) = (unreal(DayMonthYear), unreal(MonthDayYear));
    let why = |dates, order| DateEvidence::NoSuchDays { dates, order };
    // Only twenty times as many impossible dates decide: lines may be broken or pasted.
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
    match dmy.cmp(&mdy) {
        std::cmp::Ordering::Less => Some((DayMonthYear, DateEvidence::Forward)),
        std::cmp::Ordering::Greater => Some((MonthDayYear, DateEvidence::Forward)),
        std::cmp::Ordering::Equal => None,
    }
}

/// How often the next line is on an earlier day.
fn backward(open: &[Clue], order: DateOrder) -> usize {
    let days: Vec<i32> = open.iter().filter_map(|clue| real_day(clue, order)).collect();
    days.windows(2).filter(|pair| pair[1] < pair[0]).count()
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
