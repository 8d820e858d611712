//! marks.csv: the marks of one class, and the works they are for.

use std::collections::{HashMap, HashSet};

use eschool_core::{
    id::{AccountId, ClassId, LessonId, MarkId, WorkId},
    journal::{ExistingMark, Mark, MarkContent, Weight, Work, WorkKey, WorkKind, reconcile_marks},
};

use super::{Judge, Lessons};
use crate::{
    backend::{Changes, ClassJournal, MarkChange},
    exchange::{FileKind, MarkRow},
};

/// The works of one class by what tells them apart: lesson, kind, title, weight.
struct Works<'w> {
    ids: HashMap<(LessonId, &'w str, &'w str, Weight), WorkId>,
    new: Vec<Work>,
}

/// The marks of one pupil in one lesson.
#[derive(Default)]
struct Group<'g> {
    stored: Vec<&'g Mark>,
    rows: Vec<&'g MarkRow>,
}

type GroupKey = (LessonId, AccountId);

impl<'a> Judge<'a> {
    pub(super) fn marks(
        &mut self,
        class: ClassId,
        lessons: &Lessons,
        stored: &ClassJournal,
        rows: &[&MarkRow],
        changes: &mut Changes,
    ) {
        let groups = self.groups(class, lessons, stored, rows);
        if let Some(days) = self.covered(FileKind::Marks, class) {
            let gone = stored.marks.iter().filter(|mark| {
                days.contains(mark.date) && !groups.contains_key(&(mark.lesson, mark.pupil))
            });
            gone.for_each(|mark| self.remove(mark, changes));
        }
        let stored_works: HashMap<WorkId, &Work> =
            stored.works.iter().chain(&stored.former_works).map(|work| (work.id, work)).collect();
        let mut works = Works { ids: HashMap::with_capacity(stored.works.len()), new: Vec::new() };
        for work in &stored.works {
            let key = (work.lesson, work.kind.0.as_str(), work.title.as_str(), work.weight);
            works.ids.entry(key).or_insert(work.id);
        }
        // New marks by line: they get their identifiers in the order of the file.
        let mut new: Vec<(GroupKey, &MarkRow)> = Vec::new();
        for (key, group) in &groups {
            if group.stored.is_empty() {
                new.extend(group.rows.iter().map(|row| (*key, *row)));
                continue;
            }
            self.reconcile(class, *key, group, &stored_works, &mut new, changes);
        }
        new.sort_unstable_by_key(|(_, row)| row.at.line);
        changes.marks.reserve(new.len());
        for ((lesson, pupil), row) in new {
            let work = self.work(lesson, row, &mut works);
            let mark = Mark {
                id: MarkId(self.ambient.new_id()),
                pupil,
                lesson,
                date: row.at.date,
                work,
                value: row.value.clone(),
                comment: self.comment(row),
                written_at: self.now,
            };
            changes.marks.push((self.school, mark));
        }
        self.remove_works(stored, changes);
        changes.works.extend(works.new.into_iter().map(|work| (self.school, work)));
    }

    /// Takes a mark away; that it was there stays on record.
    fn remove(&self, mark: &Mark, changes: &mut Changes) {
        changes.mark_changes.push(MarkChange {
            entry: self.ambient.new_id(),
            school: self.school,
            lesson: mark.lesson,
            mark: mark.id,
            pupil: mark.pupil,
            old: mark.value.clone(),
            new: None,
            by: None,
            at: self.now,
            comment: None,
        });
        changes.removed.marks.push((self.school, mark.clone()));
    }

    /// Works go with the last of their marks that are at hand; one that never had any is not the file's
    /// to judge.
    fn remove_works(&self, stored: &ClassJournal, changes: &mut Changes) {
        let removed = changes.removed.marks.iter();
        let removed: HashSet<MarkId> = removed.map(|(_, mark)| mark.id).collect();
        if removed.is_empty() {
            return;
        }
        let (gone, left): (Vec<_>, Vec<_>) =
            stored.marks.iter().partition(|mark| removed.contains(&mark.id));
        let mut held: HashSet<WorkId> = left.into_iter().map(|mark| mark.work).collect();
        held.extend(changes.marks.iter().map(|(_, mark)| mark.work));
        let mut lost: HashSet<WorkId> = gone.into_iter().map(|mark| mark.work).collect();
        lost.retain(|work| !held.contains(work));
        let works = stored.works.iter().chain(&stored.former_works);
        let lost = works.filter(|work| lost.contains(&work.id));
        changes.removed.works.extend(lost.map(|work| (self.school, work.clone())));
    }

    /// Rows and stored marks by lesson and pupil; stored marks of whom no row speaks are left out.
    fn groups<'g>(
        &mut self,
        class: ClassId,
        lessons: &Lessons,
        stored: &'g ClassJournal,
        rows: &[&'g MarkRow],
    ) -> HashMap<GroupKey, Group<'g>> {
        let mut groups: HashMap<GroupKey, Group<'g>> = HashMap::with_capacity(rows.len());
        for row in rows {
            match self.place(class, lessons, &row.at) {
                Ok((lesson, pupil)) => {
                    groups.entry((lesson.id, pupil.account)).or_default().rows.push(row);
                    self.counts.marks += 1;
                }
                Err((column, error)) => {
                    let file = self.journal.marks.as_ref();
                    let refused = file.map(|f| f.columns.refuse(row.at.line, column, &error));
                    self.refused.extend(refused);
                }
            }
        }
        for mark in &stored.marks {
            if let Some(group) = groups.get_mut(&(mark.lesson, mark.pupil)) {
                group.stored.push(mark);
            }
        }
        groups
    }

    fn reconcile<'g>(
        &self,
        class: ClassId,
        key: GroupKey,
        group: &Group<'g>,
        works: &HashMap<WorkId, &Work>,
        new: &mut Vec<(GroupKey, &'g MarkRow)>,
        changes: &mut Changes,
    ) {
        // A file without comments says nothing against those that are there.
        let says_comments = group.rows.iter().any(|row| row.comment.is_some());
        let existing: Vec<_> = group
            .stored
            .iter()
            .filter_map(|mark| {
                let work = works.get(&mark.work)?;
                let work = WorkKey {
                    kind: work.kind.clone(),
                    title: work.title.clone(),
                    weight: work.weight,
                };
                let comment = mark.comment.clone().filter(|_| says_comments);
                let value = mark.value.clone();
                Some(ExistingMark { id: mark.id, content: MarkContent { work, value, comment } })
            })
            .collect();
        let incoming: Vec<_> = group.rows.iter().map(|row| self.content(row)).collect();
        if self.adds {
            let mut there: Vec<_> = existing.into_iter().map(|mark| mark.content).collect();
            for (row, content) in group.rows.iter().zip(incoming) {
                match there.iter().position(|stands| *stands == content) {
                    Some(place) => drop(there.swap_remove(place)),
                    None => new.push((key, row)),
                }
            }
            return;
        }
        let difference = reconcile_marks(&existing, &incoming);
        if let Some(days) = self.covered(FileKind::Marks, class) {
            let gone = group
                .stored
                .iter()
                .filter(|mark| days.contains(mark.date) && difference.absent.contains(&mark.id));
            gone.for_each(|mark| self.remove(mark, changes));
        }
        let rows = |row: usize| group.rows.get(row).copied();
        new.extend(difference.new.into_iter().filter_map(|row| Some((key, rows(row)?))));
        for changed in difference.changed {
            let mark = group.stored.iter().find(|mark| mark.id == changed.id);
            let (Some(mark), Some(row)) = (mark, rows(changed.row)) else { continue };
            let of_value = changed.is_of_value();
            if of_value {
                changes.mark_changes.push(MarkChange {
                    entry: self.ambient.new_id(),
                    school: self.school,
                    lesson: mark.lesson,
                    mark: changed.id,
                    pupil: mark.pupil,
                    old: changed.old,
                    new: Some(changed.new.clone()),
                    by: None,
                    at: self.now,
                    comment: self.comment(row),
                });
            }
            let mark = Mark {
                value: changed.new,
                comment: if says_comments { self.comment(row) } else { mark.comment.clone() },
                written_at: if of_value { self.now } else { mark.written_at },
                ..(*mark).clone()
            };
            changes.marks.push((self.school, mark));
        }
    }

    fn content(&self, row: &MarkRow) -> MarkContent {
        let work = WorkKey {
            kind: WorkKind(self.texts.get(row.kind).into()),
            title: self.texts.get(row.title).into(),
            weight: row.weight,
        };
        MarkContent { work, value: row.value.clone(), comment: self.comment(row) }
    }

    fn comment(&self, row: &MarkRow) -> Option<String> {
        row.comment
            .map(|text| self.texts.get(text))
            .filter(|text| !text.is_empty())
            .map(String::from)
    }

    /// The work a mark is for, made if the lesson has none like it.
    fn work<'w>(&self, lesson: LessonId, row: &MarkRow, works: &mut Works<'w>) -> WorkId
    where
        'a: 'w,
    {
        let (kind, title) = (self.texts.get(row.kind), self.texts.get(row.title));
        let key = (lesson, kind, title, row.weight);
        if let Some(id) = works.ids.get(&key) {
            return *id;
        }
        let id = WorkId(self.ambient.new_id());
        works.new.push(Work {
            id,
            lesson,
            kind: WorkKind(kind.into()),
            title: title.into(),
            weight: row.weight,
        });
        works.ids.insert(key, id);
        id
    }
}
