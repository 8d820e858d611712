//! The sample school (*учебная школа*) in a data folder: imported on the first start, carried on
//! day by day on later ones, with cards to sign in with.
//!
//! Its people are invented, so logins and passwords are kept in the clear in `sample.json` and
//! printed at every start. Nothing of the kind is done for a school that was imported.

mod issue;
mod notes;
mod outcome;

use std::io::Write;

use chrono::NaiveDate;
use chrono_tz::Tz;
use eschool_core::{id::SchoolId, identity::FullName};
use eschool_store::{IssuedCards, exchange::SchoolFiles};

use self::notes::{Card, Notes};
use crate::{
    sample::{self, SamplePerson},
    start::{Installation, StartError},
};

/// The sample school's time zone, as its files tell it.
const ZONE: Tz = chrono_tz::Europe::Moscow;

/// The sample school of a data folder.
#[derive(Debug)]
pub(crate) struct SampleSchool {
    first_day: NaiveDate,
    school: SchoolId,
    cards: Vec<Card>,
}

impl SampleSchool {
    /// Imports the sample school into a folder that was made with it, or that holds no school
    /// where `may_begin`.
    pub(crate) async fn provide(
        installation: &Installation,
        may_begin: bool,
    ) -> Result<Option<Self>, StartError> {
        let path = installation.folder.sample_notes();
        let today = installation.ambient.now().with_timezone(&ZONE).date_naive();
        let mut notes = match Notes::read(&path)? {
            Some(notes) => notes,
            None if may_begin && installation.store.schools().await?.is_empty() => {
                // written before anything else, so that a start that was cut short goes on
                let notes = Notes::begin(today);
                notes.write(&path)?;
                notes
            }
            None => return Ok(None),
        };
        let school = match notes.school.filter(|_| notes.imported_on >= Some(today)) {
            Some(school) => school,
            None => {
                let school = import(installation, &notes, today).await?;
                notes.school = Some(school);
                notes.imported_on = notes.imported_on.max(Some(today));
                notes.write(&path)?;
                school
            }
        };
        let cards = match notes.cards.take() {
            Some(cards) => cards,
            None => {
                let cards = issue::cards(installation, school, notes.first_day).await?;
                notes.cards = Some(cards.clone());
                notes.write(&path)?;
                cards
            }
        };
        Ok(Some(Self { first_day: notes.first_day, school, cards }))
    }

    /// Keeps the new passwords of cards that were made anew, where they are the sample's.
    pub(crate) fn remember(
        installation: &Installation,
        issued: &IssuedCards,
    ) -> Result<(), StartError> {
        let path = installation.folder.sample_notes();
        let Some(mut notes) = Notes::read(&path)? else { return Ok(()) };
        for card in notes.cards.iter_mut().flatten() {
            if let Some(new) = issued.cards.iter().find(|new| new.login.as_str() == card.login) {
                card.password.clone_from(&new.password);
            }
        }
        notes.write(&path)
    }

    /// Prints whom to sign in as, and what will come of it today by the core's rules.
    pub(crate) async fn announce(
        &self,
        installation: &Installation,
        out: &mut (dyn Write + Send),
    ) -> Result<(), StartError> {
        let outcomes = outcome::Outcomes::read(installation, self.school).await?;
        writeln!(out, "\nУчебная школа: все люди в ней вымышлены. Войти можно так:")?;
        for SamplePerson { name, class, note } in sample::people(self.first_day) {
            writeln!(out, "\n  {name}, {class} – {note}")?;
            let card = self.cards.iter().find(|card| card.name == name && card.class == class);
            match card {
                Some(Card { login, password, .. }) => {
                    writeln!(out, "    логин: {login}   пароль: {password}")?;
                    writeln!(out, "    что будет: {}", outcomes.of(name, class))?;
                }
                None => writeln!(out, "    карточки нет: войти с паролем было нельзя и раньше")?,
            }
        }
        Ok(())
    }
}

/// Takes the files as of a day in.
async fn import(
    installation: &Installation,
    notes: &Notes,
    today: NaiveDate,
) -> Result<SchoolId, StartError> {
    let today = today.max(notes.first_day);
    let files = sample::files(notes.first_day, today);
    let files = SchoolFiles::from_texts(files.iter().map(|file| (file.name, file.text.as_str())));
    let report = installation.store.import_school(&files, &mut |_| {}).await?;
    tracing::info!(changed = report.changed, refused = report.refused.len(), "sample imported");
    Ok(report.school)
}

/// Whether a name of the registry is this person's.
fn is_called(name: &FullName, person: &str) -> bool {
    name.to_string() == person
}
