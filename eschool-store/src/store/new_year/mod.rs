//! The next school year: foreseen, opened, undone.
//!
//! * `error`: why it is not.
//! * `stands`: whether all of it stands as it was made.

mod error;
mod stands;

use eschool_core::{
    access::Deed,
    id::{AccountId, ClassId, NewYearId, SchoolId},
    journal::{ClassPlan, NewYear, NewYearPlan, YearClass, YearRows, plan_new_year},
    signin::Closing,
};

pub use self::error::NewYearError;
use super::{Actor, Store, closing::closings, sign_in::commit};
use crate::backend::{
    AuditEntry, Backend, Changes, NewYearRow, Registry, Removed, SchoolClass, SchoolFrame, Turn,
    YearChange, YearRowsKept,
};

/// What opening a school year would do.
///
/// ```
/// use eschool_core::journal::{NewYear, YearRows, plan_new_year};
/// use eschool_store::YearForeseen;
///
/// let year = NewYear::beginning("2025-09-01".parse().unwrap());
/// let plan = plan_new_year(YearRows::default(), year);
/// assert!(YearForeseen { plan, closing: vec![] }.closing.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearForeseen {
    /// What becomes of each class, what has to be settled before, and what the year lacks.
    pub plan: NewYearPlan,
    /// The accounts that would close with it, by the policy: those of who leaves with the last year
    /// of study, and of adults who would have no child left in the school.
    pub closing: Vec<(AccountId, Closing)>,
}

impl<B: Backend> Store<B> {
    /// What opening a school year would do now; nothing is written but the look, in the audit. For
    /// the administrator.
    ///
    /// # Errors
    /// [`NewYearError::Access`] for who may not.
    pub async fn foresee_new_year(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        year: NewYear,
    ) -> Result<YearForeseen, NewYearError> {
        let mut tx = self.read().await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let mut registry = tx.registry(school).await?;
        let plan = planned(&registry, &tx.frame(school).await?, year);
        drop(tx);
        let rules = self.rules(year.begins);
        let before = closings(&registry, rules, year.begins);
        for class in plan.classes.iter().filter(|class| class.becomes.is_none()) {
            for stay in class.carried_over(&year, None).stays {
                let same = |other: &&mut eschool_core::journal::Stay| {
                    (other.pupil, other.class, other.from) == (stay.pupil, stay.class, stay.from)
                };
                if let Some(other) = registry.stays.iter_mut().find(same) {
                    *other = stay;
                }
            }
        }
        let mut closing: Vec<_> = closings(&registry, rules, year.begins).into_iter().collect();
        closing.retain(|(account, _)| !before.contains_key(account));
        self.note_year_read("new_year_foreseen", school, actor).await?;
        Ok(YearForeseen { plan, closing })
    }

    /// Opens a school year as it was [foreseen](Self::foresee_new_year): classes of the next year of
    /// study are made with their pupils, parts and class teachers, and the last year of study
    /// leaves. Journals of the year that ends stay as they are. It is for the end of the holidays,
    /// when the final marks are in: a class teacher leads the new class from now on.
    ///
    /// A year that is open already is left alone, and its identifier told. The audit names the
    /// school, and each pupil who leaves.
    ///
    /// # Errors
    /// [`NewYearError::Access`] for who may not, [`NewYearError::Conflicts`] with what has to be
    /// settled before, [`NewYearError::Stale`] if somebody changed what the plan was made by,
    /// [`NewYearError::Nothing`] where no class goes on or leaves. Nothing is written then.
    pub async fn open_new_year(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        plan: &NewYearPlan,
    ) -> Result<NewYearId, NewYearError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let year = plan.year.year();
        let opened = tx.new_years(school).await?;
        let is_open = |row: &&NewYearRow| row.year == year && row.undone_at.is_none();
        if let Some(row) = opened.iter().find(is_open) {
            return Ok(row.id);
        }
        let registry = tx.registry(school).await?;
        if planned(&registry, &tx.frame(school).await?, plan.year) != *plan {
            return Err(NewYearError::Stale);
        }
        if !plan.conflicts.is_empty() {
            return Err(NewYearError::Conflicts(plan.conflicts.clone()));
        }
        if plan.classes.is_empty() {
            return Err(NewYearError::Nothing);
        }
        let mut changes = Changes::default();
        let mut change = YearChange { begins: Some(plan.year.begins), ..YearChange::default() };
        for class in &plan.classes {
            let next = class.becomes.clone().map(|name| {
                let id = ClassId(self.inner.ambient.new_id());
                changes.classes.push(SchoolClass { id, school, year, name });
                id
            });
            change.classes.extend(next);
            carry_over(class, &plan.year, next, &mut change);
        }
        write(&change.after, school, &mut changes);
        let id = NewYearId(self.inner.ambient.new_id());
        let of_school = |outcome, subject| AuditEntry {
            school: Some(school),
            ..self.audit_entry("new_year_opened", outcome, actor, subject)
        };
        changes.audit.push(of_school("done", None));
        changes.audit.extend(plan.left().map(|pupil| of_school("left", Some(pupil))));
        changes.new_years.push(NewYearRow {
            id,
            school,
            year,
            at: self.inner.ambient.now(),
            actor: actor.map(|(_, account)| account),
            undone_at: None,
            change,
        });
        commit(tx, changes).await?;
        Ok(id)
    }

    /// Takes back that a school year was opened: its classes go, and stays, parts and posts are as
    /// they were. Only while nothing was written to the new year – no lesson, no timetable, no final
    /// mark –, nobody was moved in it, and nobody whose rows it wrote was erased since: undone, it
    /// would bring back pupils without a name.
    ///
    /// # Errors
    /// [`NewYearError::Access`] for who may not, [`NewYearError::NotFound`],
    /// [`NewYearError::Undone`], [`NewYearError::ErasedSince`], and [`NewYearError::WrittenSince`]
    /// once the year is in use. Nothing is written then.
    pub async fn undo_new_year(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        id: NewYearId,
    ) -> Result<(), NewYearError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let opened = tx.new_years(school).await?;
        let row = opened.into_iter().find(|row| row.id == id).ok_or(NewYearError::NotFound)?;
        if row.undone_at.is_some() {
            return Err(NewYearError::Undone);
        }
        let archives = tx.year_archives(school).await?;
        if archives.iter().any(|archive| archive.year == row.year) {
            return Err(NewYearError::WrittenSince);
        }
        let registry = tx.registry(school).await?;
        if stands::names_erased(&row, &registry) {
            return Err(NewYearError::ErasedSince);
        }
        if !stands::as_made(&mut *tx, school, &row, &registry).await? {
            return Err(NewYearError::WrittenSince);
        }
        let YearChange { classes, before, after, .. } = row.change.clone();
        let made = registry.classes.into_iter().filter(|class| classes.contains(&class.id));
        let removed = Removed {
            stays: after.stays.into_iter().map(|stay| (school, stay)).collect(),
            subgroups: after.subgroups.into_iter().map(|part| (school, part)).collect(),
            staff: after.posts.into_iter().map(|post| (school, post)).collect(),
            classes: made.collect(),
            ..Removed::default()
        };
        let entry = self.audit_entry("new_year_undone", "done", actor, None);
        let undone_at = Some(self.inner.ambient.now());
        let mut changes = Changes {
            removed,
            new_years: vec![NewYearRow { undone_at, ..row }],
            audit: vec![AuditEntry { school: Some(school), ..entry }],
            ..Changes::default()
        };
        write(&before, school, &mut changes);
        Ok(commit(tx, changes).await?)
    }

    /// The school years that a school opened, undone or not, in their order. For the administrator,
    /// whose look is audited.
    ///
    /// # Errors
    /// [`NewYearError::Access`] for who may not.
    pub async fn new_years(
        &self,
        by: Actor<'_>,
        school: SchoolId,
    ) -> Result<Vec<NewYearRow>, NewYearError> {
        let mut tx = self.read().await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let years = tx.new_years(school).await?;
        drop(tx);
        self.note_year_read("new_years_read", school, actor).await?;
        Ok(years)
    }

    async fn note_year_read(
        &self,
        action: &str,
        school: SchoolId,
        actor: Option<(SchoolId, AccountId)>,
    ) -> Result<(), NewYearError> {
        let entry = self.audit_entry(action, "done", actor, None);
        Ok(self.note(vec![AuditEntry { school: Some(school), ..entry }]).await?)
    }
}

fn planned(registry: &Registry, frame: &SchoolFrame, year: NewYear) -> NewYearPlan {
    let class = |class: &SchoolClass| YearClass {
        id: class.id,
        year: class.year,
        name: class.name.clone(),
    };
    let classes: Vec<_> = registry.classes.iter().map(class).collect();
    let rows = YearRows {
        classes: &classes,
        stays: &registry.stays,
        subgroups: &registry.subgroups,
        posts: &registry.staff,
        terms: &frame.terms,
        calendar: &frame.calendar,
    };
    plan_new_year(rows, year)
}

fn carry_over(class: &ClassPlan, year: &NewYear, next: Option<ClassId>, change: &mut YearChange) {
    let carried = class.carried_over(year, next);
    change.before.stays.extend(class.stays.iter().copied());
    change.before.subgroups.extend(class.subgroups.iter().cloned());
    change.before.posts.extend(class.posts.iter().cloned());
    change.after.stays.extend(carried.stays);
    change.after.subgroups.extend(carried.subgroups);
    change.after.posts.extend(carried.posts);
}

fn write(rows: &YearRowsKept, school: SchoolId, changes: &mut Changes) {
    changes.stays.extend(rows.stays.iter().map(|stay| (school, *stay)));
    changes.subgroups.extend(rows.subgroups.iter().map(|part| (school, part.clone())));
    changes.staff.extend(rows.posts.iter().map(|post| (school, post.clone())));
}
