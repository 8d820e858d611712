//! The cookie that keeps who is signed in at the emulator.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};

/// Of a name of its own: the client often runs on the same host, and ports share cookies.
const NAME: &str = "esia_emulator_session";

/// The name of the session that a browser brings, if it brings one.
pub(super) struct Cookie(pub(super) Option<String>);

/// The session that a browser is to keep; none clears it.
pub(super) struct SetCookie<'a>(pub(super) Option<&'a str>);

impl<S: Sync> FromRequestParts<S> for Cookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let texts = parts.headers.get_all(header::COOKIE).iter().filter_map(|c| c.to_str().ok());
        let value = texts.flat_map(|text| text.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == NAME).then(|| value.to_owned())
        });
        Ok(Self(value))
    }
}

impl IntoResponseParts for SetCookie<'_> {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let (value, age) = match self.0 {
            Some(name) => (name, ""),
            None => ("", "; Max-Age=0"),
        };
        let text = format!("{NAME}={value}; Path=/{age}; HttpOnly; SameSite=Lax");
        if let Ok(mut header) = HeaderValue::from_str(&text) {
            header.set_sensitive(true);
            parts.headers_mut().append(header::SET_COOKIE, header);
        }
        Ok(parts)
    }
}
