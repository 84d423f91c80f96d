//! The process is killed at any moment of its work, and nothing that it acknowledged is lost, halved or doubled: F1, F11 and bar 3.
//!
//! When it dies is drawn from a seed that a failed test names; what the machine does in the meantime does not come again with it.

use crate::process::{STARTS_WITHIN, code_of, opened, report, verifies, verifies_in};
use crate::program::{Folder, Server, post_json, sample, send, songhan};
use db::test::TestDb;
use db::test::chance::{Dice, fresh_seed, rounds};
use files::Hash;
use kernel::Key;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

/// A SQLite file in this folder.
fn sqlite_in(data: &Path) -> String {
    format!("sqlite:{}", data.join("songhan.db").display())
}

/// A fresh PostgreSQL database, and how it is named; `None` where there is no server.
fn postgresql() -> Option<(TestDb, String)> {
    let mut kept = db::test::postgres(&manifest::House::new(songhan::capabilities::all()).migrations())?;
    let url = kept.shut().url;
    Some((kept, url))
}

/// The kills of one life of the data: a longer test lives several lives, or the journal that is verified after each kill would grow
/// until nobody waits for the end. One takes two minutes on two busy cores: the thousand kills of the long form take twenty.
const LIFE: usize = 100;

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost_and_nothing_doubled() {
    for _ in 0..rounds(1, 10) {
        let folder = Folder::new();
        killed_at_any_moment(&folder.0, &sqlite_in(&folder.0), rounds(30, LIFE));
    }
}

#[test]
fn killed_at_any_moment_nothing_is_lost_or_doubled_on_postgresql_which_stays() {
    for _ in 0..rounds(1, 3) {
        let Some((_kept, database)) = postgresql() else { return };
        let folder = Folder::new();
        killed_at_any_moment(&folder.0, &database, rounds(20, LIFE));
    }
}

/// F1: eight writers, the process killed at random moments of their sending. Nothing that was acknowledged is lost, nothing is doubled when it is sent
/// again under its key, journal and files verify after each kill, and the next start is quick.
fn killed_at_any_moment(data: &Path, database: &str, rounds: usize) {
    let mut dice = Dice::of(fresh_seed());
    let environment = [("SONGHAN_DATABASE", database)];
    // Every key that was ever sent, with the code that was acknowledged for it.
    let sent: Arc<Mutex<BTreeMap<String, Option<String>>>> = Arc::default();
    // The codes that were acknowledged in the last round.
    let fresh: Arc<Mutex<Vec<String>>> = Arc::default();
    for round in 0..rounds {
        let server = Server::start_with(data, &sample(), &environment);
        assert!(server.started_in < STARTS_WITHIN, "round {round}: started in {:?}", server.started_in);
        for code in std::mem::take(&mut *fresh.lock().expect("no writer panics")) {
            let (status, answer) = server.get(&format!("/api/v1/reports/{code}"));
            assert_eq!(status, 200, "round {round}: {code} was acknowledged before the kill, and is gone: {answer}");
        }
        let (address, over) = (server.address, Arc::new(AtomicBool::new(false)));
        let (happens, happened) = channel();
        let writers: Vec<_> = (0..8)
            .map(|_| {
                let (sent, fresh, over, happens) = (sent.clone(), fresh.clone(), over.clone(), happens.clone());
                let mut dice = dice.another();
                std::thread::spawn(move || {
                    let mut n = 0;
                    while !over.load(Ordering::Relaxed) {
                        // Every third time something is sent again: what nobody acknowledged, or what somebody did.
                        let again = n % 3 == 2;
                        let again = again.then(|| some_key(&sent.lock().expect("no writer panics"), &mut dice)).flatten();
                        let key = again.unwrap_or_else(|| Key::random().as_str().to_owned());
                        sent.lock().expect("no writer panics").entry(key.clone()).or_insert(None);
                        n += 1;
                        let _ = happens.send(());
                        let Ok((status, answer)) = post_json(address, "/api/v1/reports", &key, &report(&key)) else { continue };
                        if status != 200 {
                            // A body that was cut has no status of ours; a refusal is a finding.
                            assert!(status == 503, "{status}: {answer}");
                            continue;
                        }
                        if !answer.contains("\"code\"") {
                            continue; // cut between head and body
                        }
                        let code = code_of(&answer);
                        let mut sent = sent.lock().expect("no writer panics");
                        let known = sent.insert(key.clone(), Some(code.clone())).flatten();
                        fresh.lock().expect("no writer panics").push(code.clone());
                        assert!(known.is_none_or(|known| known == code), "key {key} has two codes");
                        let _ = happens.send(());
                    }
                })
            })
            .collect();
        drop(happens);
        // So many are sent or acknowledged, however busy the machine is; then at any moment before the next.
        let _ = happened.iter().take(20 + dice.below(80)).count();
        let _ = happened.recv_timeout(Duration::from_micros(dice.below(5_000) as u64));
        server.kill();
        over.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().expect("a writer saw something wrong");
        }
        verifies_in(data, &environment);
    }
    let sent = sent.lock().expect("no writer panics").clone();
    let acknowledged = sent.values().flatten().count();
    assert!(acknowledged > 100, "only {acknowledged} reports were acknowledged: the test tested little");
    let server = Server::start_with(data, &sample(), &environment);
    for (key, code) in &sent {
        let (status, answer) = server.post_json("/api/v1/reports", key, &report(key)).expect("an answer");
        assert_eq!(status, 200, "{answer}");
        let now = code_of(&answer);
        assert!(code.as_ref().is_none_or(|code| *code == now), "key {key}: {code:?} was acknowledged, {now} is there");
    }
    drop(server);
    assert_eq!(cases_in(database), sent.len() as i64, "each key has exactly one report");
    verifies_in(data, &environment);
}

#[test]
fn one_key_ten_times_over_four_connections_with_a_kill_in_between_is_one_report() {
    let folder = Folder::new();
    one_key_ten_times(&folder.0, &sqlite_in(&folder.0));
}

#[test]
fn one_key_ten_times_over_four_connections_with_a_kill_in_between_is_one_report_on_postgresql() {
    let Some((_kept, database)) = postgresql() else { return };
    let folder = Folder::new();
    one_key_ten_times(&folder.0, &database);
}

/// Bar 3: the same key is sent ten times over four connections, and the process is killed and started again in between. There is one
/// report, and every answer that comes, before the kill and after it, names the same code and the same private link.
fn one_key_ten_times(data: &Path, database: &str) {
    const SENDS: [usize; 4] = [3, 3, 2, 2];
    let mut dice = Dice::of(fresh_seed());
    let environment = [("SONGHAN_DATABASE", database)];
    let mut server = Server::start_with(data, &sample(), &environment);
    let (rounds, mut before, mut after) = (rounds(8, 200), 0, 0);
    for round in 0..rounds {
        let key = Key::random();
        let together = Arc::new(Barrier::new(SENDS.len()));
        let (happens, happened) = channel();
        let connections: Vec<_> = SENDS
            .map(|sends| {
                let (addresses, at) = channel();
                addresses.send(server.address).expect("it waits for it");
                let (key, together, happens) = (key.as_str().to_owned(), together.clone(), happens.clone());
                (addresses, std::thread::spawn(move || sends_again_and_again(&key, sends, &at, &together, happens)))
            })
            .into();
        drop(happens);
        // After some of what is sent and answered on the four before the kill; then at any moment before the next.
        let _ = happened.iter().take(1 + dice.below(11)).count();
        let _ = happened.recv_timeout(Duration::from_micros(dice.below(5_000) as u64));
        server.kill();
        server = Server::start_with(data, &sample(), &environment);
        let mut told = BTreeSet::new();
        for (addresses, connection) in connections {
            addresses.send(server.address).expect("it waits for it");
            let (early, late) = connection.join().expect("a connection saw something wrong");
            before += early.len();
            after += late.len();
            told.extend(early.into_iter().chain(late));
        }
        assert_eq!(told.len(), 1, "round {round}: one key is told different things: {told:?}");
        let (code, link) = told.first().expect("it is told something");
        let (status, page) = server.get(link);
        assert!(status == 200 && page.contains(code), "round {round}: {link} opens {code}: {status}");
    }
    assert!(before > 0 && after >= rounds * SENDS.len(), "{before} answers before the kills, {after} after them");
    drop(server);
    assert_eq!(cases_in(database), rounds as i64, "each key has exactly one report");
    verifies_in(data, &environment);
}

/// One of the connections: all its sends but the last before the kill, what is left of them after it. What the answers
/// told, before and after: code and link.
fn sends_again_and_again(
    key: &str,
    sends: usize,
    at: &Receiver<SocketAddr>,
    together: &Barrier,
    happens: Sender<()>,
) -> (Vec<Told>, Vec<Told>) {
    let mut connection = Connection::open(at.recv().expect("it is started"));
    together.wait();
    let (mut early, mut sent) = (Vec::new(), 0);
    while sent + 1 < sends {
        sent += 1;
        let _ = happens.send(());
        // What was cut is not sent here again: it waits for the next process, as a telephone without network does.
        let Ok(told) = connection.posts(key) else { break };
        early.push(told);
        let _ = happens.send(());
    }
    drop(happens);
    let mut connection = Connection::open(at.recv().expect("it is started again"));
    let late = (sent..sends).map(|_| connection.posts(key).expect("an answer")).collect();
    (early, late)
}

/// What an answer says: the code, and the private link without the address of the process, which has another port each time.
type Told = (String, String);

/// A connection that is kept.
struct Connection(BufReader<TcpStream>, SocketAddr);

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        Self(BufReader::new(stream), address)
    }

    /// Sends the report of a key; what the answer says, an error when the connection broke.
    fn posts(&mut self, key: &str) -> std::io::Result<Told> {
        let json = report(key);
        let request = format!(
            "POST /api/v1/reports HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n\
             Content-Length: {}\r\n\r\n{json}",
            self.1,
            json.len()
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            status = status.or_else(|| line.split(' ').nth(1).map(str::to_owned));
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().map_err(std::io::Error::other)?;
                }
                Some(_) => {}
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        let body = String::from_utf8(body).map_err(std::io::Error::other)?;
        assert_eq!(status.as_deref(), Some("200"), "{body}");
        let answer: serde_json::Value = serde_json::from_str(&body)?;
        let said = |field: &str| answer[field].as_str().unwrap_or_else(|| panic!("no {field} in {body}")).to_owned();
        let follow = said("follow");
        Ok((said("code"), follow[follow.find("/f/").expect("a private link")..].to_owned()))
    }
}

fn some_key(sent: &BTreeMap<String, Option<String>>, dice: &mut Dice) -> Option<String> {
    sent.keys().nth(dice.below(sent.len().max(1))).cloned()
}

/// Counts the cases in the database itself.
fn cases_in(database: &str) -> i64 {
    let (count,): (i64,) = opened(database)
        .read_now(db::Lane::Duty, |rd| rd.one("select count(*) from cases", db::args![]))
        .unwrap_or_else(|e: db::Error| panic!("{e}"));
    count
}

/// The files that papers name, one for each paper.
fn papers_in(database: &str) -> Vec<Hash> {
    let files = opened(database).read_now(db::Lane::Duty, |rd| {
        rd.all::<(String,)>("select file from case_papers where file is not null order by case_id, no", db::args![])
    });
    let files = files.unwrap_or_else(|e: db::Error| panic!("{e}"));
    files.iter().map(|(file,)| Hash::parse(file).unwrap_or_else(|| panic!("a paper names `{file}`"))).collect()
}

/// A report with a photo, written in a browser without script: what it sends, however often.
struct Written {
    /// The whole request.
    bytes: Vec<u8>,
    /// Where the photo begins in it.
    photo_at: usize,
}

impl Written {
    /// Opens the form and fills it.
    fn on(server: &Server, n: u32) -> Self {
        let (status, page) = server.get("/report");
        assert_eq!(status, 200);
        let cookies: Vec<&str> = page
            .lines()
            .take_while(|line| !line.trim().is_empty())
            .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")))
            .filter_map(|(_, value)| value.split(';').next())
            .collect();
        let tags = testkit::tags(&page);
        let hidden = |name: &str| {
            let tag = tags.iter().find(|tag| tag.get("name") == Some(name));
            tag.and_then(|tag| tag.get("value")).unwrap_or_else(|| panic!("the form has a field {name}")).to_owned()
        };
        let fields = [
            ("token", hidden("token")),
            ("key", hidden("key")),
            ("category", "pothole".to_owned()),
            ("text", format!("Ổ gà sâu trước nhà số {n}, tối qua có người ngã xe.")),
            ("point", crate::world::SQUARE.to_owned()),
            ("ward", "hoa-binh".to_owned()),
            ("go", "send".to_owned()),
        ];
        let (photo, mut body) = (testkit::photo(n), Vec::new());
        for (name, value) in fields {
            body.extend(format!("--apart\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(
            b"--apart\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
        );
        body.extend(&photo);
        body.extend(b"\r\n--apart--\r\n");
        let head = format!(
            "POST /report HTTP/1.1\r\nHost: sao-mai.example\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: multipart/form-data; boundary=apart\r\nContent-Length: {}\r\n\r\n",
            cookies.join("; "),
            body.len()
        );
        let bytes = [head.into_bytes(), body].concat();
        Self { photo_at: bytes.len() - photo.len() - 13, bytes }
    }

    /// Sends all of it and waits: the private link.
    fn is_received_by(&self, server: &Server) -> String {
        let (status, answer) = send(server.address, &self.bytes).expect("an answer");
        assert_eq!(status, 303, "{answer}");
        location(&answer).expect("it leads to the report")
    }

    /// Sends so many bytes of it.
    fn sends(&self, server: &Server, bytes: usize) -> TcpStream {
        let mut stream = TcpStream::connect(server.address).expect("it listens");
        stream.write_all(&self.bytes[..bytes]).expect("it reads");
        stream
    }
}

/// Where an answer leads, if its line has come.
fn location(answer: &str) -> Option<String> {
    let line = answer.split("\r\n").find_map(|line| {
        line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("location")).map(|(_, to)| to.to_owned())
    });
    line.map(|to| to.split('?').next().unwrap_or_default().to_owned())
}

/// The files that can be seen, and how many are being made.
fn files_in(data: &Path) -> (Vec<PathBuf>, usize) {
    let list =
        |folder: &Path| -> Vec<PathBuf> { std::fs::read_dir(folder).into_iter().flatten().flatten().map(|f| f.path()).collect() };
    let (temporary, folders): (Vec<_>, Vec<_>) =
        list(&data.join("files")).into_iter().partition(|path| path.file_name().is_some_and(|name| name == "temp"));
    (folders.iter().flat_map(|folder| list(folder)).collect(), temporary.iter().map(|folder| list(folder).len()).sum())
}

/// Every file that can be seen is what it is named for; their names.
fn whole_files_in(data: &Path) -> BTreeSet<Hash> {
    let whole = |path: &PathBuf| {
        let part = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = format!("{}{}", part(path.parent().expect("a folder")), part(path));
        let found = Hash::of(&std::fs::read(path).expect("it is read"));
        assert_eq!(found.as_str(), name, "{} can be seen, and is not whole", path.display());
        found
    };
    files_in(data).0.iter().map(whole).collect()
}

/// F11: a whole report with its photo, and the server killed at any moment of it, from the first byte of the photo until after the answer.
/// No paper is without its file, no half file can be seen, nothing temporary outlives the next start; what the browser still holds is sent
/// again, and the report is there once, with its photo.
#[test]
fn killed_in_mid_upload_no_paper_is_without_its_file_and_the_report_is_sent_again() {
    let folder = Folder::new();
    let (data, database) = (&folder.0, sqlite_in(&folder.0));
    let mut dice = Dice::of(fresh_seed());
    let mut server = Server::start(data);
    // How long one takes when nothing happens: the kills are spread over that.
    let first = Written::on(&server, 0);
    let begun = Instant::now();
    first.is_received_by(&server);
    let (span, kills) = (begun.elapsed(), rounds(20, 200));
    let (mut unwritten, mut written) = (0, 0);
    for round in 0..kills {
        let before = 1 + round;
        let report = Written::on(&server, 1 + round as u32);
        let somewhere = |dice: &mut Dice| report.photo_at + dice.below(report.bytes.len() - report.photo_at - 1);
        // The client goes: a photo that did not come to its end leaves nothing.
        drop(report.sends(&server, somewhere(&mut dice)));
        // The server goes. A fifth of the kills fall into the sending, a fifth come after the answer, the others in between.
        let moment = (round * 1_000 + dice.below(1_000)) as f64 / (kills * 1_000) as f64;
        let mut told = None;
        let held = if moment < 0.2 {
            report.sends(&server, somewhere(&mut dice))
        } else {
            let mut stream = report.sends(&server, report.bytes.len());
            let until = if moment < 0.8 { span.mul_f64((moment - 0.2) / 0.6 * 1.2) } else { Duration::from_secs(20) };
            stream.set_read_timeout(Some(until.max(Duration::from_micros(1)))).expect("a limit");
            let mut answer = [0; 4096];
            let came = stream.read(&mut answer).unwrap_or(0);
            told = location(&String::from_utf8_lossy(&answer[..came]));
            stream
        };
        server.kill();
        drop(held);
        let (papers, files) = (papers_in(&database), whole_files_in(data));
        let missing: Vec<_> = papers.iter().filter(|paper| !files.contains(paper)).collect();
        assert!(missing.is_empty(), "round {round}, killed at {moment:.2}: papers without their files: {missing:?}");
        match papers.len() - before {
            0 => unwritten += 1,
            1 => written += 1,
            more => panic!("round {round}: one report has {more} photos"),
        }
        assert!(told.is_none() || papers.len() > before, "round {round}: {told:?} was acknowledged, and its photo is gone");
        server = Server::start(data);
        assert_eq!(files_in(data).1, 0, "round {round}: a temporary outlived the start");
        let link = report.is_received_by(&server);
        assert!(told.is_none_or(|told| told == link), "round {round}: the same form leads elsewhere");
        assert_eq!(report.is_received_by(&server), link, "round {round}: once more, the same form leads elsewhere");
        let (status, page) = server.get(&link);
        assert_eq!(status, 200, "{page}");
        let photos: Vec<_> = testkit::tags(&page).into_iter().filter(|tag| tag.name == "img").collect();
        let photo = photos.first().and_then(|tag| tag.get("src")).unwrap_or_else(|| panic!("no photo on {link}:\n{page}"));
        assert_eq!((photos.len(), server.get(photo).0), (1, 200), "round {round}: its photo is on the private page");
    }
    assert!(unwritten > 0 && written > 0, "{unwritten} were killed before the row and {written} after it: the moments lie badly");
    drop(server);
    assert_eq!(papers_in(&database).len(), 1 + kills, "each report has its photo once");
    assert_eq!(cases_in(&database), 1 + kills as i64, "each report is there once");
    verifies(data);

    // A bit that flips on the disk is named.
    let file = files_in(data).0.swap_remove(0);
    let mut bytes = std::fs::read(&file).expect("it is read");
    bytes[20] ^= 1;
    std::fs::write(&file, bytes).expect("it is written");
    let out = songhan(&["verify", "--data", &data.display().to_string(), "--pack", &sample()]).output().expect("it runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(!out.status.success() && said.contains(&name) && said.contains("has changed"), "{said}");
}
