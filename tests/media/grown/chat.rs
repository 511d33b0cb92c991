//! What the grown chat holds: who was sent when, and under which name.

use crate::accuracy::retouch::Change;

use super::START;
use crate::accuracy::dice::Dice;
use crate::chat_text::{self, Line};
use crate::whatsapp::Platform;

/// How large a library and a chat are grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Files of the library.
    pub originals: u32,
    /// Pictures and videos of the chat.
    pub exported: u32,
    /// Of those, pictures that came from others: the library has no original.
    pub strangers: u32,
    /// Pictures that were changed before they were sent.
    pub edited: u32,
    /// Screenshots.
    pub screens: u32,
    /// Videos.
    pub videos: u32,
}

impl Sizes {
    /// A chat of this size with the usual shares, in hundredths: 45 of strangers, 6
    /// edited, 4 screenshots, 3 videos.
    #[must_use]
    pub fn usual(originals: u32, exported: u32) -> Self {
        let share = |hundredths: u32| (exported * hundredths + 50) / 100;
        let [strangers, edited, screens, videos] = [45, 6, 4, 3].map(share);
        Self { originals, exported, strangers, edited, screens, videos }
    }

    /// Pictures that were sent as they are.
    fn plain(self) -> u32 {
        let others = self.strangers + self.edited + self.screens + self.videos;
        self.exported.saturating_sub(others)
    }
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The photo of this number, changed so.
    Photo(u32, Change),
    /// The screenshot of this number.
    Screen(u32),
    /// The video of this number.
    Video(u32),
    /// A picture of somebody else.
    Stranger(u32),
}

/// Something sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub what: What,
    /// Seconds since 1970, on the chat's clock.
    pub at: i64,
    pub name: String,
}

/// Everything that is sent, in order. `photos` are the numbers of those that can be,
/// `taken` says when each thing was.
pub(super) fn sends(sizes: Sizes, photos: &[u32], taken: impl Fn(What) -> i64) -> Vec<Sent> {
    let edits = [Change::Crop, Change::Drawing, Change::Filter, Change::Crop, Change::Mirror];
    let wanted = (sizes.plain() + sizes.edited).max(1) as usize;
    let step = (photos.len() / wanted).max(1);
    let chosen = photos.iter().step_by(step).take(wanted);
    let photo = |(number, &at): (usize, &u32)| {
        // Evenly among the others.
        let edited = |number: usize| number * sizes.edited as usize / wanted;
        let edit = match edited(number + 1) > edited(number) {
            true => edits[edited(number) % edits.len()],
            false => Change::Whole,
        };
        What::Photo(at, edit)
    };
    let photos = chosen.enumerate().map(photo);
    let screens = (0..sizes.screens).map(What::Screen);
    let videos = (0..sizes.videos).map(What::Video);
    let strangers = (0..sizes.strangers).map(What::Stranger);
    let what = photos.chain(screens).chain(videos).chain(strangers);
    // Three minutes after it was taken; every fourth, five days.
    let delay = |number: usize| if number % 4 == 3 { 5 * 86_400 } else { 180 };
    let mut sends: Vec<(i64, What)> =
        what.enumerate().map(|(number, what)| (taken(what) + delay(number), what)).collect();
    sends.sort_by_key(|(at, _)| *at);
    let named = (1u32..).zip(sends).map(|(number, (at, what))| {
        let (word, ending) =
            if matches!(what, What::Video(_)) { ("VIDEO", "mp4") } else { ("PHOTO", "jpg") };
        let name = chat_text::media_name(Platform::Ios, word, ending, clock(at), number);
        Sent { what, at, name }
    });
    named.collect()
}

/// When a stranger's picture came: any time in which the library grew.
pub(super) fn came(number: u32, end: i64) -> i64 {
    Dice::new(u64::from(number), "came").whole(START, end)
}

fn clock(seconds: i64) -> chrono::NaiveDateTime {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default().naive_utc()
}

/// The chat's text.
pub(super) fn text(sends: &[Sent]) -> String {
    let line = |sent: &Sent| {
        let from = if matches!(sent.what, What::Stranger(_)) { "Amir" } else { "Nora" };
        (clock(sent.at), from, sent.name.clone())
    };
    let lines: Vec<_> = sends.iter().map(line).collect();
    let lines: Vec<Line<'_>> = lines
        .iter()
        .map(|(at, from, name)| Line { at: *at, from, text: "", file: Some(name), chat: "Family" })
        .collect();
    chat_text::text(Platform::Ios, &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_holds_of_each_as_many_as_were_asked_for() {
        for (originals, exported) in [(900, 104), (10_000, 1000), (40, 20)] {
            let sizes = Sizes::usual(originals, exported);
            let photos: Vec<u32> = (0..originals).collect();
            let sends = sends(sizes, &photos, |_| START);
            let count =
                |of: fn(&What) -> bool| sends.iter().filter(|sent| of(&sent.what)).count() as u32;
            assert_eq!(sends.len() as u32, exported);
            assert_eq!(count(|what| matches!(what, What::Stranger(_))), sizes.strangers);
            let edited =
                count(|what| matches!(what, What::Photo(_, edit) if *edit != Change::Whole));
            assert_eq!(edited, sizes.edited);
            assert_eq!(count(|what| matches!(what, What::Video(_))), sizes.videos);
        }
    }
}
