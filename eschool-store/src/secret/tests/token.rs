use std::collections::HashSet;

use super::{hex, wiped};
use eschool_core::id::PersonId;
use uuid::Uuid;

use crate::secret::{SessionToken, Token, TokenError};

const TEXT: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

#[test]
fn the_hash_is_sha_256_of_the_bytes() {
    let expected = "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0";
    assert_eq!(hex(&Token::new([7; 32]).hash().0), expected);
    assert_eq!(hex(&Token::parse(TEXT).unwrap().hash().0), expected);
}

#[test]
fn the_text_fits_a_link_and_a_cookie() {
    let text = Token::new([0xfb; 32]).to_text();
    assert_eq!(text.len(), 43);
    assert!(text.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c)));
    assert_eq!(Token::parse(&text).unwrap().to_text(), text);
}

#[test]
fn a_token_has_one_spelling() {
    for text in [
        "",
        " ",
        "Bwc",
        &format!("{TEXT}="),
        &format!(" {TEXT}"),
        &format!("{TEXT}\n"),
        &format!("{TEXT}A"),
        &TEXT.repeat(100),
        &TEXT.replace("Bw", "B+"),
        &TEXT.replace("Bw", "B/"),
        &TEXT.replace("Bw", "Бж"),
        // Bits left over in the last character.
        "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd",
    ] {
        assert_eq!(Token::parse(text).unwrap_err(), TokenError::Malformed, "{text:?}");
    }
}

#[test]
fn one_changed_bit_is_another_token() {
    let mut hashes = HashSet::from([Token::new([7; 32]).hash()]);
    for bit in 0..256 {
        let mut bytes = [7; 32];
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(hashes.insert(Token::new(bytes).hash()));
    }
}

#[test]
fn nothing_shows_a_token() {
    let token = Token::new([7; 32]);
    wiped(&token);
    assert_eq!(format!("{token:?} {:?}", token.hash()), "Token(…) TokenHash(…)");
}

#[test]
fn a_session_token_tells_its_person_and_has_one_spelling() {
    let person = PersonId(Uuid::from_u128(0x0123_4567_89ab_cdef_0011_2233_4455_6677));
    let token = SessionToken::new(person, Token::new([7; 32]));
    let text = token.to_text();
    assert_eq!(*text, format!("ASNFZ4mrze8AESIzRFVmdwcHBwcHBwcHBwcHBwcHBwcH{}", "BwcH".repeat(5)));
    let read = SessionToken::parse(&text).unwrap();
    assert_eq!((read.person(), read.hash()), (person, Token::new([7; 32]).hash()));
    assert_eq!(read.to_text(), text);
    for other in
        ["", TEXT, &format!("{}=", &*text), &format!("{}AAAA", &*text), &text.replace('A', "ж")]
    {
        assert_eq!(SessionToken::parse(other).unwrap_err(), TokenError::Malformed, "{other:?}");
    }
    wiped(&token);
    assert_eq!(format!("{token:?}"), "SessionToken(…)");
}
