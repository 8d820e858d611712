//! What will come of a sign-in today: the core's own answer, in a few words.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use eschool_core::{
    id::{AccountId, ClassId, SchoolId},
    identity::{BirthDate, FullName},
    policy::SignInPolicy,
    signin::{
        AccountGrant, Assurance, At, Attempt, Candidate, EsiaPerson, Facts, Grant, GrantedRole,
        LookupKeys, PasswordAttempt, PasswordCheck, Refusal, admit, decide,
    },
};
use eschool_store::backend::{Access, Backend as _};

use super::{ZONE, is_called};
use crate::{
    sample::{EsiaAccount, SampleEsiaPerson},
    start::{Installation, StartError},
    view::{NBSP, date, number::counted},
};

/// The people of the sample schools, to ask about them.
pub(super) struct Outcomes<'a> {
    candidates: Vec<Candidate>,
    classes: BTreeMap<ClassId, String>,
    policy: &'a SignInPolicy,
    at: At,
}

impl<'a> Outcomes<'a> {
    /// Reads the registries as they are now.
    pub(super) async fn read(
        installation: &'a Installation,
        schools: &[SchoolId],
    ) -> Result<Self, StartError> {
        let instant = installation.ambient.now();
        let at = At { instant, date: instant.with_timezone(&ZONE).date_naive() };
        let mut candidates = Vec::new();
        let mut classes = BTreeMap::new();
        let mut tx = installation.backend.begin(Access::Read).await?;
        for school in schools {
            let registry = tx.registry(*school).await?;
            classes.extend(registry.classes.iter().map(|class| (class.id, class.name.to_string())));
            let accounts: Vec<_> = registry.accounts.iter().map(|a| (*school, a.id)).collect();
            for member in tx.members(&accounts).await? {
                candidates.push(installation.store.candidate(&member, at.date)?);
            }
        }
        Ok(Self { candidates, classes, policy: installation.policy(), at })
    }

    /// What a pupil with the right password is told.
    pub(super) fn by_password(&self, name: &str) -> String {
        let pupils = self.candidates.iter().filter(|candidate| candidate.pupil.is_some());
        let Some(pupil) = pupils.into_iter().find(|pupil| is_called(&pupil.account.name, name))
        else {
            return "такого ученика нет".into();
        };
        let facts = Facts {
            locked_until: None,
            password: Some(PasswordCheck::Right),
            candidates: vec![pupil.clone()],
        };
        let attempt = Attempt::Password(PasswordAttempt { login: String::new() });
        match decide(self.policy, facts, &attempt, &self.at) {
            Ok(grant) => match grant.password_ends {
                Some(ends) => format!("откроется дневник, {}", ending(ends, self.at.date)),
                None => "откроется дневник".into(),
            },
            Err(refusal) => format!("отказ {}: «{}»", refusal.code, refusal.text_ru()),
        }
    }

    /// What comes of it when somebody comes from ЕСИА.
    pub(super) fn by_esia(&self, person: &SampleEsiaPerson) -> String {
        match vouched(person).map(|person| self.judged(Attempt::Esia(person))) {
            Some(Ok(grant)) => self.granted(&grant),
            Some(Err(refusal)) => format!("отказ {}", refusal.code),
            None => "такого человека быть не может".into(),
        }
    }

    fn judged(&self, attempt: Attempt) -> Result<Grant, Refusal> {
        let candidates = match admit(self.policy, &attempt, &self.at)? {
            LookupKeys::Login(_) => Vec::new(),
            LookupKeys::Esia { snils, phone } => {
                let holds = |candidate: &&Candidate| {
                    let account = &candidate.account;
                    snils.is_some() && account.snils == snils
                        || phone.is_some() && account.phone == phone
                };
                self.candidates.iter().filter(holds).cloned().collect()
            }
        };
        decide(self.policy, Facts { candidates, ..Facts::default() }, &attempt, &self.at)
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
                let names = children.iter().filter_map(|child| self.name(*child));
                format!("{whose} ({})", list(names.map(FullName::given)))
            }
            GrantedRole::Staff { class_teacher_of, .. } => {
                let classes = class_teacher_of.iter().filter_map(|class| self.classes.get(class));
                match list(classes.map(String::as_str)) {
                    none if none.is_empty() => "работа в школе".into(),
                    classes => format!("классное руководство ({classes})"),
                }
            }
            GrantedRole::Unknown(_) => role.as_str().into(),
        });
        roles.collect::<Vec<String>>().join(" и ")
    }

    fn name(&self, account: AccountId) -> Option<&FullName> {
        let found = self.candidates.iter().find(|candidate| candidate.account.id == account);
        found.map(|candidate| &candidate.account.name)
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
    })
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

fn ending(ends: NaiveDate, today: NaiveDate) -> String {
    format!("с{NBSP}{} – только через ЕСИА", date::day_month_near(ends, today))
}
