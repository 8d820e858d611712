//! Marks as chips, and the works they are for.

use std::borrow::Cow;

use eschool_core::{diary::DiaryMark, journal::MarkValue};

use super::{NBSP, date, number};

/// A mark as a small square.
pub(crate) struct Chip {
    /// What stands in it: «5», «4−», «зачёт», «•».
    pub(crate) text: String,
    /// What it means, where that is not what stands there.
    pub(crate) meaning: Option<Cow<'static, str>>,
    /// The class of its style.
    pub(crate) style: &'static str,
}

/// A mark with the work it is for.
pub(crate) struct MarkView {
    /// The mark.
    pub(crate) chip: Chip,
    /// The kind of work, unless the title says it already.
    pub(crate) kind: Option<String>,
    /// What the work was about.
    pub(crate) title: String,
    /// «вес 5».
    pub(crate) weight: String,
    /// What the teacher wrote beside it.
    pub(crate) comment: Option<String>,
}

impl Chip {
    /// The chip of a mark: a debt says what closed it.
    pub(crate) fn of_mark(mark: &DiaryMark) -> Self {
        let chip = Self::of(&mark.value);
        let Some(closing) = &mark.closed_by else { return chip };
        let meaning = format!(
            "долг закрыт {}: {}",
            date::day_month(closing.date),
            Self::of(&closing.value).text
        );
        Self { meaning: Some(meaning.into()), style: Self::CLOSED_DEBT, ..chip }
    }

    /// The class of the style of a debt that is closed.
    pub(crate) const CLOSED_DEBT: &'static str = "neutral debt";

    /// The chip of a value.
    pub(crate) fn of(value: &MarkValue) -> Self {
        let plain = |text: String, style| Self { text, meaning: None, style };
        let signed = |text: &str, meaning: &'static str, style| Self {
            text: text.into(),
            meaning: Some(meaning.into()),
            style,
        };
        match value {
            MarkValue::Points(points, _) => {
                let style = match points.get() {
                    5 => "m5",
                    4 => "m4",
                    3 => "m3",
                    _ => "m2",
                };
                // a journal writes a hyphen where a minus is meant
                plain(value.to_string().replace('-', "−"), style)
            }
            MarkValue::Passed => plain("зачёт".into(), "m5 word"),
            MarkValue::Failed => plain("незачёт".into(), "m2 word"),
            MarkValue::NotAssessed => signed("н/а", "не аттестовано", "neutral word"),
            MarkValue::Exempt => signed("осв.", "освобождение", "neutral word"),
            MarkValue::Debt => signed("•", "долг, работа не сдана", "debt"),
            MarkValue::Unknown(text) => plain(text.clone(), "neutral word"),
        }
    }
}

impl MarkView {
    /// The mark as a family reads it.
    pub(crate) fn of(mark: &DiaryMark) -> Self {
        let (kind, title) = (mark.work.0.trim(), mark.title.trim());
        let title = if title.is_empty() { kind } else { title };
        let told = title.to_lowercase().contains(&kind.to_lowercase());
        let weight = number::decimal(&mark.weight.to_string());
        Self {
            chip: Chip::of_mark(mark),
            kind: (!told).then(|| kind.into()),
            title: title.into(),
            weight: format!("вес{NBSP}{weight}"),
            comment: mark.comment.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use eschool_core::{
        id::MarkId,
        journal::{Weight, WorkKind},
    };

    use super::*;

    fn mark(value: &str, kind: &str, title: &str) -> DiaryMark {
        DiaryMark {
            id: MarkId("019379ab-0000-7000-8000-000000000001".parse().unwrap()),
            value: value.parse().unwrap(),
            work: WorkKind(kind.into()),
            title: title.into(),
            weight: Weight::from_hundredths(150).unwrap(),
            closed_by: None,
            comment: None,
        }
    }

    #[test]
    fn a_chip_never_speaks_by_colour_alone() {
        for (value, text, style, meant) in [
            ("5", "5", "m5", false),
            ("4-", "4−", "m4", false),
            ("3+", "3+", "m3", false),
            ("2", "2", "m2", false),
            ("1", "1", "m2", false),
            ("зачёт", "зачёт", "m5 word", false),
            ("незачёт", "незачёт", "m2 word", false),
            ("н/а", "н/а", "neutral word", true),
            ("осв", "осв.", "neutral word", true),
            (".", "•", "debt", true),
        ] {
            let chip = Chip::of(&value.parse().unwrap());
            assert_eq!((chip.text.as_str(), chip.style), (text, style));
            assert_eq!(chip.meaning.is_some(), meant, "{value}");
        }
        assert_eq!(Chip::of(&MarkValue::Unknown("7".into())).text, "7");
    }

    #[test]
    fn a_debt_says_whether_it_is_closed() {
        let open = mark(".", "Контрольная работа", "Дроби");
        let closed_by = serde_json::from_str(
            r#"{"mark": "019379ab-0000-7000-8000-000000000002", "date": "2024-09-23", "value": "4-"}"#,
        )
        .unwrap();
        let closed = DiaryMark { closed_by: Some(closed_by), ..open.clone() };
        let told = |mark| {
            let chip = MarkView::of(mark).chip;
            (chip.text, chip.meaning.unwrap().replace(NBSP, "_"), chip.style)
        };
        assert_eq!(told(&open), ("•".into(), "долг, работа не сдана".into(), "debt"));
        let meaning = "долг закрыт 23_сентября: 4−".into();
        assert_eq!(told(&closed), ("•".into(), meaning, Chip::CLOSED_DEBT));
    }

    #[test]
    fn the_kind_of_work_is_not_said_twice() {
        let twice = MarkView::of(&mark("5", "Работа на уроке", "Работа на уроке: вопрос 2"));
        assert_eq!((twice.kind, twice.title.as_str()), (None, "Работа на уроке: вопрос 2"));
        let once = MarkView::of(&mark("5", "Ответ на уроке", "Правописание приставок"));
        assert_eq!(once.kind.as_deref(), Some("Ответ на уроке"));
        assert_eq!(once.weight.replace(NBSP, "_"), "вес_1,5");
        assert_eq!(MarkView::of(&mark("5", "Диктант", "Словарный диктант")).kind, None);
        assert_eq!(MarkView::of(&mark("5", "Диктант", "")).title, "Диктант");
    }
}
