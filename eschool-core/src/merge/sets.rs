//! Things joined into sets.

use alloc::vec::Vec;

/// The numbers from 0 up in sets that can only grow together.
///
/// Each set is a tree under its smallest number, and a ring through all of it.
pub(super) struct Sets {
    above: Vec<usize>,
    next: Vec<usize>,
}

impl Sets {
    /// Every number by itself.
    pub(super) fn of(count: usize) -> Self {
        Self { above: (0..count).collect(), next: (0..count).collect() }
    }

    /// The smallest number of the set, by a path that is halved for the next time.
    pub(super) fn smallest(&mut self, mut number: usize) -> usize {
        loop {
            let above = link(&self.above, number);
            if above == number {
                return number;
            }
            let higher = link(&self.above, above);
            if let Some(cell) = self.above.get_mut(number) {
                *cell = higher;
            }
            number = higher;
        }
    }

    /// Makes one set of the sets of two numbers.
    pub(super) fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.smallest(left), self.smallest(right));
        if left == right {
            return;
        }
        if let Some(cell) = self.above.get_mut(left.max(right)) {
            *cell = left.min(right);
        }
        // Two rings that swap one link are one ring.
        self.next.swap(left, right);
    }

    /// The whole set of a number, beginning with it.
    pub(super) fn ring(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let onward = move |at: &usize| Some(link(&self.next, *at)).filter(|next| *next != number);
        core::iter::successors(Some(number), onward)
    }
}

fn link(links: &[usize], number: usize) -> usize {
    links.get(number).copied().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn sets_grow_together_under_their_smallest_number() {
        let mut sets = Sets::of(7);
        for (left, right) in [(5, 3), (6, 1), (3, 6), (5, 1)] {
            sets.join(left, right);
        }
        let smallest: Vec<_> = (0..7).map(|number| sets.smallest(number)).collect();
        assert_eq!(smallest, [0, 1, 2, 1, 4, 1, 1]);
        let mut ring: Vec<_> = sets.ring(3).collect();
        assert_eq!(ring.first(), Some(&3));
        ring.sort_unstable();
        assert_eq!(ring, [1, 3, 5, 6]);
        assert_eq!(sets.ring(0).collect::<Vec<_>>(), vec![0]);
    }
}
