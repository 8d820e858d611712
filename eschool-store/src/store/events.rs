//! What happened in diaries since somebody last asked.

use std::collections::BTreeMap;

use eschool_core::{
    access::{AccessError, Allowed, Sight, Viewer, Whose, may},
    diary::DiaryEvent,
    id::{AccountId, ClassId, SchoolId},
    journal::{Stay, classes_on},
};
use serde::{Deserialize, Serialize};

use super::{DiaryError, Session, Store, at_work::AtWork};
use crate::backend::{AuditEntry, Backend, Tx};

/// Events that somebody may read, and where to go on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventPage {
    /// The events, in the order they happened.
    pub events: Vec<DiaryEvent>,
    /// What to ask with the next time. It is of use in this school alone and tells nothing else.
    pub next: u64,
}

/// The pupils whose events are looked for.
enum Wanted {
    /// These alone: the family's, and those of classes that are led.
    These(Vec<AccountId>),
    /// Everybody's: somebody administers the school.
    Everybody,
}

impl<B: Backend> Store<B> {
    /// Events are read so many at a time.
    pub const EVENTS_AT_MOST: u32 = 500;

    /// What happened in the diaries of a school that somebody may read, after a cursor: 0 for the
    /// first time. Nothing is told of diaries that are closed today, whenever it happened. What
    /// staff look at so is noted in the audit, pupil by pupil.
    ///
    /// No more than `limit` events are told at once, nor than
    /// [`EVENTS_AT_MOST`](Self::EVENTS_AT_MOST). Who administers a school may be told fewer though
    /// there are more: once the cursor stays what it was, there are none.
    ///
    /// # Errors
    /// [`DiaryError::Access`] if no diary of the school is open to them, others if the database
    /// fails.
    pub async fn events_since(
        &self,
        session: &Session,
        school: SchoolId,
        cursor: u64,
        limit: u32,
    ) -> Result<EventPage, DiaryError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let mut judged = Judged::default();
        let wanted = wanted(&mut *tx, &work, &viewers, &mut judged).await?;
        let limit = limit.min(Self::EVENTS_AT_MOST);
        let pupils = match &wanted {
            Wanted::These(pupils) => Some(pupils.as_slice()),
            Wanted::Everybody => None,
        };
        let read = tx.events(school, cursor, pupils, limit).await?;
        let next = read.last().map_or(cursor, |last| last.cursor);
        let (mut events, mut looked_at) = (Vec::with_capacity(read.len()), BTreeMap::new());
        for event in read {
            let pupil = event.pupil;
            let Ok(allowed) = judged.of(&mut *tx, &work, &viewers, pupil).await? else { continue };
            looked_at.insert(pupil, allowed.audited);
            events.push(event);
        }
        let actor = work.standings.actor();
        let looked_at = looked_at.into_iter().filter(|(_, audited)| *audited);
        let audit: Vec<_> = looked_at
            .map(|(pupil, _)| {
                let entry = self.audit_entry("events_read", "done", None, Some(pupil));
                AuditEntry { school: Some(school), actor, ..entry }
            })
            .collect();
        // Let go before a writer's connection is asked for.
        drop(tx);
        self.note(audit).await?;
        Ok(EventPage { events, next })
    }
}

/// Whose events somebody may be told; an error, if nobody's.
async fn wanted(
    tx: &mut dyn Tx,
    work: &AtWork,
    viewers: &[Viewer<'_>],
    judged: &mut Judged,
) -> Result<Wanted, DiaryError> {
    let (mut pupils, mut refused) = (Vec::new(), AccessError::NotAllowed);
    // Somebody whom the school does not have, and whom nothing but the school itself opens.
    let anybody =
        Whose { account: AccountId(uuid::Uuid::nil()), school: work.school.id, classes: &[] };
    if may(viewers, &Sight::Diary(anybody), work.today).is_ok() {
        return Ok(Wanted::Everybody);
    }
    let mut asked = work.standings.family();
    for class in work.standings.led() {
        let of_class = tx.class_pupils(work.school.id, class).await?;
        for stays in of_class.stays.chunk_by(|one, next| one.pupil == next.pupil) {
            asked.extend(stays.first().map(|stay| stay.pupil));
            judged.note_stays(stays);
        }
    }
    asked.sort_unstable();
    asked.dedup();
    for pupil in asked {
        match judged.of(tx, work, viewers, pupil).await? {
            Ok(_) => pupils.push(pupil),
            Err(error) => refused = refused.min(error),
        }
    }
    if pupils.is_empty() { Err(refused.into()) } else { Ok(Wanted::These(pupils)) }
}

/// What the core said of each pupil's diary, asked once.
#[derive(Default)]
struct Judged {
    stays: BTreeMap<AccountId, Vec<Stay>>,
    answers: BTreeMap<AccountId, Result<Allowed, AccessError>>,
}

impl Judged {
    fn note_stays(&mut self, stays: &[Stay]) {
        if let Some(stay) = stays.first() {
            self.stays.insert(stay.pupil, stays.to_vec());
        }
    }

    async fn of(
        &mut self,
        tx: &mut dyn Tx,
        work: &AtWork,
        viewers: &[Viewer<'_>],
        pupil: AccountId,
    ) -> Result<Result<Allowed, AccessError>, DiaryError> {
        if let Some(answer) = self.answers.get(&pupil) {
            return Ok(*answer);
        }
        let school = work.school.id;
        let stays = match self.stays.remove(&pupil) {
            Some(stays) => stays,
            None => {
                let members = tx.members(&[(school, pupil)]).await?;
                members.into_iter().flat_map(|member| member.stays).collect()
            }
        };
        let classes: Vec<ClassId> = classes_on(&stays, work.today);
        let whose = Whose { account: pupil, school, classes: &classes };
        let answer = may(viewers, &Sight::Diary(whose), work.today);
        self.answers.insert(pupil, answer);
        Ok(answer)
    }
}
