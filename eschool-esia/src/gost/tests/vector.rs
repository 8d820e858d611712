//! One signature made elsewhere, with every number of it known.

use super::bytes;
use crate::gost::{Curve, PrivateKey, Signature, SignatureError, streebog256};

const MESSAGE: &[u8] = b"TESTopenid2026.01.01 00:00:00 +0300uuidhttps://example.org";
const DIGEST: &str = "9f2ef68f1b18b1f890600aaf8fb258742a3553e90140c69e0f4b97363e0a2b8e";
const SCALAR: &str = "12463C5EC642FBAA96DC20A83C2B4627A0CC0144FFD4A15685C051A8734F9ACB";
const X: &str = "43A173871056FB2B506D3A16BCD67EE4811D9424FED64C8875D2F82D9CEA3675";
const Y: &str = "80B478594793FF0CCAFC9C925613721A3DC209DE2BB74603232502D44B6E5F4F";
const SIGNATURE: &str = "21f55cca8d5fbca582e57afd3a606700fb8f8101fc6490ad3474c198eca686fa\
                         18a643ebc1ffbd11606a4d3b6cb9c87cb652198b33e2ce88202b3e781cd6f112";
const PEM: &str = "-----BEGIN PRIVATE KEY-----
MEYCAQAwHwYIKoUDBwEBAQEwEwYHKoUDAgIjAQYIKoUDBwEBAgIEIMuaT3OoUcCF
VqHU/0QBzKAnRis8qCDclqr7QsZePEYS
-----END PRIVATE KEY-----
";

fn key() -> PrivateKey {
    PrivateKey::from_scalar(Curve::CryptoProA, bytes(SCALAR)).unwrap()
}

fn signature() -> Signature {
    Signature::from_slice(&bytes::<64>(SIGNATURE)).unwrap()
}

#[test]
fn the_digest_is_the_known_one() {
    assert_eq!(streebog256(MESSAGE), bytes(DIGEST));
}

#[test]
fn the_private_number_gives_the_known_public_point() {
    let der = key().public_key().to_spki_der().unwrap();
    let (x, y): ([u8; 32], [u8; 32]) = (bytes(X), bytes(Y));
    let little_endian: Vec<u8> = x.into_iter().rev().chain(y.into_iter().rev()).collect();
    assert_eq!(der[der.len() - 64..], little_endian);
}

#[test]
fn the_known_signature_verifies() {
    assert_eq!(key().public_key().verify(MESSAGE, &signature()), Ok(()));
}

#[test]
fn the_bytes_of_cryptopro_do_not_pass_unturned() {
    let backwards = signature().reversed();
    assert!(key().public_key().verify(MESSAGE, &backwards).is_err());
    assert_eq!(key().public_key().verify(MESSAGE, &backwards.reversed()), Ok(()));
}

#[test]
fn the_key_file_holds_the_private_number_and_is_written_alike() {
    let read = PrivateKey::from_pkcs8_pem(PEM).unwrap();
    assert_eq!(read.public_key(), key().public_key());
    assert_eq!(read.sign(MESSAGE), key().sign(MESSAGE));
    assert_eq!(*key().to_pkcs8_pem().unwrap(), PEM);
}

#[test]
fn any_changed_bit_of_the_signature_is_noticed() {
    let public = key().public_key();
    for at in 0..64 {
        for bit in [0, 7] {
            let mut changed = *signature().as_bytes();
            changed[at] ^= 1 << bit;
            let changed = Signature::from_slice(&changed).unwrap();
            let refused = public.verify(MESSAGE, &changed).unwrap_err();
            assert_ne!(refused, SignatureError::Malformed, "bit {bit} of byte {at}");
        }
    }
}
