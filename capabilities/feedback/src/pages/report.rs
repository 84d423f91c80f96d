//! A resident reports: one page in four short steps. Everything works without script; whatever was typed comes back.
//!
//! The page posts to itself. One button sends; the others (find a place, tap the map, move it) only draw the page again.

use crate::contact::{self, Contact};
use crate::intake::{self, Desk};
use crate::pack::{Category, Feedback};
use crate::pages::map::{self, LARGE, SMALL};
use crate::paths;
use crate::refusal::Refusal;
use crate::report::{ADDRESS_MOST, How, PHOTOS_MOST, Submission, TEXT_LEAST, TEXT_MOST};
use crate::words;
use db::Lane;
use kernel::spelling::fold;
use kernel::{Actor, Key, Lang, Point, Private};
use maud::{Markup, html};
use pack::AreaKind;
use places::{Found, Inside, View};
use std::sync::Arc;
use web::parts::{self, Button, Picker, PostForm, Select, Text, Tone, icon};
use web::{Checked, City, Files, Form, Page, PageResult, Sender, Typed, Visit, see};

/// Where the form stands.
pub const PATH: &str = "/report";

/// The fields of the form, for the door table.
pub const FIELDS: &[&str] = &[
    "key",
    "category",
    "text",
    "address",
    "point",
    "map",
    "ward",
    "guess",
    "photos",
    "kept-photos",
    "drop-photos",
    "name",
    "phone",
    "email",
    "go",
    "pick",
    "here",
    // Where the small map and the large one were tapped.
    "tap-s.x",
    "tap-s.y",
    "tap-l.x",
    "tap-l.y",
];

/// `GET /report`
pub async fn page(city: City, visit: Visit) -> PageResult {
    let mut draft = Draft::read(&city, &Form::default(), visit.lang);
    draft.forget_mistakes();
    Ok(draw(&city, &visit, &draft, &Checked::default()))
}

/// `POST /report`
pub async fn submit(city: City, visit: Visit, from: Sender, form: Form) -> PageResult {
    let mut draft = Draft::read(&city, &form, visit.lang);
    if !draft.place(&city, &form) {
        // A button that only draws the page again: nothing is complained about yet.
        city.knock(&from, "report-draw", 1_200)?;
        draft.forget_mistakes();
        return Ok(draw(&city, &visit, &draft, &Checked::default()));
    }
    let key = form.key()?;
    let area = draft.check(&city, visit.lang);
    let life = draft.category.value.as_ref().is_some_and(|category| category.emergency);
    // What may concern a life goes in without the photos that there was no time for, when nothing else is wrong with it.
    let left_out = life && draft.photos.busy && draft.checked().mistakes() == 1;
    if left_out {
        draft.photos.error = None;
    }
    let checked = draft.checked();
    if checked.mistakes() > 0 {
        if !life {
            city.knock(&from, "report-draw", 1_200)?;
        }
        return Ok(draw(&city, &visit, &draft, &checked));
    }
    let submission = draft.submission(&city, &key, area, visit.lang);
    let once = visit.mark(&intake::once_a_day(&submission, city.today()));
    let desk = Desk::of(&city);
    if !life {
        city.knock(&from, "report", 120)?;
    }
    let lane = if life { Lane::Life } else { Lane::Duty };
    let received = city
        .write(lane, move |tx| {
            let (key, submission) = intake::as_first_sent(tx, &desk, &once, &key, &submission)?;
            intake::receive(tx, &desk, &key, &submission, &Actor::Stranger)
        })
        .await?;
    let page = see(format!("{}?new", paths::link(&received.link)));
    Ok(if left_out { page.saying(words::report_photos_left_out(visit.lang)) } else { page })
}

/// What was typed so far.
struct Draft {
    key: String,
    category: Typed<Arc<Category>>,
    text: Typed<String>,
    address: Typed<String>,
    /// The point, when one was set.
    point: Option<Point>,
    view: View,
    /// The ward that the person chose or left as it was.
    ward: Typed<String>,
    /// The ward that we guessed for the point.
    guess: String,
    found: Option<Vec<Found>>,
    photos: Files,
    name: Typed<Option<Private<String>>>,
    phone: Typed<Option<Private<String>>>,
    email: Typed<Option<Private<String>>>,
    here_failed: bool,
}

impl Draft {
    fn read(city: &City, form: &Form, lang: Lang) -> Self {
        let today = city.today();
        let known = |key: &str| Feedback::of(&city.pack).category(key).filter(|category| category.is_valid_on(today)).cloned();
        let text = form.field("text", |raw| match raw.chars().count() {
            0 => Err(words::report_text_missing(lang).to_owned()),
            n if n < TEXT_LEAST => Err(words::report_text_short(lang, TEXT_LEAST)),
            n if n > TEXT_MOST => Err(words::report_text_long(lang, TEXT_MOST)),
            _ => Ok(raw.to_owned()),
        });
        let address = form.field("address", |raw| {
            if raw.chars().count() > ADDRESS_MOST {
                Err(words::report_address_long(lang, ADDRESS_MOST))
            } else {
                Ok(raw.to_owned())
            }
        });
        let opening = city.places.opening(LARGE.0, LARGE.1);
        Self {
            key: form.raw("key").to_owned(),
            category: form.field("category", |raw| known(raw).ok_or_else(|| words::report_category_missing(lang).to_owned())),
            text,
            address,
            point: map::point(form.raw("point")),
            view: city.places.view(form.raw("map"), LARGE.0, LARGE.1).unwrap_or(opening),
            ward: form.field("ward", |raw| Ok(raw.to_owned())),
            guess: form.raw("guess").to_owned(),
            found: None,
            photos: form.pictures("photos", PHOTOS_MOST),
            name: form.field("name", |raw| contact::name(raw, lang)),
            phone: form.field("phone", |raw| contact::phone(raw, lang)),
            email: form.field("email", |raw| contact::email(raw, lang)),
            here_failed: false,
        }
    }

    /// Follows the button that was pressed. `true` when it was the one that sends.
    fn place(&mut self, city: &City, form: &Form) -> bool {
        let today = city.today();
        for (name, size) in [("tap-s", SMALL), ("tap-l", LARGE)] {
            let coordinate = |axis: &str| form.raw(&format!("{name}.{axis}")).parse::<i64>().ok();
            if let (Some(x), Some(y)) = (coordinate("x"), coordinate("y")) {
                let view = View { width: size.0, height: size.1, ..self.view };
                if let Some(point) = view.point_at(x, y) {
                    self.set(city, point);
                }
                return false;
            }
        }
        if let Some((point, area)) = form.raw("pick").split_once('|')
            && let Some(point) = map::point(point)
        {
            self.set(city, point);
            if city.pack.areas.get(area).is_some_and(|found| found.valid_on(today)) {
                self.choose(area);
            }
            return false;
        }
        if form.has("here") && !form.raw("here").is_empty() {
            match map::point(form.raw("here")) {
                Some(point) => self.set(city, point),
                None => self.here_failed = true,
            }
            return false;
        }
        match form.raw("go") {
            "find" => self.found = Some(city.places.search(&self.address.raw, today, 5)),
            "clear" => {
                self.point = None;
                self.choose("");
            }
            "in" => self.view = self.view.nearer().unwrap_or(self.view),
            "out" => {
                self.view = self
                    .view
                    .farther()
                    .filter(|view| view.zoom >= city.places.overview(LARGE.0, LARGE.1).zoom)
                    .unwrap_or(self.view)
            }
            "north" => self.view = self.view.moved(0.0, -0.4),
            "south" => self.view = self.view.moved(0.0, 0.4),
            "east" => self.view = self.view.moved(0.4, 0.0),
            "west" => self.view = self.view.moved(-0.4, 0.0),
            "photos" => {}
            _ => return true,
        }
        false
    }

    fn set(&mut self, city: &City, point: Point) {
        self.point = Some(point);
        let near = self.view.zoom.max(15);
        self.view = View { zoom: near, ..self.view.around(point) };
        let area = city.places.locate(point, city.today()).area.unwrap_or_default();
        self.choose(&area);
    }

    fn choose(&mut self, area: &str) {
        self.ward = Typed::filled("ward", area);
        area.clone_into(&mut self.guess);
    }

    fn forget_mistakes(&mut self) {
        self.category.error = None;
        self.text.error = None;
        self.address.error = None;
        self.name.error = None;
        self.phone.error = None;
        self.email.error = None;
    }

    /// What needs more than one field: the place, and the contact that a category asks for. Gives the area and how it was found.
    fn check(&mut self, city: &City, lang: Lang) -> (Option<String>, How) {
        let today = city.today();
        let ward = Some(self.ward.raw.clone()).filter(|key| city.pack.areas.get(key).is_some_and(|area| area.valid_on(today)));
        let address = !self.address.raw.trim().is_empty();
        if self.point.is_none() && ward.is_none() && address {
            // The person wrote where, and we know the place: we show which ward that is, and she confirms by sending again.
            if let Some(found) = city.places.search(&self.address.raw, today, 1).into_iter().next() {
                self.set(city, found.point);
                let area = if found.area.is_empty() { self.ward.raw.clone() } else { found.area };
                self.choose(&area);
                let name = city.pack.areas.get(&area).map(|area| area.full_name.get(lang).to_owned()).unwrap_or_default();
                self.ward.refuse(words::report_ward_confirm(lang, name));
                return (None, How::Unknown);
            }
        }
        if self.point.is_none() && ward.is_none() && !address {
            self.address.refuse(words::report_place_missing(lang));
        }
        let how = match self.point.map(|point| city.places.inside(point)) {
            Some(Inside::Outside(km)) => {
                let km = if km < 10.0 { format!("{km:.1}") } else { format!("{km:.0}") };
                let km = if lang == Lang::Vi { km.replace('.', ",") } else { km };
                self.address.refuse(words::report_outside(lang, city.pack.name.get(lang), km));
                How::Unknown
            }
            Some(Inside::Near(_)) => How::Border,
            _ if ward.is_some() => How::Confirmed,
            _ => How::Unknown,
        };
        let required = self.category.value.as_ref().is_some_and(|category| category.contact_required);
        if required && self.phone.raw.is_empty() && self.email.raw.is_empty() {
            self.phone.refuse(words::report_contact_required(lang));
        }
        (ward, how)
    }

    fn checked(&self) -> Checked {
        Checked::new(&[&self.category, &self.text, &self.address, &self.ward, &self.photos, &self.name, &self.phone, &self.email])
    }

    fn submission(&self, city: &City, key: &Key, (area, how): (Option<String>, How), lang: Lang) -> Submission {
        let contact = Contact {
            name: self.name.value.clone().flatten(),
            phone: self.phone.value.clone().flatten(),
            email: self.email.value.clone().flatten(),
        };
        Submission {
            category: self.category.raw.clone(),
            text: self.text.raw.clone(),
            address: Some(self.address.raw.clone()).filter(|address| !address.is_empty()),
            point: self.point,
            area,
            how,
            // Without a way to be reached a name is of no use to anybody: nothing of the sender is kept then.
            contact: if contact.reaches() { contact } else { Contact::default() },
            lang,
            photos: self.photos.kept.iter().map(|(full, _)| full.clone()).collect(),
            channel: "web",
            link: intake::link_of(&city.keys, key),
        }
    }
}

fn draw(city: &City, visit: &Visit, draft: &Draft, checked: &Checked) -> Page {
    let lang = visit.lang;
    let numbers: Vec<_> = city.pack.emergency.iter().map(|one| (one.number.clone(), one.name.clone())).collect();
    let form = PostForm::new(visit, PATH).key(&draft.key).upload().draft("report").body(html! {
        // The first button is what Enter presses.
        button.vh type="submit" name="go" value="send" tabindex="-1" aria-hidden="true" { (words::report_send(lang)) }
        (what(city, draft, lang, &numbers))
        (place(city, visit, draft))
        (parts::question(3, words::report_step_photos(lang), Some(lang), draft.photos.error.is_some(), html! {
            (Picker::new(lang, &draft.photos, words::report_photos_add(lang), PHOTOS_MOST, |_| None).hint(words::report_photos_hint(lang, PHOTOS_MOST)))
        }))
        (reach(draft, lang))
        div.send {
            (Button::submit(words::report_send(lang)).icon("send").named("go", "send"))
            p.hint data-draft-note="" hidden { (words::report_draft_kept(lang)) }
        }
    });
    let steps = [
        (words::report_after_now(lang).to_owned(), words::report_after_now_text(lang).to_owned()),
        (words::report_after_soon(lang).to_owned(), words::report_after_soon_text(lang).to_owned()),
        (words::report_after_done(lang).to_owned(), words::report_after_done_text(lang).to_owned()),
    ];
    Page::new(words::report_title(lang))
        .lead(words::report_lead(lang))
        .style(web::assets::FORM_CSS)
        .script(web::assets::REPORT_JS)
        .wrong(checked.mistakes())
        .body(html! {
            (parts::emergency(lang, &numbers))
            (parts::error_summary(lang, checked))
            (form)
        })
        .aside(parts::next_steps(words::report_after(lang), &steps))
}

fn what(city: &City, draft: &Draft, lang: Lang, numbers: &[(String, kernel::Both)]) -> Markup {
    let feedback = Feedback::of(&city.pack);
    let today = city.today();
    let chosen = draft.category.raw.as_str();
    let wrong = draft.category.error.is_some() || draft.text.error.is_some();
    let urgent = feedback.category(chosen).is_some_and(|category| category.emergency);
    parts::question(
        1,
        words::report_step_what(lang),
        None,
        wrong,
        html! {
            fieldset.field.bad[draft.category.error.is_some()] aria-describedby=[draft.category.error.as_ref().map(|_| "category-error")] {
                legend.vh { (words::report_category(lang)) }
                @if let Some(error) = &draft.category.error { p.wrong #category-error { (icon("circle-alert")) span { (error) } } }
                div.kinds #category tabindex="-1" {
                    @for field in &feedback.fields {
                        @let all: Vec<_> = feedback.of_field(&field.key, today).collect();
                        @if !all.is_empty() {
                            details.kind open[all.iter().any(|category| category.key == chosen)] {
                                summary { (icon(&field.icon)) span { (field.name.get(lang)) } (icon("chevron-down")) }
                                div.tiles {
                                    @for category in all {
                                        label.tile.urgent[category.emergency] {
                                            input type="radio" name="category" value=(category.key) checked[category.key == chosen]
                                                data-urgent=[category.emergency.then_some("")] data-contact=[category.contact_required.then_some("")];
                                            span.tile-in { (icon(&category.icon)) span.tile-name { (category.name.get(lang)) } span.tile-tick {} }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            div data-when-urgent="" hidden[!urgent] {
                (parts::note(Tone::Late, "siren", html! {
                    p { (words::report_category_emergency(lang)) }
                    p.numbers-line { @for (number, name) in numbers { a href={ "tel:" (number) } { b { (number) } " " (name.get(lang)) } " " } }
                }))
            }
            (parts::Area::new(lang, &draft.text, words::report_text(lang)).hint(words::report_text_hint(lang)).rows(5).most(TEXT_MOST))
        },
    )
}

fn place(city: &City, visit: &Visit, draft: &Draft) -> Markup {
    let lang = visit.lang;
    let wrong = draft.address.error.is_some() || draft.ward.error.is_some();
    let small = View { width: SMALL.0, height: SMALL.1, ..draft.view };
    let label = words::report_map(lang);
    html! {
        div #where data-region="" {
            (parts::question(2, words::report_step_where(lang), None, wrong, html! {
                (Text::new(lang, &draft.address, words::report_address(lang)).hint(words::report_address_hint(lang)).autocomplete("street-address"))
                div.row.tools-row {
                    (Button::submit(words::report_address_find(lang)).icon("search").quiet().slim().named("go", "find"))
                    button.btn.quiet.slim type="submit" name="here" value="" data-here="" hidden { (icon("locate-fixed")) span { (words::report_here(lang)) } }
                }
                @if draft.here_failed { p.hint role="status" { (words::report_here_failed(lang)) } }
                @if let Some(found) = &draft.found { (suggestions(found, lang)) }
                input type="hidden" name="point" value=[draft.point.map(map::written)];
                input type="hidden" name="map" value=(draft.view.text());
                input type="hidden" name="guess" value=(draft.guess);
                figure.tap {
                    // Only the picture that fits is fetched: lazily with script, and without, when browsers fetch at once what they should
                    // put off, by what the window is wide. What is tapped lies clear above it.
                    @for (name, view, unfit) in [("tap-s", small, "(min-width: 40rem)"), ("tap-l", draft.view, "not all and (min-width: 40rem)")] {
                        div class=(name) {
                            picture {
                                source media=(unfit) srcset=(web::assets::CLEAR_SVG.path());
                                img loading="lazy" width=(view.width) height=(view.height) alt="" src=(map::src(view, draft.point, visit));
                            }
                            input type="image" name=(name) width=(view.width) height=(view.height) alt=(label) src=(web::assets::CLEAR_SVG.path());
                        }
                    }
                    figcaption {
                        span role="status" { @if draft.point.is_some() { (words::report_map_set(lang)) } @else { (words::report_map_none(lang)) } }
                        span.tap-moves {
                            @for (go, name, picture) in moves(lang) {
                                button.btn.quiet.slim.only-icon type="submit" name="go" value=(go) title=(name) { (icon(picture)) span.vh { (name) } }
                            }
                            @if draft.point.is_some() { button.btn.quiet.slim type="submit" name="go" value="clear" { (words::report_map_clear(lang)) } }
                        }
                    }
                }
                p.hint { (words::report_map_hint(lang)) }
                (Select::new(lang, &draft.ward, words::report_ward(lang), vec![(String::new(), words::report_ward_none(lang).to_owned())])
                    .hint(words::report_ward_hint(lang)).areas(city, lang))
            }))
        }
    }
}

fn moves(lang: Lang) -> [(&'static str, &'static str, &'static str); 6] {
    [
        ("in", words::report_map_in(lang), "zoom-in"),
        ("out", words::report_map_out(lang), "zoom-out"),
        ("north", words::report_map_north(lang), "arrow-up"),
        ("south", words::report_map_south(lang), "arrow-down"),
        ("west", words::report_map_west(lang), "arrow-left"),
        ("east", words::report_map_east(lang), "arrow-right"),
    ]
}

fn suggestions(found: &[Found], lang: Lang) -> Markup {
    if found.is_empty() {
        return html! { p.hint role="status" { (words::report_address_none(lang)) } };
    }
    html! {
        div.found role="group" aria-labelledby="found-title" {
            p #found-title { (words::report_address_found(lang)) }
            @for one in found {
                @let number = one.number.as_ref().map(|number| format!("{number} ")).unwrap_or_default();
                button.btn.quiet.slim type="submit" name="pick" value={ (map::written(one.point)) "|" (one.area) } {
                    (icon("map-pin")) span { (number) (one.name.get(lang)) @if let Some(area) = &one.area_name { small { " · " (area.get(lang)) } } }
                }
            }
        }
    }
}

/// The wards of today under their kinds.
trait Areas {
    fn areas(self, city: &City, lang: Lang) -> Self;
}

impl Areas for Select {
    fn areas(self, city: &City, lang: Lang) -> Self {
        let today = city.today();
        let mut select = self;
        for kind in [AreaKind::Ward, AreaKind::Commune, AreaKind::SpecialZone, AreaKind::Township] {
            let all = city.pack.areas.commune_units_on(today).filter(|area| area.kind == kind);
            let mut all: Vec<_> = all.map(|area| (area.key.clone(), area.name.get(lang).to_owned())).collect();
            all.sort_by_key(|(_, name)| fold(name));
            if !all.is_empty() {
                select = select.group(kind_name(kind, lang), all);
            }
        }
        select
    }
}

fn kind_name(kind: AreaKind, lang: Lang) -> &'static str {
    match kind {
        AreaKind::Ward => words::kind_ward(lang),
        AreaKind::Township => words::kind_township(lang),
        AreaKind::SpecialZone => words::kind_special_zone(lang),
        _ => words::kind_commune(lang),
    }
}

fn reach(draft: &Draft, lang: Lang) -> Markup {
    let required = draft.category.value.as_ref().is_some_and(|category| category.contact_required);
    let wrong = draft.name.error.is_some() || draft.phone.error.is_some() || draft.email.error.is_some();
    parts::question(
        4,
        words::report_step_contact(lang),
        (!required).then_some(lang),
        wrong,
        html! {
            p.hint data-when-contact="no" hidden[required] { (words::report_contact_lead(lang)) }
            p.hint data-when-contact="yes" hidden[!required] { (words::report_contact_lead_required(lang)) }
            div.two {
                (Text::new(lang, &draft.phone, words::report_phone(lang)).kind("tel").autocomplete("tel"))
                (Text::new(lang, &draft.email, words::report_email(lang)).kind("email").autocomplete("email"))
            }
            (Text::new(lang, &draft.name, words::report_name(lang)).autocomplete("name"))
            (parts::note(Tone::Plain, "lock", html! { p { (words::report_private_note(lang)) } }))
        },
    )
}

/// The sentence for a refusal that the form could not foresee.
#[must_use]
pub fn sentence(refusal: &Refusal, lang: Lang) -> String {
    web::Says::text(refusal, lang)
}
