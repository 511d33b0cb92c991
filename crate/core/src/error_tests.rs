use super::*;
use crate::memory::{decoded, encoded};
use crate::settings::DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};

const KINDS: [Kind; 17] = [
    Kind::Jpeg,
    Kind::Heic,
    Kind::Avif,
    Kind::Png,
    Kind::Webp,
    Kind::Gif,
    Kind::Tiff,
    Kind::Raw,
    Kind::Video,
    Kind::Audio,
    Kind::Pdf,
    Kind::Zip,
    Kind::Html,
    Kind::Contact,
    Kind::Text,
    Kind::Empty,
    Kind::Unknown,
];

fn choice(order: DateOrder, day: i32) -> DateChoice {
    DateChoice { order, written: "08/04/22".into(), day }
}

/// How one day is read in so many orders: 8 April 2022, 4 August 2022, 22 April 2008.
fn doubt(readings: usize) -> DateDoubt {
    let all = [(DayMonthYear, 19_090), (MonthDayYear, 19_208), (YearMonthDay, 13_991)];
    let choices = all.into_iter().take(readings).map(|(order, day)| choice(order, day));
    DateDoubt { order: DayMonthYear, choices: choices.collect() }
}

fn unread() -> [Unread; 5] {
    use Unread::{Changed, Longer, MoreThanClaimed, NotTaken, Told};
    [Told("Permission denied (os error 13)".into()), MoreThanClaimed, Longer, Changed, NotTaken]
}

fn undecoded() -> [Undecoded; 8] {
    [
        Undecoded::Told("bad Huffman code".into()),
        Undecoded::Panicked,
        Undecoded::Index("Invalid data".into()),
        Undecoded::NoPreview,
        Undecoded::NotJpeg,
        Undecoded::NoPixels,
        Undecoded::WrongLength,
        Undecoded::NotDecoded,
    ]
}

fn zip_faults() -> [ZipFault; 9] {
    [
        ZipFault::Told("invalid Zip archive: No valid central directory found".into()),
        ZipFault::TooMany { limit: 1_000_000 },
        ZipFault::Encrypted,
        ZipFault::Packed("Bzip2".into()),
        ZipFault::Size,
        ZipFault::Cut,
        ZipFault::Part,
        ZipFault::NoZip,
        ZipFault::NoChat,
    ]
}

/// One of each problem, and of each way to say it. The page has the same list
/// (`www/src/text/en/problems.test.ts`) and is held to the same sentences.
fn samples() -> Vec<Problem> {
    let misnamed = |found| Problem::NotWhatItsNameSays { named: Kind::Jpeg, found };
    let outside = |count, names: &[&str]| Problem::OutsidePage {
        count,
        names: names.iter().map(ToString::to_string).collect(),
    };
    let merged = |shift_s| Problem::SameChat { shared: 3, added: 1200, better: 1, shift_s };
    let long = |bytes| Problem::LongMessage { number: 4, bytes };
    let mut all = vec![Problem::Empty];
    all.extend(unread().map(Problem::Unreadable));
    all.push(Problem::Truncated);
    all.extend(undecoded().map(Problem::Decode));
    all.push(Problem::TooManyPixels { width: 40_000, height: 30_000, limit: 400 });
    all.push(Problem::OverLimit { need: 3_000_000_000, limit: 1_073_741_824 });
    all.extend(KINDS.map(misnamed));
    all.extend([Problem::NoMoov, Problem::SoundNotDecoded, Problem::Missing, Problem::NoChatText]);
    all.push(Problem::CaseCollision("A.jpg".into()));
    all.extend([Problem::BadText(1), Problem::BadText(2000)]);
    all.extend(zip_faults().map(Problem::BadZip));
    all.extend([Problem::ZipInZip, Problem::NoSuchPage, Problem::InsidePage { count: 1200 }]);
    all.extend([outside(1, &["../a.jpg"]), outside(1202, &["../a.jpg", "../b.jpg"])]);
    all.push(Problem::Utf16);
    all.extend([merged(0), merged(5400), merged(-3600)]);
    all.push(Problem::OtherChat);
    all.extend([long(262_245), long(1_250_000), long(12_000_000)]);
    all.extend([Problem::CodePage("windows-1251".into()), Problem::Checksum]);
    all.push(Problem::NotLookedAt { kind: "AVIF".into() });
    let cloud = |count, names: &[&str]| Problem::InCloud {
        count,
        names: names.iter().map(ToString::to_string).collect(),
    };
    all.extend([cloud(1, &["a.heic"]), cloud(1202, &["a.heic", "b.mov"])]);
    all.extend([0, 2, 3].map(|readings| Problem::UnclearDates(doubt(readings))));
    all
}

#[test]
fn the_page_and_the_report_say_the_same_sentences() {
    let said: Vec<String> = samples().iter().map(ToString::to_string).collect();
    let want: Vec<&str> = include_str!("report/sentences/problems.txt").lines().collect();
    assert_eq!(said, want);
}

#[test]
fn what_is_remembered_comes_back() {
    for problem in samples() {
        let bytes = encoded(&problem);
        if matches!(problem, Problem::UnclearDates(_)) {
            assert_eq!(bytes, None, "{problem}");
        } else {
            assert_eq!(decoded(&bytes.unwrap()), Some(problem));
        }
    }
}

#[test]
fn what_reads_may_say_why_it_does_not() {
    let error = io::Error::new(io::ErrorKind::InvalidData, Unread::MoreThanClaimed);
    assert_eq!(Problem::reading(&error), Problem::Unreadable(Unread::MoreThanClaimed));
    let error = io::Error::other("the card was pulled out");
    let told = Unread::Told("the card was pulled out".into());
    assert_eq!(Problem::reading(&error), Problem::Unreadable(told));
    let error = io::Error::from(io::ErrorKind::UnexpectedEof);
    assert_eq!(Problem::reading(&error), Problem::Truncated);
    let told = Unread::Told("unexpected end of file".into());
    assert_eq!(Problem::unreadable(&error), Problem::Unreadable(told));
}
