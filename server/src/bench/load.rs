//! Drives the server: so many HTTP/1.1 connections, each asks, reads the whole answer, and asks again.

use crate::command::Failed;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Makes the next request, whole, as bytes. The number is unique in one run.
pub type Asks = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// What a run of load found.
pub struct Run {
    /// Answers, by the time they took.
    pub took: Vec<Duration>,
    /// How long it ran.
    pub span: Duration,
    /// Bytes of bodies.
    pub bytes: u64,
}

impl Run {
    /// The time within which this share of the answers came, in milliseconds.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in a list
        let at = (self.took.len() as f64 * share) as usize;
        self.took.get(at.min(self.took.len().saturating_sub(1))).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Asks over `connections` connections for `span`.
pub async fn run(address: SocketAddr, connections: u64, span: Duration, asks: &Asks, first: u64) -> Result<Run, Failed> {
    let begun = Instant::now();
    let until = begun + span;
    let mut all = tokio::task::JoinSet::new();
    for number in 0..connections {
        let asks = asks.clone();
        all.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let (mut took, mut bytes, mut n) = (Vec::new(), 0, first + number);
            while Instant::now() < until {
                let request = asks(n);
                let asked = Instant::now();
                let (status, body) = connection.ask(&request).await?;
                if status != 200 {
                    let words = String::from_utf8_lossy(&request);
                    return Err(io::Error::other(format!("{status} for {}", words.lines().next().unwrap_or_default())));
                }
                took.push(asked.elapsed());
                bytes += body as u64;
                n += connections;
            }
            Ok::<_, io::Error>((took, bytes))
        });
    }
    let (mut took, mut bytes) = (Vec::new(), 0);
    while let Some(done) = all.join_next().await {
        let (some, more) = done??;
        took.extend(some);
        bytes += more;
    }
    let span = begun.elapsed();
    took.sort_unstable();
    Ok(Run { took, span, bytes })
}

/// One connection that is kept alive.
struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 << 10) })
    }

    /// Sends a request; status and length of the body, which is read to its end.
    async fn ask(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let head = loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = std::str::from_utf8(&self.read[..head]).map_err(io::Error::other)?;
        let status = text.get(9..12).and_then(|n| n.parse().ok()).ok_or_else(|| io::Error::other("an answer without status"))?;
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let length = length.ok_or_else(|| io::Error::other("an answer without its length"))?;
        while self.read.len() < head + length {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok((status, length))
    }
}

/// Asks once: status and milliseconds.
pub async fn once(address: SocketAddr, request: &[u8]) -> io::Result<(u16, Duration)> {
    let begun = Instant::now();
    let (status, _) = Connection::open(address).await?.ask(request).await?;
    Ok((status, begun.elapsed()))
}
