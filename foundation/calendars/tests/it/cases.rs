//! The cases that people wrote down and checked by hand.

use crate::town::{always, at, office, rule, shown};
use calendars::{
    Calendar, Exception, Left, Plan, Refusal, Shift, closes_on, due, due_if_extra, open_at, pause, resume,
    working_minutes_between,
};
use jiff::civil::date;
use kernel::{Both, Instant};
use std::collections::BTreeMap;

#[track_caller]
fn check(cal: &Calendar, written: &str, from: &str, expect: &str) {
    let due = due(&rule(written), cal, at(from)).map(|due| shown(due.at));
    assert_eq!(due.as_deref(), Ok(expect), "{written} from {from}");
}

#[test]
fn working_days_pass_over_holidays_and_count_swapped_days() {
    let cal = office();
    for (written, from, expect) in [
        ("3 working days", "2025-12-31 09:00", "Wed 2026-01-07 17:00"), // Friday 2/1 is swapped
        ("2 working days", "2026-01-08 09:00", "Sat 2026-01-10 17:00"), // Saturday 10/1 is worked
        ("1 working day", "2026-03-06 18:00", "Tue 2026-03-10 17:00"),  // after the close of business: Monday is the start day
        ("1 working day", "2026-03-07 09:00", "Tue 2026-03-10 17:00"),  // on a day off: the same
        ("1 working day", "2026-03-06 17:00", "Mon 2026-03-09 17:00"),  // at the close itself it is still in time
        ("1 working day", "2026-03-09 05:00", "Tue 2026-03-10 17:00"),  // before opening
        ("1 working day", "2026-03-09 12:00", "Tue 2026-03-10 17:00"),  // at noon
        ("3 working days", "2026-02-13 09:00", "Wed 2026-02-25 17:00"), // over Tết
        ("2 working days", "2026-08-21 09:00", "Mon 2026-08-24 17:00"), // Saturday 22/8 is worked
        ("2 working days", "2026-08-28 09:00", "Fri 2026-09-04 17:00"),
        ("1 working day", "2026-11-23 09:00", "Wed 2026-11-25 17:00"), // Culture Day
        ("2 working days", "2025-04-25 09:00", "Mon 2025-04-28 17:00"), // Saturday 26/4/2025 is worked
        ("3 working days", "2025-04-28 18:00", "Wed 2025-05-07 17:00"),
    ] {
        check(&cal, written, from, expect);
    }
}

#[test]
fn same_day_asks_for_its_cut_off() {
    let cal = office();
    for (from, expect) in [
        ("2026-03-06 14:59", "Fri 2026-03-06 17:00"),
        ("2026-03-06 15:00", "Fri 2026-03-06 17:00"),
        ("2026-03-06 15:01", "Mon 2026-03-09 17:00"),
        ("2026-03-06 18:00", "Mon 2026-03-09 17:00"),
        ("2026-03-07 08:00", "Mon 2026-03-09 17:00"),
        ("2026-03-09 05:00", "Mon 2026-03-09 17:00"),
        ("2026-08-21 16:00", "Sat 2026-08-22 17:00"),
    ] {
        check(&cal, "same day before 15:00", from, expect);
    }
    check(&cal, "3 working days", "2026-03-06 15:01", "Wed 2026-03-11 17:00"); // the cut-off is no business of other rules
}

#[test]
fn calendar_days_and_months_roll_off_days_off() {
    let cal = office();
    for (written, from, expect) in [
        ("5 calendar days", "2026-04-21 09:00", "Tue 2026-04-28 17:00"), // ends Sunday 26/4, Monday is off as well
        ("4 calendar days", "2026-03-05 09:00", "Mon 2026-03-09 17:00"),
        ("1 calendar day", "2026-03-05 18:00", "Mon 2026-03-09 17:00"), // starts on Friday, ends on Saturday
        ("1 month", "2026-01-31 09:00", "Mon 2026-03-02 17:00"),        // a day off: starts on 2/2
        ("1 month", "2026-01-30 09:00", "Mon 2026-03-02 17:00"),        // no 30/2: 28/2, a Saturday
        ("1 month", "2026-03-31 09:00", "Mon 2026-05-04 17:00"),        // 30/4 and 1/5 are off
        ("12 months", "2025-03-10 09:00", "Tue 2026-03-10 17:00"),
    ] {
        check(&cal, written, from, expect);
    }
}

#[test]
fn working_hours_run_while_the_body_is_open() {
    let cal = office();
    for (written, from, expect) in [
        ("2 working hours", "2026-03-06 08:00", "Fri 2026-03-06 10:00"),
        ("2 working hours", "2026-03-06 10:30", "Fri 2026-03-06 14:30"),
        ("2 working hours", "2026-03-06 09:30", "Fri 2026-03-06 11:30"),
        ("2 working hours", "2026-03-06 16:00", "Mon 2026-03-09 08:00"),
        ("30 minutes", "2026-03-07 23:00", "Mon 2026-03-09 07:30"),
        ("16 working hours", "2026-02-13 07:00", "Mon 2026-02-23 17:00"),
    ] {
        check(&cal, written, from, expect);
    }
}

#[test]
fn a_calendar_that_never_closes_ends_its_days_at_midnight() {
    let cal = always();
    for (written, from, expect) in [
        ("30 minutes", "2026-02-17 23:50", "Wed 2026-02-18 00:20"),
        ("2 working hours", "2026-02-14 00:00", "Sat 2026-02-14 02:00"),
        ("1 working day", "2026-02-13 23:00", "Sun 2026-02-15 00:00"),
        ("1 calendar day", "2026-02-13 00:00", "Sun 2026-02-15 00:00"),
        ("1 month", "2026-01-31 09:00", "Sun 2026-03-01 00:00"),
        ("same day before 15:00", "2026-02-13 16:00", "Sun 2026-02-15 00:00"),
        ("30 minutes", "2038-01-19 03:14", "Tue 2038-01-19 03:44"),
    ] {
        check(&cal, written, from, expect);
    }
}

#[test]
fn a_condition_adds_its_part_only_when_it_holds() {
    let (cal, written) = (office(), rule("3 working days + 5 working days if verified"));
    assert_eq!(shown(due(&written, &cal, at("2026-03-02 09:00")).unwrap().at), "Thu 2026-03-05 17:00");
    assert_eq!(shown(due_if_extra(&written, &cal, at("2026-03-02 09:00")).unwrap().at), "Thu 2026-03-12 17:00");
    assert_eq!(due(&rule("text"), &cal, at("2026-03-02 09:00")), Err(Refusal::TextHasNoClock));
}

#[track_caller]
fn check_pause(cal: &Calendar, written: &str, from: &str, paused: &str, resumed: &str, expect: &str) {
    let rule = rule(written);
    let first = due(&rule, cal, at(from)).unwrap();
    let left = pause(&rule, cal, at(from), first.at, at(paused)).unwrap();
    assert_eq!(left, first.explanation.left(cal, first.at, at(paused)).unwrap(), "the explanation knows as much as the rule");
    let again = resume(&left, cal, at(resumed)).unwrap();
    assert_eq!(shown(again.at), expect, "{written} from {from}, paused {paused}, resumed {resumed}, left {left:?}");
}

#[test]
fn a_pause_freezes_what_is_left_in_its_own_unit() {
    let cal = office();
    for (written, from, paused, resumed, expect) in [
        ("5 working days", "2026-02-09 09:00", "2026-02-12 09:00", "2026-02-23 09:00", "Thu 2026-02-26 17:00"), // over Tết
        ("5 working days", "2026-02-09 09:00", "2026-02-12 18:00", "2026-02-23 09:00", "Wed 2026-02-25 17:00"), // Thursday is used up
        ("5 working days", "2026-02-09 09:00", "2026-02-09 10:00", "2026-02-23 09:00", "Mon 2026-03-02 17:00"), // nothing used yet
        ("5 working days", "2026-02-09 09:00", "2026-02-12 09:00", "2026-02-21 09:00", "Thu 2026-02-26 17:00"), // resumed on a Saturday
        ("2 working hours", "2026-03-06 08:00", "2026-03-06 09:30", "2026-03-06 16:45", "Mon 2026-03-09 07:15"),
        ("5 calendar days", "2026-04-21 09:00", "2026-04-23 09:00", "2026-05-11 09:00", "Fri 2026-05-15 17:00"), // 4 days, not the rolled 6
        ("1 month", "2026-03-02 09:00", "2026-03-31 09:00", "2026-04-06 09:00", "Thu 2026-04-09 17:00"),
        ("same day before 15:00", "2026-03-06 09:00", "2026-03-06 10:00", "2026-03-10 16:00", "Wed 2026-03-11 17:00"),
    ] {
        check_pause(&cal, written, from, paused, resumed, expect);
    }
    check_pause(&always(), "30 minutes", "2026-03-06 08:00", "2026-03-06 08:10", "2026-03-07 00:00", "Sat 2026-03-07 00:20");
}

#[test]
fn what_was_late_when_paused_is_due_at_once_when_resumed() {
    let (cal, three) = (office(), rule("3 working days"));
    let due_at = due(&three, &cal, at("2026-03-02 09:00")).unwrap().at;
    let left = pause(&three, &cal, at("2026-03-02 09:00"), due_at, at("2026-03-05 17:01")).unwrap();
    assert_eq!(left, Left::Nothing);
    assert_eq!(resume(&left, &cal, at("2026-03-09 10:00")).unwrap().at, at("2026-03-09 10:00"));
}

#[test]
fn an_extended_clock_pauses_from_its_new_due_time() {
    let (cal, three) = (office(), rule("3 working days"));
    let left = pause(&three, &cal, at("2026-03-02 09:00"), at("2026-03-13 17:00"), at("2026-03-12 09:00")).unwrap();
    assert_eq!(left, Left::WorkingDays(2));
}

#[test]
fn a_second_pause_loses_no_day_and_wins_none() {
    let (cal, five) = (office(), rule("5 calendar days"));
    let first = due(&five, &cal, at("2026-03-02 09:00")).unwrap();
    let left = pause(&five, &cal, at("2026-03-02 09:00"), first.at, at("2026-03-04 09:00")).unwrap();
    assert_eq!(left, Left::CalendarDays(4));
    let again = resume(&left, &cal, at("2026-03-10 09:00")).unwrap(); // ends on Saturday 14/3, rolls to Monday 16/3
    assert_eq!(shown(again.at), "Mon 2026-03-16 17:00");
    assert_eq!(again.explanation.left(&cal, again.at, at("2026-03-10 10:00")).unwrap(), Left::CalendarDays(4));
}

#[test]
fn no_moment_and_no_rule_makes_it_panic() {
    let written = [
        "2 working hours",
        "3 working days",
        "3660 working days",
        "5 calendar days",
        "120 months",
        "same day before 15:00",
        "text",
    ];
    let moments =
        [i64::MIN, -1, 0, at("2024-12-31 23:59").ms(), at("2027-01-01 00:00").ms(), at("2038-01-19 03:14").ms(), i64::MAX];
    for ms in moments {
        for written in written {
            let refused = due(&rule(written), &office(), Instant::from_ms(ms));
            assert!(matches!(refused, Err(Refusal::BeyondCalendar | Refusal::TextHasNoClock)), "{written} at {ms}: {refused:?}");
            let _ = due(&rule(written), &always(), Instant::from_ms(ms));
            for cal in [office(), always()] {
                let _ = pause(&rule(written), &cal, Instant::from_ms(ms), Instant::from_ms(i64::MAX), at("2026-03-03 09:00"));
                let _ = pause(
                    &rule(written),
                    &cal,
                    at("2026-03-03 09:00"),
                    Instant::from_ms(ms),
                    Instant::from_ms(-ms.max(-i64::MAX)),
                );
            }
        }
        assert!(!open_at(&office(), Instant::from_ms(ms)));
        let _ = working_minutes_between(&office(), Instant::from_ms(ms), at("2026-03-03 09:00"));
        let _ = working_minutes_between(&always(), Instant::from_ms(ms), at("2026-03-03 09:00"));
    }
    assert_eq!(due(&rule("1 working day"), &office(), at("2026-12-31 09:00")), Err(Refusal::BeyondCalendar));
}

#[test]
fn opening_closing_and_the_minutes_between() {
    let cal = office();
    for (moment, expect) in [
        ("2026-03-06 06:59", false),
        ("2026-03-06 07:00", true),
        ("2026-03-06 11:30", false),
        ("2026-03-06 13:30", true),
        ("2026-03-06 17:00", false),
        ("2026-03-07 09:00", false),
        ("2026-08-22 09:00", true),
        ("2026-08-31 09:00", false),
    ] {
        assert_eq!(open_at(&cal, at(moment)), expect, "{moment}");
    }
    assert!(open_at(&always(), at("2026-03-07 03:00")));
    assert_eq!(closes_on(&cal, date(2026, 3, 6)), Some(at("2026-03-06 17:00")));
    assert_eq!(closes_on(&cal, date(2026, 3, 7)), None);
    assert_eq!(closes_on(&cal, date(2031, 3, 7)), None);
    assert_eq!(closes_on(&always(), date(2026, 3, 6)), Some(at("2026-03-07 00:00")));
    assert_eq!(working_minutes_between(&cal, at("2026-03-06 16:00"), at("2026-03-09 08:00")), 120);
    assert_eq!(working_minutes_between(&cal, at("2026-03-09 08:00"), at("2026-03-06 16:00")), -120);
    assert_eq!(working_minutes_between(&cal, at("2026-12-31 16:00"), at("2040-01-01 08:00")), 60);
    assert_eq!(working_minutes_between(&always(), at("2026-03-06 16:00"), at("2026-03-09 08:00")), 64 * 60);
}

#[test]
fn a_half_day_closes_earlier() {
    let mut week: calendars::Week = Default::default();
    week[4] = vec![Shift::parse("07:30", "17:00").unwrap()];
    week[5] = vec![Shift::parse("07:30", "11:30").unwrap()];
    let plan = |exceptions, covered| Plan {
        key: "police".to_owned(),
        name: Both::new("Công an phường", "Ward police"),
        zone: crate::town::zone(),
        week: week.clone(),
        exceptions,
        round_the_clock: false,
        covered,
    };
    let cal = Calendar::new(plan(BTreeMap::new(), (date(2026, 1, 1), date(2026, 12, 31)))).unwrap();
    check(&cal, "same day before 15:00", "2026-03-07 10:00", "Sat 2026-03-07 11:30");
    check(&cal, "same day before 15:00", "2026-03-07 12:00", "Fri 2026-03-13 17:00");
    check(&cal, "1 working day", "2026-03-06 10:00", "Sat 2026-03-07 11:30");

    let off = Exception::Off { reason: Both::new("bão", "storm") };
    let closed = Calendar::new(plan(BTreeMap::from([(date(2026, 3, 7), off.clone())]), cal.covered())).unwrap();
    assert_ne!(cal.version(), closed.version(), "another content is another version");
    assert_eq!(cal.version(), Calendar::new(plan(BTreeMap::new(), cal.covered())).unwrap().version());

    let mistakes = Calendar::new(plan(BTreeMap::from([(date(2031, 3, 7), off)]), cal.covered())).unwrap_err();
    assert_eq!(mistakes, ["2031-03-07 lies outside the days that the calendar covers (2026-01-01 to 2026-12-31)"]);
    assert!(Shift::parse("17:00", "7:30").unwrap_err().contains("not later"));
    assert!(Shift::parse("24:00", "24:01").unwrap_err().contains("no time of day"));
}
