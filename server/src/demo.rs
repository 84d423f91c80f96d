//! `songhan demo`: the pack's demonstration, lived through once. The clock is set back, and every act happens at its own time: days off,
//! due dates and the journal are those of real days.

use crate::command::Failed;
use crate::settings::Settings;
use crate::{house, serve};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock, HandClock, SystemClock};
use std::sync::Arc;
use std::time::Duration;

/// How far the demonstration goes back: what the fillers are promised.
const BACK: Duration = Duration::from_secs(61 * 24 * 3600);

pub fn run(settings: Settings, and_serve: bool) -> Result<(), Failed> {
    house::data_folder(&settings)?;
    if !house::is_demo(&settings) {
        let made = house::runtime()?.block_on(fill(&settings))?;
        eprintln!("{made} demo entries in {}", settings.data.display());
    }
    if and_serve { serve::run(settings) } else { Ok(()) }
}

async fn fill(settings: &Settings) -> Result<usize, Failed> {
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let hand = Arc::new(HandClock::at(SystemClock.now().before(BACK)));
    let clock: Arc<dyn Clock> = hand.clone();
    let db = house::open_database(&house, settings, clock.clone())?;
    if !is_fresh(&db).await? {
        return Err(Failed(format!(
            "{} already holds a city's data: a demonstration begins in an empty folder; give another one with --data",
            settings.data.display()
        )));
    }
    house::becomes_demo(settings)?;
    let filled = live_through(settings, &house, hand, clock, db.clone(), pack).await;
    if filled.is_err() {
        house::no_demo_after_all(settings);
    }
    db.drain().await;
    filled
}

async fn live_through(
    settings: &Settings,
    house: &manifest::House,
    hand: Arc<HandClock>,
    clock: Arc<dyn Clock>,
    db: db::Db,
    pack: Arc<pack::City>,
) -> Result<usize, Failed> {
    let begin = clock.now();
    let city = house::open(settings, db, clock, pack).await?;
    let seeds = house.seeds();
    let bar = ProgressBar::new(seeds.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:24} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut made = 0;
    for seed in seeds {
        bar.set_message(seed.name);
        hand.set(begin);
        made += (seed.fill)(city.clone(), hand.clone())
            .await
            .map_err(|trouble| Failed(format!("filling {}: {trouble:?}", seed.name)))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(made)
}

/// Whether nobody has used this database yet.
async fn is_fresh(db: &db::Db) -> Result<bool, Failed> {
    let used = db.read(db::Lane::Duty, |rd| Ok(access::people::any(rd)? || !cases::positions(rd)?.is_empty())).await;
    used.map(|used| !used).map_err(|e: db::Error| Failed(e.to_string()))
}
