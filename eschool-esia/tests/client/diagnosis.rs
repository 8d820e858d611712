//! What the operator and the log are told where ЕСИА refuses a `client_secret`.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    certificate::Certificate,
    client::{
        Callback, ClientSecret, Endpoints, EsiaClient, EsiaSettings, Finding, GatewaySettings,
        Profile, RefreshToken, Values,
    },
    gost::{Signature, SignatureError, streebog256},
    signer::{RequestSignature, RsaCmsSigner, SignatureForm, Signer, SignerError},
};
use serde_json::json;
use tracing::Level;

use crate::{
    log::Log,
    scene::{CERTIFICATE, CLIENT, CODE, GOST_KEY, now, settings, signer},
    server::{Reply, Server},
};

const RSA: &str = include_str!("../keys/rsa.pem");
const TOLD: &str = "ЕСИА refuses `client_secret`";

/// Randomness that is always the same, so that two requests are.
fn ambient() -> Ambient {
    Ambient::new(Arc::new(now), Arc::new(|bytes: &mut [u8]| bytes.fill(7)))
}

fn client(settings: EsiaSettings, signer: impl Signer + 'static) -> EsiaClient {
    EsiaClient::new(settings, Arc::new(signer), ambient()).unwrap()
}

/// A signer that does with the right signature, or instead of it, what it is told to.
struct Spoilt(fn(Signature) -> Result<Signature, SignerError>);

#[async_trait::async_trait]
impl Signer for Spoilt {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        (self.0)(GOST_KEY.sign(message)).map(Into::into)
    }

    fn form(&self) -> SignatureForm {
        SignatureForm::Raw
    }

    fn certificate(&self) -> &Certificate {
        &CERTIFICATE
    }
}

#[tokio::test]
async fn the_exact_string_its_length_and_its_digest_are_those_of_the_request() {
    let client = client(settings(Endpoints::production()), signer());
    let diagnosis = client.diagnose().await.unwrap();
    let started = client.start().await.unwrap();
    let query: HashMap<_, _> = started.url.query_pairs().into_owned().collect();
    let names = ["client_id", "scope", "timestamp", "state", "redirect_uri"];
    let expected: String = names.iter().map(|name| query[*name].as_str()).collect();
    assert_eq!(diagnosis.signed_string(Values::Whole), expected);
    assert_eq!(diagnosis.bytes(), expected.len());
    assert_eq!(diagnosis.characters(), expected.chars().count());
    let digest = streebog256(expected.as_bytes()).map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(diagnosis.digest_hex(), digest);
    assert_eq!(diagnosis.certificate(), &*CERTIFICATE);
    assert_eq!(diagnosis.findings(), []);

    let state = &query["state"];
    for values in [Values::Masked, Values::Whole] {
        for text in [diagnosis.text_ru(values), diagnosis.text_en(values)] {
            assert!(!text.contains(&query["client_secret"]), "{text}");
            assert!(text.contains(&query["client_certificate_hash"]), "{text}");
            assert_eq!(text.contains(state.as_str()), values == Values::Whole, "{text}");
        }
    }
    let masked = diagnosis.signed_string(Values::Masked);
    assert_eq!(masked, expected.replace(state.as_str(), &format!("{}…", &state[..8])));
    assert!(!format!("{diagnosis:?} {diagnosis}").contains(state.as_str()));
}

#[tokio::test]
async fn what_is_wrong_on_this_side_is_found() {
    let mismatch = SignerError::Answer(SignatureError::Mismatch);
    for (signer, expected) in [
        (Spoilt(Ok), None),
        (Spoilt(|signature| Ok(signature.reversed())), Some(SignerError::Backwards)),
        (Spoilt(|_| Ok(GOST_KEY.sign(b"another string"))), Some(mismatch)),
        (Spoilt(|_| Err(SignerError::Unavailable)), Some(SignerError::Unavailable)),
    ] {
        let client = client(settings(Endpoints::production()), signer);
        let findings = client.diagnose().await.unwrap().findings();
        assert_eq!(findings, expected.map(Finding::Signature).into_iter().collect::<Vec<_>>());
    }
}

/// Gives CMS that names SHA-512, as `openssl cms -md sha512` does.
struct Sha512(RsaCmsSigner);

#[async_trait::async_trait]
impl Signer for Sha512 {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        // 2.16.840.1.101.3.4.2.1; SHA-512 ends with 3.
        const SHA256: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        let mut der = self.0.sign(message).await?.as_bytes().to_vec();
        for start in 0..der.len() - SHA256.len() {
            let end = start + SHA256.len();
            if der[start..end] == SHA256 {
                der[end - 1] = 3;
            }
        }
        Ok(RequestSignature::from_cms(der))
    }

    fn form(&self) -> SignatureForm {
        SignatureForm::Cms
    }

    fn certificate(&self) -> &Certificate {
        self.0.certificate()
    }
}

#[tokio::test]
async fn a_signature_by_an_algorithm_that_is_not_known_is_not_said_to_fit() {
    let legacy =
        EsiaSettings { profile: Profile::Legacy, ..settings(Endpoints::legacy_production()) };
    let signer = Sha512(RsaCmsSigner::read(RSA, RSA, ambient()).unwrap());
    let diagnosis = client(legacy, signer).diagnose().await.unwrap();
    assert_eq!(diagnosis.findings(), [Finding::SignatureUnverified]);
    let (ru, en) = (diagnosis.text_ru(Values::Masked), diagnosis.text_en(Values::Masked));
    assert!(ru.contains("алгоритм этой программе не известен, подпись не проверена"), "{ru}");
    assert!(!ru.contains("подходит") && !ru.contains("всё сходится"), "{ru}");
    assert!(!en.contains("it fits") && !en.contains("all fits"), "{en}");
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_now_is_found() {
    let clock = Arc::new(Mutex::new(now()));
    let hands = Arc::clone(&clock);
    let ambient = Ambient::system().with_clock(Arc::new(move || *hands.lock().unwrap()));
    let settings = settings(Endpoints::production());
    let client = EsiaClient::new(settings, Arc::new(signer()), ambient).unwrap();
    for (finding, ru, en) in [
        (
            Finding::CertificateEnded { ended: now() },
            "Срок сертификата истёк 15.01.2026: получите новый.",
            "the certificate ended on 2026-01-15; get a new one",
        ),
        (
            Finding::CertificateNotYetValid { begins: now() },
            "Сертификат начнёт действовать 15.01.2026: проверьте часы сервера.",
            "the certificate begins on 2026-01-15; look at this machine's clock",
        ),
    ] {
        assert_eq!((finding.text_ru().as_str(), finding.text_en().as_str()), (ru, en));
    }
    let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let begins = CERTIFICATE.not_before();
    let ended = CERTIFICATE.not_after();
    for (at, expected) in [
        (begins, None),
        (ended, None),
        (instant("2020-01-01T00:00:00Z"), Some(Finding::CertificateNotYetValid { begins })),
        (instant("2030-01-01T00:00:00Z"), Some(Finding::CertificateEnded { ended })),
    ] {
        *clock.lock().unwrap() = at;
        let diagnosis = client.diagnose().await.unwrap();
        let findings = diagnosis.findings();
        assert_eq!(findings, expected.into_iter().collect::<Vec<_>>(), "{at}");
        for (finding, shown) in findings.iter().zip([Values::Masked, Values::Whole]) {
            assert!(diagnosis.text_ru(shown).contains(&finding.text_ru()), "{at}");
            assert!(diagnosis.text_en(shown).contains(&finding.text_en()), "{at}");
        }
    }
}

#[tokio::test]
async fn a_diagnosis_reads_as_people_write() {
    let v3 = client(settings(Endpoints::production()), signer());
    let backwards = Spoilt(|signature| Ok(signature.reversed()));
    let backwards = client(settings(Endpoints::production()), backwards);
    let legacy =
        EsiaSettings { profile: Profile::Legacy, ..settings(Endpoints::legacy_production()) };
    let legacy = client(legacy, RsaCmsSigner::read(RSA, RSA, ambient()).unwrap());
    for (name, client) in [("v3", v3), ("backwards", backwards), ("legacy", legacy)] {
        let diagnosis = client.diagnose().await.unwrap();
        let (ru, en) = (diagnosis.text_ru(Values::Masked), diagnosis.text_en(Values::Whole));
        insta::assert_snapshot!(name, format!("{ru}\n\n{en}"));
    }
}

#[tokio::test]
async fn the_log_tells_of_a_refused_request_to_sign_in_once_a_minute() {
    let client = client(settings(Endpoints::production()), signer());
    let started = client.start().await.unwrap();
    let state = started.attempt.state();
    let log = Log::open();
    let back = |code| {
        let query = format!("error=invalid_client&error_description={code}%3A+no&state={state}");
        Callback::parse(&query).unwrap()
    };
    for (code, told) in
        [("ESIA-007023", 0), ("ESIA-007004", 0), ("ESIA-007053", 1), ("ESIA-007053", 1)]
    {
        client.finish(&started.attempt, &back(code)).await.unwrap_err();
        assert_eq!(log.count(Level::WARN, TOLD), told, "{code}: {}", log.text());
    }
    let kept = client.last_refused().unwrap().signed_string(Values::Whole);
    let query: HashMap<_, _> = started.url.query_pairs().into_owned().collect();
    let names = ["client_id", "scope", "timestamp", "state", "redirect_uri"];
    assert_eq!(kept, names.map(|name| query[name].as_str()).concat());
    let text = log.text();
    let signs = format!("{CLIENT}openid fullname birthdate snils mobile email");
    let signs = format!("{signs}2026.01.15 12:00:00 +0300{}…https://", &state.to_string()[..8]);
    assert!(text.contains(&signs), "{text}");
    assert!(text.contains(&CERTIFICATE.hash()), "{text}");
    assert!(!text.contains(&state.to_string()), "{text}");
}

/// Signs once at once, then after so long.
struct Tired(AtomicUsize, Duration);

impl Tired {
    const fn after(long: Duration) -> Self {
        Self(AtomicUsize::new(0), long)
    }
}

#[async_trait::async_trait]
impl Signer for Tired {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        if self.0.fetch_add(1, Ordering::Relaxed) > 0 {
            tokio::time::sleep(self.1).await;
        }
        Ok(GOST_KEY.sign(message).into())
    }

    fn form(&self) -> SignatureForm {
        SignatureForm::Raw
    }

    fn certificate(&self) -> &Certificate {
        &CERTIFICATE
    }
}

fn refused_secret(state: impl std::fmt::Display) -> Callback {
    let query = format!("error=invalid_client&error_description=ESIA-007053&state={state}");
    Callback::parse(&query).unwrap()
}

#[tokio::test]
async fn what_was_signed_is_told_though_the_signer_hangs() {
    let mut settings = settings(Endpoints::production());
    settings.deadline_seconds = 1;
    let client = client(settings, Tired::after(Duration::from_secs(3600)));
    let started = client.start().await.unwrap();
    let log = Log::open();
    let refused = refused_secret(started.attempt.state());
    let finished = client.finish(&started.attempt, &refused);
    let finished = tokio::time::timeout(Duration::from_secs(30), finished).await;
    finished.expect("the signer is waited for no longer than a sign-in").unwrap_err();
    assert_eq!(log.count(Level::WARN, TOLD), 1, "{}", log.text());
    let told = client.last_refused().unwrap();
    let query: HashMap<_, _> = started.url.query_pairs().into_owned().collect();
    let names = ["client_id", "scope", "timestamp", "state", "redirect_uri"];
    let expected = names.map(|name| query[name].as_str()).concat();
    assert_eq!(told.signed_string(Values::Whole), expected);
    assert_eq!(told.findings(), [Finding::Signature(SignerError::TimedOut)]);
}

/// CryptoPro's command and a service far away take their time, and sign well.
#[tokio::test]
async fn a_slow_signer_is_not_what_is_wrong() {
    let client = client(settings(Endpoints::production()), Tired::after(Duration::from_secs(2)));
    let started = client.start().await.unwrap();
    let refused = refused_secret(started.attempt.state());
    client.finish(&started.attempt, &refused).await.unwrap_err();
    assert_eq!(client.last_refused().unwrap().findings(), []);
}

#[tokio::test]
async fn whoever_goes_away_before_the_signer_is_done_leaves_the_minute_to_the_next() {
    let client =
        client(settings(Endpoints::production()), Tired::after(Duration::from_millis(500)));
    let started = client.start().await.unwrap();
    let refused = refused_secret(started.attempt.state());
    let finished = client.finish(&started.attempt, &refused);
    tokio::time::timeout(Duration::from_millis(100), finished).await.unwrap_err();
    assert!(client.last_refused().is_none());
    client.finish(&started.attempt, &refused).await.unwrap_err();
    assert_eq!(client.last_refused().unwrap().findings(), []);
}

#[tokio::test]
async fn what_was_signed_is_told_though_others_are_signing_in() {
    let server = Server::run(|_| Reply::Hang).await;
    let mut settings = settings(Endpoints::at(&server.base));
    (settings.max_under_way, settings.deadline_seconds) = (1, 3);
    let client = client(settings, signer());
    let (one, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let code = format!("code={CODE}&state={}", one.attempt.state());
    let (code, refused) = (Callback::parse(&code).unwrap(), refused_secret(other.attempt.state()));
    let (hanging, finished) =
        tokio::join!(client.finish(&one.attempt, &code), client.finish(&other.attempt, &refused),);
    assert_eq!(hanging.unwrap_err().code(), "esia_deadline_exceeded");
    assert_eq!(finished.unwrap_err().code(), "esia_refused");
    let told = client.last_refused().unwrap().signed_string(Values::Whole);
    assert!(told.contains(&other.attempt.state().to_string()), "{told}");
}

#[tokio::test]
async fn the_log_tells_of_a_refused_request_for_tokens_without_its_code() {
    let server = Server::run(|_| {
        let description = "ESIA-007015: timestamp";
        Reply::json(400, json!({"error": "invalid_request", "error_description": description}))
    })
    .await;
    let client = client(settings(Endpoints::at(&server.base)), signer());
    let started = client.start().await.unwrap();
    let state = started.attempt.state();
    let callback = Callback::parse(&format!("code={CODE}&state={state}")).unwrap();
    let log = Log::open();
    assert!(client.last_refused().is_none());
    let error = client.finish(&started.attempt, &callback).await.unwrap_err();
    assert_eq!(error.code(), "esia_refused");
    assert_eq!(log.count(Level::WARN, TOLD), 1, "{}", log.text());
    let text = log.text();
    assert!(text.contains(r#"request="token""#), "{text}");
    let [exchange] = server.seen("/aas/").try_into().ok().unwrap();
    let form = exchange.form;
    let names = ["client_id", "scope", "timestamp", "state", "redirect_uri", "code"];
    let message: String = names.iter().map(|name| form[*name].as_str()).collect();
    let digest = streebog256(message.as_bytes()).map(|byte| format!("{byte:02x}")).concat();
    assert!(text.contains(&digest), "{text}");
    assert!(text.contains(&format!("bytes={}", message.len())), "{text}");
    let kept = client.last_refused().unwrap();
    assert_eq!(kept.signed_string(Values::Whole), message);
    assert!(!format!("{kept:?}").contains(CODE));
    for secret in [CODE, &form["state"], &form["client_secret"]] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// A refusal that comes through the browser can be made up, one by the token endpoint cannot.
#[tokio::test]
async fn a_refusal_that_anybody_can_make_up_does_not_hide_one_by_esia() {
    let server = Server::run(|_| {
        let description = "ESIA-007053: client_secret";
        Reply::json(400, json!({"error": "invalid_client", "error_description": description}))
    })
    .await;
    for made_up_first in [true, false] {
        let client = client(settings(Endpoints::at(&server.base)), signer());
        let started = client.start().await.unwrap();
        let state = started.attempt.state();
        let real = Callback::parse(&format!("code={CODE}&state={state}")).unwrap();
        let made_up = refused_secret(state);
        let log = Log::open();
        let both = if made_up_first { [made_up, real] } else { [real, made_up] };
        for callback in both {
            client.finish(&started.attempt, &callback).await.unwrap_err();
        }
        assert_eq!(log.count(Level::WARN, TOLD), 2, "{}", log.text());
        let told = client.last_refused().unwrap().signed_string(Values::Whole);
        assert!(told.ends_with(CODE), "{told}");
    }
}

/// A machine whose clock is set by hand, in seconds from the beginning.
fn by_hand() -> (Arc<AtomicI64>, Ambient) {
    let seconds = Arc::new(AtomicI64::new(0));
    let hands = Arc::clone(&seconds);
    let clock = move || now() + TimeDelta::seconds(hands.load(Ordering::Relaxed));
    (seconds, Ambient::system().with_clock(Arc::new(clock)))
}

/// In the next year's certificate the fault may be another one.
#[tokio::test]
async fn a_refused_request_for_tokens_is_the_last_one_for_an_hour() {
    let server = Server::run(|_| {
        let description = "ESIA-007053: client_secret";
        Reply::json(400, json!({"error": "invalid_client", "error_description": description}))
    })
    .await;
    let (clock, ambient) = by_hand();
    let settings = settings(Endpoints::at(&server.base));
    let client = EsiaClient::new(settings, Arc::new(signer()), ambient).unwrap();
    let last = || client.last_refused().map(|told| told.signed_string(Values::Whole));
    let refuse_start = async || {
        let started = client.start().await.unwrap();
        let state = started.attempt.state();
        client.finish(&started.attempt, &refused_secret(state)).await.unwrap_err();
        state.to_string()
    };
    let refuse_code = async || {
        let started = client.start().await.unwrap();
        let callback = format!("code={CODE}&state={}", started.attempt.state());
        let callback = Callback::parse(&callback).unwrap();
        client.finish(&started.attempt, &callback).await.unwrap_err();
    };
    refuse_code().await;
    clock.store(3599, Ordering::Relaxed);
    refuse_start().await;
    assert!(last().unwrap().ends_with(CODE));
    clock.store(3600 + 60, Ordering::Relaxed);
    let state = refuse_start().await;
    assert!(last().unwrap().contains(&state));
    refuse_code().await;
    clock.store(2 * 3600 + 60, Ordering::Relaxed);
    assert_eq!(last(), None, "what was refused before is not the last");
}

#[tokio::test]
async fn nothing_is_told_of_a_time_that_was_never_sent() {
    let server =
        Server::run(|_| Reply::json(405, "").with("Date: Thu, 15 Jan 2026 08:53:00 GMT")).await;
    let (clock, ambient) = by_hand();
    let mut settings = settings(Endpoints::at(&server.base));
    settings.correct_clock = true;
    let client = EsiaClient::new(settings, Arc::new(signer()), ambient).unwrap();
    let last = || client.last_refused().unwrap().signed_string(Values::Whole);
    clock.store(2, Ordering::Relaxed);
    let (one, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let states = [&one, &other].map(|started| started.attempt.state().to_string());
    let wrong_time =
        format!("error=invalid_request&error_description=ESIA-007015&state={}", states[0]);
    let wrong_time = Callback::parse(&wrong_time).unwrap();
    client.finish(&one.attempt, &wrong_time).await.unwrap_err();
    assert!(last().contains(&format!("2026.01.15 12:00:02 +0300{}", states[0])), "{}", last());

    clock.store(80, Ordering::Relaxed);
    client.finish(&other.attempt, &refused_secret(&states[1])).await.unwrap_err();
    assert!(last().contains(&states[0]), "{}", last());
    let third = client.start().await.unwrap();
    let state = third.attempt.state();
    client.finish(&third.attempt, &refused_secret(state)).await.unwrap_err();
    assert!(last().contains(&format!("2026.01.15 11:54:18 +0300{state}")), "{}", last());
}

#[tokio::test]
async fn nothing_is_told_of_an_attempt_that_the_callback_does_not_answer() {
    let client = client(settings(Endpoints::production()), signer());
    let started = client.start().await.unwrap();
    let other = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let query = format!("error=invalid_client&error_description=ESIA-007053&state={other}");
    let log = Log::open();
    let callback = Callback::parse(&query).unwrap();
    let error = client.finish(&started.attempt, &callback).await.unwrap_err();
    assert_eq!(error.code(), "esia_state_mismatch");
    assert_eq!(log.count(Level::WARN, TOLD), 0, "{}", log.text());
}

#[tokio::test]
async fn a_gateway_has_nothing_that_is_signed_and_nothing_to_refresh() {
    let redirect = "https://school.example.ru/esia".parse().unwrap();
    let secret = ClientSecret::new("from-the-office");
    let settings = GatewaySettings::new("https://gateway.example.ru", CLIENT, secret, redirect);
    let client = EsiaClient::gateway(settings, ambient()).unwrap();
    assert!(client.diagnose().await.is_none());
    let refused = client.refresh(&RefreshToken::new("1000299353", "token")).await.unwrap_err();
    assert_eq!(refused.code(), "esia_refresh_unsupported");
}
