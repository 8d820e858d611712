//! Which events a write has: what diaries say after it that they did not say before.

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::DateRange,
    diary::{Diary, DiaryEvent, Reading, compose, events_of},
    id::{AccountId, SchoolId},
    journal::FinalMark,
};

use super::StoreError;
use crate::backend::Tx;

/// Days of one pupil's diary that a write may touch.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) pupil: AccountId,
    /// The days, no day twice, in order.
    pub(super) days: Vec<DateRange>,
    /// Whether the final marks may change too.
    pub(super) finals: bool,
}

/// Diaries as they were before a write.
pub(super) struct Watch {
    school: SchoolId,
    readings: Vec<(Watched, Vec<Diary>, Vec<FinalMark>)>,
}

impl Watch {
    /// Reads what is watched, before anything is written.
    pub(super) async fn begin(
        tx: &mut dyn Tx,
        school: SchoolId,
        watched: Vec<Watched>,
    ) -> Result<Self, StoreError> {
        let mut readings = Vec::with_capacity(watched.len());
        for watched in watched {
            let (diaries, finals) = read(tx, school, &watched).await?;
            readings.push((watched, diaries, finals));
        }
        Ok(Self { school, readings })
    }

    /// The events of what was written since, for the same transaction to append.
    pub(super) async fn events(
        self,
        tx: &mut dyn Tx,
        at: DateTime<Utc>,
    ) -> Result<Vec<(SchoolId, DiaryEvent)>, StoreError> {
        let Self { school, readings } = self;
        let mut next = tx.last_event(school).await?.saturating_add(1);
        let mut events = Vec::new();
        for (watched, before, finals_before) in readings {
            let (after, finals_after) = read(tx, school, &watched).await?;
            let (mut finals_before, mut finals_after) = (&finals_before[..], &finals_after[..]);
            for (before, after) in before.iter().zip(&after) {
                let told = events_of(
                    Reading { diary: before, finals: finals_before },
                    Reading { diary: after, finals: finals_after },
                    next,
                    at,
                );
                // Of finals it is told once.
                (finals_before, finals_after) = (&[], &[]);
                next = told.last().map_or(next, |last| last.cursor.saturating_add(1));
                events.extend(told.into_iter().map(|event| (school, event)));
            }
        }
        Ok(events)
    }
}

async fn read(
    tx: &mut dyn Tx,
    school: SchoolId,
    watched: &Watched,
) -> Result<(Vec<Diary>, Vec<FinalMark>), StoreError> {
    let pupil = watched.pupil;
    let mut diaries = Vec::with_capacity(watched.days.len());
    for days in &watched.days {
        diaries.push(compose(tx.diary_slice(school, pupil, *days).await?, *days));
    }
    let finals = if watched.finals { tx.finals(school, pupil).await? } else { Vec::new() };
    if diaries.is_empty() {
        let range = DateRange::day(NaiveDate::default());
        diaries.push(Diary { pupil, range, days: Vec::new() });
    }
    Ok((diaries, finals))
}
