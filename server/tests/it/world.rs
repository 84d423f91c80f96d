//! The house with one thing of each kind in it, and everybody who may come to a door. The tests of access, privacy and bad input share it.
//!
//! Start at [`World`]. What stands for a parameter of a path is said once, in [`Thing::value`]; what a form's field takes, in [`value`]. A
//! new door with a new parameter or field fails with a sentence until it is said here.

use axum::body::Body;
use axum::http::{Method, Request};
use kernel::{Key, Token};
use manifest::Capability;
use testkit::{Answer, Page, Person, TestCity, photo, tags};
use web::Door;

/// The whole house, its doors of health with it.
pub fn house() -> Vec<Capability> {
    let mut all = songhan::capabilities::all();
    all.push(Capability::new("health").doors(songhan::health_doors(songhan::Alarm::default())));
    all
}

/// In the middle of Sao Mai, far from every border: the ward Hòa Bình.
pub const SQUARE: &str = "12.021500,110.513000";
/// An answer that is long enough.
pub const ANSWER: &str = "Đội duy tu đã xử lý xong lúc 10 giờ sáng nay, đi lại được bình thường.";
/// A version that no case has: an act that is allowed meets a refusal, and nothing changes.
pub const NO_VERSION: &str = "4000000";

/// Who may come to a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Stranger,
    HolderA,
    HolderB,
    OfficerX,
    OfficerY,
    Head,
    Dispatcher,
    CallAgent,
    Auditor,
    Administrator,
}

impl Who {
    pub const ALL: [Self; 10] = [
        Self::Stranger,
        Self::HolderA,
        Self::HolderB,
        Self::OfficerX,
        Self::OfficerY,
        Self::Head,
        Self::Dispatcher,
        Self::CallAgent,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The head of a column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::HolderA => "link A",
            Self::HolderB => "link B",
            Self::OfficerX => "officer X",
            Self::OfficerY => "officer Y",
            Self::Head => "head of X",
            Self::Dispatcher => "dispatch",
            Self::CallAgent => "call",
            Self::Auditor => "auditor",
            Self::Administrator => "admin",
        }
    }

    /// Whether nobody knows this person.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Stranger | Self::HolderA | Self::HolderB)
    }
}

/// What stands for the parameters of a path.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    pub code: String,
    pub token: String,
    pub hash: String,
    pub sign_in: String,
    pub asset: String,
}

impl Thing {
    fn value(&self, parameter: &str, path: &str) -> &str {
        match parameter {
            "code" => &self.code,
            "token" => &self.token,
            "hash" => &self.hash,
            "sign_in" => &self.sign_in,
            "name" => &self.asset,
            other => panic!("the door {path} has a parameter {{{other}}}: say in world.rs, `Thing`, what stands for it"),
        }
    }

    /// The path with its parameters filled in; `None` when this thing has nothing for one of them.
    pub fn fill(&self, path: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').expect("a parameter ends");
            let value = self.value(name, path);
            if value.is_empty() {
                return None;
            }
            out.push_str(before);
            out.push_str(value);
            rest = behind;
        }
        Some(out + rest)
    }
}

/// What a form's field takes when nothing is wrong with it. Passwords stay empty: the form comes back, and nobody is locked out.
pub fn value(field: &str) -> String {
    match field {
        "token" | "kept-photos" | "drop-photos" | "photos" | "pick" | "here" | "photo" | "map" | "guess" => String::new(),
        "tap-s.x" | "tap-s.y" | "tap-l.x" | "tap-l.y" | "size" | "pin" | "light" => String::new(),
        "key" => Key::random().as_str().to_owned(),
        "version" => NO_VERSION.to_owned(),
        "category" => "pothole".to_owned(),
        "text" => "Ổ gà sâu trước số 12 Lê Lợi, tối qua có người ngã xe.".to_owned(),
        "address" => "12 Lê Lợi".to_owned(),
        "point" => SQUARE.to_owned(),
        "ward" => "hoa-binh".to_owned(),
        "go" => "send".to_owned(),
        "word" => "Sáng nay vẫn còn nguyên.".to_owned(),
        "purpose" => "Gọi lại hỏi vị trí.".to_owned(),
        "unit" => "lighting-company".to_owned(),
        "due" | "next" | "q" | "area" | "state" | "before" | "after" | "code" | "case" | "lang" | "theme" | "frame" => {
            String::new()
        }
        "note" => "Nhờ xem giúp.".to_owned(),
        "answer" => ANSWER.to_owned(),
        "show-text" | "show-address" => "on".to_owned(),
        "reason" => "Trùng với phản ánh trước.".to_owned(),
        "name" => "Người Mới".to_owned(),
        "phone" => "0905 111 222".to_owned(),
        "email" => "moi@example.vn".to_owned(),
        "sign_in" => "nguoi-moi".to_owned(),
        "password" | "old" | "new" | "again" | "own" => String::new(),
        "session" => "1".to_owned(),
        "act" => "close".to_owned(),
        "role" => "officer".to_owned(),
        other => panic!("a form has a field `{other}`: say in world.rs, `value`, what it takes"),
    }
}

/// A sound JSON body of an API's door.
pub fn json(path: &str) -> serde_json::Value {
    match path {
        "/api/v1/reports" => serde_json::json!({
            "description": "Ổ gà sâu trước số 12 Lê Lợi, tối qua có người ngã xe.",
            "category": "pothole", "lat": 12.0215, "long": 110.513, "address": "12 Lê Lợi",
        }),
        other => panic!("the API takes something at {other}: say in world.rs, `json`, what is sound there"),
    }
}

/// The house, its people and its things.
pub struct World {
    pub city: TestCity,
    people: Vec<(Who, Person)>,
    /// A report with the roads department (officer X), not answered.
    pub a: Thing,
    /// A report with the drainage company (officer Y), not answered.
    pub b: Thing,
    /// A published report of the roads department, its photo ticked.
    pub published: Thing,
    /// A report about an official: confidential.
    pub confidential: Thing,
    /// What does not exist.
    pub none: Thing,
}

impl World {
    /// Fills a city.
    pub async fn of(city: TestCity) -> Self {
        let (lan, minh) = (city.lan(), city.minh());
        let mut a = reports(&lan, "pothole", "Ổ gà sâu giữa đường, nước đọng.", 1).await;
        let mut b = reports(&minh, "drain", "Cống tắc, nước tràn lên vỉa hè.", 2).await;
        let published = reports(&lan, "pothole", "Ổ gà trước chợ đã lâu chưa vá.", 3).await;
        let confidential = reports(&lan, "conduct", "Cán bộ một cửa nói năng khó nghe.", 4).await;
        let people = vec![
            (Who::Stranger, city.stranger()),
            (Who::HolderA, lan),
            (Who::HolderB, minh),
            (Who::OfficerX, city.tuan().await),
            (Who::OfficerY, city.ngoc().await),
            (Who::Head, city.dung().await),
            (Who::Dispatcher, city.hoa().await),
            (Who::CallAgent, city.thu().await),
            (Who::Auditor, city.vinh().await),
            (Who::Administrator, city.an().await),
        ];
        a.sign_in = "tuan".to_owned();
        b.sign_in = "ngoc".to_owned();
        a.asset = web::assets::SONGHAN_CSS.path().trim_start_matches("/a/").to_owned();
        let none = Thing {
            code: "PA-26-999999".to_owned(),
            token: Token::random().reveal().to_owned(),
            hash: files::Hash::of(b"no such photo").as_str().to_owned(),
            sign_in: "khong-ai".to_owned(),
            asset: "nothing.css".to_owned(),
        };
        let world = Self { city, people, a, b, published, confidential, none };
        world.answers(&world.published).await;
        for (_, person) in &world.people {
            // Everybody has a secret for forms, as after a first page.
            person.sees("/report").await;
        }
        world
    }

    async fn answers(&self, thing: &Thing) {
        let desk = format!("/desk/reports/{}", thing.code);
        let form = self.person(Who::OfficerX).form(&desk, &format!("{desk}/answer")).await;
        let preview = form.fill("answer", ANSWER).press("go", "publish").send().await;
        let form = preview.form(&format!("{desk}/publish")).and("photo", &thing.hash);
        form.send().await.is(200);
    }

    /// Somebody.
    pub fn person(&self, who: Who) -> &Person {
        &self.people.iter().find(|(one, _)| *one == who).expect("everybody is there").1
    }

    /// The places of a door: one for each object that it can be tried on, with its label.
    pub fn places(&self, path: &str) -> Vec<(&'static str, String)> {
        if !path.contains('{') {
            return vec![("", path.to_owned())];
        }
        let crossed = Thing { hash: self.b.hash.clone(), ..self.a.clone() };
        let mut all = vec![
            ("A", &self.a),
            ("B", &self.b),
            ("published", &self.published),
            ("confidential", &self.confidential),
            ("none", &self.none),
        ];
        if path.matches('{').count() > 1 {
            all.push(("A with B's", &crossed));
        }
        all.into_iter().filter_map(|(label, thing)| Some((label, thing.fill(path)?))).collect()
    }

    /// Sends what is sound at a door: a page is opened, a form sent with a good token, JSON called with a fresh key.
    pub async fn tries(&self, who: Who, door: &Door, place: &str) -> Answer {
        let person = self.person(who);
        if door.method == Method::GET {
            return person.gets(place).await;
        }
        if door.is_api() {
            return person.calls(place, Some(Key::random().as_str()), &json(door.path)).await;
        }
        let mut pairs: Vec<(&str, String)> = door.fields.iter().map(|field| (field.as_str(), value(field))).collect();
        for hidden in ["key", "version"] {
            if !door.fields.iter().any(|field| field == hidden) {
                pairs.push((hidden, value(hidden)));
            }
        }
        pairs.retain(|(name, value)| *name != "token" && !value.is_empty());
        pairs.push(("token", token(person).await));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        person.posts(place, &pairs).await
    }

    /// Signs somebody in again whose session a door has ended.
    pub async fn come_back(&mut self, who: Who) {
        let person = match who {
            Who::OfficerX => self.city.tuan().await,
            Who::OfficerY => self.city.ngoc().await,
            Who::Head => self.city.dung().await,
            Who::Dispatcher => self.city.hoa().await,
            Who::CallAgent => self.city.thu().await,
            Who::Auditor => self.city.vinh().await,
            Who::Administrator => self.city.an().await,
            Who::Stranger | Who::HolderA | Who::HolderB => return,
        };
        for (one, kept) in &mut self.people {
            if *one == who {
                *kept = person.clone();
            }
        }
    }
}

/// A token for a form in somebody's browser.
pub async fn token(person: &Person) -> String {
    let page = person.sees("/report").await;
    page.form("/report").value("token").expect("a form has a token").to_owned()
}

/// A resident reports, with a photo; without a contact, but where a category asks for one.
pub async fn reports(person: &Person, category: &str, text: &str, n: u32) -> Thing {
    let form = person.form("/report", "/report").await;
    let form = form.fill("category", category).fill("text", text).force("point", SQUARE).fill("ward", "hoa-binh");
    let page = form.file("photos", "anh.jpg", photo(n)).press("go", "send").send().await;
    page.is(200).shows("Đã nhận phản ánh");
    thing(&page)
}

/// What a private page is about.
pub fn thing(page: &Page) -> Thing {
    let token = page.path.trim_start_matches("/f/").split('?').next().unwrap_or_default().to_owned();
    let words = page.words();
    let code = words.split_whitespace().find(|word| word.starts_with("PA-") && word.len() >= 8);
    let code = code.unwrap_or_else(|| panic!("no code on the page:\n{words}")).to_owned();
    let photos = tags(&page.text()).into_iter().filter(|tag| tag.name == "img");
    let hash = photos.filter_map(|tag| Some(tag.get("src")?.split_once("/photo/")?.1.to_owned())).next();
    Thing { code, token, hash: hash.unwrap_or_default(), ..Thing::default() }
}

/// A request, byte by byte.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body.into()).unwrap_or_else(|e| panic!("{method} {path}: {e}"))
}

/// The words of a form.
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
/// What a browser says of a form on our own page.
pub const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");
