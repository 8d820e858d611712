//! `client_secret`: what it must sign, and what a developer is told where it does not.
//!
//! ЕСИА answers ESIA-007053 to whatever is wrong with it. Which of the ways to go wrong it was,
//! is told by the emulator's log.

use std::fmt::Write as _;

use super::{
    ClientSystem,
    fault::{Code, Fault},
    parameters::Parameters,
};
use crate::gost::{PublicKey, Signature, streebog256};

/// How many characters of a code the log shows: a code outlives a refused request.
const SHOWN: usize = 12;

/// Checks the signature over the call's own fields. At authorize there is no code.
pub(super) fn check(
    client: &ClientSystem,
    parameters: &Parameters,
    code: &str,
) -> Result<(), Fault> {
    let fields = [
        parameters.needed("client_id")?,
        parameters.needed("scope")?,
        parameters.once("scope_org")?.unwrap_or_default(),
        parameters.needed("timestamp")?,
        parameters.needed("state")?,
        parameters.needed("redirect_uri")?,
    ]
    .concat();
    let message = format!("{fields}{code}");
    let refused = |check| {
        tracing::warn!(
            signs = ?format!("{fields}{}", shortened(code)),
            bytes = message.len(),
            streebog256 = hex(&streebog256(message.as_bytes())),
            "what `client_secret` must sign, by the parameters that came"
        );
        Err(Fault::new(Code::ClientSecret, check))
    };
    let Ok(key) = client.certificate.public_key() else {
        return refused("the registered certificate has no key of ГОСТ Р 34.10-2012, 256 bits");
    };
    let Ok(signature) = Signature::from_base64url(parameters.needed("client_secret")?) else {
        return refused("`client_secret` is not 64 bytes in base64url");
    };
    if key.verify(message.as_bytes(), &signature).is_ok() {
        return Ok(());
    }
    refused(match fitting(&key, message.as_bytes(), &signature) {
        Some(order) => order,
        None if code.is_empty() => {
            "`client_secret` does not sign client_id + scope + scope_org + timestamp + state + \
             redirect_uri with the registered certificate's key"
        }
        None => {
            "`client_secret` does not sign client_id + scope + scope_org + timestamp + state + \
             redirect_uri + code with the registered certificate's key"
        }
    })
}

/// What to mend in the order of the bytes, where in another order they are the right signature.
fn fitting(key: &PublicKey, message: &[u8], signature: &Signature) -> Option<&'static str> {
    let reversed = signature.reversed();
    [
        (
            Some(reversed),
            "`client_secret` is right but for its 64 bytes standing backwards, as CryptoPro gives \
             them; ЕСИА takes s ‖ r, both big-endian",
        ),
        (
            swapped(signature),
            "`client_secret` is right but for its halves being swapped: it is r ‖ s, and ЕСИА \
             takes s ‖ r",
        ),
        (
            swapped(&reversed),
            "`client_secret` is right but for the bytes of each half standing backwards; ЕСИА \
             takes s ‖ r, both big-endian",
        ),
    ]
    .into_iter()
    .find(|(other, _)| other.is_some_and(|other| key.verify(message, &other).is_ok()))
    .map(|(_, what)| what)
}

/// The same signature with its halves in each other's place.
fn swapped(signature: &Signature) -> Option<Signature> {
    let (left, right) = signature.as_bytes().split_at(32);
    Signature::from_slice(&[right, left].concat()).ok()
}

/// A code as the log may show it: a real one is about a thousand characters long.
fn shortened(code: &str) -> String {
    let length = code.chars().count();
    if length <= SHOWN {
        return code.into();
    }
    let beginning: String = code.chars().take(SHOWN).collect();
    format!("{beginning}… ({length} characters)")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a String does not fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}
