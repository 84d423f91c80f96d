//! The small API: what can be reported, report it, see where it stands. The same functions as the pages, JSON in and out.

use crate::contact::{self, Contact};
use crate::intake::{self, Desk};
use crate::names;
use crate::pack::Feedback;
use crate::paths;
use crate::public::{self, PublicReport};
use crate::refusal::Refusal;
use crate::report::{self, How, Submission};
use crate::words;
use axum::Json;
use db::Lane;
use kernel::spelling::clean;
use kernel::{Actor, Key, Lang, Point, Private};
use places::Inside;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{ApiResult, Checked, City, Input, Keyed, Language, Path, Says, Sender, Trouble};

/// One kind of report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CategoryAnswer {
    /// The key that a report names.
    key: String,
    /// The field it belongs to.
    field: String,
    /// Its name in Vietnamese.
    name_vi: String,
    /// Its name in English.
    name_en: String,
    /// Whether somebody may be in danger: then call an emergency number first.
    emergency: bool,
}

/// `GET /api/v1/categories`
pub async fn categories(city: City) -> Json<Vec<CategoryAnswer>> {
    let today = city.today();
    let feedback = Feedback::of(&city.pack);
    let all = feedback.categories.iter().filter(|category| category.is_valid_on(today));
    Json(
        all.map(|category| CategoryAnswer {
            key: category.key.clone(),
            field: category.field.clone(),
            name_vi: category.name.vi.clone(),
            name_en: category.name.en.clone(),
            emergency: category.emergency,
        })
        .collect(),
    )
}

/// A report that a program sends. Where it happened is told by `lat` and `long`, or by `address`, or by both.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// What happens: 10 to 4,000 letters.
    #[schemars(length(min = 10, max = 4000), example = &"Ổ gà sâu trước số 12 Lê Lợi, tối qua có người ngã xe.")]
    description: String,
    /// The key of a category.
    #[schemars(example = &"pothole")]
    category: String,
    /// Degrees north, WGS 84.
    #[schemars(range(min = -90, max = 90))]
    lat: Option<f64>,
    /// Degrees east, WGS 84.
    #[schemars(range(min = -180, max = 180))]
    long: Option<f64>,
    /// The address in words: at most 200 letters.
    #[schemars(length(max = 200), example = &"12 Lê Lợi")]
    address: Option<String>,
    /// How the reporter can be reached. Never asked for by any category over the API.
    contact: Option<ContactInput>,
}

/// How the reporter can be reached.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactInput {
    /// Name.
    name: Option<String>,
    /// Telephone number of Vietnam.
    #[schemars(example = &"0905 123 456")]
    phone: Option<String>,
    /// Mail address.
    email: Option<String>,
}

impl std::fmt::Debug for ContactInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactInput(…)")
    }
}

/// What the sender of a report gets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReceivedAnswer {
    /// The code: a name, which opens nothing.
    code: String,
    /// The private link: whoever has it can read the report and add to it.
    follow: String,
}

/// `POST /api/v1/reports`, with the header `Idempotency-Key`.
pub async fn receive(
    city: City,
    Language(lang): Language,
    from: Sender,
    Keyed(key): Keyed,
    Input(input): Input<ReportInput>,
) -> ApiResult<ReceivedAnswer> {
    let submission = submission(&city, lang, &key, input)?;
    let desk = Desk::of(&city);
    let life = Feedback::of(&city.pack).category(&submission.category).is_some_and(|category| category.emergency);
    if !life {
        city.knock(&from, "api-report", 120)?;
    }
    let lane = if life { Lane::Life } else { Lane::Duty };
    let received = city.write(lane, move |tx| intake::receive(tx, &desk, &key, &submission, &Actor::Stranger)).await?;
    let origin = city.settings.base().to_owned();
    Ok(Json(ReceivedAnswer { code: received.code, follow: format!("{origin}{}", paths::link(&received.link)) }))
}

fn submission(city: &City, lang: Lang, key: &Key, input: ReportInput) -> Result<Submission, Trouble> {
    let mut wrong = Checked::default();
    let text = clean(&input.description);
    match text.chars().count() {
        n if n < report::TEXT_LEAST => wrong.add("description", words::report_text_short(lang, report::TEXT_LEAST)),
        n if n > report::TEXT_MOST => wrong.add("description", words::report_text_long(lang, report::TEXT_MOST)),
        _ => {}
    }
    if Feedback::of(&city.pack).category(&input.category).is_none_or(|category| !category.is_valid_on(city.today())) {
        wrong.add("category", Refusal::NoCategory.text(lang));
    }
    let address = input.address.as_deref().map(clean).filter(|address| !address.is_empty());
    if address.as_ref().is_some_and(|address| address.chars().count() > report::ADDRESS_MOST) {
        wrong.add("address", words::report_address_long(lang, report::ADDRESS_MOST));
    }
    let point = match (input.lat, input.long) {
        (None, None) => Ok(None),
        (Some(lat), Some(long)) => Point::new(lat, long).map(Some).ok_or("lat"),
        (Some(_), None) => Err("long"),
        (None, Some(_)) => Err("lat"),
    };
    let place = match point.map(|point| Place::find(city, point, address.as_deref())) {
        Ok(Ok(place)) => Some(place),
        Ok(Err(why)) => {
            wrong.add(if matches!(why, Refusal::NoPlace) { "address" } else { "lat" }, why.text(lang));
            None
        }
        Err(axis) => {
            wrong.add(axis, words::api_point_wrong(lang));
            None
        }
    };
    let sent = input.contact.unwrap_or_default();
    let mut read = |field: &str, parsed: Result<Option<Private<String>>, String>| {
        parsed.unwrap_or_else(|error| {
            wrong.add(format!("contact.{field}"), error);
            None
        })
    };
    let contact = Contact {
        name: read("name", contact::name(&sent.name.unwrap_or_default(), lang)),
        phone: read("phone", contact::phone(&sent.phone.unwrap_or_default(), lang)),
        email: read("email", contact::email(&sent.email.unwrap_or_default(), lang)),
    };
    let Some(place) = place.filter(|_| wrong.mistakes() == 0) else { return Err(Trouble::mistakes(&wrong)) };
    Ok(Submission {
        category: input.category,
        text,
        address,
        point: place.point,
        area: place.area,
        how: place.how,
        contact,
        lang,
        photos: Vec::new(),
        channel: "api",
        link: intake::link_of(&city.keys, key),
    })
}

/// Where a report happened, as far as nobody confirmed it.
pub struct Place {
    /// The point, given or found by the address.
    pub point: Option<Point>,
    /// The area that was guessed.
    pub area: Option<String>,
    /// How it was found.
    pub how: How,
}

impl Place {
    /// Finds the area of a point, or of an address that the pack's places know.
    ///
    /// # Errors
    /// [`Refusal::NoPlace`] when nothing was said, [`Refusal::OutsideCity`] when it is too far outside.
    pub fn find(city: &City, point: Option<Point>, address: Option<&str>) -> Result<Self, Refusal> {
        let today = city.today();
        let found = || address.and_then(|address| city.places.search(address, today, 1).into_iter().next());
        let point = match (point, address) {
            (Some(point), _) => Some(point),
            (None, Some(_)) => found().map(|found| found.point),
            (None, None) => return Err(Refusal::NoPlace),
        };
        let Some(at) = point else { return Ok(Self { point: None, area: None, how: How::Unknown }) };
        let located = city.places.locate(at, today);
        match located.inside {
            Inside::Outside(km) => Err(Refusal::OutsideCity(km)),
            Inside::Near(_) => Ok(Self { point, area: located.area, how: How::Border }),
            Inside::Inside => {
                Ok(Self { point, how: if located.area.is_some() { How::Nearest } else { How::Unknown }, area: located.area })
            }
        }
    }
}

/// Where a report stands: only what is public.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateAnswer {
    /// The code.
    code: String,
    /// `received`, `in-progress`, `answered` or `archived`.
    state: String,
    /// Whether its term is over and it is not answered.
    overdue: bool,
    /// When it was received, RFC 3339 in the city's zone.
    received_at: String,
    /// When the answer is due, RFC 3339 in the city's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    /// How that was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_explanation: Option<String>,
    /// The key of its category; absent for confidential reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    /// The name of the unit that has it; absent for confidential reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// The text, once published.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The answer, once published.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

/// `GET /api/v1/reports/{code}`
pub async fn state(city: City, Language(lang): Language, Path(code): Path<String>) -> ApiResult<StateAnswer> {
    let code = crate::code_of(&city.pack, &code).ok_or(Trouble::NotFound)?;
    let report = city.read(Lane::Duty, move |rd| public::find(rd, &code)).await?.ok_or(Trouble::NotFound)?;
    Ok(Json(answer(&city, &report, lang)))
}

fn answer(city: &City, report: &PublicReport, lang: Lang) -> StateAnswer {
    let zone = &city.pack.zone;
    let at = |at: kernel::Instant| at.timestamp().to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let about = report.about.as_ref();
    let published = report.published.as_ref();
    StateAnswer {
        code: report.code.clone(),
        state: report.state.key().to_owned(),
        overdue: report.overdue,
        received_at: at(report.received_at),
        due_at: report.due_at.map(at),
        due_explanation: report.due_why.as_ref().map(|why| why.text(lang, zone)),
        category: about.map(|about| about.category.clone()),
        holder: about.map(|about| names::unit_name(&city.pack, &about.holder, lang)),
        text: published.and_then(|published| published.text.clone()),
        answer: published.and_then(|published| published.answer.as_ref()).map(|answer| answer.text.clone()),
    }
}
