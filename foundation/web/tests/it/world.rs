//! A house with one door of each kind, on the sample city, and somebody who knocks.

use access::Permission;
use axum::{
    Json, Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use kernel::Private;
use serde::{Deserialize, Serialize};
use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
};
use tower::ServiceExt;
use web::{
    ApiResult, Checked, City, Door, Doors, Form, Input, Keyed, Limits, Opening, Page, PageResult, Pass, Settings, Trouble, Visit,
    html, parts, see,
};

pub const READ: Permission = Permission("report.read");
pub const MANAGE: Permission = Permission("official.manage");
pub const PASSWORD: &str = "con trâu ăn cỏ non";

pub struct World {
    pub app: Router,
    pub list: Vec<Door>,
    pub city: City,
    pub db: db::test::TestDb,
}

/// What came back, read to the end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn cookies(&self) -> Vec<String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let at = text.find(&format!("name=\"{name}\" value=\"")).expect("the field is on the page");
        text[at..].split('"').nth(3).unwrap().to_owned()
    }
}

fn pack() -> Arc<pack::City> {
    static PACK: OnceLock<Arc<pack::City>> = OnceLock::new();
    PACK.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/sample");
        Arc::new(pack::load(&folder).unwrap_or_else(|complaints| panic!("{}", pack::render(&complaints))))
    })
    .clone()
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    text: String,
}

#[derive(Serialize, schemars::JsonSchema)]
pub struct Told {
    said: String,
}

async fn home(visit: Visit) -> PageResult {
    Ok(Page::new("Trang chủ").body(html! { p { "Chào " (visit.lang.tag()) } p { (" rất dài".repeat(400)) } }))
}

async fn form(visit: Visit) -> PageResult {
    Ok(draw(&visit, &Form::default(), &Checked::default()))
}

fn draw(visit: &Visit, form: &Form, checked: &Checked) -> Page {
    let text = form.short("text", 20);
    let body = html! {
        (parts::error_summary(visit.lang, checked))
        (parts::PostForm::new(visit, "/form").key(form.raw("key")).upload().body(html! {
            (parts::Area::new(visit.lang, &text, "Nội dung"))
            (parts::Picker::new(visit.lang, &form.pictures("photos", 2), "Ảnh", 2, |hash| Some(format!("/photo/{hash}"))))
            (parts::Button::submit("Gửi"))
        }))
    };
    Page::new("Biểu mẫu").wrong(checked.mistakes()).body(body)
}

async fn send(visit: Visit, form: Form) -> PageResult {
    let text = form.short("text", 20);
    let photos = form.pictures("photos", 2);
    let checked = Checked::new(&[&text, &photos]);
    if checked.mistakes() > 0 || form.raw("text").is_empty() {
        return Ok(draw(&visit, &form, &checked).wrong(checked.mistakes().max(1)));
    }
    form.key()?;
    Ok(see("/").saying(format!("Đã nhận <b>{}</b> với {} ảnh.", text.take()?, photos.kept.len())))
}

async fn desk(visit: Visit, by: access::Official) -> PageResult {
    Ok(Page::new(by.name.clone()).desk().body(html! { (visit.path) }))
}

async fn breaks(visit: Visit) -> PageResult {
    match visit.query.raw("how") {
        "panic" => panic!("bí mật của {}", visit.query.raw("who")),
        "full" => Err(db::Error::Full.into()),
        "slow" => {
            tokio::time::sleep(std::time::Duration::from_secs(3_600)).await;
            Err(Trouble::NotFound)
        }
        _ => Err(Trouble::fault("bí mật của kho")),
    }
}

async fn say(Input(asked): Input<Asked>) -> ApiResult<Told> {
    Ok(Json(Told { said: asked.text }))
}

async fn once(Keyed(key): Keyed, Input(asked): Input<Asked>) -> ApiResult<Told> {
    Ok(Json(Told { said: format!("{} {}", key.as_str(), asked.text) }))
}

async fn kept() -> ApiResult<Told> {
    Ok(Json(Told { said: "chào".repeat(300) }))
}

async fn leave() -> PageResult {
    Ok(see("https://evil.example/"))
}

fn doors() -> Doors {
    let quick = Limits { seconds: 1, ..Limits::PAGE };
    Doors::new()
        .get("/", Pass::Anyone, Limits::PAGE, "Home.", home)
        .get("/open", Pass::Anyone, Limits::PAGE, "For everybody alike.", home)
        .public(60)
        .get("/form", Pass::Anyone, Limits::PAGE, "A form.", form)
        .post("/form", Pass::Anyone, Limits::UPLOAD.bytes(300_000), "The form is sent.", send)
        .takes(&["key", "text", "photos", "kept-photos", "drop-photos"])
        .get("/desk", Pass::SignedIn, Limits::PAGE, "The desk.", desk)
        .get("/desk/reports", Pass::May(READ), Limits::PAGE, "The queue.", desk)
        .get("/desk/people", Pass::May(MANAGE), Limits::PAGE, "The officials.", desk)
        .post("/desk/do", Pass::May(READ), Limits::FORM, "Something is done.", desk)
        .get("/breaks", Pass::Anyone, quick, "Breaks.", breaks)
        .takes(&["how", "who"])
        .get("/help", Pass::Anyone, Limits::PAGE.uncounted("help"), "Calls for help.", home)
        .get("/f/{token}", Pass::Anyone, Limits::PAGE, "What a link opens.", home)
        .get("/leave", Pass::Anyone, Limits::PAGE, "Tries to lead away.", leave)
        .get("/sign-in", Pass::Anyone, Limits::PAGE.counted("few", 3), "Counted.", home)
        .get("/api/v1/kept", Pass::Anyone, Limits::API, "An answer for everybody.", kept)
        .json::<(), Told>()
        .public(30)
        .post("/api/v1/say", Pass::Anyone, Limits::API, "Says it again.", say)
        .json::<Asked, Told>()
        .post("/api/v1/once", Pass::Anyone, Limits::API, "Says it once.", once)
        .json::<Asked, Told>()
        .keyed()
}

impl World {
    pub fn open(settings: Settings) -> Self {
        let db = db::test::sqlite(&[access::MIGRATIONS]);
        let pack = pack();
        let files = std::env::temp_dir().join(format!("songhan-web-{}-{}", std::process::id(), kernel::Key::random().as_str()));
        let clock: Arc<dyn kernel::Clock> = db.clock.clone();
        let city = City::new(Opening {
            access: access::Access::new(db.db(), clock.clone(), access::Charter::of(&pack), access::Settings::default()),
            places: Arc::new(places::Places::new(&pack)),
            files: files::Store::open(files, pictures::Workshop::here(), clock.clone()).unwrap(),
            keys: Arc::new(cases::Keys::for_tests()),
            settings,
            db: db.db(),
            pack,
            clock,
        });
        let (app, list) = doors().open(&city);
        Self { app, list, city, db }
    }

    pub fn plain() -> Self {
        Self::open(Settings::default())
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response: Response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, bytes: body.collect().await.unwrap().to_bytes().to_vec() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, &[]).body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(request(Method::GET, path, headers).body(Body::empty()).unwrap()).await
    }

    /// The cookie of an official of the sample city who has signed in.
    pub async fn signed_in(&self, role: &str, unit: &str) -> String {
        let new = access::people::NewOfficial {
            sign_in: format!("{role}.hoa"),
            name: "Trần Thị Hoa".to_owned(),
            role: role.to_owned(),
            unit: unit.to_owned(),
            password: access::password::hash(&Private::new(PASSWORD.to_owned())),
            one_time: false,
        };
        let (by, charter) = (access::people::By::CommandLine("official add"), access::Charter::of(&self.city.pack));
        self.db.write(db::Lane::Duty, move |tx| access::people::add(tx, &charter, &by, &new)).await.unwrap();
        let attempt = access::Attempt {
            sign_in: format!("{role}.hoa"),
            password: Private::new(PASSWORD.to_owned()),
            address: None,
            device: String::new(),
            replaces: None,
        };
        let session = self.city.access.sign_in(attempt).await.unwrap();
        format!("{}={}", access::cookie_name(false), session.token.reveal())
    }
}

pub fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> axum::http::request::Builder {
    let peer: SocketAddr = "10.1.2.3:4567".parse().unwrap();
    let mut builder = Request::builder().method(method).uri(path).header("host", "songhan.test").extension(ConnectInfo(peer));
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
}

pub const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
