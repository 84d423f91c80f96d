//! Random legal histories: what the journal adds up to is what the rows say, exactly, on both databases.

use crate::seals::Dice;
use crate::world::{ALL, World, lan, new_case, official};
use calendars::Rule;
use cases::clocks::{CITIZEN, FIRST_RESPONSE, LEGAL};
use cases::{
    Capacity, Case, Change, ClockAct, DocumentEffect, Effect, Flags, LinkEffect, LinkKind, NewCase, OnParty, PaperEffect,
    PartyEffect, PartyRole, PublicState, Refusal, RequestEffect, RequestKind, Route, Stage, StepEffect, StepKind, Verb, Words,
};
use db::Lane;
use kernel::{Point, Private};
use std::collections::BTreeSet;

const UNITS: [&str; 4] = ["triage", "roads", "water", "ward"];

/// An act that may or may not be possible now.
fn random_act(case: &Case, other: i64, dice: &mut Dice) -> Change {
    let who = official(1 + dice.below(4) as i64, "Hoa", UNITS[dice.below(4)]);
    let mut n = || u32::try_from(1 + dice.below(4)).unwrap();
    let (step, part, seq) = (n(), n(), n() * n());
    let unit = UNITS[dice.below(4)];
    // Documents go a long way: their verbs come more often, else few would arrive.
    let papers = [Verb::Draft, Verb::Propose, Verb::Approve, Verb::Sign, Verb::Number, Verb::Issue];
    let (verb, part) = match dice.below(3) {
        0 => (papers[dice.below(papers.len())], 1 + part % 2),
        _ => (Verb::ALL[dice.below(Verb::ALL.len())], part),
    };
    let change = Change::of(case, verb, &who).ground("Lý do số 1");
    let change = match dice.below(6) {
        0 => change.payload(r#"{"word":"thêm"}"#),
        1 => change.in_step(step),
        2 => change.with(PartyEffect::added(PartyRole::Follower)),
        3 => change.with(PaperEffect::Added {
            requirement: None,
            kind: "photo".to_owned(),
            source: "upload".to_owned(),
            file: Some("hash".to_owned()),
            record: None,
        }),
        _ => change,
    };
    let rule = [Rule::WorkingDays(2), Rule::WorkingHours { minutes: 90 }, Rule::CalendarDays(5)][dice.below(3)].clone();
    let which = [LEGAL, FIRST_RESPONSE, CITIZEN, "step"][dice.below(4)];
    let clock = |which: &str| cases::Which::from(which);
    match verb {
        Verb::Submit => Change::of(case, Verb::Annotate, &lan()).with(PartyEffect::added(PartyRole::Reporter)).sealed(
            OnParty::NewParty,
            "contact",
            Private::new("Lan".to_owned()),
            Some(Private::new("0905".to_owned())),
        ),
        Verb::Receive => change.clock(ClockAct::start(FIRST_RESPONSE, rule, "office")).state("seen", PublicState::Received),
        Verb::Correct => match dice.below(4) {
            0 => change.with(Effect::Retitled { title: Words::new("Tên khác"), lead: Words::new("Nội dung khác") }),
            1 => change.with(Effect::Sorted { category: "lamp".to_owned() }).with(Effect::Ranked { priority: 2 }),
            2 => change.with(Effect::Placed { area: "ward-b".to_owned(), point: Point::new(16.05, 108.2) }),
            _ => change.with(Effect::Confided { confidentiality: 1 }).with(Effect::Flagged(Flags::IMPORTED)),
        },
        Verb::Accept => change.clock(ClockAct::start(LEGAL, rule, "office")).state("accepted", PublicState::InProgress),
        Verb::Assign => change.with(StepEffect::Assigned { step, person: 5 }),
        Verb::Take => change.with(StepEffect::Taken { step, person: 2 }),
        Verb::Forward => change
            .with(StepEffect::done(step, "forwarded"))
            .with(StepEffect::lead("handle", unit, Some(step)).noted("Gần trường học."))
            .clock(ClockAct::start_step(rule, "office")),
        Verb::Return => change
            .with(StepEffect::Returned { step, why: Words::new("Không thuộc đơn vị.") })
            .with(StepEffect::lead("triage", "triage", Some(step))),
        Verb::Coordinate => change.with(StepEffect::open(StepKind::Coordinate, "help", unit, None)),
        Verb::Consult => change
            .with(StepEffect::open(StepKind::Consult, "consult", unit, Some(step)))
            .clock(ClockAct::start_step(rule, "office")),
        Verb::Advise => change.with(StepEffect::done(step, "advised")),
        Verb::Ask => change
            .with(RequestEffect::Asked { kind: RequestKind::Supplement, text: Words::new("Bổ sung ảnh."), undo_until: None })
            .clock(ClockAct::start(CITIZEN, rule, "office")),
        Verb::Supply => change
            .with(RequestEffect::Decided { request: part, granted: true, answer: Words::new("Đủ.") })
            .clock(ClockAct::done(CITIZEN)),
        Verb::Pause => change.clock(ClockAct::Pause(clock(which))),
        Verb::Resume => change.clock(ClockAct::Resume(clock(which))),
        Verb::Extend => {
            change.clock(ClockAct::Extend {
                which: clock(which), by: rule, reason: Words::new("Cần thêm ngày."), request: None
            })
        }
        Verb::Draft => match dice.below(6) {
            0 => change.with(DocumentEffect::draft("answer", "Đã xong.", Route::answer())),
            1 => {
                let route = Route { stages: vec![Stage::Numbered, Stage::Issued], distinct_from: Vec::new() };
                change.with(DocumentEffect::draft("notice", "Thông báo …", route))
            }
            2..=4 => change.with(DocumentEffect::draft("letter", "Kính gửi …", Route::letter())),
            _ => change.with(DocumentEffect::Drafted {
                document: Some(part),
                kind: "letter".to_owned(),
                text: Words::new("Bản khác."),
                route: Route::letter(),
            }),
        },
        Verb::Propose if dice.below(4) == 0 => {
            change.with(DocumentEffect::Returned { document: part, why: Words::new("Viết lại.") })
        }
        Verb::Propose => change.with(DocumentEffect::Proposed { document: part }),
        Verb::Approve => change.with(DocumentEffect::Approved { document: part }),
        Verb::Sign => change.with(DocumentEffect::Signed {
            document: part,
            capacity: Capacity::SignedByOrder,
            for_whom: Some("Giám đốc".to_owned()),
        }),
        Verb::Number => change.number(part, "roads", "letters", "2026", "/GD"),
        Verb::Issue => change.with(DocumentEffect::Issued { document: part }),
        Verb::Publish => change.with(Effect::Published),
        Verb::Unpublish => change.with(Effect::Unpublished),
        Verb::Reopen => change.with(StepEffect::lead("handle", unit, None)).clock(ClockAct::start(LEGAL, rule, "office")),
        Verb::Link => change.with(LinkEffect::Made { kind: LinkKind::PartOf, to: other }),
        Verb::Merge => {
            change.with(LinkEffect::Made { kind: LinkKind::DuplicateOf, to: other }).state("merged", PublicState::Archived)
        }
        Verb::Redact => match dice.below(3) {
            0 => change.with(PartyEffect::Erased { party: part }),
            _ => change.with(Effect::Redacted { seq, text: u32::try_from(dice.below(4)).unwrap() }),
        },
        Verb::Retrofit => change.clock(ClockAct::Rederive(clock(which))),
        Verb::Breach => change.with(PartyEffect::Left { party: part }),
        Verb::Rate | Verb::Annotate => match dice.below(3) {
            0 => change.with(PaperEffect::Accepted { paper: part }),
            1 => change.with(PaperEffect::Refused { paper: part, reason: Words::new("Ảnh mờ.") }),
            _ => change.payload(r#"{"stars":4}"#),
        },
        Verb::Archive | Verb::End | Verb::Withdraw | Verb::Divert | Verb::Refuse => {
            // They end a history: rarely.
            if dice.below(4) == 0 {
                change.state("archived", PublicState::Archived)
            } else {
                Change::of(case, Verb::Link, &who).with(LinkEffect::Made { kind: LinkKind::Follows, to: other })
            }
        }
        Verb::Unmerge => change,
    }
}

#[test]
fn a_random_history_adds_up_to_its_rows() {
    db::test::both_now(ALL, |db| {
        let histories = if db.is_sqlite() { 150 } else { 20 };
        let w = World::new(db);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut verbs = BTreeSet::new();
        let mut recorded = 0;
        let other = w.record(Change::open(new_case("report", "triage"), &lan())).id;
        let begin = w.now();
        for _ in 0..histories {
            w.db.hand.set(begin);
            let mut case = w.record(
                Change::open(new_case("report", "triage"), &lan())
                    .with(PartyEffect::added(PartyRole::Reporter))
                    .with(StepEffect::lead("triage", "triage", None))
                    .clock(ClockAct::start(LEGAL, Rule::WorkingDays(3), "office")),
            );
            let id = case.id;
            for _ in 0..60 {
                match dice.below(8) {
                    0 => w.minutes_pass(dice.below(3_000) as u64),
                    // The machine's clock is set back: the history does not go back with it.
                    1 => {
                        let back = w.now().before(std::time::Duration::from_secs(dice.below(100) as u64 * 60));
                        w.db.hand.set(back);
                    }
                    _ => {}
                }
                w.breaches();
                case = w.db.read_now(Lane::Duty, move |rd| cases::by_id(rd, id)).unwrap();
                let change = random_act(&case, other, &mut dice);
                let verb = change.verb();
                match w.try_record(change) {
                    Ok(after) => {
                        assert_eq!(after.version, case.version + 1);
                        verbs.insert(verb);
                        recorded += 1;
                        if recorded % 3 == 0 {
                            w.check(id);
                        }
                    }
                    Err(refusal) => {
                        assert!(!refusal.is_fault(), "{}: {refusal}", verb.key());
                        assert_ne!(refusal, Refusal::Conflict);
                    }
                }
            }
            let lines = w.lines(id);
            assert!(lines.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].hash == pair[1].prev));
            verbs.extend(lines.iter().map(|l| l.verb));
            let hidden = w.db.read_now(Lane::Duty, move |rd| cases::verify::rows(rd, id)).unwrap();
            assert_eq!(hidden, None);
        }
        assert!(recorded > histories * 10, "{recorded} acts in {histories} histories");
        if w.db.is_sqlite() {
            let missing: Vec<_> = Verb::ALL.iter().filter(|v| !verbs.contains(v)).collect();
            assert!(missing.is_empty(), "no random history holds {missing:?}");
        }
        // The journal is whole, and positions are handed out in commit order without a hole.
        let key = cases::seal::public_key(&w.keys.public()).unwrap();
        let against = cases::verify::Against { files: &[], key: &key, published: &[] };
        let found = cases::verify::verify(&w.db, &against, &mut |_| {}).unwrap();
        assert_eq!(found.wrong, []);
        let lines = w.db.read_now(Lane::Duty, |rd| cases::lines_after(rd, 0, 0, 100_000)).unwrap();
        assert!(lines.iter().enumerate().all(|(i, l)| l.node_seq == i as i64 + 1));
        assert_eq!(lines.len() as u64, found.lines);
    });
}

/// A point's degrees go through the journal as decimals. Among ten thousand, half would come back with another last bit from a reader that
/// is in a hurry, and the case would be accused.
#[test]
fn a_point_comes_back_from_the_journal_to_the_last_bit() {
    db::test::both_now(ALL, |db| {
        let w = World::new(db);
        let mut dice = Dice(0x0f0f_1234_9999_0001);
        for n in 0..200 {
            let mut part = |from: f64| from + dice.below(1 << 40) as f64 / f64::from(1 << 30) / 1e3;
            let point = Point { lat: part(12.0), long: part(110.0) };
            let new = NewCase { point: Some(point), ..new_case("report", "triage") };
            let case = w.record(Change::open(new, &lan()));
            assert_eq!(case.point, Some(point), "point {n}");
            w.check(case.id);
        }
    });
}

/// Bar 5: along the lead line, what each node held and what nobody held add up to the total, to the millisecond.
#[test]
fn the_hops_of_ten_thousand_random_histories_add_up() {
    use cases::{Step, hops};
    use kernel::Instant;
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let (mut longest, mut late) = (0, 0);
    for _ in 0..10_000 {
        let received = Instant(1_795_568_400_000 + dice.below(1_000_000) as i64);
        let mut at = received;
        let mut steps: Vec<Step> = Vec::new();
        let later = |at: Instant, dice: &mut Dice| {
            Instant(at.ms() + [0, 1, dice.below(1_000), dice.below(86_400_000)][dice.below(4)] as i64)
        };
        let mut now = received;
        let mut add = |kind, received_at, done_at: Option<Instant>, due_at| {
            let no = steps.len() as u32 + 1;
            steps.push(Step {
                no,
                parent: None,
                kind,
                name: "handle".to_owned(),
                unit: UNITS[no as usize % 4].to_owned(),
                position: None,
                person: None,
                note: None,
                received_at,
                taken_at: None,
                done_at,
                outcome: None,
                returned_why: None,
                due_at,
            });
        };
        let levels = dice.below(9);
        for level in 0..levels {
            at = later(at, &mut dice);
            let from = at;
            // Beside the lead, consultations run as they like: they are counted apart.
            if dice.below(3) == 0 {
                add(StepKind::Consult, from, Some(Instant(from.ms() + 5)), None);
            }
            at = later(at, &mut dice);
            let open = level + 1 == levels && dice.below(2) == 0;
            add(StepKind::Lead, from, (!open).then_some(at), Some(Instant(from.ms() + dice.below(50_000_000) as i64)));
            now = at;
        }
        at = later(at, &mut dice);
        now = now.max(at);
        let closed = (dice.below(2) == 0).then_some(now);
        let way = hops(&steps, received, closed, now);
        let held: i64 = way.hops.iter().map(cases::Hop::held_ms).sum();
        let waited: i64 = way.hops.iter().map(|h| h.waited_ms).sum::<i64>() + way.waited_ms;
        assert_eq!(held + waited, way.total_ms);
        assert_eq!(way.total_ms, now.since(received));
        assert!(way.hops.iter().all(|h| h.held_ms() >= 0 && h.waited_ms >= 0) && way.waited_ms >= 0);
        assert_eq!(way.hops.len(), steps.iter().filter(|s| s.kind == StepKind::Lead).count());
        longest = longest.max(way.hops.len());
        late += way.hops.iter().filter(|h| h.on_time == Some(false)).count();
    }
    assert!(longest == 8 && late > 1_000);
}
