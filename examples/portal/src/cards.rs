//! Registration cards (*карточки регистрации доступа*) on the terminal.

use std::io::Write;

use eschool_core::{
    journal::ClassName,
    people::{CardStep, School},
    signin::RefusalCode,
};
use eschool_store::{
    Actor, IssuedCard, IssuedCards,
    backend::{Access, Backend as _},
};

use crate::{
    sample_school::SampleSchool,
    start::{Installation, StartError},
    view::{number::counted, who},
};

/// Makes cards for a class and prints them, and says who got none. The card journal knows them as
/// printed.
///
/// # Errors
/// [`StartError::SchoolNotFound`], [`StartError::SchoolAmbiguous`] or [`StartError::Cards`] where
/// it is not clear for whom, or the class is unknown; [`StartError::CardJournal`] where cards that were
/// printed were replaced meanwhile.
pub async fn print(
    installation: &Installation,
    class: &ClassName,
    school_name: Option<&str>,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let mut schools = installation.store.schools().await?;
    if school_name.is_none() {
        schools = with_class(installation, schools, class).await?;
    }
    let school = choose(schools, school_name)?;
    let issued = installation.store.issue_cards(Actor::Console, school.id, class).await?;
    SampleSchool::remember(installation, &issued)?;
    for made in &issued.cards {
        writeln!(out, "{}", made.card.text_ru())?;
    }
    writeln!(out, "{}", told(installation, class, &issued))?;
    out.flush()?;
    let mut noted = Ok(());
    for IssuedCard { pupil, number, .. } in issued.cards {
        let printed = CardStep::Printed;
        let step = installation.store.card_step(Actor::Console, school.id, pupil, number, printed);
        // One that is not noted leaves the others printed all the same.
        noted = noted.and(step.await.map(drop));
    }
    Ok(noted?)
}

/// The schools that have such a class; all of them where none has.
async fn with_class(
    installation: &Installation,
    schools: Vec<School>,
    class: &ClassName,
) -> Result<Vec<School>, StartError> {
    let mut tx = installation.backend.begin(Access::Read).await?;
    let mut with_class = Vec::new();
    for school in &schools {
        let classes = tx.classes(school.id).await?;
        if classes.iter().any(|known| known.name == *class) {
            with_class.push(school.clone());
        }
    }
    Ok(if with_class.is_empty() { schools } else { with_class })
}

/// The one school whose name holds the text, whatever the case; the only one if no text is given.
pub(crate) fn choose(mut schools: Vec<School>, part: Option<&str>) -> Result<School, StartError> {
    let names = |schools: &[School]| {
        schools.iter().map(|school| school.name.as_str()).collect::<Vec<_>>().join("; ")
    };
    let all = names(&schools);
    if let Some(part) = part.map(str::to_lowercase) {
        schools.retain(|school| school.name.to_lowercase().contains(&part));
    }
    match schools.pop() {
        None => Err(StartError::SchoolNotFound(all)),
        Some(school) if schools.is_empty() => Ok(school),
        Some(school) => {
            schools.push(school);
            Err(StartError::SchoolAmbiguous(names(&schools)))
        }
    }
}

/// How many cards there are, and who got none and why.
fn told(installation: &Installation, class: &ClassName, issued: &IssuedCards) -> String {
    let cards = counted(issued.cards.len() as u64, ["карточка", "карточки", "карточек"]);
    let mut text = format!("Класс {class}: {cards}.");
    if !issued.not_issued.is_empty() {
        text.push_str("\nНе получили карточку:");
    }
    for (name, code) in &issued.not_issued {
        text.push_str(&format!("\n  {name} – {}", why(installation, code)));
    }
    text
}

/// Why a pupil gets no card, as the person who prints them reads it.
fn why(installation: &Installation, code: &RefusalCode) -> String {
    if *code == RefusalCode::UseEsia {
        let today = installation.ambient.now().with_timezone(&installation.zone).date_naive();
        let threshold = installation.policy().rules_on(today).threshold;
        return format!("старше {}: вход только через ЕСИА (use_esia)", who::age(threshold));
    }
    format!("{} ({code})", installation.store.refusal(code.clone()).text_ru())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn school(name: &str) -> School {
        School {
            id: "019379ab-0000-7000-8000-000000000001".parse().unwrap(),
            name: name.into(),
            founder: String::new(),
            municipality: String::new(),
            time_zone: "Europe/Moscow".into(),
            login_prefix: "pr".into(),
        }
    }

    #[test]
    fn a_school_is_chosen_by_part_of_its_name() {
        let two = || vec![school("Гимназия № 1"), school("Школа № 27")];
        assert_eq!(choose(two(), Some("школа")).unwrap().name, "Школа № 27");
        assert!(matches!(choose(two(), None), Err(StartError::SchoolAmbiguous(_))));
        assert!(matches!(choose(two(), Some("№")), Err(StartError::SchoolAmbiguous(_))));
        assert!(matches!(choose(two(), Some("лицей")), Err(StartError::SchoolNotFound(_))));
        assert_eq!(choose(vec![school("Лицей")], None).unwrap().name, "Лицей");
        assert!(matches!(choose(Vec::new(), None), Err(StartError::SchoolNotFound(_))));
    }
}
