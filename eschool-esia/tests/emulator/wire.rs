//! Requests and answers, as bytes go over the wire.

use eschool_esia::gost::PrivateKey;
use reqwest::{Response, header};
use url::{Url, form_urlencoded};

/// The parameters of a request, in order.
#[derive(Clone)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn new<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.map(|(name, value)| (name.into(), value.into())).into())
    }

    /// With another value, or with one more parameter.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some(pair) => pair.1 = value.into(),
            None => self.0.push((name.into(), value.into())),
        }
        self
    }

    /// Without a parameter.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(n, _)| n != name);
        self
    }

    /// With a parameter that stands twice, both times the same.
    pub(crate) fn twice(mut self, name: &str) -> Self {
        let value = self.get(name).to_owned();
        self.0.push((name.into(), value));
        self
    }

    /// The value, or nothing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Signed as ЕСИА asks for: these fields one after the other, nothing between.
    pub(crate) fn signed(self, key: &PrivateKey) -> Self {
        let fields =
            ["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri", "code"];
        self.signed_over(key, &fields)
    }

    /// Signed over any fields in any order.
    pub(crate) fn signed_over(self, key: &PrivateKey, fields: &[&str]) -> Self {
        let message: String = fields.iter().map(|field| self.get(field)).collect();
        let signature = key.sign(message.as_bytes()).to_base64url();
        self.set("client_secret", &signature)
    }

    pub(crate) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) kind: String,
    pub(crate) challenge: Option<String>,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) async fn of(response: Response) -> Self {
        let header = |name: header::HeaderName| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status().as_u16(),
            location: header(header::LOCATION),
            cookie: header(header::SET_COOKIE),
            kind: header(header::CONTENT_TYPE).unwrap_or_default(),
            challenge: header(header::WWW_AUTHENTICATE),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    /// The address somebody is sent to.
    pub(crate) fn goes_to(&self) -> Url {
        self.location.as_deref().unwrap_or_else(|| panic!("{self:?}")).parse().unwrap()
    }

    /// A parameter of that address, which stands there once.
    pub(crate) fn brings(&self, name: &str) -> Option<String> {
        let url = self.goes_to();
        let mut found = url.query_pairs().filter(|(n, _)| n == name);
        let value = found.next().map(|(_, value)| value.into_owned());
        assert!(found.next().is_none(), "`{name}` stands twice in {url}");
        value
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}
