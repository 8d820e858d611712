use std::collections::HashSet;

use uuid::Uuid;

use super::{hex, keys, vault};
use crate::secret::{ClaimKind, KeyId, Keys, Place, Purpose, Sealed, Vault, VaultError};

const SNILS: &[u8] = b"11223344595";
const NONCE: [u8; 24] =
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];

fn place() -> Place {
    Place::new("account", [[1; 16], [2; 16]], "snils")
}

#[test]
fn lookups_are_hmac_of_kind_zero_and_canonical() {
    assert_eq!(
        hex(&vault().lookup(ClaimKind::Snils, "11223344595").0),
        "b01dc3a446ce4b26b3de39a35ed4079f46e1fdbd9cf4b914404e4a5427f08b51"
    );
}

#[test]
fn macs_are_hmac_of_framed_parts() {
    assert_eq!(
        hex(&vault().mac(Purpose::Lockout, &[b"login", b"pr7_test"]).0),
        "3b986dd94a102ad9b995cacd893d8da25095abb6a1978c07ef7ad343d04114bd"
    );
}

#[test]
fn seals_keep_their_form() {
    let sealed = vault().seal(&place(), SNILS, NONCE).unwrap();
    assert_eq!(
        hex(&sealed.to_bytes()),
        "00000001000102030405060708090a0b0c0d0e0f1011121314151617\
         1fc63dbd21497fa8f98174afb6f2e2ad8f7dbce74cfc1e2397f5a8"
    );
}

#[test]
fn no_two_uses_share_a_hash() {
    let vault = vault();
    let mut seen = HashSet::new();
    for kind in ClaimKind::ALL {
        assert_eq!(ClaimKind::from_code(kind.code()), Some(kind));
        for value in ["", "1", "11223344595", "snils", "\0"] {
            assert!(seen.insert(vault.lookup(kind, value)), "{kind:?} {value:?}");
        }
    }
    for purpose in [Purpose::Lockout, Purpose::Token, Purpose::Audit] {
        let splits: [&[&[u8]]; 6] = [
            &[],
            &[b""],
            &[b"", b""],
            &[b"snils\x001"],
            &[b"snils\0", b"1"],
            &[b"snils", b"\x001"],
        ];
        for parts in splits {
            assert!(seen.insert(vault.mac(purpose, parts)), "{purpose:?} {parts:?}");
        }
    }
    assert_eq!(ClaimKind::from_code("Snils"), None);
}

#[test]
fn another_lookup_key_finds_nothing() {
    let other = Vault::new(Keys::generate(&mut |bytes| bytes.fill(8)));
    let hash = |vault: &Vault| vault.lookup(ClaimKind::Phone, "+79123456789");
    assert_ne!(hash(&vault()), hash(&other));
}

#[test]
fn rotation_leaves_the_hashes() {
    let mut rotated = keys();
    rotated.rotate(&mut |bytes| bytes.fill(9)).unwrap();
    let rotated = Vault::new(rotated);
    let (kind, value) = (ClaimKind::Email, "a@example.ru");
    assert_eq!(rotated.lookup(kind, value), vault().lookup(kind, value));
    assert_eq!(rotated.mac(Purpose::Audit, &[b"x"]), vault().mac(Purpose::Audit, &[b"x"]));
}

#[test]
fn a_mac_is_verified_to_the_last_bit() {
    let parts: &[&[u8]] = &[b"device", b"42"];
    let shown = vault().mac(Purpose::Token, parts);
    assert!(vault().verify(Purpose::Token, parts, &shown));
    assert!(!vault().verify(Purpose::Audit, parts, &shown));
    for bit in 0..256 {
        let mut changed = shown;
        changed.0[bit / 8] ^= 1 << (bit % 8);
        assert!(!vault().verify(Purpose::Token, parts, &changed));
    }
}

#[test]
fn what_was_sealed_opens() {
    for length in [0, 1, 15, 16, 63, 64, 65, 4096] {
        let plaintext = vec![0xa5; length];
        let bytes = vault().seal(&place(), &plaintext, NONCE).unwrap().to_bytes();
        assert_eq!(bytes.len(), length + 44);
        let sealed = Sealed::parse(&bytes).unwrap();
        assert_eq!(*vault().open(&place(), &sealed).unwrap(), plaintext);
    }
}

#[test]
fn it_opens_in_no_other_place() {
    let vault = vault();
    let sealed = vault.seal(&place(), SNILS, NONCE).unwrap();
    let (one, two) = ([1; 16], [2; 16]);
    for elsewhere in [
        Place::new("person", [one, two], "snils"),
        Place::new("account", [one, two], "phone"),
        Place::new("account", [two, one], "snils"),
        Place::new("account", [one, [3; 16]], "snils"),
        Place::new("account", [one], "snils"),
        Place::new("account", [two], "snils"),
        Place::new("account", [[one, two].concat()], "snils"),
        Place::new("account", [one, two, two], "snils"),
        Place::new("account", [[]; 0] as [[u8; 0]; 0], "snils"),
        Place::new("snils", [one, two], "account"),
        Place::new("accountsnils", [one, two], ""),
        Place::new("", [one, two], "accountsnils"),
    ] {
        assert_ne!(elsewhere, place());
        assert_eq!(vault.open(&elsewhere, &sealed), Err(VaultError::WrongKey), "{elsewhere:?}");
    }
    let ids = [Uuid::from_bytes(one), Uuid::from_bytes(two)];
    assert!(vault.open(&Place::new("account", ids, "snils"), &sealed).is_ok());
}

/// No byte moves from one part of a place to the next without being noticed.
#[test]
fn neighbouring_parts_do_not_run_together() {
    let vault = vault();
    let places = [
        Place::new("ab", ["cd"], "ef"),
        Place::new("abc", ["d"], "ef"),
        Place::new("a", ["bcd"], "ef"),
        Place::new("ab", ["cde"], "f"),
        Place::new("ab", ["c"], "def"),
        Place::new("ab", ["c", "d"], "ef"),
        Place::new("ab", ["", "cd"], "ef"),
        Place::new("ab", ["cd", ""], "ef"),
    ];
    for (n, from) in places.iter().enumerate() {
        let sealed = vault.seal(from, SNILS, NONCE).unwrap();
        for (m, to) in places.iter().enumerate() {
            assert_eq!(vault.open(to, &sealed).is_ok(), n == m, "{n} {m}");
        }
    }
}

#[test]
fn one_flipped_bit_and_it_does_not_open() {
    let vault = vault();
    let bytes = vault.seal(&place(), SNILS, NONCE).unwrap().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit {
            // The lowest bit of key number 1: number 0.
            24 => VaultError::Malformed,
            0..32 => VaultError::UnknownKey,
            _ => VaultError::WrongKey,
        };
        let opened = Sealed::parse(&changed).and_then(|sealed| vault.open(&place(), &sealed));
        assert_eq!(opened, Err(expected), "bit {bit}");
    }
}

#[test]
fn cut_and_foreign_bytes_are_told() {
    let vault = vault();
    let bytes = vault.seal(&place(), SNILS, NONCE).unwrap().to_bytes();
    let open = |bytes: &[u8]| Sealed::parse(bytes).and_then(|s| vault.open(&place(), &s)).err();
    for length in 0..44 {
        assert_eq!(open(&bytes[..length]), Some(VaultError::Malformed), "{length}");
    }
    for length in 44..bytes.len() {
        assert_eq!(open(&bytes[..length]), Some(VaultError::WrongKey), "{length}");
    }
    assert_eq!(open(&[bytes.as_slice(), &[0]].concat()), Some(VaultError::WrongKey));
    assert_eq!(open(&[0; 100]), Some(VaultError::Malformed));
    assert_eq!(open(&[b'x'; 100]), Some(VaultError::UnknownKey));
}

#[test]
fn equal_values_seal_differently() {
    let vault = vault();
    let mut seen = HashSet::new();
    for n in 0..100 {
        let bytes = vault.seal(&place(), SNILS, [n; 24]).unwrap().to_bytes();
        assert!(seen.insert(bytes[28..].to_vec()), "{n}");
    }
}

#[test]
fn old_keys_open_and_the_newest_seals() {
    let mut rotated = keys();
    let old = vault().seal(&place(), SNILS, NONCE).unwrap();
    rotated.rotate(&mut |bytes| bytes.fill(9)).unwrap();
    let rotated = Vault::new(rotated);

    assert!(rotated.is_stale(&old));
    let plaintext = rotated.open(&place(), &old).unwrap();
    let new = rotated.seal(&place(), &plaintext, [1; 24]).unwrap();
    assert!(!rotated.is_stale(&new));
    assert_eq!(new.key_id(), KeyId(2));

    let mut retired = Keys::parse(&rotated.keys().to_text()).unwrap();
    retired.retire(KeyId(1)).unwrap();
    let retired = Vault::new(retired);
    assert_eq!(*retired.open(&place(), &new).unwrap(), SNILS);
    assert_eq!(retired.open(&place(), &old), Err(VaultError::UnknownKey));
}

#[test]
fn a_value_does_not_pass_for_one_of_another_key() {
    let mut rotated = keys();
    rotated.rotate(&mut |bytes| bytes.fill(8)).unwrap();
    let rotated = Vault::new(rotated);
    // Both keys have the same bytes, so the number alone tells them apart.
    let mut bytes = vault().seal(&place(), SNILS, NONCE).unwrap().to_bytes();
    bytes[3] = 2;
    let renumbered = Sealed::parse(&bytes).unwrap();
    assert_eq!(rotated.open(&place(), &renumbered), Err(VaultError::WrongKey));
}

#[test]
fn the_same_number_with_other_bytes_is_a_wrong_key() {
    let sealed = vault().seal(&place(), SNILS, NONCE).unwrap();
    let other = Vault::new(Keys::generate(&mut |bytes| bytes.fill(9)));
    assert_eq!(other.open(&place(), &sealed), Err(VaultError::WrongKey));
}

#[test]
fn the_longest_value_seals_and_no_longer_one() {
    let mut plaintext = vec![0; Vault::LONGEST];
    assert!(vault().seal(&place(), &plaintext, NONCE).is_ok());
    plaintext.push(0);
    assert_eq!(vault().seal(&place(), &plaintext, NONCE), Err(VaultError::TooLong));
}

#[test]
fn nothing_shows_a_secret() {
    let vault = vault();
    let sealed = vault.seal(&place(), SNILS, NONCE).unwrap();
    let hash = vault.lookup(ClaimKind::Snils, "11223344595");
    assert_eq!(
        format!("{vault:?} {sealed:?} {hash:?} {:?}", place()),
        "Vault { keys: Keys { seal_ids: [KeyId(1)], .. }, .. } Sealed { key: KeyId(1), .. } \
         KeyHash(…) Place(account.snils)"
    );
}

#[test]
fn the_transparent_vault_hides_nothing_and_is_no_other() {
    let keys = || Keys::generate(&mut |bytes| bytes.fill(7));
    let (open, real) = (Vault::transparent(keys()), Vault::new(keys()));
    assert!(open.lookup(ClaimKind::Snils, "11223344595").0.starts_with(b"11223344595"));
    assert!(open.mac(Purpose::Password, &[b"k7hT-mW4x"]).0.starts_with(b"k7hT-mW4x"));
    assert_eq!(open.mac(Purpose::Audit, &[b"x"]), real.mac(Purpose::Audit, &[b"x"]));
    let sealed = open.seal(&place(), SNILS, NONCE).unwrap();
    assert!(sealed.to_bytes().windows(SNILS.len()).any(|bytes| bytes == SNILS));
    assert_eq!(*open.open(&place(), &sealed).unwrap(), SNILS);
    // Neither opens what the other sealed.
    assert_eq!(real.open(&place(), &sealed), Err(VaultError::WrongKey));
    let sealed = real.seal(&place(), SNILS, NONCE).unwrap();
    assert_eq!(open.open(&place(), &sealed), Err(VaultError::WrongKey));
}
