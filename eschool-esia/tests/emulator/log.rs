//! What the log tells a client's developer, and what it never tells.

use std::{
    fs,
    io::{Result, Write},
    sync::{Arc, Mutex, Once},
};

use eschool_esia::{
    ambient::Ambient,
    emulator::EmulatorKeys,
    gost::{Signature, streebog256},
};
use tracing::subscriber::DefaultGuard;

use crate::stand::{MOTHER, REDIRECT, SCOPE, STATE, Stand};

/// What this thread writes to the log, and a stand's server, which runs on the thread of its test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Log {
    fn keep() -> (Self, DefaultGuard) {
        // While there is but one subscriber in the process, and it is this thread's, whatever
        // another thread logs first is switched off for all of them.
        static OF_ALL: Once = Once::new();
        OF_ALL.call_once(|| {
            let nowhere = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
            tracing::subscriber::set_global_default(nowhere).unwrap();
        });
        let log = Self::default();
        let writer = log.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// What was written since it was last asked.
    fn read(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

#[tokio::test]
async fn the_log_names_the_check_and_nobody() {
    let (log, _guard) = Log::keep();
    let stand = Stand::open().await;
    stand.tokens(MOTHER).await;
    let form = stand.sign_in_form().signed(&stand.other.key);
    stand.authorize(&form, "").await;
    stand.data(&format!("/rs/prns/{MOTHER}"), "wrong").await;
    let log = log.read();
    assert!(log.contains("ESIA-007053") && log.contains("redirect_uri"), "{log}");
    assert!(log.contains("401"), "{log}");
    for secret in ["Ёлкина", "600 06", &MOTHER.to_string(), form.get("client_secret")] {
        assert!(!log.contains(secret), "{secret}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A signature in every order but the right one.
fn orders(right: &Signature) -> [(String, &'static str); 3] {
    let (s, r) = right.as_bytes().split_at(32);
    let backwards = |half: &[u8]| half.iter().rev().copied().collect::<Vec<_>>();
    let text = |bytes: &[u8]| Signature::from_slice(bytes).unwrap().to_base64url();
    [
        (text(&backwards(right.as_bytes())), "64 bytes standing backwards, as CryptoPro"),
        (text(&[r, s].concat()), "halves being swapped"),
        (text(&[backwards(s), backwards(r)].concat()), "bytes of each half standing backwards"),
    ]
}

#[tokio::test]
async fn a_refused_signature_is_explained_in_the_log_alone() {
    let (log, _guard) = Log::keep();
    let stand = Stand::open().await;
    let form = stand.sign_in_form();
    let message = format!("TEST{SCOPE}{}{STATE}{REDIRECT}", form.get("timestamp"));
    let right = stand.test.key.sign(message.as_bytes());
    let [reversed, swapped, halves] = orders(&right);
    let foreign = stand.other.key.sign(message.as_bytes()).to_base64url();
    let plain = "`client_secret` does not sign client_id + scope + scope_org";
    for (secret, words) in [
        reversed,
        swapped,
        halves,
        (foreign, plain),
        ("MIIJ".repeat(500), "`client_secret` is not 64 bytes in base64url"),
    ] {
        let reply = stand.authorize(&form.clone().set("client_secret", &secret), "").await;
        let description = reply.brings("error_description").unwrap();
        assert_eq!(description, "ESIA-007053: client_secret неверен или сертификат не действует");
        let log = log.read();
        assert!(log.contains(words), "{words}: {log}");
        assert!(log.contains(&format!("signs=\"{message}\"")), "{log}");
        assert!(log.contains(&format!("bytes={}", message.len())), "{log}");
        assert!(log.contains(&hex(&streebog256(message.as_bytes()))), "{log}");
        assert!(!log.contains(&secret), "{log}");
    }
    stand.authorize(&form.set("client_secret", &right.to_base64url()), "").await;
    assert_eq!(log.read(), "", "what is right is not told");
}

#[tokio::test]
async fn a_code_is_not_whole_in_the_log() {
    let (log, _guard) = Log::keep();
    let stand = Stand::open().await;
    let code = stand.code(MOTHER).await;
    let form = stand.token_form(&code).signed(&stand.test.key);
    let right = Signature::from_base64url(form.get("client_secret")).unwrap();
    for (secret, words) in orders(&right) {
        let reply = stand.exchange(&form.clone().set("client_secret", &secret)).await;
        assert_eq!(reply.status, 400);
        let log = log.read();
        assert!(log.contains(words), "{words}: {log}");
        let shown = format!("{REDIRECT}{}… ({} characters)", &code[..12], code.len());
        assert!(log.contains(&shown), "{log}");
        let length = form.get("scope").len() + form.get("timestamp").len() + REDIRECT.len();
        let length = length + "TEST".len() + form.get("state").len() + code.len();
        assert!(log.contains(&format!("bytes={length}")), "{log}");
        assert!(!log.contains(&code[..13]), "{log}");
    }
}

#[tokio::test]
async fn what_was_refused_stands_on_a_page_and_in_json() {
    let stand = Stand::open().await;
    stand.tokens(MOTHER).await;
    let empty = stand.get("/emulator/log", &[]).await.body;
    assert!(empty.contains("Отказов пока нет") && empty.contains("Nothing was refused yet"));
    let home = stand.get("/", &[]).await.body;
    assert!(home.contains("href=\"/emulator/log\"") && home.contains("href=\"/emulator/keys\""));

    let form = stand.sign_in_form();
    let message = format!("TEST{SCOPE}{}{STATE}{REDIRECT}", form.get("timestamp"));
    let reversed = stand.test.key.sign(message.as_bytes()).reversed().to_base64url();
    stand.authorize(&form.clone().set("client_secret", &reversed), "").await;
    stand.authorize(&form.set("client_id", "<b>nobody</b>").signed(&stand.test.key), "").await;
    stand.wait(60);
    stand.data(&format!("/rs/prns/{MOTHER}"), "wrong").await;

    let json = stand.get("/emulator/log.json", &[]).await.json();
    insta::assert_json_snapshot!("refusals", json);
    assert_eq!(serde_json::to_value(stand.emulator.refusals()).unwrap(), json["refusals"]);
    let page = stand.get("/emulator/log", &[]).await.body;
    for text in [
        "ESIA-007053</code> client_secret неверен",
        "как их выдаёт КриптоПро",
        "as CryptoPro gives them",
        &hex(&streebog256(message.as_bytes())),
        "/rs/prns/{oid}",
        "01.09.2026 06:01:00 UTC",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<b>") && page.contains("nobody"), "what came is escaped");
    assert!(!page.contains("Ёлкина") && !page.contains(&MOTHER.to_string()));

    let cleared = stand.send(reqwest::Method::POST, "/emulator/log/clear", &[], String::new());
    assert_eq!(cleared.await.status, 303);
    assert!(stand.emulator.refusals().is_empty());
}

#[tokio::test]
async fn the_last_two_hundred_refusals_are_kept() {
    let stand = Stand::open().await;
    for _ in 0..205 {
        stand.get("/rs/prns/1", &[]).await;
    }
    let refusals = stand.emulator.refusals();
    let numbers: Vec<_> = refusals.iter().map(|refusal| refusal.number).collect();
    assert_eq!(numbers, (6..=205).rev().collect::<Vec<_>>());
    let long = stand.sign_in_form().set("client_id", &"Ё".repeat(5000));
    stand.authorize(&long.signed(&stand.test.key), "").await;
    assert_eq!(stand.emulator.refusals()[0].client.as_deref(), Some(&*"Ё".repeat(64)));
}

#[tokio::test]
async fn the_page_of_the_log_shows_faults_and_takes_them_back() {
    use eschool_esia::emulator::{FaultyEndpoint, InjectedFault, Injection};
    let stand = Stand::open().await;
    let slow = Injection::new(InjectedFault::Slow(5)).at(FaultyEndpoint::Token).times(3);
    stand.emulator.inject(slow).unwrap();
    let page = stand.get("/emulator/log", &[]).await.body;
    assert!(page.contains("slow, 5 с – token – осталось: 3"), "{page}");
    stand.send(reqwest::Method::POST, "/emulator/faults/reset", &[], String::new()).await;
    assert!(stand.emulator.faults().is_empty());
    assert!(!stand.get("/emulator/log", &[]).await.body.contains("faults are on"));
}

#[tokio::test]
async fn what_comes_begins_no_line_of_the_log() {
    let (log, _guard) = Log::keep();
    let stand = Stand::open().await;
    let form = stand.sign_in_form().set("redirect_uri", "http://127.0.0.1/\nforged");
    stand.authorize(&form.signed(&stand.other.key), "").await;
    let log = log.read();
    assert!(log.contains("forged") && !log.lines().any(|line| line.starts_with("forged")), "{log}");
}

#[cfg(unix)]
#[test]
fn a_private_key_that_others_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let ambient = Ambient::system();
    EmulatorKeys::provide(folder.path(), &ambient).unwrap();
    let (log, _guard) = Log::keep();
    for (name, mode, told) in [
        (EmulatorKeys::TOKEN_KEY, 0o640, true),
        (EmulatorKeys::CLIENT_KEY, 0o604, true),
        (EmulatorKeys::CLIENT_KEY, 0o400, false),
        (EmulatorKeys::TOKEN_PUBLIC_KEY, 0o644, false),
        (EmulatorKeys::CLIENT_CERTIFICATE, 0o644, false),
    ] {
        let path = folder.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        EmulatorKeys::provide(folder.path(), &ambient).unwrap();
        let log = log.read();
        assert_eq!(log.contains(name) && log.contains("chmod 600"), told, "{name}: {log}");
        assert_eq!(log.contains(&format!("{mode:03o}")), told, "{name}: {log}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}
