//! A small city: a committee, a department with a team, a company; four roles.

use access::{Access, Attempt, Charter, Reach, Role, Settings, SignedIn};
use db::Lane;
use jiff::tz::TimeZone;
use kernel::Private;
use std::collections::BTreeMap;

pub fn roles() -> BTreeMap<String, Role> {
    let role = |reach, permissions: &[&str]| Role { reach, permissions: permissions.iter().map(ToString::to_string).collect() };
    BTreeMap::from([
        ("administrator".to_owned(), role(Reach::City, &["official.read", "official.manage", "looks.read"])),
        ("dispatcher".to_owned(), role(Reach::City, &["report.read", "report.forward"])),
        ("officer".to_owned(), role(Reach::Unit, &["report.read", "report.answer"])),
        ("head".to_owned(), role(Reach::Descendants, &["report.read", "report.approve", "official.manage"])),
    ])
}

pub fn charter() -> Charter {
    let units = [("committee", None), ("roads", Some("committee")), ("roads-team", Some("roads")), ("drains", Some("committee"))];
    let parents = units.iter().map(|(unit, parent)| ((*unit).to_owned(), parent.map(str::to_owned))).collect();
    Charter::new("v1".to_owned(), TimeZone::get("Asia/Ho_Chi_Minh").unwrap(), roles(), parents)
}

pub const PASSWORD: &str = "con trâu ăn cỏ";

pub fn private(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

/// A city with an administrator `tran.hoa`, an officer `tuan` in the roads team, and a head `minh` of the roads department.
pub struct World {
    pub access: Access,
    pub db: db::test::TestDb,
}

impl World {
    pub async fn open(db: db::test::TestDb, settings: Settings) -> Self {
        let access = Access::new(db.db(), db.clock.clone(), charter(), settings);
        let world = Self { access, db };
        for (sign_in, name, role, unit) in [
            ("tran.hoa", "Trần Thị Hoa", "administrator", "committee"),
            ("tuan", "Lê Anh Tuấn", "officer", "roads-team"),
            ("minh", "Phạm Văn Minh", "head", "roads"),
            ("bao", "Võ Quốc Bảo", "dispatcher", "committee"),
        ] {
            world.add(sign_in, name, role, unit).await;
        }
        world
    }

    pub async fn add(&self, sign_in: &str, name: &str, role: &str, unit: &str) {
        let new = access::people::NewOfficial {
            sign_in: sign_in.to_owned(),
            name: name.to_owned(),
            role: role.to_owned(),
            unit: unit.to_owned(),
            password: access::password::hash(&private(PASSWORD)),
            one_time: false,
        };
        let by = access::people::By::CommandLine("official add");
        self.db.write(Lane::Duty, move |tx| access::people::add(tx, &charter(), &by, &new)).await.expect("the person is added");
    }

    pub async fn try_from(&self, sign_in: &str, password: &str, address: Option<&str>) -> Result<SignedIn, access::Refusal> {
        let address = address.map(|text| text.parse().unwrap());
        let attempt = Attempt {
            sign_in: sign_in.to_owned(),
            password: private(password),
            address,
            device: "Mozilla/5.0 (Linux; Android 10) Chrome/80.0".to_owned(),
            replaces: None,
        };
        self.access.sign_in(attempt).await
    }

    pub async fn sign_in(&self, sign_in: &str) -> SignedIn {
        self.try_from(sign_in, PASSWORD, None).await.expect("she signs in")
    }

    pub async fn lives(&self, session: &SignedIn) -> bool {
        self.access.caller(session.token.reveal()).await.expect("the store answers").is_some()
    }
}
