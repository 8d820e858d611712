//! `client_secret`: what it must sign, and what a developer is told where it does not.
//!
//! ЕСИА answers ESIA-007053 to whatever is wrong with it. Which of the ways to go wrong it was,
//! is told by the emulator's log. At today's interface it is a raw ГОСТ signature, at the old one
//! detached CMS.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;

use super::{
    ClientSystem, Interface, MustSign, RefusalCode, fault::Fault, parameters::Parameters,
    reason::CallerReason,
};
use crate::{
    base64url::BASE64_URL,
    cms::{self, CmsError},
    gost::{PublicKey, Signature, streebog256},
    hex::lower_hex,
};

/// How many characters of a code the log shows: a code outlives a refused request.
const SHOWN: usize = 12;

/// What a call signs: its parameters, one after the other, nothing between.
pub(super) struct Signed {
    form: Form,
    names: &'static [&'static str],
    told: &'static str,
}

/// What the signature looks like.
enum Form {
    /// 64 bytes, s ‖ r.
    Raw,
    /// Detached CMS in DER, the certificate inside.
    Cms,
}

impl Signed {
    /// At authorize.
    pub(super) const AUTHORIZE: Self = Self {
        form: Form::Raw,
        names: &["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri"],
        told: "client_id + scope + scope_org + timestamp + state + redirect_uri",
    };
    /// For a code.
    pub(super) const CODE: Self = Self {
        form: Form::Raw,
        names: &["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri", "code"],
        told: "client_id + scope + scope_org + timestamp + state + redirect_uri + code",
    };
    /// At both calls of the old interface.
    pub(super) const LEGACY: Self = Self {
        form: Form::Cms,
        names: &["scope", "timestamp", "client_id", "state"],
        told: "scope + timestamp + client_id + state",
    };
    /// For a refresh token, where it is signed itself.
    pub(super) const REFRESH: Self = Self {
        form: Form::Raw,
        names: &["client_id", "scope", "timestamp", "state", "refresh_token"],
        told: "client_id + scope + timestamp + state + refresh_token",
    };
    /// For a token of the system itself.
    pub(super) const CREDENTIALS: Self = Self {
        form: Form::Raw,
        names: &["client_id", "scope", "timestamp", "state", "redirect_uri"],
        told: "client_id + scope + timestamp + state + redirect_uri",
    };

    /// What a request for tokens signs, where it brings a code.
    pub(super) const fn for_code(interface: Interface) -> &'static Self {
        match interface {
            Interface::V3 => &Self::CODE,
            Interface::Legacy => &Self::LEGACY,
        }
    }

    /// The string, and the same as the log may show it.
    fn message(&self, parameters: &Parameters) -> Result<(String, String), Fault> {
        let (mut whole, mut shown) = (String::new(), String::new());
        for name in self.names {
            let value = parameters.once_or_empty(name)?;
            whole.push_str(value);
            match *name {
                "code" | "refresh_token" => shown.push_str(&shortened(value)),
                _ => shown.push_str(value),
            }
        }
        Ok((whole, shown))
    }
}

/// Checks the signature over the call's own fields.
pub(super) fn check(
    client: &ClientSystem,
    parameters: &Parameters,
    signed: &Signed,
) -> Result<(), Fault> {
    let (message, text) = signed.message(parameters)?;
    let (message, secret) = (message.as_bytes(), parameters.needed("client_secret")?);
    let by_sha = matches!(signed.form, Form::Cms) && client.certificate.has_rsa_key();
    let wrong = match signed.form {
        Form::Raw => raw(client, message, secret, signed.told),
        Form::Cms => cms(client, message, secret),
    };
    let Err((code, reason)) = wrong else { return Ok(()) };
    let (digest_name, digest) = if by_sha {
        ("SHA-256", lower_hex(digest(&SHA256, message).as_ref()))
    } else {
        ("Streebog-256", lower_hex(&streebog256(message)))
    };
    let must_sign =
        MustSign { text, fields: signed.told, bytes: message.len(), digest, digest_name };
    Err(Fault { code, reason: reason.into(), must_sign: Some(Box::new(must_sign)) })
}

type Wrong = (RefusalCode, CallerReason);

fn raw(
    client: &ClientSystem,
    message: &[u8],
    secret: &str,
    fields: &'static str,
) -> Result<(), Wrong> {
    let refused = |reason| Err((RefusalCode::CLIENT_SECRET, reason));
    let Ok(key) = client.certificate.public_key() else {
        return refused(CallerReason::SecretKey);
    };
    let Ok(signature) = Signature::from_base64url(secret) else {
        return refused(CallerReason::SecretForm);
    };
    if key.verify(message, &signature).is_ok() {
        return Ok(());
    }
    refused(fitting(&key, message, &signature).unwrap_or(CallerReason::SecretWrong { fields }))
}

fn cms(client: &ClientSystem, message: &[u8], secret: &str) -> Result<(), Wrong> {
    let Ok(der) = BASE64_URL.decode(secret) else {
        return Err((RefusalCode::CLIENT_SECRET, CallerReason::CmsForm));
    };
    cms::verify(&der, message, &client.certificate).map_err(|error| match error {
        // whoever signed is not whom the mnemonic belongs to
        CmsError::CertificateForeign => (RefusalCode::CLIENT_UNKNOWN, CallerReason::Cms(error)),
        _ => (RefusalCode::CLIENT_SECRET, CallerReason::Cms(error)),
    })
}

/// What to mend in the order of the bytes, where in another order they are the right signature.
fn fitting(key: &PublicKey, message: &[u8], signature: &Signature) -> Option<CallerReason> {
    let reversed = signature.reversed();
    [
        (Some(reversed), CallerReason::SecretReversed),
        (swapped(signature), CallerReason::SecretSwapped),
        (swapped(&reversed), CallerReason::SecretHalves),
    ]
    .into_iter()
    .find(|(other, _)| other.is_some_and(|other| key.verify(message, &other).is_ok()))
    .map(|(_, reason)| reason)
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
