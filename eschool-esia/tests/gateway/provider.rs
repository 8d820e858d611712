//! The provider, as a process of its own.

use std::{path::PathBuf, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};
use url::Url;

/// A provider that runs; it ends with this value.
pub(crate) struct Provider {
    pub(crate) base: Url,
    process: Child,
    /// The process ends when this does, however the test ends.
    _input: ChildStdin,
    /// Never read again, but whatever the provider still says must not fail.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Provider {
    /// On a port of its own.
    pub(crate) async fn run() -> Self {
        Self::on(0).await
    }

    async fn on(port: u16) -> Self {
        let folder = std::env::var_os("GATEWAY_PROVIDER").map(PathBuf::from);
        let folder = folder.expect("`cargo xtask test --only gateway` sets GATEWAY_PROVIDER");
        let mut node = Command::new("node");
        node.arg("provider.mjs").arg(port.to_string()).current_dir(folder);
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = node.spawn().expect("node starts");
        let input = process.stdin.take().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        loop {
            let line = lines.next_line().await.unwrap().expect("the provider tells its address");
            if let Some(base) = line.starts_with("http://").then(|| line.parse().unwrap()) {
                return Self { base, process, _input: input, _output: lines };
            }
        }
    }

    /// Another one in its place, with other keys and without its memory.
    pub(crate) async fn start_again(mut self) -> Self {
        let port = self.base.port().unwrap();
        self.process.kill().await.unwrap();
        Self::on(port).await
    }

    /// As it names itself: without the slash that an address has.
    pub(crate) fn issuer(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }
}
