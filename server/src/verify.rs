//! `songhan verify`: the journal against its chain and seals, every case's rows against its journal, and every file against its name. After
//! each start and every night the same runs without the rows, of which a night looks at a sample; either rings the alarm of `/readyz`. The
//! seals are written every hour.

use crate::command::Failed;
use crate::health::Alarm;
use crate::house;
use crate::settings::Settings;
use cases::verify::Outcome;
use db::Lane;
use files::Damage;
use indicatif::{ProgressBar, ProgressStyle};
use jobs::{Job, Runner, Turn};
use kernel::{Clock, SystemClock};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use web::City;

/// The hour of the city's clock at which the night's sample is taken.
pub const HOUR: i8 = 2;
/// How long it may take.
const NIGHT: Duration = Duration::from_secs(600);
/// So long after a start its own verification stands.
const SINCE_THE_START: Duration = Duration::from_secs(12 * 3_600);

pub fn run(settings: Settings) -> Result<(), Failed> {
    house::data_folder(&settings)?;
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = house::open_database(&house, &settings, clock.clone())?;
    let runtime = house::runtime()?;
    let city = runtime.block_on(house::open(&settings, db, clock, pack))?;
    let bar = ProgressBar::new(0);
    let mut wrong = everything(&city, &settings, &bar)?;
    wrong.extend(rows(&city, &bar)?);
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

/// The same in the background, after a start and by night: whatever is wrong rings the alarm.
pub fn in_the_background(city: &City, settings: &Settings, alarm: &Alarm) {
    match everything(city, settings, &ProgressBar::hidden()) {
        Ok(wrong) if wrong.is_empty() => tracing::info!("journal and files are as they were written"),
        Ok(wrong) => rings(&wrong, alarm),
        Err(Failed(why)) => alarm.ring(format!("the verification did not end: {why}")),
    }
}

/// Each thing that is wrong in the log, and the alarm.
fn rings(wrong: &[String], alarm: &Alarm) {
    for line in wrong {
        tracing::error!("{line}");
    }
    alarm.ring(format!("{} things are not as they were written: run `songhan verify`", wrong.len()));
}

/// Looks every night at the whole journal, at the files, and at a sample of cases, whether their rows are what their journals add up
/// to. What is not rings the alarm. A start has just looked at the journal and the files itself: the first night leaves it at that.
pub fn look_nightly(runner: Runner, city: &City, settings: &Settings, alarm: &Alarm) -> Runner {
    let (city, settings, alarm) = (city.clone(), settings.clone(), alarm.clone());
    let (zone, started) = (city.pack.zone.clone(), city.now());
    runner.job(Job::daily(
        "cases.night",
        move |now| now.next_at(HOUR, &zone),
        move |turn: Turn| {
            let (city, settings, alarm) = (city.clone(), settings.clone(), alarm.clone());
            async move {
                let sampled = sample(&turn, &alarm).await.map_err(|e| e.to_string());
                if turn.now() < started.after(SINCE_THE_START) {
                    return sampled;
                }
                let whole = tokio::task::spawn_blocking(move || in_the_background(&city, &settings, &alarm));
                whole.await.map_err(|e| e.to_string())?;
                sampled
            }
        },
    ))
}

async fn sample(turn: &Turn, alarm: &Alarm) -> Result<(), cases::Refusal> {
    let begun = Instant::now();
    let night = turn.now().ms().div_euclid(86_400_000);
    let sample = turn.db().read(Lane::Comfort, move |rd| cases::verify::sample(rd, night)).await?;
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for case in &sample {
        if begun.elapsed() > NIGHT {
            tracing::warn!(looked_at, of = sample.len(), "the night was too short for its sample of cases");
            break;
        }
        let case = *case;
        let found = turn.db().read(Lane::Comfort, move |rd| cases::verify::rows(rd, case)).await?;
        wrong.extend(found.map(|wrong| wrong.to_string()));
        looked_at += 1;
    }
    if !wrong.is_empty() {
        rings(&wrong, alarm);
    }
    tracing::info!(cases = looked_at, wrong = wrong.len(), "the night's sample of cases");
    Ok(())
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
    tracing::debug!(lines = found.lines, cases = found.cases, seals = found.seals, "read");
    Ok(named(&found, "in the journal"))
}

/// The rows of every case against its journal.
fn rows(city: &City, bar: &ProgressBar) -> Result<Vec<String>, Failed> {
    bar.reset();
    bar.set_style(ProgressStyle::with_template("{spinner} {pos} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_message("cases");
    let found = cases::verify::every_row(&city.db, &mut |cases| bar.set_position(cases)).map_err(|e| Failed(e.to_string()))?;
    bar.finish_and_clear();
    tracing::debug!(cases = found.cases, "read");
    Ok(named(&found, "in the rows of cases"))
}

/// What is wrong, line by line, and how much more there is.
fn named(found: &Outcome, place: &str) -> Vec<String> {
    let mut wrong: Vec<String> = found.wrong.iter().map(ToString::to_string).collect();
    if found.count > found.wrong.len() as u64 {
        wrong.push(format!("and {} things more {place}", found.count - found.wrong.len() as u64));
    }
    wrong
}

fn everything(city: &City, settings: &Settings, bar: &ProgressBar) -> Result<Vec<String>, Failed> {
    let mut wrong = journal(city, settings, bar)?;
    let all = city.files.all()?;
    bar.set_style(ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_length(all.len() as u64);
    bar.set_message("files");
    for hash in &all {
        match city.files.verify(hash)? {
            // What went since the folder was listed was a photo that was never filed, or it is found missing below.
            None | Some(Damage::Missing) => {}
            Some(Damage::Changed) => wrong.push(format!("file {hash} has changed since it was stored")),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    tracing::debug!(files = all.len(), "read");
    wrong.extend(lost(city, &all.into_iter().collect())?);
    Ok(wrong)
}

/// The files that papers name and nobody has.
fn lost(city: &City, there: &BTreeSet<files::Hash>) -> Result<Vec<String>, Failed> {
    const AT_ONCE: u32 = 1_000;
    let (mut lost, mut after) = (Vec::new(), String::new());
    loop {
        let from = after.clone();
        let read = city.db.read_now(Lane::Comfort, move |rd| cases::verify::files(rd, &from, AT_ONCE));
        let named = read.map_err(|e: db::Error| Failed(e.to_string()))?;
        let Some(last) = named.last() else { return Ok(lost) };
        after.clone_from(last);
        for name in &named {
            // What came since the folder was listed is looked for once more.
            let is_there = files::Hash::parse(name).is_some_and(|hash| there.contains(&hash) || city.files.has(&hash));
            if !is_there {
                lost.push(format!("file {name}, which a paper of a case names, is gone"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capabilities;
    use crate::settings::{Said, Settings};
    use db::args;
    use testkit::{TestCity, both};

    const DAY: Duration = Duration::from_secs(24 * 3_600);

    fn settings(city: &TestCity) -> Settings {
        let data = city.folder().display().to_string();
        let said = Said::gather(&[("data", Some(data)), ("pack", Some(testkit::SAMPLE.to_owned()))], |_| None, None);
        said.and_then(|said| Settings::from_said(&said)).expect("sound settings")
    }

    /// The nights of a city, from its start on.
    fn nights(city: &TestCity) -> (Runner, Alarm) {
        let settings = settings(city);
        let alarm = Alarm::default();
        let runner = Runner::new(city.city.db.clone(), city.clock.clone(), "node-0");
        (look_nightly(runner, &city.city, &settings, &alarm), alarm)
    }

    /// Lan reports something; the case.
    async fn a_case(city: &TestCity) -> i64 {
        let report = serde_json::json!({
            "description": "Ổ gà sâu trước chợ, tối qua có người ngã xe.",
            "category": "pothole", "lat": 12.0215, "long": 110.513,
        });
        let answer = city.lan().calls("/api/v1/reports", Some("key-of-the-report-of-lan"), &report).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let case = city.city.read(Lane::Duty, |rd| rd.one("select max(id) from cases", args![])).await;
        let (case,): (i64,) = case.unwrap_or_else(|e: db::Error| panic!("{e}"));
        case
    }

    /// Somebody with the database in her hands changes who wrote the case's first line. The rows stay what the journal adds up to, so that
    /// only who reads the chain can find it.
    async fn tampers(city: &TestCity, case: i64) {
        const ACTOR: &str = "update case_history set actor = actor || ' ' where case_id = $1 and seq = 1";
        let done = city.city.write(Lane::Duty, move |tx| tx.exec_one(ACTOR, args![case])).await;
        done.unwrap_or_else(|e: db::Error| panic!("{e}"));
        let rows = city.city.read(Lane::Duty, move |rd| cases::verify::rows(rd, case)).await;
        assert_eq!(rows.unwrap_or_else(|e| panic!("{e:?}")), None, "the sample would find it: this test would test nothing");
    }

    #[tokio::test]
    async fn a_line_tampered_with_after_the_start_is_found_in_the_next_night() {
        both(capabilities::all, async |city| {
            let case = a_case(&city).await;
            let (runner, alarm) = nights(&city);
            // A job that has never run is due at once.
            runner.tick().await;
            tampers(&city, case).await;
            runner.tick().await;
            assert!(!alarm.rings(), "the day looks at nothing");
            city.pass(DAY);
            runner.tick().await;
            assert!(alarm.rings(), "a night passed over a line that was tampered with");
        })
        .await;
    }

    #[tokio::test]
    async fn nights_over_an_untouched_journal_are_silent() {
        both(capabilities::all, async |city| {
            a_case(&city).await;
            let (runner, alarm) = nights(&city);
            for night in 0..3 {
                assert_eq!(runner.tick().await, 2, "night {night}: old keys are forgotten, and the night looks");
                assert!(!alarm.rings(), "night {night}: an alarm over nothing");
                city.pass(DAY);
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_night_soon_after_the_start_leaves_the_journal_to_it() {
        both(capabilities::all, async |city| {
            let case = a_case(&city).await;
            tampers(&city, case).await;
            let (runner, alarm) = nights(&city);
            runner.tick().await;
            assert!(!alarm.rings(), "the start reads the journal itself, and the first night read it again");
        })
        .await;
    }

    #[tokio::test]
    async fn a_photo_that_a_report_names_and_nobody_has_is_wrong() {
        both(capabilities::all, async |city| {
            let form = city.lan().form("/report", "/report").await;
            let form = form.fill("category", "pothole").fill("text", "Ổ gà sâu trước chợ.").force("point", "12.0215,110.513");
            let form = form.fill("ward", "hoa-binh").file("photos", "anh.jpg", testkit::photo(1)).press("go", "send");
            form.send().await.is(200);
            let found = || everything(&city.city, &settings(&city), &ProgressBar::hidden()).map_err(|e| e.0);
            assert_eq!(found(), Ok(Vec::new()));
            let named = city.city.read(Lane::Duty, |rd| cases::verify::files(rd, "", 9)).await;
            let named = named.unwrap_or_else(|e: db::Error| panic!("{e}"));
            for name in &named {
                let hash = files::Hash::parse(name).expect("a hash");
                assert!(city.city.files.remove_before(&hash, kernel::Instant::from_ms(i64::MAX)).expect("it goes"));
            }
            let gone = named.iter().map(|name| format!("file {name}, which a paper of a case names, is gone"));
            assert_eq!(found(), Ok(gone.collect()));
            assert!(!named.is_empty(), "the report's photo is no paper");
        })
        .await;
    }
}
