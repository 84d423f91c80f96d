//! What the map shows, and what a tap on it means.

use crate::{TODAY, at, town};
use kernel::{Lang, Point};
use places::map::{STYLE, TOKENS};
use places::{Light, Map, Pin, Shape, View};
use proptest::prelude::*;

fn view(zoom: u8) -> View {
    View { center: at(12.0300, 110.5100), zoom, width: 640, height: 360 }
}

fn pin(lat: f64, long: f64, shape: Shape) -> Pin {
    Pin {
        point: at(lat, long),
        shape,
        title: "Ổ gà <trước> \"số 12\" & 'số 14'".to_owned(),
        href: Some("/r/PA-1?a=1&b=2".to_owned()),
    }
}

fn drawn(view: View, pins: &[Pin]) -> String {
    Map { view, day: TODAY, lang: Lang::Vi, label: "Bản đồ", pins, link: None }.inline(town())
}

#[test]
fn the_map_names_what_people_know() {
    let svg = drawn(view(13), &[]);
    for name in ["BIỂN SAO MAI", "Sông Mai", "Hòa Bình", "Thành cổ Mai", "Cầu Sao"] {
        assert!(svg.contains(name), "{name} is missing");
    }
    let english = Map { view: view(13), day: TODAY, lang: Lang::En, label: "Map", pins: &[], link: None }.inline(town());
    assert!(english.contains("Old Citadel") && !english.contains("Thành cổ"));
}

#[test]
fn a_map_in_a_page_has_no_style_of_its_own_and_one_alone_has_all_of_it() {
    let (inline, image) = (
        drawn(view(13), &[]),
        Map { view: view(13), day: TODAY, lang: Lang::Vi, label: "", pins: &[], link: None }.image(town(), Light::Auto),
    );
    assert!(!inline.contains("style") && !inline.contains("<script") && !inline.contains("url("));
    assert!(image.contains("<style>") && image.contains("prefers-color-scheme:dark"));
    for class in inline.split("class=\"").skip(1).flat_map(|rest| rest.split('"').next().unwrap().split(' ')) {
        assert!(STYLE.contains(&format!(".{class} ")), "the style has no rule for {class}");
    }
    for token in STYLE.split("var(--").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(TOKENS.iter().any(|(name, _, _)| *name == token), "the token {token} has no value");
    }
}

#[test]
fn pins_say_what_they_are_and_nothing_of_theirs_becomes_markup() {
    let svg = drawn(view(15), &[pin(12.0300, 110.5100, Shape::Late)]);
    assert!(svg.contains(
        r#"<a class="m-a" href="/r/PA-1?a=1&amp;b=2"><title>Ổ gà &lt;trước&gt; &quot;số 12&quot; &amp; 'số 14'</title>"#
    ));
    assert!(svg.contains(r#"role="group""#), "links inside have to stay reachable");
    assert!(drawn(view(15), &[]).contains(r#"role="img" aria-label="Bản đồ""#));
    let shapes: std::collections::BTreeSet<String> = [Shape::Done, Shape::Open, Shape::Soon, Shape::Late, Shape::Chosen]
        .into_iter()
        .map(|shape| drawn(view(15), &[pin(12.0300, 110.5100, shape)]).split("</title>").nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(shapes.len(), 5, "each kind of pin has a drawing of its own");
}

#[test]
fn pins_that_would_cover_each_other_become_one_with_their_number() {
    let crowd: Vec<Pin> = (0..12).map(|n| pin(12.0300 + f64::from(n) * 0.00001, 110.5100, Shape::Open)).collect();
    let link = |view: View| format!("/reports?{}", view.query());
    let svg = Map { view: view(12), day: TODAY, lang: Lang::Vi, label: "", pins: &crowd, link: Some(&link) }.inline(town());
    assert!(
        svg.contains("12 nơi gần nhau")
            && svg.contains(r#"href="/reports?map=12.03000,110.51000,14""#)
            && svg.contains(">12</text>")
    );
    let far = drawn(view(12), &[pin(13.0, 110.5, Shape::Open)]);
    assert!(!far.contains("m-n"), "what is off the picture is not drawn");
}

#[test]
fn names_do_not_cover_each_other() {
    for zoom in 10..=17 {
        let svg = drawn(View { width: 900, height: 500, ..view(zoom) }, &[]);
        // Names that stand upright: their middle and their letters say what they cover.
        let boxes: Vec<(f64, f64, f64)> = svg
            .split("<text class=\"m-t")
            .skip(1)
            .filter(|text| text.contains(" x=\""))
            .map(|text| {
                let number = |name: &str| {
                    text.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap()
                };
                let letters = text.split('>').nth(1).unwrap().split('<').next().unwrap().chars().count();
                (number("x"), number("y"), f64::from(u32::try_from(letters).unwrap()) * 6.0)
            })
            .collect();
        for (n, (x, y, wide)) in boxes.iter().enumerate() {
            for (other_x, other_y, other_wide) in &boxes[..n] {
                assert!(
                    (x - other_x).abs() > (wide + other_wide) / 2.0 || (y - other_y).abs() > 11.0,
                    "at zoom {zoom}: {x} {y}, {other_x} {other_y}"
                );
            }
        }
    }
}

#[test]
fn a_map_is_light() {
    for zoom in 8..=17 {
        let bytes = drawn(view(zoom), &[]).len();
        assert!(bytes < 24_000, "{bytes} bytes at zoom {zoom}");
    }
}

#[test]
fn an_address_names_a_view_and_nothing_else_does() {
    let places = town();
    let named = places.view(&view(14).text(), 640, 360).unwrap();
    assert_eq!(named, view(14));
    for wrong in [
        "",
        "12.03",
        "12.03,110.51",
        "12.03,110.51,x",
        "12.03,110.51,14,1",
        "NaN,110.51,14",
        "912.0,110.51,14",
        "12.03,110.51,999",
    ] {
        assert_eq!(places.view(wrong, 640, 360), None, "{wrong}");
    }
    let held = places.view("48.85,2.35,1", 640, 360).unwrap();
    assert!(held.zoom >= places.whole(640, 360).zoom && (held.center.lat - 12.0).abs() < 0.2, "{held:?}");
}

#[test]
fn links_lead_around_and_end_at_the_citys_edge() {
    let places = town();
    let (start, mut steps) = (places.opening(640, 360), 0);
    assert!(places.steps(&start).north.is_some() && places.steps(&start).nearer.is_some());
    let mut here = start;
    while let Some(north) = places.steps(&here).north {
        assert!(north.center.lat > here.center.lat);
        (here, steps) = (north, steps + 1);
        assert!(steps < 100, "the north has no end");
    }
    assert_eq!(places.steps(&places.whole(640, 360)).farther, None);
    assert_eq!(places.steps(&view(17)).nearer, None);
}

#[test]
fn the_whole_city_is_on_its_overview() {
    for (width, height) in [(288, 232), (560, 340), (1200, 600)] {
        let (overview, whole) = (town().overview(width, height), town().whole(width, height));
        assert!(overview.zoom >= whole.zoom);
        let island = whole.project(at(12.0200, 110.6220));
        assert!((0.0..f64::from(width)).contains(&island.x) && (0.0..f64::from(height)).contains(&island.y));
    }
}

fn views() -> impl Strategy<Value = View> {
    (-80.0_f64..80.0, -179.0_f64..179.0, 7..=17_u8, 200..2_000_u16, 200..2_000_u16)
        .prop_map(|(lat, long, zoom, width, height)| View { center: at(lat, long), zoom, width, height })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tap_on_a_point_is_that_point(view in views(), x in 0.0_f64..1.0, y in 0.0_f64..1.0) {
        #[allow(clippy::cast_possible_truncation)]
        let pixel = |share: f64, size: u16| (share * f64::from(size)).round() as i64;
        let (x, y) = (pixel(x, view.width), pixel(y, view.height));
        let point = view.point_at(x, y);
        prop_assume!(point.is_some());
        let back = view.project(point.unwrap());
        #[allow(clippy::cast_precision_loss)]
        let (x, y) = (x as f64, y as f64);
        prop_assert!((back.x - x).abs() < 0.01 && (back.y - y).abs() < 0.01);
    }

    #[test]
    fn a_tap_off_the_picture_is_no_point(x in -1_000_000..1_000_000_i64, y in -1_000_000..1_000_000_i64) {
        let on = (0..=640).contains(&x) && (0..=360).contains(&y);
        prop_assert_eq!(view(14).point_at(x, y).is_some(), on);
    }

    /// An address keeps the center to about a metre.
    #[test]
    fn an_address_keeps_the_view(lat in 11.95_f64..12.1, long in 110.41_f64..110.62, zoom in 11..=17_u8) {
        let view = View { center: at(lat, long), zoom, width: 560, height: 340 };
        let named = town().view(&view.text(), 560, 340).unwrap();
        prop_assert!(named.center.distance_m(view.center) < 1.2 && named.zoom == zoom);
    }

    #[test]
    fn any_view_and_any_pin_can_be_drawn(view in views(), lat: f64, long: f64) {
        let _ = drawn(view, &[Pin { point: Point { lat, long }, shape: Shape::Open, title: String::new(), href: None }]);
        let _ = town().steps(&view);
    }
}
