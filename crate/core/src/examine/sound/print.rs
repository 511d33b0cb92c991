//! The print of a sound: how loud it is in six bands, every 20 milliseconds. Only
//! sums, products and quotients, and whole numbers behind them, so that every machine
//! makes the same one.

/// Milliseconds from one level to the next; each is measured over twice as many, so
/// that a cut between two of them still falls into both.
pub(crate) const HOP_MS: u32 = 20;

/// Bands of a print: octaves from 120 Hz on, in which voices and steps are. What lies
/// above 8 kHz, low bit rates leave out.
pub(crate) const BANDS: usize = 6;

/// Where the bands begin and end, in hertz.
const EDGES: [f32; BANDS + 1] = [125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0];

/// Mean square of the values (1 is as loud as a file can be) under which there is
/// silence: 70 decibels below, where the noise of encoders begins.
const SILENCE: f32 = 1e-7;

/// Parts of an octave (a doubling of the energy, 3 decibels) in which levels are
/// kept.
pub(crate) const PARTS: i32 = 256;

/// How loud a sound is in each band, at every hop.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Print {
    /// Logarithms to the base of two, in [`PARTS`].
    pub levels: Vec<[i16; BANDS]>,
}

/// Makes a print, a value after another.
pub(super) struct Printer {
    /// Thousandths of a value to a hop.
    hop: u64,
    passed: u64,
    /// How far each edge's low pass follows a value: two of one pole, one behind the
    /// other.
    follows: [f32; BANDS + 1],
    low: [[f32; BANDS + 1]; 2],
    now: Energy,
    before: Energy,
    print: Print,
}

/// What was summed up since the last hop.
#[derive(Clone, Copy, Default)]
struct Energy {
    sums: [f32; BANDS],
    count: u32,
}

impl Printer {
    /// `rate` is that of the values, per second.
    pub(super) fn new(rate: u32) -> Self {
        let follows = EDGES.map(|edge| {
            let turn = std::f32::consts::TAU * edge / rate as f32;
            turn / (1.0 + turn)
        });
        Self {
            hop: u64::from(rate) * u64::from(HOP_MS),
            passed: 0,
            follows,
            low: [[0.0; BANDS + 1]; 2],
            now: Energy::default(),
            before: Energy::default(),
            print: Print::default(),
        }
    }

    pub(super) fn push(&mut self, value: f32) {
        let [first, second] = &mut self.low;
        for ((first, second), follows) in first.iter_mut().zip(&mut *second).zip(self.follows) {
            *first += follows * (value - *first);
            *second += follows * (*first - *second);
        }
        for (sum, edges) in self.now.sums.iter_mut().zip(second.windows(2)) {
            let band = edges[1] - edges[0];
            *sum += band * band;
        }
        self.now.count += 1;
        self.passed += 1000;
        if self.passed >= self.hop {
            self.passed -= self.hop;
            self.level();
        }
    }

    pub(super) fn finish(self) -> Print {
        self.print
    }

    fn level(&mut self) {
        let count = (self.now.count + self.before.count) as f32;
        let level = |band: usize| {
            let mean = (self.now.sums[band] + self.before.sums[band]) / count;
            (octaves(mean + SILENCE) * PARTS as f32) as i16
        };
        self.print.levels.push(std::array::from_fn(level));
        self.before = std::mem::take(&mut self.now);
    }
}

/// The logarithm to the base of two, to a hundredth: the exponent, and a parabola for
/// the rest.
fn octaves(value: f32) -> f32 {
    let bits = value.to_bits();
    let exponent = (bits >> 23).cast_signed() - 127;
    let rest = f32::from_bits(bits & 0x007F_FFFF | 0x3F80_0000);
    exponent as f32 + (-0.344_845 * rest + 2.024_658) * rest - 1.679_7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_stands_out_in_its_band_and_silence_in_none() {
        let of = |rate: u32, hertz: f32| {
            let mut printer = Printer::new(rate);
            for at in 0..rate {
                let turn = std::f32::consts::TAU * hertz * at as f32 / rate as f32;
                printer.push(if hertz > 0.0 { 0.25 * turn.sin() } else { 0.0 });
            }
            printer.finish().levels
        };
        for rate in [16_000, 44_100, 48_000] {
            let levels = of(rate, 700.0);
            assert_eq!(levels.len(), 50);
            let loudest = (0..BANDS).max_by_key(|&band| levels[30][band]);
            // The bands overlap: at low rates the next one is as loud.
            assert!(matches!(loudest, Some(2 | 3)), "{rate}: {:?}", levels[30]);
            assert!(levels[30][0] < levels[30][2] - 200 && levels[30][5] < levels[30][3] - 200);
            assert!(of(rate, 0.0).iter().flatten().all(|&level| i32::from(level) < -23 * PARTS));
        }
    }

    #[test]
    fn octaves_are_logarithms_to_a_hundredth() {
        for value in [1e-7_f32, 0.003, 0.5, 0.999, 1.0, 1.4, 2.0] {
            assert!((octaves(value) - value.log2()).abs() < 0.011, "{value}");
        }
    }
}
