//! How long a video is whose movie header does not say: files that are written
//! while they are recorded, or streamed, tell it piece by piece (ISO/IEC 14496-12,
//! sections 8.8 and 8.16.3).

use std::collections::BTreeMap;

use super::boxes::{
    MOST_BOXES, behind_times, children, find, follow, fragment, is_wide, long, word,
};
use crate::io::ReadAt;

/// What a track of fragments is measured in.
#[derive(Debug, Clone, Copy, Default)]
struct Track {
    /// Units of a second.
    scale: u32,
    /// Units of a sample for which nothing else is said.
    each: u32,
    /// Where its first fragment begins, and where the last so far ends.
    span: Option<(u64, u64)>,
}

/// The length in milliseconds that the content of a `moov` box tells behind its
/// header, or else the boxes behind it in `source`.
pub(super) fn length_ms(moov: &[u8], source: &dyn ReadAt) -> Option<u64> {
    extended(moov)
        .or_else(|| of_fragments(moov, source))
        .or_else(|| of_edits(moov))
        .or_else(|| of_index(source))
}

/// Whether only the fragments tell the length.
pub(super) fn is_in_fragments(moov: &[u8]) -> bool {
    find(moov, &[b"mvex"]).is_some() && extended(moov).is_none()
}

/// Whether a box on the top level tells how long a fragment is.
pub(super) fn tells(name: &[u8; 4]) -> bool {
    matches!(name, b"moof" | b"sidx")
}

/// So many units as milliseconds; nothing is no length.
pub(super) fn milliseconds(units: u64, scale: u32) -> Option<u64> {
    let length = u128::from(units) * 1000;
    u64::try_from(length.checked_div(scale.into())?).ok().filter(|&length| length > 0)
}

/// `mehd`: the length with all fragments, in the movie's units.
fn extended(moov: &[u8]) -> Option<u64> {
    let header = find(moov, &[b"mvex", b"mehd"])?;
    let length = if is_wide(header) { long(header, 4)? } else { word(header, 4)?.into() };
    milliseconds(length, movie_scale(moov)?)
}

/// The longest edit list, in the movie's units.
fn of_edits(moov: &[u8]) -> Option<u64> {
    let scale = movie_scale(moov)?;
    let tracks = children(moov).filter(|(name, _)| name == b"trak");
    let lists = tracks.filter_map(|(_, track)| find(track, &[b"edts", b"elst"]));
    lists.filter_map(|list| milliseconds(edited(list)?, scale)).max()
}

/// The sum of an edit list's lengths.
fn edited(list: &[u8]) -> Option<u64> {
    let (bytes, wide) = (if is_wide(list) { 20 } else { 12 }, is_wide(list));
    let count = word(list, 4)? as usize;
    let edits = list.get(8..)?.chunks_exact(bytes).take(count);
    let lengths =
        edits.filter_map(|edit| if wide { long(edit, 0) } else { word(edit, 0).map(u64::from) });
    lengths.into_iter().try_fold(0_u64, u64::checked_add)
}

/// The longest track of all fragments. `None` if one of them is not there: half a
/// length would be a wrong one.
fn of_fragments(moov: &[u8], source: &dyn ReadAt) -> Option<u64> {
    find(moov, &[b"mvex"])?;
    let mut tracks = described(moov);
    let boxes = follow(source, |_| false).ok()?;
    let ended = boxes.len() < MOST_BOXES && boxes.last()?.end == source.size();
    if !ended {
        return None;
    }
    for found in boxes.iter().filter(|found| &found.name == b"moof") {
        let body = fragment(source, found)?;
        for (_, part) in children(&body).filter(|(name, _)| name == b"traf") {
            add(part, &mut tracks)?;
        }
    }
    let length = |track: &Track| {
        let (from, to) = track.span?;
        milliseconds(to - from, track.scale)
    };
    tracks.values().filter_map(length).max()
}

/// Every track's units, by its number.
fn described(moov: &[u8]) -> BTreeMap<u32, Track> {
    let mut tracks = BTreeMap::<u32, Track>::new();
    for (_, body) in children(moov).filter(|(name, _)| name == b"trak") {
        let scale = find(body, &[b"mdia", b"mdhd"]).and_then(behind_times);
        let number = find(body, &[b"tkhd"]).and_then(behind_times);
        if let Some((number, scale)) = number.zip(scale) {
            tracks.insert(number, Track { scale, ..Track::default() });
        }
    }
    let more = find(moov, &[b"mvex"]).unwrap_or_default();
    for (_, body) in children(more).filter(|(name, _)| name == b"trex") {
        let track = word(body, 4).and_then(|number| tracks.get_mut(&number));
        if let Some((track, each)) = track.zip(word(body, 12)) {
            track.each = each;
        }
    }
    tracks
}

/// Adds what a `traf` holds to its track; `None`: it contradicts itself.
fn add(part: &[u8], tracks: &mut BTreeMap<u32, Track>) -> Option<()> {
    let header = find(part, &[b"tfhd"])?;
    let flags = word(header, 0)?;
    let Some(track) = tracks.get_mut(&word(header, 4)?) else { return Some(()) };
    let places = [(0x1, 8), (0x2, 4)];
    let before: usize =
        places.iter().filter(|(flag, _)| flags & flag > 0).map(|(_, bytes)| bytes).sum();
    let each = if flags & 0x8 > 0 { word(header, 8 + before)? } else { track.each };
    let runs = children(part).filter(|(name, _)| name == b"trun");
    let lengths = runs.map(|(_, run)| run_length(run, each));
    let length = lengths.into_iter().try_fold(0_u64, |sum, one| sum.checked_add(one?))?;
    let begun = find(part, &[b"tfdt"])
        .and_then(|time| if is_wide(time) { long(time, 4) } else { word(time, 4).map(u64::from) });
    let (from, to) = track.span.unwrap_or((begun.unwrap_or(0), 0));
    let end = begun.unwrap_or(to.max(from)).checked_add(length)?;
    track.span = Some((from.min(begun.unwrap_or(from)), to.max(end)));
    Some(())
}

/// Units of all samples of a `trun`.
fn run_length(run: &[u8], each: u32) -> Option<u64> {
    let (flags, count) = (word(run, 0)?, word(run, 4)?);
    if flags & 0x100 == 0 {
        return Some(u64::from(each) * u64::from(count));
    }
    let before = [0x1, 0x4].iter().filter(|flag| flags & **flag > 0).count() * 4;
    let fields = [0x100, 0x200, 0x400, 0x800].iter().filter(|flag| flags & **flag > 0).count();
    let samples = run.get(8 + before..)?.chunks_exact(4 * fields);
    if samples.len() < count as usize {
        return None;
    }
    Some(samples.take(count as usize).filter_map(|one| word(one, 0)).map(u64::from).sum())
}

/// `sidx`, which stands before the fragments it lists.
fn of_index(source: &dyn ReadAt) -> Option<u64> {
    let boxes = follow(source, |found| &found.name == b"sidx").ok()?;
    let found = boxes.last().filter(|found| &found.name == b"sidx")?;
    let body = fragment(source, found)?;
    let scale = word(&body, 8)?;
    let start = if is_wide(&body) { 28 } else { 20 };
    let count = usize::from(u16::from_be_bytes(*body.get(start + 2..)?.first_chunk()?));
    let parts = body.get(start + 4..)?.chunks_exact(12);
    if parts.len() < count {
        return None;
    }
    let units = parts.take(count).filter_map(|part| word(part, 4)).map(u64::from).sum();
    milliseconds(units, scale)
}

fn movie_scale(moov: &[u8]) -> Option<u32> {
    find(moov, &[b"mvhd"]).and_then(behind_times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::testing::{boxed, words};

    /// An index in thousandths of a second, with these boxes beside the header and in
    /// `mvex`, and one track of 600 units a second.
    fn index(track: &[u8], more: Option<&[u8]>) -> Vec<u8> {
        let mvhd = boxed(b"mvhd", &words(&[0, 0, 0, 1000, 0]));
        let tkhd = boxed(b"tkhd", &words(&[0, 0, 0, 7]));
        let mdia = boxed(b"mdia", &boxed(b"mdhd", &words(&[0, 0, 0, 600, 0])));
        let trak = boxed(b"trak", &[&tkhd[..], &mdia, track].concat());
        let trex = boxed(b"trex", &words(&[0, 7, 1, 20, 0, 0]));
        let more = more.map(|more| boxed(b"mvex", &[&trex[..], more].concat()));
        [mvhd, trak, more.unwrap_or_default()].concat()
    }

    fn moof(header: &[u32], time: Option<u32>, run: &[u32]) -> Vec<u8> {
        let time = time.map(|time| boxed(b"tfdt", &words(&[0, time]))).unwrap_or_default();
        let parts = [boxed(b"tfhd", &words(header)), time, boxed(b"trun", &words(run))];
        boxed(b"moof", &boxed(b"traf", &parts.concat()))
    }

    #[track_caller]
    fn check(moov: &[u8], behind: &[u8], want: Option<u64>) {
        let file = [&boxed(b"ftyp", b"iso5")[..], &boxed(b"moov", moov), behind].concat();
        assert_eq!(length_ms(moov, &file), want);
    }

    #[test]
    fn an_unknown_length_is_not_zero() {
        check(&index(&[], None), &[], None);
        check(&index(&[], Some(&[])), &[], None);
        assert_eq!(milliseconds(0, 600), None);
        assert_eq!(milliseconds(5, 0), None);
    }

    #[test]
    fn the_extended_header_tells_the_length() {
        check(&index(&[], Some(&boxed(b"mehd", &words(&[0, 12_345])))), &[], Some(12_345));
        let wide = words(&[0x0100_0000, 0, 12_345]);
        check(&index(&[], Some(&boxed(b"mehd", &wide))), &[], Some(12_345));
    }

    #[test]
    fn fragments_tell_it_together() {
        let moov = index(&[], Some(&[]));
        // 30 samples of 20 units, 10 of 40, and two of 100 and 200.
        let parts = [
            moof(&[0, 7], None, &[0, 30]),
            moof(&[0x8, 7, 40], None, &[0, 10]),
            moof(&[0x2, 7, 1], None, &[0x301, 2, 99, 100, 5, 200, 5]),
        ];
        check(&moov, &parts.concat(), Some((600 + 400 + 300) * 1000 / 600));
        let late = [moof(&[0, 7], Some(6000), &[0, 30]), moof(&[0, 7], Some(6600), &[0, 30])];
        check(&moov, &late.concat(), Some(2000));
        let cut = parts.concat();
        check(&moov, &cut[..cut.len() - 9], None);
    }

    #[test]
    fn edits_and_an_index_of_fragments_tell_it_where_nothing_else_does() {
        let list = boxed(b"elst", &words(&[0, 2, 500, u32::MAX, 1 << 16, 2000, 0, 1 << 16]));
        check(&index(&boxed(b"edts", &list), None), &[], Some(2500));
        let parts = words(&[0, 1, 600, 0, 0, 2, 9, 900, 0, 9, 300, 0]);
        check(&index(&[], Some(&[])), &boxed(b"sidx", &parts), Some(2000));
    }
}
