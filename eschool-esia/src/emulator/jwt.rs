//! Signed tokens, as ЕСИА spells them: no `kid`, the header's fields in ЕСИА's order.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{ClientSystem, Emulator, RefusalCode, TokenAlgorithm, fault::Fault, reason::OwnReason};

/// The header.
#[derive(Serialize)]
struct Header {
    ver: u8,
    typ: &'static str,
    sbt: &'static str,
    alg: &'static str,
}

/// What a token is: its version and its kind.
pub(super) struct Kind(u8, &'static str);

impl Kind {
    pub(super) const CODE: Self = Self(1, "authorization_code");
    pub(super) const ACCESS: Self = Self(1, "access");
    pub(super) const ID: Self = Self(0, "id");
}

/// A signed token of a client in the compact form.
pub(super) fn signed(
    emulator: &Emulator,
    client: &ClientSystem,
    Kind(ver, sbt): &Kind,
    claims: &impl Serialize,
) -> Result<String, Fault> {
    let key = emulator.signing_key(client)?;
    let header = Header { ver: *ver, typ: "JWT", sbt, alg: key.algorithm().name() };
    let part = |json: serde_json::Result<Vec<u8>>| json.map(|json| URL_SAFE_NO_PAD.encode(json));
    let (Ok(header), Ok(claims)) =
        (part(serde_json::to_vec(&header)), part(serde_json::to_vec(claims)))
    else {
        return Err(unwritten());
    };
    let mut token = format!("{header}.{claims}");
    let mut signature = key.sign(token.as_bytes()).map_err(|_| unwritten())?;
    if key.algorithm() == TokenAlgorithm::Gost && emulator.settings().token_signature_reversed {
        signature.reverse();
    }
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn unwritten() -> Fault {
    Fault::new(RefusalCode::INTERNAL, OwnReason::TokenUnwritten)
}
