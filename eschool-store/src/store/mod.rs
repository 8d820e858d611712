//! The use cases.

mod apps;
mod archive;
mod at_work;
mod audit;
mod cards;
mod cases;
mod closing;
mod diary;
mod enrolment;
mod error;
mod esia;
mod events;
mod excuses;
#[cfg(feature = "exchange")]
mod export;
mod facts;
mod finals;
mod forget;
mod grounds;
#[cfg(feature = "exchange")]
mod import;
mod invitations;
mod joined_year;
mod keys;
mod lesson;
mod lock_out;
mod merges;
mod new_year;
mod numbers;
mod overtaken;
mod overview;
mod parents;
mod password;
mod people;
mod personal;
pub(crate) mod places;
mod recovery;
mod refused_rows;
mod rehash;
mod reseal;
mod session;
mod shared_phones;
mod sign_in;
mod standing;
mod support;
mod unreadable;
mod watch;

use std::sync::Arc;

pub use apps::{AppDevice, AppGrantError, AppRequest, AppTokens, RevokeError};
pub use archive::{YearArchiveError, YearProgress, YearStep};
pub use audit::{AuditError, AuditFault, AuditFaultKind, AuditReport, ChainEnd, Checkpoint};
pub use cards::{CardUseError, IssueError, IssuedCard, IssuedCards};
pub use cases::RefusedSignIn;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
pub use diary::{DiaryError, PupilProfile};
pub use enrolment::{MoveError, Transfer, Transferred, UnsettledParent};
pub use error::StoreError;
use eschool_core::{
    people::School,
    policy::SignInPolicy,
    signin::{At, CASE_KEPT},
};
pub use events::EventPage;
pub use excuses::{ExcuseForm, ExcuseUseError, KnownExcuse};
#[cfg(feature = "exchange")]
pub use export::{ExportError, ExportOptions};
pub use finals::ClassFinalsError;
pub use grounds::{GroundError, KnownBasis};
#[cfg(feature = "exchange")]
pub use import::ImportError;
pub use invitations::{AcceptError, Invitation, InvitationError};
pub use lesson::{LessonError, SeenLesson};
pub use merges::{Actor, AfterUndoing, MergeError, Settlement};
pub use new_year::{NewYearError, YearForeseen};
pub use overview::{ChildOverview, SchoolOverview, StaffOverview};
pub use parents::{
    BondCorrection, ChildBond, EnteredParent, IncompleteAccount, ParentCorrection, ParentError,
    ParentForm,
};
pub use password::{PasswordChange, PasswordChangeError};
pub use personal::{
    AccountExport, CardExport, Erased, PersonExport, PersonalDataError, RefusedSignInExport,
    SessionExport, StaffLook, StaffLooks,
};
pub use recovery::{LinkOffer, LinkUseError, OutgoingLetter};
pub use rehash::Rehashed;
pub use session::{Session, SessionError};
pub use sign_in::{PasswordSignIn, SignInError, SignedIn};

pub use support::{CaseView, SupportError};

use crate::{
    ambient::Ambient,
    backend::{Access, Backend, Turn, Tx},
    secret::{Passwords, Vault},
};

/// Every use case over one database.
///
/// It is cheap to clone and meant to be shared among tasks.
pub struct Store<B> {
    inner: Arc<Inner<B>>,
}

struct Inner<B> {
    backend: B,
    ambient: Ambient,
    vault: Vault,
    passwords: Passwords,
    policy: SignInPolicy,
    settings: StoreSettings,
}

/// What an operator can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// How long a session lasts at most.
    pub session: TimeDelta,
    /// How long what ЕСИА said at a refused sign-in is kept, and a support case after its closing.
    pub refused_kept: TimeDelta,
    /// How long an invitation may be accepted.
    pub invitation: TimeDelta,
    /// Whose date is "today" before it is known from which school somebody is, and where somebody
    /// is of several.
    pub time_zone: Tz,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            session: TimeDelta::days(30),
            refused_kept: CASE_KEPT,
            invitation: TimeDelta::days(3),
            time_zone: chrono_tz::Europe::Moscow,
        }
    }
}

impl<B> Clone for Store<B> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<B> std::fmt::Debug for Store<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("policy", &self.inner.policy.name()).finish_non_exhaustive()
    }
}

impl<B: Backend> Store<B> {
    /// A store over this backend, with time and randomness, keys, and the policy of the region.
    #[must_use]
    pub fn new(
        backend: B,
        ambient: Ambient,
        vault: Vault,
        passwords: Passwords,
        policy: SignInPolicy,
        settings: StoreSettings,
    ) -> Self {
        let inner = Inner { backend, ambient, vault, passwords, policy, settings };
        Self { inner: Arc::new(inner) }
    }

    /// The policy people sign in by.
    #[must_use]
    pub fn policy(&self) -> &SignInPolicy {
        &self.inner.policy
    }

    /// Every school, by name.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn schools(&self) -> Result<Vec<School>, StoreError> {
        Ok(self.read().await?.schools().await?)
    }

    /// The date it is now at a school; where its time zone is unknown, at the installation.
    #[must_use]
    pub fn today(&self, school: &School) -> NaiveDate {
        self.at(self.zone(school)).date
    }

    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(self.inner.backend.begin(Access::Read).await?)
    }

    /// A transaction that is alone.
    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(self.inner.backend.begin(Access::Write).await?)
    }

    /// A transaction that follows those who decide by the same, and no others.
    async fn write_in(&self, turns: &[Turn]) -> Result<Box<dyn Tx>, StoreError> {
        Ok(self.inner.backend.begin(Access::InTurn(turns)).await?)
    }

    fn zone(&self, school: &School) -> Tz {
        school.time_zone.parse().unwrap_or(self.inner.settings.time_zone)
    }

    /// When it is at the installation.
    fn here(&self) -> At {
        self.at(self.inner.settings.time_zone)
    }

    fn at(&self, zone: Tz) -> At {
        let instant = self.inner.ambient.now();
        At { instant, date: instant.with_timezone(&zone).date_naive() }
    }
}
