//! Connections: accepted, timed out, and finished when the portal stops.

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{net::TcpListener, time::timeout};
use tower_service::Service as _;

use crate::{start::StartError, web::Peer};

/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);

/// How long answers that are under way may take once the portal is told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// How long to wait where the system has no connection to give, as when files run out.
const BREATH: Duration = Duration::from_millis(100);

/// A bound address.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the address; port 0 takes a free one.
    ///
    /// # Errors
    /// [`StartError::Listen`] where the address is taken or not of this machine.
    pub async fn bind(address: SocketAddr) -> Result<Self, StartError> {
        let failed = |error| StartError::Listen { address, error };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The address, with the port that was taken.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready, then lets the answers under way be finished.
    pub async fn run(self, router: Router, stop: impl Future<Output = ()>) {
        let connections = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, peer)) = accepted else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let router = router.clone();
            let answer = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(Peer(peer.ip()));
                let answer = router.clone().call(request.map(Body::new));
                async move { answer.await.map_err(|never: Infallible| never) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .serve_connection(TokioIo::new(stream), answer);
            let connection = connections.watch(connection);
            // a connection that breaks off is its client's affair
            tokio::spawn(async move { drop(connection.await) });
        }
        drop(self.listener);
        if timeout(FAREWELL, connections.shutdown()).await.is_err() {
            tracing::warn!("stopped with answers still under way");
        }
    }
}

/// Ready when the operator (SIGINT) or the system (SIGTERM) tells the portal to stop.
pub async fn stop_signal() {
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
    tracing::info!("stopping");
}
