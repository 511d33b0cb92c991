//! Pictures for the tests of matching, drawn by a small generator: shapes with
//! edges and a little texture, as in a photo.

use std::io;

use crate::examine::pixels::Plane;
use crate::io::{Files, ReadAt};
use crate::model::FileId;

/// A scene; another seed is another scene.
pub fn scene(seed: u64, width: u32, height: u32) -> Plane {
    shifted(seed, width, height, 0)
}

/// The same scene seen from `step` pixels further right.
pub fn shifted(seed: u64, width: u32, height: u32, step: u32) -> Plane {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let blobs: Vec<[f64; 5]> = (0..40).map(|_| random.blob()).collect();
    let scale = f64::from(width.max(height));
    let mut grey = Vec::with_capacity((width * height) as usize);
    for y in 0..height {
        for x in 0..width {
            let (px, py) = (f64::from(x + step) / scale, f64::from(y) / scale);
            grey.push(shade(&blobs, px, py));
        }
    }
    Plane { width, height, grey }
}

fn shade(blobs: &[[f64; 5]], x: f64, y: f64) -> u8 {
    let mut value = 100.0 + 40.0 * y;
    for &[cx, cy, rx, ry, level] in blobs {
        let (dx, dy) = ((x - cx) / rx, (y - cy) / ry);
        if dx * dx + dy * dy < 1.0 {
            value = level + 12.0 * ((x * 90.0).floor() + (y * 70.0).floor()).rem_euclid(2.0);
        }
    }
    value.clamp(0.0, 255.0) as u8
}

/// xorshift64*: the same scenes everywhere.
pub struct Random(pub u64);

impl Random {
    /// The next number from 0 to 1.
    pub fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn blob(&mut self) -> [f64; 5] {
        let (x, y) = (self.unit(), self.unit());
        let (rx, ry) = (0.03 + 0.15 * self.unit(), 0.03 + 0.15 * self.unit());
        [x, y, rx, ry, 20.0 + 210.0 * self.unit()]
    }
}

/// The plane as a JPEG file.
pub fn jpeg(plane: &Plane, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(&plane.grey, plane.width, plane.height, image::ExtendedColorType::L8)
        .unwrap();
    bytes
}

/// Files in memory, by number.
pub struct InMemory(pub Vec<Vec<u8>>);

impl Files for InMemory {
    fn open(&self, file: FileId) -> io::Result<Box<dyn ReadAt + '_>> {
        let bytes = self.0.get(file.0 as usize).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes.clone()))
    }
}
