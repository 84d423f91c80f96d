//! The sentences that people read.

use crate::town::{always, at, office, rule, zone};
use calendars::{Explanation, Left, due, pause, resume};
use kernel::Lang;

#[track_caller]
fn check(written: &str, from: &str, vi: &str, en: &str) {
    let cal = if written.starts_with('!') { always() } else { office() };
    let due = due(&rule(written.trim_start_matches('!')), &cal, at(from)).unwrap();
    assert_eq!(
        (due.explanation.text(Lang::Vi, &zone()), due.explanation.text(Lang::En, &zone())),
        (vi.to_owned(), en.to_owned())
    );
    let stored = serde_json::to_string(&due.explanation).unwrap();
    assert_eq!(serde_json::from_str::<Explanation>(&stored).unwrap(), due.explanation, "{stored}");
}

#[test]
fn days_off_stand_with_their_reason() {
    check(
        "2 working days",
        "2026-08-28 09:00",
        "Hạn 17:00, thứ Sáu 04/09/2026: 2 ngày làm việc kể từ ngày sau ngày nhận 28/08/2026; không tính 29–30/08 (cuối tuần), 31/08 (nghỉ \
         hoán đổi, làm bù 22/08), 01–02/09 (Quốc khánh).",
        "Due 17:00, Friday 04/09/2026: 2 working days, counted from the day after it was received on 28/08/2026; not counting 29–30/08 \
         (weekend), 31/08 (swapped, worked on 22/08), 01–02/09 (National Day).",
    );
}

#[test]
fn a_late_start_a_swapped_day_and_a_moved_end_are_told() {
    check(
        "1 working day",
        "2026-03-06 18:00",
        "Hạn 17:00, thứ Ba 10/03/2026: 1 ngày làm việc kể từ ngày sau ngày bắt đầu 09/03/2026 (nhận lúc 18:00, thứ Sáu 06/03/2026, sau giờ \
         làm việc); không tính 07–08/03 (cuối tuần).",
        "Due 17:00, Tuesday 10/03/2026: 1 working day, counted from the day after it began on 09/03/2026 (received at 18:00, Friday \
         06/03/2026, after the close of business); not counting 07–08/03 (weekend).",
    );
    check(
        "2 working days",
        "2026-08-21 09:00",
        "Hạn 17:00, thứ Hai 24/08/2026: 2 ngày làm việc kể từ ngày sau ngày nhận 21/08/2026; có tính 22/08 (làm bù cho 31/08); không tính \
         23/08 (Chủ nhật).",
        "Due 17:00, Monday 24/08/2026: 2 working days, counted from the day after it was received on 21/08/2026; counting 22/08 (worked for \
         31/08); not counting 23/08 (Sunday).",
    );
    check(
        "5 calendar days",
        "2026-04-21 09:00",
        "Hạn 17:00, thứ Ba 28/04/2026: 5 ngày kể từ ngày sau ngày nhận 21/04/2026; ngày cuối 26/04/2026 là ngày nghỉ nên chuyển sang ngày \
         làm việc kế tiếp, qua 26–27/04 (Giỗ Tổ Hùng Vương).",
        "Due 17:00, Tuesday 28/04/2026: 5 calendar days, counted from the day after it was received on 21/04/2026; the last day 26/04/2026 \
         is a day off, so it moves to the next working day, past 26–27/04 (Hùng Kings' Day).",
    );
    check(
        "30 working days",
        "2026-03-02 09:00",
        "Hạn 17:00, thứ Hai 13/04/2026: 30 ngày làm việc kể từ ngày sau ngày nhận 02/03/2026; không tính 12 ngày nghỉ hằng tuần.",
        "Due 17:00, Monday 13/04/2026: 30 working days, counted from the day after it was received on 02/03/2026; not counting 12 days of \
         weekly rest.",
    );
}

#[test]
fn hours_cut_offs_and_midnights_are_told() {
    check(
        "2 working hours",
        "2026-03-06 18:00",
        "Hạn 9:00, thứ Hai 09/03/2026: 2 giờ làm việc kể từ giờ mở cửa 7:00, thứ Hai 09/03/2026 (nhận lúc 18:00, thứ Sáu 06/03/2026, ngoài \
         giờ làm việc); không tính 07–08/03 (cuối tuần).",
        "Due 9:00, Monday 09/03/2026: 2 working hours, counted from opening at 7:00, Monday 09/03/2026 (received at 18:00, Friday \
         06/03/2026, outside working hours); not counting 07–08/03 (weekend).",
    );
    check(
        "same day before 15:00",
        "2026-03-06 15:01",
        "Hạn 17:00, thứ Hai 09/03/2026: trong ngày, tính vào ngày làm việc kế tiếp vì nhận lúc 15:01, thứ Sáu 06/03/2026, sau 15:00; không \
         tính 07–08/03 (cuối tuần).",
        "Due 17:00, Monday 09/03/2026: the same day, taken as the next working day because it was received at 15:01, Friday 06/03/2026, \
         after 15:00; not counting 07–08/03 (weekend).",
    );
    check(
        "!30 minutes",
        "2026-02-17 23:50",
        "Hạn 0:20, thứ Tư 18/02/2026: 30 phút kể từ lúc nhận 23:50, thứ Ba 17/02/2026.",
        "Due 0:20, Wednesday 18/02/2026: 30 minutes, counted from when it was received at 23:50, Tuesday 17/02/2026.",
    );
    check(
        "!1 working day",
        "2026-02-13 23:00",
        "Hạn hết ngày thứ Bảy 14/02/2026: 1 ngày kể từ ngày sau ngày nhận 13/02/2026.",
        "Due at the end of Saturday 14/02/2026: 1 calendar day, counted from the day after it was received on 13/02/2026.",
    );
}

#[test]
fn what_is_left_after_a_pause_is_told() {
    let (cal, five) = (office(), rule("5 working days"));
    let first = due(&five, &cal, at("2026-02-09 09:00")).unwrap();
    let left = pause(&five, &cal, at("2026-02-09 09:00"), first.at, at("2026-02-12 09:00")).unwrap();
    assert_eq!((left.text(Lang::Vi).as_str(), left.text(Lang::En).as_str()), ("3 ngày làm việc", "3 working days"));
    assert_eq!(serde_json::from_str::<Left>(&serde_json::to_string(&left).unwrap()).unwrap(), left);
    let again = resume(&left, &cal, at("2026-02-23 09:00")).unwrap();
    assert_eq!(
        again.explanation.text(Lang::Vi, &zone()),
        "Hạn 17:00, thứ Năm 26/02/2026: 3 ngày làm việc còn lại kể từ ngày sau ngày tiếp tục 23/02/2026."
    );
    assert_eq!(
        again.explanation.text(Lang::En, &zone()),
        "Due 17:00, Thursday 26/02/2026: 3 working days left, counted from the day after it was resumed on 23/02/2026."
    );
}
