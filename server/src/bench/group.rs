//! What group commit is worth: reports received through the door of a served city, over HTTP and into a real file, counted by syncs. Rules R1
//! and L1. Server and generator share one process, so that the syncs can be counted.

use super::{load, report, settings_of};
use crate::command::Failed;
use crate::house;
use db::{Config, Db, Lane, args};
use feedback::pack::Feedback;
use kernel::{Clock, SystemClock};
use load::Asks;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// What was found.
#[derive(Clone, Copy, Debug)]
pub struct Grouped {
    /// Reports that were acknowledged as stored.
    pub acknowledged: u64,
    /// Syncs that it took.
    pub syncs: u64,
    /// Messages that were written for those who left a telephone number: every third.
    pub messages: u64,
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

/// Receives reports for `span` into a fresh city in `folder`.
///
/// # Errors
/// In words, when the city does not open or a report is refused.
pub fn measure(folder: &Path, pack: &Path, way: Way, span: Duration) -> Result<Grouped, String> {
    received(folder, pack, way, span).map_err(|Failed(why)| why)
}

fn received(folder: &Path, pack: &Path, way: Way, span: Duration) -> Result<Grouped, Failed> {
    let Way { group, writers, batch_ms } = way;
    let data = folder.join(format!("group-{group}-{writers}"));
    let settings = settings_of(&data, pack, None)?;
    house::data_folder(&settings)?;
    let mut house = house::house();
    let pack = house::load_pack(&house, pack)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let config = Config { group, batch_ms, ..Config::new(settings.database.as_str()) };
    let db = Db::open(config, &house.migrations(), clock.clone()).map_err(|e| Failed(e.to_string()))?;
    let runtime = house::runtime()?;
    let found = runtime.block_on(async {
        let city = house::open(&settings, db.clone(), clock, pack).await?;
        let today = city.today();
        let categories = Feedback::of(&city.pack).categories.iter().filter(|category| category.is_valid_on(today));
        let categories: Vec<String> = categories.map(|category| category.key.clone()).collect();
        let areas: Vec<_> =
            city.pack.areas.commune_units_on(today).filter_map(|area| Some((area.key.clone(), area.seat?))).collect();
        let asks: Asks = Arc::new(move |n| report("group", n, &categories, &areas));
        let (router, _) = house.take_doors().open(&city);
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(web::serve(listener, router, settings.connections, async move {
            let _ = stopped.await;
        }));
        let before = db.syncs();
        let run = load::run(address, writers, span, &asks, 0).await;
        let syncs = db.syncs() - before;
        drop(stop);
        let _ = serving.await;
        let run = run?;
        let messages = city.read(Lane::Duty, |rd| rd.one::<(i64,)>("select count(*) from notify_messages", args![])).await;
        let (messages,) = messages.map_err(|e: db::Error| Failed(e.to_string()))?;
        city.db.drain().await;
        let acknowledged = run.took.len() as u64;
        Ok::<_, Failed>(Grouped { acknowledged, syncs, messages: messages.unsigned_abs(), took: run.span })
    })?;
    drop((runtime, db));
    std::fs::remove_dir_all(&data)?;
    Ok(found)
}
