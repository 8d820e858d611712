//! Somebody who signs in at the provider.

use std::collections::BTreeMap;

use reqwest::{
    Client, RequestBuilder, Response,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use url::Url;

/// A browser with the cookies of one site.
pub(crate) struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    /// Goes to an address, fills the forms in as this person, and comes to an end at the first
    /// address that is not the provider's.
    pub(crate) async fn sign_in(&mut self, from: &Url, person: &str) -> Url {
        let mut answer = self.send(self.client.get(from.clone())).await;
        let mut at = from.clone();
        for _ in 0..20 {
            if let Some(location) = answer.headers().get(LOCATION) {
                at = at.join(location.to_str().unwrap()).unwrap();
                if at.host_str() != Some("127.0.0.1") {
                    return at;
                }
                answer = self.send(self.client.get(at.clone())).await;
                continue;
            }
            let page = answer.text().await.unwrap();
            at = at.join(between(&page, "action=\"", "\"")).unwrap();
            let prompt = between(&page, "name=\"prompt\" value=\"", "\"");
            let form = format!("prompt={prompt}&login={person}&password=any");
            let sent = self.client.post(at.clone()).body(form);
            answer =
                self.send(sent.header(CONTENT_TYPE, "application/x-www-form-urlencoded")).await;
        }
        panic!("the provider leads in a circle");
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.into(), value.into());
        }
        answer
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no `{start}` in {text}"));
    rest.split_once(end).unwrap().0
}
