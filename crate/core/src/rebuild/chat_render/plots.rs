//! The statistics page. Plots are SVG, drawn here: no script, no style
//! attributes; beside each stands a table with the same numbers.

use super::bar::{Here, bar};
use super::dates::{WEEKDAYS, level};
use super::outline::Outline;
use super::statistics::{Person, Statistics};
use crate::collect::Export;
use crate::page::escape::escape;
use crate::page::frame::{self, Script, counted, grouped};
use crate::page::moment;

/// Width of a plot in units of its own; the page scales it.
const WIDE: f64 = 760.0;
/// Space for the numbers on the left, in those units.
const LEFT: f64 = 46.0;
/// Largest width of a bar, so that a chat of one month is not one block.
const WIDEST_BAR: f64 = 96.0;
/// Height of the field of bars.
const HIGH: f64 = 180.0;
/// Most people who get a row of their own; the others are summed up. Chosen, not
/// measured.
const MOST_PEOPLE: usize = 50;

/// Renders the page of statistics.
#[must_use]
pub fn page(export: &Export, outline: &Outline) -> String {
    let statistics = Statistics::new(export, outline);
    let title = format!("Statistics – {}", outline.title);
    let mut out = frame::head(&outline.prefix, &title, "statistics", Script::Chat);
    out.push_str(&bar(outline, Here::Statistics));
    out.push_str("<main id=\"content\">\n<h1>Statistics</h1>\n");
    out.push_str(&facts(outline, &statistics));
    out.push_str(&months(&statistics));
    out.push_str(&hours(&statistics));
    out.push_str(&kinds(&statistics));
    out.push_str(&people(outline, &statistics));
    out.push_str("</main>\n");
    out.push_str(frame::FOOT);
    out
}

fn facts(outline: &Outline, statistics: &Statistics) -> String {
    let days = outline.days.len() as u64;
    let mut facts = vec![
        ("Messages".to_owned(), grouped(outline.messages)),
        ("Words".to_owned(), grouped(statistics.words)),
        ("Days with messages".to_owned(), grouped(days)),
    ];
    if let Some((day, messages)) = statistics.busiest {
        let date = moment::date(day * 86_400);
        facts.push((format!("Messages on the busiest day, {date}"), grouped(u64::from(messages))));
    }
    if statistics.longest_run > 1 {
        let label = "Days in a row, at most".to_owned();
        facts.push((label, grouped(u64::from(statistics.longest_run))));
    }
    if let Some((day, silent)) = statistics.longest_silence {
        let label = format!("Days of the longest silence, from {}", moment::date(day * 86_400));
        facts.push((label, grouped(silent.unsigned_abs())));
    }
    let cards: String = facts
        .iter()
        .map(|(label, value)| {
            format!("<div class=\"fact\"><dt>{label}</dt><dd>{value}</dd></div>\n")
        })
        .collect();
    format!("<dl class=\"facts\">\n{cards}</dl>\n")
}

/// A plot in its frame: heading, picture, and the numbers as a table.
fn section(title: &str, summary: &str, plot: &str, head: [&str; 2], rows: &str) -> String {
    format!(
        "<section class=\"plot\"><h2>{title}</h2>\n<p class=\"lead\">{summary}</p>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Plot: {title}\">{plot}</div>\n\
         <details><summary>The numbers as a table</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table: {title}\"><table><thead><tr>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>{rows}</tbody></table></div></details></section>\n",
        head[0], head[1]
    )
}

fn row(name: &str, value: u64) -> String {
    format!("<tr><th scope=\"row\">{name}</th><td>{}</td></tr>\n", grouped(value))
}

fn svg(height: f64, label: &str, inner: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDE:.0} {height:.0}\" role=\"img\" aria-label=\"{label}\">{inner}</svg>"
    )
}

fn months(statistics: &Statistics) -> String {
    let months = &statistics.months;
    let Some((most_month, most)) =
        months.iter().copied().max_by_key(|(month, count)| (*count, -month))
    else {
        return String::new();
    };
    let top = round_top(most);
    let step = (WIDE - LEFT) / months.len() as f64;
    let mut inner = grid(top);
    let width = (step * 0.82).clamp(0.6, WIDEST_BAR);
    for (index, (month, count)) in months.iter().enumerate() {
        let x = LEFT + index as f64 * step + (step * 0.82 - width).max(0.0) / 2.0;
        let height = *count as f64 / top as f64 * HIGH;
        let title = format!("{}: {}", month_name(*month), counted(*count, "message", "messages"));
        inner.push_str(&format!(
            "<rect class=\"bar\" x=\"{x:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{height:.2}\" rx=\"{:.1}\"><title>{title}</title></rect>\n",
            HIGH + 12.0 - height,
            width,
            (step * 0.2).min(3.0),
        ));
    }
    inner.push_str(&month_labels(months, step));
    let summary = format!(
        "Most in {}, with {}.",
        month_name(most_month),
        counted(most, "message", "messages")
    );
    let rows: String =
        months.iter().map(|(month, count)| row(&month_name(*month), *count)).collect();
    let plot = svg(HIGH + 40.0, &format!("Messages by month. {summary}"), &inner);
    section("Messages by month", &summary, &plot, ["Month", "Messages"], &rows)
}

/// Names below the bars: months while there is room, else years.
fn month_labels(months: &[(i64, u64)], step: f64) -> String {
    let by_year = months.len() > 18;
    // A year's name is 34 units wide.
    let every = (38.0 / (step * 12.0)).ceil().max(1.0) as i64;
    let wanted = |(index, (month, _)): &(usize, &(i64, u64))| match by_year {
        false => months.len() <= 9 || index % 2 == 0,
        true => month.rem_euclid(12) == 0 && month.div_euclid(12).rem_euclid(every) == 0,
    };
    let label = |(index, (month, _)): (usize, &(i64, u64))| {
        let x = LEFT + index as f64 * step;
        let year = month.div_euclid(12);
        let (x, text) = match by_year {
            true => (x, year.to_string()),
            false => (x + step * 0.41, short_month(*month)),
        };
        let anchor = if by_year { "start" } else { "middle" };
        format!(
            "<text x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{text}</text>\n",
            HIGH + 31.0
        )
    };
    months.iter().enumerate().filter(wanted).map(label).collect()
}

/// Lines at nothing, half and all, with their numbers.
fn grid(top: u64) -> String {
    let line = |part: u64| {
        let value = top * part / 2;
        let y = 12.0 + HIGH - HIGH * part as f64 / 2.0;
        format!(
            "<line x1=\"{LEFT:.0}\" x2=\"{WIDE:.0}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            LEFT - 7.0,
            y + 4.0,
            short_number(value)
        )
    };
    (0..=2).map(line).collect()
}

/// The next of 2, 4, 10, 20, 40, 100 …, so that half of it is whole too.
fn round_top(most: u64) -> u64 {
    let mut unit = 1;
    loop {
        for step in [2, 4, 6, 8, 10] {
            if unit * step >= most {
                return unit * step;
            }
        }
        unit *= 10;
    }
}

fn short_number(value: u64) -> String {
    match value {
        0..10_000 => grouped(value),
        10_000..1_000_000 => format!("{}k", value / 1000),
        _ => format!("{}.{}M", value / 1_000_000, value / 100_000 % 10),
    }
}

fn hours(statistics: &Statistics) -> String {
    let most = statistics.hours.iter().flatten().copied().max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    let (cell, high) = ((WIDE - LEFT) / 24.0, 26.0);
    let mut inner = String::new();
    for (day, (short, long)) in WEEKDAYS.iter().enumerate() {
        let y = day as f64 * high;
        inner.push_str(&format!(
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{short}</text>\n",
            LEFT - 10.0,
            y + 18.0
        ));
        for hour in 0..24 {
            let count = statistics.hours[day][hour];
            inner.push_str(&format!(
                "<rect class=\"q{}\" x=\"{:.2}\" y=\"{y:.0}\" width=\"{:.2}\" height=\"{:.0}\" rx=\"4\"><title>{long}, {hour}:00 to {}:00: {}</title></rect>\n",
                level(count, most),
                LEFT + hour as f64 * cell,
                cell - 2.5,
                high - 2.5,
                hour + 1,
                counted(count, "message", "messages")
            ));
        }
    }
    for hour in (0..24).step_by(3) {
        let x = LEFT + (hour as f64 + 0.46) * cell;
        inner.push_str(&format!(
            "<text x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{hour}:00</text>\n",
            7.0 * high + 17.0
        ));
    }
    let by_hour = |hour: usize| statistics.hours.iter().map(|day| day[hour]).sum::<u64>();
    let by_day = |day: usize| statistics.hours[day].iter().sum::<u64>();
    let hour = (0..24).rev().max_by_key(|hour| by_hour(*hour)).unwrap_or(0);
    let day = (0..7).rev().max_by_key(|day| by_day(*day)).unwrap_or(0);
    let summary = format!(
        "Most is written on {}s, and between {hour}:00 and {}:00.",
        WEEKDAYS[day].1,
        hour + 1
    );
    let mut rows: String = (0..7).map(|day| row(WEEKDAYS[day].1, by_day(day))).collect();
    rows.extend((0..24).map(|hour| row(&format!("{hour}:00 to {}:00", hour + 1), by_hour(hour))));
    let label = format!("Messages by weekday and hour. {summary}");
    let plot = svg(7.0 * high + 26.0, &label, &inner);
    section("Weekdays and hours", &summary, &plot, ["When", "Messages"], &rows)
}

fn kinds(statistics: &Statistics) -> String {
    if statistics.kinds.is_empty() {
        return String::new();
    }
    let most = statistics.kinds.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let rows: String = statistics
        .kinds
        .iter()
        .map(|(name, count)| {
            format!(
                "<tr><th scope=\"row\">{name}</th><td class=\"of\">{}</td><td>{}</td></tr>\n",
                share_bar(*count, most, ""),
                grouped(*count)
            )
        })
        .collect();
    format!(
        "<section class=\"plot\"><h2>What was sent</h2>\n<table class=\"bars\"><thead class=\"hidden\"><tr><th scope=\"col\">Kind</th>\
         <th scope=\"col\">Share</th><th scope=\"col\">Number</th></tr></thead>\n<tbody>{rows}</tbody></table></section>\n"
    )
}

/// A bar of a table; the number stands beside it.
fn share_bar(count: u64, most: u64, class: &str) -> String {
    let share = count as f64 * 100.0 / most.max(1) as f64;
    format!(
        "<svg class=\"share {class}\" aria-hidden=\"true\"><rect width=\"{share:.1}%\" height=\"100%\" rx=\"4\"/></svg>"
    )
}

fn people(outline: &Outline, statistics: &Statistics) -> String {
    if statistics.people.is_empty() {
        return String::new();
    }
    let mut order: Vec<usize> = (0..statistics.people.len()).collect();
    order.sort_by_key(|number| std::cmp::Reverse(statistics.people[*number].messages));
    let most = order.first().map_or(1, |first| statistics.people[*first].messages);
    let mut rows: String = order
        .iter()
        .take(MOST_PEOPLE)
        .map(|number| {
            let class = format!("c{}", number % 12);
            let name = outline.names.get(*number).map(String::as_str).unwrap_or_default();
            let name = format!("<bdi class=\"{class}\">{}</bdi>", escape(name));
            person_row(&name, &statistics.people[*number], most, &class)
        })
        .collect();
    if order.len() > MOST_PEOPLE {
        let rest = order[MOST_PEOPLE..].iter().fold(Person::default(), |sum, number| {
            let person = statistics.people[*number];
            Person {
                messages: sum.messages + person.messages,
                words: sum.words + person.words,
                pictures: sum.pictures + person.pictures,
                voice: sum.voice + person.voice,
            }
        });
        let name = format!("{} others", order.len() - MOST_PEOPLE);
        rows.push_str(&person_row(&name, &rest, most.max(rest.messages), ""));
    }
    format!(
        "<section class=\"plot\"><h2>People</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"People\"><table class=\"bars people\"><thead><tr>\
         <th scope=\"col\">Name</th><th scope=\"col\"><span class=\"hidden\">Share</span></th>\
         <th scope=\"col\">Messages</th><th scope=\"col\">Words</th>\
         <th scope=\"col\">Pictures</th><th scope=\"col\">Voice</th></tr></thead>\n<tbody>{rows}</tbody></table></div></section>\n"
    )
}

fn person_row(name: &str, person: &Person, most: u64, class: &str) -> String {
    format!(
        "<tr><th scope=\"row\">{name}</th><td class=\"of\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        share_bar(person.messages, most, class),
        grouped(person.messages),
        grouped(person.words),
        grouped(person.pictures),
        grouped(person.voice),
    )
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_name(month: i64) -> String {
    format!("{} {}", MONTHS[month.rem_euclid(12) as usize], month.div_euclid(12))
}

fn short_month(month: i64) -> String {
    let name = &MONTHS[month.rem_euclid(12) as usize][..3];
    format!("{name} {}", month.div_euclid(12))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::Sample;
    use crate::settings::Settings;

    #[test]
    fn axes_end_on_round_numbers() {
        let tops: Vec<u64> = [0, 1, 3, 7, 9, 11, 45, 1001].map(round_top).to_vec();
        assert_eq!(tops, [2, 2, 4, 8, 10, 20, 60, 2000]);
    }

    #[test]
    fn names_are_data_and_every_plot_has_its_table() {
        let mut sample = Sample::default();
        sample.say("<b>\"x", "one");
        let outline = Outline::new(&sample.export, &Settings::default(), "index.html");
        let html = page(&sample.export, &outline);
        assert!(html.contains("&lt;b&gt;&quot;x") && !html.contains("<b>"));
        assert_eq!(html.matches("role=\"img\"").count(), html.matches("as a table").count());
        assert!(html.contains("December 2024</th><td>1</td>"));
    }

    #[test]
    fn a_long_chat_names_its_years_apart() {
        let months: Vec<(i64, u64)> = (0..1200).map(|month| (24_000 + month, 1)).collect();
        let step = (WIDE - LEFT) / 1200.0;
        // A hundred years: not more than one name in 38 units.
        let labels = month_labels(&months, step).matches("<text").count();
        assert!((10..=20).contains(&labels), "{labels}");
    }
}
