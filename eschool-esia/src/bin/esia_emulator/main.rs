//! The emulator of ЕСИА as a program: reads the command line, provides keys, serves until it is
//! told to stop.

mod announce;
mod args;
mod error;
mod load;
mod serve;

use std::{
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use announce::Announced;
use args::Args;
use clap::Parser as _;
use error::StartError;
use eschool_esia::{
    ambient::Ambient,
    emulator::{
        ClientSystem, Emulator, EmulatorKeys, EmulatorSettings, NextTokenKey, SAMPLE_BOOK,
        TokenAlgorithm,
    },
};
use load::Loaded;
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
    if args.print_book {
        // whoever reads it may have read enough
        let _ = io::stdout().write_all(SAMPLE_BOOK.as_bytes());
        return Ok(());
    }
    if !args.listen.ip().is_loopback() && !args.beyond_loopback {
        return Err(StartError::BeyondLoopback(args.listen));
    }
    let ambient = Ambient::system();
    let Loaded { book, token_key, made } = load::load(&args, &ambient)?;
    let mut settings = EmulatorSettings::new(book.people, book.clients, token_key, ambient);
    settings.issuer.clone_from(&args.issuer);
    settings.token_signature_reversed = args.token_signature_reversed;
    settings.expires_in_text = args.expires_in_text;
    let by_gost = |client: &ClientSystem| client.token_algorithm == TokenAlgorithm::Gost;
    if settings.clients.iter().any(by_gost) {
        let key = EmulatorKeys::provide_gost_token_key(&args.data, &settings.ambient)?;
        settings.gost_token_key = Some(key);
    }
    if let Some(signs_from) = args.next_key_from {
        let key = EmulatorKeys::provide_next_token_key(&args.data, &settings.ambient)?;
        settings.next_token_keys.push(NextTokenKey { key, signs_from });
    }
    let announced = Announced::of(&args, &settings, made);
    let emulator = Emulator::new(settings);

    let failed = |error| StartError::Listen { address: args.listen, error };
    let stop = Stop::listen();
    let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    // whoever started it may not read on; that is no reason not to serve
    if let Err(error) = announced.print(address) {
        tracing::warn!("the address was not printed: {error}");
    }
    serve(listener, emulator.router(), stop).await;
    Ok(())
}
