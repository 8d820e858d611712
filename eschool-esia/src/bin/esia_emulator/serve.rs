//! Connections: accepted, timed out, and finished when the emulator is told to stop.

use std::time::Duration;

use axum::{Extension, Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::net::TcpListener;

/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(5);

/// How long answers that are under way may take once the emulator is told to stop.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long to wait where the system has no connection to give, as when files run out.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until it is told to stop, then lets the answers under way be finished; told a second time,
/// it waits for nothing.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: Stop) {
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.told() => break,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        // who calls decides whether they may control the emulator
        let calls = router.clone().layer(Extension(ConnectInfo(peer)));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(calls));
        let connection = connections.watch(connection);
        // a connection that breaks off is its client's affair
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    tracing::info!("stopping");
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(FAREWELL) => tracing::warn!("stopped with requests under way"),
        () = stop.told() => {}
    }
}

/// Tells each time that the operator (SIGINT) or the system (SIGTERM) wants the emulator to stop.
pub(crate) struct Stop {
    #[cfg(unix)]
    signals: [Option<tokio::signal::unix::Signal>; 2],
}

impl Stop {
    /// Listens from now on.
    pub(crate) fn listen() -> Self {
        Self {
            #[cfg(unix)]
            signals: {
                use tokio::signal::unix::{SignalKind, signal};
                // one that cannot be listened for ends the process as it always does
                [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok())
            },
        }
    }

    #[cfg(unix)]
    async fn told(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            Some(()) = recv(interrupt) => {}
            Some(()) = recv(terminate) => {}
            else => std::future::pending().await,
        }
    }

    #[cfg(not(unix))]
    async fn told(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

#[cfg(unix)]
async fn recv(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    signal.as_mut()?.recv().await
}
