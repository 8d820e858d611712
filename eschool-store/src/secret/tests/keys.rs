use eschool_core::error::CodedError;

use super::{keys, wiped};
use crate::secret::{ClaimKind, KeyId, Keys, KeysError, Purpose, Vault};

const FILE: &str = "eschool-keys 1\n\
    lookup BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\n\
    seal 1 CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\n";
const KEY: &str = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk";

#[test]
fn the_file_keeps_its_form() {
    assert_eq!(*keys().to_text(), FILE);
    assert_eq!(*Keys::parse(FILE).unwrap().to_text(), FILE);
}

#[test]
fn people_may_write_into_the_file() {
    let spaced = FILE.replace('\n', "\r\n").replace("seal 1 ", "\r\n # шифрование\r\n  seal  1\t");
    assert_eq!(*Keys::parse(&format!("\u{feff}{spaced}")).unwrap().to_text(), FILE);
}

#[test]
fn the_highest_number_seals_wherever_it_stands() {
    let text = FILE.replace("seal 1", &format!("seal 12 {KEY}\nseal 9"));
    let keys = Keys::parse(&text).unwrap();
    assert_eq!(keys.newest(), KeyId(12));
    assert_eq!(keys.seal_ids().collect::<Vec<_>>(), [KeyId(9), KeyId(12)]);
}

#[test]
fn bad_files_are_refused_by_line() {
    let malformed = |line| KeysError::Malformed { line };
    for (text, error) in [
        (String::new(), KeysError::Version),
        (FILE.replace("keys 1", "keys 2"), KeysError::Version),
        (format!("\n{FILE}"), KeysError::Version),
        (FILE.replace("wc\n", "wc=\n"), malformed(2)),
        (FILE.replace("wc\n", "w\n"), malformed(2)),
        // The same 32 bytes, but with bits left over in the last character.
        (FILE.replace("wc\n", "wd\n"), malformed(2)),
        (FILE.replace("wc\n", "wc wc\n"), malformed(2)),
        (FILE.replace("seal 1", "seal 0"), malformed(3)),
        (FILE.replace("seal 1", "seal 01"), malformed(3)),
        (FILE.replace("seal 1", "seal +1"), malformed(3)),
        (FILE.replace("seal 1", "seal 4294967296"), malformed(3)),
        (FILE.replace("seal 1", "seal"), malformed(3)),
        (format!("{FILE}\nseal 2"), malformed(5)),
        (format!("{FILE}sael 2 {KEY}"), malformed(4)),
        (format!("{FILE}lookup {KEY}"), KeysError::Repeated { line: 4 }),
        (format!("{FILE}seal 1 {KEY}"), KeysError::Repeated { line: 4 }),
        (FILE.replace("seal", "# seal"), KeysError::Incomplete),
        (FILE.replace("lookup", "# lookup"), KeysError::Incomplete),
        (FILE.replace("lookup", "lookup 2"), KeysError::Incomplete),
        (FILE.replace("wc\n", "wc retired\n"), KeysError::Incomplete),
        (
            format!("{}lookup 2 {KEY} next", FILE.replace("wc\n", "wc retired\n")),
            KeysError::Incomplete,
        ),
        (FILE.replace("wc\n", "wc next\n"), malformed(2)),
        (FILE.replace("lookup", "lookup 0"), malformed(2)),
        (format!("{FILE}lookup 2 {KEY} retired"), malformed(4)),
        (format!("{FILE}lookup 2 {KEY} next next"), malformed(4)),
        (format!("{FILE}lookup 1 {KEY}"), KeysError::Repeated { line: 4 }),
        // One key under two numbers: nothing would be another's after a change to it.
        (format!("{FILE}lookup 2 {KEY}\nlookup 3 {KEY} next"), KeysError::Repeated { line: 5 }),
        (format!("{FILE}seal 2 {KEY}\nseal 3 {KEY}"), KeysError::Repeated { line: 5 }),
    ] {
        assert_eq!(Keys::parse(&text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn keys_rotate_and_retire() {
    let mut keys = keys();
    assert_eq!(keys.retire(KeyId(1)), Err(KeysError::InUse));
    assert_eq!(keys.rotate(&mut |bytes| bytes.fill(9)), Ok(KeyId(2)));
    assert_eq!(keys.newest(), KeyId(2));
    assert_eq!(*keys.to_text(), format!("{FILE}seal 2 {KEY}\n"));
    assert_eq!(keys.retire(KeyId(3)), Err(KeysError::Unknown));
    assert_eq!(keys.retire(KeyId(2)), Err(KeysError::InUse));
    assert_eq!(keys.retire(KeyId(1)), Ok(()));
    assert_eq!(keys.retire(KeyId(1)), Err(KeysError::Unknown));
    assert_eq!(keys.seal_ids().collect::<Vec<_>>(), [KeyId(2)]);
}

#[test]
fn lookup_keys_rotate_and_retire() {
    let mut keys = keys();
    let ids = |keys: &Keys| keys.lookup_ids().map(|id| id.0).collect::<Vec<_>>();
    assert_eq!(keys.retire_lookup(KeyId(1)), Err(KeysError::InUse));
    assert_eq!(keys.begin_lookup(KeyId(1)), Err(KeysError::Unknown));
    assert_eq!(keys.rotate_lookup(&mut |bytes| bytes.fill(9)), Ok(KeyId(2)));
    assert_eq!(keys.rotate_lookup(&mut |bytes| bytes.fill(9)), Err(KeysError::NotBegun));
    let next =
        FILE.replace("lookup", "lookup 1").replace("seal", &format!("lookup 2 {KEY} next\nseal"));
    assert_eq!(*keys.to_text(), next);
    assert_eq!((keys.writes_with(), ids(&keys)), (KeyId(1), vec![1, 2]));
    assert_eq!(keys.retire_lookup(KeyId(1)), Err(KeysError::InUse));
    assert_eq!(keys.retire_lookup(KeyId(2)), Err(KeysError::InUse));
    assert_eq!(keys.begin_lookup(KeyId(2)), Ok(()));
    assert_eq!(keys.begin_lookup(KeyId(2)), Err(KeysError::Unknown));
    assert_eq!((keys.writes_with(), ids(&keys)), (KeyId(2), vec![1, 2]));
    assert_eq!(keys.retire_lookup(KeyId(3)), Err(KeysError::Unknown));
    assert_eq!(keys.retire_lookup(KeyId(2)), Err(KeysError::InUse));
    assert_eq!(keys.retire_lookup(KeyId(1)), Ok(()));
    assert_eq!(keys.retire_lookup(KeyId(1)), Err(KeysError::Unknown));
    let retired = next.replace("wc\n", "wc retired\n").replace(" next", "");
    assert_eq!(*keys.to_text(), retired, "the first stays for what else is derived from it");
    let mut keys = Keys::parse(&retired).unwrap();
    assert_eq!((keys.writes_with(), ids(&keys)), (KeyId(2), vec![2]));
    assert_eq!(keys.rotate_lookup(&mut |bytes| bytes.fill(10)), Ok(KeyId(3)));
    keys.begin_lookup(KeyId(3)).unwrap();
    keys.retire_lookup(KeyId(2)).unwrap();
    assert_eq!((keys.writes_with(), ids(&keys)), (KeyId(3), vec![3]));
    assert!(!keys.to_text().contains(KEY));
}

#[test]
fn a_lookup_key_that_was_not_begun_is_dropped() {
    let mut keys = keys();
    keys.rotate_lookup(&mut |bytes| bytes.fill(9)).unwrap();
    assert_eq!(keys.drop_lookup(KeyId(1)), Err(KeysError::Unknown));
    assert_eq!(keys.drop_lookup(KeyId(3)), Err(KeysError::Unknown));
    assert_eq!(keys.drop_lookup(KeyId(2)), Ok(()));
    assert_eq!(*keys.to_text(), FILE);
    assert_eq!(keys.rotate_lookup(&mut |bytes| bytes.fill(10)), Ok(KeyId(2)));
    keys.begin_lookup(KeyId(2)).unwrap();
    assert_eq!(keys.drop_lookup(KeyId(2)), Err(KeysError::Unknown), "it is written with");
}

#[test]
fn only_looking_up_changes_with_a_lookup_key() {
    let before = Vault::new(keys());
    let mut keys = keys();
    keys.rotate_lookup(&mut |bytes| bytes.fill(9)).unwrap();
    keys.begin_lookup(KeyId(2)).unwrap();
    keys.retire_lookup(KeyId(1)).unwrap();
    let after = Vault::new(Keys::parse(&keys.to_text()).unwrap());
    for purpose in
        [Purpose::Lockout, Purpose::Password, Purpose::Token, Purpose::Audit, Purpose::Installation]
    {
        assert_eq!(after.mac(purpose, &[b"1"]), before.mac(purpose, &[b"1"]), "{purpose:?}");
    }
    for kind in ClaimKind::ALL {
        assert_ne!(after.lookup(kind, "1"), before.lookup(kind, "1"));
        assert_eq!(after.lookups(kind, "1"), [after.lookup(kind, "1")]);
    }
}

#[test]
fn numbers_end() {
    let mut keys = Keys::parse(&FILE.replace("seal 1", "seal 4294967295")).unwrap();
    assert_eq!(keys.rotate(&mut |bytes| bytes.fill(9)), Err(KeysError::Exhausted));
    assert_eq!(keys.newest(), KeyId(u32::MAX));
}

#[test]
fn the_text_is_not_moved_while_it_grows() {
    let mut keys = Keys::parse(&FILE.replace("seal 1", "seal 4294967200")).unwrap();
    for n in 100..140 {
        keys.rotate(&mut |bytes| bytes.fill(n)).unwrap();
    }
    let text = keys.to_text();
    assert_eq!(text.capacity(), 43 * 70, "as reserved");
    assert_eq!(Keys::parse(&text).unwrap().seal_ids().count(), 41);
}

#[test]
fn nothing_shows_a_secret() {
    wiped(&keys());
    assert_eq!(format!("{:?}", keys()), "Keys { seal_ids: [KeyId(1)], .. }");
    let error = Keys::parse("eschool-keys 1\nlookup hunter2").unwrap_err();
    assert!(!format!("{error} {error:?} {}", error.text_ru()).contains("hunter2"));
}
