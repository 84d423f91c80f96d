//! Random legal histories: what the journal adds up to is what the rows say, exactly, on both databases.

use crate::world::{ALL, World, lan, new_case, official};
use calendars::Rule;
use cases::clocks::{CITIZEN, FIRST_RESPONSE, LEGAL, STEP};
use cases::{
    Capacity, Case, Change, ClockAct, DocumentEffect, Effect, Flags, Hop, Line, LinkEffect, LinkKind, NewCase, OnParty,
    PaperEffect, PartyEffect, PartyRole, PublicState, Refusal, RequestEffect, RequestKind, Route, Stage, Step, StepEffect,
    StepKind, Verb, Words, hops, open_lead,
};
use db::Lane;
use db::test::chance::{Dice, rounds, seeds};
use kernel::{Instant, Point, Private};
use std::collections::{BTreeMap, BTreeSet};

const USUAL: u64 = 0x9e37_79b9_7f4a_7c15;
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
    for seed in seeds(USUAL, 20) {
        random_histories_add_up(seed);
    }
}

fn random_histories_add_up(seed: u64) {
    db::test::both_now(ALL, |db| {
        let histories = if db.is_sqlite() { 150 } else { 20 };
        let w = World::new(db);
        let mut dice = Dice::of(seed);
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
        // A rare verb needs a long way: of the usual seed it is known that it goes it.
        if w.db.is_sqlite() && seed == USUAL {
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

/// The usual seed; a fresh one in the long form, which looks far along one way.
fn newest(usual: u64) -> u64 {
    seeds(usual, 1).pop().unwrap()
}

/// A point's degrees go through the journal as decimals. Among ten thousand, half would come back with another last bit from a reader that
/// is in a hurry, and the case would be accused.
#[test]
fn a_point_comes_back_from_the_journal_to_the_last_bit() {
    let seed = newest(0x0f0f_1234_9999_0001);
    db::test::both_now(ALL, |db| {
        let w = World::new(db);
        let mut dice = Dice::of(seed);
        for n in 0..rounds(200, 5_000) {
            let mut part = |from: f64| from + dice.below(1 << 40) as f64 / f64::from(1 << 30) / 1e3;
            let point = Point { lat: part(12.0), long: part(110.0) };
            let new = NewCase { point: Some(point), ..new_case("report", "triage") };
            let case = w.record(Change::open(new, &lan()));
            assert_eq!(case.point, Some(point), "point {n}");
            w.check(case.id);
        }
    });
}

/// An act that hands a report on, stops it, or lets it lie: what hops are about.
fn hop_act(case: &Case, steps: &[Step], dice: &mut Dice) -> Change {
    let who = official(1 + dice.below(4) as i64, "Hoa", UNITS[dice.below(4)]);
    let of = |verb| Change::of(case, verb, &who).ground("Lý do số 1");
    let unit = UNITS[dice.below(4)];
    let term =
        || ClockAct::start_step(Rule::WorkingHours { minutes: 60 + 240 * u32::from(case.version.is_multiple_of(3)) }, "office");
    let asked = steps.iter().find(|step| step.kind == StepKind::Consult && step.is_open());
    if case.is_closed() {
        // Closed, and contested: between the two nobody held it.
        let again = of(Verb::Reopen);
        return if dice.below(2) == 0 { again } else { again.with(StepEffect::lead("handle", unit, None)).clock(term()) };
    }
    let Some(lead) = open_lead(steps) else {
        return of(Verb::Receive).with(StepEffect::lead("handle", unit, None)).clock(term());
    };
    let open = lead.no;
    match (dice.below(10), asked) {
        (0, _) if lead.taken_at.is_none() => of(Verb::Take).with(StepEffect::Taken { step: open, person: 2 }),
        (1, _) => of(Verb::Receive).with(StepEffect::done(open, "seen")),
        (2, _) => of(Verb::Return)
            .with(StepEffect::Returned { step: open, why: Words::new("Không thuộc đơn vị.") })
            .with(StepEffect::lead("triage", "triage", Some(open))),
        (3, None) => of(Verb::Consult).with(StepEffect::open(StepKind::Consult, "consult", unit, Some(open))).clock(term()),
        (3 | 4, Some(asked)) => of(Verb::Advise).with(StepEffect::done(asked.no, "advised")),
        (5, _) if dice.below(3) == 0 => of(Verb::Archive).with(StepEffect::done(open, "archived")),
        _ => of(Verb::Forward)
            .with(StepEffect::done(open, "forwarded"))
            .with(StepEffect::lead("handle", unit, Some(open)))
            .clock(term()),
    }
}

/// Who held a case between each line of its journal and the next: milliseconds by lead step, and those of nobody under `None`.
fn held_by(lines: &[Line], end: Instant) -> BTreeMap<Option<u32>, i64> {
    let (mut kinds, mut holder, mut held) = (Vec::new(), None, BTreeMap::<_, i64>::new());
    let mut since = lines[0].at;
    let mut pass = |holder: Option<u32>, at: Instant| {
        *held.entry(holder).or_default() += at.since(since);
        since = at;
    };
    for line in lines {
        pass(holder, line.at);
        for effect in &line.effects {
            match effect {
                Effect::Step(StepEffect::Opened { kind, .. }) => {
                    kinds.push(*kind);
                    if *kind == StepKind::Lead {
                        holder = Some(u32::try_from(kinds.len()).unwrap());
                    }
                }
                Effect::Step(StepEffect::Done { step, .. } | StepEffect::Returned { step, .. }) if holder == Some(*step) => {
                    holder = None;
                }
                _ => {}
            }
        }
    }
    pass(holder, end);
    held
}

/// Bar 5: along the lead line of histories that the engine recorded, what each unit held and what nobody held are what the journal says,
/// add up to the total to the millisecond, and a hop was late when its own clock breached.
#[test]
fn the_hops_of_random_histories_add_up() {
    let seed = newest(0x1234_5678_9abc_def1);
    db::test::both_now(ALL, |db| {
        let histories = if db.is_sqlite() { rounds(300, 10_000) } else { 20 };
        let w = World::new(db);
        let mut dice = Dice::of(seed);
        let (mut longest, mut late, mut waited, mut beside) = (0, 0, 0, 0);
        let begin = w.now();
        for _ in 0..histories {
            w.db.hand.set(begin);
            let new = Change::open(new_case("report", "triage"), &lan());
            // An imported one, for instance, begins with nobody.
            let new = if dice.below(8) == 0 { new } else { new.with(StepEffect::lead("triage", "triage", None)) };
            let mut case = w.record(new.clock(ClockAct::start(LEGAL, Rule::WorkingDays(3), "office")));
            for _ in 0..dice.below(9) {
                let pause = [0, 1, dice.below(1_000), dice.below(86_400_000)][dice.below(4)];
                w.db.hand.pass(std::time::Duration::from_millis(pause as u64));
                for (breached, _) in w.breaches() {
                    if breached.id == case.id {
                        case = breached;
                    }
                }
                case = w.record(hop_act(&case, &w.whole(case.id).steps, &mut dice));
            }
            w.db.hand.pass(std::time::Duration::from_millis(dice.below(86_400_000) as u64));
            w.breaches();
            let (whole, lines) = (w.whole(case.id), w.lines(case.id));
            let case = &whole.case;
            let way = hops(&whole.steps, case.received_at, case.closed_at, w.now());
            let end = case.closed_at.unwrap_or(w.now());
            assert_eq!(way.total_ms, end.since(case.received_at));
            let held: BTreeMap<Option<u32>, i64> = held_by(&lines, end);
            let nobody = way.hops.iter().map(|hop| hop.waited_ms).sum::<i64>() + way.waited_ms;
            assert_eq!(nobody, held.get(&None).copied().unwrap_or_default());
            for hop in &way.hops {
                assert_eq!(hop.held_ms(), held.get(&Some(hop.step)).copied().unwrap_or_default(), "step {}", hop.step);
                let own = whole.clocks.iter().find(|clock| clock.code == STEP && clock.step == Some(hop.step));
                if let Some(own) = own {
                    assert_eq!(hop.on_time, Some(own.breached_at.is_none()), "step {}", hop.step);
                    late += usize::from(own.breached_at.is_some());
                }
            }
            assert_eq!(way.hops.iter().map(Hop::held_ms).sum::<i64>() + nobody, way.total_ms);
            longest = longest.max(way.hops.len());
            waited += usize::from(nobody > 0);
            beside += whole.steps.len() - way.hops.len();
        }
        assert!(longest >= 6 && late * 10 > histories && waited * 10 > histories && beside * 20 > histories);
    });
}
