//! The page of samples: every part once, in both languages and both lights, in the public frame and (`?frame=desk`) on the desk.
//!
//! For whoever builds a page, and for the pictures that a test compares. Its sentences are examples and stand here, beside the parts
//! they fill, not among the texts of the house.

use crate::{
    Checked, Doors, Files, Limits, Page, PageResult, Pass, Typed, Visit, html,
    parts::{
        self, Area, Button, Due, Moment, Picker, PostForm, Radios, Select, Tab, TabCount, Table, Text, Tick, Tile, Tiles, Tone,
        chip, due_bar,
    },
};
use kernel::{Both, Lang};
use maud::{Markup, Render};
use places::{Map, Pin, Shape};

/// Its door.
#[must_use]
pub fn doors() -> Doors {
    Doors::new().get("/samples", Pass::Anyone, Limits::PAGE, "Every part of our pages, once.", page).takes(&["frame", "before"])
}

/// Says the example in the language of the page.
#[derive(Clone, Copy)]
struct Say(Lang);

impl Say {
    fn t(self, vi: &'static str, en: &'static str) -> &'static str {
        if self.0 == Lang::Vi { vi } else { en }
    }
}

async fn page(visit: Visit) -> PageResult {
    let say = Say(visit.lang);
    let desk = visit.query.raw("frame") == "desk";
    let body = html! {
        (sample(say.t("Màu", "Colours"), colours(say)))
        (sample(say.t("Nút", "Buttons"), buttons(say)))
        (sample(say.t("Trạng thái và hạn", "States and due times"), states(say)))
        (sample(say.t("Lời ghi chú", "Notes"), notes(say)))
        (sample(say.t("Biểu mẫu", "A form"), form(&visit, say)))
        (sample(say.t("Danh sách", "A list"), list(&visit, say)))
        (sample(say.t("Thẻ", "Cards"), cards(say)))
        (sample(say.t("Diễn biến", "What happened"), happened(say)))
        (sample(say.t("Con số", "Numbers"), numbers(say)))
        (sample(say.t("Bản đồ và ảnh", "Map and photos"), map(&visit, say)))
        (sample(say.t("Khi chưa có gì", "When there is nothing"), parts::empty("inbox", say.t("Chưa có phản ánh nào", "No reports yet"), say.t("Phản ánh mới sẽ hiện ở đây.", "New reports will show here."), Some(Button::link(say.t("Gửi phản ánh", "Send a report"), "/samples").quiet().render()))))
    };
    let page = Page::new(say.t("Các bộ phận của trang", "The parts of our pages"))
        .lead(say.t(
            "Mỗi bộ phận một lần, ở cả hai thứ tiếng, trên nền sáng và nền tối.",
            "Each part once, in both languages, in light and in dark.",
        ))
        .crumb(say.t("Mẫu", "Samples"), "/samples")
        .wrong(0);
    Ok(if desk {
        page.desk()
            .tools(parts::search("/samples", "q", "", say.t("Mã, địa chỉ, nội dung", "Code, address, words")))
            .body(body)
            .aside(beside(say))
    } else {
        page.body(body).aside(beside(say))
    })
}

fn sample(title: &str, body: Markup) -> Markup {
    html! { section { h2 { (title) } (body) } }
}

fn beside(say: Say) -> Markup {
    let steps = [
        (say.t("Ngay lập tức", "At once"), say.t("Anh/chị nhận mã phản ánh.", "You get a code to follow it by.")),
        (
            say.t("Trong 2 giờ làm việc", "Within 2 working hours"),
            say.t("Tổng đài xem và chuyển đến nơi phụ trách.", "The hotline reads it and passes it on."),
        ),
        (
            say.t("Trong 3 ngày làm việc", "Within 3 working days"),
            say.t("Việc ngập, thoát nước có kết quả hoặc lịch sửa chữa.", "Flooding and drains: done, or a date for it."),
        ),
        (
            say.t("Khi xong", "When it is done"),
            say.t("Anh/chị xem ảnh sau khi sửa và đánh giá.", "You see the photo and rate it."),
        ),
    ]
    .map(|(when, what)| (when.to_owned(), what.to_owned()));
    html! {
        (parts::next_steps(say.t("Sau khi gửi", "After sending"), &steps))
        section { h2 { (say.t("Thông tin", "Facts")) } (facts(say)) }
    }
}

fn colours(say: Say) -> Markup {
    html! {
        p.say { (say.t("Giấy, mực, nước sông; đèn cho việc sắp hạn, gạch cho việc trễ, lá cho việc xong.", "Paper, ink, river; a lamp for what is due soon, brick for what is late, leaf for what is done.")) }
        p { (say.t("Chữ thường với một ", "Plain text with a ")) a href="/samples" { (say.t("liên kết", "link")) } (say.t(", chữ ", ", words in ")) b { (say.t("đậm", "bold")) } (say.t(", mã ", ", the code ")) (parts::plate("PA-26-000123")) "." }
    }
}

fn buttons(say: Say) -> Markup {
    html! {
        form method="get" action="/samples" { p.actions {
            (Button::submit(say.t("Gửi phản ánh", "Send the report")).icon("send"))
            (Button::submit(say.t("Lưu bản nháp", "Keep as a draft")).quiet())
            (Button::link(say.t("Xem trên bản đồ", "See on the map"), "/samples").quiet().slim().icon("map-pin"))
            (Button::submit(say.t("Lưu kho", "Archive")).danger().quiet().slim())
        } }
    }
}

fn states(say: Say) -> Markup {
    let due = |vi, en, tone, used| due_bar(&Due { text: say.t(vi, en).to_owned(), tone, used });
    html! {
        p.row {
            (chip(Tone::New, say.t("Mới", "New"))) (chip(Tone::Plain, say.t("Đang xử lý", "In progress"))) (chip(Tone::Soon, say.t("Sắp hạn", "Due soon")))
            (chip(Tone::Late, say.t("Quá hạn", "Late"))) (chip(Tone::Done, say.t("Đã trả lời", "Answered")))
        }
        div.row { (due("Còn 2 ngày", "2 days left", Tone::Plain, 30)) (due("Còn 1 giờ 20", "1 h 20 left", Tone::Soon, 82)) (due("Quá 3 giờ", "3 hours late", Tone::Late, 100)) (due("Xong trước hạn", "Done in time", Tone::Done, 64)) }
    }
}

fn notes(say: Say) -> Markup {
    html! {
        (parts::emergency(say.0, &emergency_numbers()))
        (parts::note(Tone::New, "info", html! { p { (say.t("Có người vừa báo việc giống thế này ở gần đây.", "Somebody just reported the same near here.")) } }))
        (parts::note(Tone::Soon, "clock-alert", html! { p { (say.t("Triều đang lên, đỉnh lúc 10:40.", "The tide is rising, high at 10:40.")) } }))
        (parts::note(Tone::Late, "triangle-alert", html! { p { (say.t("Việc này đã quá hạn trả lời.", "This one is past its due time.")) } }))
        (parts::note(Tone::Done, "circle-check", html! { p { (say.t("Đã gửi. Chúng tôi cảm ơn anh/chị.", "Sent. Thank you.")) } }))
    }
}

fn emergency_numbers() -> Vec<(String, Both)> {
    [
        ("112", "Cứu nạn", "Rescue"),
        ("113", "Công an", "Police"),
        ("114", "Chữa cháy, cứu nạn cứu hộ", "Fire and rescue"),
        ("115", "Cấp cứu", "Ambulance"),
    ]
    .map(|(number, vi, en)| (number.to_owned(), Both::new(vi, en)))
    .into()
}

fn form(visit: &Visit, say: Say) -> Markup {
    let lang = visit.lang;
    let mut address: Typed<String> = Typed::empty("address");
    address.refuse(say.t("Cho biết địa chỉ, hoặc chạm vào bản đồ", "Give an address, or tap the map"));
    let mut phone: Typed<String> = Typed::filled("phone", "0905 12 34");
    phone.refuse(say.t("Số điện thoại cần đủ 10 chữ số", "A telephone number has 10 digits"));
    let kind: Typed<String> = Typed::filled("kind", "flood");
    let words: Typed<String> = Typed::filled("words", say.t("Mưa từ tối qua, nước ngập quá bánh xe ở ngã ba. Miệng cống bị lá cây và bao ni lông bít kín, nước không thoát được.", "It has rained since last night; the water stands above the wheels at the junction. The drain is blocked by leaves and plastic bags."));
    let ward: Typed<String> = Typed::empty("ward");
    let reply: Typed<String> = Typed::filled("reply", "sms");
    let name: Typed<String> = Typed::filled("name", "Nguyễn Thị Thủy Tiên");
    let date: Typed<String> = Typed::empty("seen_on");
    let files = Files::empty("photos");
    let tile = |value: &str, icon: &str, vi, en| Tile {
        value: value.to_owned(),
        label: say.t(vi, en).to_owned(),
        icon: icon.to_owned(),
        hint: None,
        urgent: value == "live",
    };
    let tiles = vec![
        tile("road", "construction", "Đường, vỉa hè", "Roads, pavements"),
        tile("flood", "droplets", "Ngập, thoát nước", "Flooding, drains"),
        tile("waste", "trash-2", "Rác, vệ sinh", "Waste"),
        tile("lamp", "lamp", "Đèn đường", "Street lamps"),
        tile("tree", "trees", "Cây xanh", "Trees"),
        tile("noise", "volume-2", "Tiếng ồn", "Noise"),
        tile("live", "zap", "Dây điện đứt, rơi", "Fallen power line"),
        tile("other", "circle-ellipsis", "Việc khác", "Something else"),
    ];
    let wards = vec![
        (String::new(), say.t("Chưa rõ", "Not sure").to_owned()),
        ("a".to_owned(), say.t("Phường Bến Đò", "Bến Đò ward").to_owned()),
        ("b".to_owned(), say.t("Phường Chợ Mới", "Chợ Mới ward").to_owned()),
    ];
    let ways = vec![
        ("sms".to_owned(), say.t("Tin nhắn", "Text message").to_owned(), None),
        (
            "page".to_owned(),
            say.t("Tôi tự xem trên trang", "I look at the page myself").to_owned(),
            Some(say.t("Giữ lại mã phản ánh.", "Keep the code.").to_owned()),
        ),
    ];
    html! {
        (parts::error_summary(lang, &Checked::new(&[&address, &phone])))
        (PostForm::new(visit, "/samples").draft("samples").body(html! {
            (parts::question(1, say.t("Chuyện gì đang xảy ra?", "What is happening?"), None, false, html! {
                (Tiles::new(lang, &kind, say.t("Loại việc", "Kind"), tiles).under_question())
                (Area::new(lang, &words, say.t("Kể rõ hơn một chút", "Tell a little more")).hint(say.t("Thấy từ khi nào, ảnh hưởng ra sao? Xin đừng ghi thông tin riêng của người khác.", "Since when, and what does it do? Please leave out what is private to others.")).most(200))
            }))
            (parts::question(2, say.t("Ở đâu?", "Where?"), None, true, html! {
                (Text::new(lang, &address, say.t("Địa chỉ hoặc nơi dễ nhận ra", "Address or a place one can find")).hint(say.t("Ví dụ: đối diện số 24 Bạch Đằng", "For example: opposite 24 Bạch Đằng")).autocomplete("street-address"))
                (Select::new(lang, &ward, say.t("Phường, xã", "Ward or commune"), wards).optional())
            }))
            (parts::question(3, say.t("Có ảnh thì tốt hơn", "Photos help"), Some(lang), false, html! {
                (Picker::new(lang, &files, say.t("Thêm ảnh", "Add photos"), 8, |_| None).hint(say.t("Tối đa 8 ảnh, mỗi ảnh dưới 20 MB.", "At most 8 photos, each under 20 MB.")))
            }))
            (parts::question(4, say.t("Trả lời anh/chị bằng cách nào?", "How shall we answer you?"), None, true, html! {
                div.two {
                    (Text::new(lang, &name, say.t("Họ và tên", "Full name")).autocomplete("name").optional())
                    (Text::new(lang, &phone, say.t("Số điện thoại", "Telephone")).kind("tel").autocomplete("tel"))
                }
                (Radios::new(lang, &reply, say.t("Cách trả lời", "By what way"), ways))
                (Text::new(lang, &date, say.t("Thấy từ ngày", "Seen since")).hint(say.t("Ví dụ: 25/11/2026", "For example: 25/11/2026")).inputmode("numeric").narrow().optional())
                (Tick::new("hide", say.t("Giấu tên và số điện thoại khi công khai phản ánh này", "Hide my name and number when this report is published"), true))
            }))
            div.send { (Button::submit(say.t("Gửi phản ánh", "Send the report")).icon("send")) }
        }))
    }
}

fn list(visit: &Visit, say: Say) -> Markup {
    let tab = |vi, en, count: &str, current, hot| Tab {
        label: say.t(vi, en).to_owned(),
        path: "/samples".to_owned(),
        count: Some(TabCount { shown: count.to_owned(), said: format!("{count} {}", say.t("việc", "items")), hot }),
        current,
    };
    let tabs = [
        tab("Chờ điều phối", "To be passed on", "34", true, false),
        tab("Của tôi", "Mine", "12", false, false),
        tab("Quá hạn", "Late", "2", false, true),
        tab("Đã xong", "Done", "1.204", false, false),
    ];
    let filter = |name, vi, en| parts::Filter {
        name,
        label: say.t(vi, en).to_owned(),
        options: vec![(String::new(), say.t("Tất cả", "All").to_owned())],
        chosen: String::new(),
    };
    let due = |vi, en, tone, used| due_bar(&Due { text: say.t(vi, en).to_owned(), tone, used });
    let matter = |title: &str, area: &str| html! { a.row-title href="/samples" { (title) } span.muted.small { (area) } };
    let table = Table::new(
        say.t("Phản ánh chờ điều phối", "Reports to be passed on"),
        [
            say.t("Mã", "Code"),
            say.t("Việc", "Matter"),
            say.t("Trạng thái", "State"),
            say.t("Hạn", "Due"),
            say.t("Người xử lý", "With"),
        ],
    )
    .main(1)
    .row(vec![
        html! { span.num { "PA-26-008836" } },
        matter("Cột đèn nghiêng sát dây điện trước trường học", "Phường Bến Đò · Chiếu sáng"),
        chip(Tone::Late, say.t("Quá hạn", "Late")),
        due("Quá 3 giờ", "3 hours late", Tone::Late, 100),
        html! { "Lê Quốc Bảo" },
    ])
    .chosen_row(vec![
        html! { span.num { "PA-26-008841" } },
        matter("Nghẹt cống, ngập ở ngã ba Nguyễn Hữu Thọ", "Phường Chợ Mới · Thoát nước"),
        chip(Tone::New, say.t("Mới", "New")),
        due("Còn 1 giờ 20", "1 h 20 left", Tone::Soon, 82),
        html! { (say.t("Chưa giao", "Nobody yet")) },
    ])
    .row(vec![
        html! { span.num { "PA-26-008827" } },
        matter("Nắp hố ga vỡ giữa làn xe đạp đường Bạch Đằng", "Phường Bến Đò · Đường bộ"),
        chip(Tone::Plain, say.t("Đang xử lý", "In progress")),
        due("Còn 1 ngày", "1 day left", Tone::Plain, 45),
        html! { "Tổ 2 Cầu đường" },
    ])
    .row(vec![
        html! { span.num { "PA-26-008815" } },
        matter("Cây xà cừ gãy cành đè mái nhà", "Phường Chợ Mới · Cây xanh"),
        chip(Tone::Done, say.t("Đã trả lời", "Answered")),
        due("Xong trước hạn", "Done in time", Tone::Done, 60),
        html! { "Trần Hữu Phước" },
    ]);
    html! {
        (parts::tabs(say.t("Nhóm việc", "Views"), &tabs))
        (parts::filters(visit.lang, "/samples", &[], &[filter("area", "Phường, xã", "Ward"), filter("field", "Lĩnh vực", "Field")], say.t("4 trong 34 việc", "4 of 34")))
        (table)
        (parts::pager(visit, Some(1)))
    }
}

fn cards(say: Say) -> Markup {
    let all = [
        (
            "Nghẹt cống, ngập ở ngã ba Nguyễn Hữu Thọ",
            "Mưa từ tối qua, nước ngập quá bánh xe. Miệng cống bị lá cây và bao ni lông bít kín.",
            Tone::Plain,
            say.t("Đang xử lý", "In progress"),
        ),
        (
            "Đèn đường không sáng ba đêm liền",
            "Đoạn từ số 12 đến số 40 tối om, trẻ em đi học về rất nguy hiểm.",
            Tone::Done,
            say.t("Đã trả lời", "Answered"),
        ),
    ];
    html! { ul.cards { @for (title, lead, tone, state) in all { li.card {
        div.card-head { span.num { "PA-26-000123" } (chip(tone, state)) }
        h3.card-title { a href="/samples" { (title) } }
        p.card-lead { (lead) }
        p.muted { "Phường Bến Đò · 24/11/2026" }
    } } } }
}

fn facts(say: Say) -> Markup {
    parts::facts(&[
        (say.t("Lĩnh vực", "Field"), html! { (say.t("Ngập, thoát nước", "Flooding, drains")) }),
        (say.t("Nơi xảy ra", "Place"), html! { "Đối diện 24 Nguyễn Hữu Thọ, phường Chợ Mới" }),
        (say.t("Nhận lúc", "Received"), html! { time { "7:52, 25/11/2026" } }),
        (say.t("Hạn", "Due"), html! { time { "17:00, 30/11/2026" } }),
    ])
}

fn happened(say: Say) -> Markup {
    let moment = |when: &str, vi, en, by: Option<&str>, tone, body| Moment {
        when: when.to_owned(),
        title: say.t(vi, en).to_owned(),
        by: by.map(str::to_owned),
        body,
        tone,
    };
    parts::timeline(&[
        moment("7:52, 25/11/2026", "Gửi qua trang, kèm 2 ảnh", "Sent from the page, with 2 photos", None, Tone::Plain, None),
        moment(
            "8:10, 25/11/2026",
            "Chuyển đến nơi phụ trách",
            "Passed on",
            Some("Trần Thị Mỹ Linh"),
            Tone::Plain,
            Some(html! { p.muted { (say.t("Công ty Thoát nước và Xử lý nước thải", "Drainage and Waste Water Company")) } }),
        ),
        moment("9:00, 26/11/2026", "Quá hạn phản hồi lần đầu", "First response is late", None, Tone::Late, None),
        moment(
            "15:24, 26/11/2026",
            "Đã trả lời",
            "Answered",
            Some("Lê Quốc Bảo"),
            Tone::Done,
            Some(
                html! { div.answer { (say.t("Đã thông miệng cống, nước rút lúc 14:30. Tổ sẽ nạo vét lại sau mưa.", "The drain was cleared and the water was gone by 14:30. It will be dredged after the rain.")) } },
            ),
        ),
    ])
}

fn numbers(say: Say) -> Markup {
    parts::numbers(&[
        (
            "1.204".to_owned(),
            say.t("Phản ánh trong tháng", "Reports this month").to_owned(),
            Some(say.t("tháng trước 1.187", "last month 1,187").to_owned()),
        ),
        ("96,4%".to_owned(), say.t("Trả lời đúng hạn", "Answered in time").to_owned(), None),
        ("42".to_owned(), say.t("Giây chờ tổng đài", "Seconds until the hotline answers").to_owned(), None),
    ])
}

fn map(visit: &Visit, say: Say) -> Markup {
    let city = visit.city();
    let view = city.places.overview(640, 300);
    let pins =
        [Pin {
            point: city.pack.center, shape: Shape::Chosen, title: say.t("Nơi xảy ra", "The place").to_owned(), href: None
        }];
    let svg = Map {
        view,
        day: city.today(),
        lang: visit.lang,
        label: say.t("Bản đồ thành phố", "Map of the city"),
        pins: &pins,
        link: None,
    }
    .inline(&city.places);
    html! {
        (parts::map_figure(&svg, html! { (say.t("Không cần chương trình, in ra được.", "Needs no script, and prints.")) }))
    }
}
