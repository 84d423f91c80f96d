//! The honest numbers of the front page: over all cases of a kind, published or not, without the confidential ones. They are counted
//! at most once a minute, whoever comes how often: no page may cost more the more it is read (rule R3).

use db::{Lane, Rd, args};
use kernel::Instant;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use web::{City, Trouble};

/// How long a count stands.
const FRESH: Duration = Duration::from_secs(60);
/// The span that is looked back on.
const SPAN: Duration = Duration::from_secs(30 * 24 * 3600);

/// The numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// When they were counted.
    pub at: Instant,
    /// Received within the span.
    pub received: i64,
    /// Of those, answered.
    pub answered: i64,
    /// Still open, whenever they came.
    pub open: i64,
    /// Of those, over their legal due time.
    pub late: i64,
}

/// The last count, shared by all requests.
#[derive(Clone, Default)]
pub struct Counts(Arc<Mutex<Option<Numbers>>>);

impl Counts {
    /// The numbers, at most a minute old.
    pub async fn numbers(&self, city: &City, kind: &'static str) -> Result<Numbers, Trouble> {
        let now = city.now();
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(numbers) = last.filter(|numbers| numbers.at <= now && now < numbers.at.after(FRESH)) {
            return Ok(numbers);
        }
        match city.read(Lane::Comfort, move |rd| count(rd, kind)).await {
            Ok(numbers) => {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(numbers);
                Ok(numbers)
            }
            // Under pressure an old number with its time is better than none.
            Err(error) => last.ok_or_else(|| error.into()),
        }
    }
}

// Ids rise with time, so the span is a stretch of the primary key; what was imported keeps the day on which it was received.
const RECENT: &str = "select count(*), count(*) filter (where public_state = 'answered') from cases \
    where id >= $2 and kind = $1 and confidentiality = 0 and received_at >= $3";
const OPEN: &str = "select count(*), count(*) filter (where (flags & 1) = 1) from cases \
    where closed_at is null and kind = $1 and confidentiality = 0";

fn count(rd: &mut Rd<'_>, kind: &str) -> Result<Numbers, db::Error> {
    let at = rd.now();
    let since = at.before(SPAN);
    let (received, answered) = rd.one::<(i64, i64)>(RECENT, args![kind, db::first_id(since), since])?;
    let (open, late) = rd.one::<(i64, i64)>(OPEN, args![kind])?;
    Ok(Numbers { at, received, answered, open, late })
}
