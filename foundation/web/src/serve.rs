//! The loop that takes connections. `axum::serve` waits for ever for a slow header and for ever on open streams; this has a number
//! for both, and one for connections.

use axum::{Router, extract::ConnectInfo};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::ServiceExt;

/// A header that is not whole by then closes its connection.
const HEADER: Duration = Duration::from_secs(10);
/// Requests under way have so long after the stop.
const LAST: Duration = Duration::from_secs(10);

/// Serves until `stop`, with at most `most` connections at once, then lets what is under way end.
pub async fn serve(listener: TcpListener, app: Router, most: usize, stop: impl Future<Output = ()>) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER).max_buf_size(64 << 10);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .max_concurrent_streams(64)
        .max_header_list_size(32 << 10);
    let (open, seats) = (GracefulShutdown::new(), Arc::new(Semaphore::new(most)));
    tokio::pin!(stop);
    loop {
        let seat = tokio::select! {
            seat = seats.clone().acquire_owned() => seat.expect("the semaphore is never closed"),
            () = &mut stop => break,
        };
        let connection = tokio::select! { accepted = listener.accept() => accepted, () = &mut stop => break };
        let Ok((tcp, peer)) = connection else {
            // Out of file handles, most likely: a moment helps.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = tcp.set_nodelay(true);
        let service = app.clone().map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            request.map(axum::body::Body::new)
        });
        let served =
            open.watch(builder.serve_connection_with_upgrades(TokioIo::new(tcp), TowerToHyperService::new(service)).into_owned());
        tokio::spawn(async move {
            // A broken connection is the other side's business.
            let _ = served.await;
            drop(seat);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST, open.shutdown()).await;
}
