//! Administration: people and roles, outgoing messages, the pack as read, the health of the house, who looked.
//!
//! Start at `pages/people.rs`. Not here: what a post gives and how sessions die (`access`), an official's own account (`accounts`),
//! how messages are sent (`notify`).

pub mod may;
mod pages;

/// The words on our pages.
mod words {
    #![allow(missing_docs, clippy::single_char_add_str)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

use access::Purpose;
use access::may::{MANAGE_OFFICIALS, READ_LOOKS, READ_OFFICIALS};
use manifest::{Capability, Look, May, Permissions, Purposes};
use web::{Doors, Limits, Pass};

/// Reading the outgoing messages shows addresses and texts of residents.
pub const OUTBOX: Purpose = Purpose("outbox");

/// Why we show personal data.
pub const LOOKS: &[Look] = &[Look { purpose: OUTBOX, words: words::purpose_outbox }];

/// What one may see of the house and do about officials, in words.
pub const PERMISSIONS: &[May] = &[
    May { permission: READ_OFFICIALS, words: words::may_read_officials },
    May { permission: MANAGE_OFFICIALS, words: words::may_manage_officials },
    May { permission: READ_LOOKS, words: words::may_read_looks },
    May { permission: may::READ_OUTBOX, words: words::may_read_outbox },
    May { permission: may::READ_PACK, words: words::may_read_pack },
    May { permission: may::READ_HEALTH, words: words::may_read_health },
    May { permission: may::VERIFY_JOURNAL, words: words::may_verify_journal },
];

/// What this capability brings. `purposes` are the words of all rooms for why personal data was shown, `permissions` those for what a role
/// may.
#[must_use]
pub fn capability(purposes: Purposes, permissions: Permissions) -> Capability {
    Capability::new("administration").doors(doors(purposes, permissions)).permissions(PERMISSIONS).looks(LOOKS)
}

fn doors(purposes: Purposes, permissions: Permissions) -> Doors {
    let looks = move |visit, city, paging| pages::looks::page(visit, city, paging, purposes.clone());
    let pack = move |visit, city| pages::pack::page(visit, city, permissions.clone());
    Doors::new()
        .get("/desk/people", Pass::May(READ_OFFICIALS), Limits::PAGE, "The officials in one's scope.", pages::people::list)
        .takes(&["before"])
        .in_desk_nav(100, "users", words::people_nav)
        .get("/desk/people/add", Pass::May(MANAGE_OFFICIALS), Limits::PAGE, "The form for a new official.", pages::add::page)
        .post(
            "/desk/people/add",
            Pass::May(MANAGE_OFFICIALS),
            Limits::SIGN_IN,
            "Adds an official; shows the one-time password once.",
            pages::add::submit,
        )
        .takes(&["name", "sign_in", "role", "unit", "own"])
        .get(
            "/desk/people/of/{sign_in}",
            Pass::May(READ_OFFICIALS),
            Limits::PAGE,
            "One official: posts, state, what was changed.",
            pages::people::one,
        )
        .post(
            "/desk/people/of/{sign_in}",
            Pass::May(MANAGE_OFFICIALS),
            Limits::SIGN_IN,
            "Gives or ends a post, gives a one-time password, closes or opens an account.",
            pages::people::change,
        )
        .takes(&["act", "role", "unit", "own", "version"])
        .get(
            "/desk/outbox",
            Pass::May(may::READ_OUTBOX),
            Limits::PAGE,
            "Outgoing mail and messages; each reading is logged.",
            pages::outbox::page,
        )
        .takes(&["before"])
        .in_desk_nav(110, "mail", words::outbox_nav)
        .get("/desk/looks", Pass::May(READ_LOOKS), Limits::PAGE, "Who looked at personal data.", looks)
        .takes(&["case", "before"])
        .in_desk_nav(120, "eye", words::looks_nav)
        .get("/desk/pack", Pass::May(may::READ_PACK), Limits::PAGE, "The city's pack as it was read.", pack)
        .in_desk_nav(130, "package", words::pack_nav)
        .get(
            "/desk/house",
            Pass::May(may::READ_HEALTH),
            Limits::PAGE,
            "The health of the house: queue, last commit, seals.",
            pages::house::page,
        )
        .in_desk_nav(140, "activity", words::house_nav)
}
