//! What a chat comes to in numbers. Memory grows with months and people, not
//! with messages.

use std::collections::BTreeMap;

use super::outline::Outline;
use crate::collect::{Chat, Export, Message, MessageKind};
use crate::model::MediaKind;
use crate::page::moment;

/// Most months that are filled up between the first and the last; a chat that spans
/// more has broken dates, and only the months it has are shown. Chosen, not
/// measured: a hundred years.
const MOST_MONTHS: i64 = 1200;

/// The numbers of one chat.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// Messages of people by month since year 0, without gaps.
    pub months: Vec<(i64, u64)>,
    /// Messages by weekday (Monday first) and hour.
    pub hours: [[u64; 24]; 7],
    /// What each person wrote, in the order of [`Outline::names`].
    pub people: Vec<Person>,
    /// What was sent beside words, most frequent first.
    pub kinds: Vec<(&'static str, u64)>,
    /// Words of all messages, as spaces part them.
    pub words: u64,
    /// The day with most messages.
    pub busiest: Option<(i64, u32)>,
    /// Most days in a row on which somebody wrote.
    pub longest_run: u32,
    /// Days without a message between two that have some: the first silent day
    /// and how many.
    pub longest_silence: Option<(i64, i64)>,
}

/// What one person wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Person {
    /// Messages.
    pub messages: u64,
    /// Words.
    pub words: u64,
    /// Photos and videos.
    pub pictures: u64,
    /// Voice messages.
    pub voice: u64,
}

impl Statistics {
    /// Counts once through the chat.
    #[must_use]
    pub fn new(export: &Export, outline: &Outline) -> Self {
        let empty = Chat::default();
        let chat = export.chat.as_ref().unwrap_or(&empty);
        let mut statistics =
            Self { people: vec![Person::default(); outline.names.len()], ..Self::default() };
        let mut months = BTreeMap::new();
        let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
        for message in &chat.messages {
            let Some(sender) = &message.sender else { continue };
            statistics.add_time(message, &mut months);
            let words = words(message);
            statistics.words += words;
            if let Some(person) =
                outline.senders.get(sender).and_then(|number| statistics.people.get_mut(*number))
            {
                person.messages += 1;
                person.words += words;
                add_media(person, export, message);
            }
            for kind in kinds_of(export, message) {
                *kinds.entry(kind).or_default() += 1;
            }
        }
        statistics.months = filled(months);
        statistics.kinds = kinds.into_iter().collect();
        statistics.kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        statistics.read_days(outline);
        statistics
    }

    fn add_time(&mut self, message: &Message, months: &mut BTreeMap<i64, u64>) {
        let Some((time, key)) =
            message.time.and_then(|time| Some((time, moment::month_key(time)?)))
        else {
            return;
        };
        let month = i64::from(key.0) * 12 + i64::from(key.1) - 1;
        *months.entry(month).or_default() += 1;
        self.hours[moment::weekday(time) as usize % 7][moment::hour(time) as usize % 24] += 1;
    }

    fn read_days(&mut self, outline: &Outline) {
        let most = outline.days.iter().max_by_key(|day| (day.messages, -day.number));
        self.busiest = most.map(|day| (day.number, day.messages));
        let runs = outline.days.chunk_by(|a, b| a.number + 1 == b.number);
        self.longest_run = runs.map(|run| run.len() as u32).max().unwrap_or(0);
        let gaps = outline.days.windows(2).map(|pair| {
            let silent = pair[1].number - pair[0].number - 1;
            (pair[0].number + 1, silent)
        });
        self.longest_silence =
            gaps.filter(|(_, silent)| *silent > 0).max_by_key(|(day, silent)| (*silent, -*day));
    }
}

/// The months between the first and the last too.
fn filled(months: BTreeMap<i64, u64>) -> Vec<(i64, u64)> {
    let ends = months.keys().next().zip(months.keys().next_back());
    match ends {
        Some((first, last)) if last - first < MOST_MONTHS => (*first..=*last)
            .map(|month| (month, months.get(&month).copied().unwrap_or(0)))
            .collect(),
        _ => months.into_iter().collect(),
    }
}

fn words(message: &Message) -> u64 {
    match message.kind {
        MessageKind::Ordinary | MessageKind::Omitted => {
            message.text.split_whitespace().count() as u64
        }
        _ => 0,
    }
}

fn add_media(person: &mut Person, export: &Export, message: &Message) {
    for medium in message.media.iter().filter_map(|id| export.media.get(id.0 as usize)) {
        match medium.kind {
            MediaKind::Image | MediaKind::Video | MediaKind::Gif => person.pictures += 1,
            MediaKind::Voice => person.voice += 1,
            _ => {}
        }
    }
}

fn kinds_of(export: &Export, message: &Message) -> Vec<&'static str> {
    let media = message.media.iter().filter_map(|id| export.media.get(id.0 as usize));
    let mut kinds: Vec<&'static str> = media.map(|medium| plural(medium.kind)).collect();
    match message.kind {
        MessageKind::Omitted => kinds.push("Left out of the export"),
        MessageKind::Deleted => kinds.push("Deleted messages"),
        MessageKind::Location { .. } | MessageKind::LiveLocation => kinds.push("Locations"),
        MessageKind::Poll { .. } => kinds.push("Polls"),
        MessageKind::Event { .. } => kinds.push("Events"),
        MessageKind::Call => kinds.push("Missed calls"),
        MessageKind::Ordinary | MessageKind::System => {}
    }
    kinds
}

fn plural(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "Photos",
        MediaKind::Video => "Videos",
        MediaKind::Gif => "GIFs",
        MediaKind::Sticker => "Stickers",
        MediaKind::Voice => "Voice messages",
        MediaKind::Audio => "Audio files",
        MediaKind::Contact => "Contacts",
        MediaKind::Document => "Documents",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::Sample;
    use crate::settings::Settings;

    fn statistics(sample: &Sample) -> Statistics {
        let outline = Outline::new(&sample.export, &Settings::default(), "index.html");
        Statistics::new(&sample.export, &outline)
    }

    #[test]
    fn counts_months_hours_and_people() {
        let mut sample = Sample::default();
        sample.say("A", "one two");
        sample.say("B", "three");
        sample.medium("x.opus", MediaKind::Voice, None, None);
        let chat = sample.export.chat.as_mut().unwrap();
        // Sunday 22 December 2024, 20:36; Saturday 1 March 2025, 00:00.
        chat.messages[1].time = Some(1_740_787_200);
        let statistics = statistics(&sample);
        assert_eq!(statistics.months.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [2, 0, 0, 1]);
        assert_eq!((statistics.hours[6][20], statistics.hours[5][0]), (2, 1));
        let first = Person { messages: 1, words: 2, pictures: 0, voice: 0 };
        assert_eq!(statistics.people[0], first);
        assert_eq!((statistics.people[2].voice, statistics.words), (1, 3));
        assert_eq!(statistics.kinds, [("Voice messages", 1)]);
        assert_eq!(statistics.busiest.map(|(_, n)| n), Some(2));
        assert_eq!(statistics.longest_silence.map(|(_, n)| n), Some(68));
    }

    #[test]
    fn years_apart_are_not_filled() {
        let months = BTreeMap::from([(0, 1), (100_000, 2)]);
        assert_eq!(filled(months), [(0, 1), (100_000, 2)]);
    }
}
