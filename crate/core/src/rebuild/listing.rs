//! The list of a bundle's files: path, size and hash of each, taken while it is
//! written. A later run knows by it which files it may remove.

use std::io;

use crate::io::{Bundle, Link};
use crate::model::FileId;

/// Length in bytes and BLAKE3 of bytes that are given in parts.
#[derive(Debug, Clone, Default)]
pub struct Sum(blake3::Hasher);

impl Sum {
    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// How many bytes there were, and their hash.
    #[must_use]
    pub fn done(&self) -> (u64, [u8; 32]) {
        (self.0.count(), *self.0.finalize().as_bytes())
    }
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Below the bundle, with `/`.
    pub path: String,
    /// In bytes.
    pub size: u64,
    /// BLAKE3 of its bytes.
    pub hash: [u8; 32],
    /// Whether it is a pointer to an input file; size and hash are then those
    /// of what it points to.
    pub symbolic: bool,
}

/// The files of a bundle so far, in the order in which they were written; about 200
/// bytes for each (estimated).
#[derive(Debug, Default)]
pub struct Listing {
    files: Vec<Listed>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    path: String,
    sum: Sum,
    link: Option<Link>,
}

impl Listing {
    /// The files that are whole.
    #[must_use]
    pub fn files(&self) -> &[Listed] {
        &self.files
    }
}

/// A [`Bundle`] that lists what passes through it. The bytes of a link are hashed
/// and go no further.
pub(crate) struct Watched<'a> {
    bundle: &'a mut dyn Bundle,
    listing: &'a mut Listing,
}

impl<'a> Watched<'a> {
    /// `listing` goes on with what was written to `bundle` before.
    pub(crate) fn new(bundle: &'a mut dyn Bundle, listing: &'a mut Listing) -> Self {
        Self { bundle, listing }
    }
}

impl Bundle for Watched<'_> {
    fn begin(&mut self, path: &str, size: Option<u64>) -> io::Result<()> {
        self.bundle.begin(path, size)?;
        self.listing.open = Some(Open { path: path.to_owned(), sum: Sum::default(), link: None });
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let open = self.listing.open.as_mut();
        let open = open.ok_or_else(|| io::Error::other("no file was begun"))?;
        open.sum.take(bytes);
        if open.link.is_some() { Ok(()) } else { self.bundle.write(bytes) }
    }

    fn end(&mut self) -> io::Result<()> {
        self.bundle.end()?;
        if let Some(Open { path, sum, link }) = self.listing.open.take() {
            let (size, hash) = sum.done();
            let symbolic = link == Some(Link::Symbolic);
            self.listing.files.push(Listed { path, size, hash, symbolic });
        }
        Ok(())
    }

    fn abandon(&mut self) -> io::Result<()> {
        self.listing.open = None;
        self.bundle.abandon()
    }

    fn link(&mut self, path: &str, file: FileId) -> io::Result<Option<Link>> {
        let link = self.bundle.link(path, file)?;
        if link.is_some() {
            self.listing.open = Some(Open { path: path.to_owned(), sum: Sum::default(), link });
        }
        Ok(link)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.bundle.finish()
    }
}
