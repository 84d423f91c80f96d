//! The round that hands due messages to providers: claimed in one transaction, sent outside of any, settled in another. A process that
//! dies in between leaves a lease that runs out, so a message goes at least once; providers get its id as their key against doubling.

use crate::store::{State, claim, settle};
use crate::{Channel, Error, Failure, Outgoing, Provider, Sealer};
use db::{Db, Lane};
use std::sync::Arc;
use std::time::Duration;

/// How long a claimed message is left to the process that took it.
const LEASE: Duration = Duration::from_secs(120);
/// How many messages one round takes.
const ROUND: i64 = 50;
/// How often a message is tried before it is given up: with [`pause`] that is about two days.
const MOST_ATTEMPTS: i64 = 12;
/// How long a provider may take for one message.
const PATIENCE: Duration = Duration::from_secs(30);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken by a provider or kept on the outbox page.
    pub sent: usize,
    /// To be tried again.
    pub again: usize,
    /// Given up.
    pub failed: usize,
}

/// The pause after the `attempt`-th failure: one minute, doubled up to eight hours.
const fn pause(attempt: i64) -> Duration {
    let doubled = if attempt < 1 {
        0
    } else if attempt > 9 {
        9
    } else {
        attempt - 1
    };
    let seconds = 60_u64 << doubled;
    Duration::from_secs(if seconds > 8 * 3600 { 8 * 3600 } else { seconds })
}

/// One round. Each message goes to the first provider that carries its channel.
///
/// # Errors
/// When the database refuses or a row does not open; failures of providers are written beside their message instead.
pub async fn deliver(db: &Db, sealer: &Sealer, providers: &[Arc<dyn Provider>]) -> Result<Delivered, Error> {
    let sealing = sealer.clone();
    let taken = db.write(Lane::Duty, move |tx| claim(tx, &sealing, LEASE, ROUND)).await?;
    let mut done = Delivered::default();
    for message in taken {
        let provider = providers.iter().find(|provider| provider.carries(message.channel));
        let name = provider.map_or("none", |provider| provider.name());
        let outcome = match (provider, message.to, message.text) {
            (Some(provider), Some(to), Some(text)) => {
                let outgoing = Outgoing { key: message.id, channel: message.channel, to, subject: message.subject, text };
                tokio::time::timeout(PATIENCE, provider.send(&outgoing))
                    .await
                    .unwrap_or_else(|_| Err(Failure::Later("the provider did not answer in time".to_owned())))
            }
            (None, ..) => Err(Failure::Later(format!("no provider carries {}", channel_word(message.channel)))),
            (Some(_), ..) => Err(Failure::Never("the message was emptied".to_owned())),
        };
        let (id, attempt) = (message.id, message.attempts);
        let (state, error, keeps) = match outcome {
            Ok(()) => (if provider.is_some_and(|p| p.keeps()) { State::Kept } else { State::Sent }, None, true),
            Err(Failure::Later(why)) if attempt < MOST_ATTEMPTS => (State::Waiting, Some(why), false),
            Err(Failure::Later(why) | Failure::Never(why)) => (State::Failed, Some(why), false),
        };
        match state {
            State::Sent | State::Kept => done.sent += 1,
            State::Waiting => done.again += 1,
            State::Failed => done.failed += 1,
        }
        db.write(Lane::Duty, move |tx| {
            let now = tx.now();
            settle(tx, id, attempt, state, name, error.as_deref(), now.after(pause(attempt)), keeps.then_some(now))
        })
        .await?;
    }
    Ok(done)
}

const fn channel_word(channel: Channel) -> &'static str {
    channel.key()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_a_minute_to_eight_hours() {
        assert_eq!(pause(1).as_secs(), 60);
        assert_eq!(pause(2).as_secs(), 120);
        assert_eq!(pause(12).as_secs(), 8 * 3600);
        let whole: u64 = (1..MOST_ATTEMPTS).map(|n| pause(n).as_secs()).sum();
        assert!((24 * 3600..72 * 3600).contains(&whole), "{whole} s in all");
    }
}
