use insta::assert_snapshot;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::journal::{Mean, Points, Weight};

/// A subject with these marks and weights, each for «Контрольная работа».
fn subject(marks: &[(&str, &str)]) -> SubjectSummary {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let marked = marks.iter().enumerate().map(|(n, (value, weight))| {
        let (work, mark) = mark(n, &physics, value, weight);
        let mark = DiaryMark {
            id: mark.id,
            value: mark.value,
            work: WorkKind("Контрольная работа".into()),
            title: work.title,
            weight: work.weight,
            comment: None,
            closed_by: None,
        };
        MarkedWork { date: physics.date, mark }
    });
    SubjectSummary {
        subject: "Физика".into(),
        topics: vec![],
        homework: vec![],
        marks: marked.collect(),
        mean: None,
        finals: vec![],
        attendance: AttendanceTotals::default(),
        debts: 0,
        unfilled: 0,
        lessons: 0,
        last_write: None,
        words: WordTotals::default(),
        final_against_mean: None,
        grading: Grading::default(),
    }
}

fn work(kind: &str, weight: &str) -> WorkToCome {
    WorkToCome { kind: WorkKind(kind.into()), weight: weight.parse().unwrap() }
}

fn given(value: &str, weight: &str) -> Given {
    Given { value: value.parse().unwrap(), weight: weight.parse().unwrap() }
}

#[test]
fn a_mean_after_marks_to_come_is_that_of_all_together() {
    let cases = [
        (&[][..], &[][..], None),
        (&[], &[("4", "1")], Some("4.00")),
        (&[("4", "1")], &[], Some("4.00")),
        (&[("4", "5")], &[("5", "3")], Some("4.38")),
        (&[("3", "1"), ("4", "1")], &[("5", "1"), ("5", "1")], Some("4.25")),
        // Debts and words count neither here nor there; a sign does not count.
        (&[("4-", "1"), (".", "5")], &[("5+", "1"), (".", "9"), ("н/а", "9")], Some("4.50")),
        (&[("н/а", "1")], &[("осв", "1")], None),
    ];
    for (marks, more, expected) in cases {
        let more: Vec<_> = more.iter().map(|(value, weight)| given(value, weight)).collect();
        let mean = what_if(&subject(marks), &more).map(|mean| mean.to_string());
        assert_eq!(mean.as_deref(), expected, "{marks:?} {more:?}");
    }
}

#[test]
fn what_can_be_said_of_a_target() {
    use TargetVerdict::{AboveScale, Never, Reachable, Reached, TooFar};
    let test = || vec![work("Тест", "1")];
    let cases = [
        (&[("4", "1")][..], 400, test(), Reached),
        (&[("4", "1")], 401, test(), Reachable),
        (&[("5", "1")], 500, test(), Reached),
        (&[("5", "1")], 501, test(), AboveScale),
        (&[("4", "1")], 500, test(), Never),
        (&[("4", "1")], 450, vec![], Never),
        // No marks: the first one decides.
        (&[], 500, test(), Reachable),
        (&[], 100, test(), Reachable),
        // 4.495 is shown as 4.50 and is less.
        (&[("4", "1.01"), ("5", "0.99")], 450, test(), Reachable),
        // From 2 of weight 10 to 4.5 by fives of weight 1 it takes fifty.
        (&[("2", "10")], 450, test(), TooFar),
        (&[("2", "4")], 450, test(), Reachable), // exactly twenty
        (&[("2", "4.01")], 450, test(), TooFar),
    ];
    for (marks, target, works, expected) in cases {
        let ways = ways_to(&subject(marks), target, &works);
        assert_eq!(ways.verdict, expected, "{marks:?} {target}");
        assert_eq!(ways.ways.is_empty(), expected != Reachable, "{marks:?} {target}");
    }
}

#[test]
fn what_is_to_come_is_reckoned_by_the_schools_own_rules() {
    let five = Points::try_from(5).unwrap();
    let strict = Grading::default().with_sign(30).unwrap().with_threshold(five, 460).unwrap();
    let mut physics = subject(&[("4-", "1"), ("5", "1")]);
    physics.grading = strict;
    let mean = |given: &[Given]| what_if(&physics, given).unwrap();
    assert_eq!((mean(&[]).sum(), mean(&[]).weights()), (87, 20)); // 3.70 and 5
    assert_eq!(mean(&[given("4+", "1"), given(".", "9")]).to_string(), "4.33"); // 13.00 : 3

    let ways = ways_to(&physics, strict.threshold(five).into(), &[work("Тест", "1")]);
    assert_eq!(ways.ways[0].text_ru(), "ещё две пятёрки за тест");
    assert_eq!(ways.ways[0].mean.to_string(), "4.68"); // 18.70 : 4
}

#[test]
fn in_the_pupils_favour_a_target_is_reached_when_it_is_shown() {
    let test = [work("Тест", "1")];
    // 4.495; with a mark below 5 no mean is 5, but 4.995 is shown as 5.00.
    let mut physics = subject(&[("4", "1.01"), ("5", "0.99")]);
    assert_eq!(ways_to(&physics, 450, &test).verdict, TargetVerdict::Reachable);
    assert_eq!(ways_to(&physics, 500, &test).verdict, TargetVerdict::Never);
    physics.grading = Grading::default().with_favour(true);
    assert_eq!(ways_to(&physics, 450, &test).verdict, TargetVerdict::Reached);
    assert_eq!(ways_to(&physics, 500, &test).verdict, TargetVerdict::TooFar);
    let ways = ways_to(&physics, 500, &[work("Тест", "100")]);
    assert_eq!(ways.ways[0].text_ru(), "ещё две пятёрки за тест");
    assert_eq!(ways.ways[0].mean.to_string(), "5.00");
}

#[test]
fn works_are_those_met_with_their_latest_weight() {
    let mut physics = subject(&[("5", "1"), ("5", "2"), ("5", "3"), ("5", "4")]);
    for (mark, kind) in physics.marks.iter_mut().zip(["Тест", "", "Ответ", "Тест"]) {
        mark.mark.work = WorkKind(kind.into());
    }
    assert_eq!(works_met(&physics), [work("Тест", "4"), work("Ответ", "3")]);
}

#[test]
fn ways_as_a_pupil_reads_them() {
    let works = [
        work("Контрольная работа", "5"),
        work("Ответ на уроке", "3"),
        work("Домашняя работа", "1"),
    ];
    let marks = [("4", "5"), ("4", "3"), ("3", "1"), ("5", "3")];
    let told = |target| {
        let ways = ways_to(&subject(&marks), target, &works).ways;
        let line = |way: &Way| format!("{}: {} / {}", way.mean, way.text_ru(), way.text_en());
        ways.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(told(450), @r"
    4.55: ещё две пятёрки за контрольную / two more fives for «Контрольная работа»
    4.52: ещё три пятёрки за ответ на уроке / three more fives for «Ответ на уроке»
    4.50: ещё восемь пятёрок за домашнюю работу / eight more fives for «Домашняя работа»
    ");
    assert_snapshot!(told(430), @r"
    4.41: ещё одна пятёрка за контрольную / one more five for «Контрольная работа»
    4.33: ещё одна пятёрка за ответ на уроке / one more five for «Ответ на уроке»
    4.33: ещё три пятёрки за домашнюю работу / three more fives for «Домашняя работа»
    ");
    let weak = |target| {
        let ways = ways_to(&subject(&[("2", "1")]), target, &works[2..]).ways;
        ways.iter().map(Way::text_ru).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(weak(350), @r"
    ещё одна пятёрка за домашнюю работу
    ещё три четвёрки за домашнюю работу
    ");
    assert_snapshot!(weak(365), @r"
    ещё одна пятёрка и одна четвёрка за домашнюю работу
    ещё пять четвёрок за домашнюю работу
    ");
    assert_snapshot!(weak(270), @r"
    ещё одна четвёрка за домашнюю работу
    ещё три тройки за домашнюю работу
    ");
}

#[test]
fn a_way_from_elsewhere_may_have_any_number_of_marks() {
    let way: Way = serde_json::from_str(
        r#"{"marks": [{"points": 5, "count": 4294967295}, {"points": 4, "count": 1}],
            "kind": "Тест", "weight": "1", "mean": {"sum": 5, "weights": 1}}"#,
    )
    .unwrap();
    assert_eq!(way.count(), u32::MAX);
}

#[test]
fn ways_on_the_wire() {
    let ways = ways_to(&subject(&[("4", "1")]), 460, &[work("Тест", "1")]);
    insta::assert_json_snapshot!(ways, @r#"
    {
      "verdict": "reachable",
      "ways": [
        {
          "marks": [
            {
              "points": 5,
              "count": 2
            }
          ],
          "kind": "Тест",
          "weight": "1",
          "mean": {
            "sum": 14,
            "weights": 3,
            "shown": "4.67"
          }
        }
      ]
    }
    "#);
}

/// Whether the marks of the subject with these beside reach the target, by the definition alone.
fn reaches(marks: &[(u8, u32)], more: &[(u8, u32)], target: u64) -> bool {
    let all = || marks.iter().chain(more);
    let sum: u64 = all().map(|(points, weight)| u64::from(*points) * u64::from(*weight)).sum();
    let weights: u64 = all().map(|(_, weight)| u64::from(*weight)).sum();
    weights > 0 && sum * 100 >= target * weights
}

/// The fewest marks, of any points for any of the works, that reach the target; up to `most`.
fn fewest(marks: &[(u8, u32)], works: &[u32], target: u64, most: usize) -> Option<usize> {
    let one_more = |ways: &[Vec<(u8, u32)>]| -> Vec<Vec<(u8, u32)>> {
        let all = works.iter().flat_map(|weight| (1..=5).map(|points| (points, *weight)));
        let all: Vec<_> = all.collect();
        let longer = ways.iter().flat_map(|way| {
            // A way is a multiset: its marks may stand in order.
            let next = all.iter().filter(|next| way.last().is_none_or(|last| last <= next));
            next.map(|next| way.iter().copied().chain([*next]).collect())
        });
        longer.collect()
    };
    let mut ways = vec![vec![]];
    for count in 0..=most {
        if ways.iter().any(|way| reaches(marks, way, target)) {
            return Some(count);
        }
        ways = one_more(&ways);
    }
    None
}

proptest! {
    #[test]
    fn ways_are_the_shortest_there_are(
        marks in vec((1_u8..=5, 1_u32..=300), 0..6),
        weights in vec(1_u32..=500, 1..3),
        target in 100_u32..=500,
    ) {
        let as_weight = |hundredths| Weight::from_hundredths(hundredths).unwrap().to_string();
        let texts: Vec<_> =
            marks.iter().map(|(points, w)| (points.to_string(), as_weight(*w))).collect();
        let texts: Vec<_> = texts.iter().map(|(p, w)| (p.as_str(), w.as_str())).collect();
        let physics = subject(&texts);
        let works: Vec<_> = weights.iter().map(|w| work("Тест", &as_weight(*w))).collect();
        let Ways { verdict, ways } = ways_to(&physics, target, &works);

        let most = 4;
        match fewest(&marks, &weights, target.into(), most) {
            Some(0) => prop_assert_eq!(&verdict, &TargetVerdict::Reached),
            Some(count) => {
                prop_assert_eq!(&verdict, &TargetVerdict::Reachable);
                prop_assert_eq!(ways[0].count() as usize, count);
            }
            None => prop_assert!(ways.iter().all(|way| way.count() as usize > most)),
        }

        for way in &ways {
            let weight = way.weight.hundredths();
            let more: Vec<_> = way
                .marks
                .iter()
                .flat_map(|marks| core::iter::repeat_n((marks.points.get(), weight), marks.count as usize))
                .collect();
            prop_assert!(reaches(&marks, &more, target.into()));
            // None of its marks can be left out or be less.
            for at in 0..more.len() {
                let mut weaker = more.clone();
                if weaker[at].0 == 1 {
                    continue;
                }
                weaker[at].0 -= 1;
                prop_assert!(!reaches(&marks, &weaker, target.into()));
                let mut shorter = more.clone();
                shorter.remove(at);
                // Fewer marks no better than the best of these do not reach it either.
                let best = more.iter().map(|(points, _)| *points).max().unwrap();
                shorter.iter_mut().for_each(|(points, _)| *points = best);
                prop_assert!(!reaches(&marks, &shorter, target.into()));
            }
            let given: Vec<_> = more
                .iter()
                .map(|(points, _)| given(&points.to_string(), &way.weight.to_string()))
                .collect();
            prop_assert_eq!(what_if(&physics, &given), Some(way.mean));
        }
        let order: Vec<_> = ways.iter().map(Way::count).collect();
        prop_assert!(order.is_sorted());
    }

    #[test]
    fn a_mean_after_marks_to_come_does_not_ask_which_came_first(
        marks in vec((1_u8..=5, 1_u32..=300), 1..6), at in 0_usize..6,
    ) {
        let at = at.min(marks.len());
        let text = |(points, weight): &(u8, u32)| {
            (points.to_string(), Weight::from_hundredths(*weight).unwrap().to_string())
        };
        let texts: Vec<_> = marks.iter().map(text).collect();
        let (past, to_come) = texts.split_at(at);
        let past: Vec<_> = past.iter().map(|(p, w)| (p.as_str(), w.as_str())).collect();
        let to_come: Vec<_> = to_come.iter().map(|(p, w)| given(p, w)).collect();
        let all = marks.iter().map(|(points, weight)| {
            (Points::try_from(*points).unwrap(), Weight::from_hundredths(*weight).unwrap())
        });
        prop_assert_eq!(what_if(&subject(&past), &to_come), Mean::of(all));
    }
}
