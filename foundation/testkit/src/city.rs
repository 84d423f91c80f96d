//! The test city: the real router over a fresh database, the sample pack, and a clock that only the story moves.

use crate::person::Person;
use access::people::{self, By, NewOfficial};
use access::{Attempt, Charter, password};
use axum::Router;
use db::Lane;
use db::test::TestDb;
use kernel::{HandClock, Instant, Private, Token};
use manifest::{Capability, House, Job, Parts};
use pictures::Workshop;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use web::{City, Door};

/// The sample pack's folder.
pub const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/sample");

/// The password of every official of a test city.
pub const PASSWORD: &str = "ba con vịt trên sông";

/// A city for one story.
pub struct TestCity {
    /// The city as handlers hold it.
    pub city: City,
    /// Every door.
    pub doors: Vec<Door>,
    /// The clock of city and database.
    pub clock: Arc<HandClock>,
    /// The database.
    pub db: TestDb,
    router: Router,
    jobs: Vec<Job>,
    hired: Mutex<BTreeSet<&'static str>>,
    folder: PathBuf,
}

impl Drop for TestCity {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a story on SQLite, and on PostgreSQL where `SONGHAN_TEST_POSTGRES` names one.
pub async fn both<F, Fut>(capabilities: fn() -> Vec<Capability>, story: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    let migrations = House::new(capabilities()).migrations();
    story(TestCity::open(capabilities(), db::test::sqlite(&migrations), web::Settings::default()).await).await;
    if let Some(db) = db::test::postgres(&migrations) {
        story(TestCity::open(capabilities(), db, web::Settings::default()).await).await;
    }
}

/// A city on SQLite alone, for tests whose subject is not the database.
pub async fn sqlite(capabilities: fn() -> Vec<Capability>) -> TestCity {
    let migrations = House::new(capabilities()).migrations();
    TestCity::open(capabilities(), db::test::sqlite(&migrations), web::Settings::default()).await
}

impl TestCity {
    /// A city on this database.
    ///
    /// # Panics
    /// When the sample pack has a mistake, or the city does not open.
    pub async fn open(capabilities: Vec<Capability>, db: TestDb, settings: web::Settings) -> Self {
        let mut house = House::new(capabilities);
        let loader = pack::Loader::new().messages(&house.messages()).capabilities(&house.packs());
        let pack = loader
            .load_files(sample(&house.packs()))
            .unwrap_or_else(|complaints| panic!("packs/sample:\n{}", pack::render(&complaints)));
        let folder = std::env::temp_dir().join(format!("songhan-test-city-{}", Token::random().reveal()));
        let jobs = house.jobs();
        let parts = Parts {
            db: db.db(),
            pack: Arc::new(pack),
            files: files::Store::open(folder.join("files"), Workshop::here(), db.clock.clone())
                .expect("a folder for files can be made"),
            keys: cases::Keys::for_tests(),
            clock: db.clock.clone(),
            settings,
            access: access::Settings::default(),
        };
        let city = manifest::open(parts).await.unwrap_or_else(|e| panic!("the test city opens: {e}"));
        let (router, doors) = house.take_doors().join(web::sample_doors()).open(&city);
        let clock = db.hand.clone();
        Self { city, doors, clock, db, router, jobs, hired: Mutex::default(), folder }
    }

    /// Everything that the city serves, for tests that bring their own client.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The folder in which its files lie.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.city.now()
    }

    /// Moves the clock.
    pub fn pass(&self, span: Duration) {
        self.clock.pass(span);
    }

    /// Moves the clock to 9:00 of the `days`-th working day from today, by the calendar of the desk that receives what no rule routes.
    ///
    /// # Panics
    /// When the sample pack's calendar ends before.
    pub fn working_days_pass(&self, days: u32) {
        let desk = self.city.pack.triage_desk().expect("the sample pack has a desk");
        let calendar = self.city.pack.calendar_of(&desk.key).expect("the desk has a calendar");
        let zone = &self.city.pack.zone;
        let mut day = self.city.today();
        let mut left = days;
        while left > 0 {
            day = day.tomorrow().expect("a day after");
            let nine = Instant::from_civil(day.at(9, 0, 0, 0), zone);
            if calendars::open_at(calendar, nine) {
                left -= 1;
            }
            assert!(day.year() < 2030, "the sample pack's calendar has no more working days");
        }
        self.clock.set(Instant::from_civil(day.at(9, 0, 0, 0), zone));
    }

    /// Runs every job of the house once, as the server does in time.
    ///
    /// # Panics
    /// When a job fails.
    pub async fn jobs_run(&self) {
        for job in &self.jobs {
            (job.run)(self.city.clone()).await.unwrap_or_else(|trouble| panic!("job {} fails: {trouble:?}", job.name));
        }
    }

    /// Runs one job, by name.
    ///
    /// # Panics
    /// When there is none of this name, or it fails.
    pub async fn job_runs(&self, name: &str) {
        let job = self.jobs.iter().find(|job| job.name == name).unwrap_or_else(|| panic!("there is no job {name}"));
        (job.run)(self.city.clone()).await.unwrap_or_else(|trouble| panic!("job {name} fails: {trouble:?}"));
    }

    /// A digest of everything stored, but for the tables named: equal before and after whatever must not change anything.
    pub async fn digest(&self, except: &'static [&'static str]) -> String {
        self.city.read(Lane::Comfort, move |rd| db::digest(rd, except)).await.unwrap_or_else(|e: db::Error| panic!("{e}"))
    }

    /// The messages written for an address so far, the oldest first.
    pub async fn messages_to(&self, address: &str) -> Vec<notify::Shown> {
        let (sealer, address) = (manifest::message_sealer(&self.city.keys), address.to_owned());
        let found = self.city.read(Lane::Duty, move |rd| notify::messages_of(rd, &sealer, &address)).await;
        let mut all = found.unwrap_or_else(|e: notify::Error| panic!("{e}"));
        all.reverse();
        all
    }

    // ---- people ----

    /// Lan, a resident with a telephone.
    #[must_use]
    pub fn lan(&self) -> Person {
        Person::new(self, "Lan")
    }

    /// Minh, another resident.
    #[must_use]
    pub fn minh(&self) -> Person {
        Person::new(self, "Minh")
    }

    /// Somebody of whom nothing is known.
    #[must_use]
    pub fn stranger(&self) -> Person {
        Person::new(self, "a stranger")
    }

    /// Hoa, dispatcher: she reads, forwards and answers all over the city.
    pub async fn hoa(&self) -> Person {
        self.official("hoa", "Trần Thị Hoa", "dispatcher", "dispatch-center").await
    }

    /// Tuấn, officer of the roads department.
    pub async fn tuan(&self) -> Person {
        self.official("tuan", "Nguyễn Anh Tuấn", "officer", "roads-department").await
    }

    /// Thu, call agent.
    pub async fn thu(&self) -> Person {
        self.official("thu", "Lê Thị Thu", "call-agent", "dispatch-center").await
    }

    /// Dũng, head of the construction department, to which the roads department belongs.
    pub async fn dung(&self) -> Person {
        self.official("dung", "Phạm Quốc Dũng", "head", "construction-department").await
    }

    /// Ngọc, officer of the drainage company: the same rank as Tuấn, another unit.
    pub async fn ngoc(&self) -> Person {
        self.official("ngoc", "Võ Thị Ngọc", "officer", "drainage-company").await
    }

    /// Vinh, auditor: he reads everything and changes nothing.
    pub async fn vinh(&self) -> Person {
        self.official("vinh", "Huỳnh Văn Vinh", "auditor", "city-committee").await
    }

    /// An, administrator.
    pub async fn an(&self) -> Person {
        self.official("hai-an", "Bùi Hải An", "administrator", "dispatch-center").await
    }

    /// An official in a role and unit, made on first use, with a fresh session. She signs in as `sign_in` with [`PASSWORD`].
    ///
    /// # Panics
    /// When the sample pack has no such role or unit.
    pub async fn official(&self, sign_in: &'static str, name: &'static str, role: &'static str, unit: &'static str) -> Person {
        let fresh = self.hired.lock().unwrap_or_else(PoisonError::into_inner).insert(sign_in);
        if fresh {
            let charter: Arc<Charter> = self.city.access.charter();
            let new = NewOfficial {
                sign_in: sign_in.to_owned(),
                name: name.to_owned(),
                role: role.to_owned(),
                unit: unit.to_owned(),
                password: hashed().to_owned(),
                one_time: false,
            };
            let added = self.city.write(Lane::Duty, move |tx| people::add(tx, &charter, &By::CommandLine("test"), &new)).await;
            added.unwrap_or_else(|refusal| panic!("{name} cannot be added: {refusal:?}"));
        }
        let attempt = Attempt {
            sign_in: sign_in.to_owned(),
            password: Private::new(PASSWORD.to_owned()),
            address: None,
            device: "testkit".to_owned(),
            replaces: None,
        };
        let signed =
            self.city.access.sign_in(attempt).await.unwrap_or_else(|refusal| panic!("{name} cannot sign in: {refusal:?}"));
        let person = Person::new(self, name);
        person.keep(access::cookie_name(false), signed.token.reveal());
        person
    }
}

/// The files of the sample pack that the city itself and these capabilities read. A room's stories run on the room alone: what other
/// rooms would read, and permissions that they would declare, are not its matter.
fn sample(rooms: &[(&'static str, pack::ReaderFn)]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![String::new(), "areas/".to_owned(), "notify/".to_owned()];
    folders.extend(rooms.iter().map(|(room, _)| format!("{room}/")));
    for folder in folders {
        for entry in std::fs::read_dir(format!("{SAMPLE}/{folder}")).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                files.push((format!("{folder}{}", entry.file_name().to_string_lossy()), text));
            }
        }
    }
    files
}

/// The password's hash, made once: hashing is slow on purpose.
fn hashed() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(&Private::new(PASSWORD.to_owned())))
}
