//! Signed tokens, as ЕСИА spells them: no `kid`, the header's fields in ЕСИА's order.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{
    TokenKeyPair,
    fault::{Code, Fault},
};

/// The header.
#[derive(Serialize)]
pub(super) struct Header {
    ver: u8,
    typ: &'static str,
    /// What the token is.
    sbt: &'static str,
    alg: &'static str,
}

impl Header {
    pub(super) const CODE: Self = Self::new(1, "authorization_code");
    pub(super) const ACCESS: Self = Self::new(1, "access");
    pub(super) const ID: Self = Self::new(0, "id");

    const fn new(ver: u8, sbt: &'static str) -> Self {
        Self { ver, typ: "JWT", sbt, alg: "RS256" }
    }
}

/// A signed token in the compact form.
pub(super) fn signed(
    key: &TokenKeyPair,
    header: &Header,
    claims: &impl Serialize,
) -> Result<String, Fault> {
    let part = |json: serde_json::Result<Vec<u8>>| json.map(|json| URL_SAFE_NO_PAD.encode(json));
    let (Ok(header), Ok(claims)) =
        (part(serde_json::to_vec(header)), part(serde_json::to_vec(claims)))
    else {
        return Err(Fault::new(Code::Internal, "a token could not be written"));
    };
    let mut token = format!("{header}.{claims}");
    let signature = key
        .sign(token.as_bytes())
        .map_err(|_| Fault::new(Code::Internal, "a token could not be signed"))?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}
