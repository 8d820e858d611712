//! What an app asks for.

use eschool_core::{error::CodedError as _, signin::DeviceName};
use eschool_store::{AppRequest, secret::CodeChallenge};
use url::form_urlencoded;

use super::leading::Refused;
use crate::web::{App, cookies::Cookies, problem::Problem};

/// Where an app begins.
pub(super) const AUTHORIZE: &str = "/api/v1/authorize";

/// The longest query that is taken: it has to fit into a cookie while the person signs in.
const LONGEST: usize = 3000;

/// What an app asks for, and may.
pub(super) struct Asked {
    /// What the store is asked for.
    pub(super) request: AppRequest,
    /// What the app wants back untouched.
    pub(super) state: Option<String>,
    /// The query by which the same is asked again.
    pub(super) query: String,
}

/// Why a request goes no further.
pub(super) enum NotAsked {
    /// The app or the address is none that is known: the browser is not led there.
    Page(Problem),
    /// The app is told, at its address.
    Told(Refused),
}

/// The parameters of a query, each of which stands there once.
struct Parameters(Vec<(String, String)>);

/// A parameter that stands there twice.
struct Repeated;

impl Parameters {
    fn of(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// What is empty counts as left out (RFC 6749, 3.1).
    fn get(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut found = self.0.iter().filter(|(own, _)| own == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Repeated),
            (found, None) => Ok(found.map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())),
        }
    }
}

impl Asked {
    /// Reads a query. The app and its address come first: who is not known gets no answer there.
    pub(super) fn of(app: &App, query: &str) -> Result<Self, NotAsked> {
        let parameters = Parameters::of(query);
        let known = |name| match parameters.get(name) {
            Ok(found) => Ok(found.unwrap_or_default()),
            Err(Repeated) => Err(NotAsked::Page(Problem::query())),
        };
        let (client, redirect_uri) = (known("client_id")?, known("redirect_uri")?);
        if !app.apps().has(client) {
            return Err(NotAsked::Page(Problem::unknown_app()));
        }
        if !app.apps().may_lead(client, redirect_uri) {
            return Err(NotAsked::Page(Problem::unknown_app_address()));
        }
        let state = parameters.get("state").ok().flatten().map(String::from);
        let told = |error, why: &str| {
            NotAsked::Told(Refused {
                redirect_uri: redirect_uri.into(),
                state: state.clone(),
                error,
                why: why.into(),
            })
        };
        if query.len() > LONGEST {
            return Err(told("invalid_request", "the request is too long"));
        }
        let get = |name| {
            let once = || told("invalid_request", &format!("{name} stands there more than once"));
            parameters.get(name).map_err(|Repeated| once())
        };
        get("state")?;
        match get("response_type")? {
            Some("code") => {}
            None => return Err(told("invalid_request", "response_type is missing")),
            Some(_) => return Err(told("unsupported_response_type", "response_type must be code")),
        }
        // Left out it would be `plain` (RFC 7636, 4.3), which proves nothing.
        if get("code_challenge_method")? != Some("S256") {
            return Err(told("invalid_request", "code_challenge_method must be S256"));
        }
        let challenge = get("code_challenge")?;
        let challenge =
            challenge.ok_or_else(|| told("invalid_request", "code_challenge is missing"))?;
        let challenge = CodeChallenge::parse(challenge)
            .map_err(|error| told("invalid_request", &error.to_string()))?;
        let device = get("device")?.map(str::parse::<DeviceName>).transpose();
        let device = device.map_err(|error| told("invalid_request", error.code()))?;
        let request = AppRequest {
            client: client.into(),
            redirect_uri: redirect_uri.into(),
            challenge,
            device,
        };
        let mut again = form_urlencoded::Serializer::new(String::new());
        for name in PARAMETERS {
            if let Some(value) = get(name)? {
                again.append_pair(name, value);
            }
        }
        let query = again.finish();
        if query.len() > LONGEST {
            return Err(told("invalid_request", "the request is too long"));
        }
        Ok(Self { request, state, query })
    }
}

/// What is asked again after a sign-in; whatever else an app sends is not for us.
const PARAMETERS: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
    "device",
];

/// Where who has just signed in goes on: back to what an app asked for, if that is why they came.
pub(crate) fn on_the_way(cookies: &Cookies, otherwise: &str) -> String {
    match &cookies.asked_by_app {
        Some(query) => format!("{AUTHORIZE}?{query}"),
        None => otherwise.into(),
    }
}
