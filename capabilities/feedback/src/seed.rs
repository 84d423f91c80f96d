//! The reports of a demonstration, lived through in the order in which things happened: only by a server that is a demonstration.

use crate::answering;
use crate::contact::Contact;
use crate::demo::Scene;
use crate::intake::{self, Desk};
use crate::jobs;
use crate::pack::Feedback;
use crate::refusal::Refusal;
use crate::report::{How, Shown, Submission, title_of};
use crate::store;
use access::people::actors_of_unit;
use db::{Lane, Tx};
use jiff::civil::{Date, Time, time};
use kernel::{Actor, HandClock, Instant, Key, Lang};
use manifest::Work;
use places::Inside;
use std::sync::Arc;
use std::time::Duration;
use web::{City, Mode, Trouble};

/// Something that happens to a report of the demonstration.
#[derive(Clone, Debug)]
enum Act {
    Arrives,
    Taken,
    Drafted,
    Answered,
    Archived,
}

struct Cue {
    at: Instant,
    scene: usize,
    act: Act,
}

/// Lives through the demonstration's reports. Nothing happens in a city that is no demonstration.
pub fn fill(city: City, clock: Arc<HandClock>) -> Work<usize> {
    Box::pin(async move {
        if city.settings.mode != Mode::Demo {
            return Ok(0);
        }
        let scenes: Arc<Vec<Scene>> = Arc::new(Feedback::of(&city.pack).demo.reports.clone());
        let until = clock_end(&city);
        let mut cues = cues(&scenes, &city, until);
        cues.sort_by_key(|cue| cue.at);
        let mut codes: Vec<Option<String>> = vec![None; scenes.len()];
        for cue in cues {
            lapses(&city, &clock, cue.at).await?;
            clock.set(cue.at);
            let (desk, scenes, code) = (Desk::of(&city), scenes.clone(), codes[cue.scene].clone());
            let (places, scene, act) = (city.places.clone(), cue.scene, cue.act);
            let done = city
                .write(Lane::Comfort, move |tx| perform(tx, &desk, &places, &scenes[scene], scene, &act, code.as_deref()))
                .await?;
            codes[cue.scene] = Some(done);
        }
        lapses(&city, &clock, until).await?;
        Ok(codes.iter().flatten().count())
    })
}

/// The terms that run out before a moment are written down at their own time, as the job does that looks every half minute.
async fn lapses(city: &City, clock: &HandClock, until: Instant) -> Result<(), Trouble> {
    while let Some(due) = city.read(Lane::Comfort, cases::next_breach).await?.filter(|due| *due < until) {
        clock.set(due.after(jobs::EVERY).min(until));
        jobs::breaches(city.clone()).await?;
    }
    Ok(())
}

/// The demonstration's present: the real one. The city's clock stands in the past when filling begins.
fn clock_end(city: &City) -> Instant {
    // The filler is given a clock that stands sixty-one days ago.
    city.now().after(Duration::from_secs(61 * 24 * 3_600))
}

/// When things happen: office hours for officials, any time of the day for residents; nothing after now.
fn cues(scenes: &[Scene], city: &City, until: Instant) -> Vec<Cue> {
    let zone = &city.pack.zone;
    let today = until.day(zone);
    let at = |day: Date, clock: Time| Instant::from_civil(day.to_datetime(clock), zone);
    let back = |days: u16| today.checked_sub(jiff::Span::new().days(i64::from(days))).unwrap_or(today);
    let mut all = Vec::new();
    for (n, scene) in scenes.iter().enumerate() {
        let spread = i8::try_from(n % 60).unwrap_or(0);
        let arrives = at(back(scene.days_ago), time(6 + spread % 12, spread, 0, 0))
            .min(until.before(Duration::from_secs(1_800 + 97 * n as u64)));
        all.push(Cue { at: arrives, scene: n, act: Act::Arrives });
        let worked = |days: u16, clock: Time| {
            let mut day = back(scene.days_ago.saturating_sub(days));
            while day.weekday() == jiff::civil::Weekday::Sunday || day.weekday() == jiff::civil::Weekday::Saturday {
                day = day.tomorrow().unwrap_or(today);
            }
            at(day, clock).max(arrives.after(Duration::from_secs(1_200))).min(until)
        };
        let acts: &[(u16, Time, Act)] = match scene.story.as_str() {
            "forwarded" => &[(0, time(14, 5, 0, 0), Act::Taken)],
            "drafted" => &[(0, time(14, 20, 0, 0), Act::Taken), (1, time(10, 10, 0, 0), Act::Drafted)],
            "answered" => &[
                (0, time(15, 0, 0, 0), Act::Taken),
                (1, time(9, 40, 0, 0), Act::Drafted),
                (2, time(10, 30, 0, 0), Act::Answered),
            ],
            "archived" => &[(1, time(9, 15, 0, 0), Act::Archived)],
            _ => &[],
        };
        let mut last = arrives;
        for (days, clock, act) in acts {
            last = worked(*days, *clock).max(last.after(Duration::from_secs(600))).min(until);
            all.push(Cue { at: last, scene: n, act: act.clone() });
        }
    }
    all
}

fn perform(
    tx: &mut Tx<'_>,
    desk: &Desk,
    places: &places::Places,
    scene: &Scene,
    n: usize,
    act: &Act,
    code: Option<&str>,
) -> Result<String, Refusal> {
    let Some(code) = code else { return arrives(tx, desk, places, scene, n) };
    let case = cases::find_for_system(tx, code)?.ok_or(Refusal::NotFound)?;
    let report = store::with_parts(tx, case)?;
    let unit = report.open_step().map_or_else(|| report.case.unit.clone(), |step| step.unit.clone());
    let who = actors_of_unit(tx, &unit)?.into_iter().last().unwrap_or(Actor::System { job: "demo".to_owned() });
    match act {
        Act::Arrives => {}
        Act::Taken if who.official().is_some() => {
            cases::record(tx, &desk.keys, &*desk.pack, report.take(&who)?)?;
        }
        Act::Taken => {}
        Act::Drafted => {
            cases::record(
                tx,
                &desk.keys,
                &*desk.pack,
                report.write_answer(scene.answer.as_deref().unwrap_or(&scene.text), &who)?,
            )?;
        }
        Act::Answered => {
            let address = Some(scene.address.clone().unwrap_or_default());
            let shown = Shown { text: Some(scene.text.clone()), address, photos: Vec::new() };
            answering::answer(tx, desk, &report, &shown, &who)?;
        }
        Act::Archived => {
            let why = scene.answer.as_deref().unwrap_or(&scene.text);
            let case = cases::record(tx, &desk.keys, &*desk.pack, report.archive(why, &who)?)?;
            store::archived(tx, case.id, why)?;
        }
    }
    Ok(report.case.code)
}

fn arrives(tx: &mut Tx<'_>, desk: &Desk, places: &places::Places, scene: &Scene, n: usize) -> Result<String, Refusal> {
    let today = tx.now().day(&desk.pack.zone);
    let found = || {
        scene.address.as_deref().and_then(|address| places.search(address, today, 1).into_iter().next()).map(|found| found.point)
    };
    let point = scene.point.or_else(found);
    let located = point.map(|point| places.locate(point, today));
    let area = located.as_ref().and_then(|located| located.area.clone());
    let how = match located.map(|located| located.inside) {
        Some(Inside::Inside) => How::Confirmed,
        Some(_) => How::Border,
        None => How::Unknown,
    };
    let key = Key::parse(&format!("demo-report-{n:03}")).expect("this text has the shape of a key");
    // Every third resident leaves a contact: invented numbers in a block that no operator uses.
    let contact = if n.is_multiple_of(3) {
        Contact { name: None, phone: notify::phone(&format!("0900000{n:03}")).ok(), email: None }
    } else {
        Contact::default()
    };
    let lang = if scene.text.is_ascii() && title_of(&scene.text).contains(" the ") { Lang::En } else { Lang::Vi };
    let submission = Submission {
        category: scene.category.clone(),
        text: scene.text.clone(),
        address: scene.address.clone(),
        point,
        area,
        how,
        contact,
        lang,
        photos: Vec::new(),
        channel: "demo",
        link: intake::link_of(&desk.keys, &key),
    };
    Ok(intake::receive(tx, desk, &key, &submission, &Actor::Stranger)?.code)
}
