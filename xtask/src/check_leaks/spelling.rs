//! What is secret, and how it may be spelled.

use std::{collections::BTreeSet, fmt};

use base64::{
    Engine as _, alphabet,
    engine::{GeneralPurpose, general_purpose},
};
use sha2::{Digest as _, Sha256};

/// What kind of secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Snils,
    Phone,
    Email,
    EsiaId,
    Password,
    Token,
    /// What somebody wrote of somebody.
    Words,
    /// No secret: what is known to be in the database, so that a search which does not find it is
    /// known to see nothing.
    Control,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Snils => "a СНИЛС",
            Self::Phone => "a phone",
            Self::Email => "an e-mail",
            Self::EsiaId => "a number in ЕСИА",
            Self::Password => "a password",
            Self::Token => "a token",
            Self::Words => "what was written of somebody",
            Self::Control => "what is known to be there",
        })
    }
}

/// A secret, in its one canonical spelling and as it was typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Secret {
    pub(super) kind: Kind,
    pub(super) texts: BTreeSet<String>,
    /// Bytes that are no text.
    pub(super) raw: Vec<u8>,
    /// Numbers it may be kept as.
    pub(super) numbers: Vec<u64>,
}

impl Secret {
    fn new(kind: Kind, texts: impl IntoIterator<Item = String>) -> Self {
        let texts = texts.into_iter().collect();
        Self { kind, texts, raw: Vec::new(), numbers: Vec::new() }
    }

    /// A СНИЛС by its eleven digits.
    pub(super) fn snils(digits: &str) -> Option<Self> {
        let (a, rest) = digits.split_at_checked(3)?;
        let (b, rest) = rest.split_at_checked(3)?;
        let (c, d) = rest.split_at_checked(3)?;
        let texts = [
            digits.to_owned(),
            format!("{a}-{b}-{c} {d}"),
            format!("{a}-{b}-{c}-{d}"),
            format!("{a} {b} {c} {d}"),
            format!("{a}{b}{c} {d}"),
            format!("{a}{b}{c}-{d}"),
        ];
        let mut secret = Self::new(Kind::Snils, texts);
        secret.numbers.extend(digits.parse::<u64>().ok());
        Some(secret)
    }

    /// A phone by the ten digits after the country.
    pub(super) fn phone(digits: &str) -> Option<Self> {
        let (a, rest) = digits.split_at_checked(3)?;
        let (b, rest) = rest.split_at_checked(3)?;
        let (c, d) = rest.split_at_checked(2)?;
        let mut texts = vec![digits.to_owned()];
        for country in ["+7", "7", "8"] {
            texts.extend([
                format!("{country}{digits}"),
                format!("{country}({a}){b}{c}{d}"),
                format!("{country}({a}){b}-{c}-{d}"),
                format!("{country} ({a}) {b}-{c}-{d}"),
                format!("{country} {a} {b}-{c}-{d}"),
                format!("{country} {a} {b} {c} {d}"),
                format!("{country}-{a}-{b}-{c}-{d}"),
                format!("{country} {a}{b}{c}{d}"),
            ]);
        }
        let mut secret = Self::new(Kind::Phone, texts);
        for country in ["", "7", "8"] {
            secret.numbers.extend(format!("{country}{digits}").parse::<u64>().ok());
        }
        Some(secret)
    }

    /// Anything else that is typed.
    pub(super) fn text(kind: Kind, text: &str) -> Self {
        let mut secret = Self::new(kind, [text.to_owned(), text.to_lowercase()]);
        if kind == Kind::EsiaId {
            secret.numbers.extend(text.parse::<u64>().ok());
        }
        secret
    }

    /// A token by its text, of which the last 32 bytes are the secret.
    pub(super) fn token(text: &str) -> Option<Self> {
        let bytes = general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
        let (_, secret) = bytes.split_last_chunk::<32>()?;
        Some(Self { raw: secret.to_vec(), ..Self::new(Kind::Token, [text.to_owned()]) })
    }

    /// What an app is refreshed with, by its text: of it the last 64 bytes are two secrets.
    pub(super) fn tokens_of_an_app(text: &str) -> Vec<Self> {
        let bytes = general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let stays = bytes.split_last_chunk::<32>().map(|(stays, _)| stays).unwrap_or_default();
        let stays = general_purpose::URL_SAFE_NO_PAD.encode(stays);
        [text, &stays].into_iter().filter_map(Self::token).collect()
    }

    /// What stands where a token is known again: its hash, which tells nothing of it.
    pub(super) fn hash_of_token(&self) -> Self {
        let raw = Sha256::digest(&self.raw).to_vec();
        Self { raw, ..Self::new(Kind::Control, []) }
    }

    /// Every spelling with its name.
    pub(super) fn spellings(&self) -> Vec<(&'static str, Vec<u8>)> {
        if self.kind == Kind::Control {
            return vec![("the hash of a token", self.raw.clone())];
        }
        let mut spelled = Vec::new();
        for text in &self.texts {
            of_bytes(("text", "text in base64"), text.as_bytes(), &mut spelled);
            let hash = Sha256::digest(text.as_bytes());
            of_bytes(("SHA-256", "SHA-256 in base64"), &hash, &mut spelled);
        }
        if !self.raw.is_empty() {
            of_bytes(("bytes", "bytes in base64"), &self.raw, &mut spelled);
        }
        for number in &self.numbers {
            let (big, little) = (number.to_be_bytes(), number.to_le_bytes());
            // As few bytes as tell a number from others: a database may keep it in six.
            let (_, big_end) = big.split_at(2);
            let (little_end, _) = little.split_at(6);
            spelled.push(("number", big_end.to_vec()));
            spelled.push(("number", little_end.to_vec()));
            for bytes in [big, little] {
                let digits = hex(&bytes);
                spelled.push(("number in hex", digits.to_uppercase().into_bytes()));
                spelled.push(("number in hex", digits.into_bytes()));
            }
        }
        spelled
    }
}

/// Bytes as they are, in hexadecimal, and in base64 wherever they begin in a longer text.
fn of_bytes(
    (plain, in_base64): (&'static str, &'static str),
    bytes: &[u8],
    spelled: &mut Vec<(&'static str, Vec<u8>)>,
) {
    spelled.push((plain, bytes.to_vec()));
    let digits = hex(bytes);
    spelled.push(("hex", digits.to_uppercase().into_bytes()));
    spelled.push(("hex", digits.into_bytes()));
    for alphabet in [&alphabet::STANDARD, &alphabet::URL_SAFE] {
        let engine = GeneralPurpose::new(alphabet, general_purpose::NO_PAD);
        for (before, mixed) in [(0, 0), (1, 2), (2, 3)] {
            let mut shifted = vec![0; before];
            shifted.extend_from_slice(bytes);
            let mut text = engine.encode(&shifted).into_bytes();
            // The last digit tells of what follows, too.
            if shifted.len() % 3 != 0 {
                text.pop();
            }
            spelled.push((in_base64, text.split_off(mixed.min(text.len()))));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
