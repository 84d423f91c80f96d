//! Every act there is, one for each door that takes something, ready to be done to a case or an account of its own. Tests that try them all
//! ask here; a new door without an act fails them with a sentence.

use crate::world::{ANSWER, SQUARE, Who, World};
use axum::http::Method;
use kernel::Key;
use testkit::{Answer, Person, WebForm};

/// An act, as it stands in a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Report,
    Api,
    Word,
    Take,
    Forward,
    Draft,
    Publish,
    Archive,
    Contact,
    SignIn,
    SignOut,
    EndSession,
    Password,
    Add,
    Close,
}

/// All of them.
const ALL: [Act; 15] = [
    Act::Report,
    Act::Api,
    Act::Word,
    Act::Take,
    Act::Forward,
    Act::Draft,
    Act::Publish,
    Act::Archive,
    Act::Contact,
    Act::SignIn,
    Act::SignOut,
    Act::EndSession,
    Act::Password,
    Act::Add,
    Act::Close,
];

impl Act {
    pub const fn door(self) -> &'static str {
        match self {
            Self::Report => "/report",
            Self::Api => "/api/v1/reports",
            Self::Word => "/f/{token}",
            Self::Take => "/desk/reports/{code}/take",
            Self::Forward => "/desk/reports/{code}/forward",
            Self::Draft => "/desk/reports/{code}/answer",
            Self::Publish => "/desk/reports/{code}/publish",
            Self::Archive => "/desk/reports/{code}/archive",
            Self::Contact => "/desk/reports/{code}/contact",
            Self::SignIn => "/sign-in",
            Self::SignOut => "/sign-out",
            Self::EndSession => "/desk/me/sessions/end",
            Self::Password => "/desk/me/password",
            Self::Add => "/desk/people/add",
            Self::Close => "/desk/people/of/{sign_in}",
        }
    }

    /// The journal that tells of it: that of the case, of accounts, of looks. A session is its own row and no more.
    pub const fn journal(self) -> Option<&'static str> {
        match self {
            Self::Contact => Some("access_looks"),
            Self::Password | Self::Add | Self::Close => Some("access_acts"),
            Self::SignIn | Self::SignOut | Self::EndSession => None,
            _ => Some("case_history"),
        }
    }
}

/// Every act, after a look that no door is without one.
pub fn acts(world: &World) -> [Act; 15] {
    let doors = world.city.doors.iter().filter(|door| door.method == Method::POST);
    let without: Vec<&str> = doors.map(|door| door.path).filter(|path| !ALL.iter().any(|act| act.door() == *path)).collect();
    assert!(without.is_empty(), "nobody knows how to act at {without:?}: say it in acts.rs");
    ALL
}

/// An act with everything standing where it can be done, as often as one likes.
#[derive(Clone)]
pub struct Ready {
    /// The form that does it; none where a program calls the API.
    form: Option<WebForm>,
    program: Person,
    key: Key,
}

/// Makes an act ready. Each turn has its own number.
pub async fn ready(world: &World, act: Act, turn: usize) -> Ready {
    let program = world.person(Who::Stranger).clone();
    Ready { form: form_of(world, act, turn).await, program, key: Key::random() }
}

async fn form_of(world: &World, act: Act, turn: usize) -> Option<WebForm> {
    // A browser of its own each time: the same words from the same one would be the same report.
    let (lan, hoa, an) = (&world.city.lan(), world.person(Who::Dispatcher), world.person(Who::Administrator));
    let name: &'static str = format!("moi-{turn}").leak();
    Some(match act {
        Act::Report => written(lan).await,
        Act::Api => return None,
        Act::SignIn => {
            let form = world.city.stranger().form("/sign-in", "/sign-in").await;
            form.fill("sign_in", "tuan").fill("password", testkit::PASSWORD)
        }
        Act::SignOut => world.city.tuan().await.form("/desk/me", "/sign-out").await,
        Act::EndSession => {
            let (_, here) = (world.city.tuan().await, world.city.tuan().await);
            here.form("/desk/me", "/desk/me/sessions/end").await
        }
        Act::Password => {
            let new = "chiếc cầu gỗ bắc qua suối";
            let form = hired(world, name).await.form("/desk/me/password", "/desk/me/password").await;
            form.fill("old", testkit::PASSWORD).fill("new", new).fill("again", new)
        }
        Act::Add => {
            let form = an.form("/desk/people/add", "/desk/people/add").await.fill("name", "Cao Thị Mới").fill("sign_in", name);
            form.fill("role", "officer").fill("unit", "roads-department").fill("own", testkit::PASSWORD)
        }
        Act::Close => {
            hired(world, name).await;
            let one = format!("/desk/people/of/{name}");
            an.form(&one, &one).await.force("act", "close").fill("own", testkit::PASSWORD)
        }
        _ => {
            let thing = crate::world::thing(&written(lan).await.send().await);
            let (desk, link) = (format!("/desk/reports/{}", thing.code), format!("/f/{}", thing.token));
            match act {
                Act::Word => lan.form(&link, &link).await.fill("word", "Vẫn còn nguyên."),
                Act::Take => hoa.form(&desk, &format!("{desk}/take")).await,
                Act::Forward => hoa.form(&desk, &format!("{desk}/forward")).await.fill("unit", "lighting-company"),
                Act::Draft => hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", ANSWER),
                Act::Archive => hoa.form(&desk, &format!("{desk}/archive")).await.fill("reason", "Trùng."),
                Act::Contact => hoa.form(&desk, &format!("{desk}/contact")).await.fill("purpose", "Gọi lại."),
                _ => {
                    let form = hoa.form(&desk, &format!("{desk}/answer")).await.fill("answer", ANSWER);
                    form.press("go", "publish").send().await.form(&format!("{desk}/publish"))
                }
            }
        }
    })
}

async fn hired(world: &World, sign_in: &'static str) -> Person {
    world.city.official(sign_in, "Cao Thị Mới", "officer", "roads-department").await
}

async fn written(person: &Person) -> WebForm {
    let form = person.form("/report", "/report").await;
    let form = form.fill("category", "pothole").fill("text", "Ổ gà sâu giữa đường, nước đọng.").force("point", SQUARE);
    let form = form.fill("ward", "hoa-binh").fill("phone", "0905 123 456");
    form.file("photos", "anh.jpg", testkit::photo(9)).press("go", "send")
}

impl Ready {
    /// Does it, and follows nowhere.
    pub async fn does(self) -> Answer {
        match self.form {
            Some(form) => form.send_only().await,
            None => {
                let mut body = crate::world::json("/api/v1/reports");
                body["contact"] = serde_json::json!({ "phone": "0905123456" });
                self.program.calls("/api/v1/reports", Some(self.key.as_str()), &body).await
            }
        }
    }
}
