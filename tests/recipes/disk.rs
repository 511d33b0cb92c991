//! Folders of made files: in memory, on disk, in a zip.

use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::{Outcome, saying};

/// One made file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Below its input, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Last change, seconds since 1970 in UTC.
    pub modified: i64,
}

/// Writes files below a folder, with their times.
///
/// # Errors
/// The disk refuses.
pub fn write(folder: &Path, files: &[Made]) -> Outcome {
    saying("making a folder", std::fs::create_dir_all(folder))?;
    for made in files {
        let path = folder.join(&made.path);
        if let Some(parent) = path.parent() {
            saying("making a folder", std::fs::create_dir_all(parent))?;
        }
        saying(&format!("writing {}", path.display()), put(&path, made))?;
    }
    Ok(())
}

fn put(path: &Path, made: &Made) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(&made.bytes)?;
    let since = Duration::from_secs(u64::try_from(made.modified).unwrap_or(0));
    file.set_modified(UNIX_EPOCH + since)
}

/// Packs files as WhatsApp does: text deflated, media too unless `store` says
/// that they are already dense.
///
/// # Errors
/// A name that a zip cannot hold.
pub fn zip(files: &[Made]) -> Outcome<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for made in files {
        let method = if made.path.ends_with(".txt") {
            CompressionMethod::Deflated
        } else {
            CompressionMethod::Stored
        };
        let options = SimpleFileOptions::default().compression_method(method);
        saying(&made.path, writer.start_file(made.path.as_str(), options))?;
        saying(&made.path, writer.write_all(&made.bytes))?;
    }
    Ok(saying("the zip", writer.finish())?.into_inner())
}
