//! An official hands a report to the unit that will act on it, with a due day.

use crate::names;
use crate::pages::work::{self, Full, Shown, as_seen, end_of_day, path};
use crate::refusal::Refusal;
use crate::{may, store, words};
use access::Official;
use db::Lane;
use jiff::civil::Date;
use kernel::spelling::fold;
use kernel::{Lang, format};
use maud::{Markup, html};
use web::parts::{self, Button, PostForm, Select, Text};
use web::{City, Field, Form, PageResult, Path, Trouble, Typed, Visit, see};

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &["version", "unit", "due", "note"];

/// What was typed.
pub struct Typing {
    unit: Typed<String>,
    due: Typed<Option<Date>>,
    note: Typed<String>,
}

impl Typing {
    /// Its fields, for the summary of mistakes.
    #[must_use]
    pub fn fields(&self) -> [&dyn Field; 3] {
        [&self.unit, &self.due, &self.note]
    }

    fn read(form: &Form, city: &City, lang: Lang) -> Self {
        let today = city.today();
        let unit = form.field("unit", |raw| match city.pack.units.get(raw).filter(|unit| unit.valid_on(today)) {
            Some(unit) => Ok(unit.key.clone()),
            None => Err(words::forward_to_missing(lang).to_owned()),
        });
        let due = form.optional("due", |raw| {
            let day = day(raw).ok_or_else(|| words::forward_due_wrong(lang).to_owned())?;
            if day > today { Ok(day) } else { Err(words::forward_due_past(lang).to_owned()) }
        });
        Self { unit, due, note: form.short("note", 1_000) }
    }

    fn sound(&self) -> bool {
        self.fields().iter().all(|field| field.error().is_none())
    }
}

/// A day as people write it: 25/11/2026, 25-11-2026, 25.11.26, 2026-11-25.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let parts: Vec<i16> = text.split(['/', '-', '.']).map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [a, b, c] = parts[..] else { return None };
    let (year, month, day) = if a > 31 { (a, b, c) } else { (if c < 100 { 2000 + c } else { c }, b, a) };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `POST /desk/reports/{code}/forward`
pub async fn submit(by: Official, city: City, visit: Visit, form: Form, Path(code): Path<String>) -> PageResult {
    let scope = by.scope(may::FORWARD).ok_or(Trouble::NotFound)?;
    let lang = visit.lang;
    let typing = Typing::read(&form, &city, lang);
    if !typing.sound() {
        return work::show(&by, &city, &visit, &code, Shown { forward: Some(typing), ..Shown::default() }).await;
    }
    let (version, wanted) = (work::version(&form)?, crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?);
    let to = typing.unit.value.clone().unwrap_or_default();
    let due = typing.due.value.flatten().and_then(|day| end_of_day(&city.pack, &to, day));
    let note = typing.note.value.clone().filter(|note| !note.is_empty());
    let (keys, pack, who, unit) = (city.keys.clone(), city.pack.clone(), by.clone(), to.clone());
    let done = city
        .write(Lane::Duty, move |tx| -> Result<String, Refusal> {
            let report = as_seen(tx, &scope, &wanted, version)?;
            store::within_reach(tx, &scope, &report)?;
            let calendar = pack.units.get(&unit).map(|unit| unit.calendar.clone()).ok_or(Refusal::NoUnit)?;
            // On its last day the report's own term counts, also when the unit is open for longer.
            let last = |due: kernel::Instant| report.case.due_at.filter(|term| due.day(&pack.zone) == term.day(&pack.zone));
            let due = due.map(|due| last(due).map_or(due, |term| term.min(due)));
            let change = report.forward(&unit, due, &calendar, note.as_deref(), &who.actor(), tx.now())?;
            Ok(cases::record(tx, &keys, &*pack, change)?.code)
        })
        .await;
    match done {
        Ok(code) => {
            let name = names::unit_name(&city.pack, &to, lang);
            Ok(see(crate::pages::queue::PATH).saying(words::forward_done(lang, code, name)))
        }
        Err(refusal @ (Refusal::SameUnit | Refusal::NoUnit)) => again(&by, &city, &visit, &code, typing, &refusal, false).await,
        Err(refusal @ (Refusal::DuePast | Refusal::DueBeyond)) => again(&by, &city, &visit, &code, typing, &refusal, true).await,
        Err(refusal) => Err(refusal.into()),
    }
}

async fn again(
    by: &Official,
    city: &City,
    visit: &Visit,
    code: &str,
    mut typing: Typing,
    refusal: &Refusal,
    about_due: bool,
) -> PageResult {
    let sentence = crate::pages::report::sentence(refusal, visit.lang);
    if about_due {
        typing.due.refuse(sentence);
    } else {
        typing.unit.refuse(sentence);
    }
    work::show(by, city, visit, code, Shown { forward: Some(typing), ..Shown::default() }).await
}

/// The form on a report's page.
#[must_use]
pub fn form(city: &City, visit: &Visit, full: &Full, typing: Option<&Typing>) -> Markup {
    let lang = visit.lang;
    let today = city.today();
    let case = &full.report.case;
    let empty = (Typed::empty("unit"), Typed::empty("due"), Typed::empty("note"));
    let (unit, due, note) = typing.map_or((&empty.0, &empty.1, &empty.2), |typing| (&typing.unit, &typing.due, &typing.note));
    let all = |committees: bool| {
        let of_kind = city
            .pack
            .units
            .valid_on(today)
            .filter(move |unit| (unit.kind == pack::UnitKind::Committee && unit.area.is_some()) == committees);
        let mut all: Vec<_> =
            of_kind.filter(|unit| unit.key != case.unit).map(|unit| (unit.key.clone(), unit.name.get(lang).to_owned())).collect();
        all.sort_by_key(|(_, name)| fold(name));
        all
    };
    let select = Select::new(lang, unit, words::forward_to(lang), vec![(String::new(), "—".to_owned())])
        .group(words::forward_group_bodies(lang), all(false))
        .group(words::forward_group_committees(lang), all(true));
    let term = case.due_at.map(|due| format::due(due, &city.pack.zone));
    html! {
        details.act open[typing.is_some()] {
            summary { (parts::icon("forward")) span { (words::forward_title(lang)) } }
            (PostForm::new(visit, format!("{}/forward", path(&case.code))).version(i64::from(case.version)).body(html! {
                (select)
                (Text::new(lang, due, words::forward_due(lang)).hint(match &term {
                    Some(term) => format!("{} {}: {term}.", words::forward_due_hint(lang), words::follow_due(lang)),
                    None => words::forward_due_hint(lang).to_owned(),
                }).inputmode("numeric").narrow().optional())
                (parts::Area::new(lang, note, words::forward_note(lang)).rows(2).optional())
                p.actions { (Button::submit(words::forward_send(lang)).icon("forward")) }
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for text in ["25/11/2026", "25-11-2026", "25.11.26", "2026-11-25", " 25 / 11 / 2026"] {
            assert_eq!(day(text), Some(date(2026, 11, 25)), "{text}");
        }
        for text in ["", "25/11", "31/02/2026", "11/25/2026", "mai", "25/11/2026/1"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
