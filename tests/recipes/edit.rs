//! What people do to a picture before they send it.

use image::{DynamicImage, Rgb};
use serde::Deserialize;

use crate::picture;

/// A change made in the send screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edit {
    /// The middle four fifths.
    Crop,
    /// A thick red stroke.
    Drawing,
    /// Black and white.
    Filter,
    /// Left and right swapped.
    Mirror,
}

/// The changed picture.
#[must_use]
pub fn apply(picture: &DynamicImage, edit: Edit) -> DynamicImage {
    match edit {
        Edit::Crop => picture::cut(picture, [0.12, 0.08, 0.8, 0.8]),
        Edit::Drawing => drawn(picture),
        Edit::Filter => DynamicImage::ImageRgb8(picture.grayscale().to_rgb8()),
        Edit::Mirror => picture.fliph(),
    }
}

fn drawn(picture: &DynamicImage) -> DynamicImage {
    let mut pixels = picture.to_rgb8();
    let (width, height) = pixels.dimensions();
    let thickness = (height / 40).max(1);
    for x in width / 5..width * 3 / 5 {
        let middle = height / 3 + (x - width / 5) / 4;
        for y in middle..(middle + thickness).min(height) {
            pixels.put_pixel(x, y, Rgb([228, 30, 38]));
        }
    }
    DynamicImage::ImageRgb8(pixels)
}
