//! A program that signs.

use std::{ffi::OsString, fmt, process::Stdio};

use async_trait::async_trait;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{ChildStderr, ChildStdout, Command},
    time::timeout,
};

use super::{
    Outside, RequestSignature, SignatureForm, Signer, SignerError, SignerSettingsError,
    answer::LONGEST,
};
use crate::certificate::Certificate;

/// How much of what a program complains of is read.
const LONGEST_COMPLAINT: u64 = 4096;
/// How much of its first line the log shows.
const SHOWN: usize = 200;

/// A program that signs: the message goes to its standard input, the signature comes from its
/// standard output as bytes, in base64 or (CMS) in PEM.
///
/// This is the way to keys in CryptoPro's containers: `csptest`, `cryptcp` or a script of one's
/// own. The program is started anew for each signature, with these very arguments: no shell reads
/// them. It has the environment of this process, and is ended when its time is over or the sign-in
/// is given up; programs it started itself are not.
///
/// What it complains of may hold the name of a container or of a person, so people are never shown
/// it; the first line goes to the log at the level DEBUG, unless it repeats a part of the message.
///
/// ```no_run
/// use eschool_esia::{
///     certificate::Certificate,
///     signer::{ByteOrder, CommandSigner, Outside},
/// };
///
/// let certificate = Certificate::from_pem(&std::fs::read_to_string("certificate.pem")?)?;
/// let argv = ["/usr/local/bin/sign-with-cryptopro", "school"].map(Into::into);
/// let outside = Outside { order: ByteOrder::Reversed, ..Outside::new(certificate) };
/// let signer = CommandSigner::new(argv.into(), outside)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct CommandSigner {
    program: OsString,
    arguments: Vec<OsString>,
    outside: Outside,
}

impl CommandSigner {
    /// The signer that starts this program, the first of `argv`, with these arguments, the rest.
    ///
    /// # Errors
    /// [`SignerSettingsError`] for settings under which nothing could be signed.
    pub fn new(argv: Vec<OsString>, outside: Outside) -> Result<Self, SignerSettingsError> {
        outside.check()?;
        let mut argv = argv.into_iter();
        let program = argv.next().filter(|program| !program.is_empty());
        let program = program.ok_or(SignerSettingsError::Argv)?;
        Ok(Self { program, arguments: argv.collect(), outside })
    }

    /// What the program answers to the message.
    async fn ask(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                tracing::warn!(%error, "the program that signs cannot be started");
                SignerError::Unavailable
            })?;
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(SignerError::Unavailable);
        };
        let feed = async move {
            // A program that ends before it has read all is judged by its answer.
            let _ = stdin.write_all(message).await;
        };
        let (_, answer, complaint, status) =
            tokio::join!(feed, answer(stdout), complaint(stderr), child.wait());
        tell(&complaint, message);
        if answer.len() > LONGEST {
            return Err(SignerError::AnswerTooLong);
        }
        match status {
            Ok(status) if status.success() => Ok(answer),
            Ok(status) => Err(SignerError::CommandFailed { status: status.code() }),
            Err(_) => Err(SignerError::Unavailable),
        }
    }
}

/// What the program says, or a byte more than an answer may have: then nobody listens any longer.
async fn answer(stdout: ChildStdout) -> Vec<u8> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(LONGEST + 1).unwrap_or(u64::MAX);
    // What came before a failure to read is judged as what came.
    let _ = stdout.take(limit).read_to_end(&mut bytes).await;
    bytes
}

/// The beginning of what the program complains of; the rest is listened to, so that it can go on.
async fn complaint(mut stderr: ChildStderr) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = (&mut stderr).take(LONGEST_COMPLAINT).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    bytes
}

/// Tells the log the first line of a complaint.
fn tell(complaint: &[u8], message: &[u8]) {
    let complaint = String::from_utf8_lossy(complaint);
    let Some(line) = complaint.lines().map(str::trim).find(|line| !line.is_empty()) else { return };
    let line: String = line.chars().take(SHOWN).collect();
    if repeats(line.as_bytes(), message) {
        tracing::debug!("the program that signs complains, and repeats what it should sign");
    } else {
        tracing::debug!(line, "the program that signs complains");
    }
}

/// Whether a line holds a piece of the message that could be a piece of a code.
fn repeats(line: &[u8], message: &[u8]) -> bool {
    const PIECE: usize = 12;
    message.windows(PIECE).any(|piece| line.windows(PIECE).any(|other| other == piece))
}

#[async_trait]
impl Signer for CommandSigner {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        let asked = timeout(self.outside.timeout, self.ask(message)).await;
        let answer = asked.map_err(|_| SignerError::TimedOut)??;
        self.outside.judge(message, &answer)
    }

    fn form(&self) -> SignatureForm {
        self.outside.form
    }

    fn certificate(&self) -> &Certificate {
        &self.outside.certificate
    }
}

/// The arguments may hold the password of a container.
impl fmt::Debug for CommandSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandSigner")
            .field("program", &self.program)
            .field("outside", &self.outside)
            .finish_non_exhaustive()
    }
}
