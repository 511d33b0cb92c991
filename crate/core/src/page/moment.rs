//! Wall-clock seconds as people and programs write them.

use chrono::{DateTime, Datelike, NaiveDateTime};

/// The calendar's view of wall-clock seconds since 1970; `None` beyond what a
/// calendar holds.
#[must_use]
pub fn civil(wall: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp(wall, 0).map(|moment| moment.naive_utc())
}

/// `2024-12-22T20:36:00`, or nothing.
#[must_use]
pub fn iso(wall: i64) -> String {
    format_as(wall, "%Y-%m-%dT%H:%M:%S")
}

/// `Sunday, 22 December 2024`.
#[must_use]
pub fn day(wall: i64) -> String {
    format_as(wall, "%A, %-d %B %Y")
}

/// `22 December 2024`.
#[must_use]
pub fn date(wall: i64) -> String {
    format_as(wall, "%-d %B %Y")
}

/// `December 2024`.
#[must_use]
pub fn month(wall: i64) -> String {
    format_as(wall, "%B %Y")
}

/// `20:36`.
#[must_use]
pub fn clock(wall: i64) -> String {
    format_as(wall, "%H:%M")
}

/// Days since 1970.
#[must_use]
pub fn day_number(wall: i64) -> i64 {
    wall.div_euclid(86_400)
}

/// Year and month.
#[must_use]
pub fn month_key(wall: i64) -> Option<(i32, u32)> {
    civil(wall).map(|civil| (civil.year(), civil.month()))
}

/// Days since Monday, 0 to 6.
#[must_use]
pub fn weekday(wall: i64) -> u32 {
    civil(wall).map_or(0, |civil| civil.weekday().num_days_from_monday())
}

/// The hour, 0 to 23.
#[must_use]
pub fn hour(wall: i64) -> u32 {
    u32::try_from(wall.rem_euclid(86_400) / 3600).unwrap_or(0)
}

/// The day of its month, from 1.
#[must_use]
pub fn day_of_month(wall: i64) -> u32 {
    civil(wall).map_or(1, |civil| civil.day())
}

/// How many days the month has.
#[must_use]
pub fn days_in_month(wall: i64) -> u32 {
    civil(wall).map_or(31, |civil| u32::from(civil.num_days_in_month()))
}

fn format_as(wall: i64, pattern: &str) -> String {
    civil(wall).map(|civil| civil.format(pattern).to_string()).unwrap_or_default()
}
