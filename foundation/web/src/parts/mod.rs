//! What pages are made of. Small functions and builders that draw one thing each; all of them stand on the page of samples.
//!
//! Builders with more than three choices end in `Render`: write `(Button::submit("Gửi").icon("send"))` inside `html!`.

mod button;
mod data;
mod field;
mod form;
mod map;
mod note;
mod state;

pub use button::Button;
pub use data::{Tab, TabCount, Table, facts, numbers, pager, pager_onward, photos, tabs};
pub use field::{Area, Options, Picker, Radios, Select, Text, Tick, Tile, Tiles};
pub use form::{Filter, PostForm, error_summary, filters, hidden_token, question, search};
pub use map::map_figure;
pub use note::{emergency, empty, next_steps, note, plate, unbroken};
pub use state::{Due, Moment, Tone, chip, due_bar, timeline};

use maud::{Markup, html};

/// An icon of the sprite. It says nothing by itself: put words beside it.
#[must_use]
pub fn icon(name: &str) -> Markup {
    let name = if crate::assets::has_icon(name) { name } else { "circle" };
    html! { svg.i aria-hidden="true" { use href={ (crate::assets::ICONS_SVG.path()) "#" (name) } {} } }
}
