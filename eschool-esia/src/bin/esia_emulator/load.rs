//! What the emulator serves: people, systems and keys, read or made.

use std::{fs, path::Path};

use eschool_esia::{
    ambient::Ambient,
    emulator::{Book, ClientSystem, EmulatorKeys, SAMPLE_BOOK, TokenKeyPair, read_people},
    gost::Certificate,
};

use crate::{args::Args, error::StartError};

/// What was found or made.
pub(crate) struct Loaded {
    pub(crate) book: Book,
    pub(crate) token_key: TokenKeyPair,
    /// Whether key and certificate of a system lie in the folder of the keys.
    pub(crate) made: bool,
}

/// Reads what the command line names. Nothing is made before all that is read was found right.
pub(crate) fn load(args: &Args, ambient: &Ambient) -> Result<Loaded, StartError> {
    let own = args.certificate.as_deref().map(|path| certificate(path, ambient)).transpose()?;
    let mut made = None;
    let mut book = match read(args, own.as_ref()) {
        Err(StartError::Book { error, .. }) if error.lacks_certificate() => {
            let keys = made.insert(EmulatorKeys::provide(&args.data, ambient)?);
            read(args, Some(&keys.client_certificate))?
        }
        read => read?,
    };
    if args.book.is_none() || book.clients.is_empty() {
        let certificate = match (own, &made) {
            (Some(certificate), _) => certificate,
            (None, Some(keys)) => keys.client_certificate.clone(),
            (None, None) => {
                let keys = made.insert(EmulatorKeys::provide(&args.data, ambient)?);
                keys.client_certificate.clone()
            }
        };
        book.clients = vec![client(args, certificate)];
    }
    let token_key = match &made {
        Some(keys) => keys.token_key.clone(),
        None => EmulatorKeys::provide_token_key(&args.data, ambient)?,
    };
    Ok(Loaded { book, token_key, made: made.is_some() })
}

fn read(args: &Args, certificate: Option<&Certificate>) -> Result<Book, StartError> {
    if let Some(path) = &args.book {
        return Book::read(path, certificate)
            .map_err(|error| StartError::Book { path: path.clone(), error });
    }
    let Some(path) = &args.people else {
        // its people alone: the system is that of the command line
        let people = SAMPLE_BOOK.find("[[person]]").and_then(|at| SAMPLE_BOOK.get(at..));
        return Book::parse(people.unwrap_or_default(), Path::new("."), certificate)
            .map_err(|error| StartError::Book { path: "(built-in book)".into(), error });
    };
    let bytes = fs::read(path).map_err(|error| StartError::File { path: path.clone(), error })?;
    let people =
        read_people(&bytes).map_err(|error| StartError::People { path: path.clone(), error })?;
    Ok(Book { people, clients: Vec::new() })
}

/// The system of the command line.
fn client(args: &Args, certificate: Certificate) -> ClientSystem {
    let mut client = ClientSystem::new(&args.client, certificate, args.redirects.clone());
    for scope in &args.scopes {
        if !client.scopes.contains(scope) {
            client.scopes.push(scope.clone());
        }
    }
    client
}

/// The certificate of a client with its own key. One that no request could pass with is refused
/// before anything is made.
fn certificate(path: &Path, ambient: &Ambient) -> Result<Certificate, StartError> {
    let text =
        fs::read_to_string(path).map_err(|error| StartError::File { path: path.into(), error })?;
    let certificate = Certificate::from_pem(&text)
        .map_err(|error| StartError::Certificate { path: path.into(), error })?;
    if let (Err(error), false) = (certificate.public_key(), certificate.has_rsa_key()) {
        return Err(StartError::CertificateKey { path: path.into(), error });
    }
    let ended = certificate.not_after();
    if ended < ambient.now() {
        return Err(StartError::CertificateEnded { path: path.into(), ended });
    }
    Ok(certificate)
}
