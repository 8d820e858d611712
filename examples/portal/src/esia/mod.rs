//! The ЕСИА of this portal: the real one by the operator's settings, or an emulator beside it.
//!
//! The emulator lets anybody in as any of its people, so it is there for invented people alone and
//! for nobody beyond this machine; whatever else has no ЕСИА set up does not start.

mod beside;
mod settings;

use std::{net::SocketAddr, path::PathBuf};

use axum::response::Redirect;
use beside::Beside;
use eschool_esia::{ambient, client::EsiaClient};
use url::Url;

use crate::start::{Installation, StartError};

/// Where ЕСИА leads back to.
pub(crate) const CALLBACK: &str = "/esia/callback";

/// What the operator said of ЕСИА.
#[derive(Clone, Debug, Default)]
pub struct EsiaChoice {
    /// The file with the settings of the real one.
    pub settings: Option<PathBuf>,
    /// The file with invented people for the emulator.
    pub people: Option<PathBuf>,
}

/// The way to ЕСИА, opened.
pub struct Esia {
    client: EsiaClient,
    /// Where people open the portal.
    home: Url,
    /// The origins of ЕСИА that a browser is led to.
    origins: String,
    /// Set where it is the emulator; it ends with this value.
    beside: Option<Beside>,
}

impl Esia {
    /// Reads the settings, or starts the emulator. `address` is where the portal listens.
    ///
    /// # Errors
    /// [`StartError::EsiaMissing`] for a school of real people without settings,
    /// [`StartError::EmulatorExposed`] for an emulator that others could reach, and what is wrong
    /// with a file.
    pub async fn open(
        installation: &Installation,
        choice: &EsiaChoice,
        address: SocketAddr,
    ) -> Result<Self, StartError> {
        let ambient = ambient_of(installation);
        if let Some(path) = &choice.settings {
            let (client, home, origins) = settings::read(path, ambient)?;
            return Ok(Self { client, home, origins, beside: None });
        }
        let people = match &choice.people {
            Some(path) => beside::people_of(path)?,
            None => match installation.esia_people() {
                Some(text) => beside::sample_people(&text)?,
                None => return Err(StartError::EsiaMissing),
            },
        };
        if !address.ip().is_loopback() {
            return Err(StartError::EmulatorExposed(address));
        }
        let home = home_at(address)?;
        let folder = installation.folder.emulator();
        let (beside, client) = Beside::start(people, &folder, &home, ambient).await?;
        let origins = beside.address().origin().ascii_serialization();
        Ok(Self { client, home, origins, beside: Some(beside) })
    }

    /// The client.
    pub(crate) const fn client(&self) -> &EsiaClient {
        &self.client
    }

    /// What leads the browser out of ЕСИА and back to a path of the portal; none where no way out is
    /// known, as at a gateway that has none: the person is still in there, and has to be told.
    pub(crate) async fn way_out(&self, back: &str) -> Option<Redirect> {
        let out = self.client.logout_url(&self.own(back)).await?;
        Some(Redirect::to(out.as_str()))
    }

    /// An address of the portal as people open it.
    pub(crate) fn own(&self, path: &str) -> Url {
        let mut url = self.home.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(p, q)| (p, Some(q)));
        url.set_path(path);
        url.set_query(query);
        url
    }

    /// What the portal calls itself to apps: where people open it, without a path.
    pub(crate) fn issuer(&self) -> String {
        self.home.origin().ascii_serialization()
    }

    /// Whether a request to this `Host` came to the address that ЕСИА leads back to: a cookie set at
    /// one name of a machine is not sent to the other.
    pub(crate) fn is_home(&self, host: &str) -> bool {
        let asked = format!("{}://{host}/", self.home.scheme()).parse::<Url>();
        asked.is_ok_and(|asked| asked.origin() == self.home.origin())
    }

    /// The origins a form of the portal may lead to, for the policy that browsers keep.
    pub(crate) fn origins(&self) -> &str {
        &self.origins
    }

    /// Where the emulator is, if it is one.
    #[must_use]
    pub fn emulator(&self) -> Option<&Url> {
        self.beside.as_ref().map(Beside::address)
    }
}

impl std::fmt::Debug for Esia {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Esia")
            .field("home", &self.home.as_str())
            .field("emulator", &self.emulator().map(Url::as_str))
            .finish_non_exhaustive()
    }
}

/// Where people open a portal that listens here.
fn home_at(address: SocketAddr) -> Result<Url, StartError> {
    let text = format!("http://{address}/");
    text.parse().map_err(|_| StartError::Url(text))
}

/// The installation's time and randomness, as the client and the emulator take them.
fn ambient_of(installation: &Installation) -> ambient::Ambient {
    let (clock, entropy) = (installation.ambient.clone(), installation.ambient.clone());
    ambient::Ambient::new(
        std::sync::Arc::new(move || clock.now()),
        std::sync::Arc::new(move |bytes| entropy.fill(bytes)),
    )
}
