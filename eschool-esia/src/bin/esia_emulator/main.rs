//! The emulator of ЕСИА as a program: reads the command line, provides keys, serves until it is
//! told to stop.

mod args;
mod error;
mod serve;

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    net::SocketAddr,
    path::Path,
    process::ExitCode,
};

use args::Args;
use clap::Parser as _;
use error::StartError;
use eschool_esia::{
    ambient::Ambient,
    emulator::{
        ClientSystem, Emulator, EmulatorKeys, EmulatorSettings, SAMPLE_PEOPLE, TestPerson,
        read_people,
    },
    gost::Certificate,
};
use serve::{Stop, serve};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

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
    let (token_key, certificate) = match &args.certificate {
        Some(path) => {
            let certificate = certificate(path, &ambient)?;
            (EmulatorKeys::provide_token_key(&args.data, &ambient)?, certificate)
        }
        None => {
            let keys = EmulatorKeys::provide(&args.data, &ambient)?;
            (keys.token_key, keys.client_certificate)
        }
    };
    let mut client = ClientSystem::new(&args.client, certificate, args.redirects.clone());
    client.scopes.extend(args.scopes.iter().cloned());
    let scopes = client.scopes.join(" ");
    let mut settings = EmulatorSettings::new(people, vec![client], token_key, ambient);
    settings.issuer.clone_from(&args.issuer);
    let emulator = Emulator::new(settings);

    let failed = |error| StartError::Listen { address: args.listen, error };
    let stop = Stop::listen();
    let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    // whoever started it may not read on; that is no reason not to serve
    if let Err(error) = announce(&args, &scopes, address) {
        tracing::warn!("the address was not printed: {error}");
    }
    serve(listener, emulator.router(), stop).await;
    Ok(())
}

fn people(path: Option<&Path>) -> Result<Vec<TestPerson>, StartError> {
    let Some(path) = path else {
        let refused = |error| StartError::People { path: "(built-in people)".into(), error };
        return read_people(SAMPLE_PEOPLE).map_err(refused);
    };
    let bytes = fs::read(path).map_err(|error| StartError::File { path: path.into(), error })?;
    read_people(&bytes).map_err(|error| StartError::People { path: path.into(), error })
}

/// The certificate of a client with its own key. One that no request could pass with is refused
/// before anything is made.
fn certificate(path: &Path, ambient: &Ambient) -> Result<Certificate, StartError> {
    let text =
        fs::read_to_string(path).map_err(|error| StartError::File { path: path.into(), error })?;
    let certificate = Certificate::from_pem(&text)
        .map_err(|error| StartError::Certificate { path: path.into(), error })?;
    if let Err(error) = certificate.public_key() {
        return Err(StartError::CertificateKey { path: path.into(), error });
    }
    let ended = certificate.not_after();
    if ended < ambient.now() {
        return Err(StartError::CertificateEnded { path: path.into(), ended });
    }
    Ok(certificate)
}

fn announce(args: &Args, scopes: &str, address: SocketAddr) -> io::Result<()> {
    let mut out = io::stdout();
    let file = |name| args.data.join(name).display().to_string();
    writeln!(out, "Эмулятор ЕСИА: http://{address}/")?;
    writeln!(out, "Система (client_id): {}", args.client)?;
    writeln!(out, "Возврат разрешён на: {}", args.redirects.join(", "))?;
    writeln!(out, "Области доступа (scope): {scopes}")?;
    match &args.certificate {
        Some(path) => writeln!(out, "Сертификат системы: {}", path.display())?,
        None => {
            writeln!(out, "Ключ системы: {}", file(EmulatorKeys::CLIENT_KEY))?;
            writeln!(out, "Сертификат системы: {}", file(EmulatorKeys::CLIENT_CERTIFICATE))?;
        }
    }
    writeln!(out, "Издатель маркеров (iss): {}", args.issuer)?;
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
