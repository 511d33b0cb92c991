//! Which of several shots of one picture is suggested to stay, and why: never for its
//! bytes alone.

use super::album::is_in_album;
use super::contents::{Contents, InChat, Shot};
use super::why::{Keep, Why};
use crate::collect::managed_by_other;
use crate::matching::clock;
use crate::matching::likeness::Origin;
use crate::model::{Features, ItemId, Kind, Size};

/// The suggestion: a place in the list, and why.
pub(super) struct Chosen {
    pub at: usize,
    pub why: Why,
}

/// Ranks in the order of their weight; less is better.
type Ranks = Vec<i64>;

/// The shot to keep. `None`: there is none.
pub(super) fn choose(contents: Contents<'_>, shots: &[&Shot], keep: &[Keep]) -> Option<Chosen> {
    let ranks: Vec<Ranks> = shots.iter().map(|shot| ranks(contents, shots, shot, keep)).collect();
    let path = |at: usize| {
        let path = &contents.known.item(shots[at].main()).path;
        (path.matches('/').count(), path.len(), path)
    };
    let mut order: Vec<usize> = (0..shots.len()).collect();
    order.sort_by(|&a, &b| ranks[a].cmp(&ranks[b]).then_with(|| path(a).cmp(&path(b))));
    let &at = order.first()?;
    let next = order.get(1).copied().unwrap_or(at);
    let decided = ranks[at].iter().zip(&ranks[next]).position(|(one, other)| one != other);
    let why = decided.map_or(Why::Name, |place| match keep.get(place) {
        Some(rule) => Why::Asked(rule.clone()),
        None => REASONS[place - keep.len()].clone(),
    });
    Some(Chosen { at, why })
}

/// What each rank behind the user's rules stands for.
const REASONS: [Why; 17] = [
    Why::Managed,
    Why::Chat,
    Why::Whole,
    Why::Parts,
    Why::Unchanged,
    Why::Source,
    Why::Detail,
    Why::Camera,
    Why::Original,
    Why::Pixels,
    Why::Noted,
    Why::Known,
    Why::Chat,
    Why::Album,
    Why::Original,
    Why::Names,
    Why::Oldest,
];

fn ranks(contents: Contents<'_>, shots: &[&Shot], shot: &Shot, keep: &[Keep]) -> Ranks {
    let id = shot.main();
    let features = contents.known.features(id);
    let own = keep.iter().map(|rule| asked(contents, shots, shot, rule));
    let missing = |has: bool| i64::from(!has);
    let metadata = features.and_then(|features| features.metadata.as_ref());
    let motion = metadata.is_some_and(|known| known.motion.is_some())
        || contents.digested(id).film.is_some();
    let known = [
        features.is_some_and(|features| features.place.is_some()),
        features.is_some_and(has_date),
        metadata.is_some_and(|known| known.rating.is_some() || !known.tags.is_empty()),
    ];
    // Whose format is the original one can be told of one camera's files alone.
    let cameras = shots.iter().filter_map(|shot| contents.known.features(shot.main()));
    let mut cameras = cameras.filter_map(|features| features.camera.as_ref());
    let first = cameras.next();
    let one_camera = cameras.all(|camera| Some(camera) == first);
    let all = [
        missing(is_managed(contents, shot)),
        missing((contents.in_chat)(id) == Some(InChat::Original)),
        missing((contents.whole)(id)),
        -(shot.media().len() as i64) - i64::from(motion),
        i64::from(is_changed(contents, shots, id)),
        i64::from(is_made(contents, shots, id)),
        -detail(contents, shots, id),
        missing(features.is_some_and(|features| features.camera.is_some())),
        original(features) * i64::from(one_camera),
        -pixels(features),
        // What stands in a sidecar alone goes with its file.
        -(shot.files.len() as i64 - shot.media().len() as i64),
        known.map(missing).iter().sum(),
        missing((contents.in_chat)(id).is_some()),
        missing(is_in_album(&contents.known.item(id).path)),
        original(features),
        -((contents.names)(id) as i64),
        age(contents, id),
    ];
    own.chain(all).collect()
}

fn asked(contents: Contents<'_>, shots: &[&Shot], shot: &Shot, rule: &Keep) -> i64 {
    let id = shot.main();
    let item = contents.known.item(id);
    let features = contents.known.features(id);
    match rule {
        Keep::Folder(folder) => {
            let rest = item.path.strip_prefix(folder.trim_end_matches('/'));
            i64::from(!(folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))))
        }
        Keep::Format => i64::from(format(features)),
        Keep::Detail => -detail(contents, shots, id),
        Keep::Place => i64::from(features.is_none_or(|features| features.place.is_none())),
        Keep::Date => i64::from(!features.is_some_and(has_date)),
        Keep::Oldest => age(contents, id),
        Keep::Newest => -item.modified.unwrap_or(i64::MIN + 1),
        Keep::Largest => i64::try_from(item.size).map_or(i64::MIN, |size| -size),
    }
}

/// Whether a camera wrote when it was taken.
fn has_date(features: &Features) -> bool {
    clock::moment(features).is_some_and(|moment| moment.by_camera)
}

/// Whether it was made of another one of these by cropping, a filter or a drawing.
fn is_changed(contents: Contents<'_>, shots: &[&Shot], id: ItemId) -> bool {
    let mut sources = contents.likenesses.of(id).filter(|like| !like.edits.is_empty());
    sources.any(|like| shots.iter().any(|shot| shot.files.contains(&like.first)))
}

/// Whether it was enlarged from another one of these, or that one was decoded and stored
/// again: then it shows nothing more.
fn is_made(contents: Contents<'_>, shots: &[&Shot], id: ItemId) -> bool {
    let mut sources = contents.likenesses.from(id).filter(|like| like.origin == Origin::Second);
    sources.any(|like| shots.iter().any(|shot| shot.files.contains(&like.second)))
}

fn pixels(features: Option<&Features>) -> i64 {
    let pixels = features.and_then(|features| features.size).map_or(0, Size::pixels);
    i64::try_from(pixels).unwrap_or(i64::MAX)
}

/// Pixels, of an enlarged copy those of what it was made of.
fn detail(contents: Contents<'_>, shots: &[&Shot], id: ItemId) -> i64 {
    let pixels = |id| pixels(contents.known.features(id));
    let here = |id: ItemId| shots.iter().any(|shot| shot.files.contains(&id));
    let small = contents
        .likenesses
        .from(id)
        .filter(|like| like.origin != Origin::First && here(like.second));
    small.map(|like| pixels(like.second)).fold(pixels(id), i64::min)
}

/// Rank of a format and an encoding, those most likely written first at 0.
fn original(features: Option<&Features>) -> i64 {
    // Steps of a quantisation table, a JPEG's alone: what was encoded again is coarser.
    let steps = features.and_then(|features| features.quantisation).unwrap_or(0.0);
    i64::from(format(features)) * STEPS + (steps * PARTS).clamp(0.0, STEPS as f32 - 1.0) as i64
}

/// More than the mean of a quantisation table can be (8 bits), in parts.
const STEPS: i64 = 4096;
/// Parts of a step that are told apart. Chosen, not measured.
const PARTS: f32 = 8.0;

fn format(features: Option<&Features>) -> u8 {
    let camera = features.is_some_and(|features| features.camera.is_some());
    match features.map_or(Kind::Unknown, |features| features.kind) {
        Kind::Raw => 0,
        Kind::Heic => 1,
        Kind::Png if !camera => 2,
        Kind::Jpeg => 3,
        Kind::Tiff | Kind::Png => 4,
        _ => 5,
    }
}

/// Files without a time come last.
fn age(contents: Contents<'_>, id: ItemId) -> i64 {
    contents.known.item(id).modified.unwrap_or(i64::MAX)
}

/// Whether another program manages the shot: it stays.
pub(super) fn is_managed(contents: Contents<'_>, shot: &Shot) -> bool {
    managed_by_other(&contents.known.item(shot.main()).path).is_some()
}
