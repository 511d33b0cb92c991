//! XMP beside a file: a new packet, or one that is there and completed as text. What
//! another program wrote is never serialised again.

mod extend;
mod packet;

use super::fields::{Field, Fields};
use super::verify::{Wrong, says};
use crate::examine::{Extract, examine};
use crate::settings::Limits;

/// Why a sidecar is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// This value cannot be written.
    #[error("a value cannot be written: {0:?}")]
    Value(Field),
    /// A zone alone is given, and XMP writes one only behind a date.
    #[error("a zone is written behind a date only")]
    NoDate,
    /// The sidecar that is there is no XML, has entities of its own, or is too large.
    #[error("the sidecar that is there cannot be parsed")]
    NotXml,
    /// It is in another encoding than UTF-8.
    #[error("the sidecar that is there is not in UTF-8")]
    Encoding,
    /// It has no RDF, several, or speaks of several files.
    #[error("the sidecar that is there has another form than XMP")]
    Form,
    /// What was made of it does not read back.
    #[error("what was written into the sidecar does not read back: {0:?}")]
    NotRead(Field),
    /// Something else in it would change.
    #[error("something else in the sidecar would change")]
    Entangled,
}

/// The bytes of a sidecar that says these fields; `existing` is the one that is there. Of
/// the tags it has, none goes.
///
/// # Errors
/// [`Refused`]
pub fn sidecar(existing: Option<&[u8]>, fields: &Fields) -> Result<Vec<u8>, Refused> {
    fields.check().map_err(|odd| match odd {
        super::Odd::Value(field) => Refused::Value(field),
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
