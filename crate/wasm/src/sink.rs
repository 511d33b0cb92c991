//! The doors out: bytes go to callbacks of the worker, which writes them.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use heirloom_core::io::{Bundle, Link, Sink};
use heirloom_core::model::FileId;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::source::refused;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
/** Takes a zip's bytes. They are a copy; throwing ends the job. */
export interface ByteSink {
    put(bytes: Uint8Array): void;
}

/** Takes a bundle's files, one after another. Bytes are copies; throwing ends the job. */
export interface FolderSink {
    begin(path: string, size: number | undefined): void;
    write(bytes: Uint8Array): void;
    end(): void;
    /** The file that was begun last failed: nothing of it may stay. */
    abandon(): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The worker's end of a zip stream.
    #[wasm_bindgen(typescript_type = "ByteSink")]
    pub type ByteSink;

    #[wasm_bindgen(method, structural, catch)]
    fn put(this: &ByteSink, bytes: Uint8Array) -> Result<(), JsValue>;

    /// The worker's end of a folder.
    #[wasm_bindgen(typescript_type = "FolderSink")]
    pub type FolderSink;

    #[wasm_bindgen(method, structural, catch)]
    fn begin(this: &FolderSink, path: &str, size: Option<f64>) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn write(this: &FolderSink, bytes: Uint8Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn end(this: &FolderSink) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn abandon(this: &FolderSink) -> Result<(), JsValue>;
}

/// A zip's bytes to the worker.
pub(crate) struct ToBytes(pub(crate) ByteSink);

impl Sink for ToBytes {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.put(Uint8Array::from(bytes)).map_err(|error| refused(&error))
    }
}

impl io::Write for ToBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A folder's files to the worker.
pub(crate) struct ToFolder(pub(crate) FolderSink);

impl Bundle for ToFolder {
    fn begin(&mut self, path: &str, size: Option<u64>) -> io::Result<()> {
        #[allow(clippy::cast_precision_loss)] // A file's length is below 2^53.
        let size = size.map(|size| size as f64);
        self.0.begin(path, size).map_err(|error| refused(&error))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write(Uint8Array::from(bytes)).map_err(|error| refused(&error))
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.end().map_err(|error| refused(&error))
    }

    fn abandon(&mut self) -> io::Result<()> {
        self.0.abandon().map_err(|error| refused(&error))
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A bundle that counts its files.
pub(crate) struct Counted<B> {
    pub(crate) bundle: B,
    pub(crate) files: Rc<Cell<u32>>,
}

impl<B: Bundle> Bundle for Counted<B> {
    fn begin(&mut self, path: &str, size: Option<u64>) -> io::Result<()> {
        self.bundle.begin(path, size)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bundle.write(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        self.bundle.end()?;
        self.files.set(self.files.get() + 1);
        Ok(())
    }

    fn abandon(&mut self) -> io::Result<()> {
        self.bundle.abandon()
    }

    fn link(&mut self, path: &str, file: FileId) -> io::Result<Option<Link>> {
        self.bundle.link(path, file)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.bundle.finish()
    }
}
