//! The work on a picture, apart: in a child process with bounded memory, processor time and patience, one at a time. A decoder that
//! a hostile file leads astray takes its own process down and nothing else.
//!
//! The child is this program called again with a hidden word (`songhan picture`): it reads the file from standard input and writes
//! one answer to standard output ([`serve_child`]). The limits are set by the shell, since calling `setrlimit` ourselves needs
//! `unsafe`, which this house forbids.

use crate::{MAX_BYTES, Picture, Refusal, reencode};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;

/// The child's address space, in KiB.
const MEMORY_KIB: u32 = 768 * 1024;
/// The child's processor time, in seconds.
const CPU_SECONDS: u32 = 20;
/// How long we wait for a child.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many pictures may wait; beyond that the sender is asked to come back.
const MAX_WAITING: usize = 64;
/// The first bytes of a child's good answer.
const MAGIC: &[u8; 4] = b"SHP1";

/// Where pictures are worked on, and the count of that work, kept apart from all other counts.
#[derive(Debug)]
pub struct Workshop {
    program: Option<PathBuf>,
    seat: Semaphore,
    waiting: AtomicUsize,
    done: AtomicU64,
    refused: AtomicU64,
    killed: AtomicU64,
}

/// What the workshop did since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pictures made.
    pub done: u64,
    /// Files refused.
    pub refused: u64,
    /// Children that were ended, or died.
    pub killed: u64,
    /// Pictures waiting now.
    pub waiting: usize,
}

impl Workshop {
    /// Works in children of `program`, which must answer the word `picture` by calling [`serve_child`].
    #[must_use]
    pub fn apart(program: PathBuf) -> Self {
        Self { program: Some(program), ..Self::here() }
    }

    /// Works in this process, on a thread for blocking work. For tests, whose program cannot call itself.
    #[must_use]
    pub const fn here() -> Self {
        Self {
            program: None,
            seat: Semaphore::const_new(1),
            waiting: AtomicUsize::new(0),
            done: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            killed: AtomicU64::new(0),
        }
    }

    /// The counts since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            done: self.done.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            killed: self.killed.load(Ordering::Relaxed),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    /// Makes one picture safe; waits for its turn.
    ///
    /// # Errors
    /// When the bytes are no picture that we take, or too many are waiting.
    pub async fn reencode(&self, bytes: Vec<u8>) -> Result<Picture, Refusal> {
        // What the header already refuses costs no child and no turn.
        let result = match crate::size(&bytes) {
            Ok(_) => self.in_turn(bytes).await,
            Err(refusal) => Err(refusal),
        };
        let counter = if result.is_ok() { &self.done } else { &self.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        result
    }

    async fn in_turn(&self, bytes: Vec<u8>) -> Result<Picture, Refusal> {
        struct Waiting<'a>(&'a AtomicUsize);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _counted = Waiting(&self.waiting);
        if before >= MAX_WAITING {
            return Err(Refusal::Busy);
        }
        let _seat = self.seat.acquire().await.map_err(|_| Refusal::Busy)?;
        let Some(program) = &self.program else {
            return tokio::task::spawn_blocking(move || reencode(&bytes)).await.unwrap_or(Err(Refusal::Broken));
        };
        let answer = tokio::time::timeout(PATIENCE, ask_child(program, bytes)).await;
        match answer {
            Ok(Some(result)) => result,
            Ok(None) | Err(_) => {
                self.killed.fetch_add(1, Ordering::Relaxed);
                Err(Refusal::TooHard)
            }
        }
    }
}

/// The child's answer; `None` when it died without one. Dropping the future kills the child.
async fn ask_child(program: &PathBuf, bytes: Vec<u8>) -> Option<Result<Picture, Refusal>> {
    let script = format!("ulimit -v {MEMORY_KIB}; ulimit -t {CPU_SECONDS}; ulimit -c 0; exec \"$0\" picture");
    let mut child = tokio::process::Command::new("/bin/sh")
        .arg("-c")
        .arg(script)
        .arg(program)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let (mut to, from) = (child.stdin.take()?, child.stdout.take()?);
    let send = async move {
        // A child that refuses early closes its end: its answer counts, not this error.
        let _ = to.write_all(&bytes).await;
        let _ = to.shutdown().await;
    };
    let receive = async move {
        let mut answer = Vec::new();
        from.take(MAX_BYTES as u64).read_to_end(&mut answer).await.map(|_| answer)
    };
    let ((), answer) = tokio::join!(send, receive);
    let good = child.wait().await.ok()?.success();
    if good { read_answer(&answer.ok()?) } else { None }
}

/// The child's whole life: reads a file from `input`, writes the answer to `output`.
///
/// # Errors
/// When the answer cannot be written.
pub fn serve_child(input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    output.write_all(&write_answer(&reencode(&bytes)))?;
    output.flush()
}

fn write_answer(result: &Result<Picture, Refusal>) -> Vec<u8> {
    match result {
        Err(refusal) => refusal.key().as_bytes().to_vec(),
        Ok(picture) => {
            let mut out = MAGIC.to_vec();
            for number in [picture.width, picture.height, picture.thumb_width, picture.thumb_height, picture.jpeg.len() as u32] {
                out.extend(number.to_le_bytes());
            }
            out.extend(&picture.jpeg);
            out.extend(&picture.thumb);
            out
        }
    }
}

fn read_answer(answer: &[u8]) -> Option<Result<Picture, Refusal>> {
    let Some(rest) = answer.strip_prefix(MAGIC) else {
        return Refusal::from_key(std::str::from_utf8(answer).ok()?).map(Err);
    };
    let number = |i: usize| Some(u32::from_le_bytes(rest.get(i * 4..i * 4 + 4)?.try_into().ok()?));
    let (jpeg, thumb) = rest.get(20..)?.split_at_checked(number(4)? as usize)?;
    let picture = Picture {
        width: number(0)?,
        height: number(1)?,
        thumb_width: number(2)?,
        thumb_height: number(3)?,
        jpeg: jpeg.to_vec(),
        thumb: thumb.to_vec(),
    };
    // Whatever the child became, only a JPEG leaves it.
    let sound = crate::sniff(&picture.jpeg) == Ok(crate::Kind::Jpeg) && crate::sniff(&picture.thumb) == Ok(crate::Kind::Jpeg);
    sound.then_some(Ok(picture))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        for refusal in Refusal::ALL {
            assert_eq!(read_answer(&write_answer(&Err(refusal))), Some(Err(refusal)));
        }
        let jpeg = vec![0xff, 0xd8, 0xff, 0xd9];
        let picture = Picture { jpeg: jpeg.clone(), width: 3, height: 4, thumb: jpeg, thumb_width: 1, thumb_height: 2 };
        let whole = write_answer(&Ok(picture.clone()));
        assert_eq!(read_answer(&whole), Some(Ok(picture)));
        for end in 0..whole.len() - 3 {
            assert!(!matches!(read_answer(&whole[..end]), Some(Ok(_))), "an answer cut at {end} passed");
        }
        assert_eq!(read_answer(b"hello"), None);
    }
}
