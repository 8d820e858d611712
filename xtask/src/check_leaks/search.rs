//! Many spellings looked for in one pass.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

use super::{Kind, Secret};

/// By so many first bytes a spelling is found; none is shorter.
const HEAD: usize = 6;

/// What was found where. The value is not told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    pub(super) place: String,
    pub(super) spelling: &'static str,
}

impl Finding {
    /// Whether another database shows the same, wherever it keeps it.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.kind, self.spelling) == (other.kind, other.spelling)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}, as {}", self.kind, self.place, self.spelling)
    }
}

/// A spelling with its kind and its name.
type Spelled = (Kind, &'static str, Vec<u8>);

/// Every spelling, by its first bytes.
pub(super) struct Search {
    by_head: HashMap<[u8; HEAD], Vec<Spelled>>,
    /// Which pairs of first bytes there are, so that most places are passed by.
    pairs: Vec<bool>,
    controls: BTreeSet<&'static str>,
}

impl Search {
    pub(super) fn for_all(secrets: &BTreeSet<Secret>) -> Self {
        let mut by_head: HashMap<_, Vec<Spelled>> = HashMap::new();
        let mut pairs = vec![false; 1 << 16];
        let mut controls = BTreeSet::new();
        for secret in secrets {
            for (name, bytes) in secret.spellings() {
                if secret.kind == Kind::Control {
                    controls.insert(name);
                }
                let Some(head) = bytes.first_chunk::<HEAD>().copied() else { continue };
                if let Some(known) = pairs.get_mut(pair(head)) {
                    *known = true;
                }
                by_head.entry(head).or_default().push((secret.kind, name, bytes));
            }
        }
        Self { by_head, pairs, controls }
    }

    /// How many spellings there are.
    pub(super) fn spellings(&self) -> usize {
        self.by_head.values().map(Vec::len).sum()
    }

    /// The spellings of what is known to be there.
    pub(super) fn controls(&self) -> impl Iterator<Item = &'static str> {
        self.controls.iter().copied()
    }

    /// Looks for all of them.
    pub(super) fn look(&self, place: &str, bytes: &[u8], findings: &mut BTreeSet<Finding>) {
        let mut rest = bytes;
        while let Some(head) = rest.first_chunk::<HEAD>() {
            if self.pairs.get(pair(*head)).is_some_and(|known| *known) {
                for (kind, spelling, spelled) in self.by_head.get(head).into_iter().flatten() {
                    if rest.starts_with(spelled) {
                        let place = place.to_owned();
                        findings.insert(Finding { kind: *kind, place, spelling });
                    }
                }
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }
}

fn pair([first, second, ..]: [u8; HEAD]) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose};
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn found(secret: Secret, bytes: &[u8]) -> Vec<&'static str> {
        let search = Search::for_all(&BTreeSet::from([secret]));
        let mut findings = BTreeSet::new();
        search.look("here", bytes, &mut findings);
        findings.into_iter().map(|finding| finding.spelling).collect()
    }

    #[test]
    fn a_snils_is_found_however_it_is_spelled() {
        let snils = || Secret::snils("11223344595").unwrap();
        for text in ["x11223344595y", "112-233-445 95", "112233445 95", "№ 112 233 445 95."] {
            assert!(found(snils(), text.as_bytes()).contains(&"text"), "{text}");
        }
        let hash = Sha256::digest("112-233-445 95");
        assert_eq!(found(snils(), &hash), ["SHA-256"]);
        for before in ["", "a", "ab", "abc"] {
            let text = format!("{before}11223344595{before}");
            let encoded = general_purpose::STANDARD.encode(&text);
            assert_eq!(found(snils(), encoded.as_bytes()), ["text in base64"], "{before}");
            let encoded = general_purpose::URL_SAFE.encode([before.as_bytes(), &hash].concat());
            assert_eq!(found(snils(), encoded.as_bytes()), ["SHA-256 in base64"], "{before}");
        }
        assert_eq!(found(snils(), b"3131323233333434353935"), ["hex"]);
        let number = 11_223_344_595_u64;
        assert_eq!(found(snils(), &number.to_le_bytes()), ["number"]);
        assert_eq!(found(snils(), &number.to_be_bytes()), ["number"]);
        assert_eq!(found(snils(), format!("{number:016X}").as_bytes()), ["number in hex"]);
        for other in ["1122334459", "11223344596", "112-233-446 95"] {
            assert_eq!(found(snils(), other.as_bytes()), [] as [&str; 0], "{other}");
        }
    }

    #[test]
    fn a_phone_a_password_and_a_token_are_found() {
        let phone = || Secret::phone("9123456789").unwrap();
        for text in ["+79123456789", "8 (912) 345-67-89", "8-912-345-67-89", "+7(912)3456789"] {
            assert!(found(phone(), text.as_bytes()).contains(&"text"), "{text}");
        }
        assert_eq!(found(phone(), &79_123_456_789_u64.to_be_bytes()), ["number"]);
        let password = Secret::text(Kind::Password, "k7hT-mW4x");
        assert_eq!(found(password.clone(), b"$plain$k7hT-mW4x"), ["text"]);
        // As the key of a hash would hold it.
        let padded = [&b"k7hT-mW4x"[..], &[0; 23]].concat();
        let padded = general_purpose::URL_SAFE_NO_PAD.encode(padded);
        assert_eq!(found(password, padded.as_bytes()), ["text in base64"]);
        let bytes: Vec<u8> = (0..48).collect();
        let text = general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
        let token = Secret::token(&text).unwrap();
        assert_eq!(found(token.clone(), &bytes), ["bytes"]);
        assert!(found(token.clone(), text.as_bytes()).contains(&"text"));
        let hash = Sha256::digest(&bytes[16..]);
        assert_eq!(found(token.clone(), &hash), [] as [&str; 0]);
        assert_eq!(found(token.hash_of_token(), &hash), ["the hash of a token"]);
    }
}
