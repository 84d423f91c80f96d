//! Web: doors, pages, forms and the look that every room shares.
//!
//! Start at `doors.rs`: no route exists without a row that says who may pass, within which limits, and what it is about. A request
//! goes edge (`edge.rs`: headers, errors, compression) → guard (`guard.rs`: limits, permission, form token) → the room's handler,
//! which answers with a [`Page`] or a [`Trouble`]. What pages are made of stands in [`parts`], their frame in `layout.rs`, and all
//! of it together on the page of samples (`samples.rs`, `/samples`). Not here: what a room says or decides, who an official is
//! (`access`), the styles and scripts themselves (`assets/src`).

pub mod api;
pub mod assets;
mod city;
mod compress;
mod cookies;
mod doors;
mod edge;
mod form;
mod guard;
mod layout;
mod limiter;
mod multipart;
mod openapi;
mod origin;
mod page;
mod paging;
pub mod parts;
mod path;
mod samples;
mod sender;
mod serve;
mod token;
mod trouble;
mod unfiled;
mod visit;

pub use api::{ApiResult, Asked, Input, Keyed};
pub use assets::Asset;
pub use city::{City, Mode, Opening, Settings};
pub use doors::{Door, Doors, Limits, Pass, lines};
pub use edge::quiet_panics;
pub use form::{Checked, Field, Files, Form, Typed, Upload};
pub use layout::{Nav, Place, encode};
pub use maud::{Markup, html};
pub use page::{Page, PageResult, see};
pub use paging::Paging;
pub use path::Path;
pub use samples::doors as sample_doors;
pub use sender::Sender;
pub use serve::serve;
pub use trouble::{Says, Trouble};
pub use unfiled::remove_unfiled;
pub use visit::{Caller, Language, Theme, Visit};

/// The words on the shared parts of all pages.
#[allow(missing_docs)]
pub mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
