//! The real program as a child: started on a free port, spoken to over HTTP, killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A folder of one test, gone with its value.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let base = if Path::new("/dev/shm").is_dir() { PathBuf::from("/dev/shm") } else { std::env::temp_dir() };
        let path = base.join(format!("songhan-it-{}", kernel::Key::random().as_str()));
        std::fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program with its arguments, in a clean environment.
pub fn songhan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_songhan"));
    command.args(arguments).env_clear().env("RUST_LOG", "warn").stdin(Stdio::null());
    command
}

/// The sample pack.
pub fn sample() -> String {
    crate::house::root().join("packs/sample").display().to_string()
}

/// A server that runs; killed with its value.
pub struct Server {
    child: Child,
    /// The lines of its log, until it ends.
    log: Receiver<String>,
    pub address: SocketAddr,
    /// From exec until it said where it listens.
    pub started_in: Duration,
}

impl Server {
    /// Starts a server on this data folder and waits until it says where it listens.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &sample(), &[])
    }

    /// The same with another pack and more environment.
    pub fn start_with(data: &Path, pack: &str, environment: &[(&str, &str)]) -> Self {
        let (data, begun) = (data.display().to_string(), Instant::now());
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--limits", "off", "--data", &data, "--pack", pack];
        let mut child = songhan(&arguments)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (written, log) = channel();
        let errors = BufReader::new(child.stderr.take().expect("it has a log"));
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                eprintln!("{line}");
                let _ = written.send(line);
            }
        });
        let mut lines = BufReader::new(child.stdout.take().expect("it has an output"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("it says something");
        let address = line.rsplit_once("http://").and_then(|(_, address)| address.trim().parse().ok());
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        match address {
            Some(address) => Self { child, log, address, started_in: begun.elapsed() },
            None => panic!("it does not say where it listens: `{line}`, {:?}", child.wait()),
        }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a line of its log says this.
    pub fn hears(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            match self.log.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(words) => return,
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("it ended, and never said `{words}`"),
                Err(RecvTimeoutError::Timeout) => panic!("within a minute it did not say `{words}`"),
            }
        }
    }

    /// Asks for a path: status and whole answer.
    pub fn get(&self, path: &str) -> (u16, String) {
        let answer = self.send(format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).as_bytes());
        answer.unwrap_or_else(|e| panic!("GET {path}: {e}"))
    }

    /// Asks for a path with cookies.
    pub fn get_with(&self, path: &str, cookies: &str) -> (u16, String) {
        let asked = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {cookies}\r\n\r\n", self.address);
        self.send(asked.as_bytes()).unwrap_or_else(|e| panic!("GET {path}: {e}"))
    }

    /// Signs an official in, as a browser without script would; her cookies.
    pub fn signs_in(&self, name: &str, password: &str) -> String {
        let (_, page) = self.get("/sign-in");
        let mut cookies = cookies_of(&page);
        let tokens = testkit::tags(&page);
        let token = tokens.iter().find(|tag| tag.get("name") == Some("token")).and_then(|tag| tag.get("value"));
        let said = format!("token={}&sign_in={name}&password={password}", token.expect("the form has a token"));
        let asked = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{said}",
            self.address,
            cookies.join("; "),
            said.len()
        );
        let (status, answer) = self.send(asked.as_bytes()).expect("an answer");
        assert_eq!(status, 303, "{answer}");
        cookies.extend(cookies_of(&answer));
        cookies.join("; ")
    }

    /// Posts JSON under an idempotency key; an error when the connection broke.
    pub fn post_json(&self, path: &str, key: &str, json: &str) -> std::io::Result<(u16, String)> {
        post_json(self.address, path, key, json)
    }

    /// Sends bytes and reads the whole answer.
    pub fn send(&self, bytes: &[u8]) -> std::io::Result<(u16, String)> {
        send(self.address, bytes)
    }

    /// Kills it as a power cut would: nothing of it runs any more.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop, and waits: the exit status and how long it took.
    pub fn stop(mut self) -> (std::process::ExitStatus, Duration) {
        let begun = Instant::now();
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(kill.success());
        let status = self.child.wait().expect("it ends");
        (status, begun.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The cookies that an answer sets.
pub fn cookies_of(answer: &str) -> Vec<String> {
    let head = answer.lines().take_while(|line| !line.trim().is_empty());
    let set = head.filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")));
    set.filter_map(|(_, value)| Some(value.split(';').next()?.to_owned())).collect()
}

/// Posts JSON to an address.
pub fn post_json(address: SocketAddr, path: &str, key: &str, json: &str) -> std::io::Result<(u16, String)> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    );
    send(address, request.as_bytes())
}

/// Sends bytes and reads the whole answer: its status and its text.
pub fn send(address: SocketAddr, bytes: &[u8]) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(bytes)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.map(|status| (status, text)).ok_or_else(|| std::io::Error::other("no answer"))
}
