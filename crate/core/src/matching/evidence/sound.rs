//! Is the sound of one video in the sound of another? The rises and falls of two
//! prints are compared at every shift that could be.
//!
//! **The model.** Rises over 80 ms of two strangers are independent; of a sound of `n`
//! hops some `n / 4` in two bands that say something new are left, so that their
//! correlation has a standard deviation of `sqrt(2 / n)`: 0.14 over two seconds, the
//! shortest that is compared. [`SAME`] is six of them away, a chance of one in a
//! thousand million at one shift, and there are 15,000 shifts at most. What the model
//! does not know, music that repeats, is why one second out of four may not decide
//! alone. docs/architecture.md has what was measured.

use serde::{Deserialize, Serialize};

use crate::examine::sound::print::{BANDS, HOP_MS, PARTS};
use crate::examine::sound::{MOST_SECONDS, Print};

/// Hops over which a rise is taken: 80 ms.
const RISE: usize = 4;

/// Most that a rise counts, in parts of an octave: one bang must not decide alone.
const MOST_RISE: i32 = 5 * PARTS;

/// Fewest hops that two sounds must share: two seconds.
const FEWEST: usize = 100;

/// Hops by which the sounds of two videos of one length may lie apart: encoders put
/// up to 0.05 s of silence before it, and lengths differ by half a second.
const SLACK: i64 = 30;

/// Least correlation of one sound, encoded twice.
pub(in crate::matching) const SAME: f64 = 0.85;

/// Correlation up to which two sounds are clearly others.
const OTHER: f64 = 0.6;

/// Least mean square of the rises, in octaves, for a sound that can prove anything:
/// what is steadier than 0.25 (0.75 decibels) is silence or a tone.
const STEADY: f64 = 0.0625;

/// The same for a sound that can refute: the noise that an encoder leaves of a tone at
/// 24 kbit/s has up to 0.5 (1.5 decibels), and that of another encoder is another.
const LIVELY: f64 = 0.5;

/// Fewest hops that must be shared before sounds are others: three seconds.
const FEWEST_OTHER: usize = 150;

/// Fewest hops from which on a sound can contradict the pictures: half a second.
const FEWEST_COPY: usize = 25;

/// Standard deviations below [`SAME`] at which the sounds of two copies are others. The
/// correlation of one sound, encoded twice, has `(1 - SAME²) · sqrt(2 / n)`.
const FAR_BELOW: f64 = 3.0;

/// Least mean square of the rises, in octaves, of a sound that no encoder makes steady:
/// twice [`LIVELY`]. The noise of a quiet room has 0.3, for over 40 ms a band of 125 Hz has
/// five independent values.
const LOUD: f64 = 1.0;

/// Share of the shorter sound by which those of two copies may lie apart, at least
/// [`DELAY`] hops: what remains must tell.
const SLACK_SHARE: i64 = 5;
/// Hops of silence that encoders put before a sound, and one for rounding.
const DELAY: i64 = 4;

/// Hops that are dropped together to see whether one moment decides: a second.
const BLOCK: usize = 50;

/// Hops of the first sound that are looked at while shifts are searched; the best
/// shift is measured with all.
const SEARCHED: usize = 750;

/// How the sounds of two videos compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::matching) enum Heard {
    /// The second's is that of the first from this millisecond on.
    Same { shift_ms: i64 },
    /// They are two recordings.
    Other,
    /// Neither is sure.
    Open,
}

/// Which shifts could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Shifts {
    /// Both videos are as long.
    Whole,
    /// The second may be any part of the first.
    Part,
    /// Both are as long and show the same: is there anything to say that they do not sound
    /// alike?
    Copy,
}

type Rises = Vec<[i32; BANDS]>;

/// Whether the sound that was sent is in the original's.
pub(in crate::matching) fn compare(original: &Print, sent: &Print, shifts: Shifts) -> Heard {
    match best(original, sent, shifts) {
        Some((_, sums)) if shifts == Shifts::Copy => sums.contradiction(),
        Some((shift, sums)) => sums.verdict(shift),
        None => Heard::Open,
    }
}

/// The correlation at the best shift; `None`: too little is shared.
pub(in crate::matching) fn likeness(original: &Print, sent: &Print, shifts: Shifts) -> Option<f64> {
    best(original, sent, shifts).map(|(_, sums)| sums.total().likeness())
}

/// The best shift, and the sums at it.
fn best(original: &Print, sent: &Print, shifts: Shifts) -> Option<(i64, Sums)> {
    let (long, short) = (rises(original), rises(sent));
    let slack = match shifts {
        Shifts::Copy => (short.len() as i64 / SLACK_SHARE).clamp(DELAY, SLACK),
        Shifts::Whole | Shifts::Part => SLACK,
    };
    let least = if shifts == Shifts::Copy { FEWEST_COPY } else { FEWEST };
    let (most, all) = (i64::from(MOST_SECONDS * 1000 / HOP_MS), long.len() as i64);
    let last = match shifts {
        Shifts::Whole | Shifts::Copy => slack,
        Shifts::Part => (all - short.len() as i64).clamp(0, most) + slack,
    };
    // A part of the hops tells which shifts are worth measuring: the best few of them,
    // for two neighbours may be close.
    let step = short.len().div_ceil(SEARCHED).max(1);
    let mut best = (-slack..=last)
        .filter_map(|shift| {
            Some((sums((&long, &short), least, shift, step)?.total().likeness(), shift))
        })
        .fold(None, |best: Option<(f64, i64)>, one| match best {
            Some(best) if best.0 >= one.0 => Some(best),
            _ => Some(one),
        })
        .map(|(_, shift)| shift);
    if let Some(near) = best {
        let around = (near - 1..=near + 1).filter_map(|shift| {
            Some((sums((&long, &short), least, shift, 1)?.total().likeness(), shift))
        });
        best = around.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, shift)| shift);
    }
    best.and_then(|at| Some((at, sums((&long, &short), least, at, 1)?)))
}

/// By how much each band rose over [`RISE`] hops.
fn rises(print: &Print) -> Rises {
    let pairs = print.levels.iter().skip(RISE).zip(&print.levels);
    let rise = |(now, before): (&[i16; BANDS], &[i16; BANDS])| {
        std::array::from_fn(|band| {
            (i32::from(now[band]) - i32::from(before[band])).clamp(-MOST_RISE, MOST_RISE)
        })
    };
    pairs.map(rise).collect()
}

/// What a part of two sounds adds up to.
#[derive(Clone, Copy, Default)]
struct Sum {
    hops: usize,
    /// Of the products.
    both: i64,
    /// Of the squares.
    first: i64,
    second: i64,
}

impl Sum {
    fn add(self, other: Self) -> Self {
        Self {
            hops: self.hops + other.hops,
            both: self.both + other.both,
            first: self.first + other.first,
            second: self.second + other.second,
        }
    }

    /// The correlation; rises add up to nothing, so that no mean is taken off.
    fn likeness(self) -> f64 {
        let product = (self.first as f64 * self.second as f64).sqrt();
        if product > 0.0 { self.both as f64 / product } else { 0.0 }
    }

    /// Mean squares of both sounds' rises, in octaves, the steadier one's first.
    fn lives(self) -> [f64; 2] {
        let values = (self.hops * BANDS).max(1) as f64 * f64::from(PARTS * PARTS);
        [self.first.min(self.second), self.first.max(self.second)].map(|sum| sum as f64 / values)
    }

    /// That of the steadier sound.
    fn life(self) -> f64 {
        self.lives()[0]
    }
}

/// The sums of each second.
struct Sums(Vec<Sum>);

/// `least` hops must be shared; of them every `step`-th is looked at.
fn sums((long, short): (&Rises, &Rises), least: usize, shift: i64, step: usize) -> Option<Sums> {
    let from = usize::try_from((-shift).max(0)).ok()?;
    let end = i64::try_from(long.len()).ok()?.saturating_sub(shift);
    let end = usize::try_from(end).unwrap_or(0).min(short.len());
    if end.saturating_sub(from) < least {
        return None;
    }
    let mut blocks = vec![Sum::default(); (end - from).div_ceil(BLOCK)];
    for at in (from..end).step_by(step) {
        let there = usize::try_from(at as i64 + shift).ok()?;
        let block = &mut blocks[(at - from) / BLOCK];
        block.hops += 1;
        for (one, other) in long.get(there)?.iter().zip(&short[at]) {
            let (one, other) = (i64::from(*one), i64::from(*other));
            block.both += one * other;
            block.first += one * one;
            block.second += other * other;
        }
    }
    Some(Sums(blocks))
}

impl Sums {
    fn total(&self) -> Sum {
        self.0.iter().copied().fold(Sum::default(), Sum::add)
    }

    /// Without the quarter of the seconds in which most happens, one at least.
    fn calmer(&self) -> Sum {
        let mut blocks = self.0.clone();
        blocks.sort_by_key(|block| block.first.saturating_add(block.second));
        blocks.truncate(blocks.len() - blocks.len().div_ceil(4));
        blocks.into_iter().fold(Sum::default(), Sum::add)
    }

    /// What the sounds of two copies say against the pictures: one lives where the other is
    /// still, or both live and do not rise together.
    fn contradiction(&self) -> Heard {
        let all = self.total();
        let [steadier, livelier] = all.lives();
        let spread = (2.0 / all.hops.max(1) as f64).sqrt();
        let least = SAME - FAR_BELOW * (1.0 - SAME * SAME) * spread;
        let one_is_still = steadier < STEADY && livelier >= LOUD;
        let others = steadier >= LIVELY && all.likeness() < least;
        if one_is_still || others { Heard::Other } else { Heard::Open }
    }

    fn verdict(&self, shift: i64) -> Heard {
        let (all, calmer) = (self.total(), self.calmer());
        let alike = [all, calmer].iter().all(|sum| sum.life() >= STEADY && sum.likeness() >= SAME);
        if alike {
            Heard::Same { shift_ms: shift * i64::from(HOP_MS) }
        } else if all.hops >= FEWEST_OTHER && all.life() >= LIVELY && all.likeness() <= OTHER {
            Heard::Other
        } else {
            Heard::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sound whose levels wander, by a seed.
    fn sound(seed: u64, hops: usize) -> Print {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut level = [-2000_i32; BANDS];
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as i32
        };
        let mut hop = |_| {
            level = level.map(|level| (level * 7 + -2000 + next() % 9000) / 8);
            level.map(|level| level as i16)
        };
        Print { levels: (0..hops).map(&mut hop).collect() }
    }

    fn part(of: &Print, from: usize, hops: usize) -> Print {
        Print { levels: of.levels[from..from + hops].to_vec() }
    }

    #[test]
    fn a_sound_is_found_where_it_was_cut_out() {
        let whole = sound(1, 1000);
        assert_eq!(compare(&whole, &whole, Shifts::Whole), Heard::Same { shift_ms: 0 });
        let cut = part(&whole, 300, 250);
        assert_eq!(compare(&whole, &cut, Shifts::Part), Heard::Same { shift_ms: 6000 });
        assert_ne!(compare(&whole, &cut, Shifts::Whole), Heard::Same { shift_ms: 6000 });
    }

    #[test]
    fn strangers_are_others_and_a_moment_proves_nothing() {
        let check = |first: &Print, second: &Print, want| {
            assert_eq!(compare(first, second, Shifts::Part), want);
        };
        check(&sound(1, 1000), &sound(2, 400), Heard::Other);
        check(&sound(1, 1000), &part(&sound(1, 1000), 300, 60), Heard::Open);
    }

    #[test]
    fn short_videos_with_the_same_pictures_and_another_sound_were_one_shot() {
        // A second, a second and a half, two, three and ten.
        for hops in [54, 79, 104, 154, 504] {
            let own = sound(1, hops);
            let others = (2..22)
                .filter(|&seed| compare(&own, &sound(seed, hops), Shifts::Copy) == Heard::Other);
            let found = others.count();
            assert!(found >= 19, "{hops} hops: {found} of 20");
            // Encoded again, and with some silence before it.
            let mut again = own.clone();
            again.levels.rotate_right(2);
            for (at, hop) in again.levels.iter_mut().enumerate() {
                hop.iter_mut().for_each(|level| *level += (at * 7919 % 97) as i16 - 48);
            }
            assert_eq!(compare(&own, &again, Shifts::Copy), Heard::Open, "{hops} hops");
        }
    }

    #[test]
    fn a_sound_beside_silence_is_another_and_two_steady_ones_leave_it_to_the_pictures() {
        let still = |level: i16| Print { levels: vec![[level; BANDS]; 150] };
        let check = |first: &Print, second: &Print, want| {
            assert_eq!(compare(first, second, Shifts::Copy), want);
            assert_eq!(compare(second, first, Shifts::Copy), want);
        };
        check(&sound(1, 150), &still(-6000), Heard::Other);
        check(&still(-2000), &still(-6000), Heard::Open);
        check(&sound(1, 20), &sound(2, 20), Heard::Open);
    }

    #[test]
    fn silence_and_one_bang_at_the_same_time_are_no_proof() {
        let still = Print { levels: vec![[-6000; BANDS]; 600] };
        assert_eq!(compare(&still, &still, Shifts::Whole), Heard::Open);
        let mut bang = still;
        bang.levels[200..230].iter_mut().for_each(|hop| *hop = [-300; BANDS]);
        assert_eq!(compare(&bang, &bang, Shifts::Whole), Heard::Open);
    }
}
