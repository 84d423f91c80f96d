//! The answer goes out: one transaction for the case, what became public, the search and the message.

use crate::contact::Contact;
use crate::intake::Desk;
use crate::journal::told;
use crate::names::{due_text, unit_name};
use crate::paths;
use crate::refusal::Refusal;
use crate::report::{Report, Shown};
use crate::store;
use cases::PartyRole;
use db::Tx;
use kernel::{Actor, Private};
use notify::{Message, Values};

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
    let case = cases::record(tx, &desk.keys, &*desk.pack, report.publish(&shown, &called, who)?)?;
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
    let told = tell(tx, desk, &case, "report-answered", &unit)?;
    Ok((case.code, told))
}

/// Tells whoever left a contact, with the public page's address. `false` when nobody did.
///
/// # Errors
/// The engine's and the outbox's.
pub fn tell(tx: &mut Tx<'_>, desk: &Desk, case: &cases::Case, kind: &'static str, unit: &str) -> Result<bool, Refusal> {
    let party =
        cases::parties(tx, case.id)?.into_iter().find(|party| party.role == PartyRole::Reporter && party.erased_at.is_none());
    let Some(party) = party else { return Ok(false) };
    let contact = cases::unseal_set::<Contact>(tx, &desk.keys, case.id, party.no)?;
    let Some(to) = contact.and_then(|contact| contact.to()) else { return Ok(false) };
    let history = cases::history(tx, case.id)?;
    let lang = told(&history).lang;
    let values = Values {
        code: Some(case.code.clone()),
        link: Some(Private::new(format!("{}{}", desk.origin, paths::public(&case.code)))),
        title: Some(case.title.clone()),
        due: due_text(case.due_at, &desk.pack),
        unit: Some(unit_name(&desk.pack, unit, lang)),
    };
    notify::send(tx, &desk.sealer(), &desk.pack, &Message { kind, to, lang, values })?;
    Ok(true)
}
