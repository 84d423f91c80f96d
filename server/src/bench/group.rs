//! What group commit is worth: reports received through the room's own function into a real file, counted by syncs. Rules R1 and L1.

use super::texts::{self, Dice};
use db::{Config, Db, Lane};
use feedback::Refusal;
use feedback::contact::Contact;
use feedback::intake::{self, Desk};
use feedback::pack::Feedback;
use feedback::report::{How, Submission};
use kernel::{Actor, Clock, Key, Lang, Point, SystemClock};
use manifest::House;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What was found.
#[derive(Clone, Copy, Debug)]
pub struct Grouped {
    /// Reports that were acknowledged as stored.
    pub acknowledged: u64,
    /// Syncs that it took.
    pub syncs: u64,
    /// How long it took.
    pub took: Duration,
}

impl Grouped {
    /// Reports in a second.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // counts far below 2^52
    pub fn per_second(&self) -> f64 {
        self.acknowledged as f64 / self.took.as_secs_f64()
    }

    /// Syncs for one acknowledgement.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // counts far below 2^52
    pub fn syncs_each(&self) -> f64 {
        self.syncs as f64 / self.acknowledged as f64
    }
}

/// How reports come and are written.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// So many share a sync at most.
    pub group: usize,
    /// So many are sent at once.
    pub writers: u64,
    /// A group takes nobody in once it has worked this long, in milliseconds: 20 in a server. A slow build on a busy machine needs more.
    pub batch_ms: u64,
}

/// Receives reports for `span` into a fresh file in `folder`.
///
/// # Errors
/// In words, when the city does not open or a report is refused.
pub fn measure(folder: &Path, pack: &Arc<pack::City>, house: &House, way: Way, span: Duration) -> Result<Grouped, String> {
    let Way { group, writers, batch_ms } = way;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let file = folder.join(format!("group-{group}-{writers}.db"));
    let config = Config { group, batch_ms, ..Config::new(format!("sqlite:{}", file.display())) };
    let db = Db::open(config, &house.migrations(), clock.clone()).map_err(|e| e.to_string())?;
    let keys = Arc::new(cases::Keys::open(folder).map_err(|e| e.to_string())?);
    let desk = Desk { pack: pack.clone(), keys, origin: String::new() };
    let day = clock.now().day(&pack.zone);
    let categories: Arc<Vec<String>> = Arc::new(
        Feedback::of(pack).categories.iter().filter(|c| c.is_valid_on(day) && !c.emergency).map(|c| c.key.clone()).collect(),
    );
    let area = pack.areas.commune_units_on(day).find_map(|area| Some((area.key.clone(), area.seat?)));
    let before = db.syncs();
    let (next, begun) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let all: Vec<_> = (0..writers)
        .map(|_| {
            let (db, desk, categories, area, next) = (db.clone(), desk.clone(), categories.clone(), area.clone(), next.clone());
            std::thread::spawn(move || -> Result<u64, Refusal> {
                let mut stored = 0;
                while begun.elapsed() < span {
                    let (key, report) = submission(&desk, &categories, area.as_ref(), next.fetch_add(1, Ordering::Relaxed));
                    let desk = desk.clone();
                    db.write_now(Lane::Duty, move |tx| intake::receive(tx, &desk, &key, &report, &Actor::Stranger))?;
                    stored += 1;
                }
                Ok(stored)
            })
        })
        .collect();
    let mut acknowledged = 0;
    for one in all {
        let stored = one.join().map_err(|_| "a writer panicked".to_owned())?;
        acknowledged += stored.map_err(|refusal| format!("{refusal:?}"))?;
    }
    let found = Grouped { acknowledged, syncs: db.syncs() - before, took: begun.elapsed() };
    drop(db);
    for ending in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    Ok(found)
}

fn submission(desk: &Desk, categories: &[String], area: Option<&(String, Point)>, n: u64) -> (Key, Submission) {
    let mut dice = Dice::new(n);
    let (text, address) = texts::report(&mut dice);
    let key = Key::parse(&format!("group-report-{n:09}")).expect("this text has the shape of a key");
    let link = intake::link_of(&desk.keys, &key);
    let report = Submission {
        category: categories[dice.leaning(categories.len())].clone(),
        text,
        address: Some(address),
        point: area.map(|(_, seat)| *seat),
        area: area.map(|(key, _)| key.clone()),
        how: How::Confirmed,
        contact: Contact::default(),
        lang: Lang::Vi,
        photos: Vec::new(),
        channel: "bench",
        link,
    };
    (key, report)
}
