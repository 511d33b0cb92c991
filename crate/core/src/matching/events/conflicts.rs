//! Fixes that cannot all be of the people who took the photos of one event: far apart at
//! the same minute, or further than anybody travels between them.

use std::collections::BTreeMap;

use super::bodies::BodyId;
use super::fixes::{Fix, Fixes, Who};
use super::geo::metres;

/// Seconds that are the same minute.
const MINUTE_S: i64 = 60;
/// Metres a second that nobody is expected to travel: 250 km/h.
pub(super) const DOUBTED_MPS: f64 = 250.0 / 3.6;
/// Most sources whose last fix is held against each new one; the oldest are forgotten.
/// Chosen, not measured.
const MOST_ACTIVE: usize = 32;

/// Two fixes that contradict each other, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clash {
    /// Their places among the fixes.
    pub pair: (usize, usize),
    pub metres: f64,
    /// When: seconds in UTC of both.
    pub from: i64,
    pub to: i64,
}

/// Who carries a fix: a camera, a track, or a file that no camera names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carrier {
    Body(BodyId),
    Track(usize),
    Nobody,
}

/// Who carries this fix.
pub(super) fn carrier(fix: &Fix) -> Carrier {
    match (fix.body, fix.who) {
        (Some(body), _) => Carrier::Body(body),
        (None, Who::Track(track)) => Carrier::Track(track),
        (None, Who::File(_)) => Carrier::Nobody,
    }
}

/// All contradictions of fixes at most `window` seconds apart, by time. Each fix is held
/// against the last one of every other source.
pub(super) fn clashes(fixes: &Fixes, window: i64, limit_m: f64) -> Vec<Clash> {
    let mut last = BTreeMap::<Carrier, usize>::new();
    let mut found = Vec::new();
    for (at, fix) in fixes.all.iter().enumerate() {
        last.retain(|_, &mut before| fix.utc - fixes.all[before].utc <= window);
        for (who, &before) in &last {
            let earlier = &fixes.all[before];
            if let Some(metres) = clash(earlier, fix, *who == carrier(fix), limit_m) {
                let (from, to) = (earlier.utc, fix.utc);
                found.push(Clash { pair: (before, at), metres, from, to });
            }
        }
        if last.len() >= MOST_ACTIVE
            && let Some((&oldest, _)) = last.iter().min_by_key(|(_, at)| **at)
        {
            last.remove(&oldest);
        }
        last.insert(carrier(fix), at);
    }
    found
}

/// How many metres two fixes are apart, if that contradicts. One camera may be driven.
fn clash(a: &Fix, b: &Fix, one_carrier: bool, limit_m: f64) -> Option<f64> {
    let (apart, seconds) = (metres(a.place, b.place), b.utc - a.utc);
    let reach = limit_m + DOUBTED_MPS * seconds as f64;
    let same_minute = seconds <= MINUTE_S && !one_carrier;
    let limit = if same_minute { limit_m } else { reach };
    // Between two fixes of one camera a fast journey is doubted, not contradicted.
    let told = !one_carrier || seconds <= MINUTE_S;
    (apart > limit && told).then_some(apart)
}

/// The contradictions of which both fixes lie in this time.
pub(super) fn during(clashes: &[Clash], from: i64, to: i64) -> impl Iterator<Item = &Clash> {
    // Sorted by the later fix.
    let first = clashes.partition_point(|clash| clash.to < from);
    clashes[first..].iter().take_while(move |clash| clash.to <= to).filter(move |c| c.from >= from)
}
