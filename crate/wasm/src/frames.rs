//! Frames of videos, taken by the page's player.

use heirloom_core::need::{Frame, Shown};
use wasm_bindgen::prelude::*;
use web_sys::ImageData;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = r#"
/** Frames of one moment: the exported video's, and the original's in the order in which they were asked for. */
export interface VideoFrames {
    exported: ImageData;
    originals: ImageData[];
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The page's frames of one moment.
    #[wasm_bindgen(typescript_type = "VideoFrames")]
    pub type VideoFrames;

    #[wasm_bindgen(method, structural, getter)]
    fn exported(this: &VideoFrames) -> ImageData;

    #[wasm_bindgen(method, structural, getter)]
    fn originals(this: &VideoFrames) -> Vec<ImageData>;
}

impl From<&VideoFrames> for Shown {
    fn from(frames: &VideoFrames) -> Self {
        let originals = frames.originals().iter().map(frame).collect();
        Self { exported: frame(&frames.exported()), originals }
    }
}

/// The core checks that the sizes fit the bytes.
fn frame(image: &ImageData) -> Frame {
    Frame { width: image.width(), height: image.height(), rgba: image.data().0 }
}
