//! Published reports: listed newest first, filtered by kind, ward and state, searched with and without tone marks.

use crate::names;
use crate::pack::Feedback;
use crate::pages::standing::{state_chip, state_name};
use crate::paths;
use crate::report::{KIND, headline};
use crate::store::SEARCH;
use crate::words;
use cases::{After, Filter};
use cases::{Case, PublicState};
use db::{Lane, Rd};
use kernel::spelling::fold;
use kernel::{Instant, Lang, format};
use maud::{Markup, html};
use web::parts;
use web::{City, Page, PageResult, Paging, Visit};

/// Reports on a page.
const ROWS: usize = 20;

/// What was asked for, read from the query.
#[derive(Clone, Debug)]
struct Wanted {
    words: String,
    filter: Filter,
}

impl Wanted {
    fn of(city: &City, visit: &Visit) -> Self {
        let query = &visit.query;
        let category = Some(query.raw("category").to_owned()).filter(|key| Feedback::of(&city.pack).category(key).is_some());
        let area = Some(query.raw("area").to_owned()).filter(|key| city.pack.areas.get(key).is_some());
        let public = PublicState::from_key(query.raw("state"));
        let words = query.raw("q").chars().take(200).collect();
        Self { words, filter: Filter { kind: KIND.to_owned(), category, area, public } }
    }

    fn is_plain(&self) -> bool {
        self.words.is_empty() && self.filter.category.is_none() && self.filter.area.is_none() && self.filter.public.is_none()
    }
}

/// `GET /reports`
pub async fn page(city: City, visit: Visit, paging: Paging) -> PageResult {
    let wanted = Wanted::of(&city, &visit);
    let asked = wanted.clone();
    let mut found = city.read(Lane::Comfort, move |rd| rows(rd, &asked, paging.before)).await?;
    let more = (found.len() > ROWS).then(|| found[ROWS - 1].id);
    found.truncate(ROWS);
    let lang = visit.lang;
    let body = html! {
        (filters(&city, &wanted, lang))
        @if found.is_empty() { (nothing(&wanted, lang)) } @else {
            ul.cards { @for case in &found { (card(&city, case, lang)) } }
            (parts::pager(&visit, more))
        }
    };
    Ok(Page::new(words::list_title(lang)).lead(words::list_lead(lang)).style(web::assets::DATA_CSS).body(body))
}

/// One more row than a page has, so that we know whether there are more.
fn rows(rd: &mut Rd<'_>, wanted: &Wanted, before: Option<i64>) -> db::Result<Vec<Case>> {
    let limit = u32::try_from(ROWS + 1).unwrap_or(u32::MAX);
    if !wanted.words.is_empty() {
        return searched(rd, wanted, before);
    }
    let after = match before {
        None => After::NEWEST,
        Some(id) => match cases::by_id(rd, id) {
            Ok(case) => After { at: case.published_at.unwrap_or(Instant(i64::MAX)), id },
            Err(db::Error::NotFound) => After::NEWEST,
            Err(why) => return Err(why),
        },
    };
    cases::published(rd, &wanted.filter, after, limit)
}

/// How many hits are looked through when filters stand beside the words: a filter that nothing fits must not read the whole index.
const LOOKED_THROUGH: usize = 2_000;

fn searched(rd: &mut Rd<'_>, wanted: &Wanted, before: Option<i64>) -> db::Result<Vec<Case>> {
    let (folded, filter) = (fold(&wanted.words), &wanted.filter);
    let fits = |case: &Case| {
        case.kind == KIND
            && filter.category.as_ref().is_none_or(|key| *key == case.category)
            && filter.area.as_ref().is_none_or(|key| *key == case.area)
            && filter.public.is_none_or(|state| state == case.public)
    };
    let (mut found, mut place, mut looked) = (Vec::new(), before, 0);
    let step = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    while found.len() <= ROWS && looked < LOOKED_THROUGH {
        let ids = rd.search(&SEARCH, &folded, step, place)?;
        let Some(last) = ids.last().copied() else { break };
        looked += ids.len();
        found.extend(cases::published_by_ids(rd, &ids)?.into_iter().filter(|case| fits(case)));
        place = Some(last);
        if ids.len() <= ROWS {
            break;
        }
    }
    found.truncate(ROWS + 1);
    Ok(found)
}

fn filters(city: &City, wanted: &Wanted, lang: Lang) -> Markup {
    let all = || (String::new(), words::list_all(lang).to_owned());
    let feedback = Feedback::of(&city.pack);
    let areas = names::wards(&city.pack, city.today(), lang);
    let chosen = |value: Option<&String>| value.cloned().unwrap_or_default();
    let select = |name: &'static str, label: &str, chosen: &str, options: Vec<(String, String)>| {
        html! {
            div.filter {
                label for={ "filter-" (name) } { (label) }
                span.select {
                    select.in id={ "filter-" (name) } name=(name) { @for (value, label) in options { option value=(value) selected[value == chosen] { (label) } } }
                    (parts::icon("chevron-down"))
                }
            }
        }
    };
    let categories =
        std::iter::once(all()).chain(feedback.categories.iter().map(|c| (c.key.clone(), c.name.get(lang).to_owned()))).collect();
    let states = std::iter::once(all())
        .chain(PublicState::ALL.iter().map(|s| (s.key().to_owned(), state_name(*s, lang).to_owned())))
        .collect();
    html! {
        form.filters role="search" method="get" action="/reports" {
            div.filter.wide {
                label for="q" { (words::list_search(lang)) }
                input.in id="q" name="q" type="search" value=(wanted.words) placeholder=(words::list_search_hint(lang)) maxlength="200";
            }
            (select("category", words::list_category(lang), &chosen(wanted.filter.category.as_ref()), categories))
            (select("area", words::list_area(lang), &chosen(wanted.filter.area.as_ref()), std::iter::once(all()).chain(areas).collect()))
            (select("state", words::list_state(lang), wanted.filter.public.map_or("", PublicState::key), states))
            button.btn.slim type="submit" { (words::list_filter(lang)) }
            @if !wanted.is_plain() { a.btn.quiet.slim href="/reports" { (words::list_clear(lang)) } }
        }
    }
}

fn card(city: &City, case: &Case, lang: Lang) -> Markup {
    let at = case.published_at.unwrap_or(case.received_at);
    let (title, more) = headline(&case.title, &case.lead);
    html! {
        li.card {
            div.card-head { (state_chip(case.public, false, lang)) time.muted.small { (format::day(at.day(&city.pack.zone))) } }
            h2.card-title { a href=(paths::public(&case.code)) { (title) } }
            @if let Some(more) = more { p.card-lead { (more) } }
            p.muted.small.card-foot {
                span {
                    (names::category_name(&city.pack, &case.category, lang))
                    @if let Some(area) = names::area_name(&city.pack, &case.area, lang) { " · " (area) }
                }
                span.num { (case.code) }
            }
        }
    }
}

fn nothing(wanted: &Wanted, lang: Lang) -> Markup {
    if wanted.is_plain() {
        parts::empty("inbox", words::list_empty(lang), words::list_empty_hint(lang), None)
    } else {
        parts::empty(
            "search-x",
            words::list_none(lang),
            words::list_none_hint(lang),
            Some(parts::Button::link(words::list_clear(lang), "/reports").quiet()).map(|b| html! { (b) }),
        )
    }
}
