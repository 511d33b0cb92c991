//! Writes what is known of a picture into its file, or into a sidecar beside it.
//!
//! Nothing here changes a file: [`write()`] gives a list of places and new bytes, and why a
//! file is [`Odd`] and stays as it is. A host writes a new file of it ([`Spliced`]), or
//! changes the old one through `rewrite/` ([`Edits::patches`]). Then [`verify()`] reads the
//! new file again: the values must be there, the picture's bytes and every other tag as
//! they were. [`sidecar()`] makes or completes an XMP file for what the file cannot hold.
//!
//! | kind | where | how |
//! |---|---|---|
//! | JPEG | APP1 | the segment is written anew; a new one stands behind JFIF's |
//! | HEIC | EXIF item | in place, or behind the end with one entry of `iloc` turned |
//! | PNG | `eXIf` | where it was, else before the picture |
//! | WebP | `EXIF` | where it was, else at the end, with the flag of `VP8X` |
//! | MP4, MOV | headers | dates alone, in place and in UTC |
//! | all else | | a sidecar |

mod exif;
mod fields;
mod heic;
mod iso;
mod jpeg;
mod jpeg_behind;
mod jpeg_segments;
mod left;
mod odd;
mod png;
mod sidecar;
mod splice;
mod verify;
mod video;
mod webp;
mod written;

pub use fields::Fields;
pub use left::Left;
pub use odd::{Fault, Odd};
pub use sidecar::{Refused, sidecar};
pub use splice::{Edits, Splice, Spliced};
pub use verify::{Payload, Unverified, Wrong, payload, verify};

use crate::collect::kind::{HEAD, kind};
use crate::io::{ReadAt, read_range};
use crate::model::Kind;
use crate::settings::Limits;

/// How fields are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The change of the file; empty if it says all that already.
    pub edits: Edits,
    /// What the file says afterwards: to be given to [`verify()`].
    pub inside: Fields,
    /// What goes into a sidecar.
    pub beside: Fields,
}

/// Says how a file is to be changed so that it says these fields.
///
/// # Errors
/// [`Left::Odd`]: the file stays as it is, and all goes into a sidecar;
/// [`Left::Unreadable`].
pub fn write(source: &dyn ReadAt, fields: &Fields, limits: &Limits) -> Result<Written, Left> {
    fields.check()?;
    let (mut inside, mut beside) = fields.parted();
    let nothing = Edits::new(source.size(), Vec::new())?;
    if inside.is_empty() {
        return Ok(Written { edits: nothing, inside, beside });
    }
    let edits = match kind(&read_range(source, 0, HEAD)?) {
        Kind::Jpeg => jpeg::write(source, &inside)?,
        Kind::Heic => heic::write(source, &inside)?,
        Kind::Png => png::write(source, &inside)?,
        Kind::Webp => webp::write(source, &inside)?,
        Kind::Video => {
            // Headers know UTC alone: the clock and its zone are said beside it, too.
            beside = fields.clone();
            let (taken, zone_minutes) = (inside.taken, inside.zone_minutes);
            inside = Fields { taken, zone_minutes, ..Fields::default() };
            if taken.is_none() {
                inside.zone_minutes = None;
            }
            video::write(source, &inside, limits)?
        }
        kind => return Err(Odd::Kind(kind).into()),
    };
    Ok(Written { edits, inside, beside })
}
