//! `songhan bench`: what a request costs among a million cases. A fresh database is filled (`seed.rs`), the real server is started on it
//! as a child (`child.rs`) and driven over HTTP (`load.rs`); what group commit is worth is measured apart (`group.rs`).
//!
//! Processor time is what counts: rates and latencies depend on the neighbours, and the generator runs on the same machine.

mod child;
pub mod group;
mod load;
mod seed;
mod texts;

use crate::command::Failed;
use crate::house;
use crate::settings::{Said, Settings};
use access::people::{self, By, NewOfficial};
use child::Server;
use db::{Lane, args};
use feedback::pack::Feedback;
use group::Way;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock, Private, SystemClock};
use load::Asks;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use texts::Dice;

/// What to measure.
pub struct Wanted {
    /// Where the results go as JSON.
    pub json: Option<PathBuf>,
    /// 20,000 cases instead of a million.
    pub quick: bool,
    /// The folder that keeps the filled database for the next time.
    pub keep: Option<PathBuf>,
    /// The pack.
    pub pack: PathBuf,
    /// The database, when it is not a file in the folder.
    pub database: Option<String>,
    /// Seconds of each measurement.
    pub seconds: u64,
}

/// Everything that was found.
#[derive(Serialize)]
struct Found {
    machine: Machine,
    database: String,
    pack: String,
    rows: u64,
    seeded_s: Option<f64>,
    first_answer_ms: f64,
    settled_s: f64,
    resident_idle_mib: f64,
    resident_after_mib: f64,
    results: Vec<Measured>,
    group: Option<Group>,
}

#[derive(Serialize)]
struct Machine {
    processor: String,
    cores: usize,
    kernel: String,
    load: String,
}

/// What one kind of request costs.
#[derive(Serialize)]
struct Measured {
    name: &'static str,
    connections: u64,
    requests: usize,
    per_second: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    /// The server's user and system time for one request.
    cpu_ms: f64,
    kib: f64,
}

/// What group commit is worth.
#[derive(Serialize)]
struct Group {
    syncs_each_at_1: f64,
    syncs_each_at_64: f64,
    per_second_group_1: f64,
    per_second_group_256: f64,
    ratio: f64,
}

/// The folder of a run; gone with its value, unless it is kept.
struct Folder(PathBuf, bool);

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.1 {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Measures, prints, and writes the JSON.
pub(crate) fn run(wanted: &Wanted) -> Result<(), Failed> {
    let rows = if wanted.quick { 20_000 } else { 1_000_000 };
    let folder = match &wanted.keep {
        Some(kept) => Folder(kept.clone(), true),
        None => Folder(std::env::temp_dir().join(format!("songhan-bench-{}", kernel::Key::random().as_str())), false),
    };
    let settings = settings_of(&folder.0, &wanted.pack, wanted.database.as_ref())?;
    house::data_folder(&settings)?;
    let seeded_s = filled(&folder.0, &settings, rows)?;
    let ready = prepare(&settings)?;
    let server = Server::start(&settings.data, &settings.pack, &settings.database)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (status, answered) = runtime.block_on(load::once(server.address, &get("/healthz", "")))?;
    if status != 200 {
        return Err(Failed(format!("the measured server says {status} at /healthz")));
    }
    let first_answer_ms = (server.started_in + answered).as_secs_f64() * 1_000.0;
    let waits = ProgressBar::new_spinner();
    waits.set_message("the server verifies its journal");
    waits.enable_steady_tick(Duration::from_millis(200));
    let settled_s = server.settles(Duration::from_secs(900))?.as_secs_f64();
    waits.finish_and_clear();
    let resident_idle_mib = server.resident_mib()?;
    let mut results = Vec::new();
    for kind in kinds(&ready) {
        results.push(measure(&runtime, &server, &kind, wanted.seconds)?);
        println!("{}", results.last().map(line).unwrap_or_default());
    }
    let resident_after_mib = server.resident_mib()?;
    drop(server);
    let group = grouped(&folder.0, &settings.pack)?;
    let found = Found {
        machine: machine(),
        database: if settings.database.starts_with("sqlite:") { "sqlite".to_owned() } else { "postgresql".to_owned() },
        pack: ready.pack,
        rows,
        seeded_s,
        first_answer_ms,
        settled_s,
        resident_idle_mib,
        resident_after_mib,
        results,
        group: Some(group),
    };
    print(&found);
    if let Some(path) = &wanted.json {
        std::fs::write(path, serde_json::to_string_pretty(&found)? + "\n")?;
    }
    Ok(())
}

fn settings_of(folder: &Path, pack: &Path, database: Option<&String>) -> Result<Settings, Failed> {
    let flags = [
        ("data", Some(folder.display().to_string())),
        ("pack", Some(pack.display().to_string())),
        ("database", database.cloned()),
        ("listen", Some("127.0.0.1:0".to_owned())),
        ("limits", Some("off".to_owned())),
    ];
    Ok(Settings::from_said(&Said::gather(&flags, |_| None, None)?)?)
}

/// Fills the database, unless the kept folder says that it is filled.
fn filled(folder: &Path, settings: &Settings, rows: u64) -> Result<Option<f64>, Failed> {
    let mark = folder.join("seeded");
    let words = format!("{rows} {}\n", settings.database);
    match std::fs::read_to_string(&mark) {
        Ok(there) if there == words => return Ok(None),
        Ok(there) => return Err(Failed(format!("{} holds another filling: {}", folder.display(), there.trim()))),
        Err(_) => {}
    }
    let begun = std::time::Instant::now();
    seed::fill(settings, rows)?;
    std::fs::write(mark, words)?;
    Ok(Some(begun.elapsed().as_secs_f64()))
}

/// What requests are made of.
struct Ready {
    pack: String,
    /// Codes of reports with an answer of their own.
    codes: Vec<String>,
    categories: Vec<String>,
    areas: Vec<(String, kernel::Point)>,
    /// Places in the public list, as links carry them.
    places: Vec<String>,
    /// Cookies of an officer of one unit and of an official who reaches the whole city.
    officer: String,
    dispatcher: String,
}

/// Two officials, and what there is to ask for.
fn prepare(settings: &Settings) -> Result<Ready, Failed> {
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = house::open_database(&house, settings, clock.clone())?;
    let runtime = house::runtime()?;
    let city = runtime.block_on(house::open(settings, db, clock, pack))?;
    let (codes, places) = sampled(&city)?;
    let busiest: (String,) = city
        .db
        .read_now(Lane::Comfort, |rd| {
            rd.one("select unit from case_steps where done_at is null group by unit order by count(*) desc limit 1", args![])
        })
        .map_err(|e: db::Error| Failed(e.to_string()))?;
    let role = |reach| {
        let reads = |role: &&pack::Role| role.permissions.iter().any(|p| p == feedback::may::READ.0);
        let role = city.pack.roles.iter().filter(reads).find(|role| role.reach == reach);
        role.map(|role| role.key.clone()).ok_or_else(|| Failed("the pack has no role that reads reports that far".to_owned()))
    };
    let officer = signed_in(&runtime, &city, &role(pack::Reach::Unit)?, &busiest.0)?;
    let dispatcher = signed_in(&runtime, &city, &role(pack::Reach::City)?, &city.pack.triage)?;
    let today = city.today();
    let ready = Ready {
        pack: city.pack.key.clone(),
        codes,
        categories: Feedback::of(&city.pack).categories.iter().filter(|c| c.is_valid_on(today)).map(|c| c.key.clone()).collect(),
        areas: city.pack.areas.commune_units_on(today).filter_map(|area| Some((area.key.clone(), area.seat?))).collect(),
        places,
        officer,
        dispatcher,
    };
    runtime.block_on(city.db.drain());
    Ok(ready)
}

/// Codes of reports that were lived through here, and places in the public list, from all over the years.
fn sampled(city: &web::City) -> Result<(Vec<String>, Vec<String>), Failed> {
    let now = city.now();
    let filter = cases::Filter { kind: feedback::report::KIND.to_owned(), ..cases::Filter::default() };
    let (mut codes, mut places, mut dice) = (Vec::new(), Vec::new(), Dice::new(7));
    for _ in 0..200 {
        let at = now.before(Duration::from_secs(dice.below(690 * 86_400)));
        let filter = filter.clone();
        let found =
            city.db.read_now(Lane::Comfort, move |rd| cases::published(rd, &filter, cases::After { at, id: i64::MAX }, 100));
        let found = found.map_err(|e: db::Error| Failed(e.to_string()))?;
        places.extend(found.last().map(|case| web::Paging::word(city, case.id)));
        codes.extend(found.into_iter().filter(|case| !case.flags.has(cases::Flags::IMPORTED)).map(|case| case.code));
    }
    if codes.is_empty() || places.is_empty() {
        return Err(Failed("the filled database has no published reports".to_owned()));
    }
    Ok((codes, places))
}

/// An official with a fresh session: the cookie.
fn signed_in(runtime: &tokio::runtime::Runtime, city: &web::City, role: &str, unit: &str) -> Result<String, Failed> {
    let password = kernel::secret::base32(&kernel::secret::random::<16>());
    let sign_in = format!("bench-{}", kernel::secret::base32(&kernel::secret::random::<5>()));
    let new = NewOfficial {
        sign_in: sign_in.clone(),
        name: "Cán bộ đo kiểm".to_owned(),
        role: role.to_owned(),
        unit: unit.to_owned(),
        password: access::password::hash(&Private::new(password.clone())),
        one_time: false,
    };
    let charter = city.access.charter();
    let added = city.db.write_now(Lane::Duty, move |tx| people::add(tx, &charter, &By::CommandLine("songhan bench"), &new));
    added.map_err(|refusal| Failed(format!("an official cannot be added: {refusal:?}")))?;
    let attempt =
        access::Attempt { sign_in, password: Private::new(password), address: None, device: "bench".to_owned(), replaces: None };
    let signed = runtime.block_on(city.access.sign_in(attempt)).map_err(|refusal| Failed(format!("{refusal:?}")))?;
    Ok(format!("{}={}", access::cookie_name(false), signed.token.reveal()))
}

/// A request as a browser makes it.
fn get(path: &str, cookie: &str) -> Vec<u8> {
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Language: vi\r\nAccept-Encoding: gzip, deflate, br\r\n{cookie}\r\n"
    )
    .into_bytes()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

struct Kind {
    name: &'static str,
    connections: u64,
    asks: Asks,
}

/// The kinds of request, in the order in which they are measured: what writes comes last.
fn kinds(ready: &Ready) -> Vec<Kind> {
    let kind = |name, connections, asks: Asks| Kind { name, connections, asks };
    let codes = ready.codes.clone();
    let page: Asks = Arc::new(move |n| get(&format!("/r/{}", codes[Dice::new(n).leaning(codes.len())]), ""));
    let (categories, areas, places) = (ready.categories.clone(), ready.areas.clone(), ready.places.clone());
    let list: Asks = Arc::new(move |n| {
        let mut dice = Dice::new(n);
        let mut path = "/reports?state=".to_owned();
        path.push_str(["", "answered", "archived"][usize::try_from(dice.below(3)).unwrap_or_default()]);
        if dice.below(3) > 0 {
            path.push_str(&format!("&category={}", categories[dice.leaning(categories.len())]));
        }
        if dice.below(3) > 0 {
            path.push_str(&format!("&area={}", areas[dice.leaning(areas.len())].0));
        }
        if dice.below(2) > 0 {
            path.push_str(&format!("&before={}", places[dice.leaning(places.len())]));
        }
        get(&path, "")
    });
    let search: Asks = Arc::new(|n| get(&format!("/reports?q={}", encoded(&texts::searched(&mut Dice::new(n)))), ""));
    let (officer, dispatcher) = (ready.officer.clone(), ready.dispatcher.clone());
    let (categories, areas) = (ready.categories.clone(), ready.areas.clone());
    let run = kernel::secret::base32(&kernel::secret::random::<5>());
    let create: Asks = Arc::new(move |n| report(&run, n, &categories, &areas));
    vec![
        kind("report.page", 8, page),
        kind("report.list", 8, list),
        kind("report.search", 8, search),
        kind("queue.officer", 8, Arc::new(move |_| get("/desk/reports", &officer))),
        kind("queue.dispatcher", 8, Arc::new(move |_| get("/desk/reports", &dispatcher))),
        kind("report.create.1", 1, create.clone()),
        kind("report.create", 64, create),
    ]
}

/// A report over the API, with a key of its own; every third leaves a telephone number of a block that no operator uses.
fn report(run: &str, n: u64, categories: &[String], areas: &[(String, kernel::Point)]) -> Vec<u8> {
    let mut dice = Dice::new(n);
    let (text, address) = texts::report(&mut dice);
    let (_, seat) = &areas[dice.leaning(areas.len())];
    let mut body = serde_json::json!({
        "description": text,
        "category": categories[dice.leaning(categories.len())],
        "lat": seat.lat,
        "long": seat.long,
        "address": address,
    });
    if n.is_multiple_of(3) {
        body["contact"] = serde_json::json!({ "phone": format!("0900{:06}", n % 1_000_000) });
    }
    let body = body.to_string();
    format!(
        "POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nIdempotency-Key: bench-{run}-{n:09}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn measure(runtime: &tokio::runtime::Runtime, server: &Server, kind: &Kind, seconds: u64) -> Result<Measured, Failed> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_message(kind.name);
    bar.enable_steady_tick(Duration::from_millis(200));
    // Numbers of the warming-up are other ones: a key that came before would be a replay.
    let start = u64::from(kind.connections == 1) * 500_000_000;
    let warm = Duration::from_secs((seconds / 5).max(1));
    runtime.block_on(load::run(server.address, kind.connections, warm, &kind.asks, start))?;
    let before = server.cpu_ms()?;
    let found = load::run(server.address, kind.connections, Duration::from_secs(seconds), &kind.asks, start + 100_000_000);
    let found = runtime.block_on(found)?;
    let cpu = server.cpu_ms()? - before;
    bar.finish_and_clear();
    let requests = found.took.len();
    #[allow(clippy::cast_precision_loss)] // counts far below 2^52
    let count = requests.max(1) as f64;
    #[allow(clippy::cast_precision_loss)] // bytes far below 2^52
    let kib = found.bytes as f64 / count / 1024.0;
    Ok(Measured {
        name: kind.name,
        connections: kind.connections,
        requests,
        per_second: count / found.span.as_secs_f64(),
        p50_ms: found.percentile_ms(0.5),
        p95_ms: found.percentile_ms(0.95),
        p99_ms: found.percentile_ms(0.99),
        cpu_ms: cpu / count,
        kib,
    })
}

/// Group 256 against group 1, and syncs for one acknowledgement, in a fresh file.
fn grouped(folder: &Path, pack: &Path) -> Result<Group, Failed> {
    let apart = folder.join("group");
    std::fs::create_dir_all(&apart)?;
    let span = Duration::from_secs(4);
    let of = |group, writers| group::measure(&apart, pack, Way { group, writers, batch_ms: 20 }, span).map_err(Failed);
    let (alone, together, one) = (of(256, 1)?, of(256, 64)?, of(1, 64)?);
    let _ = std::fs::remove_dir_all(&apart);
    Ok(Group {
        syncs_each_at_1: alone.syncs_each(),
        syncs_each_at_64: together.syncs_each(),
        per_second_group_1: one.per_second(),
        per_second_group_256: together.per_second(),
        ratio: together.per_second() / one.per_second(),
    })
}

fn machine() -> Machine {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processor = read("/proc/cpuinfo");
    let processor = processor.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(": "));
    Machine {
        processor: processor.map_or_else(|| "unknown".to_owned(), |(_, name)| name.to_owned()),
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        load: read("/proc/loadavg").split_whitespace().take(3).collect::<Vec<_>>().join(" "),
    }
}

fn line(m: &Measured) -> String {
    format!(
        "{:<18} {:>3} conn. {:>8.0}/s  p50 {:>7.2}  p95 {:>7.2}  p99 {:>7.2} ms  cpu {:>6.3} ms  {:>6.1} KiB",
        m.name, m.connections, m.per_second, m.p50_ms, m.p95_ms, m.p99_ms, m.cpu_ms, m.kib
    )
}

fn print(found: &Found) {
    let m = &found.machine;
    println!("{} × {}, Linux {}, load {}", m.cores, m.processor, m.kernel, m.load);
    println!("{}, pack {}, {} cases", found.database, found.pack, found.rows);
    if let Some(seconds) = found.seeded_s {
        println!("filled in {seconds:.0} s");
    }
    println!("first answer after {:.0} ms, verified and quiet after {:.0} s", found.first_answer_ms, found.settled_s);
    println!("resident {:.0} MiB idle, {:.0} MiB after the load", found.resident_idle_mib, found.resident_after_mib);
    if let Some(g) = &found.group {
        println!("syncs for one acknowledgement: {:.2} at 1 connection, {:.3} at 64", g.syncs_each_at_1, g.syncs_each_at_64);
        println!(
            "group 256 against 1: {:.0}/s against {:.0}/s, {:.1} times",
            g.per_second_group_256, g.per_second_group_1, g.ratio
        );
    }
}
