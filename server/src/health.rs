//! How the house is: `/healthz` says that the process answers, `/readyz` that it also keeps what it is given. Readiness is an effect: a
//! commit within the last ten seconds (rule R15), and no alarm of the verifications.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::{Arc, OnceLock};
use web::{City, Doors, Limits, Pass};

/// A commit older than this is no readiness.
const FRESH_MS: i64 = 10_000;

/// What the verification after the start, or the sample of a night, found.
#[derive(Clone, Default)]
pub struct Alarm(Arc<OnceLock<String>>);

impl Alarm {
    /// Something is wrong: said once, and for as long as the process runs.
    pub fn ring(&self, why: String) {
        // Rung before it is said: who reads the line finds it ringing.
        let _ = self.0.set(why.clone());
        tracing::error!("ALARM: {why}");
    }

    /// Whether anything is.
    #[must_use]
    pub fn rings(&self) -> bool {
        self.0.get().is_some()
    }
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    /// Milliseconds since the last commit.
    last_commit_ms: i64,
    /// Writes that wait in the lanes life, duty and comfort.
    waiting: [usize; 3],
    /// Pictures that wait to be re-encoded.
    pictures_waiting: usize,
    /// Whether the verification of journal and files found something; what, says the log.
    alarm: bool,
}

/// The two doors.
#[must_use]
pub fn doors(alarm: Alarm) -> Doors {
    let ready = move |city: City| ready(city, alarm.clone());
    Doors::new().get("/healthz", Pass::Anyone, Limits::OPEN, "The process answers.", async || "ok\n").get(
        "/readyz",
        Pass::Anyone,
        Limits::OPEN,
        "The city keeps what it is given: something was committed within ten seconds.",
        ready,
    )
}

async fn ready(city: City, alarm: Alarm) -> Response {
    let last_commit_ms = city.now().ms() - city.db.last_commit_ms();
    let alarm = alarm.rings();
    // A clock that was set back must not make a living house look dead for long: the next beat repairs it.
    let ready = last_commit_ms <= FRESH_MS && !alarm;
    let answer =
        Ready { ready, last_commit_ms, waiting: city.db.depth(), pictures_waiting: city.files.picture_counts().waiting, alarm };
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(answer)).into_response()
}
