//! Good input comes back as it was sent, and what people write in different ways is one (I4).
//!
//! What must come back is told by a table of Vietnamese letters, written by hand, and not by the code that is tried: a text is NFC, without
//! control letters and without those that turn its direction, its lines end in `\n`, and nothing blank is around it.

use crate::world::{ANSWER, SQUARE, Who, World, house};
use db::test::chance::{Dice, rounds, seeds};
use kernel::Key;
use proptest::prelude::*;
use testkit::{Page, Person, TestCity, both};

/// Vowels: base, the mark that makes it another vowel, and how the six tones stand on it.
const VOWELS: [(char, &str, &str); 12] = [
    ('a', "", "aáàảãạ"),
    ('a', "\u{306}", "ăắằẳẵặ"),
    ('a', "\u{302}", "âấầẩẫậ"),
    ('e', "", "eéèẻẽẹ"),
    ('e', "\u{302}", "êếềểễệ"),
    ('i', "", "iíìỉĩị"),
    ('o', "", "oóòỏõọ"),
    ('o', "\u{302}", "ôốồổỗộ"),
    ('o', "\u{31b}", "ơớờởỡợ"),
    ('u', "", "uúùủũụ"),
    ('u', "\u{31b}", "ưứừửữự"),
    ('y', "", "yýỳỷỹỵ"),
];
/// The tones as marks, in the same order.
const TONES: [&str; 6] = ["", "\u{301}", "\u{300}", "\u{309}", "\u{303}", "\u{323}"];
/// What else is typed, and what is kept of it.
const OTHERS: [(&str, &str); 30] = [
    ("đ", "đ"),
    ("Đ", "Đ"),
    (" ", " "),
    (" ", " "),
    (" ", " "),
    ("n", "n"),
    ("t", "t"),
    ("ng", "ng"),
    ("K5/12", "K5/12"),
    ("<b>", "<b>"),
    ("&amp;", "&amp;"),
    ("\"'", "\"'"),
    ("{code}", "{code}"),
    ("%41+", "%41+"),
    ("\\n", "\\n"),
    ("日本", "日本"),
    ("שלום", "שלום"),
    ("🧜🏽\u{200d}♀", "🧜🏽\u{200d}♀"),
    ("\u{212b}", "\u{c5}"),
    ("\u{2126}", "\u{3a9}"),
    ("\t", "\t"),
    ("\r\n", "\n"),
    ("\r", "\n"),
    ("\u{1}", ""),
    ("\u{1b}", ""),
    ("\u{7f}", ""),
    ("\u{85}", ""),
    ("\u{202e}", ""),
    ("\u{2067}", ""),
    ("\u{200f}", ""),
];

/// Each letter of a text apart from its marks: what an old telephone or a Mac sends.
fn apart(text: &str) -> String {
    let one = |c: char| {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let row = VOWELS.iter().find_map(|(base, mark, row)| Some((base, mark, row.chars().position(|one| one == lower)?)));
        row.map_or_else(
            || c.to_string(),
            |(base, mark, tone)| {
                let base = if c == lower { base.to_string() } else { base.to_uppercase().to_string() };
                format!("{base}{mark}{}", TONES[tone])
            },
        )
    };
    text.chars().map(one).collect()
}

/// A letter as it may be typed, and as it is kept.
fn letter(dice: &mut Dice) -> (String, String) {
    let (base, mark, row) = VOWELS[dice.below(VOWELS.len())];
    let (tone, large) = (dice.below(6), dice.below(5) == 0);
    let size = |c: char| if large { c.to_uppercase().collect() } else { c.to_string() };
    let (base, plain) = (size(base), size(row.chars().next().expect("a row has six")));
    let kept = size(row.chars().nth(tone).expect("a row has six"));
    let typed = match dice.below(4) {
        0 => kept.clone(),
        1 => format!("{base}{mark}{}", TONES[tone]),
        2 => format!("{plain}{}", TONES[tone]),
        // The dot below and the horn stand apart from the marks above: their order says nothing.
        _ if tone == 5 || mark == "\u{31b}" => format!("{base}{}{mark}", TONES[tone]),
        _ => kept.clone(),
    };
    (typed, kept)
}

/// A text as it is typed, and what must come back of it.
fn text(dice: &mut Dice) -> (String, String) {
    let (mut typed, mut kept) = (String::new(), String::new());
    for _ in 0..4 + dice.below(40) {
        let (one, other) = if dice.below(5) < 3 {
            letter(dice)
        } else {
            let (one, other) = OTHERS[dice.below(OTHERS.len())];
            (one.to_owned(), other.to_owned())
        };
        typed.push_str(&one);
        kept.push_str(&other);
    }
    (typed, kept.trim().to_owned())
}

/// As our pages write a text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Its lines stand on a page, one after another.
fn stands_on(page: &Page, kept: &str) {
    let html = page.text();
    let mut rest = html.as_str();
    for line in kept.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let at = rest.find(&escaped(line)).unwrap_or_else(|| panic!("{line:?} of {kept:?} is not on {}", page.path));
        rest = &rest[at + escaped(line).len()..];
    }
}

/// A report that is sent over the form.
async fn over_the_form(person: &Person, text: &str) -> Option<String> {
    let form = person.form("/report", "/report").await.fill("category", "pothole").force("point", SQUARE);
    let answer = form.fill("ward", "hoa-binh").force("text", text).press("go", "send").send_only().await;
    answer.leads_to()
}

fn in_json(text: &str) -> serde_json::Value {
    serde_json::json!({ "description": text, "category": "pothole", "lat": 12.0215, "long": 110.513 })
}

/// The same over the API: the private link without what stands before it.
async fn over_the_api(person: &Person, text: &str) -> Option<String> {
    let answer = person.calls("/api/v1/reports", Some(Key::random().as_str()), &in_json(text)).await;
    if answer.status != 200 {
        assert_eq!(answer.status, 422, "{text:?}: {}", answer.text());
        return None;
    }
    let follow = answer.json()["follow"].as_str().expect("a link").to_owned();
    follow.find("/f/").map(|at| follow[at..].to_owned())
}

/// The code that stands on a private page.
fn code_on(page: &Page) -> String {
    let words = page.words();
    let from = words.find("PA-").unwrap_or_else(|| panic!("no code on the page:\n{words}"));
    words[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

/// An official answers a report, and what was written in it is public.
async fn publishes(official: &Person, code: &str) {
    let desk = format!("/desk/reports/{code}");
    let form = official.form(&desk, &format!("{desk}/answer")).await;
    let preview = form.fill("answer", ANSWER).press("go", "publish").send().await;
    preview.form(&format!("{desk}/publish")).send().await.is(200);
}

#[tokio::test]
async fn any_text_comes_back_from_form_and_database_as_it_was_sent() {
    for seed in seeds(0x6b1d_0c52_9a3e_71f4, 4) {
        both(house, |city| any_text_comes_back(city, seed)).await;
    }
}

async fn any_text_comes_back(city: TestCity, seed: u64) {
    let mut dice = Dice::of(seed);
    let hoa = city.hoa().await;
    let texts = if city.db.is_sqlite() { rounds(400, 2_500) } else { rounds(100, 500) };
    let (mut taken, mut public) = (0, 0);
    for n in 0..texts {
        let (typed, kept) = text(&mut dice);
        let lan = city.lan();
        let to = if n % 2 == 0 { over_the_form(&lan, &typed).await } else { over_the_api(&lan, &typed).await };
        let long_enough = kept.chars().count() >= 10;
        assert_eq!(to.is_some(), long_enough, "{typed:?}, of which {kept:?} is kept");
        let Some(to) = to else { continue };
        taken += 1;
        let own = lan.sees(&to).await;
        stands_on(&own, &kept);
        if taken % 10 == 0 {
            let code = code_on(&own);
            publishes(&hoa, &code).await;
            let state = city.stranger().gets(&format!("/api/v1/reports/{code}")).await.json();
            assert_eq!(state["text"].as_str(), Some(kept.as_str()), "{typed:?} was sent as {code}");
            stands_on(&city.stranger().sees(&format!("/r/{code}")).await, &kept);
            public += 1;
        }
    }
    assert!(taken * 2 > texts && public > 4, "of {texts} texts {taken} were taken and {public} published");
}

/// Equal to its reader, other bytes on the way: the same letters, the same marks.
#[tokio::test]
async fn what_must_be_one_is_one_however_it_is_composed_and_two_words_stay_two() {
    const TEXT: &str = "Ổ gà trước chợ Hòa Bình đã lâu, xin sớm vá lại.";
    both(house, |city| async move {
        let world = World::of(city).await;
        // The same words from one browser on one day are one report; with another tone they are other words.
        let lan = world.city.lan();
        let first = over_the_form(&lan, TEXT).await.expect("it is taken");
        assert_ne!(TEXT, apart(TEXT));
        assert_eq!(over_the_form(&lan, &apart(TEXT)).await.as_ref(), Some(&first), "the same report, its marks apart");
        let other = over_the_form(&lan, &TEXT.replace("gà", "gã")).await.expect("it is taken");
        assert_ne!(other, first, "another tone is another word");
        // A key that comes again brings the same report, or another.
        let (program, key) = (world.city.stranger(), Key::random());
        let mut told = Vec::new();
        for (text, status) in [(TEXT.to_owned(), 200), (apart(TEXT), 200), (TEXT.replace("gà", "gã"), 409)] {
            let answer = program.calls("/api/v1/reports", Some(key.as_str()), &in_json(&text)).await;
            assert_eq!(answer.status, status, "{text:?}: {}", answer.text());
            told.extend((status == 200).then(|| answer.json()["code"].clone()));
        }
        assert_eq!(told[0], told[1]);
        // Names to sign in with: large and small letters are one, and a name with marks is none.
        let an = world.person(Who::Administrator);
        for (name, sign_in, status) in [
            (apart("Nguyễn Thị Hòa"), "hoa-nguyen", 200),
            ("Nguyễn Thị Hòa".to_owned(), "hoa-nguyen", 422),
            ("Nguyễn Thị Hòa".to_owned(), " HOA-Nguyen ", 422),
            ("Nguyễn Thị Hòa".to_owned(), "hòa-nguyen", 422),
            ("Nguyễn Thị Hòa".to_owned(), "ho\u{300}a-nguyen", 422),
            ("Nguyễn Thị Hòa".to_owned(), "hoa-nguyen2", 200),
        ] {
            let form = an.form("/desk/people/add", "/desk/people/add").await.fill("name", &name).fill("sign_in", sign_in);
            let form = form.fill("role", "officer").fill("unit", "roads-department").fill("own", testkit::PASSWORD);
            assert_eq!(form.send_only().await.status.as_u16(), status, "{name:?} as {sign_in:?}");
        }
        an.sees("/desk/people").await.shows("Nguyễn Thị Hòa").hides(&apart("Nguyễn Thị Hòa"));
        // A password, too, is the same with its marks apart, and another with another tone.
        for (password, comes_in) in [(apart(testkit::PASSWORD), true), (testkit::PASSWORD.replace("vịt", "vít"), false)] {
            let form = world.city.stranger().form("/sign-in", "/sign-in").await;
            let answer = form.fill("sign_in", "tuan").fill("password", &password).send_only().await;
            assert_eq!(answer.leads_to().is_some(), comes_in, "{password:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_word_is_found_in_whatever_form_it_was_typed_and_another_is_not() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let stranger = world.person(Who::Stranger);
        let link =
            over_the_form(&world.city.lan(), "Cống trước nhà văn hóa khu phố tắc đã hai tuần.").await.expect("it is taken");
        let culture = code_on(&stranger.sees(&link).await);
        publishes(world.person(Who::Dispatcher), &culture).await;
        let market = &world.published.code;
        // Composed, apart, without marks, in large letters, and with the tone where the old and where the new way puts it.
        for (code, other, forms) in [
            (market, &culture, ["chợ đã lâu", "CHỢ ĐÃ LÂU", "cho da lau", "chơ\u{323} đã lâu", "lâu  chợ"]),
            (&culture, market, ["nhà văn hóa", "nhà văn hoá", "NHÀ VĂN HOÁ", "nha van hoa", "ho\u{301}a văn nhà"]),
        ] {
            for typed in forms.iter().flat_map(|typed| [(*typed).to_owned(), apart(typed)]) {
                let query: String = typed.bytes().map(|b| format!("%{b:02X}")).collect();
                stranger.sees(&format!("/reports?q={query}")).await.shows(code).hides(other);
            }
        }
        for typed in ["nhà văn phòng", "đình đã lâu", "hóa đơn"] {
            let query: String = typed.bytes().map(|b| format!("%{b:02X}")).collect();
            stranger.sees(&format!("/reports?q={query}")).await.hides(market).hides(&culture);
        }
        // Places of the pack, found from the form.
        for (name, forms) in [
            ("Hải đăng Núi Đèn", &["ngọn hải đăng", "NGỌN HẢI ĐĂNG", "ngon hai dang"][..]),
            ("Trụ sở UBND thành phố", &["tòa thị chính", "toà thị chính", "toa thi chinh", "Tòa Thị Chính"]),
        ] {
            for typed in forms.iter().flat_map(|typed| [(*typed).to_owned(), apart(typed)]) {
                let form = stranger.form("/report", "/report").await.fill("address", &typed);
                form.press("go", "find").send().await.shows(name);
            }
        }
        let form = stranger.form("/report", "/report").await.fill("address", "ngọn hải sâm");
        form.press("go", "find").send().await.hides("Hải đăng Núi Đèn");
    })
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back(year in 1970_i16..9999, month in 1_i8..=12, day in 1_i8..=28, n in any::<u64>(), text in "\\PC{0,40}") {
        let date = jiff::civil::date(year, month, day);
        prop_assert_eq!(feedback::pages::forward::day(&kernel::format::day(date)), Some(date));
        let token = kernel::Token::parse(&kernel::secret::base32(&[n.to_be_bytes(), n.rotate_left(7).to_be_bytes()].concat()));
        prop_assert!(token.is_some_and(|token| kernel::Token::parse(token.reveal()).as_ref().map(kernel::Token::reveal) == Some(token.reveal())));
        if let Some(key) = Key::parse(&text) {
            prop_assert_eq!(Key::parse(key.as_str()), Some(key));
        }
        let clean = kernel::spelling::clean(&text);
        prop_assert_eq!(kernel::spelling::clean(&clean), clean.clone());
        prop_assert_eq!(kernel::spelling::fold(&kernel::spelling::fold(&text)), kernel::spelling::fold(&text));
        if let Ok(number) = notify::phone(&text) {
            prop_assert_eq!(notify::phone(number.open()).ok(), Some(number));
        }
    }

    #[test]
    fn a_point_and_a_telephone_are_read_as_they_are_written(lat in -90.0_f64..90.0, long in -180.0_f64..180.0, number in 100_000_000_u32..999_999_999) {
        let point = kernel::Point::new(lat, long).expect("within the world");
        let written = feedback::pages::map::written(point);
        let read = feedback::pages::map::point(&written).expect("it is a point");
        prop_assert!((read.lat - lat).abs() < 1e-6 && (read.long - long).abs() < 1e-6);
        prop_assert_eq!(feedback::pages::map::written(read), written);
        if let Ok(phone) = notify::phone(&format!("0{number}")) {
            prop_assert_eq!(notify::phone(phone.open()).ok(), Some(phone));
        }
    }
}
