//! A single output file that gets its name only when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use heirloom_core::io::Sink;

use super::staging::{PREFIX, Staging};

/// Its name inside the hidden folder: the real name may be no text.
const PART: &str = "part";

/// A file that grows in a hidden folder beside its place.
pub struct Whole {
    file: Option<BufWriter<File>>,
    staging: Staging,
    target: PathBuf,
}

impl Whole {
    /// Starts a file that will be called `target`.
    ///
    /// # Errors
    /// A sentence: the folder is not writable, or another run writes this file.
    pub fn new(target: &Path) -> Result<Self, String> {
        let mut name = std::ffi::OsString::from(format!("{PREFIX}-"));
        name.push(target.file_name().unwrap_or_default());
        let (staging, _) = Staging::begin(&target.with_file_name(name))?;
        let failed = |error: io::Error| format!("{} cannot be written: {error}", target.display());
        let file = staging.prepare(PART).and_then(File::create_new).map_err(failed)?;
        let file = Some(BufWriter::with_capacity(1 << 18, file));
        Ok(Self { file, staging, target: target.to_owned() })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// The last bytes do not fit, or the name cannot be given.
    pub fn publish(mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.flush()?;
            drop(file);
            fs::rename(self.staging.new_files().join(PART), &self.target)?;
        }
        self.staging.remove()
    }
}

impl Sink for &mut Whole {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => Err(io::Error::other("the file is already complete")),
        }
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // Bytes still waiting belong to a file that is given up.
            drop(file.into_parts());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_gets_its_name_at_the_end() {
        let temp = tempfile::tempdir().unwrap();
        let target = temp.path().join("chat.zip");
        let mut half = Whole::new(&target).unwrap();
        (&mut half).put(b"half").unwrap();
        assert!(Whole::new(&target).err().unwrap().contains("another run"));
        drop(half);
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
        let mut whole = Whole::new(&target).unwrap();
        (&mut whole).put(b"whole").unwrap();
        assert!(!target.exists());
        whole.publish().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
    }
}
