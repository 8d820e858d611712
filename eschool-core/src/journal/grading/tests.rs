use alloc::{format, string::ToString};

use proptest::prelude::*;

use super::*;

fn points(points: u8) -> Points {
    Points::try_from(points).unwrap()
}

fn mean(sum: u64, weights: u64) -> Mean {
    Mean::from_ratio(sum, weights).unwrap()
}

#[test]
fn a_threshold_lies_above_the_mark_below_and_not_above_its_own() {
    for mark in 2..=5_u8 {
        let (below, own) = (100 * u16::from(mark - 1), 100 * u16::from(mark));
        for (hundredths, good) in [
            (0, false),
            (below, false),
            (below + 1, true),
            (own - 50, true),
            (own, true),
            (own + 1, false),
            (u16::MAX, false),
        ] {
            let rules = Grading::default().with_threshold(points(mark), hundredths);
            match rules {
                Ok(rules) => {
                    assert!(good, "{mark} {hundredths}");
                    assert_eq!(rules.threshold(points(mark)), hundredths);
                }
                Err(error) => {
                    assert!(!good, "{mark} {hundredths}");
                    assert_eq!(error.code(), "grading_threshold");
                    let field = format!("thresholds.{mark}");
                    assert_eq!(error.field(), Some(field.as_str()));
                    assert_eq!(error.value(), Some(hundredths.to_string()));
                    let told = format!("`{field}` is `{hundredths}`");
                    assert!(error.to_string().contains(&told), "{error}");
                }
            }
        }
    }
    let error = Grading::default().with_threshold(points(1), 100).unwrap_err();
    assert_eq!(error.field(), Some("thresholds.1"));
}

#[test]
fn a_sign_counts_less_than_half_a_mark() {
    for (hundredths, good) in [(0, true), (49, true), (50, false), (u16::MAX, false)] {
        let rules = Grading::default().with_sign(hundredths);
        assert_eq!(rules.is_ok(), good, "{hundredths}");
        assert_eq!(rules.ok().map(|rules| rules.sign()), good.then_some(hundredths));
    }
}

#[test]
fn no_mark_counts_beyond_the_scale() {
    let ours = Grading::default().with_sign(49).unwrap();
    for (mark, worth) in
        [("5+", 500), ("5", 500), ("5-", 451), ("2+", 249), ("1+", 149), ("1", 100), ("1-", 100)]
    {
        assert_eq!(ours.worth(&mark.parse().unwrap()), Some(worth), "{mark}");
    }
}

#[test]
fn a_mean_comes_to_the_best_mark_it_reaches() {
    let strict = Grading::default().with_threshold(points(5), 460).unwrap();
    let strict = strict.with_threshold(points(3), 300).unwrap();
    for (mean, plain, ours) in [
        (mean(5, 1), 5, 5),
        (mean(46, 10), 5, 5),
        (mean(4_599, 1_000), 5, 4),
        (mean(9, 2), 5, 4),
        (mean(449, 100), 4, 4),
        (mean(7, 2), 4, 4),
        (mean(349, 100), 3, 3),
        (mean(299, 100), 3, 2),
        (mean(5, 2), 3, 2),
        (mean(3, 2), 2, 2),
        (mean(149, 100), 1, 1),
        (mean(1, 1), 1, 1),
    ] {
        assert_eq!(Grading::default().proposed(mean).get(), plain, "{mean}");
        assert_eq!(strict.proposed(mean).get(), ours, "{mean}");
    }
}

#[test]
fn in_the_pupils_favour_what_is_shown_decides() {
    let favour = Grading::default().with_favour(true);
    assert_eq!(favour.proposed(mean(899, 200)).get(), 5); // 4.495
    assert_eq!(favour.proposed(mean(44_949, 10_000)).get(), 4); // 4.4949
    assert!(favour.reaches(mean(1, 1), 0));
}

#[test]
fn what_contradicts_is_refused_on_the_wire() {
    for (json, field) in [
        (r#"{"sign": 50}"#, "sign"),
        (r#"{"thresholds": {"5": 501}}"#, "thresholds.5"),
        (r#"{"thresholds": {"4": 450}}"#, "thresholds.4"),
        (r#"{"thresholds": {"3": 200}}"#, "thresholds.3"),
        (r#"{"thresholds": {"2": 0}}"#, "thresholds.2"),
    ] {
        let error = serde_json::from_str::<Grading>(json).unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
    assert!(serde_json::from_str::<Grading>("{}").unwrap().is_plain());
}

proptest! {
    #[test]
    fn plain_rules_are_those_of_the_mean_itself(
        marks in prop::collection::vec((1_u8..=5, 0_u8..3, 1_u32..=10_000), 0..12),
    ) {
        let marks = marks.into_iter().map(|(points, sign, weight)| {
            let text = format!("{points}{}", ["", "+", "-"][usize::from(sign)]);
            (text.parse::<MarkValue>().unwrap(), Weight::from_hundredths(weight).unwrap())
        });
        let marks: alloc::vec::Vec<_> = marks.collect();
        let rules = Grading::default();
        let mean = rules.mean(marks.iter().map(|(mark, weight)| (mark, *weight)));
        prop_assert_eq!(mean, Mean::of(marks.iter().map(|(m, w)| (m.points().unwrap(), *w))));
        if let Some(mean) = mean {
            prop_assert_eq!(rules.proposed(mean), mean.rounded());
        }
    }

    #[test]
    fn what_is_shown_and_what_is_exact_are_told_apart(
        sum in 1_u64..5_000, weights in 1_u64..1_000, hundredths in 0_u16..=500,
    ) {
        if let Ok(mean) = Mean::from_ratio(sum, weights) {
            let exact = sum * 100 >= u64::from(hundredths) * weights;
            prop_assert_eq!(Grading::default().reaches(mean, hundredths), exact);
            let shown: u16 = mean.to_string().replace('.', "").parse().unwrap();
            let favour = Grading::default().with_favour(true);
            prop_assert_eq!(favour.reaches(mean, hundredths), shown >= hundredths);
        }
    }

    #[test]
    fn rules_cross_the_wire(
        sign in 0_u16..50, two in 101_u16..=200, five in 401_u16..=500, favour in any::<bool>(),
    ) {
        let rules = Grading::default().with_sign(sign).unwrap().with_favour(favour);
        let rules = rules.with_threshold(points(2), two).unwrap();
        let rules = rules.with_threshold(points(5), five).unwrap();
        let json = serde_json::to_string(&rules).unwrap();
        prop_assert_eq!(serde_json::from_str::<Grading>(&json).unwrap(), rules);
    }
}
