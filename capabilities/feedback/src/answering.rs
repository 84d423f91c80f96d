//! What the city does is told to whoever left a contact: an act and its message in one transaction, and with the message a private link of its
//! own, since only a private link shows everything and takes a word.
//!
//! Start at [`answer`]; [`record_and_tell`] is what every act goes through that a message tells of.

use crate::contact::Contact;
use crate::intake::{self, Desk};
use crate::journal::told;
use crate::names::{due_in_message, unit_name};
use crate::refusal::Refusal;
use crate::report::{Report, Shown, with_link};
use crate::store;
use cases::{Case, Change, PartyRole};
use db::Tx;
use kernel::Actor;
use notify::{Message, To, Values};

/// The answer goes out: the case, what became public, the search, and the message to whoever left a contact, in one transaction.
///
/// # Errors
/// As [`crate::report::Report::publish`].
pub fn answer(tx: &mut Tx<'_>, desk: &Desk, report: &Report, shown: &Shown, who: &Actor) -> Result<(String, bool), Refusal> {
    let text = report.draft().and_then(|draft| draft.body.clone()).ok_or(Refusal::NoAnswer)?;
    let unit = report.open_step().map_or_else(|| report.case.unit.clone(), |step| step.unit.clone());
    // Only this report's own photos can be shown, whatever the form says.
    let own: Vec<String> = cases::papers(tx, report.case.id)?
        .into_iter()
        .filter(|paper| paper.kind == "photo")
        .filter_map(|paper| paper.file)
        .collect();
    let mut shown = shown.clone();
    shown.photos.retain(|hash| own.contains(hash));
    let called = crate::names::category_name(&desk.pack, &report.case.category, kernel::Lang::Vi);
    let change = report.publish(&shown, &called, who)?;
    let (case, told) = record_and_tell(tx, desk, &report.case, change, ("report-answered", &unit))?;
    let public = case.is_public();
    let given = store::Given {
        answer: &text,
        unit: &unit,
        text: shown.text.as_deref().filter(|_| public),
        address: shown.address.as_deref().filter(|_| public),
        photos: if public { &shown.photos } else { &[] },
        public,
    };
    store::answered(tx, case.id, &given)?;
    Ok((case.code, told))
}

/// Records an act on the case that was `seen` and tells whoever left a contact. Gives the case as it stands then, and whether somebody was told.
///
/// # Errors
/// The engine's and the outbox's.
pub fn record_and_tell(
    tx: &mut Tx<'_>,
    desk: &Desk,
    seen: &Case,
    change: Change,
    (kind, unit): (&'static str, &str),
) -> Result<(Case, bool), Refusal> {
    let Some((party, to)) = reachable(tx, desk, seen)? else {
        return Ok((cases::record(tx, &desk.keys, &*desk.pack, change)?, false));
    };
    let link = intake::link_of_act(&desk.keys, seen.id, seen.version + 1);
    let case = cases::record(tx, &desk.keys, &*desk.pack, with_link(change, &link, Some(party)))?;
    let lang = told(&cases::history(tx, case.id)?).lang;
    let values = Values {
        code: Some(case.code.clone()),
        link: Some(desk.link(&link)),
        title: Some(case.title.clone()),
        due: Some(due_in_message(case.due_at, &desk.pack, lang)),
        unit: Some(unit_name(&desk.pack, unit, lang)),
    };
    notify::send(tx, &desk.sealer(), &desk.pack, &Message { kind, to, lang, values })?;
    Ok((case, true))
}

/// Who left a contact, and where a message goes; nobody once it was erased.
fn reachable(tx: &mut Tx<'_>, desk: &Desk, case: &Case) -> Result<Option<(u32, To)>, Refusal> {
    let all = cases::parties(tx, case.id)?;
    let Some(party) = all.into_iter().find(|party| party.role == PartyRole::Reporter && party.erased_at.is_none()) else {
        return Ok(None);
    };
    let contact = cases::unseal_set::<Contact>(tx, &desk.keys, case.id, party.no)?;
    Ok(contact.and_then(|contact| contact.to()).map(|to| (party.no, to)))
}
