//! One chat as WhatsApp would export it in any language, on either platform,
//! in any region and with any clock; and what a reader must make of it.

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use heirloom_core::collect::chat::wording::{ANDROID, IOS, rows};

use crate::whatsapp::Platform;

/// In which order a region writes day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 27/3/22.
    Dmy,
    /// 3/27/22.
    Mdy,
    /// 2022/3/27.
    Ymd,
}

/// How a region counts years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Years {
    /// 22.
    Two,
    /// 2022.
    Four,
    /// 2565 BE.
    Buddhist,
    /// R4.
    Reiwa,
}

/// What a clock writes for the halves of the day; `{}` is the time.
pub type Clock = Option<(&'static str, &'static str)>;

/// Clocks seen in exports, whole days first.
pub const CLOCKS: [Clock; 9] = [
    None,
    Some(("{} AM", "{} PM")),
    Some(("{}\u{202F}am", "{}\u{202F}pm")),
    Some(("{} a.\u{A0}m.", "{} p.\u{A0}m.")),
    Some(("{} a.m.", "{} p.m.")),
    Some(("{} ص", "{} م")),
    Some(("上午{}", "下午{}")),
    Some(("오전 {}", "오후 {}")),
    Some(("{} in the morning", "{} in the afternoon")),
];

/// How a language writes a stamp.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Between the numbers of the date.
    pub date_mark: &'static str,
    /// Behind the date's last number.
    pub date_end: &'static str,
    /// Between date and time.
    pub between: &'static str,
    /// Between the numbers of the time.
    pub time_mark: &'static str,
    /// Whether the time comes first.
    pub time_first: bool,
    /// The digit zero.
    pub zero: char,
    /// Whether numbers below ten get a zero in front.
    pub padded: bool,
}

/// English.
pub const PLAIN: Style = Style {
    date_mark: "/",
    date_end: "",
    between: ", ",
    time_mark: ":",
    time_first: false,
    zero: '0',
    padded: false,
};

/// Styles seen in exports.
pub const STYLES: [Style; 14] = [
    PLAIN,
    Style { padded: true, ..PLAIN },
    Style { between: " ", ..PLAIN },
    Style { between: " ", time_mark: ".", ..PLAIN },
    Style { date_mark: ".", ..PLAIN },
    Style { date_mark: ".", padded: true, between: " ", ..PLAIN },
    Style { date_mark: "-", padded: true, ..PLAIN },
    Style { date_mark: ". ", date_end: ".", between: " ", ..PLAIN },
    Style { between: " à ", ..PLAIN },
    Style { date_mark: ".", between: " klo ", time_mark: ".", ..PLAIN },
    Style { between: "\u{2009}", ..PLAIN },
    Style { time_first: true, ..PLAIN },
    Style { date_mark: "\u{200F}/", between: "، ", zero: '٠', ..PLAIN },
    Style { between: "،\u{200F} ", zero: '۰', ..PLAIN },
];

/// A phone that exports.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Which WhatsApp.
    pub platform: Platform,
    /// The language's stamps.
    pub style: Style,
    /// The region's order.
    pub order: Order,
    /// The region's years.
    pub years: Years,
    /// The phone's clock.
    pub clock: Clock,
    /// The language's row in the tables of wordings.
    pub words: Vec<&'static str>,
}

/// All languages of a platform with the style that each has; the others are
/// reached by changing the phone.
#[must_use]
pub fn phones(platform: Platform) -> Vec<Phone> {
    let table = match platform {
        Platform::Ios => IOS,
        Platform::Android => ANDROID,
    };
    let phone = |words: Vec<&'static str>| Phone {
        platform,
        style: style(words[0]),
        order: Order::Dmy,
        years: Years::Two,
        clock: None,
        words,
    };
    rows(table).map(phone).collect()
}

/// What is known of languages; the rest write as English does.
fn style(language: &str) -> Style {
    match language.split([' ', '-']).next().unwrap_or(language).to_lowercase().as_str() {
        "ar" => STYLES[12],
        "fa" => STYLES[13],
        "cs" | "fr" | "ja" | "pt" | "th" | "zh" => STYLES[2],
        "id" | "da" => STYLES[3],
        "de" | "nb" | "pl" => STYLES[4],
        "tr" => STYLES[5],
        "nl" => STYLES[6],
        "ko" | "hu" | "sl" => STYLES[7],
        "fi" => STYLES[9],
        "vi" => STYLES[11],
        _ => PLAIN,
    }
}

/// Where a caption stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caption {
    /// On the lines before the attachment.
    Before,
    /// On its line.
    Beside,
    /// On the lines after it.
    After,
}

/// What somebody does in the chat.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// Words, several lines perhaps.
    Words(&'static str),
    /// Words, changed later.
    Edited(&'static str),
    /// A file of the export, with words.
    File(&'static str, Caption, &'static str),
    /// A medium that is not in the export: the column of its wording on iOS.
    Omitted(usize, &'static str),
    /// A deleted message.
    Deleted,
    /// A place by its link.
    Place(&'static str),
    /// A place that moves.
    LivePlace,
    /// A question and two answers.
    Poll,
    /// An event.
    Event,
    /// A medium to be seen once.
    Once,
    /// A call in vain.
    Call,
    /// WhatsApp's own line.
    System(&'static str),
}

/// One message of the script.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// Minutes after the one before.
    pub after: i64,
    /// Who, as the export spells it; empty for WhatsApp.
    pub from: &'static str,
    /// What.
    pub what: What,
}

/// The milliseconds of the event in the script: 2025-12-09 10:30 UTC.
pub const EVENT_START: i64 = 1_765_276_200_000;

impl Phone {
    /// The whole text.
    #[must_use]
    pub fn export(&self, chat: &str, begin: NaiveDateTime, script: &[Said]) -> String {
        let end = if self.platform == Platform::Ios { "\r\n" } else { "\n" };
        let mut at = begin;
        let mut text = String::new();
        for said in script {
            at += TimeDelta::minutes(said.after);
            let message = format!("{}{}", self.header(at, &said.what), self.signed(chat, said));
            text.push_str(&message.replace('\n', end));
            text.push_str(end);
        }
        text
    }

    /// A language's own mark, which steers the direction of text.
    fn mark(&self) -> &'static str {
        match self.words[0] {
            "AR" | "FA" | "HE" | "UR" => "\u{200F}",
            _ => "\u{200E}",
        }
    }

    fn header(&self, at: NaiveDateTime, what: &What) -> String {
        let stamp = self.stamp(at);
        let own = matches!(what, What::File(..) | What::Omitted(..) | What::System(_));
        match self.platform {
            Platform::Ios if own => format!("{}[{stamp}] ", self.mark()),
            Platform::Ios => format!("[{stamp}] "),
            Platform::Android => format!("{stamp} - "),
        }
    }

    /// A moment as this phone writes it.
    #[must_use]
    pub fn stamp(&self, at: NaiveDateTime) -> String {
        let style = &self.style;
        let (date, time) = (self.date(at), self.time(at));
        let text = if style.time_first {
            format!("{time}{}{date}", style.between)
        } else {
            format!("{date}{}{}{time}", style.date_end, style.between)
        };
        let zero = u32::from(style.zero);
        let digit = |letter: char| letter.to_digit(10).and_then(|one| char::from_u32(zero + one));
        text.chars().map(|letter| digit(letter).unwrap_or(letter)).collect()
    }

    fn date(&self, at: NaiveDateTime) -> String {
        let (year, era) = match self.years {
            Years::Two => (format!("{:02}", at.year() % 100), ""),
            Years::Four => (at.year().to_string(), ""),
            Years::Buddhist => ((at.year() + 543).to_string(), " BE"),
            Years::Reiwa => (format!("R{}", at.year() - 2018), ""),
        };
        let (month, day) = (self.number(at.month()), self.number(at.day()));
        let mark = self.style.date_mark;
        match self.order {
            Order::Dmy => format!("{day}{mark}{month}{mark}{year}{era}"),
            Order::Mdy => format!("{month}{mark}{day}{mark}{year}{era}"),
            Order::Ymd => format!("{year}{mark}{month}{mark}{day}"),
        }
    }

    fn number(&self, number: u32) -> String {
        if self.style.padded { format!("{number:02}") } else { number.to_string() }
    }

    fn time(&self, at: NaiveDateTime) -> String {
        let mark = self.style.time_mark;
        let hour = if self.clock.is_some() { at.hour12().1 } else { at.hour() };
        let second = match self.platform {
            Platform::Ios => format!("{mark}{:02}", at.second()),
            Platform::Android => String::new(),
        };
        let time = format!("{hour}{mark}{:02}{second}", at.minute());
        match self.clock {
            None => time,
            Some((morning, _)) if at.hour() < 12 => morning.replace("{}", &time),
            Some((_, afternoon)) => afternoon.replace("{}", &time),
        }
    }

    fn signed(&self, chat: &str, said: &Said) -> String {
        let body = self.body(&said.what);
        match (self.platform, said.from) {
            (Platform::Android, "") => body,
            (Platform::Ios, "") => format!("{chat}: {}{body}", self.mark()),
            (_, from) => format!("{from}: {body}"),
        }
    }

    fn body(&self, what: &What) -> String {
        let mark = if self.platform == Platform::Ios { self.mark() } else { "" };
        match what {
            What::Words(words) | What::System(words) => (*words).to_string(),
            What::Edited(words) => format!("{words} \u{200E}<This message was edited>"),
            What::File(file, caption, words) => self.file(file, *caption, words),
            What::Omitted(column, words) => self.omitted(*column, words),
            What::Deleted if self.platform == Platform::Ios => format!("{mark}{}", self.words[9]),
            What::Deleted => "This message was deleted".into(),
            What::Place(link) => match self.platform {
                Platform::Ios => format!("{mark}Location: {link}"),
                Platform::Android => self.words[3].replace("%s", link),
            },
            What::LivePlace => match self.platform {
                Platform::Ios => format!("{mark}Live location shared"),
                Platform::Android => self.words[4].to_string(),
            },
            What::Poll => format!(
                "{mark}POLL:\nWhere to?\n{mark}OPTION: Sea ({mark}3 votes)\n{mark}OPTION: Hills ({mark}1 vote)\n"
            ),
            What::Event => {
                format!("{mark}EVENT: Garden party\nBring cake\nEvent Start time: {EVENT_START}")
            }
            What::Once => match self.platform {
                Platform::Ios => format!(
                    "{mark}You received a view once message. For added privacy, you can only open it on your phone."
                ),
                Platform::Android => "null".into(),
            },
            What::Call => format!("{mark}Missed voice call"),
        }
    }

    /// An attachment's line, with words where they are wanted.
    fn file(&self, file: &str, caption: Caption, words: &str) -> String {
        let line = match self.platform {
            Platform::Ios => format!("{}{}", self.mark(), self.words[1].replace("%@", file)),
            Platform::Android => self.words[1].replace("%s", file),
        };
        match (words, caption) {
            ("", _) => line,
            (_, Caption::Before) => format!("{words}\n{line}"),
            (_, Caption::Beside) => format!("{words} {line}"),
            (_, Caption::After) => format!("{line}\n{words}"),
        }
    }

    fn omitted(&self, column: usize, words: &str) -> String {
        match (self.platform, words) {
            (Platform::Ios, "") => format!("{}{}", self.mark(), self.words[column]),
            (Platform::Ios, _) => format!("{words} {}{}", self.mark(), self.words[column]),
            (Platform::Android, _) => {
                let wordings: Vec<&str> = self.words[2].split(" / ").collect();
                format!("{}\n{words}", wordings[column % wordings.len()])
            }
        }
    }
}
