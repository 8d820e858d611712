//! Final marks of a term (итоговые отметки): the rounded mean.

use std::collections::BTreeMap;

use super::{
    journal::{Entry, Journal},
    registry::Pupil,
    year::Term,
};

/// A final mark.
pub(super) struct FinalMark {
    pub(super) pupil: &'static str,
    pub(super) class: &'static str,
    pub(super) subject: &'static str,
    pub(super) points: u32,
}

/// The final marks of a term for those who ended it in the school, by class, pupil and subject.
pub(super) fn of_term(term: &Term, journal: &Journal, pupils: &[Pupil]) -> Vec<FinalMark> {
    let mut sums: BTreeMap<_, (u32, u32)> = BTreeMap::new();
    let in_term =
        |entry: &&Entry| term.begins <= entry.lesson.date && entry.lesson.date <= term.ends;
    for entry in journal.0.iter().filter(in_term) {
        for mark in &entry.marks {
            let Some(points) = mark.points() else { continue };
            let (sum, weight) = sums.entry((mark.pupil, entry.lesson.course.subject)).or_default();
            *sum += points * mark.work.weight;
            *weight += mark.work.weight;
        }
    }
    let here = pupils.iter().filter(|pupil| pupil.is_in(pupil.class, None, term.ends));
    let finals = here.flat_map(|pupil| {
        let name = pupil.person.name;
        let own = sums.range((name, "")..).take_while(move |((of, _), _)| *of == name);
        own.map(move |((_, subject), (sum, weight))| FinalMark {
            pupil: name,
            class: pupil.class,
            subject,
            points: half_up(*sum, *weight),
        })
    });
    finals.collect()
}

/// A mean without decimals; a half goes up.
fn half_up(sum: u32, weight: u32) -> u32 {
    (2 * sum + weight) / (2 * weight).max(1)
}

#[cfg(test)]
mod tests {
    use super::half_up;

    #[test]
    fn a_half_goes_up() {
        for (sum, weight, mean) in [(9, 2, 5), (7, 2, 4), (10, 3, 3), (11, 3, 4), (45, 10, 5)] {
            assert_eq!(half_up(sum, weight), mean, "{sum}/{weight}");
        }
    }
}
