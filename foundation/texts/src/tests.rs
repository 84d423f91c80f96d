//! What is accepted, what is refused and with which words.

use super::*;

fn made(vi: &str, en: &str) -> String {
    code([("vi.ftl", vi), ("en.ftl", en)]).unwrap()
}

fn wrong(vi: &str, en: &str) -> Vec<String> {
    code([("vi.ftl", vi), ("en.ftl", en)]).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_plain_text_is_a_constant() {
    let code = made("report-sent = Đã gửi phản ánh.", "report-sent = Report sent.");
    assert!(code.contains("pub const fn report_sent(lang: Lang) -> &'static str"), "{code}");
    assert!(code.contains("Lang::Vi => \"Đã gửi phản ánh.\""), "{code}");
}

#[test]
fn arguments_come_by_name_and_numbers_are_numbers_in_every_language() {
    let code = made(
        "left = Còn { $n } việc của { $who }",
        "left = { $who } has { $n ->\n    [0] nothing\n    [one] one task\n   *[other] { $n } tasks\n } left",
    );
    assert!(code.contains("pub fn left(lang: Lang, n: impl TryInto<i64>, who: impl std::fmt::Display) -> String"), "{code}");
    assert!(code.contains("match n { 0 => { out.push_str(\"nothing\"); } 1 => { out.push_str(\"one task\"); } _ => {"), "{code}");
    assert!(code.contains("kernel::format::number(n, lang)"), "{code}");
}

#[test]
fn a_missing_key_is_named_with_file_and_line() {
    assert_eq!(wrong("# a\na = A\nb = B", "a = A"), ["vi.ftl:3: text `b` is missing in en.ftl"]);
    assert_eq!(wrong("a = A", "a = A\nb = B"), ["en.ftl:2: text `b` is missing in vi.ftl"]);
}

#[test]
fn a_missing_argument_is_named_where_it_is_missing() {
    assert_eq!(wrong("a = A { $x }", "# line\na = A"), ["en.ftl:2: text `a` lacks the argument `$x` that stands in vi.ftl"]);
}

#[test]
fn what_we_do_not_use_is_refused() {
    assert!(wrong("a = { DATETIME($x) }", "a = { $x }")[0].contains("calls `DATETIME`"));
    assert!(wrong("b = B\na = { b }", "b = B\na = A")[0].contains("names another text"));
    assert!(wrong("a = A\n    .title = T", "a = A")[0].contains("attributes"));
    assert!(wrong("a = A\na = B", "a = A")[0].contains("stands twice"));
    assert!(wrong("match = A", "match = A")[0].contains("is no key"));
    assert!(wrong("a = { -city }", "a = A")[0].contains("term `-city`"));
    assert!(wrong("a = A\n???", "a = A")[0].starts_with("vi.ftl:2: is not Fluent"));
}

#[test]
fn spelling_is_held_to_the_house_style() {
    assert!(wrong("a = Hoà Cường", "a = A")[0].contains("`Hoà`"));
    assert!(wrong("a = Thuỷ sản", "a = A")[0].contains("`Thuỷ`"));
    made("a = Quý vị, toàn quốc, hoàn thành, ngoại thành, Hòa, Thủy, khỏe", "a = A");
    assert!(wrong("a = Hu\u{0065}\u{0302}", "a = A")[0].contains("NFC"));
}

#[test]
fn a_term_is_said_in_its_place() {
    let code = made("-city = Sông Mẫu\na = Chào { -city }!", "-city = Song Mau\na = Hello { -city }!");
    assert!(code.contains("Chào Sông Mẫu!"), "{code}");
}
