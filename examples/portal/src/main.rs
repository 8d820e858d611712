//! The portal as a program: reads the command line, starts, serves until it is told to stop.

use std::{
    io::{self, IsTerminal as _, Write},
    net::SocketAddr,
    process::ExitCode,
};

use clap::Parser as _;
use eschool_store::ambient::Ambient;
use portal::{
    admin,
    apps::Apps,
    audit, cards,
    cli::{Args, Command},
    esia::{Esia, EsiaChoice},
    export, import, keys,
    serve::Server,
    start::{self, Begins, Installation, Settings, StartError, policy},
    web::{self, Package},
    years,
};
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
            let _ = writeln!(io::stderr(), "{}", error.report());
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(args: Args) -> Result<(), StartError> {
    let policy = policy::load(&args.policy)?;
    let serves = args.command.is_none() && args.print_cards.is_none();
    // what was named and is not there is told before anything is made
    let package = if serves { Package::open(args.package.as_deref())? } else { None };
    let mut out = io::stdout();
    let begins = match &args.command {
        None => Begins::WithSample,
        Some(Command::Import(_)) => Begins::Empty,
        Some(Command::Migrate) => return start::migrate(args.database.as_ref(), &mut out).await,
        Some(Command::Distribute) => {
            return start::distribute(args.database.as_ref(), &mut out).await;
        }
        Some(Command::Backup { file }) => {
            return start::backup(&args.data, args.database.as_ref(), file, &mut out).await;
        }
        Some(
            Command::Export(_)
            | Command::Admin { .. }
            | Command::Audit { .. }
            | Command::Keys { .. }
            | Command::Archive(_)
            | Command::Drop(_)
            | Command::Restore { .. },
        ) => Begins::Never,
    };
    let has_imported = !args.imports.is_empty();
    let settings = Settings {
        data: args.data,
        database: args.database,
        imports: args.imports,
        policy,
        begins,
        ambient: Ambient::system(),
    };
    let installation = Installation::open(settings, &mut out).await?;
    let Args { command, print_cards, school, listen, esia, esia_people, apps, .. } = args;
    // what verifies tells of the log as it stands, and a trial writes nothing
    let seals = match &command {
        Some(Command::Audit { .. }) => has_imported,
        Some(Command::Import(task)) => has_imported || !task.dry_run,
        _ => true,
    };
    let done = match (command, print_cards) {
        (Some(Command::Import(task)), _) => import::run(&installation, &task, &mut out).await,
        (Some(Command::Export(task)), _) => export::run(&installation, &task, &mut out).await,
        (Some(Command::Admin { task }), _) => admin::run(&installation, task, &mut out).await,
        (Some(Command::Audit { task }), _) => audit::run(&installation, task, &mut out).await,
        (Some(Command::Keys { task }), _) => keys::run(&installation, task, &mut out).await,
        (Some(Command::Archive(task)), _) => years::archive(&installation, &task, &mut out).await,
        (Some(Command::Drop(task)), _) => years::take_out(&installation, &task, &mut out).await,
        (Some(Command::Restore { file }), _) => {
            years::restore(&installation, &file, &mut out).await
        }
        (
            Some(Command::Migrate | Command::Distribute | Command::Backup { .. }) | None,
            Some(class),
        ) => cards::print(&installation, &class, school.as_deref(), &mut out).await,
        (Some(Command::Migrate | Command::Distribute | Command::Backup { .. }) | None, None) => {
            let choice = EsiaChoice { settings: esia, people: esia_people };
            serve(&installation, listen, (&choice, Apps::new(apps), package), &mut out).await
        }
    };
    if seals {
        installation.seal_at_the_end().await;
    }
    installation.close().await;
    done
}

/// Serves the pages until it is told to stop.
async fn serve(
    installation: &Installation,
    listen: SocketAddr,
    (choice, apps, package): (&EsiaChoice, Apps, Option<Package>),
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let server = Server::bind(listen).await?;
    let esia = Esia::open(installation, choice, server.address()).await?;
    match installation.announce(server.address(), &esia, out).await {
        // whoever started it does not read on; that is no reason not to serve
        Err(StartError::Output(error)) => tracing::warn!("the address was not printed: {error}"),
        told => told?,
    }
    let router = web::router(installation, esia, apps, package);
    tokio::select! {
        () = server.run(router, portal::serve::stop_signal()) => Ok(()),
        () = installation.keep_forgetting() => Ok(()),
        () = installation.keep_sealing() => Ok(()),
        error = installation.until_keys_lack() => Err(error.into()),
    }
}
