//! Measures durable creates: `creates [URL] [how many] [at once] [group]`. A create is what a report costs: its key, a counter, the
//! row, a journal line, a clock, an outgoing message and the search index. The figures that carry over to another machine are CPU
//! per create, syncs per acknowledgement, and the ratio of group 256 to group 1.

use db::{Config, Db, Error, Lane, Migration, SearchIndex, Tx, args};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const TABLES: &[Migration] = &[Migration {
    name: "20261125000000_bench",
    sql: "create table bench_counters (name text primary key, value bigint not null);
          create table bench_cases (id bigint primary key, code text not null unique, area text not null, state text not null,
            title text not null, body text not null, created_at bigint not null, updated_at bigint not null);
          create index bench_cases_area on bench_cases (area, id);
          create table bench_history (case_id bigint not null, seq bigint not null, verb text not null, payload text not null,
            digest bytea not null, primary key (case_id, seq));
          create table bench_clocks (case_id bigint not null, code text not null, due_at bigint not null, primary key (case_id, code));
          create index bench_clocks_due on bench_clocks (due_at);
          create table bench_outbox (id bigint primary key, kind text not null, code text not null, sent_at bigint);
          create index bench_outbox_waiting on bench_outbox (id) where sent_at is null;
          create search index bench_search;",
}];
const SEARCH: SearchIndex = SearchIndex { name: "bench_search" };
const BODY: &str =
    "Trước cổng trường có một ổ gà sâu, trời mưa không nhìn thấy, hôm qua đã có hai người ngã xe. Kính mong sớm khắc phục.";

fn create(tx: &mut Tx<'_>, n: u64) -> Result<String, Error> {
    let key = kernel::Key::parse(&format!("bench-key-{n:08}")).ok_or(Error::Invalid("key"))?;
    let said = db::once(tx, "bench", &key, |tx| {
        let (now, id) = (tx.now(), tx.id());
        let (number,): (i64,) = tx.one(
            "insert into bench_counters (name, value) values ($1, 1) on conflict (name) do update set value = bench_counters.value + 1 returning value",
            args!["hai-hoa"],
        )?;
        let (code, title) = (format!("PA-{number:06}"), "Ổ gà trước cổng trường");
        tx.exec_one(
            "insert into bench_cases (id, code, area, state, title, body, created_at, updated_at) values ($1, $2, $3, 'new', $4, $5, $6, $6)",
            args![id, code, "hai-hoa", title, BODY, now],
        )?;
        let digest = kernel::secret::sha256(BODY.as_bytes());
        tx.exec_one(
            "insert into bench_history (case_id, seq, verb, payload, digest) values ($1, 1, 'receive', $2, $3)",
            args![id, BODY, digest],
        )?;
        tx.exec_one(
            "insert into bench_clocks (case_id, code, due_at) values ($1, 'answer', $2)",
            args![id, now.ms() + 86_400_000],
        )?;
        let message = tx.id();
        tx.exec_one("insert into bench_outbox (id, kind, code) values ($1, 'report-received', $2)", args![message, code])?;
        tx.index(&SEARCH, id, &kernel::spelling::fold(BODY))?;
        Ok(code)
    })?;
    Ok(said.0)
}

/// CPU time of this process so far, in milliseconds.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, usual: u64| given.get(i).and_then(|g| g.parse().ok()).unwrap_or(usual);
    let folder = std::env::temp_dir().join(format!("songhan-creates-{}", std::process::id()));
    let url = given.first().cloned().unwrap_or_else(|| format!("sqlite:{}/city.db", folder.display()));
    let (all, at_once, group) = (number(1, 8_000), number(2, 64), number(3, 256) as usize);
    let config = Config { group, ..Config::new(url) };
    let db = match Db::open(config, &[TABLES], Arc::new(kernel::SystemClock)) {
        Ok(db) => db,
        Err(e) => return eprintln!("{e}"),
    };
    let next = Arc::new(AtomicU64::new(0));
    let (began, cpu) = (Instant::now(), cpu_ms());
    let threads: Vec<_> = (0..at_once)
        .map(|_| {
            let (db, next) = (db.clone(), next.clone());
            std::thread::spawn(move || {
                let mut took = Vec::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= all {
                        return took;
                    }
                    let since = Instant::now();
                    if let Err(e) = db.write_now(Lane::Duty, move |tx| create(tx, n)) {
                        eprintln!("{e}");
                    }
                    took.push(since.elapsed().as_secs_f64() * 1_000.0);
                }
            })
        })
        .collect();
    let mut took: Vec<f64> = threads.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect();
    let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_ms() - cpu);
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).copied().unwrap_or(0.0);
    println!(
        "{all} creates, {at_once} at once, group {group}: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms, CPU {:.3} ms each, {:.3} syncs per acknowledgement",
        all as f64 / wall,
        at(0.5),
        at(0.99),
        cpu as f64 / all as f64,
        db.syncs() as f64 / db.acknowledged() as f64
    );
    drop(db);
    let _ = std::fs::remove_dir_all(folder);
}
