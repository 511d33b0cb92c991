//! The calendar: every month of the chat with a link from each day to its
//! first message, and the same as data for the small calendar of the script.

use super::bar::{Here, bar};
use super::outline::{Day, Outline};
use crate::page::escape::{escape, script_string};
use crate::page::frame::{self, Script};
use crate::page::moment;

/// Most months on one page of the calendar: twenty years stay below 1.5 MB
/// (estimated).
const PAGE_MONTHS: usize = 240;

/// The script file with the days, below the bundle.
pub const DATES_PATH: &str = "assets/dates.js";

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Outline {
    /// Days of each month that has any.
    fn months(&self) -> Vec<&[Day]> {
        self.days.chunk_by(|a, b| month(a) == month(b)).collect()
    }

    /// Pages of the calendar; none without a date.
    #[must_use]
    pub fn dates_pages(&self) -> usize {
        self.months().len().div_ceil(PAGE_MONTHS)
    }

    /// The file of a page of the calendar, counted from 0.
    #[must_use]
    pub fn dates_name(&self, page: usize) -> String {
        match page {
            0 => self.file("dates.html"),
            _ => self.file(&format!("dates-{}.html", page + 1)),
        }
    }

    /// A link to the month of the calendar in which a run of messages ends.
    #[must_use]
    pub fn dates_link(&self, messages: std::ops::Range<usize>) -> String {
        let months = self.months();
        // The last day that begins before the messages end.
        let begun = |days: &[Day]| {
            days.iter().map(|day| day.first).filter(|first| (*first as usize) < messages.end).max()
        };
        let last = (0..months.len()).max_by_key(|at| begun(months[*at]));
        let at = last.unwrap_or(0);
        match months.get(at).and_then(|days| days.first()) {
            Some(day) => format!("{}#{}", self.dates_name(at / PAGE_MONTHS), anchor(day)),
            None => self.dates_name(0),
        }
    }
}

/// Renders page number `page` of the calendar, counted from 0.
#[must_use]
pub fn page(outline: &Outline, page: usize) -> String {
    let title = format!("Dates – {}", outline.title);
    let mut out = frame::head(&outline.prefix, &title, "dates", Script::Chat);
    out.push_str(&bar(outline, Here::Dates));
    out.push_str("<main id=\"content\">\n<h1>Dates</h1>\n<p class=\"lead\">Each day leads to its first message; the stronger its colour, the more was written.</p>\n");
    let most = outline.days.iter().map(|day| day.messages).max().unwrap_or(1);
    let months = outline.months();
    let mut year = None;
    let mut open = false;
    for days in months.iter().skip(page * PAGE_MONTHS).take(PAGE_MONTHS) {
        let current = month(&days[0]).map(|(year, _)| year);
        if current != year || !open {
            out.push_str(if open { "</div>\n" } else { "" });
            let number = current.map(|year| year.to_string()).unwrap_or_default();
            out.push_str(&format!("<h2 class=\"year\">{number}</h2>\n<div class=\"months\">\n"));
            (year, open) = (current, true);
        }
        out.push_str(&month_table(outline, days, most));
    }
    out.push_str(if open { "</div>\n" } else { "" });
    out.push_str(&crate::page::bar::numbers(
        months.len().div_ceil(PAGE_MONTHS),
        page,
        |page| outline.dates_name(page),
        "Pages of the calendar",
    ));
    out.push_str("</main>\n");
    out.push_str(frame::FOOT);
    out
}

fn month_table(outline: &Outline, days: &[Day], most: u32) -> String {
    let first = &days[0];
    let name = moment::month(first.number * DAY);
    let mut out = format!(
        "<div class=\"sheet\"><table class=\"cal\" id=\"{}\"><caption>{name}</caption>\n<thead><tr>",
        anchor(first)
    );
    for (short, long) in WEEKDAYS {
        out.push_str(&format!("<th scope=\"col\"><abbr title=\"{long}\">{short}</abbr></th>"));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let start = first.number - i64::from(moment::day_of_month(first.number * DAY)) + 1;
    let length = moment::days_in_month(first.number * DAY);
    let mut days = days.iter().peekable();
    // Weeks begin on Monday, as everywhere in these pages.
    let mut number = start - i64::from(moment::weekday(start * DAY));
    while number < start + i64::from(length) {
        out.push_str("<tr>");
        for _ in 0..7 {
            let inside = (start..start + i64::from(length)).contains(&number);
            let cell = match days.next_if(|day| day.number == number) {
                Some(day) => day_link(outline, day, most),
                None if inside => (number - start + 1).to_string(),
                None => String::new(),
            };
            out.push_str(&format!("<td>{cell}</td>"));
            number += 1;
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

fn day_link(outline: &Outline, day: &Day, most: u32) -> String {
    let wall = day.number * DAY;
    format!(
        "<a class=\"q{}\" href=\"{}\" aria-label=\"{}, {}\">{}</a>",
        level(u64::from(day.messages), u64::from(most)),
        escape(&outline.message_link(day.first)),
        moment::date(wall),
        frame::counted(u64::from(day.messages), "message", "messages"),
        moment::day_of_month(wall)
    )
}

/// How dark a cell is, 1 to 5; 0 for nothing. It grows with the square root of the
/// count, so that one busy day does not make all others pale.
pub(super) fn level(count: u64, most: u64) -> u32 {
    if count == 0 {
        return 0;
    }
    // Whole numbers: (count / most) compared with (step / 5)².
    (1..5).find(|step: &u32| count * 25 <= most * u64::from(step * step)).unwrap_or(5)
}

/// What the script needs to know of the whole chat:
/// `heirloomDates({first, starts, days: [[day, message, messages]]})`.
#[must_use]
pub fn data(outline: &Outline) -> String {
    let starts: Vec<String> = outline.starts.iter().map(u32::to_string).collect();
    let mut out = format!(
        "heirloomDates({{first:{},starts:[{}],days:[\n",
        script_string(&outline.first_page),
        starts.join(",")
    );
    for day in &outline.days {
        out.push_str(&format!("[{},{},{}],\n", day.number, day.first, day.messages));
    }
    out.push_str("]});\n");
    out
}

/// Monday first, as an index of `moment::weekday`.
pub(super) const WEEKDAYS: [(&str, &str); 7] = [
    ("Mo", "Monday"),
    ("Tu", "Tuesday"),
    ("We", "Wednesday"),
    ("Th", "Thursday"),
    ("Fr", "Friday"),
    ("Sa", "Saturday"),
    ("Su", "Sunday"),
];

fn month(day: &Day) -> Option<(i32, u32)> {
    moment::month_key(day.number * DAY)
}

fn anchor(day: &Day) -> String {
    month(day).map(|(year, month)| format!("d{year}-{month:02}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(days: &[(i64, u32, u32)]) -> Outline {
        let days = days.iter().map(|&(number, first, messages)| Day { number, first, messages });
        Outline {
            first_page: "index.html".into(),
            starts: vec![0, 10],
            lines: 20,
            days: days.collect(),
            ..Outline::default()
        }
    }

    #[test]
    fn a_day_leads_to_its_first_message() {
        // 31 January and 1 February 2024, a Wednesday and a Thursday.
        let html = page(&outline(&[(19_753, 3, 1), (19_754, 12, 40)]), 0);
        assert!(html.contains("<caption>January 2024") && html.contains("<caption>February 2024"));
        assert!(html.contains("href=\"index.html#m3\" aria-label=\"31 January 2024, 1 message\""));
        assert!(html.contains("href=\"messages-2.html#m12\""));
        // 1 February stands in the fourth column.
        assert!(html.contains("<tr><td></td><td></td><td></td><td><a class=\"q5\""), "{html}");
    }

    #[test]
    fn pages_link_to_their_month() {
        let outline = outline(&[(19_753, 3, 1), (19_754, 12, 40)]);
        assert_eq!(outline.dates_link(10..20), "dates.html#d2024-02");
        assert_eq!(outline.dates_link(0..10), "dates.html#d2024-01");
    }

    #[test]
    fn levels_rise_with_the_messages() {
        let levels: Vec<u32> = [0, 1, 4, 16, 36, 64, 100].map(|n| level(n, 100)).to_vec();
        assert_eq!(levels, [0, 1, 1, 2, 3, 4, 5]);
    }
}
