//! Signers from settings, and what people read of settings that make none.

use std::{fmt::Write as _, fs, io::ErrorKind};

use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    certificate::CertificateError,
    cms::CmsError,
    gost::{KeyError, SignatureError},
    rsa::RsaKeyError,
    signer::{SignatureForm, SignerError, SignerSettings, SignerSettingsError},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::scene::{certificate, key};

const RSA: &str = include_str!("../keys/rsa.pem");

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("key.pem", &key().to_pkcs8_pem().unwrap());
    write("certificate.pem", &certificate().to_pem().unwrap());
    write("rsa.pem", RSA);
    write("token.txt", "c2VjcmV0\n");
    write("no-token.txt", "\n");
    folder
}

fn read(folder: &TempDir, settings: Value) -> Result<SignatureForm, SignerSettingsError> {
    let settings: SignerSettings = serde_json::from_value(settings).unwrap();
    let signer = settings.read(folder.path(), &Ambient::system())?;
    Ok(signer.form())
}

#[test]
fn each_kind_of_signer_is_made_of_files_beside_the_settings() {
    let folder = folder();
    let gost = json!({"keyFile": "key.pem", "certificateFile": "certificate.pem"});
    let rsa = json!({"keyFile": "rsa.pem", "certificateFile": "rsa.pem"});
    let command = json!({"argv": ["sign", "school"], "certificateFile": "certificate.pem"});
    let http = json!({"url": "https://sign.example.ru/", "certificateFile": "certificate.pem"});
    let with = |kind: &str, base: &Value, more: Value| {
        let mut all = base.clone();
        for part in [json!({"kind": kind}), more] {
            for (name, value) in part.as_object().unwrap() {
                all[name] = value.clone();
            }
        }
        all
    };
    let none = json!({});
    let file = |name: &str| SignerSettingsError::File {
        path: folder.path().join(name),
        kind: ErrorKind::NotFound,
    };
    let (raw, cms) = (Ok(SignatureForm::Raw), Ok(SignatureForm::Cms));
    for (settings, expected) in [
        (with("gost", &gost, none.clone()), raw.clone()),
        (with("gost_cms", &gost, none.clone()), cms.clone()),
        (with("rsa_cms", &rsa, none.clone()), cms.clone()),
        (with("command", &command, none.clone()), raw.clone()),
        (
            with("command", &command, json!({"order": "reversed", "timeoutSeconds": 60})),
            raw.clone(),
        ),
        (with("command", &command, json!({"form": "cms"})), cms.clone()),
        (with("http", &http, json!({"tokenFile": "token.txt"})), raw),
        (with("http", &http, json!({"form": "cms", "certificateFile": "rsa.pem"})), cms),
        (with("gost", &gost, json!({"keyFile": "absent.pem"})), Err(file("absent.pem"))),
        (with("command", &command, json!({"argv": []})), Err(SignerSettingsError::Argv)),
        (
            with("command", &command, json!({"timeoutSeconds": 0})),
            Err(SignerSettingsError::Timeout),
        ),
        (
            with("command", &command, json!({"form": "cms", "order": "reversed"})),
            Err(SignerSettingsError::Order),
        ),
        (
            with("command", &command, json!({"certificateFile": "key.pem"})),
            Err(SignerError::Certificate(CertificateError::Pem).into()),
        ),
        (
            with("http", &http, json!({"tokenFile": "no-token.txt"})),
            Err(SignerSettingsError::Token),
        ),
        (with("http", &http, json!({"url": "http://a.ru/"})), Err(SignerSettingsError::Url)),
        (
            with("http", &http, json!({"extraRootsFile": "key.pem"})),
            Err(SignerSettingsError::ExtraRoots),
        ),
    ] {
        assert_eq!(read(&folder, settings.clone()), expected, "{settings}");
    }
}

#[test]
fn the_readme_shows_settings_that_are_read() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let (examples, _) = rest.split_once("```").unwrap();
    let read = serde_json::Deserializer::from_str(examples).into_iter::<SignerSettings>();
    assert_eq!(read.map(Result::unwrap).count(), 5);
}

#[test]
fn settings_nobody_knows_are_refused_and_none_are_shown() {
    for settings in [
        json!({"kind": "gost", "keyFile": "key.pem"}),
        json!({"kind": "gost", "keyFile": "k", "certificateFile": "c", "order": "sr"}),
        json!({"kind": "sms", "keyFile": "k", "certificateFile": "c"}),
        json!({"kind": "command", "argv": "sign school", "certificateFile": "c"}),
        json!({"kind": "command", "argv": ["sign"], "certificateFile": "c", "order": "rs"}),
        json!({"kind": "http", "url": "/sign", "certificateFile": "c"}),
    ] {
        assert!(serde_json::from_value::<SignerSettings>(settings.clone()).is_err(), "{settings}");
    }
    let settings = json!({"kind": "command", "argv": ["sign", "12345678"], "certificateFile": "c"});
    let settings: SignerSettings = serde_json::from_value(settings).unwrap();
    assert_eq!(format!("{settings:?}"), r#"Command { certificate_file: "c", .. }"#);
}

#[test]
fn failures_of_signers_read_as_people_write() {
    use SignerSettingsError::{Argv, ExtraRoots, File, Order, Timeout, Tls, Token, Url};
    let settings = [Argv, Timeout, Order, Url, Token, ExtraRoots, Tls];
    let signers = [
        SignerError::Key(KeyError::Algorithm),
        RsaKeyError::Pem.into(),
        RsaKeyError::Encrypted.into(),
        RsaKeyError::Refused.into(),
        SignerError::OtherKey,
        SignerError::Unavailable,
        SignerError::TimedOut,
        SignerError::CommandFailed { status: Some(3) },
        SignerError::CommandFailed { status: None },
        SignerError::ServiceRefused { status: 401 },
        SignerError::AnswerTooLong,
        SignerError::AnswerUnreadable,
        SignerError::Backwards,
        SignatureError::Mismatch.into(),
    ];
    let cms = [
        CmsError::TooLong,
        CmsError::Malformed,
        CmsError::TrailingBytes,
        CmsError::NotSigned,
        CmsError::ContentType,
        CmsError::Content,
        CmsError::Signers,
        CmsError::CertificateMissing,
        CmsError::CertificateForeign,
        CmsError::Algorithm,
        CmsError::Attributes,
        CmsError::Digest,
        CmsError::Signature,
        CmsError::Unmade,
    ]
    .map(SignerError::from);
    let file = File { path: "key.pem".into(), kind: ErrorKind::PermissionDenied };
    let all = [file]
        .into_iter()
        .chain(settings)
        .chain(signers.into_iter().chain(cms).map(SignerSettingsError::from));
    let told = all.fold(String::new(), |mut told, error| {
        writeln!(told, "{}\n  {error}\n  {}", error.code(), error.text_ru()).unwrap();
        told
    });
    insta::assert_snapshot!(told);
}
