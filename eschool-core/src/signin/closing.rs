//! When an account closes, and when it is erased.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Candidate, ChildFacts};
use crate::{
    id::AccountId,
    people::{DataBasis, MayKeep, may_keep_data},
    policy::Rules,
};

/// The end of an account, as far as it is known.
///
/// ```
/// use eschool_core::signin::Closing;
///
/// let closing: Closing =
///     serde_json::from_str(r#"{"closedFrom": "2025-06-01", "erasedOn": "2025-07-01"}"#)?;
/// let on = |day: &str| day.parse().unwrap();
/// assert!(!closing.is_closed_on(on("2025-05-31")) && closing.is_closed_on(on("2025-06-01")));
/// assert!(!closing.is_erased_on(on("2025-06-30")) && closing.is_erased_on(on("2025-07-01")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closing {
    /// The first day on which the account is closed.
    pub closed_from: NaiveDate,
    /// The day on which it is to be erased; none where the policy keeps closed accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_on: Option<NaiveDate>,
}

impl Closing {
    /// Whether the account is closed on a day.
    #[must_use]
    pub fn is_closed_on(&self, day: NaiveDate) -> bool {
        self.closed_from <= day
    }

    /// Whether the policy's days are over, so that the account is to be gone on a day. Whether it
    /// may be, [`may_erase`] says.
    #[must_use]
    pub fn is_erased_on(&self, day: NaiveDate) -> bool {
        self.erased_on.is_some_and(|erased| erased <= day)
    }
}

/// Whether an account that has closed may be erased on a day. Only [`Yes`](Self::Yes) lets it be
/// erased.
///
/// ```
/// use eschool_core::signin::MayErase;
///
/// assert_ne!(MayErase::NotKnown, MayErase::Yes);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayErase {
    /// The policy's days are over, and no ground to keep the data holds.
    Yes,
    /// It is open, its days are not over, or a ground to keep the data holds.
    No,
    /// Its days are over, and whether a ground holds only a newer version knows: a person has to
    /// look.
    NotKnown,
}

/// Whether an account's time is over: by the policy's days after it
/// [closed](Candidate::closing), and by every [ground](DataBasis) to keep somebody's data.
///
/// `closing` is what [`Candidate::closing`] says; `bases` may be of other accounts as well. What
/// somebody asks to be erased before is another matter: that is a decision of the school.
///
/// ```
/// use eschool_core::{
///     people::DataBasis,
///     signin::{Closing, MayErase, may_erase},
/// };
///
/// let law: DataBasis = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "ground": "law",
///         "document": "Приказ № 17", "date": "2024-09-01", "until": "2026-05-31"}"#,
/// )?;
/// let closing: Closing =
///     serde_json::from_str(r#"{"closedFrom": "2025-06-01", "erasedOn": "2025-07-01"}"#)?;
/// let account = law.account;
/// let told = |bases: &[DataBasis], day: &str| {
///     may_erase(Some(closing), bases, account, day.parse().unwrap())
/// };
/// assert_eq!(told(&[], "2025-06-30"), MayErase::No);
/// assert_eq!(told(&[], "2025-07-01"), MayErase::Yes);
/// assert_eq!(told(&[law.clone()], "2026-05-31"), MayErase::No);
/// assert_eq!(told(&[law], "2026-06-01"), MayErase::Yes);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn may_erase(
    closing: Option<Closing>,
    bases: &[DataBasis],
    account: AccountId,
    day: NaiveDate,
) -> MayErase {
    if !closing.is_some_and(|closing| closing.is_erased_on(day)) {
        return MayErase::No;
    }
    match may_keep_data(bases, account, day) {
        MayKeep::Yes => MayErase::No,
        MayKeep::No => MayErase::Yes,
        MayKeep::NotKnown => MayErase::NotKnown,
    }
}

impl Candidate {
    /// Whether the account never was anything: neither pupil nor parent nor at work. It never closes
    /// by itself, and nothing goes on by it: it may be erased when somebody asks.
    ///
    /// ```
    /// use eschool_core::signin::{Candidate, PupilFacts};
    ///
    /// let account = serde_json::from_str(
    ///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
    ///         "school": "019379ab-0000-7000-8000-000000000001",
    ///         "person": "019379ab-0000-7000-8000-000000000003",
    ///         "name": {"family": "Ёлкина", "given": "Анна"}}"#,
    /// )?;
    /// let nobody = Candidate { account, pupil: None, parent: None, staff: None };
    /// assert!(nobody.has_no_role());
    /// assert!(!Candidate { pupil: Some(PupilFacts::default()), ..nobody }.has_no_role());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub const fn has_no_role(&self) -> bool {
        self.pupil.is_none() && self.parent.is_none() && self.staff.is_none()
    }

    /// When the account closes and is erased under these rules; none while one of its roles has no
    /// end that is known, or nobody knows what it was.
    ///
    /// It closes on the day after the last one of its last role: the pupil's in the school, the one
    /// at work, and a parent's on which the last child is seen. A bar closes nothing: an account
    /// that is erased and entered anew would be without it. The sign-in words each end by its role:
    /// a pupil and a member of staff read `account_closed`, a parent `no_children`.
    ///
    /// A bond is ended by its last day and never deleted: of an account whose bonds are gone nobody
    /// knows what it was, and it never closes.
    ///
    /// ```
    /// use eschool_core::{
    ///     policy::{Rules, SignInPolicy},
    ///     signin::{Candidate, PupilFacts},
    /// };
    ///
    /// let account = serde_json::from_str(
    ///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
    ///         "school": "019379ab-0000-7000-8000-000000000001",
    ///         "person": "019379ab-0000-7000-8000-000000000003",
    ///         "name": {"family": "Ёлкина", "given": "Анна"}}"#,
    /// )?;
    /// let pupil = PupilFacts { until: "2025-05-31".parse().ok(), ..PupilFacts::default() };
    /// let left = Candidate { account, pupil: Some(pupil), parent: None, staff: None };
    /// let kept = SignInPolicy::ryazan_2022().rules_on(chrono::NaiveDate::MIN).clone();
    /// let closing = left.closing(&kept).unwrap();
    /// assert_eq!((closing.closed_from.to_string().as_str(), closing.erased_on), ("2025-06-01", None));
    ///
    /// let erased = Rules { erase_after_days: Some(30), ..kept };
    /// assert_eq!(left.closing(&erased).unwrap().erased_on, "2025-07-01".parse().ok());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn closing(&self, rules: &Rules) -> Option<Closing> {
        let own = |child: &&ChildFacts| child.guardianship.parent == self.account.id;
        let children = self.parent.iter().flat_map(|parent| parent.children.iter().filter(own));
        let last_days = children
            .map(|child| child.last_day(rules))
            .chain(self.pupil.iter().map(|pupil| pupil.until))
            .chain(self.staff.iter().map(|staff| staff.until));
        let mut last = None;
        for role_ends in last_days {
            last = last.max(Some(role_ends?));
        }
        let closed_from = last?.succ_opt()?;
        let erased_on = rules
            .erase_after_days
            .and_then(|days| closed_from.checked_add_days(Days::new(days.into())));
        Some(Closing { closed_from, erased_on })
    }
}
