//! Who may look at what.
//!
//! Everything that is not allowed here is refused. So far a diary has two kinds of readers: the
//! pupil and the pupil's parents.

use chrono::NaiveDate;
use thiserror::Error;

use crate::{error::CodedError, id::AccountId, people::Guardianship};

/// Somebody who looks, in one of their roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer<'a> {
    /// A pupil, with the last day in the school; none while the last stay goes on.
    Pupil(AccountId, Option<NaiveDate>),
    /// A parent, with every bond the school knows of.
    Parent(&'a [Guardianship]),
}

/// Why somebody may not look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum AccessError {
    /// The adult may not see this child.
    #[error("this adult may not see the child's diary; ask the school")]
    Barred,
    /// The pupil has left the school.
    #[error("the account is closed: the pupil has left the school")]
    AccountClosed,
    /// The bond does not hold on this day.
    #[error("the guardianship does not hold on this day; ask the school")]
    GuardianshipEnded,
    /// It is somebody else's diary.
    #[error("this is not a diary of yours")]
    NotYours,
}

impl CodedError for AccessError {
    fn code(&self) -> &'static str {
        match self {
            Self::Barred => "access_barred",
            Self::AccountClosed => "account_closed",
            Self::GuardianshipEnded => "guardianship_ended",
            Self::NotYours => "not_yours",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Barred => "Доступ к дневнику этого ребёнка для вас ограничен. Обратитесь в школу",
            Self::AccountClosed => {
                "Учётная запись закрыта: по данным школы вы в ней больше не учитесь"
            }
            Self::GuardianshipEnded => {
                "Срок, на который вам открыт дневник этого ребёнка, не наступил или вышел. \
                 Обратитесь в школу"
            }
            Self::NotYours => "Это не ваш дневник",
        }
    }
}

/// Whether somebody may read a pupil's diary on a day; any of the roles is enough.
///
/// A pupil reads their own while in the school; a parent that of a child whose guardianship holds and is not barred.
///
/// ```
/// use eschool_core::{access::{AccessError, Viewer, may_read_diary}, id::AccountId};
///
/// let pupil: AccountId = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let other: AccountId = "019379ab-0000-7000-8000-000000000003".parse()?;
/// let today = chrono::NaiveDate::from_ymd_opt(2024, 9, 1).unwrap();
/// assert_eq!(may_read_diary(&[Viewer::Pupil(pupil, None)], pupil, today), Ok(()));
/// assert_eq!(
///     may_read_diary(&[Viewer::Pupil(other, None)], pupil, today),
///     Err(AccessError::NotYours),
/// );
/// # Ok::<(), uuid::Error>(())
/// ```
///
/// # Errors
/// [`AccessError`] says which rule stands in the way; the most telling one if there are several.
pub fn may_read_diary(
    viewers: &[Viewer<'_>],
    pupil: AccountId,
    today: NaiveDate,
) -> Result<(), AccessError> {
    let mut refused = AccessError::NotYours;
    for viewer in viewers {
        match viewer {
            Viewer::Pupil(account, until) if *account == pupil => match until {
                Some(last) if *last < today => refused = refused.min(AccessError::AccountClosed),
                _ => return Ok(()),
            },
            Viewer::Pupil(..) => {}
            Viewer::Parent(bonds) => {
                for bond in bonds.iter().filter(|bond| bond.child == pupil) {
                    match (bond.barred, bond.holds_on(today)) {
                        (false, true) => return Ok(()),
                        (true, _) => refused = refused.min(AccessError::Barred),
                        (false, false) => refused = refused.min(AccessError::GuardianshipEnded),
                    }
                }
            }
        }
    }
    Err(refused)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::people::Kinship;

    const CHILD: AccountId = AccountId(Uuid::from_u128(1));
    const OTHER: AccountId = AccountId(Uuid::from_u128(2));
    const PARENT: AccountId = AccountId(Uuid::from_u128(3));

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 9, day).unwrap()
    }

    fn bond(child: AccountId, from: u32, until: u32, barred: bool) -> Guardianship {
        Guardianship {
            parent: PARENT,
            child,
            kinship: Kinship::Guardian,
            legal_representative: None,
            from: Some(day(from)),
            until: Some(day(until)),
            barred,
        }
    }

    #[test]
    fn a_pupil_reads_their_own_diary_and_no_other() {
        assert_eq!(may_read_diary(&[Viewer::Pupil(CHILD, None)], CHILD, day(1)), Ok(()));
        assert_eq!(
            may_read_diary(&[Viewer::Pupil(OTHER, None)], CHILD, day(1)),
            Err(AccessError::NotYours)
        );
        assert_eq!(may_read_diary(&[], CHILD, day(1)), Err(AccessError::NotYours));
    }

    #[test]
    fn a_pupil_who_left_reads_no_more_from_the_next_day() {
        let read =
            |today| may_read_diary(&[Viewer::Pupil(CHILD, Some(day(10)))], CHILD, day(today));
        assert_eq!(read(10), Ok(()));
        assert_eq!(read(11), Err(AccessError::AccountClosed));
    }

    #[test]
    fn a_parent_reads_while_the_bond_holds_and_is_not_barred() {
        use AccessError::{Barred, GuardianshipEnded, NotYours};
        for (today, bonds, expected) in [
            (5, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Ok(())),
            (10, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Ok(())),
            (4, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Err(GuardianshipEnded)),
            (11, [bond(CHILD, 5, 10, false), bond(OTHER, 1, 30, false)], Err(GuardianshipEnded)),
            (7, [bond(CHILD, 5, 10, true), bond(OTHER, 1, 30, false)], Err(Barred)),
            (11, [bond(CHILD, 5, 10, true), bond(CHILD, 1, 4, false)], Err(Barred)),
            (12, [bond(CHILD, 5, 10, false), bond(CHILD, 12, 14, false)], Ok(())),
            (7, [bond(OTHER, 5, 10, false), bond(OTHER, 1, 30, false)], Err(NotYours)),
        ] {
            assert_eq!(
                may_read_diary(
                    &[Viewer::Pupil(OTHER, None), Viewer::Parent(&bonds)],
                    CHILD,
                    day(today)
                ),
                expected,
                "{today} {bonds:?}"
            );
        }
    }
}
