//! What files say of themselves: EXIF, XMP and IPTC inside them, sidecars and Google's
//! notes beside them. Each place becomes a `Noted`; `noted.rs` says which is believed.
//!
//! For the jobs: [`owners`] says from the names of one folder to which file a sidecar
//! belongs, [`belongs`] decides between several by what it says, and [`overrule`] or
//! [`complete`] put what it says into the file's features. A sidecar is examined as any
//! file is: its features are what it says.

pub(super) mod apple;
pub(super) mod blocks;
pub(super) mod exif;
pub(super) mod iptc;
pub(super) mod motion;
mod names;
pub(super) mod noted;
pub(super) mod profile;
pub(super) mod quicktime;
pub(super) mod raw;
mod sidecar;
mod takeout;
pub(super) mod xmp;
mod xmp_tree;

pub use names::{Beside, Sidecar, owners, unedited_stem};
pub(super) use noted::{Noted, believed, settle};
pub use noted::{complete, overrule};
pub use sidecar::belongs;
pub(super) use sidecar::read as read_sidecar;
pub(crate) use xmp_tree::{parse as parse_xml, text as xml_text};
