//! An emulator of ЕСИА beside the portal.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
};

use eschool_esia::{
    ambient::Ambient,
    client::EsiaClient,
    emulator::{Emulator, EmulatorKeys, TestPerson, read_people},
};
use tokio::task::JoinHandle;
use url::Url;

use super::CALLBACK;
use crate::{serve::Server, start::StartError};

/// The mnemonic under which the emulator knows the portal.
const MNEMONIC: &str = "ESCHOOL";

/// The emulator, which ends with this value.
pub(super) struct Beside {
    address: Url,
    task: JoinHandle<()>,
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Beside {
    /// Starts it on a free port, with keys that are made once in `folder`, and gives the client
    /// that goes with it.
    pub(super) async fn start(
        people: Vec<TestPerson>,
        folder: &Path,
        home: &Url,
        ambient: Ambient,
    ) -> Result<(Self, EsiaClient), StartError> {
        let keys = EmulatorKeys::provide(folder, &ambient).map_err(failed)?;
        let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        // Another name than the portal's, so that browsers take the two for two sites.
        let text = format!("http://localhost:{}/", server.address().port());
        let address: Url = text.parse().map_err(failed)?;
        let callback = home.join(CALLBACK).map_err(failed)?;
        let (emulator, settings, signer) =
            Emulator::beside(people, MNEMONIC, &callback, &address, keys, ambient.clone())
                .map_err(failed)?;
        let client = EsiaClient::new(settings, Arc::new(signer), ambient).map_err(failed)?;
        let router = emulator.router();
        let task = tokio::spawn(server.run(router, std::future::pending()));
        Ok((Self { address, task }, client))
    }

    /// Where it is.
    pub(super) const fn address(&self) -> &Url {
        &self.address
    }
}

fn failed(error: impl std::error::Error) -> StartError {
    StartError::Emulator(error.to_string())
}

/// The people of the built-in sample.
pub(super) fn sample_people(text: &str) -> Result<Vec<TestPerson>, StartError> {
    read_people(text.as_bytes()).map_err(failed)
}

/// The invented people of a file.
pub(super) fn people_of(path: &Path) -> Result<Vec<TestPerson>, StartError> {
    let unreadable = |why: String| StartError::EsiaPeople { path: path.into(), why };
    let text = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    read_people(&text).map_err(|error| unreadable(error.to_string()))
}
