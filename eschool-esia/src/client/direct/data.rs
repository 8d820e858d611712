//! The data of the person, fetched.

use std::time::Duration;

use eschool_core::{error::CodedError as _, signin::EsiaChild};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout};
use url::Url;

use super::{
    Direct,
    claims::Oid,
    person::{Contacts, PersonData},
};
use crate::client::{
    Call, CallError, EsiaError,
    endpoints::{below, is_below},
    json::object,
};

/// How many elements of one collection are fetched one by one.
const MOST_LINKS: usize = 32;

/// What the children leave of the time of a sign-in, for it to end well.
const SPARED: Duration = Duration::from_secs(1);

/// `{"elements": […]}`: the elements themselves, or the addresses to fetch them from, as they come
/// where `embed` is not understood.
#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    elements: Vec<Value>,
}

impl Direct {
    /// `/rs/prns/{oid}`.
    pub(super) async fn person(&self, oid: Oid, token: &str) -> Result<PersonData, EsiaError> {
        let data = self.fetch(self.person_url(oid), token).await;
        data.map_err(|error| EsiaError::Call { call: Call::Person, error })
    }

    /// The contacts that match people, if the scopes hold any. Where one of them cannot be had, it is
    /// not known which: the sign-in ends.
    pub(super) async fn contacts(&self, oid: Oid, token: &str) -> Result<Contacts, EsiaError> {
        if !self.settings.asks_for_contacts() {
            return Ok(Contacts::default());
        }
        let failed = |error| EsiaError::Call { call: Call::Contacts, error };
        let mut elements = match self.collection(oid, "ctts", token).await {
            Ok(elements) => elements,
            Err(CallError::Forbidden) => return Ok(Contacts::default()),
            Err(error) => return Err(failed(error)),
        };
        for element in &mut elements {
            self.follow(element, token).await.map_err(failed)?;
        }
        Ok(Contacts::verified(&elements))
    }

    /// The children that can be had, if the scopes hold anything of them. No source tells what ЕСИА
    /// answers here, and nobody is known by the own children: whatever it is, it keeps nobody out,
    /// nor does it take longer than one request may and the sign-in has left. What was read by then is
    /// kept.
    pub(super) async fn children(&self, oid: Oid, token: &str, end: Instant) -> Vec<EsiaChild> {
        if !self.settings.asks_for_children() {
            return Vec::new();
        }
        let left = end.saturating_duration_since(Instant::now()).saturating_sub(SPARED);
        let mut children = Vec::new();
        let reading = self.read_children(oid, token, &mut children);
        if timeout(left.min(self.settings.limits().timeout()), reading).await.is_err() {
            warn_of_children(CallError::TimedOut);
        }
        children
    }

    async fn read_children(&self, oid: Oid, token: &str, children: &mut Vec<EsiaChild>) {
        let mut elements = match self.collection(oid, "kids", token).await {
            Ok(elements) => elements,
            Err(error) => return warn_of_children(error),
        };
        for element in &mut elements {
            match self.follow(element, token).await {
                Ok(()) => children.extend(self.settings.child_fields.read(element)),
                Err(error) => warn_of_children(error),
            }
        }
    }

    fn person_url(&self, oid: Oid) -> Url {
        below(&self.settings.endpoints.data, &["prns", &oid.0.to_string()])
    }

    /// The elements of a person's collection, or the addresses of some.
    async fn collection(&self, oid: Oid, name: &str, token: &str) -> Result<Vec<Value>, CallError> {
        let mut url = below(&self.person_url(oid), &[name]);
        url.set_query(Some("embed=(elements)"));
        let Collection { elements } = self.fetch(url, token).await?;
        let links = elements.iter().filter(|element| element.is_string()).count();
        if links > MOST_LINKS { Err(CallError::TooLong) } else { Ok(elements) }
    }

    /// Puts what lies at the address in its place, if the element is one and lies where the data of
    /// people lie: the access token goes nowhere else.
    async fn follow(&self, element: &mut Value, token: &str) -> Result<(), CallError> {
        let Value::String(link) = element else { return Ok(()) };
        let link = link
            .parse()
            .ok()
            .filter(|link| is_below(&self.settings.endpoints.data, link))
            .ok_or(CallError::Foreign)?;
        *element = Value::Object(self.fetch::<Map<String, Value>>(link, token).await?);
        Ok(())
    }

    /// Asks for an object; a connection that fails is tried again, since asking changes nothing.
    async fn fetch<T: DeserializeOwned>(&self, url: Url, token: &str) -> Result<T, CallError> {
        let mut left = self.settings.data_retries;
        loop {
            match self.fetch_once(url.clone(), token).await {
                Err(error) if error.is_transient() && left > 0 => left -= 1,
                fetched => return fetched,
            }
        }
    }

    async fn fetch_once<T: DeserializeOwned>(&self, url: Url, token: &str) -> Result<T, CallError> {
        let answer = self.http.get(url, token).await?;
        match answer.status.as_u16() {
            200 if answer.body.trim_ascii().is_empty() => Err(CallError::Empty),
            200 => object(&answer.body).ok_or(CallError::Malformed),
            401 => Err(CallError::Unauthorized),
            403 => Err(CallError::Forbidden),
            status => Err(CallError::UnexpectedStatus { status }),
        }
    }
}

/// Tells the log of children that are absent though they were asked for. A scope that does not hold
/// them, and nothing where they would be, are the answer itself.
fn warn_of_children(error: CallError) {
    if !matches!(error, CallError::Forbidden | CallError::UnexpectedStatus { status: 404 }) {
        let code = error.code();
        tracing::warn!(code, %error, "children are absent: ЕСИА did not tell them");
    }
}
