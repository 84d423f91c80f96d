//! `songhan serve`: opens the city, answers, works in the background, and ends in order.

use crate::command::Failed;
use crate::health::{self, Alarm};
use crate::settings::Settings;
use crate::{house, verify};
use jobs::{Job, Runner, Turn};
use kernel::{Clock, Lang, SystemClock};
use manifest::House;
use notify::Provider;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use web::{City, Trouble};

pub fn run(settings: Settings) -> Result<(), Failed> {
    web::quiet_panics();
    house::data_folder(&settings)?;
    house::runtime()?.block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Failed> {
    let mut house = house::house();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // The address first: whoever is refused it should not have waited for the database.
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|e| Failed(format!("{} cannot be listened on: {e}", settings.listen)))?;
    let address = listener.local_addr()?;
    let pack = house::load_pack(&house, &settings.pack)?;
    let db = house::open_database(&house, &settings, clock.clone())?;
    let city = house::open(&settings, db, clock, pack).await?;
    let alarm = Alarm::default();
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let background = runner(&house, &settings, &city, &alarm);
    let mut ends = stopped.clone();
    let background = tokio::spawn(background.run(async move {
        let _ = ends.changed().await;
    }));
    let verifying = tokio::task::spawn_blocking({
        let (city, settings, alarm) = (city.clone(), settings.clone(), alarm.clone());
        move || verify::in_the_background(&city, &settings, &alarm)
    });
    let (router, doors) = house.take_doors().join(health::doors(alarm)).join(samples(&city)).open(&city);
    tracing::info!(doors = doors.len(), pack = %city.pack.key, version = %&city.pack.version[..12.min(city.pack.version.len())], "open");
    announce(&city, address, &settings).await;
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("closing: what is under way may end");
        let _ = stop.send(true);
    });
    web::serve(listener, router, settings.connections, async move {
        let _ = stopped.changed().await;
    })
    .await;
    let _ = background.await;
    verifying.abort();
    city.db.drain().await;
    tracing::info!("closed");
    Ok(())
}

/// The page of samples is for those who build pages, not for residents.
fn samples(city: &City) -> web::Doors {
    if city.settings.mode == web::Mode::Demo { web::sample_doors() } else { web::Doors::new() }
}

/// What a person at the keyboard wants to know.
async fn announce(city: &City, address: std::net::SocketAddr, settings: &Settings) {
    let url = settings.origin.clone().unwrap_or_else(|| format!("http://{address}"));
    println!("{} · {url}", city.pack.name.get(Lang::Vi));
    if city.settings.mode == web::Mode::Demo {
        println!("  Trang chủ / front page      {url}/");
        println!("  Gửi phản ánh / report       {url}/report");
        println!("  Cán bộ / officials          {url}/sign-in");
        println!("  Tin đã gửi / outbox         {url}/desk/outbox");
        println!("Tài khoản dùng thử, mật khẩu / demo sign-ins, password: {}", accounts::demo::PASSWORD);
        // One of each role; the others stand in the pack.
        let people = accounts::demo::people(&city.pack);
        let mut roles = BTreeSet::new();
        for person in people.iter().filter(|person| roles.insert(person.role.as_str())) {
            println!("  {}", person.line(&city.pack, Lang::Vi));
        }
        let more = people.len() - roles.len();
        println!("  … {more} người nữa / more: {}", settings.pack.join("accounts/demo.toml").display());
    }
    let anybody = city.read(db::Lane::Duty, access::people::any).await;
    if matches!(anybody, Ok(false)) {
        let (data, pack) = (settings.data.display(), settings.pack.display());
        println!("Chưa có cán bộ nào: dừng máy chủ rồi chạy / no official yet: stop the server, then run");
        println!("  songhan official add --role administrator --data {data} --pack {pack}");
    }
    println!("Ctrl-C: dừng / stop");
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}

/// Every job of the house, and those of the foundation.
fn runner(house: &House, settings: &Settings, city: &City, alarm: &Alarm) -> Runner {
    let mut runner = Runner::new(city.db.clone(), city.clock.clone(), &format!("node-{}", settings.node));
    for job in house.jobs() {
        let city = city.clone();
        runner = runner.job(Job::new(job.name, job.every, move |turn: Turn| {
            // The city as the holder of the lease sees it: its writes fail once somebody else has taken over.
            let mut city = city.clone();
            city.db = turn.db().clone();
            async move { (job.run)(city).await.map_err(words) }
        }));
    }
    let sealer = manifest::message_sealer(&city.keys);
    let providers: Arc<[Arc<dyn Provider>]> = Arc::new([Arc::new(notify::providers::Outbox) as Arc<dyn Provider>]);
    runner = runner.job(Job::new("notify.deliver", Duration::from_secs(5), move |turn: Turn| {
        let (sealer, providers) = (sealer.clone(), providers.clone());
        async move { notify::deliver(turn.db(), &sealer, &providers).await.map(drop) }
    }));
    let (sweeping, zone) = (city.clone(), city.pack.zone.clone());
    runner = runner.job(Job::daily(
        "web.unfiled",
        move |now| now.next_at(verify::HOUR, &zone),
        move |turn: Turn| {
            let mut city = sweeping.clone();
            city.db = turn.db().clone();
            async move { web::remove_unfiled(&city).await.map(drop).map_err(words) }
        },
    ));
    verify::look_nightly(verify::seal_hourly(runner, settings, city), city, settings, alarm)
}

/// A job's trouble in the words of the log.
fn words(trouble: Trouble) -> String {
    format!("{trouble:?}")
}
