//! The catalogue over two files of the browser's own storage. The worker opens
//! them and lends their handles; everything here is a call on a handle.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};

use heirloom_catalog::{Part, Refused, StorageBackend};
use heirloom_core::examine::FILES;
use heirloom_core::job::{ANSWERS, SHELVES};
use js_sys::Uint8Array;
use tsify::Ts;
use wasm_bindgen::prelude::*;
use web_sys::{FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

use crate::crossing;
use crate::dto::{Failure, FailureCode, Remembered};
use crate::error::Thrown;
use crate::sink::{ByteSink, ToBytes};
use crate::source::refused;

/// Bytes that cross at once, each time through a buffer of their own: browsers
/// refuse a view on memory that threads share.
const PIECE: usize = 1 << 20;

/// The largest whole number up to which JavaScript tells all whole numbers apart
/// (`Number.MAX_SAFE_INTEGER`).
const MOST: u64 = (1 << 53) - 1;

/// One of the catalogue's two files, open. It is lent to a [`Catalogue`].
#[wasm_bindgen]
pub struct Volume {
    core: AssertUnwindSafe<heirloom_catalog::Volume>,
    number: u32,
}

#[wasm_bindgen]
impl Volume {
    /// Opens the file of what may be forgotten, or begins one if it is empty.
    /// The handle stays the worker's to close, after this object, the catalogue
    /// and every job that was lent it are gone.
    ///
    /// # Errors
    /// `unusable`: another may take its place. `full`, `storage`: the browser
    /// refused.
    pub fn cache(handle: FileSystemSyncAccessHandle) -> Result<Self, JsValue> {
        Self::opened(Part::Cache, handle)
    }

    /// As `cache`, for the file of what is kept until the user deletes it.
    ///
    /// # Errors
    /// As `cache`; `newer`: a newer page wrote it, and it is left alone.
    pub fn forever(handle: FileSystemSyncAccessHandle) -> Result<Self, JsValue> {
        Self::opened(Part::Forever, handle)
    }

    fn opened(part: Part, handle: FileSystemSyncAccessHandle) -> Result<Self, JsValue> {
        let number = NEWEST.fetch_add(1, Ordering::Relaxed);
        HANDLES.with_borrow_mut(|handles| handles.insert(number, handle));
        FULL.set(false);
        let (code, text) = match heirloom_catalog::Volume::over(part, OnHandle(number), SHELVES) {
            Ok(core) => return Ok(Self { core: AssertUnwindSafe(core), number }),
            Err(Refused::Unusable(why)) => (FailureCode::Unusable, why),
            Err(Refused::Newer) => {
                (FailureCode::Newer, "a newer version of the program wrote it".to_owned())
            }
            Err(Refused::Storage(error)) => (storage_code(), error.to_string()),
            Err(Refused::Busy) => (FailureCode::Storage, "it is open already".to_owned()),
        };
        Err(Thrown::catalogue(code, text).into())
    }
}

/// What was learnt on earlier visits, and what the user decided.
#[wasm_bindgen]
pub struct Catalogue {
    core: AssertUnwindSafe<heirloom_catalog::Catalogue>,
    cache: Option<u32>,
    forever: Option<u32>,
}

#[wasm_bindgen]
impl Catalogue {
    /// The catalogue of these two files; of one that could not be opened
    /// nothing is remembered.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(cache: Option<Volume>, forever: Option<Volume>) -> Self {
        let number = |volume: &Option<Volume>| volume.as_ref().map(|volume| volume.number);
        let (of_cache, of_forever) = (number(&cache), number(&forever));
        let core = |volume: Option<Volume>| volume.map(|volume| volume.core.0);
        let core = heirloom_catalog::Catalogue::of(core(cache), core(forever));
        Self { core: AssertUnwindSafe(core), cache: of_cache, forever: of_forever }
    }

    /// How much is remembered.
    ///
    /// # Errors
    /// `full`, `storage`: the browser refused.
    pub fn remembered(&self) -> Result<Ts<Remembered>, JsValue> {
        let failed = |text| Thrown::catalogue(storage_code(), text);
        let bytes = |number: Option<u32>| {
            let len = number.map_or(Ok(0), |number| OnHandle(number).len());
            len.map_err(|error| failed(error.to_string()))
        };
        crossing(&Remembered {
            files: self.core.count(&FILES).map_err(failed)?,
            answers: self.core.count(&ANSWERS).map_err(failed)?,
            runs: self.core.runs().map_err(failed)?.len() as u64,
            bytes: bytes(self.cache)?,
            forever_bytes: bytes(self.forever)?,
        })
    }

    /// Everything that is remembered, as JSON, in pieces.
    ///
    /// # Errors
    /// `full`, `storage`: the browser refused. Whatever `sink` throws is one
    /// of them.
    pub fn export(&self, sink: ByteSink) -> Result<(), JsValue> {
        let mut out = io::BufWriter::with_capacity(PIECE, ToBytes(sink));
        let written = self.core.export(&mut out).and_then(|()| io::Write::flush(&mut out));
        written.map_err(|error| Thrown::catalogue(storage_code(), error.to_string()).into())
    }

    /// Forgets what was learnt. What the user decided stays.
    ///
    /// # Errors
    /// `full`, `storage`: the browser refused.
    #[wasm_bindgen(js_name = forgetCache)]
    pub fn forget_cache(&self) -> Result<(), JsValue> {
        let forgotten = self.core.forget_cache();
        forgotten.map_err(|text| Thrown::catalogue(storage_code(), text).into())
    }

    /// What went wrong with what is learnt since the last call, once: from then
    /// on that is silent, and the run goes on without it.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    #[wasm_bindgen(js_name = cacheTrouble)]
    pub fn cache_trouble(&self) -> Result<Option<Ts<Failure>>, JsValue> {
        self.trouble(Part::Cache)
    }

    /// The same for what the user decides.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    #[wasm_bindgen(js_name = foreverTrouble)]
    pub fn forever_trouble(&self) -> Result<Option<Ts<Failure>>, JsValue> {
        self.trouble(Part::Forever)
    }
}

impl Catalogue {
    /// Another hold on the same catalogue.
    pub(crate) fn shared(&self) -> heirloom_catalog::Catalogue {
        heirloom_catalog::Catalogue::clone(&self.core)
    }

    fn trouble(&self, part: Part) -> Result<Option<Ts<Failure>>, JsValue> {
        let told = self.core.trouble(part);
        let failure = told.map(|text| Failure { code: storage_code(), item: None, text });
        failure.as_ref().map(crossing).transpose()
    }
}

/// Why the storage failed.
fn storage_code() -> FailureCode {
    if FULL.get() { FailureCode::Full } else { FailureCode::Storage }
}

/// Numbers are given once, whatever thread asks.
static NEWEST: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The handles that this thread was lent. The database's backend may be
    /// sent to other threads, a handle may not: so the backend is a number.
    static HANDLES: RefCell<BTreeMap<u32, FileSystemSyncAccessHandle>> = const { RefCell::new(BTreeMap::new()) };

    /// Whether the last refusal was for want of space.
    static FULL: Cell<bool> = const { Cell::new(false) };
}

/// A database's bytes in a handle of the thread that opened it.
#[derive(Debug)]
struct OnHandle(u32);

impl OnHandle {
    fn call<T>(
        &self,
        work: impl FnOnce(&FileSystemSyncAccessHandle) -> Result<T, JsValue>,
    ) -> io::Result<T> {
        HANDLES.with_borrow(|handles| {
            let elsewhere = || io::Error::other("this thread does not hold the catalogue's file");
            let handle = handles.get(&self.0).ok_or_else(elsewhere)?;
            work(handle).map_err(|error| {
                let error = refused(&error);
                FULL.set(error.kind() == io::ErrorKind::StorageFull);
                error
            })
        })
    }

    /// Reads or writes one piece; how many bytes the browser took or gave.
    fn step(
        &self,
        at: u64,
        most: usize,
        work: impl FnOnce(
            &FileSystemSyncAccessHandle,
            &FileSystemReadWriteOptions,
        ) -> Result<f64, JsValue>,
    ) -> io::Result<usize> {
        let place = FileSystemReadWriteOptions::new();
        place.set_at(number(at)?);
        let count = self.call(|handle| work(handle, &place))?;
        // Whole, and never more than it was given; anything else is refused.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = count as usize;
        if count <= most {
            return Ok(count);
        }
        Err(io::Error::other("the browser counted more bytes than there were"))
    }
}

impl StorageBackend for OnHandle {
    fn len(&self) -> io::Result<u64> {
        let size = self.call(FileSystemSyncAccessHandle::get_size)?;
        // A file's length: whole and below 2^53.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(size as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut at = offset;
        let mut rest = out;
        while !rest.is_empty() {
            let (buffer, most) = buffer(rest.len());
            let count = self.step(at, most, |handle, place| {
                handle.read_with_js_u8_array_and_options(&buffer, place)
            })?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let (here, beyond) = rest.split_at_mut(count);
            buffer.subarray(0, length_of(count)).copy_to(here);
            (at, rest) = (at + count as u64, beyond);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = number(len)?;
        self.call(|handle| handle.truncate_with_f64(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.call(FileSystemSyncAccessHandle::flush)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let (mut at, mut rest) = (offset, data);
        while !rest.is_empty() {
            let piece = &rest[..rest.len().min(PIECE)];
            let buffer = Uint8Array::from(piece);
            let count = self.step(at, piece.len(), |handle, place| {
                handle.write_with_js_u8_array_and_options(&buffer, place)
            })?;
            if count == 0 {
                FULL.set(true);
                return Err(io::ErrorKind::StorageFull.into());
            }
            (at, rest) = (at + count as u64, &rest[count..]);
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        HANDLES.with_borrow_mut(|handles| handles.remove(&self.0));
        Ok(())
    }
}

/// A buffer that is no thread's, for at most so many bytes.
fn buffer(wanted: usize) -> (Uint8Array, usize) {
    let most = wanted.min(PIECE);
    (Uint8Array::new_with_length(length_of(most)), most)
}

/// A count of at most [`PIECE`] bytes.
#[allow(clippy::cast_possible_truncation)]
fn length_of(count: usize) -> u32 {
    count as u32
}

/// A position or length as JavaScript has it.
#[allow(clippy::cast_precision_loss)] // It is checked.
fn number(value: u64) -> io::Result<f64> {
    if value <= MOST {
        return Ok(value as f64);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "no file of a browser is that long"))
}
