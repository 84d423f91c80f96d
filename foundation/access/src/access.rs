//! The handle that the web holds: sign in, ask who is there, sign out, change a password.

use crate::Refusal;
use crate::attempts::{Addresses, rest};
use crate::charter::Charter;
use crate::official::Official;
use crate::password::{self, Hashing};
use crate::people::{self, By, NewOfficial};
use crate::sessions::{self, Lifetimes, Session, SessionToken};
use db::{Db, Lane, Rd, Tx, args};
use kernel::secret::sha256;
use kernel::{Clock, Instant, Private};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// What a city's operator may set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long sessions live.
    pub lifetimes: Lifetimes,
    /// How many passwords are hashed at once; each takes 19 MiB while it runs.
    pub hashing: usize,
    /// Whether repeated failures have to wait. Off is for measurements on the loopback address only.
    pub back_off: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lifetimes: Lifetimes::default(), hashing: 2, back_off: true }
    }
}

/// One try to sign in.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The name as it was typed.
    pub sign_in: String,
    /// The password as it was typed.
    pub password: Private<String>,
    /// Where it came from, when that is known.
    pub address: Option<IpAddr>,
    /// What the browser says it is, for the list of her own sessions.
    pub device: String,
    /// The session cookie that came along: it is ended, a session is never carried over (rule R8).
    pub replaces: Option<String>,
}

/// A fresh session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Goes into the cookie.
    pub token: SessionToken,
    /// Who signed in.
    pub official: Official,
}

/// Sessions and the authorizer over one database. Cheap to clone.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    charter: Arc<Charter>,
    settings: Settings,
    hashing: Hashing,
    addresses: Addresses,
}

impl Access {
    /// The handle; hashes once, so that a name without account costs the same as one with.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, charter: Charter, settings: Settings) -> Self {
        let hashing = Hashing::new(settings.hashing);
        Self(Arc::new(Inner { db, clock, charter: Arc::new(charter), settings, hashing, addresses: Addresses::default() }))
    }

    /// The roles and units of the pack.
    #[must_use]
    pub fn charter(&self) -> Arc<Charter> {
        Arc::clone(&self.0.charter)
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.0.settings
    }

    /// The official whose session this cookie's text opens; `None` for everything else.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn caller(&self, cookie: &str) -> Result<Option<Official>, db::Error> {
        let Some(digest) = sessions::digest(cookie) else { return Ok(None) };
        let (charter, lives, now) = (self.charter(), self.0.settings.lifetimes, self.0.clock.now());
        let found = self.read(move |rd| sessions::find(rd, &charter, lives, &digest, now)).await?;
        let Some(living) = found else { return Ok(None) };
        let official = living.official;
        if living.stale {
            let (charter, id) = (self.charter(), official.id);
            self.0.db.write(Lane::Duty, move |tx| people::settle(tx, &charter, id)).await?;
        }
        if living.seen {
            let id = official.session;
            // When the queue is full the session merely looks idle for longer than it was: no reason to turn the official away.
            let _ = self.0.db.write(Lane::Duty, move |tx| sessions::seen(tx, id)).await;
        }
        Ok(Some(official))
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`Refusal::WrongSignIn`] alike for a wrong name, a wrong password and a closed account, and in the same time;
    /// [`Refusal::Wait`] after too many failures of this name or this address; [`Refusal::Busy`].
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn, Refusal> {
        let now = self.0.clock.now();
        let back_off = self.0.settings.back_off;
        if back_off && attempt.address.is_some_and(|address| self.0.addresses.must_wait(address, now)) {
            return Err(Refusal::Wait(Addresses::wait()));
        }
        let typed = attempt.sign_in.trim().to_lowercase();
        let name = sha256(format!("sign-in\0{typed}").as_bytes()).to_vec();
        // The attempt is counted before the password is looked at: a thousand guesses at one moment are still a thousand.
        let counted = name.clone();
        let account = self.0.db.write(Lane::Duty, move |tx| count(tx, &counted, &typed, back_off)).await?;
        let (id, stored, open) = account.map_or((0, None, false), |account| (account.id, Some(account.password), account.open));
        let right = self.0.hashing.verify(attempt.password, stored).await?;
        if !(right && open) {
            if let Some(address) = attempt.address {
                self.0.addresses.failed(address, now);
            }
            return Err(Refusal::WrongSignIn);
        }
        let token = SessionToken::random();
        let digest = sessions::digest(token.reveal()).unwrap_or_default();
        let replaces = attempt.replaces.as_deref().and_then(sessions::digest);
        let (charter, lives, device) = (self.charter(), self.0.settings.lifetimes, device(&attempt.device));
        let official = self
            .0
            .db
            .write(Lane::Duty, move |tx| -> Result<Official, Refusal> {
                tx.exec("delete from access_attempts where digest = $1", args![name])?;
                people::settle(tx, &charter, id)?;
                let (generation,) = tx.one::<(i64,)>("select generation from access_officials where id = $1", args![id])?;
                sessions::open(tx, id, generation, &digest, &device, replaces.as_deref())?;
                let now = tx.now();
                sessions::find(tx, &charter, lives, &digest, now)?.map(|living| living.official).ok_or(Refusal::WrongSignIn)
            })
            .await?;
        Ok(SignedIn { token, official })
    }

    /// Ends this session.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, by: &Official) -> Result<(), Refusal> {
        let by = by.clone();
        let ended = self.0.db.write(Lane::Duty, move |tx| sessions::end(tx, &by, by.session)).await;
        match ended {
            Ok(()) | Err(Refusal::NotFound) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Her own living sessions, newest first, each with whether it is this one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sessions(&self, by: &Official) -> Result<Vec<(Session, bool)>, db::Error> {
        let (asked, own) = (by.clone(), by.session);
        let all = self.read(move |rd| sessions::of(rd, &asked)).await?;
        Ok(all.into_iter().map(|session| (session.id == own, session)).map(|(own, session)| (session, own)).collect())
    }

    /// Ends one of her own sessions.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when it is not hers.
    pub async fn end_session(&self, by: &Official, id: i64) -> Result<(), Refusal> {
        let by = by.clone();
        self.0.db.write(Lane::Duty, move |tx| sessions::end(tx, &by, id)).await
    }

    /// Whether it is really she: asked again before an act that could take rights from others (step-up, rule R8).
    ///
    /// # Errors
    /// [`Refusal::WrongPassword`], [`Refusal::Wait`] as at sign-in, [`Refusal::Busy`].
    pub async fn confirm(&self, by: &Official, password: Private<String>) -> Result<(), Refusal> {
        let (typed, back_off) = (by.sign_in.clone(), self.0.settings.back_off);
        let name = sha256(format!("sign-in\0{typed}").as_bytes()).to_vec();
        let counted = name.clone();
        let account = self.0.db.write(Lane::Duty, move |tx| count(tx, &counted, &typed, back_off)).await?;
        if !self.0.hashing.verify(password, account.map(|account| account.password)).await? {
            return Err(Refusal::WrongPassword);
        }
        Ok(self
            .0
            .db
            .write(Lane::Duty, move |tx| tx.exec("delete from access_attempts where digest = $1", args![name]).map(|_| ()))
            .await?)
    }

    /// Changes her own password; all her sessions end and a fresh one begins.
    ///
    /// # Errors
    /// [`Refusal::WrongPassword`] and the rules for new passwords.
    pub async fn change_password(
        &self,
        by: &Official,
        old: Private<String>,
        new: Private<String>,
        device_said: &str,
    ) -> Result<SessionToken, Refusal> {
        password::judge(&new, &by.sign_in, &by.name)?;
        if new == old {
            return Err(Refusal::PasswordUnchanged);
        }
        self.confirm(by, old).await?;
        let hash = self.0.hashing.hash(new).await?;
        let token = SessionToken::random();
        let (digest, device, by) = (sessions::digest(token.reveal()).unwrap_or_default(), device(device_said), by.clone());
        self.0
            .db
            .write(Lane::Duty, move |tx| -> Result<(), Refusal> {
                let generation = people::set_own_password(tx, &by, &hash)?;
                sessions::open(tx, by.id, generation, &digest, &device, None)?;
                Ok(())
            })
            .await?;
        Ok(token)
    }

    /// Adds an official with a one-time password, which is said once: here.
    ///
    /// # Errors
    /// As [`people::add`].
    pub async fn add(
        &self,
        by: By,
        sign_in: String,
        name: String,
        role: String,
        unit: String,
    ) -> Result<Private<String>, Refusal> {
        let once = password::one_time();
        let password = self.0.hashing.hash(once.clone()).await?;
        let charter = self.charter();
        let new = NewOfficial { sign_in, name, role, unit, password, one_time: true };
        self.0.db.write(Lane::Duty, move |tx| people::add(tx, &charter, &by, &new)).await?;
        Ok(once)
    }

    /// Gives an official a one-time password in place of a forgotten one; it is said once: here.
    ///
    /// # Errors
    /// As [`people::reset_password`].
    pub async fn reset_password(&self, by: By, sign_in: String, generation: i64) -> Result<Private<String>, Refusal> {
        let once = password::one_time();
        let password = self.0.hashing.hash(once.clone()).await?;
        let charter = self.charter();
        self.0.db.write(Lane::Duty, move |tx| people::reset_password(tx, &charter, &by, &sign_in, generation, &password)).await?;
        Ok(once)
    }

    async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Rd<'_>) -> Result<T, db::Error> + Send + 'static,
    ) -> Result<T, db::Error> {
        self.0.db.read(Lane::Duty, f).await
    }
}

/// What signing in needs of an account.
struct Account {
    id: i64,
    password: String,
    open: bool,
}

/// Counts an attempt for the typed name, account or not, and refuses it while the name rests.
fn count(tx: &mut Tx<'_>, name: &[u8], typed: &str, back_off: bool) -> Result<Option<Account>, Refusal> {
    let now = tx.now();
    let before = tx.opt::<(i64, Instant)>("select failures, failed_at from access_attempts where digest = $1", args![name])?;
    let failures = match before {
        Some((failures, at)) if now <= at.after(crate::attempts::FORGOTTEN_AFTER) => {
            let until = at.after(rest(failures));
            if back_off && now < until {
                let left = u64::try_from(until.since(now)).unwrap_or(0).max(1);
                return Err(Refusal::Wait(Duration::from_millis(left)));
            }
            failures + 1
        }
        _ => 1,
    };
    tx.exec(
        "insert into access_attempts (digest, failures, failed_at) values ($1, $2, $3) \
         on conflict (digest) do update set failures = $2, failed_at = $3",
        args![name, failures, now],
    )?;
    let account = tx.opt::<(i64, String, Option<Instant>, Option<Instant>)>(
        "select id, password, disabled_at, one_time_until from access_officials where sign_in = $1",
        args![typed],
    )?;
    Ok(account.map(|(id, password, disabled, until)| Account {
        id,
        password,
        open: disabled.is_none() && until.is_none_or(|until| now <= until),
    }))
}

/// The browser's own words, cleaned and cut: enough to know one's telephone again.
fn device(said: &str) -> String {
    let clean = kernel::spelling::clean(said);
    let known = [
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let on = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| clean.contains(sign)).map(|(_, name)| *name);
    match (find(&known), find(&on)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => clean.chars().take(40).collect(),
    }
}
