//! Pack: reads and checks a city pack, and holds the city as data.
//!
//! Start at [`load`] and [`City`]. Mistakes are [`Complaint`]s, all of them at once, worded as a compiler would (`complaint.rs`); what a
//! capability reads its own folder with is [`Reader`]. The format is written down in `packs/README.md`.
//! Not here: counting due dates (`calendars`), finding and drawing places (`places`), what a capability makes of its folder.

pub mod areas;
pub mod city;
pub mod complaint;
pub mod days;
pub mod definition;
pub mod load;
pub mod map;
pub mod messages;
pub mod nearest;
pub mod places;
pub mod reader;
mod reading;
pub mod roles;
pub mod succession;
pub mod units;

pub use areas::{Area, AreaKind, Areas};
pub use city::{City, Emergency};
pub use complaint::{Complaint, Note, render, render_styled};
pub use days::Calendars;
pub use definition::{Definition, canonical};
pub use load::{Loader, load, load_with, read_file};
pub use map::{Drawn, Figure, Map};
pub use messages::{Message, fill};
pub use nearest::nearest;
pub use places::{Place, PlaceKind};
pub use reader::{Day, Maybe, Part, Reader, ReaderFn, Rows};
pub use roles::{Reach, Role};
pub use succession::{Heirs, Share, Succession};
pub use toml::Spanned;
pub use units::{Unit, UnitKind, Units};
