//! The catalogue on a file of the browser's own storage (OPFS).
//!
//! The handle may not cross threads, and the database wants storage that may:
//! so the handle stays with the engine worker's thread, and the storage that
//! the database holds only names it. No other thread ever uses the database.

use std::cell::RefCell;
use std::io;

use heirloom_catalog::{Refused, StorageBackend};
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::source::refused;

thread_local! {
    static HANDLE: RefCell<Option<SyncHandle>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    /// An exclusive handle on a file of the browser's own storage.
    #[wasm_bindgen(typescript_type = "FileSystemSyncAccessHandle")]
    pub type SyncHandle;

    #[wasm_bindgen(method, structural, catch, js_name = getSize)]
    fn get_size(this: &SyncHandle) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn read(this: &SyncHandle, bytes: &Uint8Array, at: &Object) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn write(this: &SyncHandle, bytes: &Uint8Array, at: &Object) -> Result<f64, JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn truncate(this: &SyncHandle, size: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn flush(this: &SyncHandle) -> Result<(), JsValue>;
}

/// What is remembered between runs. One in a worker.
#[wasm_bindgen]
pub struct Catalogue(std::panic::AssertUnwindSafe<heirloom_catalog::Catalogue>);

#[wasm_bindgen]
impl Catalogue {
    /// Opens the catalogue in a file, or begins one if the file is empty. The
    /// handle belongs to the catalogue from then on.
    ///
    /// # Errors
    /// A sentence: the file is damaged or no catalogue, or the browser refuses.
    #[wasm_bindgen(constructor)]
    pub fn new(handle: SyncHandle) -> Result<Self, JsValue> {
        HANDLE.set(Some(handle));
        let opened = heirloom_catalog::Catalogue::over(Opfs).map_err(|refused| match refused {
            Refused::Busy => "another page is using it".to_owned(),
            Refused::Unusable(why) => why,
            Refused::Storage(error) => error.to_string(),
        });
        Ok(Self(std::panic::AssertUnwindSafe(opened.map_err(JsValue::from)?)))
    }

    /// Everything that is remembered, as JSON.
    ///
    /// # Errors
    /// A sentence: the browser's storage cannot be read.
    pub fn export(&self) -> Result<Uint8Array, JsValue> {
        let mut bytes = Vec::new();
        self.0.export(&mut bytes).map_err(|error| JsValue::from(error.to_string()))?;
        Ok(Uint8Array::from(bytes.as_slice()))
    }

    /// Forgets everything, and gives the space back.
    ///
    /// # Errors
    /// A sentence: the browser's storage cannot be written.
    pub fn forget(&self) -> Result<(), JsValue> {
        self.0.forget().map_err(JsValue::from)
    }

    /// What went wrong since the last call, as a sentence.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.0.trouble()
    }
}

impl Catalogue {
    /// The catalogue for a job.
    pub(crate) fn shared(&self) -> heirloom_catalog::Catalogue {
        self.0.clone()
    }
}

/// The file whose handle this thread holds.
#[derive(Debug)]
struct Opfs;

impl StorageBackend for Opfs {
    fn len(&self) -> io::Result<u64> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Whole, below 2^53.
        with_handle(|handle| handle.get_size().map(|size| size as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        // A buffer of its own: the browser refuses views of shared memory.
        let bytes = Uint8Array::new_with_length(length(out.len())?);
        let count = with_handle(|handle| handle.read(&bytes, &at(offset)?))?;
        if count < out.len() as f64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.copy_to(out);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        #[allow(clippy::cast_precision_loss)] // A file's length is below 2^53.
        with_handle(|handle| handle.truncate(len as f64))
    }

    fn sync_data(&self) -> io::Result<()> {
        with_handle(SyncHandle::flush)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let bytes = Uint8Array::from(data);
        let count = with_handle(|handle| handle.write(&bytes, &at(offset)?))?;
        if count < data.len() as f64 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

fn length(len: usize) -> io::Result<u32> {
    u32::try_from(len).map_err(io::Error::other)
}

/// The browser's way of saying where.
fn at(offset: u64) -> Result<Object, JsValue> {
    let options = Object::new();
    #[allow(clippy::cast_precision_loss)] // A file's length is below 2^53.
    Reflect::set(&options, &"at".into(), &JsValue::from_f64(offset as f64))?;
    Ok(options)
}

fn with_handle<T>(work: impl FnOnce(&SyncHandle) -> Result<T, JsValue>) -> io::Result<T> {
    HANDLE.with_borrow(|handle| match handle {
        Some(handle) => work(handle).map_err(|error| refused(&error)),
        None => Err(io::Error::other("the catalogue belongs to another thread")),
    })
}
