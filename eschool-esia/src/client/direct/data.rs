//! The data of the person, fetched.

use eschool_core::signin::EsiaChild;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
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

    /// The contacts that match people, if the scopes hold any.
    pub(super) async fn contacts(&self, oid: Oid, token: &str) -> Result<Contacts, EsiaError> {
        if !self.settings.asks_for_contacts() {
            return Ok(Contacts::default());
        }
        match self.collection(oid, "ctts", token).await {
            Ok(elements) => Ok(Contacts::verified(&elements)),
            Err(CallError::Forbidden) => Ok(Contacts::default()),
            Err(error) => Err(EsiaError::Call { call: Call::Contacts, error }),
        }
    }

    /// The children, if the scopes hold anything of them. Whether ЕСИА answers 404 to whoever has
    /// none is not known from any source, so it is taken to mean that.
    pub(super) async fn children(
        &self,
        oid: Oid,
        token: &str,
    ) -> Result<Vec<EsiaChild>, EsiaError> {
        if !self.settings.asks_for_children() {
            return Ok(Vec::new());
        }
        match self.collection(oid, "kids", token).await {
            Ok(elements) => {
                let fields = &self.settings.child_fields;
                Ok(elements.iter().filter_map(|element| fields.read(element)).collect())
            }
            Err(CallError::Forbidden | CallError::UnexpectedStatus { status: 404 }) => {
                Ok(Vec::new())
            }
            Err(error) => Err(EsiaError::Call { call: Call::Children, error }),
        }
    }

    fn person_url(&self, oid: Oid) -> Url {
        below(&self.settings.endpoints.data, &["prns", &oid.0.to_string()])
    }

    /// The elements of a person's collection. Those that come as addresses are fetched, if they lie
    /// where the data of people lie: the access token goes nowhere else.
    async fn collection(&self, oid: Oid, name: &str, token: &str) -> Result<Vec<Value>, CallError> {
        let mut url = below(&self.person_url(oid), &[name]);
        url.set_query(Some("embed=(elements)"));
        let Collection { mut elements } = self.fetch(url, token).await?;
        let links = elements.iter().filter(|element| element.is_string()).count();
        if links > MOST_LINKS {
            return Err(CallError::TooLong);
        }
        for element in &mut elements {
            let Value::String(link) = element else { continue };
            let link = link
                .parse()
                .ok()
                .filter(|link| is_below(&self.settings.endpoints.data, link))
                .ok_or(CallError::Foreign)?;
            *element = Value::Object(self.fetch::<Map<String, Value>>(link, token).await?);
        }
        Ok(elements)
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
