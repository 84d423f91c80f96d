//! Home: the front page, and the two pages that say how the house treats people.
//!
//! Start at `pages/front.rs`. It knows no other room: what can be done here, it takes from the kinds of case that the server hands in.
//! Not here: the list of published reports and the page of one (`feedback`), the frame around every page (`web`).

mod counts;
mod pages;

/// The words on our pages.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

use counts::Counts;
use manifest::{Capability, CaseKind};
use web::{Doors, Limits, Pass};

/// What this capability brings. `kinds` are the kinds of case of the house.
#[must_use]
pub fn capability(kinds: Vec<CaseKind>) -> Capability {
    Capability::new("home").doors(doors(kinds))
}

fn doors(kinds: Vec<CaseKind>) -> Doors {
    let counts = Counts::default();
    let front = move |visit, city| pages::front::page(visit, city, kinds.clone(), counts.clone());
    Doors::new()
        .get("/", Pass::Anyone, Limits::PAGE, "What can be done here, what was published, and honest numbers.", front)
        .get("/privacy", Pass::Anyone, Limits::PAGE, "What is stored of people, and what is not.", pages::privacy::page)
        .in_foot(10, words::foot_privacy)
        .get(
            "/accessibility",
            Pass::Anyone,
            Limits::PAGE,
            "What works for whom, and what does not yet.",
            pages::accessibility::page,
        )
        .in_foot(20, words::foot_accessibility)
}
