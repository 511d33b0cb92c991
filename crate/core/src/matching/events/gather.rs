//! Files of one event: photos that follow each other within the limit of time and at
//! places within the limit of distance. One pass over the files by time.

use super::asked::Asked;
use super::facts::Facts;
use super::geo::metres;
use super::when::When;
use crate::matching::sets::Sets;
use crate::model::Place;

/// Most events that go on at once; the one that is silent longest ends first. Chosen, not
/// measured.
const MOST_ACTIVE: usize = 16;
/// Places of an event against which a new one is held, the last ones. Chosen, not measured.
const REMEMBERED: usize = 8;
/// Seconds within which two places are of one minute: however far apart, they are shown
/// together, for they contradict each other.
const MINUTE_S: i64 = 60;

/// An event that may go on.
struct Active {
    /// A file of it.
    file: usize,
    last: i64,
    places: Vec<(i64, Place)>,
    /// Whether files without a place came after the last one with one.
    waiting: bool,
}

/// Joins the files of each event; files whose time is unknown stay alone.
pub(super) fn gather(facts: &[Facts], times: &[Option<When>], asked: &Asked, sets: &mut Sets) {
    let mut order: Vec<(i64, u16, usize)> = times
        .iter()
        .enumerate()
        .filter(|(at, _)| !facts[*at].outside)
        .filter_map(|(at, when)| when.map(|when| (when.utc, when.millis, at)))
        .collect();
    order.sort_unstable();
    let window = asked.seconds();
    let mut active: Vec<Active> = Vec::new();
    for (utc, _, file) in order {
        active.retain(|event| utc - event.last <= window);
        let place = facts[file].known_place().map(|(place, _)| place);
        let found = match place {
            Some(place) => at_place(&active, utc, place, asked),
            None => latest(&active, |_| true),
        };
        let Some(at) = found else {
            if active.len() >= MOST_ACTIVE {
                active.sort_by_key(|event| event.last);
                active.remove(0);
            }
            let places = place.map(|place| (utc, place)).into_iter().collect();
            active.push(Active { file, last: utc, places, waiting: place.is_none() });
            continue;
        };
        let event = &mut active[at];
        sets.join(event.file, file);
        event.last = utc;
        event.waiting = place.is_none();
        if let Some(place) = place {
            if event.places.len() >= REMEMBERED {
                event.places.remove(0);
            }
            event.places.push((utc, place));
        }
    }
}

/// The event that a photo with a place belongs to: one at that place, one that has no place
/// yet, one that it contradicts, or one whose last photos lie between two places.
fn at_place(active: &[Active], utc: i64, place: Place, asked: &Asked) -> Option<usize> {
    let limit = f64::from(asked.metres);
    let near = |event: &Active| event.places.iter().any(|(_, at)| metres(*at, place) <= limit);
    let same_minute =
        |event: &Active| event.places.last().is_some_and(|(at, _)| utc - at <= MINUTE_S);
    let on_the_way = |event: &Active| {
        let since = event.places.last().is_some_and(|(at, _)| utc - at <= 2 * asked.seconds());
        event.waiting && since
    };
    latest(active, near)
        .or_else(|| latest(active, |event| event.places.is_empty()))
        .or_else(|| latest(active, same_minute))
        .or_else(|| latest(active, on_the_way))
}

/// Of the events that fit the one with the latest photo.
fn latest(active: &[Active], fits: impl Fn(&Active) -> bool) -> Option<usize> {
    let fitting = active.iter().enumerate().filter(|(_, event)| fits(event));
    fitting.max_by_key(|(at, event)| (event.last, std::cmp::Reverse(*at))).map(|(at, _)| at)
}
