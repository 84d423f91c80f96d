//! The city's pack as it was read: what the house knows about the city today.

use super::unit_name;
use crate::words;
use ::pack::Reach;
use kernel::{Lang, format};
use manifest::Permissions;
use web::parts::{Table, facts, numbers};
use web::{City, Markup, Page, PageResult, Visit, html};

/// The page.
pub async fn page(visit: Visit, city: City, permissions: Permissions) -> PageResult {
    let (lang, pack, today) = (visit.lang, &city.pack, city.today());
    let count = |n: usize| format::number(i64::try_from(n).unwrap_or(i64::MAX), lang);
    let page = Page::new(words::pack_title(lang)).style(web::assets::HOUSE_CSS).desk().lead(words::pack_lead(lang));
    Ok(page.body(html! {
        (facts(&[
            (words::pack_city(lang), html! { (pack.name.get(lang)) " (" (pack.key) ")" }),
            (words::pack_version(lang), html! { code { (pack.version.get(..12).unwrap_or(&pack.version)) } }),
        ]))
        (numbers(&[
            (count(pack.areas.commune_units_on(today).count()), words::pack_areas(lang).to_owned(), None),
            (count(pack.units.valid_on(today).count()), words::pack_units(lang).to_owned(), None),
            (count(pack.calendars.all().count()), words::pack_calendars(lang).to_owned(), None),
            (count(pack.places.len()), words::pack_places(lang).to_owned(), None),
        ]))
        section.part { h2 { (words::pack_roles(lang)) } (roles(&city, &permissions, lang)) }
        section.part { h2 { (words::pack_calendars(lang)) } (calendars(&city, lang)) }
        section.part { h2 { (words::pack_units(lang)) } details { summary { (words::pack_show(lang)) } (units(&city, lang)) } }
    }))
}

fn roles(city: &City, permissions: &Permissions, lang: Lang) -> Table {
    let heads = [words::person_post_role(lang), words::pack_reach(lang), words::pack_permissions(lang)];
    city.pack.roles.iter().fold(Table::new(words::pack_roles(lang), heads), |table, role| {
        let reach = match role.reach {
            Reach::Unit => words::pack_reach_unit(lang),
            Reach::Descendants => words::pack_reach_descendants(lang),
            Reach::City => words::pack_reach_city(lang),
        };
        table.row(vec![html! { (role.name.get(lang)) }, html! { (reach) }, held(&role.permissions, permissions, lang)])
    })
}

/// What a role may, each permission with its key, by which the pack lists it.
fn held(names: &[String], permissions: &Permissions, lang: Lang) -> Markup {
    html! {
        ul.may { @for name in names { li { @if let Some(words) = permissions.words(name, lang) { (words) " " } code { (name) } } } }
    }
}

fn calendars(city: &City, lang: Lang) -> Table {
    let heads = [words::pack_calendar(lang), words::pack_covered(lang)];
    city.pack.calendars.all().fold(Table::new(words::pack_calendars(lang), heads), |table, calendar| {
        let (from, to) = calendar.covered();
        table.row(vec![
            html! { (calendar.name().get(lang)) },
            html! { (words::pack_span(lang, format::day(from), format::day(to))) },
        ])
    })
}

fn units(city: &City, lang: Lang) -> Table {
    let heads = [words::pack_unit(lang), words::pack_parent(lang)];
    city.pack.units.valid_on(city.today()).fold(Table::new(words::pack_units(lang), heads), |table, unit| {
        let parent = unit.parent.as_deref().map(|key| unit_name(&city.pack, key, lang)).unwrap_or_default();
        table.row(vec![html! { (unit.name.get(lang)) }, html! { (parent) }])
    })
}
