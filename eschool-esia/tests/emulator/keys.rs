//! Keys are made once.

use std::fs;

use chrono::TimeDelta;
use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    emulator::{EmulatorKeys, KeysError, TokenKeyError, TokenKeyPair},
};

const FILES: [&str; 4] = [
    EmulatorKeys::TOKEN_KEY,
    EmulatorKeys::TOKEN_PUBLIC_KEY,
    EmulatorKeys::CLIENT_KEY,
    EmulatorKeys::CLIENT_CERTIFICATE,
];

#[test]
fn keys_are_made_once_for_this_user_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep").join("data");
    let ambient = Ambient::system();
    let first = EmulatorKeys::provide(&folder, &ambient).unwrap();
    let read = || FILES.map(|name| fs::read_to_string(folder.join(name)).unwrap());
    let texts = read();
    let again = EmulatorKeys::provide(&folder, &ambient).unwrap();
    assert_eq!(read(), texts);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), FILES.len());
    assert_eq!(first.client_key.public_key(), again.client_key.public_key());
    assert_eq!(again.client_certificate.public_key().unwrap(), first.client_key.public_key());
    assert_eq!(texts[1], again.token_key.public_key_pem());
    assert!(again.client_certificate.not_before() <= ambient.now());
    assert!(again.client_certificate.not_after() > ambient.now() + TimeDelta::days(9 * 365));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.clone()), 0o700);
        for name in FILES {
            assert_eq!(mode(folder.join(name)), 0o600, "{name}");
        }
    }
}

#[test]
fn two_folders_have_different_keys() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = EmulatorKeys::provide(one.path(), &Ambient::system()).unwrap();
    let two = EmulatorKeys::provide(two.path(), &Ambient::system()).unwrap();
    assert_ne!(one.client_key.public_key(), two.client_key.public_key());
    assert_ne!(one.token_key.public_key_pem(), two.token_key.public_key_pem());
}

#[test]
fn what_is_lost_or_broken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (path, ambient) = (folder.path(), Ambient::system());
    EmulatorKeys::provide(path, &ambient).unwrap();
    let texts = FILES.map(|name| fs::read(path.join(name)).unwrap());
    let restore = || {
        for (name, text) in FILES.iter().zip(&texts) {
            fs::write(path.join(name), text).unwrap();
        }
    };
    for (name, code) in [
        (EmulatorKeys::TOKEN_KEY, "token_key_malformed"),
        (EmulatorKeys::CLIENT_KEY, "gost_key_pem"),
        (EmulatorKeys::CLIENT_CERTIFICATE, "certificate_pem"),
    ] {
        fs::write(path.join(name), "letmein").unwrap();
        let error = EmulatorKeys::provide(path, &ambient).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(name), "{error}");
        assert!(!error.to_string().contains("letmein"), "{error}");
        assert_eq!(fs::read(path.join(name)).unwrap(), b"letmein", "nothing is overwritten");
        restore();
    }
    fs::remove_file(path.join(EmulatorKeys::CLIENT_KEY)).unwrap();
    let error = EmulatorKeys::provide(path, &ambient).unwrap_err();
    assert!(matches!(error, KeysError::KeyMissing { .. }), "{error}");
    restore();
    let other = tempfile::tempdir().unwrap();
    EmulatorKeys::provide(other.path(), &ambient).unwrap();
    let foreign = fs::read(other.path().join(EmulatorKeys::CLIENT_KEY)).unwrap();
    fs::write(path.join(EmulatorKeys::CLIENT_KEY), foreign).unwrap();
    let error = EmulatorKeys::provide(path, &ambient).unwrap_err();
    assert!(matches!(error, KeysError::Mismatch { .. }), "{error}");
    restore();
    fs::remove_file(path.join(EmulatorKeys::CLIENT_CERTIFICATE)).unwrap();
    fs::remove_file(path.join(EmulatorKeys::TOKEN_PUBLIC_KEY)).unwrap();
    EmulatorKeys::provide(path, &ambient).unwrap();
    assert_eq!(fs::read(path.join(EmulatorKeys::TOKEN_PUBLIC_KEY)).unwrap(), texts[1]);
    let error = EmulatorKeys::provide(&path.join(EmulatorKeys::TOKEN_KEY), &ambient).unwrap_err();
    assert!(matches!(error, KeysError::File { .. }), "{error}");
}

#[test]
fn a_token_key_is_an_rsa_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = EmulatorKeys::provide(folder.path(), &Ambient::system()).unwrap();
    let gost = keys.client_key.to_pkcs8_pem().unwrap();
    for text in [gost.as_str(), keys.token_key.public_key_pem(), "", "PRIVATE KEY"] {
        let error = TokenKeyPair::from_pkcs8_pem(text).map(|_| ()).unwrap_err();
        assert_eq!(error, TokenKeyError::Malformed, "{text}");
    }
}
