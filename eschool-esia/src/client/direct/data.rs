//! The data of the person, fetched.

use serde::de::DeserializeOwned;
use url::Url;

use super::{
    Direct,
    claims::Oid,
    person::{ContactData, Contacts},
};
use crate::client::{Call, CallError, EsiaError, endpoints::below, json::object};

impl Direct {
    /// The contacts that match people, if the scopes hold any.
    pub(super) async fn contacts(
        &self,
        oid: Oid,
        access_token: &str,
    ) -> Result<Contacts, EsiaError> {
        if !self.settings.asks_for_contacts() {
            return Ok(Contacts::default());
        }
        match self.data::<ContactData>(Call::Contacts, oid, access_token).await {
            Ok(data) => Ok(data.verified()),
            Err(EsiaError::Call { error: CallError::Forbidden, .. }) => Ok(Contacts::default()),
            Err(error) => Err(error),
        }
    }

    /// Fetches data of a person; a connection that fails is tried again, since asking changes
    /// nothing.
    pub(super) async fn data<T: DeserializeOwned>(
        &self,
        call: Call,
        oid: Oid,
        access_token: &str,
    ) -> Result<T, EsiaError> {
        let number = oid.0.to_string();
        let mut url = below(&self.settings.endpoints.data, &["prns", &number]);
        if call == Call::Contacts {
            url = below(&url, &["ctts"]);
            url.set_query(Some("embed=(elements)"));
        }
        let mut left = self.settings.data_retries;
        loop {
            match self.fetch(url.clone(), access_token).await {
                Err(error) if error.is_transient() && left > 0 => left -= 1,
                fetched => return fetched.map_err(|error| EsiaError::Call { call, error }),
            }
        }
    }

    async fn fetch<T: DeserializeOwned>(
        &self,
        url: Url,
        access_token: &str,
    ) -> Result<T, CallError> {
        let answer = self.http.get(url, access_token).await?;
        match answer.status.as_u16() {
            200 if answer.body.trim_ascii().is_empty() => Err(CallError::Empty),
            200 => object(&answer.body).ok_or(CallError::Malformed),
            401 => Err(CallError::Unauthorized),
            403 => Err(CallError::Forbidden),
            status => Err(CallError::UnexpectedStatus { status }),
        }
    }
}
