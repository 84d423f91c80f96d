//! Our pages: one file per thing that an administrator or auditor does.

pub mod add;
pub mod house;
pub mod looks;
pub mod outbox;
pub mod pack;
pub mod people;

use kernel::Lang;

/// The name of a role of the pack; its key when the pack has it no longer.
fn role_name(city: &::pack::City, key: &str, lang: Lang) -> String {
    city.role(key).map_or_else(|| key.to_owned(), |role| role.name.get(lang).to_owned())
}

/// The short name of a unit of the pack; its key when the pack has it no longer.
fn unit_name(city: &::pack::City, key: &str, lang: Lang) -> String {
    city.units.get(key).map_or_else(|| key.to_owned(), |unit| unit.short.get(lang).to_owned())
}

/// The roles to choose from, a question first.
fn role_options(city: &::pack::City, lang: Lang) -> Vec<(String, String)> {
    let question = (String::new(), crate::words::person_post_choose(lang).to_owned());
    std::iter::once(question).chain(city.roles.iter().map(|role| (role.key.clone(), role.name.get(lang).to_owned()))).collect()
}

/// The units of today that are in `own`, a question first.
fn unit_options(city: &web::City, own: &[String], lang: Lang) -> Vec<(String, String)> {
    let question = (String::new(), crate::words::person_post_choose(lang).to_owned());
    let today = city.pack.units.valid_on(city.today()).filter(|unit| own.contains(&unit.key));
    let mut all: Vec<(String, String)> = today.map(|unit| (unit.key.clone(), unit.name.get(lang).to_owned())).collect();
    all.sort_by_cached_key(|(_, name)| kernel::spelling::fold(name));
    std::iter::once(question).chain(all).collect()
}
