//! Decodes pictures of two videos, a few in each call, and compares them.

use super::frames::{self, Context, Seen, VideoPair};
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

/// Two videos whose pictures are being decoded.
pub(crate) struct Watching {
    sent: (ItemId, Player),
    original: (ItemId, Player),
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
        let seconds = pair.seconds.map(|second| original.near_key(second, length_s));
        let sent = (pair.exported, Player::new(sent, &seconds, AROUND)?);
        let original = (pair.original, Player::new(original, &seconds, 0)?);
        Some(Self { sent, original })
    }

    /// Decodes some more.
    pub(crate) fn step(&mut self, context: Context<'_>, ledger: &mut Ledger) -> Watched {
        for (id, player) in [&mut self.original, &mut self.sent] {
            if player.is_done() {
                continue;
            }
            let stepped = open(*id, context)
                .and_then(|source| guarded(|| Ok(player.step(&*source, BATCH_MS))));
            let Ok(Ok(read)) = stepped else { return Watched::Foreign };
            ledger.bytes_read += read;
            return Watched::More;
        }
        let seen: Seen = std::array::from_fn(|moment| {
            let (sent, original) = (&self.sent.1.shown, &self.original.1.shown);
            frames::compared(sent.get(moment)?, original.get(moment)?)
        });
        if seen.iter().all(Option::is_some) {
            Watched::Seen(Box::new(seen))
        } else {
            Watched::Foreign
        }
    }
}

fn open<'a>(id: ItemId, context: Context<'a>) -> Result<Box<dyn ReadAt + 'a>, Problem> {
    let item = context.known().item(id);
    collect::open(item, context.files).map_err(|error| Problem::reading(&error))
}
