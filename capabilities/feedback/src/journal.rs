//! What a report's journal tells, read back: the sender's own words and the words added later.

use crate::report::{AddedWord, Told};
use cases::{Line, Verb};
use kernel::Instant;

/// What the first line of the journal tells.
#[must_use]
pub fn told(history: &[Line]) -> Told {
    let first = history.iter().find(|line| line.verb == Verb::Submit);
    first.and_then(|line| serde_json::from_str(line.payload.as_ref()?.text()).ok()).unwrap_or_default()
}

/// The words that the holder of the link added.
#[must_use]
pub fn words_added(history: &[Line]) -> Vec<(Instant, String)> {
    let added = history.iter().filter(|line| line.verb == Verb::Annotate);
    added
        .filter_map(|line| Some((line.at, serde_json::from_str::<AddedWord>(line.payload.as_ref()?.text()).ok()?.word)))
        .collect()
}
