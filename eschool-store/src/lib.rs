//! Persistence for [`eschool_core`]: every use case once, over any database.
//!
//! * [`Store`]: what an integrator calls. Each method is one use case: it reads in a transaction,
//!   lets the core decide, seals what is secret, writes, and notes it in the audit.
//! * [`backend`]: the small border to a database; [`sqlite`] is the embedded one, [`postgres`]
//!   (feature `postgres`) that of a region.
//! * [`secret`]: keys, the vault, passwords, tokens.
//! * [`exchange`] (feature `exchange`): the files schools exchange.
//!
//! A thief of the database file reads names, birth dates, logins and journals, but no СНИЛС, phone
//! or e-mail, no password, and no session: those are sealed or hashed with keys kept elsewhere.

pub mod ambient;
pub mod backend;
#[cfg(feature = "exchange")]
pub mod exchange;
#[cfg(any(test, feature = "testing"))]
pub mod memory;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod secret;
#[cfg(any(feature = "sqlite", all(test, feature = "postgres")))]
mod size;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(test)]
mod statements;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use store::{
    AcceptError, Actor, AfterUndoing, AppDevice, AppGrantError, AppRequest, AppTokens, AuditError,
    AuditFault, AuditFaultKind, AuditReport, BondCorrection, CardUseError, CaseView, ChainEnd,
    Checkpoint, ChildBond, ChildOverview, ClassFinalsError, DiaryError, EnteredParent, Erased,
    EventPage, ExcuseForm, ExcuseUseError, GroundError, IncompleteAccount, Invitation,
    InvitationError, IssueError, IssuedCard, IssuedCards, KnownBasis, KnownExcuse, LessonError,
    LinkOffer, LinkUseError, MergeError, MoveError, NewYearError, OutgoingLetter, ParentCorrection,
    ParentError, ParentForm, PasswordChange, PasswordChangeError, PasswordSignIn,
    PersonalDataError, PupilProfile, RefusedSignIn, Rehashed, RevokeError, SchoolOverview,
    SeenLesson, Session, SessionError, Settlement, SignInError, SignedIn, StaffLook, StaffLooks,
    StaffOverview, Store, StoreError, StoreSettings, SupportError, Transfer, Transferred,
    UnsettledParent, YearArchiveError, YearForeseen, YearProgress, YearStep,
};
pub use store::{AccountExport, CardExport, PersonExport, RefusedSignInExport, SessionExport};
#[cfg(feature = "exchange")]
pub use store::{ExportError, ExportOptions, ImportError};
