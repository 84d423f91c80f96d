//! Feedback: what residents report to the city, and what the city does about it.
//!
//! A report comes in (`intake.rs`), gets a unit and explained due dates, is forwarded along a chain of steps, answered and published.
//! Start at `report.rs`, then `pages/mod.rs` for who does what. Not here: who people are (`accounts`), how messages leave (`notify`), how
//! steps and clocks work (`cases`), where a point lies (`places`).

pub mod answering;
pub mod api;
pub mod contact;
mod demo;
pub mod import;
pub mod intake;
mod jobs;
mod journal;
pub mod may;
pub mod names;
pub mod pack;
pub mod pages;
pub mod paths;
pub mod public;
mod refusal;
pub mod report;
pub mod seed;
pub mod store;

pub use refusal::Refusal;

use kernel::Lang;
use manifest::{Capability, CaseKind, Holds, Job, Look, May, Personal, Seed, Start};
use pages::{answer, archive, follow, forward, link, list, map, photo, publish, queue, report as report_page, work};
use web::{Doors, Limits, Pass};

/// The words on this room's pages.
pub mod words {
    #![allow(missing_docs)]
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// What this room brings.
#[must_use]
pub fn capability() -> Capability {
    Capability::new("feedback")
        .doors(doors())
        .migrations(store::MIGRATIONS)
        .pack(pack::read)
        .messages(&["report-received", "report-answered", "report-archived"])
        .permissions(PERMISSIONS)
        .looks(LOOKS)
        .case_kinds(&[KIND])
        .personal(PERSONAL)
        .job(Job { name: "feedback.breaches", every: jobs::EVERY, run: jobs::breaches })
        .seed(Seed { name: "reports", order: 20, fill: seed::fill })
}

/// What one may do with reports, in words.
const PERMISSIONS: &[May] = &[
    May { permission: may::READ, words: words::may_read },
    May { permission: may::TRIAGE, words: words::may_triage },
    May { permission: may::FORWARD, words: words::may_forward },
    May { permission: may::ANSWER, words: words::may_answer },
    May { permission: may::PUBLISH, words: words::may_publish },
    May { permission: may::CONTACT, words: words::may_contact },
];

/// Why this room shows personal data.
const LOOKS: &[Look] = &[Look { purpose: work::CONTACT_LOOK, words: words::look_contact }];

/// What our tables hold of people.
const PERSONAL: &[Personal] = &[
    Personal::new("feedback_reports", Holds::FreeText),
    Personal::new("feedback_imports", Holds::FreeText),
    Personal::new("feedback_published", Holds::FreeText),
];

/// Reports, as other rooms see them.
const KIND: CaseKind = CaseKind {
    key: report::KIND,
    name: words::kind_name,
    start: Some(Start { path: report_page::PATH, title: words::report_title, about: words::kind_about, icon: "megaphone" }),
    list: Some("/reports"),
    find: Some("/r"),
    page: paths::public,
    headline: |title, lead| report::headline(title, lead).0,
    code: code_shape,
};

fn doors() -> Doors {
    // Counted by the handlers, which know whether a life may be at stake.
    let upload = Limits::UPLOAD.uncounted("report");
    Doors::new()
        .get("/report", Pass::Anyone, Limits::PAGE, "The form in which a resident reports a problem.", report_page::page)
        .in_public_nav(10, words::nav_report)
        .post(
            "/report",
            Pass::Anyone,
            upload,
            "A resident sends a report, or asks for the form again with a place.",
            report_page::submit,
        )
        .takes(report_page::FIELDS)
        .get("/map", Pass::Anyone, Limits::ASSET, "A picture of the map around a point.", map::picture)
        .takes(map::FIELDS)
        .public(3_600)
        .get("/reports", Pass::Anyone, Limits::PAGE, "Published reports, filtered and searched.", list::page)
        .takes(&["q", "category", "area", "state", "before"])
        .in_public_nav(20, words::nav_reports)
        .get("/r", Pass::Anyone, Limits::PAGE, "A code is asked for, and leads to its report.", follow::find)
        .takes(&["code"])
        .in_public_nav(30, words::nav_follow)
        .get("/r/{code}", Pass::Anyone, Limits::PAGE, "Where a report stands; its words once published.", follow::page)
        .get("/r/{code}/photo/{hash}", Pass::Anyone, Limits::ASSET, "A published photo of a report.", photo::public)
        .get("/f/{token}", Pass::Anyone, Limits::PAGE, "The private page of whoever holds the link.", link::page)
        .takes(&["new"])
        .post("/f/{token}", Pass::Anyone, Limits::FORM, "The holder of the link adds a word.", link::submit)
        .takes(link::FIELDS)
        .get("/f/{token}/photo/{hash}", Pass::Anyone, Limits::ASSET, "A photo, for the holder of the link.", photo::own)
        .get(
            "/desk/reports",
            Pass::May(may::READ),
            Limits::PAGE,
            "The open steps of an official's units, soonest due first; a code leads to its report.",
            queue::page,
        )
        .takes(queue::FIELDS)
        .in_desk_nav(10, "inbox", words::nav_queue)
        .get("/desk/reports/{code}", Pass::May(may::READ), Limits::PAGE, "One report as its officials see it.", work::page)
        .get(
            "/desk/reports/{code}/photo/{hash}",
            Pass::May(may::READ),
            Limits::ASSET,
            "A photo of a report, for its officials.",
            photo::desk,
        )
        .post("/desk/reports/{code}/take", Pass::May(may::ANSWER), Limits::FORM, "An official takes a report on.", work::take)
        .takes(&["version"])
        .post(
            "/desk/reports/{code}/contact",
            Pass::May(may::CONTACT),
            Limits::FORM,
            "The reporter's contact is opened, and the look is logged.",
            work::contact,
        )
        .takes(work::CONTACT_FIELDS)
        .post(
            "/desk/reports/{code}/forward",
            Pass::May(may::FORWARD),
            Limits::FORM,
            "A report is handed to another unit, with a due day.",
            forward::submit,
        )
        .takes(forward::FIELDS)
        .post("/desk/reports/{code}/answer", Pass::May(may::ANSWER), Limits::FORM, "The answer is drafted.", answer::submit)
        .takes(answer::FIELDS)
        .get(
            "/desk/reports/{code}/publish",
            Pass::May(may::PUBLISH),
            Limits::PAGE,
            "Exactly what becomes public, before it does.",
            publish::page,
        )
        .post(
            "/desk/reports/{code}/publish",
            Pass::May(may::PUBLISH),
            Limits::FORM,
            "The city answers, and the report stands in public.",
            publish::submit,
        )
        .takes(publish::FIELDS)
        .post(
            "/desk/reports/{code}/archive",
            Pass::May(may::TRIAGE),
            Limits::FORM,
            "A report is put away, with the reason.",
            archive::submit,
        )
        .takes(archive::FIELDS)
        .get("/api/v1/categories", Pass::Anyone, Limits::API, "What can be reported.", api::categories)
        .public(300)
        .json::<(), Vec<api::CategoryAnswer>>()
        .post(
            "/api/v1/reports",
            Pass::Anyone,
            Limits::API.uncounted("api-report"),
            "A program sends a report; the header Idempotency-Key makes a retry harmless.",
            api::receive,
        )
        .json::<api::ReportInput, api::ReceivedAnswer>()
        .keyed()
        .get("/api/v1/reports/{code}", Pass::Anyone, Limits::API, "Where a report stands: only what is public.", api::state)
        .json::<(), api::StateAnswer>()
}

/// A code as somebody typed it, in the form that is stored; `None` when it cannot be a code of this city. Letters may be small, and
/// between the parts of the city's own codes may stand spaces, other dashes, or nothing.
#[must_use]
pub fn code_of(city: &::pack::City, typed: &str) -> Option<String> {
    // Imported reports keep the code of the system they came from.
    own_code(&city.report_prefix, typed).or_else(|| code_shape(typed).filter(|code| code.contains('-')))
}

/// `pa 26 000123`, `PA26-000123` or `pa26000123` for PA-26-000123.
fn own_code(prefix: &str, typed: &str) -> Option<String> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let parts: Vec<String> = typed.split(apart).filter(|part| !part.is_empty()).map(str::to_ascii_uppercase).collect();
    // An imported code may begin with letters and digits that only together look like ours.
    let begun = parts.first()?.strip_prefix(prefix)?.len();
    let digits = parts.concat().split_off(prefix.len());
    let sound = (parts.len() == 1 || begun == 0 || begun == 2)
        && (8..=16).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| format!("{prefix}-{}-{}", &digits[..2], &digits[2..]))
}

fn code_shape(typed: &str) -> Option<String> {
    let code = typed.trim().to_ascii_uppercase();
    let sound = (3..=40).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    sound.then_some(code)
}

/// The name of this room's case in a language.
#[must_use]
pub fn name(lang: Lang) -> &'static str {
    words::kind_name(lang)
}

#[cfg(test)]
mod tests {
    use super::own_code;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in
            ["PA-26-000123", " pa-26-000123 ", "PA26000123", "pa 26 000123", "PA26-000123", "pa–26–000123", "Pa- 26 -000 123"]
        {
            assert_eq!(own_code("PA", typed).as_deref(), Some("PA-26-000123"), "{typed}");
        }
        for other in ["", "PA", "PA-26", "PA-26-0001x3", "DN-26-000123", "26-000123", "PA2-6000123", "ổ gà"] {
            assert_eq!(own_code("PA", other), None, "{other}");
        }
    }
}
