//! What will come of a sign-in today: the core's own answer, in a few words.

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId, SchoolId},
    identity::{BirthDate, FullName},
    journal::last_day_of,
    people::Account,
    signin::{
        AccountGrant, Assurance, At, Attempt, Candidate, EsiaPerson, Facts, Grant, GrantedRole,
        PasswordAttempt, PasswordCheck, PupilFacts, decide,
    },
};
use eschool_store::{
    SignInError,
    backend::{Access, Backend as _, Registry, StoredAccount},
};

use super::{ZONE, is_called};
use crate::{
    sample::{EsiaAccount, SampleEsiaPerson},
    start::{Installation, StartError},
    view::{NBSP, date, number::counted},
};

/// The registries of the sample schools, to ask about their people.
pub(super) struct Outcomes<'a> {
    registries: Vec<Registry>,
    installation: &'a Installation,
    at: At,
}

impl<'a> Outcomes<'a> {
    /// Reads the registries as they are now.
    pub(super) async fn read(
        installation: &'a Installation,
        schools: &[SchoolId],
    ) -> Result<Self, StartError> {
        let mut tx = installation.backend.begin(Access::Read).await?;
        let mut registries = Vec::with_capacity(schools.len());
        for school in schools {
            registries.push(tx.registry(*school).await?);
        }
        let instant = installation.ambient.now();
        let at = At { instant, date: instant.with_timezone(&ZONE).date_naive() };
        Ok(Self { registries, installation, at })
    }

    /// What a pupil with the right password is told.
    pub(super) fn by_password(&self, name: &str, class: &str) -> String {
        let Some(candidate) = self.registries.iter().find_map(|of| pupil(of, name, class)) else {
            return "такого ученика нет".into();
        };
        let facts = Facts {
            password: Some(PasswordCheck::Right),
            candidates: vec![candidate],
            ..Facts::default()
        };
        let attempt = Attempt::Password(PasswordAttempt { login: String::new() });
        match decide(self.installation.policy(), facts, &attempt, &self.at) {
            Ok(grant) => match grant.password_ends {
                Some(ends) => format!("откроется дневник, {}", ending(ends, self.at.date)),
                None => "откроется дневник".into(),
            },
            Err(refusal) => format!("отказ {}: «{}»", refusal.code, refusal.text_ru()),
        }
    }

    /// What comes of it when somebody comes from ЕСИА.
    pub(super) async fn by_esia(&self, person: &SampleEsiaPerson) -> Result<String, StartError> {
        let Some(person) = vouched(person) else {
            return Ok("такого человека быть не может".into());
        };
        match self.installation.store.foresee_esia(person).await {
            Ok(grant) => Ok(self.granted(&grant)),
            Err(SignInError::Refused(refusal)) => Ok(format!("отказ {}", refusal.code)),
            Err(SignInError::Store(error)) => Err(error.into()),
        }
    }

    /// «вход: дневник ребёнка (Варвара) и классное руководство (8А)».
    fn granted(&self, grant: &Grant) -> String {
        let accounts: Vec<String> = grant.accounts.iter().map(|of| self.roles(of)).collect();
        match accounts.as_slice() {
            [account] => format!("вход: {account}"),
            several if grant.choose_school => {
                format!("вход с выбором школы: {}", several.join(" или "))
            }
            several => {
                let schools = counted(several.len() as u64, ["школу", "школы", "школ"]);
                format!("вход сразу в{NBSP}{schools}: {}", several.join(" и "))
            }
        }
    }

    fn roles(&self, account: &AccountGrant) -> String {
        let roles = account.roles.iter().map(|role| match role {
            GrantedRole::Pupil => "свой дневник".into(),
            GrantedRole::Parent { children } => {
                let whose = if children.len() == 1 {
                    "дневник ребёнка"
                } else {
                    "дневники детей"
                };
                let names: Vec<_> =
                    children.iter().filter_map(|child| self.given_name(*child)).collect();
                format!("{whose} ({})", names.join(", "))
            }
            GrantedRole::Staff { class_teacher_of, .. } => {
                let classes: Vec<_> =
                    class_teacher_of.iter().filter_map(|class| self.class(*class)).collect();
                if classes.is_empty() {
                    "работа в школе".into()
                } else {
                    format!("классное руководство ({})", classes.join(", "))
                }
            }
            GrantedRole::Unknown(_) => role.as_str().into(),
        });
        roles.collect::<Vec<String>>().join(" и ")
    }

    fn given_name(&self, account: AccountId) -> Option<&str> {
        let mut accounts = self.registries.iter().flat_map(|registry| &registry.accounts);
        accounts.find(|known| known.id == account).map(|known| known.name.given())
    }

    fn class(&self, class: ClassId) -> Option<String> {
        let mut classes = self.registries.iter().flat_map(|registry| &registry.classes);
        classes.find(|known| known.id == class).map(|known| known.name.to_string())
    }
}

/// The pupil of this name in this class.
fn pupil(registry: &Registry, name: &str, class: &str) -> Option<Candidate> {
    let Registry { accounts, stays, classes, .. } = registry;
    let mut namesakes = accounts.iter().filter(|account| is_called(&account.name, name));
    namesakes.find_map(|account| {
        let stays: Vec<_> = stays.iter().filter(|stay| stay.pupil == account.id).cloned().collect();
        let in_class = stays.iter().any(|stay| {
            classes.iter().any(|known| known.id == stay.class && known.name.to_string() == class)
        });
        in_class.then(|| Candidate {
            account: opened(account),
            pupil: Some(PupilFacts { until: last_day_of(&stays), consents: Vec::new() }),
            parent: None,
            staff: None,
        })
    })
}

/// The account without what is sealed: a pupil is not judged by it.
fn opened(account: &StoredAccount) -> Account {
    Account {
        id: account.id,
        school: account.school,
        person: account.person,
        name: account.name.clone(),
        birth_date: account.birth_date,
        snils: None,
        phone: None,
        email: None,
    }
}

/// What ЕСИА will say of a person.
fn vouched(person: &SampleEsiaPerson) -> Option<EsiaPerson> {
    let mut parts = person.name.splitn(3, ' ');
    let (family, given, patronymic) = (parts.next()?, parts.next()?, parts.next());
    Some(EsiaPerson {
        oid: String::new(),
        assurance: match person.account {
            EsiaAccount::Confirmed => Assurance::Confirmed,
            EsiaAccount::Standard => Assurance::Unconfirmed,
            EsiaAccount::Child => Assurance::Child,
        },
        name: FullName::new(family, given, patronymic).ok()?,
        birth_date: Some(BirthDate::new(person.born).ok()?),
        snils: Some(person.snils.parse().ok()?),
        verified_phone: Some(person.phone.parse().ok()?),
        verified_email: None,
        children: Vec::new(),
    })
}

fn ending(ends: NaiveDate, today: NaiveDate) -> String {
    format!("с{NBSP}{} – только через ЕСИА", date::day_month_near(ends, today))
}
