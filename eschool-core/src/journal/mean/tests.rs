use alloc::{format, string::ToString, vec::Vec};

use proptest::prelude::*;

use super::{Mean, MeanError};
use crate::journal::{Points, Weight};

fn mark(points: u8, hundredths: u32) -> (Points, Weight) {
    (Points::try_from(points).unwrap(), Weight::from_hundredths(hundredths).unwrap())
}

#[test]
fn the_mean_is_exact_and_shown_half_up() {
    let cases = [
        (&[(5, 300), (4, 500), (3, 100)][..], (38, 9), "4.22", 4),
        (&[(5, 100)], (5, 1), "5.00", 5),
        (&[(2, 1), (3, 1)], (5, 2), "2.50", 3),
        (&[(2, 201), (3, 199)], (999, 400), "2.50", 2),
        // 1⁄3 and 2⁄3 have no decimals to be exact in.
        (&[(4, 200), (5, 100)], (13, 3), "4.33", 4),
        (&[(4, 100), (5, 200)], (14, 3), "4.67", 5),
        // Equal marks count as often as they stand; so do weights of less than one.
        (&[(5, 50), (5, 50), (2, 100)], (7, 2), "3.50", 4),
    ];
    for (marks, ratio, shown, rounded) in cases {
        let mean = Mean::of(marks.iter().map(|(points, weight)| mark(*points, *weight))).unwrap();
        assert_eq!((mean.sum(), mean.weights()), ratio, "{marks:?}");
        assert_eq!(
            (mean.to_string().as_str(), mean.rounded().get()),
            (shown, rounded),
            "{marks:?}"
        );
    }
}

#[test]
fn a_half_goes_up_even_where_no_binary_fraction_can_hold_it() {
    let cases = [
        (401, 200, "2.01"),     // 2.005
        (669, 200, "3.35"),     // 3.345
        (6_689, 2_000, "3.34"), // 3.3445
        (833, 200, "4.17"),     // 4.165
        (999, 200, "5.00"),     // 4.995
        (9_989, 2_000, "4.99"), // 4.9945
        (1, 1, "1.00"),
        (u64::MAX, u64::MAX / 5, "5.00"),
    ];
    for (sum, weights, shown) in cases {
        assert_eq!(Mean::from_ratio(sum, weights).unwrap().to_string(), shown, "{sum}/{weights}");
    }
}

#[test]
fn no_marks_have_no_mean() {
    assert_eq!(Mean::of([]), None);
}

#[test]
fn what_is_no_mean_is_refused() {
    for (sum, weights) in [(0, 0), (5, 0), (0, 1), (4, 5), (51, 10), (u64::MAX, 1)] {
        let refused = MeanError::OutOfScale { sum, weights };
        assert_eq!(Mean::from_ratio(sum, weights), Err(refused), "{sum}/{weights}");
        let json = format!(r#"{{"sum":{sum},"weights":{weights},"shown":"4.00"}}"#);
        assert!(serde_json::from_str::<Mean>(&json).is_err(), "{json}");
    }
}

#[test]
fn what_is_shown_is_made_anew() {
    let mean: Mean = serde_json::from_str(r#"{"sum":74,"weights":16,"shown":"5.00"}"#).unwrap();
    assert_eq!(serde_json::to_string(&mean).unwrap(), r#"{"sum":37,"weights":8,"shown":"4.63"}"#);
}

proptest! {
    #[test]
    fn the_mean_is_that_of_each_mark_repeated(
        marks in prop::collection::vec((1_u8..=5, 1_u32..=300), 1..20),
    ) {
        let mean = Mean::of(marks.iter().map(|(p, w)| mark(*p, *w))).unwrap();
        // The naive model: a mark of weight n is n marks of weight 1.
        let all: Vec<u64> =
            marks.iter().flat_map(|(p, w)| core::iter::repeat_n(u64::from(*p), *w as usize)).collect();
        let (sum, count) = (all.iter().sum::<u64>(), all.len() as u64);
        prop_assert_eq!(mean.sum() * count, sum * mean.weights());
        let hundredths = (sum * 200 + count) / (2 * count);
        prop_assert_eq!(mean.to_string(), format!("{}.{:02}", hundredths / 100, hundredths % 100));

        let least = marks.iter().map(|(p, _)| *p).min().unwrap();
        let greatest = marks.iter().map(|(p, _)| *p).max().unwrap();
        prop_assert!((least..=greatest).contains(&mean.rounded().get()));

        let json = serde_json::to_string(&mean).unwrap();
        prop_assert_eq!(serde_json::from_str::<Mean>(&json).unwrap(), mean);
    }

    #[test]
    fn means_are_ordered_as_their_ratios(
        a in (1_u64..1_000, 1_u64..1_000), b in (1_u64..1_000, 1_u64..1_000), scale in 1_u64..50,
    ) {
        if let (Ok(x), Ok(y)) = (Mean::from_ratio(a.0, a.1), Mean::from_ratio(b.0, b.1)) {
            prop_assert_eq!(x.cmp(&y), (a.0 * b.1).cmp(&(b.0 * a.1)));
            prop_assert_eq!(x.cmp(&y).is_eq(), x == y);
            prop_assert_eq!(Mean::from_ratio(a.0 * scale, a.1 * scale), Ok(x));
        }
    }
}
