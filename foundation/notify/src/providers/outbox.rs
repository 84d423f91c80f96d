//! No company at all: every message stays visible on the outbox page. For demonstrations, and until a city has contracts.

use super::{Outgoing, Provider, Sending};
use crate::Channel;

/// Keeps everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outbox;

impl Provider for Outbox {
    fn name(&self) -> &'static str {
        "outbox"
    }

    fn carries(&self, _: Channel) -> bool {
        true
    }

    fn keeps(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, _: &'a Outgoing) -> Sending<'a> {
        Box::pin(async { Ok(()) })
    }
}
