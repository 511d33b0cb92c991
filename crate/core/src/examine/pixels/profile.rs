//! Colours through an ICC profile, as sRGB.
//!
//! Profiles of three curves and a matrix are understood (Display P3, Adobe RGB,
//! ProPhoto, eciRGB), and those of one grey curve. The arithmetic of pixels is in
//! integers, and curves are made by `libm`, so that every machine gives the same bits.

use libm::pow;
use moxcms::{ColorProfile, DataColorSpace, ToneReprCurve, Xyzd};

use super::plane::luma_of;

/// Most bytes of a profile. Those of matrices and curves have 500 to 10,000.
const MOST_BYTES: usize = 1 << 20;
/// Steps of linear light at which sRGB is tabled: less than one level apart where its
/// curve is steepest, near black.
const STEPS: usize = 1 << 14;
/// One, in the matrix.
const ONE: f64 = 16_384.0;
/// Levels (of 255) by which no colour may differ for a profile to be sRGB's. The
/// variants of sRGB itself differ by 1 or 2.
const ALIKE: u8 = 4;
/// From XYZ under D50, which profiles connect by, to linear sRGB (Bradford).
const FROM_XYZ: [[f64; 3]; 3] = [
    [3.133_856_1, -1.616_866_7, -0.490_614_6],
    [-0.978_768_4, 1.916_141_5, 0.033_454_0],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
];

/// What a profile makes of colours.
pub(in crate::examine) struct ToSrgb {
    /// Linear light of each level, 0 to 65,535, for red, green and blue.
    linear: [Vec<i64>; 3],
    /// In units of 1 / [`ONE`]; `None` for grey.
    matrix: Option<[[i64; 3]; 3]>,
    /// sRGB's level of each step of linear light.
    levels: Vec<u8>,
}

/// What a profile makes of colours; `None` if that is what sRGB does, or if it is of
/// another kind.
pub(in crate::examine) fn to_srgb(icc: &[u8]) -> Option<ToSrgb> {
    let profile = ColorProfile::new_from_slice(icc).ok().filter(|_| icc.len() <= MOST_BYTES)?;
    let levels = (0..STEPS).map(|step| encoded(step as f64 / (STEPS - 1) as f64)).collect();
    let found = if profile.color_space == DataColorSpace::Gray {
        let curve = linear(profile.gray_trc.as_ref()?)?;
        ToSrgb { linear: [curve.clone(), curve.clone(), curve], matrix: None, levels }
    } else {
        if profile.color_space != DataColorSpace::Rgb || profile.pcs != DataColorSpace::Xyz {
            return None;
        }
        let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
        let [red, green, blue] = curves.map(|curve| curve.as_ref().and_then(linear));
        let matrix = [profile.red_colorant, profile.green_colorant, profile.blue_colorant];
        ToSrgb { linear: [red?, green?, blue?], matrix: Some(to_linear(matrix)?), levels }
    };
    (!found.is_srgb()).then_some(found)
}

impl ToSrgb {
    /// One pixel.
    pub(in crate::examine) fn pixel(&self, rgb: [u8; 3]) -> [u8; 3] {
        let light = [0, 1, 2].map(|at| self.linear[at][usize::from(rgb[at])]);
        let light = match &self.matrix {
            Some(rows) => rows.map(|row| {
                let sum: i64 = row.iter().zip(light).map(|(share, light)| share * light).sum();
                (sum / ONE as i64).clamp(0, 65_535)
            }),
            None => light,
        };
        light.map(|light| self.levels[(light as usize * (STEPS - 1) + 32_767) / 65_535])
    }

    /// Grey levels (RMS over colours of all kinds, rounded up) by which it changes
    /// brightness.
    pub(in crate::examine) fn shift(&self) -> u8 {
        let apart = |rgb: [u8; 3]| i64::from(luma_of(rgb).abs_diff(luma_of(self.pixel(rgb))));
        let squares: Vec<i64> = self.samples().map(apart).map(|apart| apart * apart).collect();
        let mean = squares.iter().sum::<i64>() as f64 / squares.len().max(1) as f64;
        mean.sqrt().ceil() as u8
    }

    fn is_srgb(&self) -> bool {
        self.samples().all(|rgb| {
            self.pixel(rgb).iter().zip(rgb).all(|(own, given)| own.abs_diff(given) <= ALIKE)
        })
    }

    /// Colours of all kinds; of a grey profile greys alone.
    fn samples(&self) -> impl Iterator<Item = [u8; 3]> {
        const LEVELS: [u8; 6] = [0, 32, 96, 160, 224, 255];
        let grey = self.matrix.is_none();
        let each = || LEVELS.into_iter();
        let all = each().flat_map(move |red| {
            each().flat_map(move |green| each().map(move |blue| [red, green, blue]))
        });
        all.filter(move |&[red, green, blue]| !grey || (red == green && green == blue))
    }
}

/// The matrix from the profile's linear light to sRGB's. `None`: a number that no
/// profile has.
fn to_linear(columns: [Xyzd; 3]) -> Option<[[i64; 3]; 3]> {
    let shares = FROM_XYZ
        .map(|[x, y, z]| columns.map(|colour| (x * colour.x + y * colour.y + z * colour.z) * ONE));
    let real = shares.iter().flatten().all(|share| share.abs() < 16.0 * ONE);
    real.then(|| shares.map(|row| row.map(|share| share.round() as i64)))
}

/// The linear light of each level of a curve.
fn linear(curve: &ToneReprCurve) -> Option<Vec<i64>> {
    let light = |level: u32| -> Option<f64> {
        let value = f64::from(level) / 255.0;
        let light = match curve {
            ToneReprCurve::Lut(table) => from_table(table, value),
            ToneReprCurve::Parametric(numbers) => from_formula(numbers, value)?,
        };
        light.is_finite().then(|| light.clamp(0.0, 1.0))
    };
    (0..256).map(|level| Some((light(level)? * 65_535.0).round() as i64)).collect()
}

/// A `curv`: nothing is a straight line, one number an exponent in 1/256.
fn from_table(table: &[u16], value: f64) -> f64 {
    match table {
        [] => value,
        [exponent] => pow(value, f64::from(*exponent) / 256.0),
        table => {
            let place = value * (table.len() - 1) as f64;
            let below = (place as usize).min(table.len() - 2);
            let [low, high] = [table[below], table[below + 1]].map(f64::from);
            (low + (high - low) * (place - below as f64)) / 65_535.0
        }
    }
}

/// A `para` (ICC.1:2010, section 10.16), by how many numbers it has.
fn from_formula(numbers: &[f32], value: f64) -> Option<f64> {
    let number = |at: usize| f64::from(numbers.get(at).copied().unwrap_or(0.0));
    let [g, a, b, c, d] = [0, 1, 2, 3, 4].map(number);
    let curve = |offset: f64| pow((a * value + b).max(0.0), g) + offset;
    Some(match numbers.len() {
        1 => pow(value, g),
        3 => {
            if a * value + b >= 0.0 {
                curve(0.0)
            } else {
                0.0
            }
        }
        4 => {
            if a * value + b >= 0.0 {
                curve(c)
            } else {
                c
            }
        }
        5 => {
            if value >= d {
                curve(0.0)
            } else {
                c * value
            }
        }
        7 => {
            if value >= d {
                curve(number(5))
            } else {
                c * value + number(6)
            }
        }
        _ => return None,
    })
}

/// sRGB's level of linear light (IEC 61966-2-1).
fn encoded(light: f64) -> u8 {
    let level =
        if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * pow(light, 1.0 / 2.4) - 0.055 };
    (level * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(profile: &ColorProfile) -> Option<ToSrgb> {
        to_srgb(&profile.encode().unwrap())
    }

    #[test]
    fn colours_beyond_srgb_are_brought_there() {
        assert!(profile(&ColorProfile::new_srgb()).is_none());
        let near = |found: [u8; 3], want: [u8; 3]| {
            let near = found.iter().zip(want).all(|(own, want)| own.abs_diff(want) <= 1);
            assert!(near, "{found:?} for {want:?}");
        };
        // Worked out by hand, with the matrices between these spaces under D65.
        let adobe = profile(&ColorProfile::new_adobe_rgb()).unwrap();
        near(adobe.pixel([128, 128, 128]), [128, 128, 128]);
        near(adobe.pixel([200, 100, 50]), [227, 100, 42]);
        let p3 = profile(&ColorProfile::new_display_p3()).unwrap();
        near(p3.pixel([255, 255, 255]), [255, 255, 255]);
        near(p3.pixel([200, 100, 50]), [215, 93, 31]);
        let grey = profile(&ColorProfile::new_gray_with_gamma(1.8)).unwrap();
        near(grey.pixel([128; 3]), [146; 3]);
    }

    #[test]
    fn what_is_no_profile_is_none() {
        assert!(to_srgb(b"").is_none());
        let bytes = ColorProfile::new_adobe_rgb().encode().unwrap();
        for end in (0..bytes.len()).step_by(7) {
            let _ = to_srgb(&bytes[..end]);
        }
    }
}
