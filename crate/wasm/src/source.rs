//! [`ReadAt`] over a `File`, read in slices. Lives in a worker: only there
//! does the browser read synchronously.

use std::cell::{Cell, RefCell};
use std::io;

use heirloom_core::io::{Files, ReadAt};
use heirloom_core::model::{Entry, FileId, Item, Packing, Source as Place};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, File, FileReaderSync};

/// Bytes read at once when a smaller read follows the one before: a call into the
/// browser costs about a millisecond, however little it reads (0.85 ms for 64 KB,
/// docs/architecture.md).
const READ_AHEAD: usize = 64 << 10;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
/** Is asked before a file is opened; a sentence keeps it closed and says why. */
export interface Watch {
    admit(side: "chat" | "originals", path: string): string | undefined;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The worker's note of the file in hand.
    #[wasm_bindgen(typescript_type = "Watch")]
    pub type Watch;

    #[wasm_bindgen(method, structural)]
    fn admit(this: &Watch, side: &str, path: &str) -> Option<String>;
}

/// Every input file, in the order of the job's entries.
pub(crate) struct BrowserFiles {
    files: Vec<File>,
    /// How many of them, counted from the first, are the chat's.
    of_chat: usize,
    reader: FileReaderSync,
    watch: Watch,
}

impl BrowserFiles {
    /// The page's files, numbered as they come, the chat's first. Fails outside a
    /// worker.
    pub(crate) fn new(
        chat: Vec<File>,
        originals: Vec<File>,
        watch: Watch,
    ) -> Result<Self, JsValue> {
        let of_chat = chat.len();
        let files = [chat, originals].concat();
        Ok(Self { files, of_chat, reader: FileReaderSync::new()?, watch })
    }

    /// The browser's own handle on a file.
    pub(crate) fn file(&self, file: FileId) -> Option<&File> {
        self.files.get(file.0 as usize)
    }

    /// A file itself, or its slice of the zip, which may be deflated; `None`: it was not
    /// given.
    pub(crate) fn blob(&self, item: &Item) -> Option<Blob> {
        match item.source {
            Place::File(file) => Some(Blob::clone(self.file(file)?)),
            #[allow(clippy::cast_precision_loss)] // A file's length is below 2^53.
            Place::Zipped { file, start, packed, .. } => {
                let zip = self.file(file)?;
                let end = start.saturating_add(packed).min(length(zip));
                zip.slice_with_f64_and_f64(start as f64, end as f64).ok()
            }
        }
    }
}

/// Whether what [`BrowserFiles::blob`] gives of it must still be inflated.
pub(crate) fn is_deflated(item: &Item) -> bool {
    matches!(item.source, Place::Zipped { packing: Packing::Deflated, .. })
}

impl Files for BrowserFiles {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let blob: &Blob = self.file(file).ok_or(io::ErrorKind::NotFound)?;
        let size = length(blob);
        let ahead = RefCell::new(Ahead { pos: 0, bytes: Vec::new() });
        Ok(Box::new(Source { blob, size, reader: &self.reader, ahead, last_end: Cell::new(0) }))
    }

    fn admit(&self, item: &Item) -> io::Result<()> {
        let (Place::File(file) | Place::Zipped { file, .. }) = item.source;
        let side = if (file.0 as usize) < self.of_chat { "chat" } else { "originals" };
        self.watch.admit(side, &item.path).map_or(Ok(()), |why| Err(io::Error::other(why)))
    }
}

/// Bytes in a blob: JavaScript's number, which is whole and below 2^53.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn length(blob: &Blob) -> u64 {
    blob.size() as u64
}

/// The page's files of one input as the core's entries, numbered from `first`.
pub(crate) fn entries(first: usize, paths: Vec<String>, files: &[File]) -> Vec<Entry> {
    let numbered = (0..).skip(first).map(FileId).zip(paths.into_iter().zip(files));
    numbered.map(|(id, (path, file))| entry(id, path, file)).collect()
}

fn entry(file: FileId, path: String, handle: &File) -> Entry {
    // Milliseconds since 1970, whole and far below 2^53.
    #[allow(clippy::cast_possible_truncation)]
    let modified = (handle.last_modified() / 1000.0).floor() as i64;
    Entry { file, path, size: length(handle), modified: Some(modified) }
}

/// The page's paths begin with the name of the chosen folder; the core's are
/// below it. Files of several folders keep their folder's name.
pub(crate) fn below_one_folder(paths: Vec<String>) -> (String, Vec<String>) {
    let Some((name, _)) = paths.first().and_then(|path| path.split_once('/')) else {
        return (String::new(), paths);
    };
    let (name, start) = (name.to_owned(), format!("{name}/"));
    if !paths.iter().all(|path| path.starts_with(&start)) {
        return (String::new(), paths);
    }
    (name, paths.iter().map(|path| path[start.len()..].to_owned()).collect())
}

struct Source<'a> {
    blob: &'a Blob,
    size: u64,
    reader: &'a FileReaderSync,
    ahead: RefCell<Ahead>,
    /// Where the last read from the browser ended.
    last_end: Cell<u64>,
}

/// The bytes last read from the browser for a small request.
struct Ahead {
    pos: u64,
    bytes: Vec<u8>,
}

impl Ahead {
    /// What is here of the bytes from `pos` on.
    fn from(&self, pos: u64) -> &[u8] {
        let skip = pos.checked_sub(self.pos).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.bytes.get(skip..)).unwrap_or(&[])
    }
}

impl ReadAt for Source<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        if buf.len() >= READ_AHEAD {
            return self.fetch_into(pos, buf);
        }
        let mut ahead = self.ahead.borrow_mut();
        if ahead.from(pos).is_empty() {
            ahead.bytes = self.fetch(pos, self.ahead_len(pos, buf.len()))?.to_vec();
            ahead.pos = pos;
        }
        let here = ahead.from(pos);
        let count = here.len().min(buf.len());
        buf[..count].copy_from_slice(&here[..count]);
        Ok(count)
    }
}

impl Source<'_> {
    /// Bytes to read at once: much when reading on; little after a jump, which may
    /// be one of many from box to box.
    fn ahead_len(&self, pos: u64, want: usize) -> usize {
        if pos == self.last_end.get() { READ_AHEAD } else { want.max(READ_AHEAD / 16) }
    }

    fn fetch_into(&self, pos: u64, buf: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fetch(pos, buf.len())?;
        let count = bytes.length() as usize;
        bytes.copy_to(&mut buf[..count]);
        Ok(count)
    }

    fn fetch(&self, pos: u64, len: usize) -> io::Result<Uint8Array> {
        let start = pos.min(self.size);
        let end = start.saturating_add(len as u64).min(self.size);
        self.last_end.set(end);
        #[allow(clippy::cast_precision_loss)] // A file's length is below 2^53.
        let slice = self.blob.slice_with_f64_and_f64(start as f64, end as f64);
        let read = slice.and_then(|slice| self.reader.read_as_array_buffer(&slice));
        read.map(|buffer| Uint8Array::new(&buffer)).map_err(|error| refused(&error))
    }
}

/// What the browser threw, as an I/O error that says it.
pub(crate) fn refused(error: &JsValue) -> io::Error {
    let text = |key: &str| {
        js_sys::Reflect::get(error, &key.into()).ok().and_then(|value| value.as_string())
    };
    let kind = match text("name").as_deref() {
        Some("NotFoundError") => io::ErrorKind::NotFound,
        Some("NotReadableError" | "NotAllowedError" | "SecurityError") => {
            io::ErrorKind::PermissionDenied
        }
        Some("QuotaExceededError") => io::ErrorKind::StorageFull,
        _ => io::ErrorKind::Other,
    };
    let told = text("message").or_else(|| error.as_string());
    io::Error::new(kind, told.unwrap_or_else(|| "the browser refused".into()))
}
