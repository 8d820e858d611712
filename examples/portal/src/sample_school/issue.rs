//! The sample's cards.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use eschool_core::{id::SchoolId, journal::ClassName};
use eschool_store::{
    Actor, IssuedCard, IssuedCards,
    ambient::{Ambient, OsEntropy},
};

use super::{Card, ZONE, is_called};
use crate::{
    sample::{self, SamplePerson},
    start::{Installation, StartError},
};

/// How many days before the first one the school hands its cards out, until everybody has one who
/// ever might: the pupil who has left was still there, the one past the threshold was below it,
/// and in early autumn nobody is in a class yet on the first of these days.
const DAYS_BEFORE: [i64; 4] = [60, 28, 15, 0];

/// Makes cards for everybody in the classes of those worth signing in as, and keeps theirs.
pub(super) async fn cards(
    installation: &Installation,
    school: SchoolId,
    first_day: NaiveDate,
) -> Result<Vec<Card>, StartError> {
    let people = sample::people(first_day);
    let classes: BTreeSet<_> = people.iter().map(|person| person.class).collect();
    let mut cards: Vec<Card> = Vec::new();
    for class in classes {
        let Ok(name) = class.parse::<ClassName>() else { continue };
        let mut here: Vec<Card> = Vec::new();
        let mates = || people.iter().filter(|person| person.class == class);
        for days in DAYS_BEFORE {
            let missing = mates().any(|mate| here.iter().all(|card| card.name != mate.name));
            if missing {
                let clock = Ambient::new(Arc::new(noon(first_day, days)), Arc::new(OsEntropy));
                let store = installation.store_with(clock, ZONE)?;
                let issued = store.issue_cards(Actor::Console, school, &name).await?;
                for mate in mates() {
                    keep(&mut here, mate, &issued);
                }
            }
        }
        cards.append(&mut here);
    }
    Ok(cards)
}

/// Keeps a pupil's card, in the place of an older one.
fn keep(cards: &mut Vec<Card>, person: &SamplePerson, issued: &IssuedCards) {
    let made = issued.cards.iter().find(|made| is_called(&made.card.name, person.name));
    if let Some(IssuedCard { card: made, .. }) = made {
        cards.retain(|card| card.name != person.name);
        cards.push(Card {
            name: person.name.into(),
            class: person.class.into(),
            login: made.login.to_string(),
            password: made.password.clone(),
        });
    }
}

/// A clock that stands at noon so many days before a day.
fn noon(day: NaiveDate, days_before: i64) -> impl Fn() -> DateTime<Utc> {
    let noon = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(9);
    let instant = noon - TimeDelta::days(days_before);
    move || instant
}
