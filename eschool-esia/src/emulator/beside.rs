//! An emulator for one client of one's own, in the same program or test.

use url::Url;

use super::{ClientSystem, Emulator, EmulatorKeys, EmulatorSettings, TestPerson};
use crate::{
    ambient::Ambient,
    client::{Endpoints, EsiaSettings, Pkce, TokenKey},
    signer::{GostSigner, SignerError},
};

impl Emulator {
    /// An emulator, and for the one client it knows the settings and the signer: what
    /// [`EsiaClient::new`](crate::client::EsiaClient::new) takes.
    ///
    /// `mnemonic` is the client's name. `redirect_uri` is where people come back to; signing in
    /// and out, they are led to its host and port alone. `base` is the address at whose root the
    /// [`router`](Self::router) will be served. The client proves by PKCE who began, which the
    /// emulator checks.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use eschool_esia::{
    ///     ambient::Ambient,
    ///     client::EsiaClient,
    ///     emulator::{Emulator, EmulatorKeys, SAMPLE_PEOPLE, read_people},
    /// };
    ///
    /// let folder = tempfile::tempdir()?;
    /// let ambient = Ambient::system();
    /// let (emulator, settings, signer) = Emulator::beside(
    ///     read_people(SAMPLE_PEOPLE)?,
    ///     "PORTAL",
    ///     &"http://127.0.0.1:8080/esia/callback".parse()?,
    ///     &"http://localhost:8085/".parse()?,
    ///     EmulatorKeys::provide(folder.path(), &ambient)?,
    ///     ambient.clone(),
    /// )?;
    /// let client = EsiaClient::new(settings, Arc::new(signer), ambient)?;
    /// let router: axum::Router = emulator.router(); // for axum::serve at localhost:8085
    /// # drop((client, router));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SignerError`] if the client's key and certificate do not belong together.
    pub fn beside(
        people: Vec<TestPerson>,
        mnemonic: &str,
        redirect_uri: &Url,
        base: &Url,
        keys: EmulatorKeys,
        ambient: Ambient,
    ) -> Result<(Self, EsiaSettings, GostSigner), SignerError> {
        let host = redirect_uri.host_str().zip(redirect_uri.port_or_known_default());
        let host = host.map(|(host, port)| format!("{host}:{port}"));
        let system = ClientSystem::new(mnemonic, keys.client_certificate.clone(), host);
        let signer = GostSigner::new(keys.client_key, keys.client_certificate)?;
        let book = EmulatorSettings::new(people, vec![system], keys.token_key, ambient);
        let issuer = book.issuer.clone();
        let emulator = Self::new(book);
        let mut settings = EsiaSettings::new(
            mnemonic,
            redirect_uri.clone(),
            Endpoints::at(base),
            issuer,
            vec![TokenKey::new(emulator.token_public_key_pem())],
        );
        settings.pkce = Pkce::S256;
        Ok((emulator, settings, signer))
    }
}
