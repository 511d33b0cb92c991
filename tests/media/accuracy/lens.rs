//! A new exposure of a scene: the camera moved a little, the light changed a
//! little, and the sensor's noise is another.

use image::{DynamicImage, RgbImage};

use super::dice::Dice;

/// Pixels around a scene that no shot shows, so that a moved shot has no
/// border.
pub const MARGIN: u32 = 40;

/// Radians, or share of the size: at the edges of a scene of 2000 pixels, two
/// pixels.
const TURNED: f64 = 0.002;

/// How a shot differs from the scene; lengths in pixels of the scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// To the right.
    pub dx: f64,
    /// Down.
    pub dy: f64,
    /// Radians, small.
    pub turn: f64,
    /// Share by which the scene is closer.
    pub zoom: f64,
    /// Share by which the right and the lower edge are farther away.
    pub tilt: [f64; 2],
    /// Factor on all levels.
    pub light: f64,
    /// Standard deviation of the noise, in levels.
    pub noise: f64,
}

impl Exposure {
    /// A shot as the scene is, but for a part of a pixel: no two shots have
    /// the same grid.
    pub fn first(dice: &mut Dice) -> Self {
        Self {
            dx: dice.between(-0.5, 0.5),
            dy: dice.between(-0.5, 0.5),
            turn: 0.0,
            zoom: 0.0,
            tilt: [0.0; 2],
            light: 1.0,
            noise: dice.between(0.8, 2.5),
        }
    }

    /// The next shot from the hand: moved by 1 to 12 pixels, and one time in
    /// two turned, closer or tilted by a little.
    #[must_use]
    pub fn next(self, dice: &mut Dice) -> Self {
        let length = dice.between(1.0, 12.0);
        let aside = dice.between(-1.0, 1.0);
        let down = (1.0 - aside * aside).sqrt() * dice.pick(&[-1.0, 1.0]);
        let mut some = |most: f64| if dice.once_in(2) { dice.between(-most, most) } else { 0.0 };
        Self {
            dx: self.dx + length * aside,
            dy: self.dy + length * down,
            turn: self.turn + some(0.004),
            zoom: self.zoom + some(0.004),
            tilt: [self.tilt[0] + some(0.003), self.tilt[1] + some(0.003)],
            light: self.light * (1.0 + some(0.04)),
            noise: dice.between(0.8, 2.5),
        }
    }

    /// Whether two shots differ by more than a shift and a zoom, which a crop
    /// could undo: then one cut down shows exactly what the other does.
    #[must_use]
    pub fn turned_from(self, other: Self) -> bool {
        let tilted = [0, 1].map(|way| (self.tilt[way] - other.tilt[way]).abs());
        (self.turn - other.turn).abs() >= TURNED || tilted.iter().any(|tilt| *tilt >= TURNED)
    }

    /// The shift to another shot in pixels and what else differs, in words.
    #[must_use]
    pub fn apart(self, other: Self) -> String {
        let (dx, dy) = (self.dx - other.dx, self.dy - other.dy);
        let other_way = (self.turn, self.zoom, self.tilt) != (other.turn, other.zoom, other.tilt);
        let turned = if other_way { ", turned" } else { "" };
        format!(
            "{:.1} px{turned}, light {:.2}",
            (dx * dx + dy * dy).sqrt(),
            self.light / other.light
        )
    }
}

/// Takes the shot; it is smaller than the scene by [`MARGIN`] on each side.
#[must_use]
pub fn shoot(scene: &RgbImage, exposure: &Exposure, dice: &mut Dice) -> DynamicImage {
    let (width, height) = (scene.width() - 2 * MARGIN, scene.height() - 2 * MARGIN);
    let (middle_x, middle_y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let mut shot = RgbImage::new(width, height);
    let mut grain = Dice::new(dice.bits(), "noise");
    let noise = noise(exposure.noise);
    let light = (exposure.light * 256.0).round() as i32;
    for (x, y, pixel) in shot.enumerate_pixels_mut() {
        let (u, v) = (f64::from(x) - middle_x, f64::from(y) - middle_y);
        let far = 1.0 + exposure.tilt[0] * u / middle_x + exposure.tilt[1] * v / middle_y;
        let near = (1.0 - exposure.zoom) * far;
        let at_x = near * (u - exposure.turn * v) + exposure.dx + middle_x;
        let at_y = near * (v + exposure.turn * u) + exposure.dy + middle_y;
        let seen = sample(scene, at_x + f64::from(MARGIN), at_y + f64::from(MARGIN));
        let bits = grain.bits();
        for (channel, level) in pixel.0.iter_mut().enumerate() {
            let ones = (bits >> (16 * channel) & 0xffff).count_ones();
            let exact = ((seen[channel] * light) >> 8) + noise[ones as usize];
            *level = ((exact + 128) >> 8).clamp(0, 255) as u8;
        }
    }
    DynamicImage::ImageRgb8(shot)
}

/// Noise by the ones among 16 even bits (mean 8, standard deviation 2), in
/// parts of 256 of a level.
fn noise(deviation: f64) -> [i32; 17] {
    let mut noise = [0; 17];
    for (ones, noise) in noise.iter_mut().enumerate() {
        *noise = ((ones as f64 - 8.0) / 2.0 * deviation * 256.0).round() as i32;
    }
    noise
}

/// The picture between its pixels, bilinear, in parts of 256 of a level.
fn sample(picture: &RgbImage, x: f64, y: f64) -> [i32; 3] {
    // One pixel in 256 parts; the last pixel needs a neighbour.
    let place = |at: f64, side: u32| {
        let most = i64::from(side.saturating_sub(1)) * 256 - 1;
        ((at * 256.0).round() as i64).clamp(0, most.max(0)) as usize
    };
    let (x, y) = (place(x, picture.width()), place(y, picture.height()));
    let (fx, fy) = ((x & 255) as i32, (y & 255) as i32);
    let wide = picture.width() as usize * 3;
    let at = (y >> 8) * wide + (x >> 8) * 3;
    let (above, below) = (&picture.as_raw()[at..at + 6], &picture.as_raw()[at + wide..][..6]);
    let mix = |line: &[u8], channel: usize| {
        i32::from(line[channel]) * (256 - fx) + i32::from(line[channel + 3]) * fx
    };
    [0, 1, 2].map(|channel| (mix(above, channel) * (256 - fy) + mix(below, channel) * fy) >> 8)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn a_shot_to_the_right_shows_what_lies_there() {
        let scene = RgbImage::from_fn(300, 200, |x, y| Rgb([(x / 2) as u8, y as u8, 9]));
        let still = Exposure {
            dx: 0.0,
            dy: 0.0,
            turn: 0.0,
            zoom: 0.0,
            tilt: [0.0; 2],
            light: 1.0,
            noise: 0.0,
        };
        let dice = &mut Dice::new(1, "lens");
        let first = shoot(&scene, &still, dice).to_rgb8();
        let moved = shoot(&scene, &Exposure { dx: 6.0, dy: 3.0, ..still }, dice).to_rgb8();
        assert_eq!(first.dimensions(), (220, 120));
        assert_eq!(moved.get_pixel(100, 50), first.get_pixel(106, 53));
        let noisy = shoot(&scene, &Exposure { noise: 2.0, ..still }, dice).to_rgb8();
        let far = noisy.as_raw().iter().zip(first.as_raw());
        let far: f64 = far.map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
        let deviation = (far / first.as_raw().len() as f64).sqrt();
        assert!((1.7..2.3).contains(&deviation), "{deviation}");
    }
}
