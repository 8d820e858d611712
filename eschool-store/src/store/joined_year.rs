//! A child's school year, whatever schools of the installation it passed in.

use eschool_core::{
    access::{AccessError, Allowed, Sight, Viewer, Whose, may},
    calendar::{school_year, terms_of_year},
    diary::{JoinedYear, SchoolTerm, TermSlice, join_year, summarise},
    id::{AccountId, SchoolId},
    journal::{Stay, came_from, classes_on},
};

use super::{DiaryError, Session, Store, at_work::AtWork, facts::child_facts};
use crate::backend::{AuditEntry, Backend, DiaryCover, Tx};

impl<B: Backend> Store<B> {
    /// A pupil's school year by subject, with the terms of the schools the pupil came from in that
    /// year: for the family, the class teacher and the administrator of the school where the pupil
    /// is now. Without a year it is the one of today.
    ///
    /// Both schools' journals are read, none is copied: what is written late in the former one is
    /// seen, and nothing is there twice. A school's marks are shown where its account is the same
    /// person's and its stays were over when the pupil came: of a pupil of two schools at once
    /// neither is told what the other wrote, and of the years before the pupil came the school is
    /// told nothing. An adult whom a bond of the former school bars sees
    /// nothing. A look of staff is noted in the audit of each school that was looked into.
    ///
    /// # Errors
    /// [`DiaryError::Access`] if somebody may not, [`DiaryError::YearArchived`] if the school's own part
    /// is not in the database any more; of which schools before it is not, the year tells.
    pub async fn joined_year(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        year: Option<i32>,
    ) -> Result<JoinedYear, DiaryError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let cover = tx.cover(school, pupil, None).await?.ok_or(AccessError::NotYours)?;
        let classes = classes_on(&cover.stays, work.today);
        let whose = Whose { account: pupil, school, classes: &classes };
        let Allowed { audited } = may(&viewers, &Sight::Diary(whose), work.today)?;

        let year = year.unwrap_or_else(|| school_year(work.today));
        let former = self.schools_before(&mut *tx, (school, pupil), &cover, (year, &work)).await?;
        let mut looked_into = vec![(school, pupil)];
        let mut terms = year_in(&mut *tx, (school, pupil), &cover, year).await?;
        let mut archived = Vec::new();
        for (there, cover) in former {
            if self.is_barred(&mut *tx, session, there, &work).await? {
                return Err(AccessError::Barred.into());
            }
            let of_year = match year_in(&mut *tx, there, &cover, year).await {
                Err(DiaryError::YearArchived) => {
                    archived.push(there.0);
                    continue;
                }
                of_year => of_year?,
            };
            if !of_year.is_empty() {
                looked_into.push(there);
                terms.extend(of_year);
            }
        }
        drop(tx);
        if audited {
            let actor = work.standings.actor();
            let note = |(school, pupil): (SchoolId, AccountId)| AuditEntry {
                school: Some(school),
                actor,
                ..self.audit_entry("year_read", "done", None, Some(pupil))
            };
            self.note(looked_into.into_iter().map(note).collect()).await?;
        }
        Ok(JoinedYear { archived, ..join_year(terms) })
    }

    /// The accounts by which the pupil was in other schools before coming here in a year, with their
    /// covers.
    async fn schools_before(
        &self,
        tx: &mut dyn Tx,
        (school, pupil): (SchoolId, AccountId),
        cover: &DiaryCover,
        (year, work): (i32, &AtWork),
    ) -> Result<Vec<((SchoolId, AccountId), DiaryCover)>, DiaryError> {
        let members = tx.members(&[(school, pupil)]).await?;
        let people: Vec<_> = members.iter().map(|member| member.account.person).collect();
        let of_year = cover.classes.iter().filter(|class| class.year == year);
        let of_year: Vec<_> = of_year.map(|class| class.id).collect();
        let mut before = Vec::new();
        for there in tx.accounts_of(&people).await? {
            if there.0 == school {
                continue;
            }
            let Some(found) = tx.cover(there.0, there.1, None).await? else { continue };
            if came_from(&cover.stays, &found.stays, &of_year, work.today) {
                before.push((there, found));
            }
        }
        Ok(before)
    }

    /// Whether a bond that the other school has of whoever looks bars them from the pupil.
    async fn is_barred(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        (school, pupil): (SchoolId, AccountId),
        work: &AtWork,
    ) -> Result<bool, DiaryError> {
        let mut own = tx.accounts_of(&[session.person]).await?;
        own.retain(|(of, _)| *of == school);
        for member in tx.members(&own).await? {
            let children: Vec<_> = member.children.iter().map(child_facts).collect();
            let bonds = Viewer::Bonds { account: member.account.id, children: &children };
            let sight = Sight::Diary(Whose { account: pupil, school, classes: &[] });
            if may(&[bonds], &sight, work.today) == Err(AccessError::Barred) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The terms of a year of one account that are not before its first day or after its last.
async fn year_in(
    tx: &mut dyn Tx,
    (school, pupil): (SchoolId, AccountId),
    cover: &DiaryCover,
    year: i32,
) -> Result<Vec<SchoolTerm>, DiaryError> {
    let classes = cover.classes.iter().filter(|class| class.year == year);
    let ids: Vec<_> = classes.clone().map(|class| class.id).collect();
    let stays: Vec<&Stay> = cover.stays.iter().filter(|stay| ids.contains(&stay.class)).collect();
    let (Some(from), Some(class)) =
        (stays.iter().map(|stay| stay.from).min(), classes.clone().next())
    else {
        return Ok(Vec::new());
    };
    if cover.archives.iter().any(|(archived, state)| *archived == year && !state.is_whole()) {
        return Err(DiaryError::YearArchived);
    }
    let finals = tx.finals(school, pupil).await?;
    let mut terms = Vec::new();
    for term in terms_of_year(&cover.terms, class.name.grade(), year) {
        let holds = |stay: &&&Stay| {
            stay.from <= term.days.to() && stay.to.is_none_or(|to| term.days.from() <= to)
        };
        let Some(stay) = stays.iter().find(holds) else { continue };
        let diary = tx.diary_slice(school, pupil, term.days).await?;
        let slice = TermSlice { diary, finals: finals.clone(), grading: cover.grading };
        let from = Some(if stay.from > term.days.from() { stay.from } else { from });
        terms.push(SchoolTerm { school, from, summary: summarise(slice, term) });
    }
    Ok(terms)
}
