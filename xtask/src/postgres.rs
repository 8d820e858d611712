//! A private PostgreSQL for checks: a cluster of its own in a temporary folder, on 127.0.0.1.
//!
//! It is a child of this program and of its process group, so that whoever interrupts the chore
//! interrupts the server too. What it keeps is not for keeping: it runs without fsync, but where it
//! is checked what a restart leaves.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use eschool_store::ambient::{Entropy as _, OsEntropy};

use crate::command;
use crate::debian::{self, is_root};
use crate::report::Stop;

/// Names a server of the operator's own, which is then used instead.
pub(crate) const URL_VARIABLE: &str = "ESCHOOL_TEST_PG_URL";
/// Of whatever version the system has.
const PACKAGE: &str = "postgresql";
/// Where Debian keeps its versions.
const VERSIONS: &str = "/usr/lib/postgresql";
const PATIENCE: Duration = Duration::from_secs(60);
const USER: &str = "eschool";

/// A server for checks: a private one that ends with this value, or the operator's.
#[derive(Debug)]
pub(crate) struct Server {
    url: String,
    /// Dropped with this value; none where the server is the operator's.
    cluster: Option<Cluster>,
}

/// How a server is stopped before it is started anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopping {
    /// As if the power failed: what it had in memory is read from its log.
    Immediate,
    /// Sessions are ended.
    Fast,
}

#[derive(Debug)]
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// Whether it waits for the disk.
    durable: bool,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// The operator's server where one is named, else a private one.
    ///
    /// # Errors
    /// [`Stop::Skipped`] if PostgreSQL is not there and cannot be added, [`Stop::Failed`] if it does
    /// not start.
    pub(crate) fn start() -> Result<Self, Stop> {
        if let Some(url) = std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty()) {
            println!("using the server that {URL_VARIABLE} names");
            return Ok(Self { url, cluster: None });
        }
        Self::private(false)
    }

    /// A private server that keeps what it has acknowledged, whatever becomes of it.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub(crate) fn durable() -> Result<Self, Stop> {
        Self::private(true)
    }

    fn private(durable: bool) -> Result<Self, Stop> {
        let programs = programs()?;
        let folder = std::env::temp_dir().join(format!("eschool-postgres-{}", random()));
        // Nobody else looks at the password, nor at what is in the database.
        let made = fs::DirBuilder::new().mode(0o700).create(&folder);
        made.map_err(|error| failed("no folder for the cluster", &error))?;
        let mut cluster = Cluster { programs, folder, durable, port: 0, process: None };
        let url = cluster.start()?;
        Ok(Self { url, cluster: Some(cluster) })
    }

    /// Stops a private server and starts it anew; tells when it took connections again.
    ///
    /// # Errors
    /// [`Stop::Failed`] if it does not stop or does not start.
    pub(crate) fn restart(&mut self, how: Stopping) -> Result<Instant, Stop> {
        let cluster = self.cluster.as_mut();
        let cluster = cluster.ok_or_else(|| Stop::Failed("the server is not ours".into()))?;
        cluster.stop(how)?;
        cluster.spawn()?;
        let since = cluster.answers()?;
        since.ok_or_else(|| Stop::Failed("PostgreSQL does not start again".into()))
    }

    /// Where it is, with name and password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Cluster {
    fn start(&mut self) -> Result<String, Stop> {
        let password = random();
        let file = self.folder.join("password");
        fs::write(&file, &password).map_err(|error| failed("no password file", &error))?;
        if is_root() {
            command::quietly(Command::new("chown").args(["-R", "postgres"]).arg(&self.folder))?;
        }
        let data = self.folder.join("data");
        let mut initdb = self.program("initdb");
        initdb.args(["--username", USER, "--auth", "scram-sha-256", "--encoding", "UTF8"]);
        initdb.args(["--locale", "C", "--no-sync", "--pwfile"]).arg(&file);
        command::quietly(initdb.arg("--pgdata").arg(&data))?;
        fs::remove_file(&file).map_err(|error| failed("the password file stays", &error))?;

        // Somebody else may take the port between asking for it and using it.
        for _ in 0..3 {
            self.port = free_port().map_err(|error| failed("no free port", &error))?;
            self.spawn()?;
            if self.answers()?.is_some() {
                let port = self.port;
                println!("a private PostgreSQL listens on 127.0.0.1:{port}");
                return Ok(format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres"));
            }
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(Stop::Failed(format!("PostgreSQL does not start:\n{log}")))
    }

    /// Starts the server's process.
    fn spawn(&mut self) -> Result<(), Stop> {
        let mut server = self.program("postgres");
        server.arg("-D").arg(self.folder.join("data"));
        let sync = if self.durable { "on" } else { "off" };
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            &format!("fsync={sync}"),
            &format!("full_page_writes={sync}"),
            "max_connections=200",
            &format!("port={}", self.port),
        ] {
            server.args(["-c", setting]);
        }
        let log = fs::File::create(self.folder.join("log"));
        let log = log.map_err(|error| failed("no log for the cluster", &error))?;
        let server = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(server.spawn().map_err(|error| failed("PostgreSQL", &error))?);
        Ok(())
    }

    /// Stops it, if it runs, and waits until it is gone.
    fn stop(&mut self, how: Stopping) -> Result<(), Stop> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        let mode = match how {
            Stopping::Immediate => "immediate",
            Stopping::Fast => "fast",
        };
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "-w", "-m", mode, "-D"]).arg(self.folder.join("data"));
        let stopped = command::quietly(&mut stop);
        if stopped.is_err() {
            drop(process.kill());
        }
        drop(process.wait());
        stopped.map(drop)
    }

    /// Waits until the server answers, and tells since when it does at the latest; none if it ended
    /// instead.
    fn answers(&mut self) -> Result<Option<Instant>, Stop> {
        let deadline = Instant::now() + PATIENCE;
        let port = self.port.to_string();
        loop {
            let asked = Instant::now();
            if asked >= deadline {
                return Err(Stop::Failed("PostgreSQL does not answer".into()));
            }
            let ended = self.process.as_mut().map(Child::try_wait);
            if !matches!(ended, Some(Ok(None))) {
                return Ok(None);
            }
            let mut ready = self.program("pg_isready");
            if command::probe(ready.args(["-q", "-h", "127.0.0.1", "-p", &port])).is_some() {
                return Ok(Some(asked));
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// One of PostgreSQL's programs; they refuse to be root's.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // The folder this program was started in may be closed to the other user.
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.stop(Stopping::Immediate));
        // What cannot be removed is the system's to clean: it lies in its temporary folder.
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// The folder of PostgreSQL's programs, installed first where they are not there.
///
/// # Errors
/// [`Stop::Skipped`] if they cannot be had.
pub(crate) fn programs() -> Result<PathBuf, Stop> {
    if let Some(programs) = newest(Path::new(VERSIONS)) {
        return Ok(programs);
    }
    debian::install(&[PACKAGE])?;
    newest(Path::new(VERSIONS))
        .ok_or_else(|| Stop::Skipped(format!("{PACKAGE} is installed, but has no programs")))
}

/// The programs of the newest version there.
fn newest(versions: &Path) -> Option<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    fs::read_dir(versions)
        .ok()?
        .flatten()
        .filter_map(|entry| Some((version(&entry.path())?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max()
        .map(|(_, programs)| programs)
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn random() -> String {
    let mut bytes = [0; 16];
    OsEntropy.fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

fn failed(what: &str, error: &std::io::Error) -> Stop {
    Stop::Failed(format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_with_programs_is_taken() {
        let folder = std::env::temp_dir().join(format!("eschool-versions-{}", random()));
        assert_eq!(newest(&folder), None);
        for version in ["9", "15", "13", "notes"] {
            fs::create_dir_all(folder.join(version).join("bin")).unwrap();
            if version != "15" {
                fs::write(folder.join(version).join("bin").join("initdb"), "").unwrap();
            }
        }
        assert_eq!(newest(&folder), Some(folder.join("13").join("bin")));
        fs::remove_dir_all(folder).unwrap();
    }
}
