//! What this room reads from `packs/<city>/feedback/`: fields, deadline classes and categories with their routing.
//!
//! Start at [`Feedback`]. The files are described in `packs/README.md`. Not here: the demo's reports (`seed.rs`).

use calendars::Rule;
use jiff::civil::Date;
use kernel::Both;
use pack::{Day, Reader, Rows};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use toml::Spanned;

/// A top topic: what categories are grouped by.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Both,
    /// Its icon.
    pub icon: String,
}

/// A class of deadlines: how long an answer may take.
#[derive(Clone, Debug, Serialize)]
pub struct Deadline {
    /// Its key: also the severity of a report.
    pub key: String,
    /// Its name.
    pub name: Both,
    /// The term of the answer.
    pub legal: Rule,
    /// The term of the first response.
    pub first_response: Rule,
    /// The calendar both are counted in.
    pub calendar: String,
    /// Where the class is written.
    pub source: Option<String>,
}

/// Who gets a report first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lead {
    /// One unit, wherever it happened.
    Unit(String),
    /// The committee of the area where it happened.
    CommitteeOfArea,
}

/// What residents report: routing and deadlines hang on it.
#[derive(Clone, Debug, Serialize)]
pub struct Category {
    /// Its key.
    pub key: String,
    /// The field it belongs to.
    pub field: String,
    /// Its name.
    pub name: Both,
    /// What to tell, in a sentence.
    pub hint: Option<Both>,
    /// An example of a report.
    pub example: Option<Both>,
    /// Its icon.
    pub icon: String,
    /// Who gets it first.
    pub lead: Lead,
    /// Who takes part beside.
    pub coordinate: Vec<Lead>,
    /// Its class of deadlines.
    pub deadline: String,
    /// Whether somebody may be in danger.
    pub emergency: bool,
    /// Whether a contact is asked for on the form.
    pub contact_required: bool,
    /// Whether it never becomes public.
    pub confidential: bool,
    /// Words that people use for it.
    pub keywords: Vec<String>,
    /// Its first day.
    #[serde(serialize_with = "as_text")]
    pub valid_from: Date,
    /// Its last day.
    #[serde(serialize_with = "as_text_or_none")]
    pub valid_to: Option<Date>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
fn as_text<S: serde::Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

#[allow(clippy::ref_option)] // serde asks for a reference
fn as_text_or_none<S: serde::Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => to.collect_str(day),
        None => to.serialize_none(),
    }
}

impl Category {
    /// Whether it can be chosen on `day`.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// All that a city says about its reports.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// Fields, in the order in which residents see them.
    pub fields: Vec<Field>,
    /// Categories, in that order.
    pub categories: Vec<Arc<Category>>,
    /// The reports of the demonstration.
    pub(crate) demo: crate::demo::Demo,
    by_key: HashMap<String, usize>,
    deadlines: HashMap<String, Deadline>,
}

impl Feedback {
    /// The category with this key, also one that can no longer be chosen: old reports keep it.
    #[must_use]
    pub fn category(&self, key: &str) -> Option<&Arc<Category>> {
        self.by_key.get(key).map(|at| &self.categories[*at])
    }

    /// The deadline class with this key.
    #[must_use]
    pub fn deadline(&self, key: &str) -> Option<&Deadline> {
        self.deadlines.get(key)
    }

    /// The deadline class of a category.
    ///
    /// # Panics
    /// Never: reading refuses a category without one.
    #[must_use]
    pub fn deadline_of(&self, category: &Category) -> &Deadline {
        self.deadline(&category.deadline).expect("a category's deadline was checked when the pack was read")
    }

    /// The categories of a field that can be chosen on `day`.
    pub fn of_field<'a>(&'a self, field: &'a str, day: Date) -> impl Iterator<Item = &'a Arc<Category>> {
        self.categories.iter().filter(move |c| c.field == field && c.is_valid_on(day))
    }

    /// What the city says about reports; the room does not open without it.
    ///
    /// # Panics
    /// When the pack has no `feedback/` folder although this room is open: the server checks that at start.
    #[must_use]
    pub fn of(city: &pack::City) -> &Self {
        city.part::<Self>().expect("the feedback room is open only in cities whose pack has feedback/")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsFile {
    field: Rows<FieldRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldRow {
    key: Spanned<String>,
    name: Both,
    icon: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlinesFile {
    deadline: Rows<DeadlineRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlineRow {
    key: Spanned<String>,
    name: Both,
    legal: Spanned<String>,
    first_response: Spanned<String>,
    calendar: Spanned<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoriesFile {
    category: Rows<CategoryRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRow {
    key: Spanned<String>,
    field: Spanned<String>,
    icon: String,
    name: Both,
    hint: Option<Both>,
    examples: Option<Both>,
    lead: Spanned<String>,
    #[serde(default)]
    coordinate: Vec<Spanned<String>>,
    deadline: Spanned<String>,
    #[serde(default)]
    emergency: bool,
    contact: Option<Spanned<String>>,
    #[serde(default)]
    confidential: bool,
    #[serde(default)]
    keywords: Vec<String>,
    valid_from: Spanned<Day>,
    valid_to: Option<Spanned<Day>>,
}

/// Reads the folder.
pub fn read(reader: &mut Reader) -> Option<pack::Part> {
    let fields: FieldsFile = reader.read("fields.toml")?;
    reader.keys("field", fields.field.iter().map(|row| &row.key));
    let deadlines: DeadlinesFile = reader.read("deadlines.toml")?;
    reader.keys("deadline", deadlines.deadline.iter().map(|row| &row.key));
    let categories: CategoriesFile = reader.read("categories.toml")?;
    reader.keys("category", categories.category.iter().map(|row| &row.key));

    let fields =
        fields.field.into_iter().map(|row| Field { key: row.key.into_inner(), name: row.name, icon: row.icon }).collect();
    let deadlines: HashMap<_, _> =
        deadlines.deadline.into_iter().filter_map(|row| deadline(reader, row)).map(|d| (d.key.clone(), d)).collect();
    let categories: Vec<_> = categories.category.into_iter().filter_map(|row| category(reader, row)).map(Arc::new).collect();
    for category in &categories {
        if let Some(deadline) = deadlines.get(&category.deadline) {
            reader.define("report", &category.key, &(&**category, deadline));
        }
    }
    let by_key = categories.iter().enumerate().map(|(at, category)| (category.key.clone(), at)).collect();
    let demo = crate::demo::read(reader);
    Some(Box::new(Feedback { fields, categories, demo, by_key, deadlines }))
}

fn deadline(reader: &mut Reader, row: DeadlineRow) -> Option<Deadline> {
    let (legal, first_response) = (reader.rule(&row.legal), reader.rule(&row.first_response));
    let calendar = reader.calendar(&row.calendar).map(|_| row.calendar.get_ref().clone());
    for (rule, text) in [(&legal, &row.legal), (&first_response, &row.first_response)] {
        if *rule == Some(Rule::Text) {
            reader.complain(
                text.span(),
                "a report's term is counted, not told in words",
                Some("for example \"3 working days\"".to_owned()),
            );
        }
    }
    Some(Deadline {
        key: row.key.into_inner(),
        name: row.name,
        legal: legal?,
        first_response: first_response?,
        calendar: calendar?,
        source: row.source,
    })
}

fn lead(reader: &mut Reader, key: &Spanned<String>) -> Option<Lead> {
    if key.get_ref() == "@area" {
        return Some(Lead::CommitteeOfArea);
    }
    reader.unit(key).map(|_| Lead::Unit(key.get_ref().clone()))
}

fn category(reader: &mut Reader, row: CategoryRow) -> Option<Category> {
    let known = reader.refer("field", &row.field) & reader.deadline(&row.deadline);
    let first = lead(reader, &row.lead);
    let coordinate = row.coordinate.iter().filter_map(|key| lead(reader, key)).collect();
    reader.lasting(&row.valid_from, row.valid_to.as_ref());
    if let Some(contact) = &row.contact {
        reader.one_of("contact", contact, ["optional", "required"]);
    }
    let contact_required = row.contact.is_some_and(|contact| contact.get_ref() == "required");
    known.then_some(())?;
    Some(Category {
        key: row.key.into_inner(),
        field: row.field.into_inner(),
        name: row.name,
        hint: row.hint,
        example: row.examples,
        icon: row.icon,
        lead: first?,
        coordinate,
        deadline: row.deadline.into_inner(),
        emergency: row.emergency,
        contact_required,
        confidential: row.confidential,
        keywords: row.keywords,
        valid_from: *row.valid_from.into_inner(),
        valid_to: row.valid_to.map(|day| *day.into_inner()),
    })
}
