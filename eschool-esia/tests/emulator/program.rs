//! The program: what it prints, what it refuses, how it ends.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use eschool_esia::{
    ambient::Ambient,
    client::{Callback, Endpoints, EsiaClient, EsiaSettings, TokenKey},
    emulator::{EmulatorKeys, EmulatorSettings, SAMPLE_BOOK},
    gost::{Certificate, Curve, PrivateKey, Signature},
    signer::GostSigner,
};
use reqwest::redirect::Policy;
use serde_json::json;
use url::Url;

use crate::{
    stand::{STATE, TOKEN},
    wire::{Form, Reply},
};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_esia-emulator"))
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A program that serves, and ends with this value at the latest.
pub(crate) struct Running {
    child: Child,
    /// What it printed at the start.
    printed: String,
    pub(crate) base: Url,
}

impl Running {
    pub(crate) fn start(data: &Path, args: &[&str]) -> Self {
        let mut child = program()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let printed: Vec<_> = lines.take_while(|line| !line.contains("Ctrl+C")).collect();
        let printed = printed.join("\n");
        let base = printed.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:"));
        let base = base.unwrap_or_else(|| panic!("{printed}")).parse().unwrap();
        Self { child, printed, base }
    }

    /// A connection with this much of a request sent and taken.
    fn half(&self, sent: &str) -> TcpStream {
        let address = self.base.socket_addrs(|| None).unwrap()[0];
        let connect = |text: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(text.as_bytes()).unwrap();
            stream
        };
        let half = connect(sent);
        // connections are taken in their order: where the second is answered, the first is open
        let whole = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assert!(rest(connect(whole)).starts_with("HTTP/1.1 200"));
        half
    }

    /// What it answers to whoever asks for its keys, calling it by this name.
    fn keys(&self, host: &str) -> String {
        self.answer("/emulator/keys", host)
    }

    /// What it answers at a path.
    fn asks(&self, path: &str) -> String {
        self.answer(path, "localhost")
    }

    fn answer(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(self.base.socket_addrs(|| None).unwrap()[0]).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        rest(stream)
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Its exit code, where it ends in time.
    fn ends_within(&mut self, seconds: u64) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(seconds) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is left to read until the other side closes.
fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for signal in ["INT", "TERM"] {
        let mut running = Running::start(&data, &["--client", "MYSYS"]);
        let printed = &running.printed;
        assert!(printed.contains("MYSYS"), "{printed}");
        assert!(printed.contains(EmulatorSettings::DEFAULT_ISSUER), "{printed}");
        for name in [
            EmulatorKeys::CLIENT_KEY,
            EmulatorKeys::CLIENT_CERTIFICATE,
            EmulatorKeys::TOKEN_PUBLIC_KEY,
        ] {
            let path = data.join(name);
            assert!(printed.contains(&path.display().to_string()) && path.exists(), "{printed}");
        }
        drop(running.half(""));
        running.signal(signal);
        assert_eq!(running.ends_within(4), Some(0), "{signal}");
    }
}

#[test]
fn a_request_that_is_half_sent_keeps_it_from_stopping_five_seconds_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path(), &[]);
    let _half = running.half("POST /aas/oauth2/v3/te HTTP/1.1\r\nContent-Length: 99\r\n\r\nhalf");
    running.signal("INT");
    assert_eq!(running.ends_within(4), None, "answers under way get their time");
    assert_eq!(running.ends_within(4), Some(0));
}

#[test]
fn told_twice_it_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path(), &[]);
    let _half = running.half("POST /aas/oauth2/v3/te HTTP/1.1\r\nContent-Length: 99\r\n\r\nhalf");
    running.signal("INT");
    assert_eq!(running.ends_within(1), None);
    running.signal("INT");
    assert_eq!(running.ends_within(2), Some(0));
}

#[test]
fn what_is_under_way_is_answered_before_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path(), &[]);
    let mut half = running.half(
        "POST /aas/oauth2/v3/te HTTP/1.1\r\nContent-Length: 4\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\na=",
    );
    running.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    half.write_all(b"b&").unwrap();
    let answer = rest(half);
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("ESIA-007014"), "{answer}");
    assert_eq!(running.ends_within(4), Some(0));
}

#[test]
fn who_sends_no_head_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), &[]);
    let start = Instant::now();
    let answer = rest(running.half("GET / HTTP/1.1\r\nHost: lo"));
    assert!(!answer.contains("200"), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_client_signs_in_at_it_by_what_it_prints() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = "http://esia.example.org/";
    let args = ["--issuer", issuer, "--scope", "kid_fullname", "--scope", "birthplace"];
    let running = Running::start(folder.path(), &args);
    for told in [issuer, " contacts kid_fullname kid_birthdate kid_snils birthplace"] {
        assert!(running.printed.contains(told), "{}", running.printed);
    }
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    let mut settings = EsiaSettings::new(
        "TEST",
        "http://127.0.0.1:9/callback".parse().unwrap(),
        Endpoints::at(&running.base),
        issuer,
        vec![TokenKey::new(read(EmulatorKeys::TOKEN_PUBLIC_KEY))],
    );
    settings.scopes.extend(["birthplace".into(), "kid_fullname".into()]);
    let (key, certificate) =
        (read(EmulatorKeys::CLIENT_KEY), read(EmulatorKeys::CLIENT_CERTIFICATE));
    let signer = GostSigner::read(&key, &certificate).unwrap();
    let client = EsiaClient::new(settings, Arc::new(signer), Ambient::system()).unwrap();

    let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let led_to = |reply: reqwest::Response| {
        let location = reply.headers()["location"].to_str().unwrap();
        running.base.join(location).unwrap()
    };
    let started = client.start().await.unwrap();
    let page = led_to(http.get(started.url).send().await.unwrap());
    let chosen = http
        .post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("person=1000000001");
    let back = led_to(chosen.send().await.unwrap());
    let callback = Callback::parse(back.query().unwrap()).unwrap();
    let person = client.finish(&started.attempt, &callback).await.unwrap();
    assert_eq!(person.oid, "1000000001");
    assert!(person.verified_email.is_some());
}

#[test]
fn it_stays_on_loopback_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8085"] {
        let output = program().current_dir(&folder).args(["--listen", address]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
        assert!(told(&output).contains("--beyond-loopback"), "{address}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_wrong_command_line_or_file_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    fs::write(
        &people,
        "Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи\n\
         к;Ёлкина;Анна;;30.02.1986;;;;детская\n",
    )
    .unwrap();
    let people = people.to_str().unwrap();
    let book = folder.path().join("book.toml");
    let somebody = "key='к'\nfamily='Ёлкина'\ngiven='Анна'\naccount='child'\n";
    let client = "[[client]]\nmnemonic='MYSYS'\n";
    fs::write(&book, format!("{client}[[person]]\nborn='30.02.1986'\n{somebody}")).unwrap();
    let book = book.to_str().unwrap();
    for (args, code, words) in [
        (&["--help"][..], 0, ""),
        (&["--nonsense"], 2, "--nonsense"),
        (&["--listen", "8085"], 2, "--listen"),
        (&["--client", ""], 2, "--client"),
        (&["--client", "MY SYS"], 2, "--client"),
        (&["--redirect", ""], 2, "--redirect"),
        (&["--redirect", "http://localhost"], 2, "--redirect"),
        (&["--scope", ""], 2, "--scope"),
        (&["--scope", "openid snils"], 2, "--scope"),
        (&["--issuer", " "], 2, "--issuer"),
        (&["--next-key-from", "tomorrow"], 2, "--next-key-from"),
        (&["--people", "none.csv"], 1, "none.csv"),
        (&["--people", people], 1, "line 2, column `Дата рождения`"),
        (&["--book", "none.toml"], 1, "none.toml"),
        (&["--book", book], 1, "line 4, field `born`"),
        (&["--book", book, "--people", people], 2, "--people"),
        (&["--certificate", "none.pem"], 1, "none.pem"),
        (&["--certificate", people], 1, "people.csv"),
    ] {
        is_refused(folder.path(), args, code, words);
    }
    assert!(!folder.path().join("esia-emulator-data").exists(), "nothing was made");
}

#[test]
fn a_book_names_people_and_systems() {
    let folder = tempfile::tempdir().unwrap();
    let printed = program().arg("--print-book").output().unwrap();
    assert!(printed.status.success() && printed.stdout == SAMPLE_BOOK.as_bytes());
    let book = SAMPLE_BOOK.replace("mnemonic = \"TEST\"", "mnemonic = \"MYSYS\"");
    let two = "\n[[client]]\nmnemonic = \"BYGOST\"\ntoken_algorithm = \"GOST3410_2012_256\"\n";
    let path = folder.path().join("book.toml");
    fs::write(&path, format!("{book}{two}")).unwrap();
    let data = folder.path().join("data");
    let running = Running::start(&data, &["--book", path.to_str().unwrap()]);
    for told in ["MYSYS", "BYGOST", EmulatorKeys::GOST_TOKEN_PUBLIC_KEY, "/emulator/log"] {
        assert!(running.printed.contains(told), "{}", running.printed);
    }
    assert!(!running.printed.contains("TEST\n"), "{}", running.printed);
    let made = fs::read_to_string(data.join(EmulatorKeys::GOST_TOKEN_PUBLIC_KEY)).unwrap();
    let keys = running.keys("localhost");
    assert!(keys.contains(&made.trim().replace('\n', "\\n")), "{keys}");
    assert!(running.keys("evil.example").starts_with("HTTP/1.1 403"));

    // systems that bring their certificates need none made
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::copy(data.join(EmulatorKeys::CLIENT_CERTIFICATE), own.join("own.pem")).unwrap();
    let text = "[[client]]\nmnemonic = \"OWN\"\ncertificate_file = \"own.pem\"\n";
    fs::write(own.join("book.toml"), text).unwrap();
    let book = own.join("book.toml");
    let running = Running::start(&own.join("data"), &["--book", book.to_str().unwrap()]);
    assert!(running.printed.contains("OWN"), "{}", running.printed);
    assert!(!own.join("data").join(EmulatorKeys::CLIENT_KEY).exists());
}

#[test]
fn the_next_key_signs_from_its_instant_on() {
    let folder = tempfile::tempdir().unwrap();
    for (instant, signs) in [("2026-01-01T00:00:00Z", true), ("2999-01-01T00:00:00Z", false)] {
        let running = Running::start(folder.path(), &["--next-key-from", instant]);
        assert!(running.printed.contains(EmulatorKeys::NEXT_TOKEN_PUBLIC_KEY));
        let next = folder.path().join(EmulatorKeys::NEXT_TOKEN_PUBLIC_KEY);
        let next = fs::read_to_string(next).unwrap();
        let answer = running.keys("localhost");
        let (_, json) = answer.split_once("\r\n\r\n").unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let keys = json["keys"].as_array().unwrap();
        let own = keys.iter().find(|key| key["pem"] == *next).unwrap();
        assert_eq!(own["use"], if signs { "current" } else { "next" }, "{instant}");
    }
}

/// What the sources conflict about or do not tell.
#[tokio::test]
async fn tokens_are_written_as_the_command_line_says() {
    let folder = tempfile::tempdir().unwrap();
    let book = SAMPLE_BOOK
        .replace("token_algorithm = \"RS256\"", "token_algorithm = \"GOST3410_2012_256\"")
        .replace("client_credentials = false", "client_credentials = true");
    let path = folder.path().join("book.toml");
    fs::write(&path, book).unwrap();
    let named = ["--book", path.to_str().unwrap()];
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (args, reversed, expected) in [
        (&[][..], false, json!(3600)),
        (&["--token-signature-reversed", "--expires-in-text"], true, json!("3600")),
    ] {
        let running = Running::start(folder.path(), &[&named, args].concat());
        let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
        let key = PrivateKey::from_pkcs8_pem(&read(EmulatorKeys::CLIENT_KEY)).unwrap();
        let certificate = Certificate::from_pem(&read(EmulatorKeys::CLIENT_CERTIFICATE)).unwrap();
        let time = Ambient::system().now().format("%Y.%m.%d %H:%M:%S +0000").to_string();
        let form = Form::new([
            ("client_id", "TEST"),
            ("grant_type", "client_credentials"),
            ("state", STATE),
            ("scope", "openid"),
            ("timestamp", &time),
            ("token_type", "Bearer"),
            ("redirect_uri", "http://localhost/"),
            ("client_certificate_hash", &certificate.hash()),
        ]);
        let fields = ["client_id", "scope", "timestamp", "state", "redirect_uri"];
        let asked = http
            .post(running.base.join(TOKEN).unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.signed_over(&key, &fields).encoded());
        let tokens = Reply::of(asked.send().await.unwrap()).await.json();
        assert_eq!(tokens["expires_in"], expected, "{tokens}");
        let (signed, signature) =
            tokens["access_token"].as_str().unwrap().rsplit_once('.').unwrap();
        let signature = Signature::from_base64url(signature).unwrap();
        let signature = if reversed { signature.reversed() } else { signature };
        let own = PrivateKey::from_pkcs8_pem(&read(EmulatorKeys::GOST_TOKEN_KEY)).unwrap();
        assert_eq!(own.public_key().verify(signed.as_bytes(), &signature), Ok(()), "{args:?}");
    }
}

fn is_refused(folder: &Path, args: &[&str], code: i32, words: &str) {
    let output = program().current_dir(folder).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", told(&output));
    assert!(told(&output).contains(words), "{args:?}: {}", told(&output));
    assert!(!told(&output).contains("Ёлкина"));
}

#[test]
fn a_certificate_that_no_request_could_pass_with_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
    let now = Ambient::system().now();
    let certificate = |days| {
        let (from, until) = (now - TimeDelta::days(365), now + TimeDelta::days(days));
        Certificate::self_signed(&key, "MYSYS", [1; 16], from, until).unwrap()
    };
    let write = |name: &str, certificate: &Certificate| {
        fs::write(folder.path().join(name), certificate.to_pem().unwrap()).unwrap();
    };
    let good = certificate(1);
    // the same certificate with its key said to be one of 512 bits
    let mut der = good.as_der().to_vec();
    let own = [0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01];
    let at = der.windows(own.len()).position(|window| window == own).unwrap();
    der[at + own.len() - 1] = 0x02;
    write("other.pem", &Certificate::from_der(&der).unwrap());
    write("ended.pem", &certificate(-1));
    write("good.pem", &good);
    for (file, words) in [("other.pem", "ГОСТ Р 34.10-2012"), ("ended.pem", "ended on 20")] {
        is_refused(folder.path(), &["--certificate", file], 1, words);
    }
    let wrong = [
        ("redirect_hosts = ['http://localhost']", "redirect_hosts"),
        ("scopes = ['full name']", "scopes"),
        ("interfaces = []", "interfaces"),
        ("interfaces = ['v4']", "interfaces"),
    ];
    for (line, field) in wrong {
        let text = format!("[[client]]\nmnemonic = 'MYSYS'\n{line}\n");
        fs::write(folder.path().join("book.toml"), text).unwrap();
        is_refused(folder.path(), &["--book", "book.toml"], 1, &format!("line 3, field `{field}`"));
    }
    assert!(!folder.path().join("esia-emulator-data").exists(), "nothing was made");

    // one of RSA signs at the old interface
    let rsa = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/rsa-certificate.pem");
    let rsa = rsa.to_str().unwrap();
    let running =
        Running::start(&folder.path().join("rsa"), &["--certificate", rsa, "--client", "OLD"]);
    assert!(running.printed.contains("OLD"), "{}", running.printed);
    for (path, code) in [("v2/ac", "ESIA-007005"), ("ac", "ESIA-007053")] {
        let answer = running.asks(&format!(
            "/aas/oauth2/{path}?client_id=OLD&client_secret=x&redirect_uri=http://localhost/&\
             scope=openid&response_type=code&state=3c8f8a4e-7d0b-4a52-9f0e-2b6f6c1d9e11&\
             timestamp={}&access_type=online",
            now.format("%Y.%m.%d+%H:%M:%S+%%2B0000")
        ));
        assert!(answer.contains(code), "{path}: {answer}");
    }

    let (data, good) = (folder.path().join("data"), folder.path().join("good.pem"));
    let running = Running::start(&data, &["--certificate", good.to_str().unwrap()]);
    assert!(running.printed.contains("good.pem"), "{}", running.printed);
    assert!(data.join(EmulatorKeys::TOKEN_PUBLIC_KEY).exists());
    for unneeded in [EmulatorKeys::CLIENT_KEY, EmulatorKeys::CLIENT_CERTIFICATE] {
        assert!(!data.join(unneeded).exists(), "{unneeded}");
        assert!(!running.printed.contains(unneeded), "{}", running.printed);
    }
}
