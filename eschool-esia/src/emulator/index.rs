//! Who and what is in the book, found without looking through all of it.

use std::collections::HashMap;

use eschool_core::identity::fold_name;

use super::{ClientSystem, Emulator, EmulatorSettings, TestPerson};

/// Where everybody stands in the book. Of two with one number or mnemonic, the first.
pub(super) struct Index {
    people: HashMap<u64, usize>,
    clients: HashMap<String, usize>,
    /// By which words each person is searched: name and key, folded.
    sought: Vec<(String, String)>,
}

impl Index {
    pub(super) fn of(settings: &EmulatorSettings) -> Self {
        let (mut people, mut clients) = (HashMap::new(), HashMap::new());
        for (place, person) in settings.people.iter().enumerate() {
            people.entry(person.oid).or_insert(place);
        }
        for (place, client) in settings.clients.iter().enumerate() {
            clients.entry(client.mnemonic.clone()).or_insert(place);
        }
        let words = |person: &TestPerson| (person.name.folded(), fold_name(&person.key));
        let sought = settings.people.iter().map(words).collect();
        Self { people, clients, sought }
    }
}

impl Emulator {
    /// The client of a mnemonic.
    pub(super) fn client(&self, mnemonic: &str) -> Option<&ClientSystem> {
        self.settings().clients.get(*self.index().clients.get(mnemonic)?)
    }

    /// The person of a number in ЕСИА.
    pub(super) fn person(&self, oid: u64) -> Option<&TestPerson> {
        self.settings().people.get(*self.index().people.get(&oid)?)
    }

    /// The people whose name or key has this text in it, which is folded already.
    pub(super) fn people_called<'e>(
        &'e self,
        folded: &'e str,
    ) -> impl Iterator<Item = &'e TestPerson> + Clone {
        let people = self.settings().people.iter().zip(&self.index().sought);
        people
            .filter(move |(_, (name, key))| name.contains(folded) || key.contains(folded))
            .map(|(person, _)| person)
    }
}
