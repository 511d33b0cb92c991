//! The bundle as a zip, for a sink that cannot seek.
//!
//! - The local header of an entry is written before its checksum is known. So
//!   checksum and sizes follow the data in a data descriptor (APPNOTE 4.3.9), as in
//!   the zips of large file services.
//! - Media are compressed already and are stored: deflating them again, even at the
//!   library's lowest level, would make the bundle wait for the processor instead
//!   of the disk. Pages and scripts are deflated.
//! - Desktop unpackers go by the directory at the end and open both. A reader that
//!   works on the stream alone (Java's `ZipInputStream`) refuses stored entries
//!   with a data descriptor.
//! - An entry of 4 GiB or more gets its ZIP64 field only if its size was told at
//!   [`Bundle::begin`].
//! - Times are fixed, so the same input gives the same bytes.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use crate::io::{Bundle, Sink};

/// Size in bytes from which an entry is written as ZIP64: 4 GiB (APPNOTE 4.3.9.2),
/// less 4 MB that deflating may add.
const LARGE: u64 = (4 << 30) - (4 << 20);

/// A [`Bundle`] that leaves as one zip through a [`Sink`].
pub struct ZipStream<S: Sink> {
    /// `None` after an error or [`Bundle::finish`].
    zip: Option<ZipWriter<StreamWriter<SinkWriter<S>>>>,
    /// The entry that was begun last.
    open: Option<String>,
    /// Set when the stream is dropped before its end.
    cancelled: Arc<AtomicBool>,
}

impl<S: Sink> ZipStream<S> {
    /// An empty zip; nothing is written yet.
    pub fn new(sink: S) -> Self {
        let cancelled = Arc::new(AtomicBool::new(false));
        let writer = SinkWriter { sink, cancelled: Arc::clone(&cancelled) };
        Self { zip: Some(ZipWriter::new_stream(writer)), open: None, cancelled }
    }

    fn zip(&mut self) -> io::Result<&mut ZipWriter<StreamWriter<SinkWriter<S>>>> {
        self.zip.as_mut().ok_or_else(|| io::Error::other("the zip is closed already"))
    }
}

impl<S: Sink> Bundle for ZipStream<S> {
    fn begin(&mut self, path: &str, size: Option<u64>) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(packing(path))
            .last_modified_time(DateTime::default())
            .large_file(size.is_some_and(|size| size >= LARGE))
            .system(System::Unix)
            .unix_permissions(0o644);
        self.zip()?.start_file(path, options)?;
        self.open = Some(path.to_owned());
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip()?.write_all(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        self.open = None;
        Ok(())
    }

    /// The bytes stay in the stream, but the directory of the zip, by which
    /// unpackers go, does not list them.
    fn abandon(&mut self) -> io::Result<()> {
        if let Some(path) = self.open.take() {
            self.zip()?.hide_file(&path)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let zip = self.zip.take().ok_or_else(|| io::Error::other("the zip is closed already"))?;
        zip.finish()?;
        Ok(())
    }
}

/// The library completes a zip when it is dropped; a bundle that was not
/// finished must not look whole.
impl<S: Sink> Drop for ZipStream<S> {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// How an entry is packed. Texts shrink to about a fifth; deflating media would
/// only cost time.
fn packing(path: &str) -> CompressionMethod {
    const TEXTS: [&str; 8] = [".html", ".htm", ".css", ".js", ".json", ".txt", ".svg", ".vcf"];
    let lower = path.to_ascii_lowercase();
    match TEXTS.iter().any(|ending| lower.ends_with(ending)) {
        true => CompressionMethod::Deflated,
        false => CompressionMethod::Stored,
    }
}

/// [`Sink`] as [`Write`], for the library.
struct SinkWriter<S: Sink> {
    sink: S,
    cancelled: Arc<AtomicBool>,
}

impl<S: Sink> Write for SinkWriter<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.cancelled.load(Ordering::Relaxed) {
            self.sink.put(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::{Arc, Mutex};

    use zip::ZipArchive;

    use super::*;

    #[derive(Clone, Default)]
    struct InMemory(Arc<Mutex<Vec<u8>>>);

    impl Sink for InMemory {
        fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(())
        }
    }

    fn put(zip: &mut impl Bundle, path: &str, parts: &[&[u8]]) {
        zip.begin(path, None).unwrap();
        for part in parts {
            zip.write(part).unwrap();
        }
        zip.end().unwrap();
    }

    fn noise(len: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..len).map(next).collect()
    }

    fn sample() -> Vec<u8> {
        let sink = InMemory::default();
        let mut zip = ZipStream::new(sink.clone());
        let photo = noise(1_000_000);
        put(&mut zip, "index.html", &[b"<p>", &b"hello ".repeat(1000)]);
        put(&mut zip, "media/Grüße 家族 👪.jpg", &[&photo[..10], &photo[10..]]);
        zip.begin("media/half.jpg", Some(5000)).unwrap();
        zip.write(&noise(4000)).unwrap();
        zip.abandon().unwrap();
        put(&mut zip, "media/empty", &[]);
        put(&mut zip, "media/half.jpg", &[b"whole now"]);
        zip.finish().unwrap();
        drop(zip);
        Arc::into_inner(sink.0).unwrap().into_inner().unwrap()
    }

    #[test]
    fn holds_what_was_written_and_not_what_was_abandoned() {
        let mut zip = ZipArchive::new(io::Cursor::new(sample())).unwrap();
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(
            names,
            ["index.html", "media/Grüße 家族 👪.jpg", "media/empty", "media/half.jpg"]
        );
        let mut photo = Vec::new();
        zip.by_name("media/Grüße 家族 👪.jpg").unwrap().read_to_end(&mut photo).unwrap();
        assert_eq!(photo, noise(1_000_000));
        let mut half = String::new();
        zip.by_name("media/half.jpg").unwrap().read_to_string(&mut half).unwrap();
        assert_eq!(half, "whole now");
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        assert_eq!(sample(), sample());
    }

    #[test]
    fn media_do_not_grow_and_pages_shrink() {
        let mut zip = ZipArchive::new(io::Cursor::new(sample())).unwrap();
        assert!(zip.by_name("media/Grüße 家族 👪.jpg").unwrap().compressed_size() == 1_000_000);
        assert!(zip.by_name("index.html").unwrap().compressed_size() < 200);
    }

    #[test]
    fn a_cancelled_zip_gets_no_directory() {
        let sink = InMemory::default();
        let mut zip = ZipStream::new(sink.clone());
        put(&mut zip, "a.txt", &[b"hello"]);
        drop(zip);
        assert!(ZipArchive::new(io::Cursor::new(sink.0.lock().unwrap().clone())).is_err());
    }

    struct Full(usize);

    impl Sink for Full {
        fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
            match self.0.checked_sub(bytes.len()) {
                Some(left) => self.0 = left,
                None => return Err(io::ErrorKind::StorageFull.into()),
            }
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_an_error_not_a_shorter_zip() {
        let mut zip = ZipStream::new(Full(50_000));
        zip.begin("a.bin", None).unwrap();
        let written =
            zip.write(&noise(200_000)).and_then(|()| zip.end()).and_then(|()| zip.finish());
        assert!(written.is_err());
    }
}
