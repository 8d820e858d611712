//! The systems of a book in TOML.

use std::{collections::HashMap, fs};

use toml::Spanned;

use super::{BookError, BookFieldError, Place, raw};
use crate::{
    emulator::{ClientSystem, Interface},
    gost::Certificate,
};

/// Judges them. That a certificate is missing is said last: whoever reads the book may have one.
pub(super) fn read(
    raw: Vec<raw::Client>,
    place: &Place<'_>,
    certificate: Option<&Certificate>,
) -> Result<Vec<ClientSystem>, BookError> {
    let mut mnemonics = HashMap::new();
    let (mut clients, mut lacking) = (Vec::new(), None);
    for client in raw {
        word("mnemonic", &client.mnemonic, place)?;
        let start = client.mnemonic.span().start;
        if let Some(first) = mnemonics.insert(client.mnemonic.get_ref().clone(), start) {
            let first = place.line(first);
            let cause = BookFieldError::MnemonicRepeated { first };
            return Err(place.wrong("mnemonic", &client.mnemonic, cause));
        }
        let own = own_certificate(&client, place)?;
        let asked = Asked::of(&client, place)?;
        match own.or_else(|| certificate.cloned()) {
            Some(certificate) => clients.push(one(client, asked, certificate, place)?),
            None => {
                let cause = BookFieldError::CertificateMissing;
                lacking.get_or_insert(place.wrong("mnemonic", &client.mnemonic, cause));
            }
        }
    }
    match lacking {
        Some(error) => Err(error),
        None => Ok(clients),
    }
}

/// What a system may ask for, which is judged with a certificate or without.
struct Asked {
    hosts: Vec<String>,
    scopes: Option<Vec<String>>,
}

impl Asked {
    fn of(raw: &raw::Client, place: &Place<'_>) -> Result<Self, BookError> {
        let host = |host: &Spanned<String>| {
            let wrong = || place.wrong("redirect_hosts", host, BookFieldError::Host);
            ClientSystem::read_host(host.get_ref()).ok_or_else(wrong)
        };
        let hosts = match &raw.redirect_hosts {
            None => vec!["127.0.0.1".into(), "localhost".into()],
            Some(hosts) => hosts.iter().map(host).collect::<Result<_, _>>()?,
        };
        let scope = |scope: &Spanned<String>| {
            word("scopes", scope, place).map(|()| scope.get_ref().clone())
        };
        let scopes = raw.scopes.as_ref().map(|scopes| scopes.iter().map(scope).collect());
        match &raw.interfaces {
            Some(none) if none.get_ref().is_empty() => {
                Err(place.wrong("interfaces", none, BookFieldError::Empty))
            }
            _ => Ok(Self { hosts, scopes: scopes.transpose()? }),
        }
    }
}

fn one(
    raw: raw::Client,
    asked: Asked,
    certificate: Certificate,
    place: &Place<'_>,
) -> Result<ClientSystem, BookError> {
    let mut client = ClientSystem::new(raw.mnemonic.get_ref(), certificate, asked.hosts);
    if let Some(scopes) = asked.scopes {
        client.scopes = scopes;
    }
    client.interfaces = interfaces(&raw, &client, place)?;
    Ok(ClientSystem {
        pkce: raw.pkce,
        token_algorithm: raw.token_algorithm,
        offline: raw.offline,
        refresh_form: raw.refresh_form,
        client_credentials: raw.client_credentials,
        confirmed_only: raw.confirmed_only,
        second_factor: raw.second_factor,
        closed: raw.closed,
        ..client
    })
}

fn own_certificate(raw: &raw::Client, place: &Place<'_>) -> Result<Option<Certificate>, BookError> {
    match (&raw.certificate, &raw.certificate_file) {
        (Some(_), Some(file)) => {
            Err(place.wrong("certificate_file", file, BookFieldError::CertificateTwice))
        }
        (Some(pem), None) => Certificate::from_pem(pem.get_ref())
            .map(Some)
            .map_err(|error| place.wrong("certificate", pem, error)),
        (None, Some(file)) => {
            let unreadable = |error: std::io::Error| {
                let cause = BookFieldError::CertificateFile(error.kind());
                place.wrong("certificate_file", file, cause)
            };
            let pem = fs::read_to_string(place.folder.join(file.get_ref())).map_err(unreadable)?;
            Certificate::from_pem(&pem)
                .map(Some)
                .map_err(|error| place.wrong("certificate_file", file, error))
        }
        (None, None) => Ok(None),
    }
}

/// The interfaces the certificate's key can sign for; those that are asked for must be among them.
fn interfaces(
    raw: &raw::Client,
    client: &ClientSystem,
    place: &Place<'_>,
) -> Result<Vec<Interface>, BookError> {
    let possible: &[Interface] = match client.certificate.public_key() {
        Ok(_) => &Interface::ALL,
        Err(_) if client.certificate.has_rsa_key() => &[Interface::Legacy],
        Err(_) => &[],
    };
    match &raw.interfaces {
        None if possible.is_empty() => {
            Err(place.wrong("mnemonic", &raw.mnemonic, BookFieldError::CertificateKey))
        }
        None => Ok(possible.into()),
        Some(asked) if asked.get_ref().iter().all(|one| possible.contains(one)) => {
            Ok(asked.get_ref().clone())
        }
        Some(asked) => Err(place.wrong("interfaces", asked, BookFieldError::CertificateKey)),
    }
}

/// A word that goes into requests and tokens as it is.
fn word(field: &'static str, value: &Spanned<String>, place: &Place<'_>) -> Result<(), BookError> {
    let text = value.get_ref();
    if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(place.wrong(field, value, BookFieldError::Word));
    }
    Ok(())
}
