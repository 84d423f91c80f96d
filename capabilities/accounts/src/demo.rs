//! The people of a demonstration: invented, with one password that everybody knows. Read from the pack always, so that mistakes are
//! found; made officials only by a server that is a demonstration.

use access::people::{self, By, NewOfficial};
use access::{Refusal, password};
use db::Lane;
use kernel::{Lang, Private};
use pack::{Reader, Rows, Spanned};
use serde::Deserialize;
use web::{City, Mode, Trouble};

/// The password of all people of a demonstration.
pub const PASSWORD: &str = "xem-thu-songhan";

/// The people in a pack's `accounts/demo.toml`.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// In the order of the file.
    pub people: Vec<Person>,
}

/// One invented official.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// What she types to sign in.
    pub sign_in: String,
    /// The role, a pack key.
    pub role: String,
    /// The unit, a pack key.
    pub unit: String,
}

impl Person {
    /// `hoa: Trần Thị Hoa, Điều phối viên, Trung tâm …`, as `./run` prints it.
    #[must_use]
    pub fn line(&self, city: &pack::City, lang: Lang) -> String {
        format!("{}: {}, {}", self.sign_in, self.name, self.post(city, lang))
    }

    /// `Điều phối viên, Trung tâm …`.
    #[must_use]
    pub fn post(&self, city: &pack::City, lang: Lang) -> String {
        let role = city.role(&self.role).map_or(self.role.as_str(), |role| role.name.get(lang));
        let unit = city.units.get(&self.unit).map_or(self.unit.as_str(), |unit| unit.short.get(lang));
        format!("{role}, {unit}")
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    official: Rows<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    name: Spanned<String>,
    sign_in: Spanned<String>,
    role: Spanned<String>,
    unit: Spanned<String>,
}

/// Reads `accounts/`.
pub(crate) fn read(reader: &mut Reader) -> Option<pack::Part> {
    let Some(file) = reader.read_if_there::<File>("demo.toml") else { return Some(Box::new(Demo::default())) };
    let mut people: Vec<Person> = Vec::new();
    for raw in file.official {
        let known = reader.role(&raw.role) & reader.unit(&raw.unit).is_some();
        let sign_in = people::sign_in_name(raw.sign_in.get_ref());
        if sign_in.as_deref() != Some(raw.sign_in.get_ref()) {
            let help = Some("3 to 40 small letters, digits, dots and hyphens".to_owned());
            reader.complain(raw.sign_in.span(), format!("`{}` is not a name to sign in with", raw.sign_in.get_ref()), help);
        }
        if raw.name.get_ref().trim().is_empty() {
            reader.complain(raw.name.span(), "a person has a name", None);
        }
        if people.iter().any(|person| person.sign_in == *raw.sign_in.get_ref()) {
            reader.complain(raw.sign_in.span(), format!("`{}` stands twice", raw.sign_in.get_ref()), None);
        } else if known {
            people.push(Person {
                name: raw.name.into_inner(),
                sign_in: raw.sign_in.into_inner(),
                role: raw.role.into_inner(),
                unit: raw.unit.into_inner(),
            });
        }
    }
    Some(Box::new(Demo { people }))
}

/// The people of the city's demonstration.
#[must_use]
pub fn people(city: &pack::City) -> &[Person] {
    city.part::<Demo>().map_or(&[], |demo| demo.people.as_slice())
}

/// Makes them officials; those who are there already stay as they are.
pub(crate) async fn fill(city: City) -> Result<usize, Trouble> {
    if city.settings.mode != Mode::Demo {
        return Ok(0);
    }
    let hash = blocking(|| password::hash(&Private::new(PASSWORD.to_owned()))).await?;
    let mut made = 0;
    for person in people(&city.pack).to_vec() {
        let charter = city.access.charter();
        let new = NewOfficial {
            sign_in: person.sign_in,
            name: person.name,
            role: person.role,
            unit: person.unit,
            password: hash.clone(),
            one_time: false,
        };
        let added = city.write(Lane::Comfort, move |tx| people::add(tx, &charter, &By::CommandLine("demo"), &new)).await;
        match added {
            Ok(_) => made += 1,
            Err(Refusal::SignInTaken) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(made)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)
}
