//! The table of a file that is not in fragments.

use super::places::{Sizes, entries, offsets};
use super::{MOST_SAMPLES, Sample, find, word};

/// The samples of a `stbl` box; none if its samples are in fragments.
pub(super) fn samples(table: &[u8]) -> Option<Vec<Sample>> {
    let sizes = Sizes::new(find(table, &[b"stsz"])?)?;
    let count = sizes.count as usize;
    // QuickTime writes a size of 1 for sound that is not packed.
    if count > MOST_SAMPLES || sizes.each == 1 {
        return None;
    }
    let mut samples = Vec::with_capacity(count);
    let runs: &[[u8; 12]] = entries(find(table, &[b"stsc"])?)?;
    let mut runs = runs.iter().peekable();
    let mut each = 0;
    for (number, start) in (1_u32..).zip(offsets(table)?) {
        while let Some(run) =
            runs.next_if(|run| word(run.as_slice(), 0).is_some_and(|first| first <= number))
        {
            each = word(run, 4)? as usize;
        }
        let mut start = start;
        for _ in 0..each.min(count - samples.len()) {
            let bytes = sizes.of(samples.len())?;
            samples.push(Sample { start, bytes, shown: 0, key: true });
            start = start.checked_add(bytes.into())?;
        }
    }
    (samples.len() == count).then_some(())?;
    times(table, &mut samples)?;
    keys(table, &mut samples);
    Some(samples)
}

fn times(table: &[u8], samples: &mut [Sample]) -> Option<()> {
    let steps: &[[u8; 8]] = entries(find(table, &[b"stts"])?)?;
    let (mut at, mut rest) = (0_i64, &mut *samples);
    for step in steps {
        let (count, step) = (word(step, 0)? as usize, word(step, 4)?);
        let (these, others) = rest.split_at_mut(count.min(rest.len()));
        for sample in these {
            sample.shown = at;
            at = at.saturating_add(step.into());
        }
        rest = others;
    }
    let later: &[[u8; 8]] = find(table, &[b"ctts"]).and_then(entries).unwrap_or_default();
    let mut rest = samples;
    for step in later {
        let (count, step) = (word(step, 0)? as usize, word(step, 4)?.cast_signed());
        let (these, others) = rest.split_at_mut(count.min(rest.len()));
        for sample in these {
            sample.shown = sample.shown.saturating_add(step.into());
        }
        rest = others;
    }
    Some(())
}

/// Without `stss` every sample is a key.
fn keys(table: &[u8], samples: &mut [Sample]) {
    let Some(keys) = find(table, &[b"stss"]) else { return };
    let keys: &[[u8; 4]] = entries(keys).unwrap_or_default();
    samples.iter_mut().for_each(|sample| sample.key = false);
    for key in keys {
        let place = (u32::from_be_bytes(*key) as usize).wrapping_sub(1);
        if let Some(sample) = samples.get_mut(place) {
            sample.key = true;
        }
    }
}
