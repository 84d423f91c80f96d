//! The loop that takes connections, over real sockets.

use crate::world::World;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

#[tokio::test]
async fn a_request_is_answered_and_the_stop_ends_the_loop() {
    let world = World::plain();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let loop_ = tokio::spawn(web::serve(listener, world.app.clone(), 8, async { drop(stopped.await) }));
    let mut tcp = TcpStream::connect(at).await.unwrap();
    tcp.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut all = String::new();
    tcp.read_to_string(&mut all).await.unwrap();
    assert!(all.starts_with("HTTP/1.1 200 OK") && all.contains("</html>"), "{all}");
    // A connection that only waits must not hold the stop back for long.
    let _idle = TcpStream::connect(at).await.unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(12), loop_).await.expect("it ended in time").unwrap();
}
