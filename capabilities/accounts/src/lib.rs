//! Accounts: how officials sign in, and what each of them sees about herself.
//!
//! Start at `pages/sign_in.rs`. `official.rs` makes the first administrator from the command line, `demo.rs` the people of a
//! demonstration. Not here: sessions, passwords and posts themselves (`access`), managing other people (`administration`).

pub mod demo;
pub mod official;
mod pages;

/// The words on our pages.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

use manifest::{Capability, Job, Purposes, Seed};
use std::time::Duration;
use web::{Doors, Limits, Pass};

/// What this capability brings. `purposes` are the words of all rooms for why personal data was shown.
#[must_use]
pub fn capability(purposes: Purposes) -> Capability {
    Capability::new("accounts")
        .doors(doors(purposes))
        .pack(demo::read)
        .job(Job { name: "accounts.sweep", every: Duration::from_secs(600), run: |city| Box::pin(official::sweep(city)) })
        .seed(Seed { name: "accounts", order: 1, fill: |city, _| Box::pin(demo::fill(city)) })
}

fn doors(purposes: Purposes) -> Doors {
    let me = move |visit, city, paging| pages::me::page(visit, city, paging, purposes.clone());
    Doors::new()
        .get("/sign-in", Pass::Anyone, Limits::PAGE, "The form with which an official signs in.", pages::sign_in::page)
        .takes(&["next", "name"])
        .post("/sign-in", Pass::Anyone, Limits::SIGN_IN, "An official signs in.", pages::sign_in::submit)
        .takes(&["sign_in", "password", "next"])
        .post("/sign-out", Pass::SignedIn, Limits::FORM, "An official signs out.", pages::sign_in::leave)
        .get(
            "/desk",
            Pass::SignedIn,
            Limits::PAGE,
            "Leads to the first page of the desk that the official may see.",
            pages::me::desk,
        )
        .get("/desk/me", Pass::SignedIn, Limits::PAGE, "An official's own posts, sessions and looks.", me)
        .takes(&["before"])
        .in_desk_nav(200, "user", words::me_nav)
        .post(
            "/desk/me/sessions/end",
            Pass::SignedIn,
            Limits::FORM,
            "An official ends one of her sessions.",
            pages::me::end_session,
        )
        .takes(&["session"])
        .get(
            "/desk/me/password",
            Pass::SignedIn,
            Limits::PAGE,
            "The form with which an official changes her password.",
            pages::password::page,
        )
        .post("/desk/me/password", Pass::SignedIn, Limits::SIGN_IN, "An official changes her password.", pages::password::submit)
        .takes(&["old", "new", "again"])
}
