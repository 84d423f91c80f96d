//! Officials and their posts: added, closed, given and ended. Each act stands in `access_acts`, in the same transaction.

use crate::Refusal;
use crate::charter::{Charter, Post};
use crate::may;
use crate::official::{Official, Scope, scope};
use db::{Rd, Tx, args, row};
use jiff::civil::Date;
use kernel::Instant;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// How long a one-time password opens the door.
pub const ONE_TIME_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// Who manages: an official within her scope, or whoever runs the machine.
#[derive(Clone, Debug)]
pub enum By {
    /// An official, bounded by her scope for [`may::MANAGE_OFFICIALS`].
    Official(Box<Official>),
    /// The command line; the word names the command.
    CommandLine(&'static str),
}

impl By {
    fn id(&self) -> Option<i64> {
        match self {
            Self::Official(official) => Some(official.id),
            Self::CommandLine(_) => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Official(official) => &official.name,
            Self::CommandLine(command) => command,
        }
    }
}

/// A new official.
#[derive(Clone, Debug)]
pub struct NewOfficial {
    /// What she will type to sign in.
    pub sign_in: String,
    /// Her full name.
    pub name: String,
    /// Her role, a pack key.
    pub role: String,
    /// Her unit, a pack key.
    pub unit: String,
    /// The PHC string of her password.
    pub password: String,
    /// Whether it is a one-time password, to be changed at the first sign-in.
    pub one_time: bool,
}

row! {
    /// An official as those who manage see her.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Person {
        /// Internal id, never shown; the place to go on from in a list.
        pub id: i64,
        /// What she types to sign in; names her in addresses.
        pub sign_in: String,
        /// Her name.
        pub name: String,
        /// What the act is conditional on.
        pub generation: i64,
        /// Until when her one-time password opens the door, while she has one.
        pub one_time_until: Option<Instant>,
        /// Since when.
        pub created_at: Instant,
        /// When her account was closed.
        pub disabled_at: Option<Instant>,
    }
}

row! {
    /// A post as it is stored.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PostRow {
        /// What ends it.
        pub id: i64,
        /// The role, a pack key.
        pub role: String,
        /// The unit, a pack key.
        pub unit: String,
        /// The first day, `YYYY-MM-DD`.
        pub valid_from: String,
        /// The last day.
        pub valid_to: Option<String>,
    }
}

row! {
    /// An act on an account.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Act {
        /// The place to go on from in a list.
        pub id: i64,
        /// When.
        pub acted_at: Instant,
        /// Who: a name, or a command.
        pub by_name: String,
        /// What: `added`, `closed`, `opened`, `post-given`, `post-ended`, `password-reset`, `password-changed`.
        pub verb: String,
        /// Whose account.
        pub official_name: String,
        /// The role, when the act is about a post.
        pub role: Option<String>,
        /// The unit, when the act is about a post.
        pub unit: Option<String>,
    }
}

/// The posts of an official, oldest first.
pub(crate) fn post_rows(rd: &mut Rd<'_>, official: i64) -> Result<Vec<PostRow>, db::Error> {
    rd.all(
        "select id, role, unit, valid_from, valid_to from access_posts where official_id = $1 order by id limit 100",
        args![official],
    )
}

impl PostRow {
    /// The post; a day that cannot be read makes a post that is never held.
    #[must_use]
    pub fn post(&self) -> Post {
        let day = |text: &str| text.parse::<Date>().ok();
        let (from, to) = (day(&self.valid_from), self.valid_to.as_deref().map(day));
        let never = (Date::MAX, Some(Date::MIN));
        let (from, to) = match (from, to) {
            (Some(from), None) => (from, None),
            (Some(from), Some(Some(to))) => (from, Some(to)),
            _ => never,
        };
        Post { role: self.role.clone(), unit: self.unit.clone(), from, to }
    }
}

pub(crate) fn posts(rd: &mut Rd<'_>, official: i64) -> Result<Vec<Post>, db::Error> {
    Ok(post_rows(rd, official)?.iter().map(PostRow::post).collect())
}

/// Builds the official that a living session stands for.
#[allow(clippy::too_many_arguments)] // the columns of one row
pub(crate) fn official(
    charter: &Charter,
    posts: &[Post],
    name: &str,
    sign_in: &str,
    id: i64,
    generation: i64,
    one_time: bool,
    session: i64,
    now: Instant,
) -> Official {
    let day = charter.day(now);
    let first = posts.iter().find(|post| post.holds_on(day));
    Official {
        id,
        name: name.to_owned(),
        sign_in: sign_in.to_owned(),
        unit: first.map(|post| post.unit.clone()).unwrap_or_default(),
        role: first.map(|post| post.role.clone()).unwrap_or_default(),
        generation,
        must_change_password: one_time,
        session,
        permissions: Arc::new(charter.permissions(posts, day)),
    }
}

/// The name of the version and day for which reach is stored.
pub(crate) fn reach_of(charter: &Charter, now: Instant) -> String {
    format!("{} {}", charter.version(), charter.day(now))
}

/// Stores what the official's posts give today. Only the difference is written.
pub(crate) fn settle(tx: &mut Tx<'_>, charter: &Charter, official: i64) -> Result<(), db::Error> {
    let now = tx.now();
    let posts = posts(tx, official)?;
    let should = charter.reach(&posts, charter.day(now));
    let is: BTreeSet<(String, String)> = tx
        .all::<(String, String)>("select permission, unit_key from access_reach where official_id = $1", args![official])?
        .into_iter()
        .collect();
    for (permission, unit) in is.difference(&should) {
        tx.exec(
            "delete from access_reach where official_id = $1 and permission = $2 and unit_key = $3",
            args![official, permission, unit],
        )?;
    }
    for (permission, unit) in should.difference(&is) {
        tx.exec(
            "insert into access_reach (official_id, permission, unit_key) values ($1, $2, $3)",
            args![official, permission, unit],
        )?;
    }
    tx.exec("update access_officials set reach_of = $2 where id = $1", args![official, reach_of(charter, now)])?;
    Ok(())
}

/// Stores anew the reach of at most `limit` officials whose stored reach is of another day or version; says how many.
/// The server calls it until it says 0 when it loads a pack; a session does it for its own official.
///
/// # Errors
/// When the store fails.
pub fn settle_some(tx: &mut Tx<'_>, charter: &Charter, limit: i64) -> Result<usize, db::Error> {
    let now = tx.now();
    let stale: Vec<(i64,)> = tx
        .all("select id from access_officials where reach_of <> $1 order by id limit $2", args![reach_of(charter, now), limit])?;
    for (official,) in &stale {
        settle(tx, charter, *official)?;
    }
    Ok(stale.len())
}

fn act(tx: &mut Tx<'_>, by: &By, verb: &str, whom: (i64, &str), post: Option<(&str, &str)>) -> Result<(), db::Error> {
    let (id, now) = (tx.id(), tx.now());
    tx.exec_one(
        "insert into access_acts (id, acted_at, by_id, by_name, verb, official_id, official_name, role, unit) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![id, now, by.id(), by.name(), verb, whom.0, whom.1, post.map(|p| p.0), post.map(|p| p.1)],
    )
}

/// Refuses a post that reaches further than the giver's own right to manage.
fn within(rd: &mut Rd<'_>, charter: &Charter, by: &By, role: &str, unit: &str) -> Result<(), Refusal> {
    let Some(declared) = charter.roles().get(role) else { return Err(Refusal::UnknownRole) };
    if !charter.knows_unit(unit) {
        return Err(Refusal::UnknownUnit);
    }
    let By::Official(official) = by else { return Ok(()) };
    let scope = scope(official, may::MANAGE_OFFICIALS).ok_or(Refusal::BeyondYou)?;
    let own: BTreeSet<String> = units(rd, &scope)?.into_iter().collect();
    let inside = charter.units_of(declared.reach, unit).iter().all(|unit| own.contains(unit));
    if inside { Ok(()) } else { Err(Refusal::BeyondYou) }
}

/// The units that a scope covers.
///
/// # Errors
/// When the store fails.
pub fn units(rd: &mut Rd<'_>, scope: &Scope) -> Result<Vec<String>, db::Error> {
    let rows: Vec<(String,)> = rd.all(
        "select unit_key from access_reach where official_id = $1 and permission = $2 order by unit_key",
        args![scope.official(), scope.permission()],
    )?;
    Ok(rows.into_iter().map(|(unit,)| unit).collect())
}

/// Whether anybody was ever added: a house without officials needs its first administrator.
///
/// # Errors
/// When the store fails.
pub fn any(rd: &mut Rd<'_>) -> Result<bool, db::Error> {
    Ok(rd.opt::<(i64,)>("select id from access_officials limit 1", args![])?.is_some())
}

/// A sign-in name in the form that is stored; `None` when it cannot be one.
#[must_use]
pub fn sign_in_name(typed: &str) -> Option<String> {
    let name = typed.trim().to_lowercase();
    let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
    ((3..=40).contains(&name.len()) && name.bytes().all(known) && name.as_bytes()[0].is_ascii_alphanumeric()).then_some(name)
}

/// Adds an official with her first post.
///
/// # Errors
/// A [`Refusal`] when the name, role or unit cannot stand, or the post reaches further than `by` manages.
pub fn add(tx: &mut Tx<'_>, charter: &Charter, by: &By, new: &NewOfficial) -> Result<i64, Refusal> {
    let sign_in = sign_in_name(&new.sign_in).ok_or(Refusal::SignInShape)?;
    let name: String =
        kernel::spelling::clean(&new.name).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect();
    if name.is_empty() {
        return Err(Refusal::NameMissing);
    }
    within(tx, charter, by, &new.role, &new.unit)?;
    if tx.opt::<(i64,)>("select id from access_officials where sign_in = $1", args![sign_in])?.is_some() {
        return Err(Refusal::SignInTaken);
    }
    let (id, now) = (tx.id(), tx.now());
    let until = new.one_time.then(|| now.after(ONE_TIME_FOR));
    tx.exec_one(
        "insert into access_officials (id, sign_in, name, password, one_time_until, generation, reach_of, created_at) \
         values ($1, $2, $3, $4, $5, 1, '', $6)",
        args![id, sign_in, name, new.password, until, now],
    )?;
    act(tx, by, "added", (id, &name), None)?;
    post(tx, charter, by, (id, &name), &new.role, &new.unit)?;
    Ok(id)
}

fn post(tx: &mut Tx<'_>, charter: &Charter, by: &By, whom: (i64, &str), role: &str, unit: &str) -> Result<(), Refusal> {
    let (id, now) = (tx.id(), tx.now());
    let from = charter.day(now).to_string();
    tx.exec_one(
        "insert into access_posts (id, official_id, role, unit, valid_from, created_at) values ($1, $2, $3, $4, $5, $6)",
        args![id, whom.0, role, unit, from, now],
    )?;
    act(tx, by, "post-given", whom, Some((role, unit)))?;
    settle(tx, charter, whom.0)?;
    Ok(())
}

const PERSON: &str =
    "select id, sign_in, name, generation, one_time_until, created_at, disabled_at from access_officials where sign_in = $1";

/// The official whom this name signs in, when `by` manages or reads her.
///
/// # Errors
/// When the store fails.
pub fn find(rd: &mut Rd<'_>, scope: &Scope, sign_in: &str) -> Result<Option<Person>, db::Error> {
    rd.opt(
        "select id, sign_in, name, generation, one_time_until, created_at, disabled_at from access_officials o where sign_in = $3 \
         and (exists (select 1 from access_posts p join access_reach r on r.unit_key = p.unit \
              where p.official_id = o.id and r.official_id = $1 and r.permission = $2))",
        args![scope.official(), scope.permission(), sign_in],
    )
}

/// The names of officials, as they stand in the journal that whoever asks may read.
///
/// # Errors
/// When the store fails.
pub fn names(rd: &mut Rd<'_>, ids: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, String>, db::Error> {
    let mut found = BTreeMap::new();
    for id in ids {
        if !found.contains_key(&id)
            && let Some((name,)) = rd.opt::<(String,)>("select name from access_officials where id = $1", args![id])?
        {
            found.insert(id, name);
        }
    }
    Ok(found)
}

/// The posts of a person, with those that have ended.
///
/// # Errors
/// When the store fails.
pub fn posts_of(rd: &mut Rd<'_>, person: &Person) -> Result<Vec<PostRow>, db::Error> {
    post_rows(rd, person.id)
}

/// The officials who have or had a post in the scope: under the unit of the last post that she was given in it, the units in
/// the order given, and in a unit by what they sign in with. `after` is the id to go on from. A unit without people costs one look at an index.
///
/// # Errors
/// When the store fails.
pub fn list(
    rd: &mut Rd<'_>,
    scope: &Scope,
    order: &[String],
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<Person>, db::Error> {
    const PLACE: &str = "select p.unit, o.sign_in from access_posts p join access_officials o on o.id = p.official_id \
        join access_reach r on r.unit_key = p.unit \
        where o.id = $3 and r.official_id = $1 and r.permission = $2 order by p.id desc limit 1";
    const OF_UNIT: &str = "select o.id, o.sign_in, o.name, o.generation, o.one_time_until, o.created_at, o.disabled_at \
        from access_posts p join access_officials o on o.id = p.official_id \
        where p.unit = $3 and o.sign_in > $4 and not exists (select 1 from access_posts later \
            join access_reach r on r.unit_key = later.unit \
            where later.official_id = p.official_id and later.id > p.id and r.official_id = $1 and r.permission = $2) \
        order by o.sign_in limit $5";
    let (by, permission) = (scope.official(), scope.permission());
    let own: BTreeSet<String> = units(rd, scope)?.into_iter().collect();
    let units: Vec<&String> = order.iter().filter(|unit| own.contains(*unit)).collect();
    let place: Option<(String, String)> = match after {
        Some(id) => rd.opt(PLACE, args![by, permission, id])?,
        None => None,
    };
    let from = place.as_ref().and_then(|(unit, _)| units.iter().position(|one| *one == unit)).unwrap_or(0);
    let mut after = place.map(|(_, sign_in)| sign_in).unwrap_or_default();
    let mut found: Vec<Person> = Vec::new();
    for unit in units.into_iter().skip(from) {
        let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        found.extend(rd.all::<Person>(OF_UNIT, args![by, permission, unit, std::mem::take(&mut after), left])?);
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// What was done to a person's account, newest first.
///
/// # Errors
/// When the store fails.
pub fn acts_of(rd: &mut Rd<'_>, person: &Person, limit: i64) -> Result<Vec<Act>, db::Error> {
    rd.all(
        "select id, acted_at, by_name, verb, official_name, role, unit from access_acts where official_id = $1 order by id desc limit $2",
        args![person.id, limit],
    )
}

/// The person an act is about: in the giver's scope with every post she holds now, so that nobody manages her own superior.
fn managed(tx: &mut Tx<'_>, charter: &Charter, by: &By, sign_in: &str, generation: i64) -> Result<Person, Refusal> {
    let person = tx.opt::<Person>(PERSON, args![sign_in])?.ok_or(Refusal::NotFound)?;
    if let By::Official(official) = by {
        let scope = scope(official, may::MANAGE_OFFICIALS).ok_or(Refusal::BeyondYou)?;
        find(tx, &scope, sign_in)?.ok_or(Refusal::NotFound)?;
        let today = charter.day(tx.now());
        for row in post_rows(tx, person.id)?
            .iter()
            .filter(|row| row.post().holds_on(today) && charter.knows_role(&row.role) && charter.knows_unit(&row.unit))
        {
            within(tx, charter, by, &row.role, &row.unit)?;
        }
    }
    if person.generation == generation { Ok(person) } else { Err(Refusal::Changed) }
}

/// One more: every session of hers is dead with the next request.
fn next_generation(tx: &mut Tx<'_>, person: &Person) -> Result<(), Refusal> {
    match tx.exec(
        "update access_officials set generation = generation + 1 where id = $1 and generation = $2",
        args![person.id, person.generation],
    )? {
        1 => Ok(()),
        _ => Err(Refusal::Changed),
    }
}

/// Refuses when nobody whose account is open may manage officials any more.
fn somebody_manages(rd: &mut Rd<'_>) -> Result<(), Refusal> {
    let left = rd.opt::<(i64,)>(
        "select r.official_id from access_reach r join access_officials o on o.id = r.official_id \
         where r.permission = $1 and o.disabled_at is null order by r.official_id limit 1",
        args![may::MANAGE_OFFICIALS.0],
    )?;
    left.map(|_| ()).ok_or(Refusal::LastAdministrator)
}

/// Closes an account.
///
/// # Errors
/// A [`Refusal`], for one when nobody would be left who manages officials.
pub fn close(tx: &mut Tx<'_>, charter: &Charter, by: &By, sign_in: &str, generation: i64) -> Result<(), Refusal> {
    let person = managed(tx, charter, by, sign_in, generation)?;
    let now = tx.now();
    next_generation(tx, &person)?;
    if tx.exec("update access_officials set disabled_at = $2 where id = $1 and disabled_at is null", args![person.id, now])? == 0
    {
        return Err(Refusal::Changed);
    }
    somebody_manages(tx)?;
    tx.exec("delete from access_sessions where official_id = $1", args![person.id])?;
    Ok(act(tx, by, "closed", (person.id, &person.name), None)?)
}

/// Opens a closed account again.
///
/// # Errors
/// A [`Refusal`] when it is not closed or not the giver's to manage.
pub fn reopen(tx: &mut Tx<'_>, charter: &Charter, by: &By, sign_in: &str, generation: i64) -> Result<(), Refusal> {
    let person = managed(tx, charter, by, sign_in, generation)?;
    next_generation(tx, &person)?;
    if tx.exec("update access_officials set disabled_at = null where id = $1 and disabled_at is not null", args![person.id])? == 0
    {
        return Err(Refusal::Changed);
    }
    Ok(act(tx, by, "opened", (person.id, &person.name), None)?)
}

/// Gives a post.
///
/// # Errors
/// A [`Refusal`] when the post reaches further than the giver's own right to manage.
pub fn give_post(
    tx: &mut Tx<'_>,
    charter: &Charter,
    by: &By,
    sign_in: &str,
    generation: i64,
    role: &str,
    unit: &str,
) -> Result<(), Refusal> {
    let person = managed(tx, charter, by, sign_in, generation)?;
    within(tx, charter, by, role, unit)?;
    next_generation(tx, &person)?;
    post(tx, charter, by, (person.id, &person.name), role, unit)
}

/// Ends a post: it is not held from this moment on.
///
/// # Errors
/// A [`Refusal`], for one when nobody would be left who manages officials.
pub fn end_post(tx: &mut Tx<'_>, charter: &Charter, by: &By, sign_in: &str, generation: i64, post: i64) -> Result<(), Refusal> {
    let person = managed(tx, charter, by, sign_in, generation)?;
    let Some(row) = post_rows(tx, person.id)?.into_iter().find(|row| row.id == post) else { return Err(Refusal::NotFound) };
    let today = charter.day(tx.now());
    if !row.post().holds_on(today) {
        return Err(Refusal::Changed);
    }
    next_generation(tx, &person)?;
    let yesterday = today.yesterday().unwrap_or(today).to_string();
    tx.exec_one("update access_posts set valid_to = $2 where id = $1", args![post, yesterday])?;
    settle(tx, charter, person.id)?;
    somebody_manages(tx)?;
    Ok(act(tx, by, "post-ended", (person.id, &person.name), Some((&row.role, &row.unit)))?)
}

/// Gives a one-time password in place of a forgotten one.
///
/// # Errors
/// A [`Refusal`] when the account is not the giver's to manage.
pub fn reset_password(
    tx: &mut Tx<'_>,
    charter: &Charter,
    by: &By,
    sign_in: &str,
    generation: i64,
    password: &str,
) -> Result<(), Refusal> {
    let person = managed(tx, charter, by, sign_in, generation)?;
    next_generation(tx, &person)?;
    let until = tx.now().after(ONE_TIME_FOR);
    tx.exec_one(
        "update access_officials set password = $2, one_time_until = $3 where id = $1",
        args![person.id, password, until],
    )?;
    Ok(act(tx, by, "password-reset", (person.id, &person.name), None)?)
}

/// Stores the password that she chose herself; every session of hers is dead after it.
pub(crate) fn set_own_password(tx: &mut Tx<'_>, by: &Official, password: &str) -> Result<i64, Refusal> {
    let changed = tx.exec(
        "update access_officials set password = $3, one_time_until = null, generation = generation + 1 where id = $1 and generation = $2",
        args![by.id, by.generation, password],
    )?;
    if changed == 0 {
        return Err(Refusal::Changed);
    }
    act(tx, &By::Official(Box::new(by.clone())), "password-changed", (by.id, &by.name), None)?;
    Ok(by.generation + 1)
}

/// Her own posts of today, oldest first.
///
/// # Errors
/// When the store fails.
pub fn own_posts(rd: &mut Rd<'_>, charter: &Charter, by: &Official) -> Result<Vec<PostRow>, db::Error> {
    let today = charter.day(rd.now());
    Ok(post_rows(rd, by.id)?.into_iter().filter(|row| row.post().holds_on(today)).collect())
}

/// Officials who act for a unit today, as the journal writes them: for a demonstration that fills in a past.
///
/// # Errors
/// When the store fails.
pub fn actors_of_unit(rd: &mut Rd<'_>, unit: &str) -> Result<Vec<kernel::Actor>, db::Error> {
    let found = rd.all::<(i64, String, String)>(
        "select o.id, o.name, p.role from access_posts p join access_officials o on o.id = p.official_id \
         where p.unit = $1 and o.disabled_at is null order by o.id",
        args![unit],
    )?;
    let actor = |(id, name, role)| kernel::Actor::Official { id, name, unit: unit.to_owned(), role };
    Ok(found.into_iter().map(actor).collect())
}
