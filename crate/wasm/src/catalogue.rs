//! The catalogue over a file of the browser's own storage. The worker opens
//! the file and lends its handle; everything here is a call on that handle.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};

use heirloom_catalog::{Refused, StorageBackend};
use heirloom_core::memory::Shelf;
use js_sys::{Object, Reflect, Uint8Array};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use crate::crossing;
use crate::dto::{Failure, FailureCode, Remembered};
use crate::error::Thrown;
use crate::sink::{ByteSink, ToBytes};
use crate::source::refused;

/// Bytes that cross at once, each time through a buffer of their own: a view
/// on memory that threads share is refused.
const PIECE: usize = 1 << 20;

/// The largest whole number that JavaScript tells from its neighbours.
const MOST: u64 = (1 << 53) - 1;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
/** What is used of a `FileSystemSyncAccessHandle`. */
export interface StorageHandle {
    getSize(): number;
    read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
    write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
    truncate(size: number): void;
    flush(): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// A file that only this worker may use, until it is closed.
    #[wasm_bindgen(typescript_type = "StorageHandle")]
    pub type StorageHandle;

    #[wasm_bindgen(method, structural, catch, js_name = getSize)]
    fn get_size(this: &StorageHandle) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn read(this: &StorageHandle, buffer: &Uint8Array, options: &Object) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn write(this: &StorageHandle, buffer: &Uint8Array, options: &Object) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn truncate(this: &StorageHandle, size: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn flush(this: &StorageHandle) -> Result<(), JsValue>;
}

/// What was learnt on earlier visits, and what the user decided.
#[wasm_bindgen]
pub struct Catalogue {
    core: AssertUnwindSafe<heirloom_catalog::Catalogue>,
    number: u32,
}

#[wasm_bindgen]
impl Catalogue {
    /// Opens the catalogue in a file, or begins one if the file is empty. The
    /// handle stays the worker's to close, after this object and every job
    /// that was lent it are gone.
    ///
    /// # Errors
    /// `unusable`: another may take its place. `full`, `storage`: the browser
    /// refused.
    #[wasm_bindgen(constructor)]
    pub fn new(handle: StorageHandle) -> Result<Self, JsValue> {
        let number = NEWEST.fetch_add(1, Ordering::Relaxed);
        HANDLES.with_borrow_mut(|handles| handles.insert(number, handle));
        FULL.set(false);
        match heirloom_catalog::Catalogue::over(OnHandle(number)) {
            Ok(core) => Ok(Self { core: AssertUnwindSafe(core), number }),
            Err(Refused::Unusable(why)) => {
                Err(Thrown::catalogue(FailureCode::Unusable, why).into())
            }
            Err(Refused::Storage(error)) => {
                Err(Thrown::catalogue(storage_code(), error.to_string()).into())
            }
            Err(Refused::Busy) => {
                let text = "it is open already".to_owned();
                Err(Thrown::catalogue(FailureCode::Storage, text).into())
            }
        }
    }

    /// How much is remembered.
    ///
    /// # Errors
    /// `full`, `storage`: the browser refused.
    pub fn remembered(&self) -> Result<Ts<Remembered>, JsValue> {
        let failed = |text| Thrown::catalogue(storage_code(), text);
        let count = |shelf| self.core.count(shelf).map_err(failed);
        crossing(&Remembered {
            files: count(Shelf::Files)?,
            answers: count(Shelf::Answers)?,
            runs: self.core.runs().map_err(failed)?.len() as u64,
            bytes: OnHandle(self.number).len().map_err(|error| failed(error.to_string()))?,
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

    /// What went wrong since the last call, once: from then on the catalogue
    /// is silent, and the run goes on without it.
    ///
    /// # Errors
    /// Never in practice: the type has a JavaScript form.
    pub fn trouble(&self) -> Result<Option<Ts<Failure>>, JsValue> {
        let told = self.core.trouble();
        let failure = told.map(|text| Failure { code: storage_code(), item: None, text });
        failure.as_ref().map(crossing).transpose()
    }
}

impl Catalogue {
    /// Another hold on the same catalogue.
    pub(crate) fn shared(&self) -> heirloom_catalog::Catalogue {
        heirloom_catalog::Catalogue::clone(&self.core)
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
    static HANDLES: RefCell<BTreeMap<u32, StorageHandle>> = const { RefCell::new(BTreeMap::new()) };

    /// Whether the last refusal was for want of space.
    static FULL: Cell<bool> = const { Cell::new(false) };
}

/// A database's bytes in a handle of the thread that opened it.
#[derive(Debug)]
struct OnHandle(u32);

impl OnHandle {
    fn call<T>(&self, work: impl FnOnce(&StorageHandle) -> Result<T, JsValue>) -> io::Result<T> {
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
        work: impl FnOnce(&StorageHandle, &Object) -> Result<f64, JsValue>,
    ) -> io::Result<usize> {
        let at = number(at)?;
        let count = self.call(|handle| {
            let options = Object::new();
            Reflect::set(&options, &"at".into(), &at.into())?;
            work(handle, &options)
        })?;
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
        let size = self.call(StorageHandle::get_size)?;
        // A file's length: whole and below 2^53.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(size as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut at = offset;
        let mut rest = out;
        while !rest.is_empty() {
            let (buffer, most) = buffer(rest.len());
            let count = self.step(at, most, |handle, place| handle.read(&buffer, place))?;
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
        self.call(|handle| handle.truncate(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.call(StorageHandle::flush)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let (mut at, mut rest) = (offset, data);
        while !rest.is_empty() {
            let piece = &rest[..rest.len().min(PIECE)];
            let buffer = Uint8Array::from(piece);
            let count = self.step(at, piece.len(), |handle, place| handle.write(&buffer, place))?;
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
