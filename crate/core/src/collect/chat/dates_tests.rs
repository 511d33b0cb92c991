use super::*;
use crate::collect::chat::header::header;

fn clues(dates: &[&str]) -> Vec<Clue> {
    let clue = |date: &&str| {
        let line = format!("[{date}, 10:00:00] A: b");
        Clue {
            date: header(&line).and_then(|header| header.stamp.date),
            mark: '/',
            ..Clue::default()
        }
    };
    dates.iter().map(clue).collect()
}

#[track_caller]
fn check(dates: &[&str], want: Option<DateOrder>) {
    let found = read(&clues(dates), None);
    let decided = found.order.filter(|_| found.decided);
    assert_eq!(decided, want, "{dates:?}: {:?}", found.evidence);
}

#[test]
fn reads_orders_from_the_dates() {
    check(&["2024/03/04"], Some(YearMonthDay));
    check(&["03/04/24", "27/04/24"], Some(DayMonthYear));
    check(&["03/04/24", "03/27/24"], Some(MonthDayYear));
    check(&["03/04/2024", "03/27/2024"], Some(MonthDayYear));
    check(&["3/18/2565 BE"], Some(MonthDayYear));
    check(&["3/18/R4"], Some(MonthDayYear));
    check(&["R4/3/18"], Some(YearMonthDay));
}

#[test]
fn reads_orders_from_running_forward() {
    check(&["01/02/24", "02/02/24", "03/02/24", "01/03/24"], Some(DayMonthYear));
    check(&["02/01/24", "02/02/24", "02/03/24", "03/01/24"], Some(MonthDayYear));
    check(&["22. 3. 27.", "22. 4. 1.", "22. 4. 20.", "22. 5. 2."], Some(YearMonthDay));
}

#[test]
fn admits_what_it_cannot_tell() {
    check(&["08/04/22", "08/04/22"], None);
    check(&["05/05/22"], None);
}

#[test]
fn media_names_decide() {
    let mut lines = clues(&["08/04/22", "08/04/22"]);
    lines[0].named = Some(day_number(2022, 8, 4));
    assert_eq!(read(&lines, None).order, Some(MonthDayYear));
    lines[0].named = Some(day_number(2022, 4, 8));
    assert_eq!(read(&lines, None).order, Some(DayMonthYear));
}

#[test]
fn last_changes_decide_when_nothing_else_does() {
    let mut lines = clues(&["08/04/22", "08/04/22", "08/04/22"]);
    for line in &mut lines {
        line.changed = Some(day_number(2022, 8, 5));
    }
    assert_eq!(read(&lines, None).order, Some(MonthDayYear));
}

#[test]
fn one_broken_line_does_not_outvote_a_chat() {
    let mut dates = vec!["27/04/24"; 50];
    dates.push("04/27/24");
    check(&dates, Some(DayMonthYear));
}

#[test]
fn the_user_has_the_last_word() {
    let found = read(&clues(&["27/04/24"]), Some(MonthDayYear));
    assert_eq!((found.order, found.decided), (Some(MonthDayYear), true));
}

#[test]
fn counts_years_of_other_eras() {
    let year = |date: &str| {
        let clue = clues(&[date])[0];
        day(&clue.date.expect("a date"), MonthDayYear).map(|day| day.year())
    };
    assert_eq!(year("3/18/2565 BE"), Some(2022));
    assert_eq!(year("3/18/2565"), Some(2022));
    assert_eq!(year("3/18/65 BE"), Some(2022));
    assert_eq!(year("3/18/R4"), Some(2022));
    assert_eq!(year("3/18/22"), Some(2022));
    assert_eq!(year("2/30/22"), None);
    assert_eq!(year("3/18/1443"), Some(2021));
    assert_eq!(year("3/18/1143"), None);
}

fn day_number(year: i32, month: u32, day: u32) -> i32 {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day").to_epoch_days()
}
