//! `songhan verify`: the journal against its chain and seals, and every file against its name. The same runs after each start and rings the
//! alarm of `/readyz`; the seals are written every hour.

use crate::command::Failed;
use crate::health::Alarm;
use crate::house;
use crate::settings::Settings;
use files::Damage;
use indicatif::{ProgressBar, ProgressStyle};
use jobs::{Job, Runner, Turn};
use kernel::{Clock, SystemClock};
use std::sync::Arc;
use std::time::Duration;
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
    let (keys, data, node) = (city.keys.clone(), settings.data.clone(), u32::from(settings.node));
    // Each node seals its own lines: the work bears its number, so that no other node holds the lease for it. Made once a start.
    let name: &'static str = format!("cases.seal.node-{node}").leak();
    runner.job(Job::new(name, Duration::from_secs(3_600), move |turn: Turn| {
        let (db, keys, data) = (turn.db().clone(), keys.clone(), data.clone());
        async move {
            let sealed = tokio::task::spawn_blocking(move || cases::seal::run(&db, &keys, &data, node)).await;
            let sealed = sealed.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
            for seal in &sealed {
                tracing::info!("{}; signature {}", seal.statement(), seal.signature);
            }
            Ok::<_, String>(())
        }
    }))
}

/// The journal against its chains and the seals in the data folder, with the key of this house.
fn journal(city: &City, settings: &Settings, bar: &ProgressBar) -> Result<Vec<String>, Failed> {
    let files = cases::seal::files(&settings.data)?;
    let key = cases::seal::public_key(&city.keys.public()).map_err(|e| Failed(e.to_string()))?;
    let against = cases::verify::Against { files: &files, key: &key, published: &[] };
    bar.set_message("lines of the journal");
    let found =
        cases::verify::verify(&city.db, &against, &mut |lines| bar.set_position(lines)).map_err(|e| Failed(e.to_string()))?;
    let mut wrong: Vec<String> = found.wrong.iter().map(ToString::to_string).collect();
    if found.count > found.wrong.len() as u64 {
        wrong.push(format!("and {} things more in the journal", found.count - found.wrong.len() as u64));
    }
    tracing::debug!(lines = found.lines, cases = found.cases, seals = found.seals, "read");
    Ok(wrong)
}

fn everything(city: &City, settings: &Settings, bar: &ProgressBar) -> Result<Vec<String>, Failed> {
    let mut wrong = journal(city, settings, bar)?;
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
