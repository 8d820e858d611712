//! The sample schools (*учебные школы*) in a data folder: imported on the first start, carried on
//! day by day on later ones, with cards to sign in with and people for ЕСИА's emulator.
//!
//! Their people are invented, so logins and passwords are kept in the clear in `sample.json` and
//! printed at every start. Nothing of the kind is done for a school that was imported.

mod issue;
mod notes;
mod outcome;
#[cfg(test)]
mod tests;

use std::io::Write;

use chrono::NaiveDate;
use chrono_tz::Tz;
use eschool_core::{id::SchoolId, identity::FullName, people::School};
use eschool_store::{IssuedCards, exchange::SchoolFiles};

use self::notes::{Card, Notes};
use crate::{
    sample::{self, SamplePerson},
    start::{Installation, StartError},
};

/// The sample schools' time zone, as their files tell it.
const ZONE: Tz = chrono_tz::Europe::Moscow;

/// The sample of a data folder: its schools, and the cards of the first.
#[derive(Debug)]
pub(crate) struct SampleSchool {
    first_day: NaiveDate,
    schools: Vec<SchoolId>,
    cards: Vec<Card>,
}

impl SampleSchool {
    /// The sample of the folder as it is, if it is in this database.
    pub(crate) async fn known(installation: &Installation) -> Result<Option<Self>, StartError> {
        let Some(notes) = Notes::read(&installation.folder.sample_notes())? else {
            return Ok(None);
        };
        let cards = notes.cards.unwrap_or_default();
        let sample = Self { first_day: notes.first_day, schools: notes.schools, cards };
        let is_here = is_here(&sample.schools, &installation.store.schools().await?);
        Ok(Some(sample).filter(|_| is_here))
    }

    /// Imports the sample schools into a folder that was made with it, or that holds no school
    /// where `may_begin`.
    pub(crate) async fn provide(
        installation: &Installation,
        may_begin: bool,
    ) -> Result<Option<Self>, StartError> {
        let path = installation.folder.sample_notes();
        let today = installation.ambient.now().with_timezone(&ZONE).date_naive();
        let mut notes = match Notes::read(&path)? {
            Some(notes) if is_here(&notes.schools, &installation.store.schools().await?) => notes,
            Some(_) => {
                tracing::warn!("the sample schools of the folder are not in this database");
                return Ok(None);
            }
            None if may_begin && installation.store.schools().await?.is_empty() => {
                // written before anything else, so that a start that was cut short goes on
                let notes = Notes::begin(today);
                notes.write(&path)?;
                notes
            }
            None => return Ok(None),
        };
        if notes.imported_on < Some(today) || notes.schools.len() < sample::SCHOOLS {
            notes.schools = import(installation, &notes, today).await?;
            notes.imported_on = notes.imported_on.max(Some(today));
            notes.write(&path)?;
        }
        let cards = match (notes.cards.take(), notes.schools.first()) {
            (Some(cards), _) => cards,
            (None, None) => Vec::new(),
            (None, Some(school)) => {
                let cards = issue::cards(installation, *school, notes.first_day).await?;
                notes.cards = Some(cards.clone());
                notes.write(&path)?;
                cards
            }
        };
        Ok(Some(Self { first_day: notes.first_day, schools: notes.schools, cards }))
    }

    /// Whether these schools are all the sample's.
    pub(crate) fn is_all(&self, schools: &[School]) -> bool {
        schools.iter().all(|school| self.schools.contains(&school.id))
    }

    /// The people for ЕСИА's emulator, as its file `esia_people.csv`.
    pub(crate) fn esia_people(&self) -> String {
        sample::esia_people(self.first_day)
    }

    /// Keeps the new passwords of cards that were made anew, where they are the sample's.
    pub(crate) fn remember(
        installation: &Installation,
        issued: &IssuedCards,
    ) -> Result<(), StartError> {
        let path = installation.folder.sample_notes();
        let Some(mut notes) = Notes::read(&path)? else { return Ok(()) };
        for card in notes.cards.iter_mut().flatten() {
            let mut new = issued.cards.iter().map(|new| &new.card);
            if let Some(new) = new.find(|new| new.login.as_str() == card.login) {
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
        let outcomes = outcome::Outcomes::read(installation, &self.schools).await?;
        writeln!(
            out,
            "\nУчебные школы: все люди в них вымышлены. С логином и паролем входят так:"
        )?;
        for SamplePerson { name, class, note } in sample::people(self.first_day) {
            writeln!(out, "\n  {name}, {class} – {note}")?;
            let card = self.cards.iter().find(|card| card.name == name && card.class == class);
            match card {
                Some(Card { login, password, .. }) => {
                    writeln!(out, "    логин: {login}   пароль: {password}")?;
                    writeln!(out, "    что будет: {}", outcomes.by_password(name, class))?;
                }
                None => writeln!(out, "    карточки нет: войти с паролем было нельзя и раньше")?,
            }
        }
        writeln!(
            out,
            "\nЧерез ЕСИА – так; паролей нет, на её странице человека выбирают в списке:\n"
        )?;
        for person in sample::by_esia(self.first_day) {
            writeln!(out, "  {} – {}", person.name, person.key)?;
            writeln!(out, "    {}", outcomes.by_esia(&person).await?)?;
        }
        Ok(())
    }
}

/// Whether all schools of a sample are in the database: the notes about it lie in the folder, and the
/// database may be another one on a server. Of an import that was cut short none is noted.
fn is_here(sample: &[SchoolId], schools: &[School]) -> bool {
    sample.iter().all(|id| schools.iter().any(|school| school.id == *id))
}

/// Takes the files as of a day in.
async fn import(
    installation: &Installation,
    notes: &Notes,
    today: NaiveDate,
) -> Result<Vec<SchoolId>, StartError> {
    let today = today.max(notes.first_day);
    let mut schools = Vec::new();
    for files in sample::schools(notes.first_day, today) {
        let texts = files.iter().map(|file| (file.name, file.text.as_str()));
        let files = SchoolFiles::from_texts(texts);
        let report = installation.store.import_school(&files, &mut |_| {}).await?;
        tracing::info!(changed = report.changed, refused = report.refused.len(), "sample imported");
        schools.push(report.school);
    }
    Ok(schools)
}

/// Whether a name of the registry is this person's.
fn is_called(name: &FullName, person: &str) -> bool {
    name.to_string() == person
}
