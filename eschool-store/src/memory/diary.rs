//! The load of a diary: the rows that [`DiarySlice`] documents, unjudged.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate, Weekday};
use eschool_core::{
    calendar::DateRange,
    diary::{DiarySlice, JournalEnd, UpcomingLesson},
    id::{AccountId, ClassId, WorkId},
    journal::{IndividualHomework, Mark, Remark, Stay, SubgroupMembership},
};

use super::state::SchoolState;
use crate::backend::IndividualHomeworkRow;

impl SchoolState {
    pub(super) fn diary_slice(&self, pupil: AccountId, range: DateRange) -> DiarySlice {
        let stays = self.stays_of(Some(pupil));
        let subgroups = self.subgroups_of(Some(pupil));
        let classes: BTreeSet<ClassId> = stays.iter().map(|stay| stay.class).collect();
        let within =
            || self.marks.values().filter(|mark| mark.pupil == pupil && range.contains(mark.date));
        let marked: BTreeSet<WorkId> = within().map(|mark| mark.work).collect();
        let owed: BTreeSet<WorkId> =
            within().filter(|mark| mark.value.is_debt()).map(|mark| mark.work).collect();
        let is_later = |mark: &Mark| mark.date > range.to() && owed.contains(&mark.work);
        let marks = self
            .marks
            .values()
            .filter(|mark| mark.pupil == pupil && (range.contains(mark.date) || is_later(mark)))
            .cloned()
            .collect();
        DiarySlice {
            pupil,
            calendar: self.frame.calendar.clone(),
            bells: self.frame.bells.clone(),
            timetable: self
                .frame
                .timetable
                .iter()
                .filter(|lesson| classes.contains(&lesson.class))
                .cloned()
                .collect(),
            journal_ends: self.journal_ends(&classes),
            lessons: self
                .lessons_in_order()
                .filter(|lesson| classes.contains(&lesson.class) && range.contains(lesson.date))
                .cloned()
                .collect(),
            upcoming: self.upcoming(&stays, &subgroups, range),
            works: marked.iter().filter_map(|id| self.works.get(id)).cloned().collect(),
            marks,
            attendance: self.attendance_where(|row| row.pupil == pupil && range.contains(row.date)),
            individual_homework: self
                .homework_where(|row| row.pupil == pupil && range.contains(row.date))
                .into_iter()
                .map(|IndividualHomeworkRow { lesson, pupil, homework, .. }| IndividualHomework {
                    lesson,
                    pupil,
                    homework,
                })
                .collect(),
            remarks: self
                .remarks_where(|row| row.pupil == pupil && range.contains(row.date))
                .into_iter()
                .map(|row| Remark { pupil, lesson: row.lesson, text: row.text })
                .collect(),
            stays,
            subgroups,
        }
    }

    /// The last day of each class's journal; a class without lessons has none.
    fn journal_ends(&self, classes: &BTreeSet<ClassId>) -> Vec<JournalEnd> {
        // A later date replaces an earlier one, for lessons come in the order of dates.
        let ends: BTreeMap<ClassId, NaiveDate> = self
            .lessons_in_order()
            .filter(|lesson| classes.contains(&lesson.class))
            .map(|lesson| (lesson.class, lesson.date))
            .collect();
        ends.into_iter().map(|(class, date)| JournalEnd { class, date }).collect()
    }

    /// Whether a day is ordinary by any calendar: the calendar says nothing of it.
    fn is_plain(&self, date: NaiveDate) -> bool {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
            && !self.frame.calendar.iter().any(|span| span.days.contains(date))
    }

    /// The first lessons after the range that are not cancelled: of each stay, and of each
    /// membership within it, one for each subgroup, subject and replaced subject of its class.
    fn upcoming(
        &self,
        stays: &[Stay],
        memberships: &[SubgroupMembership],
        range: DateRange,
    ) -> Vec<UpcomingLesson> {
        let mut upcoming = BTreeSet::new();
        for stay in stays {
            let mut first: BTreeMap<_, Vec<NaiveDate>> = BTreeMap::new();
            let coming = self.lessons_in_order().filter(|lesson| {
                lesson.class == stay.class
                    && lesson.date > range.to()
                    && stay.holds_on(lesson.date)
                    && !lesson.cancelled
            });
            for lesson in coming {
                let key = (&lesson.subgroup, &lesson.subject, &lesson.instead_of);
                let here =
                    |m: &SubgroupMembership| m.class == stay.class && m.holds_on(lesson.date);
                let held = memberships.iter().filter(|m| here(m)).map(Some);
                let bare = (!memberships.iter().any(here)).then_some(None);
                for membership in held.chain(bare) {
                    let since = membership.map(|m| (&m.subject, m.from));
                    let dates = first.entry((since, key)).or_default();
                    if dates.last().is_none_or(|last| !self.is_plain(*last)) {
                        dates.push(lesson.date);
                    }
                }
            }
            for ((_, (subgroup, subject, instead)), dates) in first {
                let dates = dates.into_iter();
                upcoming.extend(dates.map(|date| (date, stay.class, subgroup, subject, instead)));
            }
        }
        upcoming
            .into_iter()
            .map(|(date, class, subgroup, subject, instead_of)| UpcomingLesson {
                class,
                subgroup: subgroup.clone(),
                subject: subject.clone(),
                instead_of: instead_of.clone(),
                date,
            })
            .collect()
    }
}
