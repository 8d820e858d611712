//! What people do once they are in: passwords forgotten and changed, entries typed wrongly, cases,
//! grounds, excuses.

use std::error::Error;

use eschool_core::{
    calendar::DateRange,
    id::{AccountId, SchoolId},
    journal::AttendanceClass,
    people::{DataBasis, DataGround, Kinship, RegistrationCard, TypedEntry},
    signin::{CaseCode, GrantedRole},
    support::CaseAct,
};
use eschool_store::{ChildBond, ExcuseForm, ParentForm, PasswordChange, Session};

use super::{DAY, Kind, Secret, fill::School, fill::add};

/// Words that nobody but a school and a family is to read.
const REASON: &str = "перелом ключицы, гипс до октября";
const PAPER: &str = "решение районного суда 2-418/2024";

impl School<'_> {
    /// Whoever has a card and an address forgets the password: one letter waits to be sent, one link
    /// is used.
    pub(super) async fn by_letter(
        &mut self,
        cards: &[RegistrationCard],
    ) -> Result<(), Box<dyn Error>> {
        for card in cards {
            self.store.request_recovery(&card.login.as_str().parse()?, None).await?;
        }
        let letters = self.store.take_letters(u32::MAX).await?;
        let first = letters.first().ok_or("no letter goes to anybody")?;
        let address = first.letter.to.to_string();
        for letter in &letters {
            self.secrets.insert(Secret::text(Kind::Email, &letter.letter.to.to_string()));
            for link in &letter.links {
                let token = Secret::token(&link.to_text()).ok_or("a link without a token")?;
                self.secrets.insert(token.hash_of_token());
                self.secrets.insert(token);
            }
        }
        let new = format!("утренний туман {}", self.number);
        self.secrets.insert(Secret::text(Kind::Password, &new));
        let link = first.links.first().ok_or("a letter without a link")?;
        self.store.use_recovery_link(&link.to_text(), new.into()).await?;
        for letter in &letters {
            self.store.letter_sent(letter.id).await?;
        }
        // Typed as an address, and not sent yet.
        self.store.request_recovery(&address.parse()?, None).await?;
        Ok(())
    }

    /// Somebody changes the password of a card.
    pub(super) async fn by_change(
        &mut self,
        card: &RegistrationCard,
    ) -> Result<(), Box<dyn Error>> {
        let signed_in = self.sign_in(card.login.as_str(), &card.password, None).await?;
        let new = format!("вечерний звон {}", self.number);
        self.secrets.insert(Secret::text(Kind::Password, &new));
        let change = PasswordChange {
            old: card.password.to_string().into(),
            new: new.into(),
            source: None,
            device: None,
        };
        self.store.change_password(&signed_in.token.to_text(), change).await?;
        Ok(())
    }

    /// A parent tells why a child is absent; the administrator writes down on what ground the parent's
    /// data are kept, and types another one wrongly.
    pub(super) async fn by_form(
        &mut self,
        administrator: &Session,
        parent: &Session,
    ) -> Result<(), Box<dyn Error>> {
        let (account, child) = parent_of(parent, self.school).ok_or("no parent of anybody")?;
        for text in [REASON, PAPER] {
            self.secrets.insert(Secret::text(Kind::Words, text));
        }
        let day = DAY.ok_or("no such day")?;
        let excuse = ExcuseForm {
            pupil: child,
            days: DateRange::new(day, day)?,
            lessons: Vec::new(),
            class: AttendanceClass::Ill,
            text: REASON.into(),
        };
        let told = self.store.tell_excuse(parent, self.school, excuse).await;
        told.map_err(|error| format!("an excuse: {error}"))?;
        let basis = DataBasis {
            account,
            ground: DataGround::Consent,
            document: PAPER.into(),
            date: day,
            until: None,
            withdrawn: None,
        };
        let added = self.store.add_basis(administrator, self.school, basis).await;
        added.map_err(|error| format!("a ground: {error}"))?;

        let typed = TypedEntry {
            family: "Черёмухина".into(),
            given: "Алевтина".into(),
            birth_date: "31.02.1984".into(),
            snils: "276-418-905 11".into(),
            phone: format!("8 (900) 528-17-3{}", self.number % 10),
            email: format!("typed{}@school.example.org", self.number),
            ..TypedEntry::default()
        };
        add(Kind::Snils, &typed.snils, self.secrets);
        add(Kind::Phone, &typed.phone, self.secrets);
        self.secrets.insert(Secret::text(Kind::Email, &typed.email));
        let bond = ChildBond {
            child,
            kinship: Kinship::Mother,
            legal_representative: None,
            from: None,
            until: None,
            sees: true,
        };
        let form = ParentForm { typed, children: vec![bond] };
        match self.store.enter_parent(administrator, self.school, &form).await {
            Ok(_) => Err("an entry with no such day stands".into()),
            Err(_) => Ok(()),
        }
    }

    /// Somebody who was refused tells the code, and a step says more than it should.
    pub(super) async fn by_case(
        &mut self,
        administrator: &Session,
        code: &CaseCode,
    ) -> Result<(), Box<dyn Error>> {
        let (snils, phone) = ("281-736-450 09", format!("+7 900 614-28-5{}", self.number % 10));
        add(Kind::Snils, snils, self.secrets);
        add(Kind::Phone, &phone, self.secrets);
        self.store.open_case(administrator, self.school, code).await?;
        let note = format!("Принесла СНИЛС {snils}, звонить {phone}");
        self.store.record_step(administrator, self.school, code, CaseAct::Note, Some(note)).await?;
        Ok(())
    }
}

/// The account of a parent of this school in an open session, and one of the children.
pub(super) fn parent_of(session: &Session, school: SchoolId) -> Option<(AccountId, AccountId)> {
    session.open().filter(|grant| grant.school == school).find_map(|grant| {
        let child = grant.roles.iter().find_map(|role| match role {
            GrantedRole::Parent { children } => children.first().copied(),
            _ => None,
        });
        child.map(|child| (grant.account, child))
    })
}
