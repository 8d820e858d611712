//! The key file.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{
    KeyId, Keys, KeysError,
    lookup::{LookupKeys, Stage},
};
use crate::secret::bytes::Secret32;

/// The first line of a key file.
const HEADER: &str = "eschool-keys 1";
/// The longest line [`Keys::to_text`] writes; room for it is made beforehand, because a text that is
/// moved while it grows leaves its keys behind.
const LINE: usize = "lookup 4294967295 ".len() + 43 + " retired\n".len();

impl Keys {
    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeysError::Version`], [`Malformed`](KeysError::Malformed),
    /// [`Repeated`](KeysError::Repeated), [`Incomplete`](KeysError::Incomplete).
    pub fn parse(text: &str) -> Result<Self, KeysError> {
        let mut lines = (1..).zip(text.lines().map(str::trim));
        // Windows editors put a byte order mark first.
        if lines.next().is_none_or(|(_, first)| first.trim_start_matches('\u{feff}') != HEADER) {
            return Err(KeysError::Version);
        }
        let mut lookups = BTreeMap::new();
        let mut seals = BTreeMap::new();
        for (line, words) in lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')) {
            let malformed = KeysError::Malformed { line };
            let mut words = words.split_ascii_whitespace();
            let kind = words.next();
            let repeated = match kind {
                Some("lookup") => {
                    let (id, (key, stage)) = lookup(&mut words).ok_or(malformed)?;
                    let is_known = is_among(lookups.values().map(|(known, _)| known), &key);
                    lookups.insert(id, (key, stage)).is_some() || is_known
                }
                Some("seal") => {
                    let id = key_id(words.next()).ok_or(malformed)?;
                    let key = secret(words.next()).ok_or(malformed)?;
                    let is_known = is_among(seals.values(), &key);
                    seals.insert(id, key).is_some() || is_known
                }
                _ => return Err(malformed),
            };
            if words.next().is_some() {
                return Err(malformed);
            }
            if repeated {
                return Err(KeysError::Repeated { line });
            }
        }
        match (LookupKeys::of(lookups), seals.pop_last()) {
            (Some(lookup), Some(newest)) => Ok(Self { lookup, newest, older: seals }),
            _ => Err(KeysError::Incomplete),
        }
    }

    /// The key file's text; wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let lines = self.older.len().saturating_add(self.lookup.len()).saturating_add(2);
        let mut text = Zeroizing::new(String::with_capacity(lines.saturating_mul(LINE)));
        text.push_str(HEADER);
        for (id, key, stage) in self.lookup.all() {
            text.push_str("\nlookup ");
            // As it was before there could be several: an older program reads it.
            if self.lookup.len() > 1 {
                text.push_str(&format!("{id} "));
            }
            key.write(&mut text);
            text.push_str(match stage {
                Stage::Next => " next",
                Stage::Used => "",
                Stage::Retired => " retired",
            });
        }
        for (id, key) in self.seals() {
            text.push_str(&format!("\nseal {id} "));
            key.write(&mut text);
        }
        text.push('\n');
        text
    }
}

/// A lookup key, with a number and how far it is if either is told.
fn lookup<'w>(words: &mut impl Iterator<Item = &'w str>) -> Option<(KeyId, (Secret32, Stage))> {
    let mut word = words.next();
    let id = key_id(word);
    if id.is_some() {
        word = words.next();
    }
    let (id, key) = (id.unwrap_or(KeyId(1)), secret(word)?);
    let stage = match words.next() {
        None => Stage::Used,
        Some("next") => Stage::Next,
        Some("retired") => Stage::Retired,
        Some(_) => return None,
    };
    LookupKeys::may_be(id, stage).then_some((id, (key, stage)))
}

/// Whether a key is one of these, under whatever number. A file is read by who has it: how long that
/// takes tells nobody anything.
fn is_among<'k>(mut known: impl Iterator<Item = &'k Secret32>, key: &Secret32) -> bool {
    known.any(|known| known.expose() == key.expose())
}

fn secret(word: Option<&str>) -> Option<Secret32> {
    Secret32::read(word?)
}

/// Numbers as [`Keys::to_text`] writes them; 0 is none, so that a blob of zeros has no key.
fn key_id(word: Option<&str>) -> Option<KeyId> {
    let word = word?;
    let number = word.parse::<u32>().ok().filter(|n| *n != 0 && n.to_string() == word)?;
    Some(KeyId(number))
}
