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
fn those_who_start_at_once_get_the_same_keys() {
    for round in 0..40 {
        let folder = tempfile::tempdir().unwrap();
        let provide = || EmulatorKeys::provide(folder.path(), &Ambient::system());
        let keys = std::thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(provide));
            threads.map(|thread| thread.join().unwrap())
        });
        let told = keys.map(|keys| {
            let keys = keys.unwrap_or_else(|error| panic!("round {round}: {error}"));
            (keys.token_key.public_key_pem().to_owned(), keys.client_certificate.hash())
        });
        assert!(told.iter().all(|one| *one == told[0]), "round {round}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), FILES.len(), "nothing is left beside");
    }
}

#[test]
fn where_the_client_has_its_own_key_none_is_made_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let ambient = Ambient::system();
    let key = EmulatorKeys::provide_token_key(folder.path(), &ambient).unwrap();
    for (name, made) in FILES.into_iter().zip([true, true, false, false]) {
        assert_eq!(folder.path().join(name).exists(), made, "{name}");
    }
    let all = EmulatorKeys::provide(folder.path(), &ambient).unwrap();
    assert_eq!(all.token_key.public_key_pem(), key.public_key_pem());
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
    fs::remove_file(path.join(EmulatorKeys::TOKEN_PUBLIC_KEY)).unwrap();
    fs::create_dir(path.join(EmulatorKeys::TOKEN_PUBLIC_KEY)).unwrap();
    let error = EmulatorKeys::provide(path, &ambient).unwrap_err();
    assert!(matches!(error, KeysError::File { .. }), "{error}");
    assert_eq!(fs::read_dir(path).unwrap().count(), FILES.len(), "nothing is left beside");
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
