//! Who carries messages out of the house: one file per company.

mod outbox;

pub use outbox::Outbox;

use crate::Channel;
use kernel::Private;
use std::future::Future;
use std::pin::Pin;

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The message's id: a receiver that honours it never delivers twice.
    pub key: i64,
    /// The way it goes.
    pub channel: Channel,
    /// Where it goes.
    pub to: Private<String>,
    /// The subject, for mail.
    pub subject: Option<Private<String>>,
    /// The text.
    pub text: Private<String>,
}

/// Why a provider did not take a message. The words are shown to officials and must not name the recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Try again.
    Later(String),
    /// It will never work: a number that does not exist.
    Never(String),
}

/// What a provider promises.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// Somebody who carries messages.
pub trait Provider: Send + Sync + 'static {
    /// The name that stands beside a sent message.
    fn name(&self) -> &'static str;
    /// Whether it carries this channel.
    fn carries(&self, channel: Channel) -> bool;
    /// Whether it only keeps messages to be looked at in the house.
    fn keeps(&self) -> bool {
        false
    }
    /// Sends one message.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a>;
}
