//! Why a sidecar is not written.

use crate::model::Field;

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
