//! What the links of a letter do.

use std::fmt;

use eschool_core::{
    error::CodedError,
    identity::Login,
    people::{PasswordRuleError, check_new_password},
    policy::Counter,
    recovery::{HandWay, LinkError, RecoveryAccount, RecoveryPlan, RecoveryRequest, plan_recovery},
    signin::{Refusal, RefusalCode},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    backend::{AuditEntry, Backend, BackendError, Credential, RecoveryLinkRow, Turn, Tx},
    secret::{LinkToken, PasswordError},
    store::{Store, StoreError, sign_in::commit},
};

/// What a link sets a password for.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkOffer {
    /// The login.
    pub login: Login,
    /// The pupil's given name.
    pub given: String,
}

impl fmt::Debug for LinkOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkOffer(***)")
    }
}

/// Why a link sets no password.
#[derive(Debug, Error)]
pub enum LinkUseError {
    /// It is malformed or unknown, or a newer one took its place.
    #[error("the link serves no more; open the last letter")]
    Unknown,
    /// It was used, or its time is over.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The new password will not do; the link stays good.
    #[error(transparent)]
    Rule(#[from] PasswordRuleError),
    /// A password no longer serves, or too many are being hashed; the link stays good.
    #[error("recovery refused: {}", .0.code)]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for LinkUseError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for LinkUseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "link_unknown",
            Self::Link(error) => error.code(),
            Self::Rule(error) => error.code(),
            Self::Refused(_) => "recovery_refused",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unknown => {
                "Эта ссылка больше не действует: откройте последнее письмо или восстановите вход \
                 ещё раз"
            }
            Self::Link(error) => error.text_ru(),
            Self::Rule(error) => error.text_ru(),
            Self::Refused(_) => "Задать новый пароль нельзя",
            Self::Store(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Rule(error) => error.field(),
            _ => None,
        }
    }
}

/// A link that can be used, and the card it is of.
struct Good {
    row: RecoveryLinkRow,
    card: Credential,
    account: RecoveryAccount,
}

impl<B: Backend> Store<B> {
    /// What a link sets a password for; it stays as it is.
    ///
    /// # Errors
    /// [`LinkUseError`] says why it sets none.
    pub async fn recovery_link(&self, link: &str) -> Result<LinkOffer, LinkUseError> {
        let mut tx = self.read().await?;
        let Good { card, account, .. } = self.good_link(&mut *tx, link).await?;
        Ok(LinkOffer { login: card.login, given: account.name.given().to_owned() })
    }

    /// Sets a new password by a link, once. Whoever is signed in as this person is out, and every
    /// device is a stranger again; what was tried with the former password closes the login no more.
    ///
    /// # Errors
    /// [`LinkUseError`] says why the password stays as it was.
    pub async fn use_recovery_link(
        &self,
        link: &str,
        password: Zeroizing<String>,
    ) -> Result<(), LinkUseError> {
        let mut tx = self.read().await?;
        let foreseen = self.good_link(&mut *tx, link).await?;
        drop(tx);
        check_new_password(&password, &foreseen.card.login, None)?;
        let phc = match self.hash_new(&password).await {
            Ok(phc) => phc,
            Err(PasswordError::Busy) => {
                return Err(LinkUseError::Refused(self.refusal(RefusalCode::Busy)));
            }
            Err(error) => return Err(StoreError::from(error).into()),
        };
        let login = foreseen.card.login;
        let counter = self.login_counter(login.as_str());
        let mut turns = self.login_turns(login.as_str());
        turns.push(Turn::Key(counter));
        let mut tx = self.write_in(&turns).await?;
        let Good { mut row, card, .. } = self.good_link(&mut *tx, link).await?;
        if card.login != login {
            return Err(LinkUseError::Unknown);
        }
        row.link.use_up(self.inner.ambient.now())?;
        let members = tx.members(&[(card.school, card.account)]).await?;
        let mut changes = self.new_password(&mut *tx, &card, phc).await?;
        changes.ended_people.extend(members.iter().map(|member| member.account.person));
        changes.recovery_links = vec![row];
        changes.counters = vec![(counter, Counter::default())];
        let entry = self.audit_entry("recovery", "used", None, Some(card.account));
        changes.audit.push(AuditEntry { school: Some(card.school), ..entry });
        Ok(commit(tx, changes).await?)
    }

    async fn good_link(&self, tx: &mut dyn Tx, link: &str) -> Result<Good, LinkUseError> {
        let link = LinkToken::parse(link).map_err(|_| LinkUseError::Unknown)?;
        let (school, account) = (link.school(), link.account());
        let row = tx.recovery_link(school, account).await?;
        let row = row.filter(|row| row.token == link.hash()).ok_or(LinkUseError::Unknown)?;
        let now = self.inner.ambient.now();
        row.link.check(now)?;
        let card = tx.credentials_of(&[(school, account)]).await?.pop();
        let card = card.ok_or(LinkUseError::Unknown)?;
        let account = self.recovery_account(tx, &card).await?.ok_or(LinkUseError::Unknown)?;
        // The pupil may have left, or come of the age for ЕСИА, since the letter was written.
        let silent = RecoveryAccount { email: None, ..account.clone() };
        let request = RecoveryRequest::Login(card.login.clone());
        match plan_recovery(&self.inner.policy, &request, &[silent], now) {
            RecoveryPlan::ByHand { way: HandWay::NewCard { .. }, .. } => {
                Ok(Good { row, card, account })
            }
            RecoveryPlan::ByHand { way: HandWay::UseEsia(refusal), .. } => {
                Err(LinkUseError::Refused(refusal))
            }
            _ => Err(LinkUseError::Refused(self.refusal(RefusalCode::AccountClosed))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LinkOffer;

    #[test]
    fn an_offer_says_nothing_of_the_pupil() {
        let offer = LinkOffer { login: "s7_elkina".parse().unwrap(), given: "Анна".into() };
        assert_eq!(format!("{offer:?}"), "LinkOffer(***)");
    }
}
