//! The boundary: a thin translation between the core and the page, no decisions.
//! Each export converts, makes one call to the core, and converts back. One
//! exported class for each job, all of them over `source::BrowserFiles`.

mod catalogue;
mod dto;
mod duplicates;
mod error;
mod frames;
mod groups;
mod link;
mod rows;
mod settings;
mod sink;
mod source;
mod trash;

use heirloom_core::settings::Settings;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use crate::error::Thrown;

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// Names panics in the console. Runs by itself when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The only home of default values; the page asks instead of repeating them.
///
/// # Errors
/// Never in practice: the type has a JavaScript form.
#[wasm_bindgen(js_name = defaultSettings)]
pub fn default_settings() -> Result<Ts<dto::Settings>, JsValue> {
    crossing(&dto::Settings::from(&Settings::default()))
}

fn crossing<T: Tsify + serde::Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    value.into_ts().map_err(|error| Thrown::from(error).into())
}
