//! Manifest: what a capability brings, and where capabilities meet without knowing each other.
//!
//! Start at [`Capability`]: a room's `lib.rs` has one function that makes it, and `server/src/capabilities.rs` lists them. The
//! meeting points that exist so far are [`CaseKind`] (the words and paths of a kind of case), [`Personal`] (what personal data a table
//! holds: a test lists tables without a line), [`Look`] (why personal data is shown), [`May`] (a permission in words),
//! [`Job`] and [`Seed`]. Intake, acts, facts, sources, keepers, offers and providers join when their first user does. Not here: the doors themselves (`web`).

mod case_kind;
mod open;
mod personal;

pub use case_kind::{CaseKind, Start};
pub use open::{NotOpened, Parts, open};
pub use personal::{Holds, Personal, foundation};

use access::{Permission, Purpose};
use kernel::Lang;
use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use web::{City, Door, Doors, Trouble};

/// Work under way: what jobs and seeds return.
pub type Work<T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send>>;

/// Work that comes again and again. It must do no harm when it runs twice.
#[derive(Clone, Copy)]
pub struct Job {
    /// Its name, in the journal and in the health page: `access.sweep`.
    pub name: &'static str,
    /// How long after one run the next begins.
    pub every: Duration,
    /// What it does.
    pub run: fn(City) -> Work<()>,
}

/// Filler of the demonstration. Runs once, on the first start of a demonstration.
#[derive(Clone, Copy)]
pub struct Seed {
    /// What it fills: shown as progress.
    pub name: &'static str,
    /// Lower numbers first: people before what they work on.
    pub order: u8,
    /// Fills; says how many things it made. The city's clock is the one in its hand: it moves it forward through the past that it fills in.
    pub fill: fn(City, std::sync::Arc<kernel::HandClock>) -> Work<usize>,
}

/// Why personal data is shown, in words.
#[derive(Clone, Copy)]
pub struct Look {
    /// The purpose as it is stored.
    pub purpose: Purpose,
    /// The words on the log's page.
    pub words: fn(Lang) -> &'static str,
}

/// The words of all purposes, for the pages that show the log. Cheap to clone.
#[derive(Clone, Default)]
pub struct Purposes(Arc<[Look]>);

impl Purposes {
    /// The purposes of these rooms.
    #[must_use]
    pub fn of(rooms: &[&[Look]]) -> Self {
        Self(rooms.iter().flat_map(|looks| looks.iter().copied()).collect())
    }

    /// The words of a purpose as it is stored, and what the official wrote behind it; a purpose of a room that is gone shows its key.
    #[must_use]
    pub fn words(&self, stored: &str, lang: Lang) -> String {
        let (key, said) = stored.split_once(": ").map_or((stored, None), |(key, said)| (key, Some(said)));
        let purpose = self.0.iter().find(|look| look.purpose.0 == key).map_or(key, |look| (look.words)(lang));
        said.map_or_else(|| purpose.to_owned(), |said| format!("{purpose}: {said}"))
    }
}

/// A permission, in words.
#[derive(Clone, Copy)]
pub struct May {
    /// The permission, as a city's roles list it.
    pub permission: Permission,
    /// What who holds it may do, without a full stop.
    pub words: fn(Lang) -> &'static str,
}

/// The words of all permissions, for the page that shows what a role may. Cheap to clone.
#[derive(Clone, Default)]
pub struct Permissions(Arc<[May]>);

impl Permissions {
    /// The permissions of these rooms.
    #[must_use]
    pub fn of(rooms: &[&[May]]) -> Self {
        Self(rooms.iter().flat_map(|all| all.iter().copied()).collect())
    }

    /// The words of a permission by its name; `None` for one that no room declares.
    #[must_use]
    pub fn words(&self, name: &str, lang: Lang) -> Option<&'static str> {
        self.0.iter().find(|may| may.permission.0 == name).map(|may| (may.words)(lang))
    }
}

/// One capability: everything it brings to the house. Made once at start.
pub struct Capability {
    /// Its name: the folder in `capabilities/` and in a city's pack.
    pub name: &'static str,
    /// Its doors.
    pub doors: Doors,
    /// The history of its tables.
    pub migrations: &'static [db::Migration],
    /// How it reads its folder of a city's pack.
    pub pack: Option<pack::ReaderFn>,
    /// The keys of the messages that it sends: the pack must have their words.
    pub messages: &'static [&'static str],
    /// The permissions that it asks for, in words.
    pub permissions: &'static [May],
    /// What it shows personal data for.
    pub looks: &'static [Look],
    /// Its kinds of case.
    pub case_kinds: &'static [CaseKind],
    /// What personal data its tables hold, a line for each table.
    pub personal: &'static [Personal],
    /// Its work in the background.
    pub jobs: Vec<Job>,
    /// Its filler of the demonstration.
    pub seeds: Vec<Seed>,
}

impl Capability {
    /// A capability that brings nothing yet.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            doors: Doors::new(),
            migrations: &[],
            pack: None,
            messages: &[],
            permissions: &[],
            looks: &[],
            case_kinds: &[],
            personal: &[],
            jobs: Vec::new(),
            seeds: Vec::new(),
        }
    }

    /// Its doors.
    #[must_use]
    pub fn doors(mut self, doors: Doors) -> Self {
        self.doors = doors;
        self
    }

    /// The history of its tables.
    #[must_use]
    pub const fn migrations(mut self, migrations: &'static [db::Migration]) -> Self {
        self.migrations = migrations;
        self
    }

    /// How it reads its folder of a city's pack.
    #[must_use]
    pub const fn pack(mut self, read: pack::ReaderFn) -> Self {
        self.pack = Some(read);
        self
    }

    /// The keys of the messages that it sends.
    #[must_use]
    pub const fn messages(mut self, keys: &'static [&'static str]) -> Self {
        self.messages = keys;
        self
    }

    /// The permissions that it asks for, in words.
    #[must_use]
    pub const fn permissions(mut self, permissions: &'static [May]) -> Self {
        self.permissions = permissions;
        self
    }

    /// What it shows personal data for.
    #[must_use]
    pub const fn looks(mut self, looks: &'static [Look]) -> Self {
        self.looks = looks;
        self
    }

    /// Its kinds of case.
    #[must_use]
    pub const fn case_kinds(mut self, kinds: &'static [CaseKind]) -> Self {
        self.case_kinds = kinds;
        self
    }

    /// What personal data its tables hold.
    #[must_use]
    pub const fn personal(mut self, personal: &'static [Personal]) -> Self {
        self.personal = personal;
        self
    }

    /// One more job.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// One more filler of the demonstration.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seeds.push(seed);
        self
    }

    /// What it brings, in a few lines: for a golden file and for people.
    #[must_use]
    pub fn listing(&self) -> String {
        let mut out = format!("{}\n", self.name);
        let mut line = |what: &str, all: Vec<String>| {
            if !all.is_empty() {
                let _ = writeln!(out, "  {what}: {}", all.join(", "));
            }
        };
        line("doors", self.doors.list().iter().map(|door| format!("{} {}", door.method, door.path)).collect());
        line("tables", self.personal.iter().map(|personal| personal.table.to_owned()).collect());
        line("migrations", self.migrations.iter().map(|migration| migration.name.to_owned()).collect());
        line("permissions", self.permissions.iter().map(|may| may.permission.to_string()).collect());
        line("looks", self.looks.iter().map(|look| look.purpose.0.to_owned()).collect());
        line("messages", self.messages.iter().map(ToString::to_string).collect());
        line("case kinds", self.case_kinds.iter().map(|kind| kind.key.to_owned()).collect());
        line("jobs", self.jobs.iter().map(|job| format!("{} every {} s", job.name, job.every.as_secs())).collect());
        line("seeds", self.seeds.iter().map(|seed| seed.name.to_owned()).collect());
        out
    }
}

/// All capabilities of a house, and the questions that the server asks them together.
pub struct House {
    /// The capabilities, in the order in which they are listed.
    pub capabilities: Vec<Capability>,
}

impl House {
    /// A house with these capabilities.
    #[must_use]
    pub const fn new(capabilities: Vec<Capability>) -> Self {
        Self { capabilities }
    }

    /// The history of all tables, the foundation's with it: what `db::Db::open` takes.
    #[must_use]
    pub fn migrations(&self) -> Vec<&'static [db::Migration]> {
        let mut all = foundation_migrations();
        all.extend(self.capabilities.iter().map(|capability| capability.migrations).filter(|list| !list.is_empty()));
        all
    }

    /// How each capability reads its folder of a pack.
    #[must_use]
    pub fn packs(&self) -> Vec<(&'static str, pack::ReaderFn)> {
        self.capabilities.iter().filter_map(|capability| Some((capability.name, capability.pack?))).collect()
    }

    /// The names of all permissions: a role in a pack may list no other.
    #[must_use]
    pub fn permissions(&self) -> Vec<&'static str> {
        let rooms = self.capabilities.iter().flat_map(|capability| capability.permissions).map(|may| may.permission);
        let mut all: Vec<&'static str> = access::may::ALL.iter().copied().chain(rooms).map(|permission| permission.0).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The keys of all messages: a pack must have the words of each.
    #[must_use]
    pub fn messages(&self) -> Vec<&'static str> {
        self.capabilities.iter().flat_map(|capability| capability.messages.iter().copied()).collect()
    }

    /// A reader of packs that knows this house.
    #[must_use]
    pub fn pack_loader(&self) -> pack::Loader {
        pack::Loader::new().permissions(&self.permissions()).messages(&self.messages()).capabilities(&self.packs())
    }

    /// What personal data all tables hold, the foundation's with them.
    #[must_use]
    pub fn personal(&self) -> Vec<Personal> {
        foundation().iter().chain(self.capabilities.iter().flat_map(|capability| capability.personal)).copied().collect()
    }

    /// All jobs.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job> {
        self.capabilities.iter().flat_map(|capability| capability.jobs.iter().copied()).collect()
    }

    /// All seeds, in the order in which they run.
    #[must_use]
    pub fn seeds(&self) -> Vec<Seed> {
        let mut all: Vec<Seed> = self.capabilities.iter().flat_map(|capability| capability.seeds.iter().copied()).collect();
        all.sort_by_key(|seed| seed.order);
        all
    }

    /// The list of all that the capabilities bring.
    #[must_use]
    pub fn listing(&self) -> String {
        self.capabilities.iter().map(Capability::listing).collect()
    }

    /// Takes all doors as one table, ready to be opened.
    #[must_use]
    pub fn take_doors(&mut self) -> Doors {
        self.capabilities.iter_mut().fold(Doors::new(), |all, capability| all.join(std::mem::take(&mut capability.doors)))
    }

    /// The table of roles by permissions of a pack, as it stands in the golden `roles.txt`: ✔ where a role has it.
    #[must_use]
    pub fn roles_by_permissions(&self, city: &pack::City) -> String {
        let permissions = self.permissions();
        let width = permissions.iter().map(|name| name.len()).max().unwrap_or(0);
        let mut out = format!("{:width$}", "");
        for role in &city.roles {
            let _ = write!(out, "  {}", role.key);
        }
        for permission in permissions {
            let _ = write!(out, "\n{permission:width$}");
            for role in &city.roles {
                let mark = if role.permissions.iter().any(|held| held == permission) { "✔" } else { "✘" };
                let _ = write!(out, "  {mark:len$}", len = role.key.len());
            }
        }
        out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

/// What seals messages to people: those who write them and the page that shows them have the same.
#[must_use]
pub fn message_sealer(keys: &cases::Keys) -> notify::Sealer {
    notify::Sealer::new(&keys.derive("messages to people"))
}

/// The history of the foundation's own tables.
#[must_use]
pub fn foundation_migrations() -> Vec<&'static [db::Migration]> {
    vec![access::MIGRATIONS, cases::MIGRATIONS, jobs::MIGRATIONS, notify::MIGRATIONS]
}

/// The doors of a list that strangers may use to change something: short, and looked at by people.
#[must_use]
pub fn open_posts(doors: &[Door]) -> Vec<String> {
    doors
        .iter()
        .filter(|door| door.method.as_str() == "POST" && door.pass == web::Pass::Anyone)
        .map(|door| door.path.to_owned())
        .collect()
}
