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
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use eschool_core::{error::CodedError as _, signin::EsiaPerson};
use eschool_esia::{
    ambient::Ambient,
    client::{Attempt, Callback, Endpoints, EsiaClient, EsiaError, EsiaSettings, TokenKey},
    signer::GostSigner,
};
use tokio::net::TcpListener;

type Client = State<Arc<EsiaClient>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let argument = |at, default: &str| env::args().nth(at).unwrap_or_else(|| default.into());
    let folder = argument(1, "esia-emulator-data");
    let key = |file: &str| fs::read_to_string(Path::new(&folder).join(file));
    let address = argument(3, "127.0.0.1:8086");

    let settings = EsiaSettings::new(
        "TEST",
        format!("http://{address}/back").parse()?,
        Endpoints::at(&argument(2, "http://127.0.0.1:8085").parse()?),
        "http://esia-portal1.test.gosuslugi.ru/",
        vec![TokenKey::new(key("token-public-key.pem")?)],
    );
    let signer = GostSigner::read(&key("client-key.pem")?, &key("client-certificate.pem")?)?;
    let client = Arc::new(EsiaClient::new(settings, Arc::new(signer), Ambient::system())?);

    let pages = Router::new().route("/", get(start)).route("/back", get(back)).with_state(client);
    Ok(axum::serve(TcpListener::bind(address).await?, pages).await?)
}

/// «Войти через Госуслуги»: each attempt in a cookie of its own, so that windows do not disturb
/// each other. Over https it has to be `Secure`, too. It outlives the attempt: who comes back late
/// is told so.
async fn start(State(client): Client) -> Result<impl IntoResponse, Failure> {
    let started = client.start().await.map_err(told)?;
    let (state, kept) = (started.attempt.state(), started.attempt.to_text());
    let cookie = format!("esia-{state}={kept}; Path=/back; HttpOnly; SameSite=Lax; Max-Age=3600");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(started.url.as_str())))
}

/// The browser is back from ЕСИА. Whatever becomes of it, the attempt is over.
async fn back(State(client): Client, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let callback = match Callback::parse(&query.unwrap_or_default()) {
        Ok(callback) => callback,
        Err(error) => return told(error).into_response(),
    };
    let name = format!("esia-{}", callback.state());
    let answer = match finished(&client, &callback, &name, &headers).await {
        Ok(person) => format!("Здравствуйте, {}!", person.name.given()).into_response(),
        Err(error) => told(error).into_response(),
    };
    ([(header::SET_COOKIE, format!("{name}=; Path=/back; Max-Age=0"))], answer).into_response()
}

/// Who signed in, by the attempt in the cookie.
async fn finished(
    client: &EsiaClient,
    callback: &Callback,
    name: &str,
    headers: &HeaderMap,
) -> Result<EsiaPerson, EsiaError> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split("; ")).filter_map(|one| one.split_once('='));
    let (_, kept) = cookies.find(|(found, _)| *found == name).ok_or(EsiaError::AttemptMissing)?;
    client.finish(&Attempt::parse(kept)?, callback).await
}

type Failure = (StatusCode, String);

/// What went wrong: for the person, and below for the support.
fn told(error: EsiaError) -> Failure {
    (StatusCode::BAD_REQUEST, format!("{}\n\n{}: {error}\n", error.text_ru(), error.code()))
}
