//! Bringing together what is alike, faster than by comparing all with all.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Shows every group of two or more items that have the same key, each in the order the items
/// came in; in which order the groups come, nothing is promised.
///
/// Items are first dealt out, in one go from end to end, into parts small enough for a processor to
/// keep at hand, by a hash of the key; then only those of one part are compared.
pub(super) fn each_alike<T: Copy, K: Copy + Ord + Hash>(
    items: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
    mut show: impl FnMut(&[T]),
) {
    let mut alike = Vec::new();
    for part in parts(items, &key) {
        // Another half of the hash than the one that chose the part.
        let hashed = |(place, item)| ((hash_of(&key(item)) >> 32) as u16, place);
        let mut hashed: Vec<(u16, usize)> = part.iter().enumerate().map(hashed).collect();
        sort_by_bits(&mut hashed, u16::BITS, |(hash, _)| u64::from(*hash));
        let same_hash = hashed.chunk_by(|one, other| one.0 == other.0);
        for places in same_hash.filter(|places| places.len() > 1) {
            alike.clear();
            alike.extend(places.iter().filter_map(|(_, place)| part.get(*place).copied()));
            alike.sort_by_key(&key);
            alike
                .chunk_by(|one, other| key(one) == key(other))
                .filter(|same| same.len() > 1)
                .for_each(&mut show);
        }
    }
}

/// Items dealt out so that those with the same key are in one part.
fn parts<T, K: Hash>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<Vec<T>> {
    /// So many of some forty bytes are at hand in a processor's second cache.
    const AT_HAND: usize = 4_096;
    /// More would be more than it can write to at a time.
    const MOST: usize = 512;

    let count = items.size_hint().1.unwrap_or_default();
    let number = (count / AT_HAND).next_power_of_two().min(MOST);
    // A hash deals out evenly but for a few in a hundred.
    let room = count / number + count / number / 16;
    let mut parts: Vec<Vec<T>> = (0..number).map(|_| Vec::with_capacity(room)).collect();
    for item in items {
        let part = hash_of(&key(&item)) as usize & (number - 1);
        if let Some(part) = parts.get_mut(part) {
            part.push(item);
        }
    }
    parts
}

/// Puts items in the order of the low bits of a key; equal ones stay as they stood.
///
/// One pass over all items for every eight bits, where a sort by comparison takes one for every
/// bit of their number.
pub(super) fn sort_by_bits<T: Copy>(items: &mut Vec<T>, bits: u32, key: impl Fn(&T) -> u64) {
    /// With fewer, counting costs more than comparing.
    const FEW: usize = 512;

    if items.len() < FEW {
        let mask = 1_u64.checked_shl(bits).map_or(u64::MAX, |end| end - 1);
        return items.sort_by_key(|item| key(item) & mask);
    }
    let mut sorted = items.clone();
    for shift in (0..bits).step_by(8) {
        let mask = 0xff >> 8_u32.saturating_sub(bits - shift);
        let digit = |item: &T| (key(item) >> shift & mask) as usize;
        let mut next = [0_usize; 256];
        for item in items.iter() {
            if let Some(count) = next.get_mut(digit(item)) {
                *count += 1;
            }
        }
        let mut before = 0;
        for count in &mut next {
            (*count, before) = (before, before + *count);
        }
        for item in items.iter() {
            if let Some(next) = next.get_mut(digit(item))
                && let Some(slot) = sorted.get_mut(*next)
            {
                *slot = *item;
                *next += 1;
            }
        }
        core::mem::swap(items, &mut sorted);
    }
}

fn hash_of(thing: &impl Hash) -> u64 {
    let mut mixed = Mixed(0);
    thing.hash(&mut mixed);
    mixed.finish()
}

/// A hash that differs with every bit of what is hashed, quickly. It withstands nobody who makes
/// collisions on purpose: those would cost time, never a wrong answer.
struct Mixed(u64);

impl Mixed {
    fn mix(&mut self, word: u64) {
        // An odd number whose bits are in no order (the fraction of the golden ratio), after a
        // rotation that brings the upper bits, which a product mixes well, down again.
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.mix(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn shown<T: Copy, K: Copy + Ord + Hash>(items: &[T], key: impl Fn(&T) -> K) -> Vec<Vec<T>> {
        let mut groups = Vec::new();
        each_alike(items.iter().copied(), key, |same| groups.push(same.to_vec()));
        groups
    }

    #[test]
    fn every_group_is_shown_whole_and_in_order() {
        // With 50 000 keys many a hash is that of two of them, which must not be taken for one. Cubes,
        // for the hashes of numbers that follow each other lie too evenly to meet.
        let counts = [(0, 1), (1, 1), (2, 1), (3_000, 1), (3_000, 1_009), (60_000, 50_021)];
        for (count, kinds) in counts {
            let items: Vec<(u64, u64)> =
                (0..count).map(|n: u64| ((n * 31 % kinds).pow(3), n)).collect();
            let mut expected: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
            for item in &items {
                expected.entry(item.0).or_default().push(*item);
            }
            expected.retain(|_, same| same.len() > 1);

            let mut groups = shown(&items, |(key, _)| *key);
            groups.sort();
            assert_eq!(groups, expected.into_values().collect::<Vec<_>>(), "{count}, {kinds}");
        }
    }

    #[test]
    fn a_part_has_room_for_what_comes_and_not_for_much_more() {
        let parts = parts(0..131_071_u32, |n: &u32| hash_of(n));
        // A thirty-second of all, and a sixteenth of that.
        let (room, roomy) = (4_350, parts.iter().filter(|part| part.len() <= 4_350));
        assert!(roomy.clone().count() > 30 && roomy.clone().all(|part| part.capacity() == room));
    }

    #[test]
    fn every_byte_of_a_text_changes_its_hash() {
        let text = *b"eschool-core";
        for at in 0..text.len() {
            let hash = |byte: u8| {
                let mut text = text;
                text[at] = byte;
                hash_of(&text)
            };
            let hashes: alloc::collections::BTreeSet<u64> = (0..=u8::MAX).map(hash).collect();
            assert_eq!(hashes.len(), 256, "{at}");
        }
    }

    #[test]
    fn every_part_of_a_key_changes_its_hash() {
        let hashes = |hash: &dyn Fn(u8) -> u64| {
            (0..=u8::MAX).map(hash).collect::<alloc::collections::BTreeSet<u64>>().len()
        };
        assert_eq!(hashes(&|n| hash_of(&(112_233_445_u32, n))), 256);
        assert_eq!(hashes(&|n| hash_of(&(u32::from(n), 95_u8))), 256);
        assert_eq!(hashes(&|n| hash_of(&usize::from(n))), 256);
    }

    #[test]
    fn any_key_is_dealt_out_evenly() {
        let deals_evenly = |parts: Vec<usize>| {
            let (least, most) = (parts.iter().min().unwrap(), parts.iter().max().unwrap());
            assert!(parts.len() == 32 && *least > 3_600 && *most < 4_600, "{least} to {most}");
        };
        fn sizes<K: Hash>(key: impl Fn(u128) -> K) -> Vec<usize> {
            parts((0..131_071).map(key), |key| hash_of(key)).iter().map(Vec::len).collect()
        }
        deals_evenly(sizes(|n| n as u32));
        deals_evenly(sizes(|n| (n as u32 * 1_000, (n % 101) as u8)));
        deals_evenly(sizes(|n| (0x0193_79ab << 96 | n).to_be_bytes()));
        deals_evenly(sizes(|n| core::array::from_fn::<u8, 32, _>(|i| (n >> (8 * (i % 4))) as u8)));
    }

    proptest! {
        #[test]
        fn sorting_by_bits_is_sorting_by_what_they_say(
            keys in prop_oneof![
                prop::collection::vec(any::<u64>(), 0..40),
                prop::collection::vec(any::<u64>(), 512..700),
                prop::collection::vec(0_u64..4, 512..700),
            ],
            bits in 0_u32..=64,
        ) {
            let mut items: Vec<(u64, usize)> =
                keys.into_iter().enumerate().map(|(place, key)| (key, place)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| u128::from(*key) % (1 << bits));
            sort_by_bits(&mut items, bits, |(key, _)| *key);
            prop_assert_eq!(items, expected);
        }
    }
}
