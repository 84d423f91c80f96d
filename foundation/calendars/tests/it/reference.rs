//! A second counting, written to be slow and obvious: days are numbers, minutes are walked one by one, the days off are a list.
//! It shares no line with the crate: the town's offset is seven hours, all year.

use crate::town::{always, office};
use calendars::{Refusal, Rule, due, open_at, pause, resume, working_minutes_between};
use jiff::civil::Time;
use kernel::Instant;
use proptest::prelude::*;

/// 2025-01-01T00:00+07:00, a Wednesday.
const EPOCH_MS: i64 = 1_735_664_400_000;
const DAYS: usize = 730;
const MONTHS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// (year, month, days)
const OFF: &[(usize, usize, &[usize])] = &[
    (2025, 1, &[1, 27, 28, 29, 30, 31]),
    (2025, 4, &[7, 30]),
    (2025, 5, &[1, 2]),
    (2025, 9, &[1, 2]),
    (2026, 1, &[1, 2]),
    (2026, 2, &[16, 17, 18, 19, 20]),
    (2026, 4, &[26, 27, 30]),
    (2026, 5, &[1]),
    (2026, 8, &[31]),
    (2026, 9, &[1, 2]),
    (2026, 11, &[24]),
];
const WORKED: &[(usize, usize, usize)] = &[(2025, 4, 26), (2026, 1, 10), (2026, 8, 22)];

fn number(year: usize, month: usize, day: usize) -> usize {
    (year - 2025) * 365 + MONTHS[..month - 1].iter().sum::<usize>() + day - 1
}

/// (year, month, day) of a day's number.
fn named(number: usize) -> (usize, usize, usize) {
    let (year, mut rest) = (2025 + number / 365, number % 365);
    for (month, days) in MONTHS.iter().enumerate() {
        if rest < *days {
            return (year, month + 1, rest + 1);
        }
        rest -= days;
    }
    unreachable!("a year has twelve months")
}

fn working() -> Vec<bool> {
    let mut days: Vec<bool> = (0..DAYS).map(|n| (n + 2) % 7 < 5).collect();
    for (year, month, off) in OFF {
        for day in *off {
            days[number(*year, *month, *day)] = false;
        }
    }
    for (year, month, day) in WORKED {
        days[number(*year, *month, *day)] = true;
    }
    days
}

struct Slow {
    working: Vec<bool>,
}

/// Minutes since the epoch; the answer is none where the years end.
type Minute = usize;
const CLOSE: Minute = 17 * 60;

impl Slow {
    fn open(&self, minute: Minute) -> bool {
        let time = minute % 1440;
        self.working[minute / 1440] && ((420..690).contains(&time) || (810..1020).contains(&time))
    }

    fn start(&self, from: Minute) -> Option<usize> {
        let day = from / 1440;
        if self.working[day] && from % 1440 <= CLOSE { Some(day) } else { self.following(day) }
    }

    fn following(&self, day: usize) -> Option<usize> {
        (day + 1..DAYS).find(|n| self.working[*n])
    }

    fn rolled(&self, day: usize) -> Option<Minute> {
        (day..DAYS).find(|n| self.working[*n]).map(|n| n * 1440 + CLOSE)
    }

    fn due(&self, rule: &Rule, from: Minute) -> Option<Minute> {
        match rule {
            Rule::WorkingHours { minutes } => {
                let mut left = *minutes;
                for minute in from..DAYS * 1440 {
                    left -= u32::from(self.open(minute));
                    if left == 0 {
                        return Some(minute + 1);
                    }
                }
                None
            }
            Rule::WorkingDays(n) => {
                let mut day = self.start(from)?;
                for _ in 0..*n {
                    day = self.following(day)?;
                }
                Some(day * 1440 + CLOSE)
            }
            Rule::CalendarDays(n) => self.rolled(self.start(from)? + *n as usize),
            Rule::Months(n) => {
                let (mut year, mut month, day) = named(self.start(from)?);
                for _ in 0..*n {
                    (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                }
                if year > 2026 {
                    return None;
                }
                self.rolled(number(year, month, day.min(MONTHS[month - 1])))
            }
            Rule::SameDay { cutoff } => {
                let (day, cutoff) = (from / 1440, Minute::try_from(cutoff.hour()).unwrap() * 60);
                let today = self.working[day] && from % 1440 <= cutoff.min(CLOSE);
                if today { Some(day * 1440 + CLOSE) } else { self.following(day).map(|n| n * 1440 + CLOSE) }
            }
            Rule::Conditional { .. } | Rule::Text => unreachable!("not walked"),
        }
    }
}

fn instant(minute: Minute) -> Instant {
    Instant::from_ms(EPOCH_MS + i64::try_from(minute).unwrap() * 60_000)
}

fn rules() -> Vec<Rule> {
    let cutoff = Time::constant(15, 0, 0, 0);
    let mut all: Vec<Rule> = [1, 30, 120, 480, 960].into_iter().map(|minutes| Rule::WorkingHours { minutes }).collect();
    all.extend([1, 2, 3, 5, 8, 15, 30].into_iter().map(Rule::WorkingDays));
    all.extend([1, 2, 5, 10, 30].into_iter().map(Rule::CalendarDays));
    all.extend([1, 2, 6, 12].into_iter().map(Rule::Months));
    all.push(Rule::SameDay { cutoff });
    all
}

#[test]
fn every_day_of_the_years_counts_as_the_slow_walk_does() {
    let (cal, slow) = (office(), Slow { working: working() });
    let mut compared = 0;
    for rule in rules() {
        for day in 0..DAYS {
            for time in [0, 419, 420, 570, 690, 720, 900, 901, 1020, 1021, 1439] {
                let from = day * 1440 + time;
                let expect = slow.due(&rule, from).map(instant).ok_or(Refusal::BeyondCalendar);
                assert_eq!(due(&rule, &cal, instant(from)).map(|due| due.at), expect, "{rule} from {:?} {time}", named(day));
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 22 * DAYS * 11);
}

#[test]
fn every_minute_of_a_month_with_swapped_days_is_open_or_closed_alike() {
    let (cal, slow) = (office(), Slow { working: working() });
    let (first, last) = (number(2026, 8, 15) * 1440, number(2026, 9, 8) * 1440);
    let mut open = 0;
    for minute in first..last {
        assert_eq!(open_at(&cal, instant(minute)), slow.open(minute), "{:?} {}", named(minute / 1440), minute % 1440);
        if minute % 97 == 0 {
            assert_eq!(working_minutes_between(&cal, instant(first), instant(minute)), open);
        }
        open += i64::from(slow.open(minute));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_minute_and_any_rule_count_as_the_slow_walk_does(from in 0..DAYS * 1440, which in 0..5_usize, n in 1..80_u32) {
        let rule = match which {
            0 => Rule::WorkingHours { minutes: n * 7 },
            1 => Rule::WorkingDays(n),
            2 => Rule::CalendarDays(n),
            3 => Rule::Months(n),
            _ => Rule::SameDay { cutoff: Time::new(i8::try_from(n % 24).unwrap(), 0, 0, 0).unwrap() },
        };
        let expect = Slow { working: working() }.due(&rule, from).map(instant).ok_or(Refusal::BeyondCalendar);
        prop_assert_eq!(due(&rule, &office(), instant(from)).map(|due| due.at), expect);
    }

    /// What was used before a pause and what is counted after it make the whole budget.
    #[test]
    fn a_pause_neither_loses_nor_wins(from in 0..400 * 1440_usize, share in 0..=1_000_usize, gap in 0..40 * 1440_usize, n in 1..30_u32, hours: bool) {
        let (cal, slow) = (office(), Slow { working: working() });
        let rule = if hours { Rule::WorkingHours { minutes: n * 30 } } else { Rule::WorkingDays(n) };
        let first = due(&rule, &cal, instant(from)).unwrap();
        let runs = usize::try_from(first.at.since(instant(from)) / 60_000).unwrap();
        let (paused, resumed) = (from + runs * share / 1_000, from + runs * share / 1_000 + gap);
        let left = pause(&rule, &cal, instant(from), first.at, instant(paused)).unwrap();
        prop_assert_eq!(&left, &first.explanation.left(&cal, first.at, instant(paused)).unwrap());
        let again = resume(&left, &cal, instant(resumed)).unwrap();
        let expect = if hours {
            let used = (from..paused).filter(|minute| slow.open(*minute)).count();
            let rest = n * 30 - u32::try_from(used).unwrap();
            if rest == 0 { None } else { slow.due(&Rule::WorkingHours { minutes: rest }, resumed) }
        } else {
            let (begun, stopped) = (slow.start(from).unwrap(), slow.start(paused).unwrap());
            let used = (begun + 1..stopped).filter(|day| slow.working[*day]).count();
            slow.due(&Rule::WorkingDays(n - u32::try_from(used).unwrap()), resumed)
        };
        if let Some(expect) = expect {
            prop_assert_eq!(again.at, instant(expect), "left {:?}", left);
        }
        // Pausing again at the very moment of resumption changes nothing.
        prop_assert_eq!(again.explanation.left(&cal, again.at, instant(resumed)).unwrap(), left);
    }

    #[test]
    fn a_desk_that_never_closes_runs_always(from in 0..DAYS * 1440, n in 1..5_000_u32) {
        let cal = always();
        prop_assert_eq!(due(&Rule::WorkingHours { minutes: n }, &cal, instant(from)).unwrap().at, instant(from + n as usize));
        prop_assert_eq!(due(&Rule::WorkingDays(n), &cal, instant(from)).unwrap().at, instant((from / 1440 + n as usize + 1) * 1440));
    }

    #[test]
    fn no_moment_makes_it_panic(ms: i64, other: i64, at: i64, n: u32, which in 0..4_usize) {
        let rule = match which {
            0 => Rule::WorkingHours { minutes: n },
            1 => Rule::WorkingDays(n),
            2 => Rule::CalendarDays(n),
            _ => Rule::Months(n),
        };
        for cal in [office(), always()] {
            let _ = due(&rule, &cal, Instant::from_ms(ms));
            if let Ok(left) = pause(&rule, &cal, Instant::from_ms(ms), Instant::from_ms(other), Instant::from_ms(at)) {
                let _ = resume(&left, &cal, Instant::from_ms(at));
            }
            let _ = working_minutes_between(&cal, Instant::from_ms(ms), Instant::from_ms(other));
        }
    }
}

/// The answers do not come from the machine's own zone: this program calls itself under others and compares all due times.
#[test]
fn the_machines_zone_changes_nothing() {
    let digest = || {
        let (cal, mut text) = (office(), String::new());
        for rule in rules() {
            for day in (0..DAYS).step_by(5) {
                text += &format!("{:?}", due(&rule, &cal, instant(day * 1440 + 1000)).map(|due| due.at.ms()));
            }
        }
        kernel::secret::hex(&kernel::secret::sha256(text.as_bytes()))
    };
    if let Ok(expect) = std::env::var("SONGHAN_TEST_DIGEST") {
        assert_eq!(digest(), expect, "TZ={:?}", std::env::var("TZ"));
        return;
    }
    for zone in ["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Ho_Chi_Minh"] {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "reference::the_machines_zone_changes_nothing"])
            .env("TZ", zone)
            .env("SONGHAN_TEST_DIGEST", digest())
            .output()
            .unwrap();
        assert!(run.status.success() && String::from_utf8_lossy(&run.stdout).contains("1 passed"), "under TZ={zone}: {run:?}");
    }
}
