//! The book in TOML: what it says, and what is wrong with one by line and field.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use eschool_core::{error::CodedError as _, identity::Patronymic};
use eschool_esia::{
    emulator::{
        Book, BookError, BookFieldError, ClientSystem, Interface, PkceRule, RefreshForm,
        SAMPLE_BOOK, TestAccount, TestGender, TokenAlgorithm,
    },
    gost::{Certificate, Curve, PrivateKey},
};

fn certificate(seed: u8) -> Certificate {
    let key = PrivateKey::from_scalar(Curve::CryptoProA, [seed; 32]).unwrap();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (from, until) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    Certificate::self_signed(&key, "client", [seed; 16], from, until).unwrap()
}

/// A throw-away certificate of an RSA key.
const RSA: &str = include_str!("../client/certificate.pem");

fn parse(text: &str) -> Result<Book, BookError> {
    Book::parse(text, Path::new("/nowhere"), None)
}

const RIGHT: &str = "\
[[person]]
key = \"мама\"
family = \"Ёлкина\"
given = \"Анна\"
born = 1986-05-14
account = \"confirmed\"
";

#[test]
fn a_book_says_everything_of_people() {
    let book = parse(
        "\u{feff}# comment\n\
         person = [\n\
           { key = 'мама', oid = 1000000002, family = 'Ёлкина', given = 'Анна', patronymic = 'Олеговна',\n\
             born = '14.05.1986', gender = 'F', snils = '112-233-445 95', phone = '8 912 345-67-89',\n\
             phone_verified = true, email = 'anna@example.org', email_verified = true,\n\
             account = 'Подтвержденная', children = ['дочь', 'сын'], second_factor = false,\n\
             contacts = [{ type = 'PHN', value = '+7(495)1234567' }] },\n\
           { key = 'дочь', family = 'Ёлкина', given = 'Майя', patronymic = '-', born = 2015-06-05,\n\
             account = 'child', parent_consent = false, phone_verified = true, snils = '' },\n\
           { key = 'сын', family = 'Ёлкин', given = 'Лев', born = 2010-01-01, account = 'standard' },\n\
         ]\n",
    )
    .unwrap();
    let [mother, daughter, son] = &book.people[..] else { panic!("{}", book.people.len()) };
    assert_eq!([mother.oid, daughter.oid, son.oid], [1_000_000_002, 1_000_000_001, 1_000_000_003]);
    assert_eq!(mother.children, [daughter.oid, son.oid]);
    assert_eq!(mother.gender, Some(TestGender::Female));
    assert_eq!(mother.phone.unwrap().to_string(), "+79123456789");
    assert!(mother.phone_verified && mother.email_verified && !mother.second_factor);
    assert_eq!(mother.contacts[0].value, "+7(495)1234567");
    let accounts = [mother.account, daughter.account, son.account];
    assert_eq!(accounts, [TestAccount::Confirmed, TestAccount::Child, TestAccount::Standard]);
    assert!(mother.parent_consent && !daughter.parent_consent);
    assert!(!daughter.phone_verified, "no phone is no verified phone");
    assert_eq!(daughter.name.patronymic(), &Patronymic::None);
    assert_eq!(son.name.patronymic(), &Patronymic::Missing);
    assert_eq!(daughter.birth_date.date().to_string(), "2015-06-05");
}

#[test]
fn a_book_says_everything_of_systems() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("own.pem"), certificate(1).to_pem().unwrap()).unwrap();
    let text = format!(
        "[[client]]\nmnemonic = 'A'\ncertificate_file = 'own.pem'\n\
         redirect_hosts = ['PORTAL.example.org', '127.0.0.1:8080']\nscopes = ['openid', 'x']\n\
         interfaces = ['v3']\npkce = 'required'\ntoken_algorithm = 'GOST3410_2012_256'\n\
         offline = false\nrefresh_form = 'with_token'\nclient_credentials = true\n\
         confirmed_only = true\nsecond_factor = true\nclosed = true\n\
         [[client]]\nmnemonic = 'B'\ncertificate = '''\n{RSA}'''\n\
         [[client]]\nmnemonic = 'C'\n"
    );
    let path = folder.path().join("book.toml");
    fs::write(&path, &text).unwrap();
    let lacking = Book::read(&path, None).unwrap_err();
    assert!(lacking.lacks_certificate(), "{lacking}");
    let given = certificate(2);
    let book = Book::read(&path, Some(&given)).unwrap();
    let [a, b, c] = &book.clients[..] else { panic!("{}", book.clients.len()) };
    assert_eq!(a.certificate, certificate(1));
    assert_eq!(a.redirect_hosts, ["portal.example.org", "127.0.0.1:8080"]);
    assert_eq!(
        (&a.scopes[..], &a.interfaces[..]),
        (&["openid".into(), "x".into()][..], &[Interface::V3][..])
    );
    assert_eq!((a.pkce, a.token_algorithm), (PkceRule::Required, TokenAlgorithm::Gost));
    assert_eq!((a.offline, a.refresh_form), (false, RefreshForm::WithToken));
    assert!(a.client_credentials && a.confirmed_only && a.second_factor && a.closed);
    assert_eq!(b.interfaces, [Interface::Legacy], "RSA signs at the old interface alone");
    let usual = ClientSystem::new("C", given.clone(), ["127.0.0.1", "localhost"]);
    assert_eq!((&c.certificate, &c.scopes), (&given, &usual.scopes));
    assert_eq!((&c.redirect_hosts, &c.interfaces), (&usual.redirect_hosts, &usual.interfaces));
    assert_eq!((c.pkce, c.offline, c.closed), (usual.pkce, true, false));
}

#[test]
fn what_is_wrong_with_somebody_is_named_by_line_and_field() {
    for (wrong, line, field, code) in [
        ("key = ''", 9, "key", "people_cell_empty"),
        ("key = 'мама'", 9, "key", "book_key_repeated"),
        ("oid = 1000000001\n[[person]]\noid = 1000000001\nkey='x'", 11, "oid", "book_oid_repeated"),
        ("oid = 0", 9, "oid", "book_oid_range"),
        ("oid = 1000000000001", 9, "oid", "book_oid_range"),
        ("oid = 9223372036854775807", 9, "oid", "book_oid_range"),
        ("family = ' '", 9, "family", "people_cell_empty"),
        ("family = 'Ёлк1на'", 9, "family", "name_malformed"),
        ("given = '4нна'", 9, "given", "name_malformed"),
        ("patronymic = 'О1'", 9, "patronymic", "name_malformed"),
        ("born = 'вчера'", 9, "born", "date_invalid"),
        ("born = '30.02.1986'", 9, "born", "date_invalid"),
        ("born = 1986", 9, "born", "date_invalid"),
        ("snils = '112-233-445 96'", 9, "snils", "snils_checksum"),
        ("phone = '84912253311'", 9, "phone", "phone_not_mobile"),
        ("email = 'anna'", 9, "email", "email_malformed"),
        ("account = 'взрослая'", 9, "account", "people_account"),
        ("children = ['мама', 'никто']", 9, "children", "book_child_unknown"),
        ("children = ['я']", 9, "children", "book_child_self"),
        ("contacts = [{ type = 'PH N', value = '1' }]", 9, "type", "book_word"),
        ("contacts = [{ type = 'PHN', value = '' }]", 9, "value", "people_cell_empty"),
    ] {
        let name = wrong.split(' ').next().unwrap();
        let rest = [
            ("key", "key = 'я'"),
            ("family", "family = 'Ёлкина'"),
            ("given", "given = 'Анна'"),
            ("born", "born = 1986-05-14"),
            ("account", "account = 'child'"),
        ];
        let rest = rest.into_iter().filter(|(field, _)| *field != name).map(|(_, line)| line);
        let rest = rest.collect::<Vec<_>>().join("\n");
        let last =
            if wrong.contains("[[person]]") { rest.replace("key = 'я'\n", "") } else { rest };
        let first = if wrong.contains("[[person]]") {
            "key='y'\nfamily='Ли'\ngiven='Ян'\nborn=1990-01-01\naccount='child'\n"
        } else {
            ""
        };
        let line = if first.is_empty() { line } else { line + 5 };
        let text = format!("{RIGHT}\n[[person]]\n{first}{wrong}\n{last}\n");
        let error = parse(&text).unwrap_err();
        let BookError::Field { line: at, field: of, .. } = error else {
            panic!("{wrong}: {error}")
        };
        assert_eq!((at, of, error.code()), (line, field, code), "{wrong}");
        let told = error.to_string();
        assert!(told.starts_with(&format!("line {line}, field `{field}`: ")), "{told}");
        assert!(!told.contains("Ёлк") && !told.contains("anna") && !error.text_ru().is_empty());
    }
    let again = parse(&format!("{RIGHT}{RIGHT}")).unwrap_err();
    assert!(again.to_string().contains("line 2 has this key"), "{again}");
}

#[test]
fn a_book_of_a_whole_region_is_read_at_once() {
    let person = |number: usize| {
        format!(
            "[[person]]\nkey = 'key {number}'\noid = {}\nfamily = 'Ёлкина'\ngiven = 'Анна'\n\
             born = 1986-05-14\naccount = 'confirmed'\n",
            2_000_000_000 + number
        )
    };
    let text: String = (0..20_000).map(person).collect();
    let begun = std::time::Instant::now();
    assert_eq!(parse(&text).unwrap().people.len(), 20_000);
    // a scan of the text for every line took minutes
    assert!(begun.elapsed() < std::time::Duration::from_secs(30), "{:?}", begun.elapsed());
    let again = parse(&format!("{text}{}", person(19_999))).unwrap_err();
    assert!(again.to_string().starts_with("line 140002, field `key`: line 139995"), "{again}");
}

#[test]
fn what_is_wrong_with_a_system_is_named_by_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.pem"), "letmein").unwrap();
    let given = certificate(2);
    for (wrong, field, code) in [
        ("mnemonic = ''", "mnemonic", "book_word"),
        ("mnemonic = 'MY SYS'", "mnemonic", "book_word"),
        ("mnemonic = 'FIRST'", "mnemonic", "book_mnemonic_repeated"),
        ("certificate = 'letmein'", "certificate", "certificate_pem"),
        ("certificate_file = 'none.pem'", "certificate_file", "book_certificate_file"),
        ("certificate_file = 'broken.pem'", "certificate_file", "certificate_pem"),
        (
            "certificate_file = 'none.pem'\ncertificate = ''",
            "certificate_file",
            "book_certificate_twice",
        ),
        ("redirect_hosts = ['localhost', 'http://localhost']", "redirect_hosts", "book_host"),
        ("scopes = ['openid', 'full name']", "scopes", "book_word"),
        ("interfaces = []", "interfaces", "book_empty"),
    ] {
        let mnemonic = if wrong.starts_with("mnemonic") { "" } else { "mnemonic = 'B'\n" };
        let text = format!("[[client]]\nmnemonic = 'FIRST'\n[[client]]\n{wrong}\n{mnemonic}");
        let error = Book::parse(&text, folder.path(), Some(&given)).unwrap_err();
        let BookError::Field { line: 4, field: of, .. } = error else { panic!("{wrong}: {error}") };
        assert_eq!((of, error.code()), (field, code), "{wrong}");
        assert!(!error.to_string().contains("letmein"), "{error}");
    }
    let rsa =
        format!("[[client]]\nmnemonic = 'B'\ninterfaces = ['v3']\ncertificate = '''\n{RSA}'''\n");
    let error = parse(&rsa).unwrap_err();
    let cause = BookFieldError::CertificateKey;
    assert_eq!(error, BookError::Field { line: 3, field: "interfaces", cause });
    // that a certificate is missing is said last
    let both = "[[client]]\nmnemonic = 'A'\n[[client]]\nmnemonic = 'A'\n";
    assert_eq!(parse(both).unwrap_err().code(), "book_mnemonic_repeated");
    let error = parse("\n[[client]]\nmnemonic = 'A'\n").unwrap_err();
    assert_eq!((error.lacks_certificate(), error.to_string().starts_with("line 3")), (true, true));
}

#[test]
fn what_has_not_the_shape_of_a_book_is_named_without_being_repeated() {
    for (text, line, field, words) in [
        ("[[person]]\nkey = 'secret", 2, Some("key"), ""),
        ("[[person]]\nkey = 'a'\nkey = 'b'\n", 3, Some("key"), "duplicate"),
        ("[[people]]\n", 1, Some("people"), "unknown field `people`"),
        ("[[person]]\nkey = 'a'\nfamly = 'secret'\n", 3, Some("famly"), "unknown field `famly`"),
        ("[[person]]\nkey = 'a'\n", 1, Some("family"), "missing field `family`"),
        ("[[person]]\nkey = 5555\n", 2, Some("key"), "expected a string"),
        (
            "\n[[client]]\nmnemonic = 'A'\noffline = 'secret'\n",
            4,
            Some("offline"),
            "expected a boolean",
        ),
        (
            "[[client]]\nmnemonic = 'A'\npkce = 'secret'\n",
            3,
            Some("pkce"),
            "expected `optional` or `required`",
        ),
        (
            "[[client]]\nmnemonic = 'A'\ninterfaces = ['secret']\n",
            3,
            Some("interfaces"),
            "expected `v3` or `legacy`",
        ),
        ("secret", 1, None, ""),
    ] {
        let error = parse(text).unwrap_err();
        let BookError::Toml { line: at, field: of, message } = &error else { panic!("{error}") };
        assert_eq!((*at, of.as_deref()), (line, field), "{text}: {error}");
        assert!(message.contains(words) && !message.is_empty(), "{error}");
        assert!(!message.contains("secret") && !message.contains("5555"), "{error}");
        assert_eq!(error.code(), "book_toml");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.toml");
    assert_eq!(Book::read(&path, None).unwrap_err().code(), "book_unreadable");
    fs::write(&path, b"# \xca\xeb\xfe\xf7").unwrap();
    assert_eq!(Book::read(&path, None).unwrap_err(), BookError::NotUtf8);
    let empty = parse("").unwrap();
    assert!(empty.people.is_empty() && empty.clients.is_empty());
}

#[test]
fn the_built_in_book_has_every_account_a_family_and_nobody_real() {
    let given = certificate(2);
    let book = Book::parse(SAMPLE_BOOK, Path::new("/nowhere"), Some(&given)).unwrap();
    use TestAccount::{Child, Confirmed, Simplified, Standard};
    for account in [Confirmed, Standard, Simplified, Child] {
        assert!(book.people.iter().any(|person| person.account == account), "{account:?}");
    }
    assert!(book.people.iter().filter_map(|person| person.snils).all(|snils| snils.is_exempt()));
    assert!(book.people.iter().any(|person| person.children.len() > 1));
    assert!(book.people.iter().any(|person| !person.parent_consent));
    // what it writes down as the defaults of a system are the defaults
    let [test] = &book.clients[..] else { panic!("{}", book.clients.len()) };
    let bare = Book::parse("[[client]]\nmnemonic = 'TEST'", Path::new("."), Some(&given)).unwrap();
    let of = |client: &ClientSystem| {
        let hosts = (client.redirect_hosts.clone(), client.scopes.clone());
        let rules = (client.interfaces.clone(), client.pkce, client.token_algorithm);
        let may = (client.offline, client.refresh_form, client.client_credentials);
        (hosts, rules, may, (client.confirmed_only, client.second_factor, client.closed))
    };
    assert_eq!(of(test), of(&bare.clients[0]));
    for field in
        ["oid", "gender", "parent_consent", "second_factor", "contacts", "certificate_file"]
    {
        assert!(SAMPLE_BOOK.contains(&format!("{field} =")), "{field} is explained");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_taken(text in "\\PC{0,200}") {
        let _ = parse(&text);
        let _ = parse(&format!("{RIGHT}{text}"));
        let _ = parse(&format!("[[client]]\n{text}"));
    }
}
