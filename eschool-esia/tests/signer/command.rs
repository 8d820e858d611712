//! Programs that sign, well and badly. What they answer is made beforehand and lies in a file.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use eschool_esia::{
    gost::SignatureError,
    signer::{ByteOrder, CommandSigner, Outside, Signer as _, SignerError, SignerSettingsError},
};
use tempfile::TempDir;
use tracing::Level;

use crate::{
    log::Log,
    scene::{MESSAGE, certificate, key, outside, signature},
};

/// A folder with the signature of the message in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("signature"), signature().as_bytes()).unwrap();
    folder
}

/// A shell that runs this in the folder. The shell is the test's own: the signer starts it as any
/// other program.
fn shell(folder: &TempDir, script: &str, outside: Outside) -> CommandSigner {
    let script = format!("cd '{}'; {script}", folder.path().display());
    CommandSigner::new(["sh", "-c", &script].map(Into::into).into(), outside).unwrap()
}

#[tokio::test]
async fn the_message_goes_in_as_it_is_and_the_signature_comes_out() {
    let folder = folder();
    let signer = shell(&folder, "cat > message; cat signature", outside());
    let signed = signer.sign(MESSAGE).await.unwrap();
    assert_eq!(signed, signature().into());
    assert_eq!(fs::read(folder.path().join("message")).unwrap(), MESSAGE);
    assert_eq!(signer.certificate(), &certificate());

    let signer = shell(&folder, "base64 < signature", outside());
    assert_eq!(signer.sign(MESSAGE).await.unwrap(), signature().into());
}

#[tokio::test]
async fn a_program_of_cryptopro_gives_the_bytes_backwards() {
    let folder = folder();
    let reversed = || Outside { order: ByteOrder::Reversed, ..outside() };
    let refused = shell(&folder, "cat signature", reversed()).sign(MESSAGE).await;
    assert_eq!(refused, Err(SignerError::Backwards));
    fs::write(folder.path().join("signature"), signature().reversed().as_bytes()).unwrap();
    let signed = shell(&folder, "cat signature", reversed()).sign(MESSAGE).await;
    assert_eq!(signed, Ok(signature().into()));
}

#[tokio::test]
async fn a_program_that_does_not_sign_is_named() {
    let folder = folder();
    for (script, expected) in [
        ("cat signature; exit 3", SignerError::CommandFailed { status: Some(3) }),
        ("kill -9 $$", SignerError::CommandFailed { status: None }),
        ("echo 'Error: no container'", SignerError::AnswerUnreadable),
        ("true", SignerError::Answer(SignatureError::Malformed)),
        ("head -c 64 /dev/zero", SignerError::Answer(SignatureError::Range)),
        ("yes", SignerError::AnswerTooLong),
    ] {
        let signed = shell(&folder, script, outside()).sign(MESSAGE).await;
        assert_eq!(signed, Err(expected), "{script}");
    }
    let signed = shell(&folder, "cat signature", outside()).sign(b"another").await;
    assert_eq!(signed, Err(SignerError::Answer(SignatureError::Mismatch)));
    let missing = folder.path().join("no-such-program");
    let signer = CommandSigner::new(vec![missing.into()], outside()).unwrap();
    assert_eq!(signer.sign(MESSAGE).await, Err(SignerError::Unavailable));
}

#[tokio::test]
async fn no_shell_reads_the_arguments() {
    let folder = folder();
    let harmed = folder.path().join("harmed");
    let trick = format!("$(touch {0}); touch {0} `touch {0}`", harmed.display());
    let signer = CommandSigner::new(["cat", &trick].map(Into::into).into(), outside()).unwrap();
    let signed = signer.sign(MESSAGE).await;
    assert_eq!(signed, Err(SignerError::CommandFailed { status: Some(1) }));
    assert!(!harmed.exists());
    assert!(!format!("{signer:?}").contains("touch"), "arguments may be passwords");
}

#[tokio::test]
async fn a_program_that_neither_listens_nor_is_quiet_signs_all_the_same() {
    let folder = folder();
    let long = vec![b'a'; 256 * 1024];
    fs::write(folder.path().join("signature"), key().sign(&long).as_bytes()).unwrap();
    let script = "head -c 1000000 /dev/zero >&2; cat signature";
    shell(&folder, script, outside()).sign(&long).await.unwrap();
}

#[tokio::test]
async fn a_program_that_hangs_is_ended() {
    let folder = folder();
    let quick = Outside { timeout: Duration::from_secs(1), ..outside() };
    let signer = shell(&folder, "echo $$ > pid; exec sleep 600", quick);
    let began = Instant::now();
    assert_eq!(signer.sign(MESSAGE).await, Err(SignerError::TimedOut));
    assert!(began.elapsed() < Duration::from_secs(20));
    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    let lives = || {
        // A process that has ended and waits to be collected is no longer a process of `ps`'s.
        let state = Command::new("ps").args(["-o", "stat=", "-p", pid.trim()]).output().unwrap();
        let state = String::from_utf8(state.stdout).unwrap();
        !state.trim().is_empty() && !state.starts_with('Z')
    };
    for _ in 0..100 {
        if !lives() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!lives(), "the program outlived its time");
}

#[tokio::test]
async fn a_complaint_goes_to_the_log_for_those_who_look_for_it() {
    let folder = folder();
    let log = Log::open();
    let script = "cat > /dev/null; printf '\\n  no container school\\nsecond line\\n' >&2; exit 1";
    shell(&folder, script, outside()).sign(MESSAGE).await.unwrap_err();
    assert_eq!(log.count(Level::DEBUG, "no container school"), 1, "{}", log.text());
    assert!(!log.text().contains("second line"), "{}", log.text());
    shell(&folder, "cat >&2; exit 1", outside()).sign(MESSAGE).await.unwrap_err();
    assert_eq!(log.count(Level::DEBUG, "repeats what it should sign"), 1, "{}", log.text());
    assert!(!log.text().contains("openid"), "{}", log.text());
    assert_eq!(log.count(Level::WARN, ""), 0, "{}", log.text());
}

#[test]
fn a_program_without_a_name_is_refused() {
    for argv in [vec![], vec!["".into()], vec!["".into(), "sign".into()]] {
        let refused = CommandSigner::new(argv, outside()).unwrap_err();
        assert_eq!(refused, SignerSettingsError::Argv);
    }
}
