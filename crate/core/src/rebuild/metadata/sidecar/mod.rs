//! XMP beside a file: a new packet, or one that is there and completed as text. What
//! another program wrote is never serialised again.

mod extend;
mod packet;
mod refused;

pub use self::refused::Refused;
use super::fields::Fields;
use super::odd::Odd;
use super::verify::{Wrong, says};
use crate::examine::{Extract, examine};
use crate::settings::Limits;

/// The bytes of a sidecar that says these fields; `existing` is the one that is there. Of
/// the tags it has, none goes.
///
/// # Errors
/// [`Refused`]
pub fn sidecar(existing: Option<&[u8]>, fields: &Fields) -> Result<Vec<u8>, Refused> {
    fields.check().map_err(|odd| match odd {
        Odd::Value(field) => Refused::Value(field),
        _ => Refused::Form,
    })?;
    if fields.zone_minutes.is_some() && fields.taken.is_none() {
        return Err(Refused::NoDate);
    }
    let bytes = match existing {
        None => packet::packet(fields).into_bytes(),
        Some(old) => extend::extended(old, fields)?,
    };
    reads_back(&bytes, fields)?;
    Ok(bytes)
}

fn reads_back(bytes: &[u8], fields: &Fields) -> Result<(), Refused> {
    let extract = Extract { size: bytes.len() as u64, parts: vec![(0, bytes.to_vec())] };
    let found = examine("a.xmp", None, &extract, &Limits::default());
    says(&found.features, fields).map_err(|wrong| match wrong {
        Wrong::Value(field) => Refused::NotRead(field),
        _ => Refused::Entangled,
    })
}

#[cfg(test)]
#[path = "../sidecar_tests.rs"]
mod tests;
