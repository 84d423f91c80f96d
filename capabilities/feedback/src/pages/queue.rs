//! An official's queue: the open steps of her units, what the law runs out on first at the top. Its views and filters walk the same
//! order and look through a bounded part of it at a time. A code typed at its head leads to its report; on a wide screen one of its reports
//! can be looked at beside it (`glance.rs`).

use crate::names;
use crate::pack::Feedback;
use crate::pages::glance;
use crate::pages::standing::{SOON, due, state_chip};
use crate::pages::work::{self, Full};
use crate::refusal::Refusal;
use crate::report::{KIND, headline};
use crate::{may, words};
use access::{Official, Scope};
use cases::queue::LOOKED_THROUGH;
use cases::{Case, Count, Pick, Place, QueuePage, Queued};
use db::{Lane, Rd};
use kernel::{Instant, Lang, format, secret};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::parts::{self, Button, Filter, Tab, TabCount, Table, Tone, due_bar};
use web::{City, Page, PageResult, Trouble, Visit, see};

/// Where the queue stands.
pub const PATH: &str = "/desk/reports";
/// What its query holds.
pub const FIELDS: &[&str] = &["code", "view", "area", "field", "after", "see"];
const ROWS: usize = 25;
/// So few rows need no filters.
const SEEN_AT_ONCE: usize = 10;

/// A view of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum View {
    #[default]
    All,
    Overdue,
    Soon,
    Untaken,
    Mine,
}

impl View {
    const ALL: [Self; 5] = [Self::All, Self::Overdue, Self::Soon, Self::Untaken, Self::Mine];

    /// As the query says it: all is said by nothing.
    const fn key(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::Untaken => "untaken",
            Self::Mine => "mine",
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::All => words::queue_all(lang),
            Self::Overdue => words::queue_overdue(lang),
            Self::Soon => words::queue_soon(lang),
            Self::Untaken => words::queue_untaken(lang),
            Self::Mine => words::queue_mine(lang),
        }
    }

    fn lead(self, lang: Lang) -> &'static str {
        match self {
            Self::All => words::queue_lead(lang),
            Self::Overdue => words::queue_overdue_lead(lang),
            Self::Soon => words::queue_soon_lead(lang),
            Self::Untaken => words::queue_untaken_lead(lang),
            Self::Mine => words::queue_mine_lead(lang),
        }
    }

    /// What stands there when it is empty, and what that means.
    fn empty(self, lang: Lang) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::All => ("inbox", words::queue_none(lang), words::queue_none_hint(lang)),
            Self::Overdue => ("circle-check", words::queue_overdue_none(lang), words::queue_overdue_none_hint(lang)),
            Self::Soon => ("circle-check", words::queue_soon_none(lang), words::queue_soon_none_hint(lang)),
            Self::Untaken => ("circle-check", words::queue_untaken_none(lang), words::queue_untaken_none_hint(lang)),
            Self::Mine => ("user", words::queue_mine_none(lang), words::queue_mine_none_hint(lang)),
        }
    }

    fn pick(self, now: Instant) -> Pick {
        match self {
            Self::All | Self::Untaken => Pick::All,
            Self::Overdue => Pick::Due(Instant(i64::MIN), now),
            Self::Soon => Pick::Due(now, now.after(SOON)),
            Self::Mine => Pick::Hers,
        }
    }

    /// Whether an open step of her reach belongs to it.
    fn holds(self, row: &Queued, official: i64, now: Instant) -> bool {
        match self {
            Self::All => true,
            Self::Overdue => row.place.due_at.is_some_and(|due| due < now),
            Self::Soon => row.place.due_at.is_some_and(|due| due >= now && due < now.after(SOON)),
            Self::Untaken => row.taken_at.is_none(),
            Self::Mine => row.person == Some(official),
        }
    }
}

/// What was asked for, read from the query.
#[derive(Clone, Debug)]
struct Wanted {
    view: View,
    area: Option<String>,
    field: Option<String>,
    after: Option<Place>,
    /// The code of the report that is looked at, as it was asked for.
    see: Option<String>,
}

impl Wanted {
    fn of(city: &City, visit: &Visit) -> Self {
        let query = &visit.query;
        let view = View::ALL.into_iter().find(|view| view.key() == query.raw("view")).unwrap_or_default();
        let area = Some(query.raw("area").to_owned()).filter(|key| city.pack.areas.get(key).is_some());
        let fields = &Feedback::of(&city.pack).fields;
        let field = Some(query.raw("field").to_owned()).filter(|key| fields.iter().any(|field| field.key == *key));
        let see = query.has("see").then(|| crate::code_of(&city.pack, query.raw("see")).unwrap_or_default());
        Self { view, area, field, after: place(query.raw("after")), see }
    }

    const fn is_narrowed(&self) -> bool {
        self.area.is_some() || self.field.is_some()
    }

    /// Whether a row belongs here, besides what its view picks.
    fn fits(&self, feedback: &Feedback, row: &Queued) -> bool {
        let field = |case: &Case| feedback.category(&case.category).map(|category| &category.field);
        row.case.kind == KIND
            && (self.view != View::Untaken || row.taken_at.is_none())
            && self.area.as_ref().is_none_or(|area| *area == row.case.area)
            && self.field.as_ref().is_none_or(|wanted| field(&row.case) == Some(wanted))
    }

    /// The path of a view with the same filters, from a place on.
    fn path(&self, view: View, after: Option<Place>) -> String {
        let said = [
            ("view", Some(view.key()).filter(|key| !key.is_empty()).map(str::to_owned)),
            ("area", self.area.clone()),
            ("field", self.field.clone()),
            ("after", after.map(written)),
        ];
        let pairs: Vec<String> = said.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
        if pairs.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", pairs.join("&")) }
    }

    /// The path of this page with a report looked at beside it.
    fn seeing(&self, code: &str) -> String {
        let page = self.path(self.view, self.after);
        format!("{page}{}see={code}", if page.len() == PATH.len() { '?' } else { '&' })
    }
}

/// What is shown: a page of the queue, the names of who holds its steps, and how many each view has.
struct Shown {
    page: QueuePage,
    holders: BTreeMap<i64, String>,
    counts: Vec<(View, Count)>,
    /// The report that is looked at.
    seen: Option<Full>,
}

/// `GET /desk/reports`
pub async fn page(by: Official, city: City, visit: Visit) -> PageResult {
    let scope = by.scope(may::READ).ok_or(Trouble::NotFound)?;
    let typed = visit.query.raw("code").trim();
    if let Some(code) = find(&city, &scope, typed).await? {
        return Ok(see(work::path(&code)));
    }
    let (wanted, asked, now) = (Wanted::of(&city, &visit), city.clone(), city.now());
    let searched = wanted.clone();
    let shown = city.read(Lane::Duty, move |rd| read(rd, &scope, &searched, &asked, now)).await?;
    let lang = visit.lang;
    let missed = !typed.is_empty() || (wanted.see.is_some() && shown.seen.is_none());
    let body = html! {
        @if missed { (parts::note(Tone::Soon, "search-x", html! { p role="status" { (words::queue_find_none(lang)) } })) }
        (parts::tabs(words::queue_views(lang), &tabs(&wanted, &shown, lang)))
        @if wanted.is_narrowed() || wanted.after.is_some() || shown.page.next.is_some() || shown.page.rows.len() > SEEN_AT_ONCE { (filters(&city, &wanted, &shown, lang)) }
        div.beside.seeing[shown.seen.is_some()] data-beside {
            div.beside-list { (list(&city, &by, &wanted, &shown, lang)) }
            @if let Some(full) = &shown.seen { (glance::draw(&by, &city, &visit, full, &shown.holders, &wanted.path(wanted.view, wanted.after))) }
            p.vh role="status" {}
        }
    };
    let example = format!("{}-26-000123", city.pack.report_prefix);
    let search = parts::search(PATH, "code", typed, &words::queue_find(lang, example));
    let page = Page::new(words::queue_title(lang))
        .desk()
        .lead(wanted.view.lead(lang))
        .tools(search)
        .script(web::assets::QUEUE_JS)
        .body(body);
    Ok(if missed { page.status(404) } else { page })
}

fn read(rd: &mut Rd<'_>, scope: &Scope, wanted: &Wanted, city: &City, now: Instant) -> Result<Shown, Refusal> {
    let feedback = Feedback::of(&city.pack);
    let page = cases::queue(rd, scope, wanted.view.pick(now), wanted.after, ROWS, |row| wanted.fits(feedback, row))?;
    let seen = match &wanted.see {
        Some(code) => match work::full(rd, scope, code) {
            Ok(full) => Some(full),
            Err(Refusal::NotFound) => None,
            Err(why) => return Err(why),
        },
        None => None,
    };
    let hers = seen.as_ref().and_then(|full| full.report.open_step()?.person);
    let holders = access::people::names(rd, page.rows.iter().filter_map(|row| row.person).chain(hers))?;
    let counts = counts(rd, scope, wanted, &page, now)?;
    Ok(Shown { page, holders, counts, seen })
}

/// How many each view has, where that is known: from this page when it shows all there is, else from a bounded walk. Of a filtered queue only
/// what this page shows is counted.
fn counts(rd: &mut Rd<'_>, scope: &Scope, wanted: &Wanted, page: &QueuePage, now: Instant) -> db::Result<Vec<(View, Count)>> {
    let whole = wanted.after.is_none() && page.next.is_none();
    if whole && (wanted.view == View::All || wanted.is_narrowed()) {
        let known = View::ALL.into_iter().filter(|view| wanted.view == View::All || wanted.view == *view);
        let here = |view: View| page.rows.iter().filter(|row| view.holds(row, scope.official(), now)).count();
        return Ok(known.map(|view| (view, Count::Exactly(u32::try_from(here(view)).unwrap_or(u32::MAX)))).collect());
    }
    if wanted.is_narrowed() {
        return Ok(Vec::new());
    }
    let tally = cases::tally(rd, scope, KIND, now, now.after(SOON))?;
    let of = |view| match view {
        View::All => Some(tally.all),
        View::Overdue => Some(tally.overdue),
        View::Soon => Some(tally.soon),
        View::Untaken => tally.untaken,
        View::Mine => Some(tally.hers),
    };
    Ok(View::ALL.into_iter().filter_map(|view| Some((view, of(view)?))).collect())
}

/// The code of the report that was asked for. Another's is not found, exactly as one that does not exist.
async fn find(city: &City, scope: &Scope, typed: &str) -> Result<Option<String>, Trouble> {
    let Some(code) = crate::code_of(&city.pack, typed) else { return Ok(None) };
    let scope = scope.clone();
    let found = city.read(Lane::Duty, move |rd| cases::find(rd, &scope, &code)).await?;
    Ok(found.filter(|case| case.kind == KIND).map(|case| case.code))
}

fn tabs(wanted: &Wanted, shown: &Shown, lang: Lang) -> Vec<Tab> {
    let count = |view: View| {
        let (_, count) = shown.counts.iter().find(|(of, _)| *of == view)?;
        let (shown, said) = match *count {
            Count::Exactly(n) => (n.to_string(), words::queue_count(lang, i64::from(n))),
            Count::Over(n) => (format!("{n}+"), words::queue_count_over(lang, i64::from(n))),
        };
        Some(TabCount { shown, said, hot: view == View::Overdue && *count != Count::Exactly(0) })
    };
    let tab = |view: View| Tab {
        label: view.name(lang).to_owned(),
        path: wanted.path(view, None),
        count: count(view),
        current: view == wanted.view,
    };
    View::ALL.into_iter().map(tab).collect()
}

fn filters(city: &City, wanted: &Wanted, shown: &Shown, lang: Lang) -> Markup {
    let all = || std::iter::once((String::new(), words::list_all(lang).to_owned()));
    let fields = Feedback::of(&city.pack).fields.iter().map(|field| (field.key.clone(), field.name.get(lang).to_owned()));
    let filter = |name, label: &str, options, chosen: &Option<String>| Filter {
        name,
        label: label.to_owned(),
        options,
        chosen: chosen.clone().unwrap_or_default(),
    };
    let both = [
        filter("area", words::list_area(lang), all().chain(names::wards(&city.pack, city.today(), lang)).collect(), &wanted.area),
        filter("field", words::queue_field(lang), all().chain(fields).collect(), &wanted.field),
    ];
    let kept: &[(&str, &str)] = &[("view", wanted.view.key())];
    let kept = if wanted.view == View::All { &[] } else { kept };
    parts::filters(lang, PATH, kept, &both, &count(wanted, shown, lang))
}

/// How many of how many are shown, where this page knows it.
fn count(wanted: &Wanted, shown: &Shown, lang: Lang) -> String {
    let whole = shown.counts.iter().find(|(of, _)| *of == wanted.view).map(|(_, count)| *count);
    match (wanted.after, shown.page.next, whole) {
        (None, None, _) => words::queue_count(lang, i64::try_from(shown.page.rows.len()).unwrap_or(i64::MAX)),
        (None, Some(_), Some(Count::Exactly(n))) => words::queue_count_of(lang, i64::from(n), shown.page.rows.len()),
        (None, Some(_), _) if shown.page.rows.len() == ROWS => words::queue_count_more(lang, ROWS),
        _ => String::new(),
    }
}

fn list(city: &City, by: &Official, wanted: &Wanted, shown: &Shown, lang: Lang) -> Markup {
    let (rows, next) = (&shown.page.rows, shown.page.next);
    html! {
        @if !rows.is_empty() { div.queue { (table(city, by, wanted, shown, lang)) } } @else if next.is_none() { (nothing(wanted, lang)) }
        // A short page is not the end: so many steps were looked through, and few of them fitted.
        @if next.is_some() && rows.len() < ROWS { p.muted { (words::queue_searched(lang, LOOKED_THROUGH)) } }
        @if next.is_some() || wanted.after.is_some() {
            nav.pager aria-label=(words::queue_title(lang)) {
                @if wanted.after.is_some() { a.btn.quiet.slim href=(wanted.path(wanted.view, None)) { (parts::icon("chevrons-left")) span { (words::queue_first(lang)) } } }
                @if next.is_some() { a.btn.quiet.slim href=(wanted.path(wanted.view, next)) rel="next" { span { (words::queue_next(lang)) } (parts::icon("chevron-right")) } }
            }
        }
    }
}

fn nothing(wanted: &Wanted, lang: Lang) -> Markup {
    if wanted.is_narrowed() {
        let path = Wanted { area: None, field: None, ..wanted.clone() }.path(wanted.view, None);
        let all = html! { (Button::link(words::list_clear(lang), path).quiet()) };
        return parts::empty("search-x", words::queue_narrowed_none(lang), words::queue_narrowed_none_hint(lang), Some(all));
    }
    let (icon, title, hint) = wanted.view.empty(lang);
    let others = (wanted.view != View::All)
        .then(|| html! { (Button::link(words::queue_see_all(lang), wanted.path(View::All, None)).quiet()) });
    parts::empty(icon, title, hint, others)
}

fn table(city: &City, by: &Official, wanted: &Wanted, shown: &Shown, lang: Lang) -> Table {
    let heads = [
        words::queue_code(lang),
        words::queue_matter(lang),
        words::queue_state(lang),
        words::queue_due(lang),
        words::queue_holder(lang),
    ];
    let now = city.now();
    shown.page.rows.iter().fold(Table::new(words::queue_title(lang), heads).main(1), |table, row| {
        let case = &row.case;
        let area = names::area_name(&city.pack, &case.area, lang);
        let term = due(case.received_at, row.place.due_at, now, lang);
        let chosen = shown.seen.as_ref().is_some_and(|full| full.report.case.id == case.id);
        let cells = vec![
            html! {
                span.num { (case.code) }
                a.see href=(wanted.seeing(&case.code)) { (words::queue_see(lang)) span.vh { " " (case.code) } }
            },
            html! {
                a.row-title href={ (PATH) "/" (case.code) } { (headline(&case.title, &case.lead).0) }
                span.muted.small { @if let Some(area) = area { (area) " · " } (names::category_name(&city.pack, &case.category, lang)) }
            },
            html! { (state_chip(case.public, false, lang)) },
            html! { (due_bar(&term)) @if let Some(at) = row.place.due_at { time.muted.small { (format::due(at, &city.pack.zone)) } } },
            html! { (holder(by, row.person, &shown.holders, lang)) span.muted.small { (names::unit_short(&city.pack, &row.unit, lang)) } },
        ];
        if chosen { table.chosen_row(cells) } else { table.row(cells) }
    })
}

/// The person who holds a step.
pub(super) fn holder(by: &Official, person: Option<i64>, holders: &BTreeMap<i64, String>, lang: Lang) -> Markup {
    match person {
        Some(person) if person == by.id => html! { b { (words::queue_held_by_you(lang)) } },
        Some(person) => html! { span { (holders.get(&person).map_or_else(|| words::queue_held(lang), String::as_str)) } },
        None => html! { span { (words::queue_held_by_none(lang)) } },
    }
}

/// A place in the queue as links carry it: it opens nothing that the scope does not hold.
fn written(place: Place) -> String {
    let at = [place.case_id.to_be_bytes(), i64::from(place.no).to_be_bytes()].concat();
    let due = place.due_at.map(|due| due.ms().to_be_bytes());
    secret::hex(&[due.as_ref().map_or(&[][..], |due| &due[..]), &at].concat())
}

fn place(text: &str) -> Option<Place> {
    let part = |at: usize| {
        let digits = text.get(at..at + 16).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u64::from_str_radix(digits, 16).ok().map(u64::cast_signed)
    };
    let (due_at, at) = match text.len() {
        32 => (None, 0),
        48 => (Some(Instant(part(0)?)), 16),
        _ => return None,
    };
    Some(Place { due_at, case_id: part(at)?, no: u32::try_from(part(at + 16)?).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_keeps_its_filters_and_loses_its_place() {
        let after = Some(Place { due_at: None, case_id: 1, no: 2 });
        let wanted = Wanted { view: View::Mine, area: Some("hoa-binh".to_owned()), field: None, after, see: None };
        assert_eq!(wanted.path(View::Overdue, None), "/desk/reports?view=overdue&area=hoa-binh");
        assert_eq!(Wanted { area: None, ..wanted.clone() }.path(View::All, None), PATH);
        assert_eq!(wanted.seeing("PA-26-000123"), format!("{}&see=PA-26-000123", wanted.path(View::Mine, after)));
        let first = Wanted { view: View::All, area: None, after: None, ..wanted.clone() };
        assert_eq!(first.seeing("PA-26-000123"), "/desk/reports?see=PA-26-000123");
        assert_eq!(wanted.path(View::Mine, after), format!("/desk/reports?view=mine&area=hoa-binh&after={:016x}{:016x}", 1, 2));
    }

    #[test]
    fn a_place_in_the_queue_survives_the_link() {
        for (due_at, case_id, no) in [(Some(0), 1, 1), (Some(-5), 7, 2), (Some(i64::MAX), i64::MIN, u32::MAX), (None, 9, 3)] {
            let there = Place { due_at: due_at.map(Instant), case_id, no };
            assert_eq!(place(&written(there)), Some(there));
        }
        for wrong in ["", "x", &"g".repeat(32), &"ễ".repeat(16), &"f".repeat(48), &"+".repeat(32)] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
