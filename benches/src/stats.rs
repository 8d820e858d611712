//! What is said of a figure that was measured several times.

use serde::{Deserialize, Serialize};

/// A figure measured several times, in nanoseconds.
///
/// ```
/// use eschool_benches::stats::Measured;
///
/// let measured = Measured::of(vec![10.0, 14.0, 11.0, 900.0, 12.0]);
/// assert_eq!((measured.median, measured.mad), (12.0, 2.0));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The middle one: what a neighbour's burst of work does not move.
    pub median: f64,
    /// The middle distance from it: the noise.
    pub mad: f64,
    /// All of them, in the order they were measured.
    pub all: Vec<f64>,
}

impl Measured {
    /// What these figures come to.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn of(all: Vec<f64>) -> Self {
        let median = middle(all.clone());
        let mad = middle(all.iter().map(|figure| (figure - median).abs()).collect());
        Self { median, mad, all }
    }
}

fn middle(mut figures: Vec<f64>) -> f64 {
    assert!(!figures.is_empty(), "nothing was measured");
    figures.sort_unstable_by(f64::total_cmp);
    let half = figures.len() / 2;
    if figures.len() % 2 == 1 { figures[half] } else { (figures[half - 1] + figures[half]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_number_of_figures_has_its_middle_between_two() {
        let measured = Measured::of(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!((measured.median, measured.mad), (2.5, 1.0));
    }
}
