//! Decodes pictures of two videos, a few in each call, and compares them.

use super::frames::{Context, MOMENTS, VideoPair};
use super::glimpse::{self, Seen};
use crate::collect;
use crate::error::Problem;
use crate::examine::film::{Film, Player};
use crate::examine::guarded;
use crate::io::ReadAt;
use crate::ledger::Ledger;
use crate::model::ItemId;

/// Milliseconds of decoding in one call, as estimated.
const BATCH_MS: u64 = 80;

/// Pictures of the exported video to either side of a moment that are compared, too:
/// a chat may leave out every other one.
const AROUND: usize = 2;

/// Two videos whose pictures are being decoded, moment by moment.
pub(crate) struct Watching {
    sent: (ItemId, Player),
    original: (ItemId, Player),
    /// Whether sound has proved the pair: then one moment that shows the same is enough.
    by_sound: bool,
}

/// What one call came to.
pub(crate) enum Watched {
    /// There is more to decode.
    More,
    /// One of the two cannot be decoded here.
    Foreign,
    /// What was seen at each moment.
    Seen(Box<Seen>),
}

impl Watching {
    /// Reads the index of both. `None`: one of the two cannot be decoded here, or it
    /// would take too long.
    pub(crate) fn begin(pair: &VideoPair, context: Context<'_>) -> Option<Self> {
        let film = |id: ItemId| {
            let source = open(id, context).ok()?;
            guarded(|| Ok(Film::of(&*source, &context.settings.limits))).ok()?
        };
        let (sent, original) = (film(pair.exported)?, film(pair.original)?);
        let length = |id| context.known().features(id)?.video?.duration_ms;
        let length_s = length(pair.exported)? as f64 / 1000.0;
        let at = pair.seconds.map(|second| original.near_key(second + pair.start_s, length_s));
        let sent = Player::new(sent, &at.map(|second| second - pair.start_s), AROUND)?;
        let original = Player::new(original, &at, 0)?;
        Some(Self {
            sent: (pair.exported, sent),
            original: (pair.original, original),
            by_sound: pair.by_sound,
        })
    }

    /// Decodes some more.
    pub(crate) fn step(&mut self, context: Context<'_>, ledger: &mut Ledger) -> Watched {
        let left = |of: &(ItemId, Player)| of.1.left();
        let (first, second) = (left(&self.original), left(&self.sent));
        if first == second && (first == 0 || self.by_sound) {
            let seen = self.seen(first);
            if first == 0 && seen.iter().any(Option::is_none) {
                return Watched::Foreign;
            }
            if first == 0 || glimpse::shows_the_same(&seen) {
                return Watched::Seen(Box::new(seen));
            }
        }
        let (id, player) = if first >= second { &mut self.original } else { &mut self.sent };
        let stepped =
            open(*id, context).and_then(|source| guarded(|| Ok(player.step(&*source, BATCH_MS))));
        let Ok(Ok(read)) = stepped else { return Watched::Foreign };
        ledger.bytes_read += read;
        Watched::More
    }

    /// What the moments show of which both were decoded; so many are left.
    fn seen(&self, left: usize) -> Seen {
        let (sent, original) = (&self.sent.1.shown, &self.original.1.shown);
        std::array::from_fn(|moment| {
            let decoded = moment + left < MOMENTS.len();
            glimpse::compared(
                sent.get(moment).filter(|_| decoded)?,
                original.get(moment).filter(|_| decoded)?,
            )
        })
    }
}

fn open<'a>(id: ItemId, context: Context<'a>) -> Result<Box<dyn ReadAt + 'a>, Problem> {
    let item = context.known().item(id);
    collect::open(item, context.files).map_err(|error| Problem::reading(&error))
}
