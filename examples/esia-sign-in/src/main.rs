//! The least program that signs people in through ЕСИА: two pages and a cookie.
//!
//! Start the emulator beside it, then open <http://127.0.0.1:8086/>:
//!
//! ```sh
//! cargo run -p eschool-esia --features emulator --bin esia-emulator
//! cargo run -p esia-sign-in
//! ```
//!
//! Arguments, all optional: the folder of keys that the emulator made, the emulator's address, the
//! address to listen on.

use std::{env, error::Error, fs, path::Path, sync::Arc};

use axum::{
    Router, extract::RawQuery, extract::State, http::StatusCode, response::Redirect, routing,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    client::{Attempt, Callback, Endpoints, EsiaClient, EsiaError, EsiaSettings, TokenKey},
    signer::GostSigner,
};
use tokio::net::TcpListener;

type Client = State<Arc<EsiaClient>>;
type Failure = (StatusCode, String);
type Greeting = (CookieJar, Result<String, Failure>);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let argument = |at, default: &str| env::args().nth(at).unwrap_or_else(|| default.into());
    let (folder, address) = (argument(1, "esia-emulator-data"), argument(3, "127.0.0.1:8086"));
    let key = |file: &str| fs::read_to_string(Path::new(&folder).join(file));
    let settings = EsiaSettings::new(
        "TEST",
        format!("http://{address}/back").parse()?,
        Endpoints::at(&argument(2, "http://127.0.0.1:8085").parse()?),
        "http://esia-portal1.test.gosuslugi.ru/",
        vec![TokenKey::new(key("token-public-key.pem")?)],
    );
    let signer = GostSigner::read(&key("client-key.pem")?, &key("client-certificate.pem")?)?;
    let client = Arc::new(EsiaClient::new(settings, Arc::new(signer), Ambient::system())?);
    let pages = Router::new().route("/", routing::get(start)).route("/back", routing::get(back));
    Ok(axum::serve(TcpListener::bind(address).await?, pages.with_state(client)).await?)
}

/// «Войти через Госуслуги»: each attempt in a cookie of its own, so that windows do not disturb
/// each other. Over https it has to be `Secure`, too.
async fn start(State(client): Client, jar: CookieJar) -> Result<(CookieJar, Redirect), Failure> {
    let started = client.start().await.map_err(told)?;
    let name = format!("esia-{}", started.attempt.state());
    let kept = Cookie::build((name, started.attempt.to_text())).http_only(true);
    Ok((jar.add(kept.same_site(SameSite::Lax)), Redirect::to(started.url.as_str())))
}

/// The browser is back from ЕСИА. Whatever becomes of it, the attempt is over.
async fn back(State(client): Client, mut jar: CookieJar, RawQuery(query): RawQuery) -> Greeting {
    let greeting = async {
        let callback = Callback::parse(&query.unwrap_or_default())?;
        let name = format!("esia-{}", callback.state());
        let kept = jar.get(&name).map(|kept| Attempt::parse(kept.value()));
        jar = jar.clone().remove(name);
        let person = client.finish(&kept.ok_or(EsiaError::AttemptMissing)??, &callback).await?;
        Ok(format!("Здравствуйте, {}!", person.name.given()))
    };
    let greeting = greeting.await.map_err(told);
    (jar, greeting)
}

/// What went wrong: for the person, and below for the support.
fn told(error: EsiaError) -> Failure {
    (StatusCode::BAD_REQUEST, format!("{}\n\n{}: {error}\n", error.text_ru(), error.code()))
}
