//! Chance that comes out the same on every machine and in every version: the
//! tables under version control were made with it.

/// SplitMix64 (Steele, Lea and Flood 2014), seeded with a number and a name.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of their own for `name`: one kind of picture more must not change
    /// the others.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        let mut dice = Self(seed);
        for byte in name.bytes() {
            dice.0 = dice.0.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte);
            dice.bits();
        }
        dice
    }

    /// 64 even bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `end` - 1; 0 if there is nothing to choose from.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() % (end.max(1) as u64)).unwrap_or(0)
    }

    /// At least `from`, less than `to`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        let share = (self.bits() >> 11) as f64 / (1u64 << 53) as f64;
        from + share * (to - from)
    }

    /// Whole seconds or pixels from `from` to `to`, both included.
    pub fn whole(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below((to - from + 1).max(1).unsigned_abs() as usize))
            .unwrap_or(0)
    }

    /// One of them.
    ///
    /// # Panics
    /// There is none.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for end in (1..things.len()).rev() {
            things.swap(end, self.below(end + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_own_chance_and_it_never_changes() {
        assert_eq!(Dice::new(1, "crop").bits(), Dice::new(1, "crop").bits());
        assert_ne!(Dice::new(1, "crop").bits(), Dice::new(1, "late").bits());
        assert_ne!(Dice::new(1, "crop").bits(), Dice::new(2, "crop").bits());
        let mut dice = Dice(0);
        assert_eq!(dice.bits(), 0xe220_a839_7b1d_cdaf);
    }
}
