//! The emulator of ЕСИА as a program: reads the command line, provides keys, serves until it is
//! told to stop.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use eschool_esia::{
    ambient::Ambient,
    emulator::{
        ClientSystem, Emulator, EmulatorKeys, EmulatorSettings, KeysError, PeopleError,
        SAMPLE_PEOPLE, TestPerson, read_people,
    },
    gost::{Certificate, CertificateError},
};
use thiserror::Error;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// What the operator typed.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "esia-emulator",
    version,
    about = "A strict emulator of ЕСИА («Госуслуги») with invented people, for building a sign-in (вход через ЕСИА) without the state's test stand",
    long_about = "A strict emulator of ЕСИА («Госуслуги») with invented people, for building a sign-in \
        (вход через ЕСИА) without the state's test stand.\n\n\
        It checks the signature (client_secret), the certificate's hash, the timestamp, the \
        redirect address, state and the code as ЕСИА does, answers with ЕСИА's error codes and \
        issues tokens of ЕСИА's shape. Which check failed stands in its log. Keys and a \
        certificate for your system are made on the first start.",
    after_help = AFTER_HELP
)]
struct Args {
    /// File of people (вымышленные люди), CSV in UTF-8 with `;`; by default a small book is built in
    ///
    /// Columns: Ключ, Фамилия, Имя, Отчество, Дата рождения, СНИЛС, Телефон, Телефон подтверждён,
    /// Тип учётной записи (подтверждённая, стандартная, упрощённая, детская).
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,

    /// Address to listen on; port 0 takes a free one, which is printed
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8085")]
    listen: SocketAddr,

    /// Allow an address beyond loopback (127.0.0.1), where others can reach it
    ///
    /// The emulator lets anybody be anybody. Never put it where real people could take it for ЕСИА.
    #[arg(long)]
    beyond_loopback: bool,

    /// Folder of the keys (ключи) and certificates; made if there is none
    #[arg(long, value_name = "DIR", default_value = "esia-emulator-data")]
    data: PathBuf,

    /// Mnemonic (мнемоника) of your system: its client_id
    #[arg(long, value_name = "MNEMONIC", default_value = "TEST")]
    client: String,

    /// Certificate (сертификат) of your system, PEM, where it has its own key
    #[arg(long, value_name = "PEM")]
    certificate: Option<PathBuf>,

    /// Host that people may be sent back to (redirect_uri), `host` or `host:port`; repeatable
    #[arg(long = "redirect", value_name = "HOST", default_values = ["127.0.0.1", "localhost"])]
    redirects: Vec<String>,
}

const AFTER_HELP: &str = "\
Exit codes: 0 stopped, 1 something failed, 2 the command line is wrong.
Addresses and files go to stdout, the log to stderr; RUST_LOG=debug tells more.

Examples:
  esia-emulator                                       people of its own on http://127.0.0.1:8085/
  esia-emulator --people esia_people.csv              people of your own
  esia-emulator --client MYSYS --certificate my.pem   a key that your signer holds";

/// Why the emulator does not start.
#[derive(Debug, Error)]
enum StartError {
    #[error(
        "`{0}` can be reached from other machines, and the emulator lets anybody be anybody; add --beyond-loopback if that is what you want"
    )]
    BeyondLoopback(SocketAddr),
    #[error("`{}` cannot be read: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("`{}` is refused: {error}", .path.display())]
    People { path: PathBuf, error: PeopleError },
    #[error("`{}` is refused: {error}", .path.display())]
    Certificate { path: PathBuf, error: CertificateError },
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("`{address}` cannot be listened on: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("the emulator stopped: {0}")]
    Serve(io::Error),
}

impl StartError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::BeyondLoopback(_) => 2,
            _ => 1,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let ansi = io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(ansi)
        .init();
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // nothing is left to do where stderr is closed
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(args: Args) -> Result<(), StartError> {
    if !args.listen.ip().is_loopback() && !args.beyond_loopback {
        return Err(StartError::BeyondLoopback(args.listen));
    }
    let people = people(args.people.as_deref())?;
    let ambient = Ambient::system();
    let keys = EmulatorKeys::provide(&args.data, &ambient)?;
    let certificate = match &args.certificate {
        Some(path) => certificate(path)?,
        None => keys.client_certificate.clone(),
    };
    let client = ClientSystem::new(&args.client, certificate, args.redirects.clone());
    let settings = EmulatorSettings::new(people, vec![client], keys.token_key, ambient);
    let emulator = Emulator::new(settings);

    let failed = |error| StartError::Listen { address: args.listen, error };
    let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    // whoever started it may not read on; that is no reason not to serve
    if let Err(error) = announce(&args, address) {
        tracing::warn!("the address was not printed: {error}");
    }
    axum::serve(listener, emulator.router())
        .with_graceful_shutdown(stop_signal())
        .await
        .map_err(StartError::Serve)
}

fn people(path: Option<&Path>) -> Result<Vec<TestPerson>, StartError> {
    let Some(path) = path else {
        let refused = |error| StartError::People { path: "(built-in people)".into(), error };
        return read_people(SAMPLE_PEOPLE).map_err(refused);
    };
    let bytes = fs::read(path).map_err(|error| StartError::File { path: path.into(), error })?;
    read_people(&bytes).map_err(|error| StartError::People { path: path.into(), error })
}

fn certificate(path: &Path) -> Result<Certificate, StartError> {
    let text =
        fs::read_to_string(path).map_err(|error| StartError::File { path: path.into(), error })?;
    Certificate::from_pem(&text)
        .map_err(|error| StartError::Certificate { path: path.into(), error })
}

fn announce(args: &Args, address: SocketAddr) -> io::Result<()> {
    let mut out = io::stdout();
    let file = |name| args.data.join(name).display().to_string();
    writeln!(out, "Эмулятор ЕСИА: http://{address}/")?;
    writeln!(out, "Система (client_id): {}", args.client)?;
    writeln!(out, "Возврат разрешён на: {}", args.redirects.join(", "))?;
    match &args.certificate {
        Some(path) => writeln!(out, "Сертификат системы: {}", path.display())?,
        None => {
            writeln!(out, "Ключ системы: {}", file(EmulatorKeys::CLIENT_KEY))?;
            writeln!(out, "Сертификат системы: {}", file(EmulatorKeys::CLIENT_CERTIFICATE))?;
        }
    }
    writeln!(out, "Ключ проверки маркеров: {}", file(EmulatorKeys::TOKEN_PUBLIC_KEY))?;
    if !address.ip().is_loopback() {
        writeln!(
            out,
            "Внимание: эмулятор виден с других компьютеров, а войти в него может кто угодно и кем \
             угодно."
        )?;
    }
    writeln!(out, "\nОстановить: Ctrl+C")?;
    out.flush()
}

/// Ready when the operator (SIGINT) or the system (SIGTERM) tells the emulator to stop.
async fn stop_signal() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::parse_from(["esia-emulator"]);
        assert!(args.listen.ip().is_loopback());
        assert_eq!(args.redirects, ["127.0.0.1", "localhost"]);
        let args = Args::parse_from(["esia-emulator", "--redirect", "a", "--redirect", "b:80"]);
        assert_eq!(args.redirects, ["a", "b:80"]);
    }
}
