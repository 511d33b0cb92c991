//! What many pictures that look alike agree in: by how much one clock differs from another.

use super::facts::{By, Facts};

/// Seconds by which the pictures that two cameras took of one scene lie apart, clocks
/// aside: one after the other, mostly by one hand. Chosen, not measured.
const ONE_SCENE_S: i64 = 150;
/// Seconds from which on two pictures of one camera are of two scenes: a burst of one scene
/// is one piece of evidence. Chosen, not measured.
const NEXT_SCENE_S: i64 = 60;
/// Fewest scenes that agree before a clock is called wrong.
const FEWEST: usize = 2;
/// Seconds by which an offset may miss whole quarters of an hour and still be taken for
/// them: clocks are wrong by a zone or by summer time more often than by anything else, and
/// two hands are no nearer than that.
pub(super) const NEAR_QUARTER_S: i64 = 60;
pub(super) const QUARTER_S: i64 = 900;
/// Fewest scenes, and least days between the first and the last, for a drift.
const DRIFT_SCENES: usize = 6;
const DRIFT_DAYS: f64 = 2.0;
/// Least drift that is believed, in seconds a day: a poor quartz loses one or two.
const LEAST_DRIFT: f64 = 1.0;
/// Most drift: beyond it the scenes are not one clock's. Chosen, not measured.
const MOST_DRIFT: f64 = 60.0;
/// Seconds of a day.
pub(super) const DAY_S: i64 = 86_400;

/// One pair of pictures: what the first camera's clock lacks to show what the second does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Vote {
    pub lacks: i64,
    pub wall: i64,
    pub own: usize,
    pub other: usize,
}

/// What the votes agree in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Agreed {
    pub offset: i64,
    pub drift: f64,
    pub from: i64,
    pub scenes: usize,
    pub votes: Vec<Vote>,
}

/// The votes between two sets of files.
pub(super) fn votes(
    facts: &[Facts],
    alike: &[(usize, usize)],
    is_own: impl Fn(usize) -> bool,
    is_other: impl Fn(usize) -> bool,
) -> Vec<Vote> {
    let vote = |own: usize, other: usize| {
        let [wall, its] = [own, other].map(|file| facts[file].wall());
        let by_camera = |file: usize| facts[file].stamp.is_some_and(|stamp| stamp.by == By::Camera);
        let both = by_camera(own) && by_camera(other);
        Some(Vote { lacks: its? - wall?, wall: wall?, own, other }).filter(|_| both)
    };
    let pairs = alike.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
    pairs
        .filter(|&(own, other)| is_own(own) && is_other(other))
        .filter_map(|(own, other)| vote(own, other))
        .collect()
}

/// What most votes agree in: the fullest window of differences, if no other is nearly as
/// full.
pub(super) fn agreed(mut votes: Vec<Vote>) -> Option<Agreed> {
    votes.sort_by_key(|vote| (vote.lacks, vote.own, vote.other));
    let (first, second) = windows(&votes);
    let (from, to, scenes) = first?;
    let rival = second.map_or(0, |(.., scenes)| scenes);
    if scenes < FEWEST || 2 * rival >= scenes + usize::from(scenes > 2) {
        return None;
    }
    let inside = votes[from..to].to_vec();
    let mut lacks: Vec<i64> = inside.iter().map(|vote| vote.lacks).collect();
    let middle = median(&mut lacks)?;
    let drifting = drift(&votes, middle);
    let (offset, drift, start, votes) = match drifting {
        Some((offset, drift, start, votes)) => (offset, drift, start, votes),
        None => (rounded(middle), 0.0, 0, inside),
    };
    let scenes = scenes_of(&votes);
    Some(Agreed { offset, drift, from: start, scenes, votes })
}

type Window = Option<(usize, usize, usize)>;

/// The two fullest windows that share no vote: first and last place, and scenes. Of
/// equally full ones the one nearest to no offset.
fn windows(votes: &[Vote]) -> (Window, Window) {
    let fullest = |taken: Option<(usize, usize)>| -> Window {
        let (mut best, mut to): (Window, usize) = (None, 0);
        for from in 0..votes.len() {
            while to < votes.len() && votes[to].lacks - votes[from].lacks <= 2 * ONE_SCENE_S {
                to += 1;
            }
            let apart = |(first, last): (usize, usize)| to <= first || from >= last;
            // With fewer votes there are not more scenes.
            let least = best.map_or(0, |(.., scenes)| scenes);
            if to - from < least || !taken.is_none_or(apart) {
                continue;
            }
            let scenes = scenes_of(&votes[from..to]);
            let near = |at: usize| votes[at].lacks.abs();
            if best.is_none_or(|(at, _, most)| {
                scenes > most || scenes == most && near(from) < near(at)
            }) {
                best = Some((from, to, scenes));
            }
        }
        best
    };
    let first = fullest(None);
    let second = first.and_then(|(from, to, _)| fullest(Some((from, to))));
    (first, second)
}

/// In how many scenes votes agree: pictures of one camera within a minute are of one.
fn scenes_of(votes: &[Vote]) -> usize {
    let count = |walls: &mut Vec<i64>| {
        walls.sort_unstable();
        let mut last = None;
        walls.retain(|&wall| {
            let fresh = last.is_none_or(|last| wall - last >= NEXT_SCENE_S);
            if fresh {
                last = Some(wall);
            }
            fresh
        });
        walls.len()
    };
    let mut own: Vec<i64> = votes.iter().map(|vote| vote.wall).collect();
    let mut other: Vec<i64> = votes.iter().map(|vote| vote.wall + vote.lacks).collect();
    count(&mut own).min(count(&mut other))
}

/// Whole quarters of an hour where they are near; nothing where nothing is.
fn rounded(offset: i64) -> i64 {
    let quarter = (offset + QUARTER_S / 2).div_euclid(QUARTER_S) * QUARTER_S;
    if (offset - quarter).abs() <= NEAR_QUARTER_S { quarter } else { offset }
}

/// A line through the votes, by the median of the slopes (Theil and Sen), where they reach
/// far enough and the line leaves less than a constant does: offset, seconds a day, where
/// it begins, and the votes near it.
fn drift(votes: &[Vote], middle: i64) -> Option<(i64, f64, i64, Vec<Vote>)> {
    /// Most votes of which all pairs are looked at: 20,000 slopes.
    const MOST: usize = 200;
    let reach = |vote: &&Vote| (vote.lacks - middle).abs() <= 10 * ONE_SCENE_S;
    let near: Vec<Vote> = votes.iter().filter(reach).copied().collect();
    let step = near.len().div_ceil(MOST).max(1);
    let some: Vec<Vote> = near.iter().step_by(step).copied().collect();
    let start = some.iter().map(|vote| vote.wall).min()?;
    let days = |vote: &Vote| (vote.wall - start) as f64 / DAY_S as f64;
    let span = some.iter().map(days).fold(0.0, f64::max);
    if scenes_of(&some) < DRIFT_SCENES || span < DRIFT_DAYS {
        return None;
    }
    let mut slopes = Vec::new();
    for (at, a) in some.iter().enumerate() {
        for b in &some[at + 1..] {
            let apart = days(b) - days(a);
            if apart.abs() >= 0.5 {
                slopes.push((b.lacks - a.lacks) as f64 / apart);
            }
        }
    }
    slopes.sort_by(f64::total_cmp);
    let slope = *slopes.get(slopes.len() / 2)?;
    if !(LEAST_DRIFT..=MOST_DRIFT).contains(&slope.abs()) {
        return None;
    }
    let rest = |vote: &Vote| vote.lacks - libm::round(slope * days(vote)) as i64;
    let mut rests: Vec<i64> = some.iter().map(rest).collect();
    let offset = median(&mut rests)?;
    let on_line = |vote: &&Vote| (rest(vote) - offset).abs() <= ONE_SCENE_S;
    let on_line: Vec<Vote> = near.iter().filter(on_line).copied().collect();
    let flat: Vec<Vote> =
        near.iter().filter(|vote| (vote.lacks - middle).abs() <= ONE_SCENE_S).copied().collect();
    (scenes_of(&on_line) > scenes_of(&flat)).then_some((offset, slope, start, on_line))
}

/// The middle of numbers; of two the lower.
pub(super) fn median(numbers: &mut [i64]) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(lacks: i64, wall: i64) -> Vote {
        Vote { lacks, wall, own: wall as usize, other: (wall + 1) as usize }
    }

    fn offset(votes: Vec<Vote>) -> Option<(i64, usize)> {
        agreed(votes).map(|agreed| (agreed.offset, agreed.scenes))
    }

    #[test]
    fn the_offset_is_the_one_that_scenes_agree_in() {
        let scenes: Vec<Vote> = (0..5).map(|at| vote(3580 + at, at * 480)).collect();
        assert_eq!(offset(scenes.clone()), Some((3600, 5)));
        let strangers = (0..8).map(|at| vote(at * 7000 - 30_000, at * 100));
        let both = scenes.into_iter().chain(strangers).collect();
        assert_eq!(offset(both), Some((3600, 5)));
    }

    #[test]
    fn a_burst_is_one_scene_and_one_scene_is_no_clock() {
        let burst: Vec<Vote> = (0..20).map(|at| vote(5000 + at, at)).collect();
        assert_eq!(offset(burst), None);
        assert_eq!(offset(vec![vote(5000, 0), vote(5001, 600)]), Some((5000, 2)));
    }

    #[test]
    fn two_offsets_that_are_as_likely_are_none() {
        let two = |of: i64| (0..3).map(move |at| vote(of, of + at * 500));
        assert_eq!(offset(two(0).chain(two(90_000)).collect()), None);
    }

    #[test]
    fn a_clock_that_loses_time_has_a_drift() {
        let days = (0..12).map(|day| vote(7200 + day * 40, day * DAY_S)).collect();
        let found = agreed(days).unwrap();
        assert!((found.drift - 40.0).abs() < 0.5 && found.scenes == 12, "{found:?}");
        assert_eq!(found.offset, 7200);
    }
}
