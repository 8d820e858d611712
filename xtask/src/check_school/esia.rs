//! ЕСИА for a check: the emulator with the school's people, asked over HTTP as a browser asks it.

use std::{error::Error, path::Path, sync::Arc};

use eschool_core::signin::EsiaPerson;
use eschool_esia::{
    ambient::Ambient,
    client::{Callback, EsiaClient},
    emulator::{Emulator, EmulatorKeys, TestPerson, read_people},
};
use reqwest::{header::LOCATION, redirect::Policy};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use super::school::Clock;

const MNEMONIC: &str = "CHECK";
/// Nothing listens there: what ЕСИА leads back with is read from the redirect.
const CALLBACK: &str = "http://127.0.0.1:9/esia/callback";

/// The emulator, and the client that goes with it.
pub(super) struct Esia {
    people: Vec<TestPerson>,
    base: Url,
    client: EsiaClient,
    browser: reqwest::Client,
    task: JoinHandle<()>,
}

impl Drop for Esia {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Esia {
    /// Starts the emulator with the people of `dir` and keys in `scratch`.
    pub(super) async fn start(
        dir: &Path,
        scratch: &Path,
        clock: &Clock,
    ) -> Result<Self, Box<dyn Error>> {
        let people = read_people(&std::fs::read(dir.join("esia_people.csv"))?)?;
        let clock = clock.clone();
        let ambient = Ambient::system().with_clock(Arc::new(move || clock.now()));
        let keys = EmulatorKeys::provide(&scratch.join("esia"), &ambient)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base: Url = format!("http://{}/", listener.local_addr()?).parse()?;
        let (emulator, settings, signer) = Emulator::beside(
            people.clone(),
            MNEMONIC,
            &CALLBACK.parse()?,
            &base,
            keys,
            ambient.clone(),
        )?;
        let client = EsiaClient::new(settings, Arc::new(signer), ambient)?;
        let browser = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
        let router = emulator.router();
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { people, base, client, browser, task })
    }

    /// Who comes back from ЕСИА when somebody chose this person on its page.
    pub(super) async fn sign_in(&self, key: &str) -> Result<EsiaPerson, Box<dyn Error>> {
        let person = self.people.iter().find(|person| person.key == key);
        let person = person.ok_or_else(|| format!("no person `{key}` in esia_people.csv"))?;
        let started = self.client.start().await?;
        let waiting = self.browser.get(started.url).send().await?;
        let waiting = self.base.join(led_to(&waiting)?)?;
        let page = self.browser.get(waiting).send().await?.error_for_status()?.text().await?;
        let form = page.split("action=\"").find(|rest| rest.starts_with("/login/"));
        let form = form.and_then(|rest| rest.split('"').next()).ok_or("no form at ЕСИА")?;
        let chosen = [("person", person.oid.to_string())];
        let answer = self.browser.post(self.base.join(form)?).form(&chosen).send().await?;
        let location: Url = led_to(&answer)?.parse()?;
        let callback = Callback::parse(location.query().unwrap_or_default())?;
        Ok(self.client.finish(&started.attempt, &callback).await?)
    }
}

/// Where a redirect leads.
fn led_to(answer: &reqwest::Response) -> Result<&str, Box<dyn Error>> {
    let location = answer.headers().get(LOCATION);
    let location = location.ok_or_else(|| format!("ЕСИА answers {}", answer.status()))?;
    Ok(location.to_str()?)
}
