//! Chance that always falls the same: splitmix64 seeded with what the chance is about.

use chrono::{Datelike, NaiveDate};

/// Dice for one purpose about one thing, as in `Dice::of("mark").text(pupil).day(date)`.
pub(super) struct Dice(u64);

impl Dice {
    const SEED: u64 = 0x0bd7_2f3a_91c4_e865;

    /// Dice for this purpose.
    pub(super) fn of(purpose: &str) -> Self {
        Self(Self::SEED).text(purpose)
    }

    /// … about this text.
    pub(super) fn text(self, text: &str) -> Self {
        text.bytes().fold(self, |dice, byte| Self(dice.0.wrapping_mul(31) ^ u64::from(byte))).turn()
    }

    /// … about this number.
    pub(super) fn number(self, number: u64) -> Self {
        Self(self.0 ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93)).turn()
    }

    /// … about this day.
    pub(super) fn day(self, day: NaiveDate) -> Self {
        self.number(day.num_days_from_ce().unsigned_abs().into())
    }

    /// A number from zero to below `bound`, which is not zero.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    /// True so many times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of these.
    pub(super) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let chosen = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(chosen).copied().unwrap_or_default()
    }

    /// About normally distributed around zero with this deviation, in the same unit.
    pub(super) fn bell(&mut self, deviation: i64) -> i64 {
        let sum: u64 = (0..12).map(|_| self.below(1001)).sum();
        sum.cast_signed().saturating_sub(6000) * deviation / 1000
    }

    fn turn(mut self) -> Self {
        Self(self.roll())
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_has_the_same_answer() {
        let answer = |text| Dice::of("test").text(text).number(7).below(1_000_000);
        assert_eq!(answer("а"), answer("а"));
        assert_ne!(answer("а"), answer("б"));
    }

    #[test]
    fn the_bell_has_its_deviation() {
        let rolls: Vec<i64> = (0..4000).map(|n| Dice::of("bell").number(n).bell(650)).collect();
        let mean = rolls.iter().sum::<i64>() / 4000;
        let variance = rolls.iter().map(|roll| (roll - mean).pow(2)).sum::<i64>() / 4000;
        assert!(mean.abs() < 30, "{mean}");
        assert!((600 * 600..700 * 700).contains(&variance), "{variance}");
    }
}
