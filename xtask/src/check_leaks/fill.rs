//! A store with schools in it, and everything secret of their people.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    path::PathBuf,
    sync::Arc,
};

use eschool_core::{
    id::SchoolId,
    identity::{BirthDate, FullName},
    journal::ClassName,
    people::RegistrationCard,
    signin::{Assurance, CaseCode, EsiaPerson},
};
use eschool_store::{
    Actor, AppRequest, IssueError, PasswordSignIn, Session, SignInError, SignedIn, Store,
    backend::Backend,
    exchange::{FileKind, SchoolFiles, SchoolFolder},
    secret::CodeChallenge,
};

use super::{Kind, Secret, later::parent_of, sample};

type TheStore = Store<Arc<dyn Backend>>;

/// The files that tell of people; what a journal holds is nobody's secret.
const PEOPLE: [FileKind; 8] = [
    FileKind::School,
    FileKind::Calendar,
    FileKind::Periods,
    FileKind::Bells,
    FileKind::Pupils,
    FileKind::Parents,
    FileKind::Staff,
    FileKind::Timetable,
];

/// So many parents of a school sign in through ЕСИА, so many pupils of a class by card.
const SIGN_INS: usize = 12;

/// Takes the schools in, lets people come, and tells what is secret of them.
pub(super) async fn fill(
    store: &TheStore,
    schools: &[PathBuf],
) -> Result<BTreeSet<Secret>, Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in schools {
        files.push(SchoolFolder::at(folder)?.read()?);
    }
    if files.is_empty() {
        files.push(sample::files());
    }
    let mut secrets = BTreeSet::new();
    for (n, files) in files.into_iter().enumerate() {
        let mut people = SchoolFiles::from_texts([]);
        for (file, bytes) in files.iter().filter(|(file, _)| PEOPLE.contains(&file.kind)) {
            people.put(file, bytes.to_vec());
        }
        let report = store.import_school(&people, &mut |_| {}).await?;
        if report.refused.is_empty() {
            return Err("no row was refused, so none is kept".into());
        }
        let mut rows = Vec::new();
        for kind in [FileKind::Pupils, FileKind::Parents, FileKind::Staff] {
            rows.extend(people.get(kind).map(rows_of).transpose()?.unwrap_or_default());
        }
        rows.iter().for_each(|row| secrets_of(row, &mut secrets));
        let mut school = School { store, school: report.school, number: n, secrets: &mut secrets };
        let cards = school.by_card().await.map_err(during("cards"))?;
        let (parent, refused) =
            school.by_esia(&rows).await.map_err(during("sign-ins through ЕСИА"))?;
        let administrator = school.by_invitation().await.map_err(during("an invitation"))?;
        school.by_form(&administrator, &parent).await.map_err(during("forms"))?;
        school.by_case(&administrator, &refused).await.map_err(during("a case"))?;
        let (changing, forgetful) = cards.split_first().ok_or("no cards")?;
        school.by_change(changing).await.map_err(during("a changed password"))?;
        school.by_letter(forgetful).await.map_err(during("letters"))?;
    }
    Ok(secrets)
}

/// Says at what something failed.
fn during(what: &'static str) -> impl Fn(Box<dyn Error>) -> Box<dyn Error> {
    move |error| format!("{what}: {error}").into()
}

type Row = BTreeMap<String, String>;

/// The rows of a file of text.
fn rows_of(bytes: &[u8]) -> Result<Vec<Row>, Box<dyn Error>> {
    let text = String::from_utf8(bytes.to_vec())
        .unwrap_or_else(|_| encoding_rs::WINDOWS_1251.decode(bytes).0.into_owned());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// What is secret in a row, good or not.
fn secrets_of(row: &Row, secrets: &mut BTreeSet<Secret>) {
    for (column, cell) in row {
        match column.as_str() {
            "СНИЛС" => add(Kind::Snils, cell, secrets),
            "Телефон" => {
                cell.split([',', ';', '/']).for_each(|one| add(Kind::Phone, one, secrets))
            }
            "Эл. почта" if cell.contains('@') => {
                secrets.insert(Secret::text(Kind::Email, cell));
            }
            _ => {}
        }
    }
}

pub(super) fn add(kind: Kind, typed: &str, secrets: &mut BTreeSet<Secret>) {
    let typed = typed.trim();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let secret = match kind {
        Kind::Snils => Secret::snils(&format!("{digits:0>11}")),
        _ => digits.len().checked_sub(10).and_then(|at| Secret::phone(digits.split_at(at).1)),
    };
    // Fewer digits are those of many another number.
    if let Some(mut secret) = secret.filter(|_| digits.len() >= 9) {
        secret.texts.insert(typed.to_owned());
        secrets.insert(secret);
    }
}

/// A school whose people come.
pub(super) struct School<'a> {
    pub(super) store: &'a TheStore,
    pub(super) school: SchoolId,
    /// Its number among the schools.
    pub(super) number: usize,
    pub(super) secrets: &'a mut BTreeSet<Secret>,
}

impl School<'_> {
    async fn by_card(&mut self) -> Result<Vec<RegistrationCard>, Box<dyn Error>> {
        let mut cards: Vec<RegistrationCard> = Vec::new();
        for class in ["2А", "3А", "5А"] {
            let class = class.parse::<ClassName>()?;
            match self.store.issue_cards(Actor::Console, self.school, &class).await {
                Ok(issued) => cards.extend(issued.cards.into_iter().map(|made| made.card)),
                Err(IssueError::ClassNotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for card in &cards {
            self.secrets.insert(Secret::text(Kind::Password, &card.password));
        }
        for card in cards.iter().take(SIGN_INS) {
            let mut signed_in = self.sign_in(card.login.as_str(), &card.password, None).await?;
            let device = signed_in.device.take().ok_or("no device")?.to_text().to_string();
            let again = self.sign_in(card.login.as_str(), &card.password, Some(device)).await?;
            self.let_app_in(&again).await?;
        }
        // What is typed wrong is as secret: a number in the place of a login, another password.
        let wrong = "парольНеТот9";
        self.secrets.insert(Secret::text(Kind::Password, wrong));
        let first = cards.first().ok_or("no cards")?;
        let typed = Secret::snils("16475920384").ok_or("a number")?;
        for login in typed.texts.iter().map(String::as_str).chain([first.login.as_str()]) {
            match self.sign_in(login, wrong, None).await {
                Err(SignInError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => return Err("a wrong password opens".into()),
            }
        }
        self.secrets.insert(typed);
        Ok(cards)
    }

    pub(super) async fn sign_in(
        &mut self,
        login: &str,
        password: &str,
        device: Option<String>,
    ) -> Result<SignedIn, SignInError> {
        let request = PasswordSignIn {
            login: login.into(),
            password: password.to_owned().into(),
            source: None,
            device,
        };
        let signed_in = self.store.sign_in_with_password(request).await?;
        self.keep(&signed_in);
        Ok(signed_in)
    }

    /// Lets an app in, which gets tokens twice, and notes all that it was given.
    async fn let_app_in(&mut self, signed_in: &SignedIn) -> Result<(), Box<dyn Error>> {
        const APP: &str = "diary";
        const ADDRESS: &str = "http://127.0.0.1:4100/callback";
        // The example of RFC 7636.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let request = AppRequest {
            client: APP.into(),
            redirect_uri: ADDRESS.into(),
            challenge: CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")?,
            device: "Телефон".parse().ok(),
        };
        let code = self.store.grant_app(&signed_in.token.to_text(), request).await?.to_text();
        let first = self.store.redeem_app_code(&code, APP, ADDRESS, verifier).await?;
        let next = self.store.refresh_app(&first.refresh.to_text(), APP).await?;
        self.secrets.extend(Secret::token(verifier));
        self.secrets.extend(Secret::token(&code));
        for tokens in [first, next] {
            self.secrets.extend(Secret::token(&tokens.access.to_text()));
            self.secrets.extend(Secret::tokens_of_an_app(&tokens.refresh.to_text()));
        }
        Ok(())
    }

    /// Notes what opens a session, and that its hash is to be found.
    fn keep(&mut self, signed_in: &SignedIn) {
        let device = signed_in.device.as_ref().map(|token| token.to_text());
        for text in [Some(signed_in.token.to_text()), device].into_iter().flatten() {
            let token = Secret::token(&text);
            self.secrets.extend(token.as_ref().map(Secret::hash_of_token));
            self.secrets.extend(token);
        }
    }

    /// Tells of a parent who is in, and of the code that somebody was told who is not.
    async fn by_esia(&mut self, rows: &[Row]) -> Result<(Session, CaseCode), Box<dyn Error>> {
        let (mut granted, mut parent, mut refused) = (0, None, None);
        for (n, row) in rows.iter().filter(|row| row.contains_key("Тип родства")).enumerate()
        {
            let Some(mut person) = esia_person(row) else { continue };
            person.oid = format!("1{:09}", 371_000_003 + (self.number * 1000 + n) * 7919);
            // Of the others ЕСИА knows too little, and they are refused.
            if n % 3 == 2 {
                person.assurance = Assurance::Unconfirmed;
            }
            self.secrets.insert(Secret::text(Kind::EsiaId, &person.oid));
            match self.store.sign_in_with_esia(person).await {
                Ok(signed_in) => {
                    self.keep(&signed_in);
                    granted += 1;
                    let session =
                        Some(signed_in.session).filter(|one| parent_of(one, self.school).is_some());
                    parent = parent.or(session);
                }
                Err(SignInError::Refused(refusal)) => refused = refused.or(refusal.case),
                Err(error) => return Err(error.into()),
            }
            if granted >= SIGN_INS && refused.is_some() {
                break;
            }
        }
        let parent = parent.ok_or("no parent is let in")?;
        Ok((parent, refused.ok_or("nobody who was refused is told a code")?))
    }

    async fn by_invitation(&mut self) -> Result<Session, Box<dyn Error>> {
        let open = self.store.invite_administrator(self.school).await?.token.to_text();
        let used = self.store.invite_administrator(self.school).await?.token.to_text();
        for text in [&open, &used] {
            self.secrets.extend(Secret::token(text));
        }
        let oid = format!("1{:09}", 582_000_007 + self.number);
        let (snils, phone) = (
            sample::snils(165_333_147 + u64::try_from(self.number)?),
            format!("+7900736415{}", self.number % 10),
        );
        let email = format!("newcomer{}@school.example.org", self.number);
        let person = EsiaPerson {
            oid: oid.clone(),
            assurance: Assurance::Confirmed,
            name: FullName::new("Самшитова", "Вероника", None)?,
            birth_date: Some("11.05.1979".parse()?),
            snils: Some(snils.parse()?),
            verified_phone: Some(phone.parse()?),
            verified_email: Some(email.parse()?),
            children: Vec::new(),
        };
        for (kind, typed) in [(Kind::Snils, &snils), (Kind::Phone, &phone)] {
            add(kind, typed, self.secrets);
        }
        self.secrets.insert(Secret::text(Kind::Email, &email));
        self.secrets.insert(Secret::text(Kind::EsiaId, &oid));
        let signed_in = self.store.accept_invitation(&used, person).await?;
        self.keep(&signed_in);
        Ok(signed_in.session)
    }
}

/// The parent of a row, as ЕСИА would vouch for them; none for a row that says too little.
fn esia_person(row: &Row) -> Option<EsiaPerson> {
    let cell = |column: &str| row.get(column).map(String::as_str).unwrap_or_default();
    let born: BirthDate = cell("Дата рождения").parse().ok()?;
    Some(EsiaPerson {
        oid: String::new(),
        assurance: Assurance::Confirmed,
        name: FullName::new(cell("Фамилия"), cell("Имя"), Some(cell("Отчество"))).ok()?,
        birth_date: Some(born),
        snils: Some(cell("СНИЛС").parse().ok()?),
        verified_phone: cell("Телефон").parse().ok(),
        verified_email: None,
        children: Vec::new(),
    })
}
