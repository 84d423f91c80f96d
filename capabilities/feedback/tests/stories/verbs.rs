//! What residents and officials do with reports, as verbs of the test's people.

use manifest::Capability;
use testkit::{Page, Person, TestCity, WebForm};

/// The house of these stories.
pub fn house() -> Vec<Capability> {
    vec![feedback::capability()]
}

/// In the middle of Sao Mai, far from every border: the ward Hòa Bình.
pub const SQUARE: &str = "12.021500,110.513000";

/// A report in the making.
pub struct Sending(pub WebForm);

impl Sending {
    /// A resident opens the form and says what and where.
    pub async fn open(person: &Person, category: &str, text: &str) -> Self {
        let form = person.form("/report", "/report").await;
        Self(form.fill("category", category).fill("text", text).force("point", SQUARE).fill("ward", "hoa-binh"))
    }

    /// With a telephone number.
    pub fn phone(self, number: &str) -> Self {
        Self(self.0.fill("phone", number))
    }

    /// Sends it; gives the private page.
    pub async fn send(self) -> Page {
        self.0.press("go", "send").send().await
    }
}

/// A resident reports; gives the code and the path of the private page.
pub async fn reports(person: &Person, category: &str, text: &str) -> (String, String) {
    let page = Sending::open(person, category, text).await.send().await;
    page.is(200).shows("Đã nhận phản ánh");
    (code_on(&page), page.path.clone())
}

/// Programs send so many reports of one category over the API.
pub async fn reports_many(city: &TestCity, category: &str, count: usize) {
    for n in 0..count {
        let body = serde_json::json!({
            "description": format!("Việc số {n} cần thành phố xem, trước số {n} đường Lê Lợi"),
            "category": category, "lat": 12.0215, "long": 110.513
        });
        let sender = city.stranger().at_address([198, 51, 100, u8::try_from(n).unwrap_or_default()]);
        let answer = sender.calls("/api/v1/reports", Some(&format!("{category}-{n:032}")), &body).await;
        assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text());
    }
}

/// The code that stands on a page.
pub fn code_on(page: &Page) -> String {
    let words = page.words();
    let found = words.split(|c: char| c.is_whitespace()).find(|word| word.starts_with("PA-") && word.len() >= 8);
    found.unwrap_or_else(|| panic!("no code on the page:\n{words}")).to_owned()
}

/// The page of a report on the desk.
pub fn desk(code: &str) -> String {
    format!("/desk/reports/{code}")
}

/// An official drafts an answer and goes on to publish it; gives the page after.
pub async fn answers(official: &Person, code: &str, text: &str) -> Page {
    let form = official.form(&desk(code), &format!("{}/answer", desk(code))).await;
    let preview = form.fill("answer", text).press("go", "publish").send().await;
    preview.is(200).shows(text);
    preview.form(&format!("{}/publish", desk(code))).send().await
}

/// The triage desk puts a report away, with the reason; gives the page after.
pub async fn puts_away(official: &Person, code: &str, why: &str) -> Page {
    official.form(&desk(code), &format!("{}/archive", desk(code))).await.fill("reason", why).send().await
}

/// The path of the private link that a message carries.
pub fn link_in(message: &notify::Shown) -> String {
    let text = message.text.as_ref().expect("its words are there").open();
    let at = text.find("/f/").unwrap_or_else(|| panic!("no private link in: {text}"));
    text[at..].chars().take_while(|c| !c.is_whitespace()).collect()
}

/// All codes in an official's queue, in order.
pub async fn queue(official: &Person) -> Vec<String> {
    let page = official.sees("/desk/reports").await;
    page.links().into_iter().filter_map(|(to, _)| to.strip_prefix("/desk/reports/").map(str::to_owned)).collect()
}

/// What everybody sees of a report over the API.
pub async fn api_state(city: &TestCity, code: &str) -> serde_json::Value {
    city.stranger().gets(&format!("/api/v1/reports/{code}")).await.json()
}
