//! The server that is measured: the same program, started as a child, with its CPU time and memory as the kernel counts them.

use crate::command::Failed;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server; stopped with its value.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From exec until it listened.
    pub started_in: Duration,
}

impl Server {
    /// Starts `songhan serve` on these.
    pub fn start(data: &Path, pack: &Path, database: &str) -> Result<Self, Failed> {
        let begun = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--limits", "off", "--database", database])
            .arg("--data")
            .arg(data)
            .arg("--pack")
            .arg(pack)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or_else(|| Failed("the server has no output".to_owned()))?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        match line.rsplit_once("http://").and_then(|(_, address)| address.trim().parse().ok()) {
            Some(address) => Ok(Self { child, address, started_in: begun.elapsed() }),
            None => {
                let _ = child.kill();
                Err(Failed(format!("the measured server did not start: `{}`", line.trim())))
            }
        }
    }

    /// User and system time so far, in milliseconds: the kernel counts in hundredths of a second.
    pub fn cpu_ms(&self) -> Result<f64, Failed> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name stands in brackets and may hold spaces.
        let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks: u32 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u32>().ok()).sum();
        Ok(f64::from(ticks) * 10.0)
    }

    /// Resident memory, in MiB.
    pub fn resident_mib(&self) -> Result<f64, Failed> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().unwrap_or_default();
        Ok(kib / 1024.0)
    }

    /// Waits until its work of the start (verification, seals, terms that ran out) is done: a second and a half of quiet.
    pub fn settles(&self, at_most: Duration) -> Result<Duration, Failed> {
        let begun = Instant::now();
        let (mut before, mut quiet) = (self.cpu_ms()?, 0);
        while quiet < 3 && begun.elapsed() < at_most {
            std::thread::sleep(Duration::from_millis(500));
            let now = self.cpu_ms()?;
            quiet = if now - before <= 20.0 { quiet + 1 } else { 0 };
            before = now;
        }
        Ok(begun.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
