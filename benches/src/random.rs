//! Numbers that look random and are the same every time.

use uuid::{Builder, Uuid};

/// SplitMix64 by Steele, Lea and Flood: one addition and three multiplications a number, and no
/// dependency whose next version draws others.
///
/// ```
/// use eschool_benches::random::Random;
///
/// let (mut one, mut other) = (Random::seeded(7), Random::seeded(7));
/// assert_eq!(one.next(), other.next());
/// assert!(one.below(3) < 3);
/// ```
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers that belong to a seed.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound that is not zero. The bias is below 2⁻³² for the bounds used here.
    pub const fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// An identifier made at this time, in milliseconds since 1970: a UUIDv7.
    pub fn uuid(&mut self, now: u64) -> Uuid {
        let drawn = [self.next().to_le_bytes(), self.next().to_le_bytes()];
        let mut bytes = [0; 10];
        for (byte, drawn) in bytes.iter_mut().zip(drawn.as_flattened()) {
            *byte = *drawn;
        }
        Builder::from_unix_timestamp_millis(now, &bytes).into_uuid()
    }

    /// One of several things.
    ///
    /// # Panics
    /// If there is none.
    pub fn pick<'t, T: ?Sized>(&mut self, things: &[&'t T]) -> &'t T {
        things[self.below(things.len())]
    }

    /// Puts things in another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_algorithm() {
        let mut random = Random::seeded(1_234_567);
        let numbers = [random.next(), random.next(), random.next()];
        let published =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(numbers, published);
    }

    #[test]
    fn a_shuffle_loses_nothing() {
        let mut things: Vec<u32> = (0..100).collect();
        Random::seeded(1).shuffle(&mut things);
        assert!(!things.is_sorted());
        things.sort_unstable();
        assert_eq!(things, (0..100).collect::<Vec<_>>());
    }
}
