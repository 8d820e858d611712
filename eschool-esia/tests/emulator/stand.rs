//! An emulator on a port of its own.

use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use eschool_esia::{
    ambient::Ambient,
    client::EsiaSettings,
    emulator::{
        ClientSystem, Emulator, EmulatorKeys, EmulatorSettings, TestPerson, TokenKeyPair,
        read_people,
    },
    gost::{Certificate, Curve, PrivateKey},
    signer::GostSigner,
};
use reqwest::{Client, Method, redirect::Policy};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::wire::{Form, Reply};

pub(crate) const AUTHORIZE: &str = "/aas/oauth2/v2/ac";
pub(crate) const TOKEN: &str = "/aas/oauth2/v3/te";

/// The state of the request for a sign-in, and that of the request for tokens.
pub(crate) const STATE: &str = "3c8f8a4e-7d0b-4a52-9f0e-2b6f6c1d9e11";
pub(crate) const SECOND_STATE: &str = "b1f4a6d2-0c3e-4f7a-8b5d-9e8c7a6b5d4f";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:8080/esia/callback?from=door";
pub(crate) const SCOPE: &str = "openid fullname birthdate gender snils mobile email";

/// One person of every type of account; the second holds nothing beside a name.
const PEOPLE: &str = "\
Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи;\
Почта;Почта подтверждена
мама;Ёлкина;Анна;Олеговна;14.05.1986;000-000-600 06;+79991234567;да;подтверждённая;\
anna@example.org;да
без всего;Ли;Ян;-;07.07.1990;;;;упрощённая;;
папа;Елкин;Пётр;Ильич;02.11.1984;112-233-445 95;+79997654321;нет;Стандартная;;
дочь;Ёлкина;Майя;Петровна;05.06.2015;;;нет;детская;;
";

/// The numbers of those people.
pub(crate) const MOTHER: u64 = 1_000_000_001;
pub(crate) const NOBODY_KNOWS: u64 = 1_000_000_002;
pub(crate) const FATHER: u64 = 1_000_000_003;
pub(crate) const DAUGHTER: u64 = 1_000_000_004;

/// A client and its key.
pub(crate) struct Signing {
    pub(crate) key: PrivateKey,
    pub(crate) certificate: Certificate,
}

impl Signing {
    fn new(seed: u8) -> Self {
        let key = PrivateKey::from_scalar(Curve::CryptoProA, [seed; 32]).unwrap();
        let (from, until) = (start() - TimeDelta::days(1), start() + TimeDelta::days(365));
        let certificate =
            Certificate::self_signed(&key, "client", [seed; 16], from, until).unwrap();
        Self { key, certificate }
    }
}

/// When every stand begins.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-09-01T06:00:00Z".parse().unwrap()
}

/// The emulator.
pub(crate) struct Stand {
    pub(crate) emulator: Emulator,
    pub(crate) base: String,
    /// Registered as `TEST`.
    pub(crate) test: Signing,
    /// Registered as `OTHER`.
    pub(crate) other: Signing,
    /// The stand's clock, for a client that goes by it.
    pub(crate) ambient: Ambient,
    clock: Arc<Mutex<DateTime<Utc>>>,
    http: Client,
}

impl Stand {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// With other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut EmulatorSettings)) -> Self {
        let (clock, ambient) = clock();
        let hosts = ["127.0.0.1", "portal.example.org", "localhost:8080"];
        let client = |name, signing: Signing| ClientSystem::new(name, signing.certificate, hosts);
        let clients = vec![client("TEST", Signing::new(7)), client("OTHER", Signing::new(9))];
        let mut settings = EmulatorSettings::new(people(), clients, token_key(), ambient.clone());
        change(&mut settings);
        Self::serve(bind().await, Emulator::new(settings), clock, ambient)
    }

    /// With `TEST` alone, and what that client is made of.
    pub(crate) async fn beside() -> (Self, EsiaSettings, GostSigner) {
        let (clock, ambient) = clock();
        let (redirect, bound) = (REDIRECT.parse().unwrap(), bind().await);
        let base = bound.1.parse().unwrap();
        let Signing { key, certificate } = Signing::new(7);
        let keys = EmulatorKeys {
            token_key: token_key(),
            client_key: key,
            client_certificate: certificate,
        };
        let (emulator, settings, signer) =
            Emulator::beside(people(), "TEST", &redirect, &base, keys, ambient.clone()).unwrap();
        (Self::serve(bound, emulator, clock, ambient), settings, signer)
    }

    fn serve(
        (listener, base): (TcpListener, String),
        emulator: Emulator,
        clock: Arc<Mutex<DateTime<Utc>>>,
        ambient: Ambient,
    ) -> Self {
        let router = emulator.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        let (test, other) = (Signing::new(7), Signing::new(9));
        Self { emulator, base, test, other, ambient, clock, http }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        *self.clock.lock().unwrap() += TimeDelta::seconds(seconds);
    }

    /// An instant so much from now, as ЕСИА writes it.
    pub(crate) fn timestamp(&self, seconds: i64) -> String {
        let moscow = FixedOffset::east_opt(3 * 3600).unwrap();
        let at = (self.now() + TimeDelta::seconds(seconds)).with_timezone(&moscow);
        at.format("%Y.%m.%d %H:%M:%S %z").to_string()
    }

    /// A right request for a sign-in by `TEST`, not signed yet.
    pub(crate) fn sign_in_form(&self) -> Form {
        Form::new([
            ("client_id", "TEST"),
            ("client_secret", "-"),
            ("client_certificate_hash", &self.test.certificate.hash()),
            ("redirect_uri", REDIRECT),
            ("scope", SCOPE),
            ("scope_org", ""),
            ("response_type", "code"),
            ("state", STATE),
            ("timestamp", &self.timestamp(0)),
            ("access_type", "online"),
        ])
    }

    /// A right request for tokens by `TEST`, not signed yet.
    pub(crate) fn token_form(&self, code: &str) -> Form {
        Form::new([
            ("client_id", "TEST"),
            ("code", code),
            ("grant_type", "authorization_code"),
            ("client_secret", "-"),
            ("state", SECOND_STATE),
            ("redirect_uri", REDIRECT),
            ("scope", SCOPE),
            ("timestamp", &self.timestamp(0)),
            ("token_type", "Bearer"),
            ("client_certificate_hash", &self.test.certificate.hash()),
        ])
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(Method::GET, path, headers, String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], form: &Form) -> Reply {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.send(Method::POST, path, &[headers, &[kind]].concat(), form.encoded()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Reply {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::of(request.send().await.unwrap()).await
    }

    /// The status of an answer; none where the connection breaks off.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Option<u16> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.ok().map(|reply| reply.status().as_u16())
    }

    /// Asks for a sign-in, with the cookies of a browser.
    pub(crate) async fn authorize(&self, form: &Form, cookie: &str) -> Reply {
        self.get(&format!("{AUTHORIZE}?{}", form.encoded()), &[("cookie", cookie)]).await
    }

    /// Asks for a sign-in with a right request; gives back the page of the people.
    pub(crate) async fn waiting(&self) -> String {
        let reply = self.authorize(&self.sign_in_form().signed(&self.test.key), "").await;
        reply.location.filter(|to| to.starts_with("/login/")).unwrap()
    }

    /// Says who one is.
    pub(crate) async fn choose(&self, page: &str, oid: u64) -> Reply {
        self.post(page, &[], &Form::new([("person", &oid.to_string())])).await
    }

    /// A code for somebody.
    pub(crate) async fn code(&self, oid: u64) -> String {
        self.choose(&self.waiting().await, oid).await.brings("code").unwrap()
    }

    /// Asks for tokens.
    pub(crate) async fn exchange(&self, form: &Form) -> Reply {
        self.post(TOKEN, &[], form).await
    }

    /// Tokens for somebody.
    pub(crate) async fn tokens(&self, oid: u64) -> Value {
        let form = self.token_form(&self.code(oid).await).signed(&self.test.key);
        let reply = self.exchange(&form).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// Tokens of one scope alone.
    pub(crate) async fn access_to(&self, oid: u64, scope: &str) -> String {
        let form = self.sign_in_form().set("scope", scope).signed(&self.test.key);
        let page = self.authorize(&form, "").await.location.unwrap();
        let code = self.choose(&page, oid).await.brings("code").unwrap();
        let form = self.token_form(&code).set("scope", scope).signed(&self.test.key);
        self.exchange(&form).await.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Personal data, with an access token.
    pub(crate) async fn data(&self, path: &str, token: &str) -> Reply {
        self.get(path, &[("authorization", &format!("Bearer {token}"))]).await
    }
}

pub(crate) fn people() -> Vec<TestPerson> {
    read_people(PEOPLE.as_bytes()).unwrap()
}

/// A port of one's own and its address.
async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

/// A clock that stands, and what goes by it.
fn clock() -> (Arc<Mutex<DateTime<Utc>>>, Ambient) {
    let clock = Arc::new(Mutex::new(start()));
    let hands = Arc::clone(&clock);
    (clock, Ambient::system().with_clock(Arc::new(move || *hands.lock().unwrap())))
}

/// One RSA key for all stands: making one takes a while.
fn token_key() -> TokenKeyPair {
    static KEY: OnceLock<TokenKeyPair> = OnceLock::new();
    KEY.get_or_init(|| TokenKeyPair::generate().unwrap()).clone()
}
