use insta::assert_json_snapshot;

use super::*;
use crate::journal::{FinalKind, FinalMark, Points};

fn closing(subject: &str, kind: FinalKind, term: &str, value: &str) -> FinalMark {
    FinalMark {
        pupil: PUPIL,
        subject: subject.into(),
        kind,
        term: term.into(),
        year: 2024,
        value: value.parse().unwrap(),
    }
}

/// The finals of four quarters.
fn quarters(values: [&str; 4]) -> Vec<FinalMark> {
    let term = |(n, value): (u8, &str)| {
        closing("Физика", FinalKind::Term, &format!("{n} четверть"), value)
    };
    (1..).zip(values).map(term).collect()
}

fn against(finals: Vec<FinalMark>, grading: &Grading) -> Option<(u8, u8)> {
    let year = year_finals(PUPIL, 2024, finals, grading);
    year.subjects[0].final_against_mean.map(|a| (a.final_points.get(), a.mean.get()))
}

#[test]
fn a_year_is_held_against_the_mean_of_its_terms() {
    let strict = Grading::default().with_threshold(Points::try_from(5).unwrap(), 460).unwrap();
    for (values, closed, plain, ours) in [
        (["4", "5", "4", "5"], "5", None, Some((5, 4))),
        (["4", "5", "4", "5"], "4", Some((4, 5)), None),
        (["4", "4", "5", "4-"], "4", None, None),
        // Words are no part of the mean.
        (["н/а", "3", "осв", "4"], "3", Some((3, 4)), Some((3, 4))),
        (["зачёт", "зачёт", "н/а", "осв"], "5", None, None),
        (["5", "5", "5", "5"], "н/а", None, None),
    ] {
        let mut finals = quarters(values);
        finals.push(closing("Физика", FinalKind::Year, "", closed));
        assert_eq!(against(finals.clone(), &Grading::default()), plain, "{values:?} {closed}");
        assert_eq!(against(finals, &strict), ours, "{values:?} {closed}");
    }
    assert_eq!(against(quarters(["5", "5", "2", "2"]), &strict), None);
}

#[test]
fn only_the_pupils_year_counts_and_of_two_that_close_the_same_the_first() {
    let mut finals = quarters(["4", "4", "4", "4"]);
    finals.reverse();
    finals.push(closing("Физика", FinalKind::Term, "1 четверть", "2"));
    finals.push(closing("Физика", FinalKind::Year, "", "4"));
    finals.push(closing("Физика", FinalKind::Year, "", "2"));
    finals.push(FinalMark { year: 2023, ..closing("Химия", FinalKind::Year, "", "2") });
    finals.push(FinalMark { pupil: CLASSMATE, ..closing("Труд", FinalKind::Year, "", "2") });
    finals.push(closing("Труд", FinalKind::Unknown("module".into()), "", "2"));
    let year = year_finals(PUPIL, 2024, finals, &Grading::default());
    let [physics] = &year.subjects[..] else { panic!("one subject: {year:?}") };
    let terms: Vec<_> = physics.terms.iter().map(|term| term.term.as_str()).collect();
    assert_eq!(terms, ["1 четверть", "2 четверть", "3 четверть", "4 четверть"]);
    assert_eq!(
        (physics.mean.unwrap().to_string().as_str(), &physics.year),
        ("4.00", &"4".parse().ok())
    );
    assert!(!format!("{year:?}").contains("value"));
}

#[test]
fn terms_stand_by_their_numbers() {
    let sorted = [
        &["1 модуль", "2 модуль", "9 модуль", "10 модуль", "11 модуль"][..],
        &["1 полугодие", "1 четверть", "2 четверть"],
        &["I четверть", "II четверть", "III четверть", "IV четверть"],
        &["Модуль 02", "Модуль 3", "Модуль 010"],
        // More digits than any number has.
        &["модуль 9", "модуль 99999999999999999999998", "модуль 99999999999999999999999"],
        &["", "Модуль", "Модуль 1"],
    ];
    for names in sorted {
        let finals = names.iter().rev().map(|name| closing("Физика", FinalKind::Term, name, "4"));
        let year = year_finals(PUPIL, 2024, finals.collect(), &Grading::default());
        let terms: Vec<_> = year.subjects[0].terms.iter().map(|term| term.term.as_str()).collect();
        assert_eq!(terms, names);
    }
}

#[test]
fn a_year_on_the_wire() {
    let mut finals = quarters(["4", "5", "н/а", "4"]);
    finals.push(closing("Физика", FinalKind::Year, "", "5"));
    finals.push(closing("Физика", FinalKind::Exam, "", "3"));
    finals.push(closing("Физика", FinalKind::Final, "", "4"));
    finals.push(closing("ОБЖ", FinalKind::Year, "", "осв"));
    let year = year_finals(PUPIL, 2024, finals, &Grading::default());
    let json = serde_json::to_string(&year).unwrap();
    assert_eq!(serde_json::from_str::<YearFinals>(&json).unwrap(), year);
    assert_json_snapshot!(year, @r#"
    {
      "pupil": "00000000-0000-0000-0000-000000000001",
      "year": 2024,
      "subjects": [
        {
          "subject": "ОБЖ",
          "terms": [],
          "year": "осв"
        },
        {
          "subject": "Физика",
          "terms": [
            {
              "term": "1 четверть",
              "value": "4"
            },
            {
              "term": "2 четверть",
              "value": "5"
            },
            {
              "term": "3 четверть",
              "value": "н/а"
            },
            {
              "term": "4 четверть",
              "value": "4"
            }
          ],
          "mean": {
            "sum": 13,
            "weights": 3,
            "shown": "4.33"
          },
          "year": "5",
          "exam": "3",
          "finalMark": "4",
          "finalAgainstMean": {
            "final": 5,
            "mean": 4
          }
        }
      ],
      "words": {
        "passed": 0,
        "failed": 0,
        "notAssessed": 1,
        "exempt": 1
      }
    }
    "#);
}
