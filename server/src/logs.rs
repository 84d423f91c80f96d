//! Lines about what happens, for whoever runs the house. They hold no personal data: a door is named by its pattern, a fault by its number.

use crate::settings::Logs;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins writing to standard error. `RUST_LOG` chooses what; warnings and the house's own news unless it says otherwise.
pub fn begin(logs: Logs) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,songhan=info,jobs=info"));
    let registry = tracing_subscriber::registry().with(filter);
    // A second call, in a test, changes nothing.
    let _ = match logs {
        Logs::Text => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_target(false),
            )
            .try_init(),
        Logs::Json => registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).try_init(),
    };
}
