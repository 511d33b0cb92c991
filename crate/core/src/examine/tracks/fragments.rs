//! The tables of a file in fragments, each before the samples it lists.

use super::{MOST_BOXES, MOST_SAMPLES, Sample, children, find, follow, is_wide, long, word};
use crate::examine::boxes;
use crate::io::ReadAt;

/// The bit of a sample's flags that says that it needs another one (section 8.8.3.1).
const NOT_KEY: u32 = 0x0001_0000;

/// What is said of samples of which nothing else is said.
#[derive(Clone, Copy, Default)]
struct Usual {
    length: u32,
    bytes: u32,
    flags: u32,
}

/// A `moof` box that was read.
pub(in crate::examine) struct Fragment {
    /// Where the box begins in the file.
    pub start: u64,
    /// What it holds.
    pub body: Vec<u8>,
}

/// Adds the samples of all fragments of one track. `None`: a fragment contradicts
/// itself, or not all of them can be found.
pub(super) fn add(
    source: &dyn ReadAt,
    number: u32,
    more: &[u8],
    samples: &mut Vec<Sample>,
) -> Option<()> {
    let found = follow(source, |_| false).ok()?;
    if found.len() >= MOST_BOXES {
        return None;
    }
    let usual = usual(number, more);
    let mut at = 0;
    for found in found.iter().filter(|found| &found.name == b"moof") {
        let fragment = Fragment { start: found.start, body: boxes::fragment(source, found)? };
        at = parts(&fragment, number, usual, at, samples)?;
    }
    Some(())
}

/// The samples of one track that fragments list, which are all of the file's. `None`: one
/// contradicts itself.
pub(in crate::examine) fn listed(
    fragments: &[Fragment],
    number: u32,
    more: &[u8],
) -> Option<Vec<Sample>> {
    let usual = usual(number, more);
    let (mut at, mut samples) = (0, Vec::new());
    for fragment in fragments {
        at = parts(fragment, number, usual, at, &mut samples)?;
    }
    Some(samples)
}

/// What the box of a file's fragments, `mvex`, says of a track's samples.
fn usual(number: u32, more: &[u8]) -> Usual {
    let mut usual = children(more)
        .filter(|(name, body)| name == b"trex" && word(body, 4) == Some(number))
        .map(|(_, body)| Usual {
            length: word(body, 12).unwrap_or(0),
            bytes: word(body, 16).unwrap_or(0),
            flags: word(body, 20).unwrap_or(0),
        });
    usual.next().unwrap_or_default()
}

/// Adds what a fragment says of one track, whose samples so far end at `at`; returns when
/// they end now.
fn parts(
    fragment: &Fragment,
    number: u32,
    usual: Usual,
    mut at: i64,
    samples: &mut Vec<Sample>,
) -> Option<i64> {
    for (_, part) in children(&fragment.body).filter(|(name, _)| name == b"traf") {
        if word(find(part, &[b"tfhd"])?, 4)? == number {
            at = runs(part, fragment.start, usual, at, samples)?;
        }
    }
    Some(at)
}

/// Adds a `traf`, which begins at `at` if it does not say when; returns when it ends.
fn runs(part: &[u8], moof: u64, usual: Usual, at: i64, samples: &mut Vec<Sample>) -> Option<i64> {
    let mut header = Fields { rest: find(part, &[b"tfhd"])?.get(8..)? };
    let flags = word(find(part, &[b"tfhd"])?, 0)?;
    let base = if flags & 0x1 > 0 { header.long()? } else { moof };
    header.word_if(flags & 0x2)?;
    let usual = Usual {
        length: header.word_if(flags & 0x8)?.unwrap_or(usual.length),
        bytes: header.word_if(flags & 0x10)?.unwrap_or(usual.bytes),
        flags: header.word_if(flags & 0x20)?.unwrap_or(usual.flags),
    };
    let mut at = match find(part, &[b"tfdt"]) {
        Some(time) if is_wide(time) => i64::try_from(long(time, 4)?).ok()?,
        Some(time) => word(time, 4)?.into(),
        None => at,
    };
    let mut start = base;
    for (_, run) in children(part).filter(|(name, _)| name == b"trun") {
        let (flags, count) = (word(run, 0)?, word(run, 4)? as usize);
        if count > MOST_SAMPLES - samples.len().min(MOST_SAMPLES) {
            return None;
        }
        let mut fields = Fields { rest: run.get(8..)? };
        if let Some(offset) = fields.word_if(flags & 0x1)? {
            start = base.checked_add_signed(offset.cast_signed().into())?;
        }
        let mut first = fields.word_if(flags & 0x4)?;
        for _ in 0..count {
            let length = fields.word_if(flags & 0x100)?.unwrap_or(usual.length);
            let bytes = fields.word_if(flags & 0x200)?.unwrap_or(usual.bytes);
            let own = fields.word_if(flags & 0x400)?.or(first.take()).unwrap_or(usual.flags);
            let later = fields.word_if(flags & 0x800)?.unwrap_or(0).cast_signed();
            let shown = at.saturating_add(later.into());
            samples.push(Sample { start, bytes, shown, key: own & NOT_KEY == 0 });
            start = start.checked_add(bytes.into())?;
            at = at.saturating_add(length.into());
        }
    }
    Some(at)
}

/// Numbers, one behind the other.
struct Fields<'a> {
    rest: &'a [u8],
}

impl Fields<'_> {
    /// A word, if there is one: `None` where the bytes end before it.
    #[allow(clippy::option_option)] // Absent, and cut off, are two things.
    fn word_if(&mut self, there: u32) -> Option<Option<u32>> {
        if there == 0 {
            return Some(None);
        }
        let (four, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(Some(u32::from_be_bytes(*four)))
    }

    fn long(&mut self) -> Option<u64> {
        let (eight, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u64::from_be_bytes(*eight))
    }
}
