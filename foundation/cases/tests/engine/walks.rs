//! Three walks without a page: a birth dossier, a call for rescue, a report.

use crate::world::{ALL, World, lan, new_case, official};
use calendars::Rule;
use cases::clocks::{CITIZEN, FIRST_RESPONSE, LEGAL};
use cases::{
    Capacity, Change, ClockAct, ClockState, DocumentEffect, Flags, LinkEffect, LinkKind, On, OnParty, PaperEffect, PaperState,
    PartyEffect, PartyRole, PublicState, Refusal, RequestEffect, RequestKind, Route, Stage, StepEffect, StepKind, Verb, Words,
    hops, open_lead,
};
use db::Lane;
use db::test::both_now;
use kernel::{Personal, Private, Token};

kernel::personal! {
    /// Who files.
    struct Contact in "contact" {
        /// Full name.
        name,
        /// Telephone number.
        phone,
    }
}

fn days(n: u32) -> Rule {
    Rule::WorkingDays(n)
}

#[test]
fn a_birth_dossier_from_filing_to_the_certificate_and_its_child() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let (clerk, officer, police) = (official(1, "Hoa", "ward"), official(2, "Tuấn", "ward"), official(3, "Sơn", "police"));
        let (deputy, records) = (official(4, "Bình", "ward"), official(5, "Thu", "ward"));
        let contact = Contact {
            name: Some(Private::new("Nguyễn Thị Lan".to_owned())),
            phone: Some(Private::new("+84905111222".to_owned())),
        };
        let token = Token::random();
        let mut dossier = new_case("dossier", "ward");
        dossier.prefix = "KS".to_owned();
        let case = w.record(
            Change::open(dossier, &lan())
                .with(PartyEffect::added(PartyRole::Applicant))
                .with(PaperEffect::Added {
                    requirement: Some("birth-notice".to_owned()),
                    kind: "scan".to_owned(),
                    source: "upload".to_owned(),
                    file: Some("hash-1".to_owned()),
                    record: None,
                })
                .with(StepEffect::lead("receive", "ward", None))
                .sealed_set(OnParty::NewParty, &contact, contact.phone.clone())
                .link_token(token.digest("case"), "case", Some(1), None),
        );
        assert_eq!(case.code, "KS-26-000001");
        let case = w.act(&case, Verb::Receive, &clerk, |c| c.with(StepEffect::Taken { step: 1, person: 1 }));
        let case = w.act(&case, Verb::Accept, &clerk, |c| {
            c.with(PaperEffect::Accepted { paper: 1 })
                .with(StepEffect::done(1, "accepted"))
                .with(StepEffect::lead("check", "ward", Some(1)))
                .state("in-review", PublicState::InProgress)
                .clock(ClockAct::start(LEGAL, days(3), "office"))
                .clock(ClockAct::start_step(Rule::WorkingHours { minutes: 240 }, "office"))
        });
        let first_due = case.due_at.unwrap();

        // Something is missing: the legal clock pauses, the applicant's own runs.
        w.minutes_pass(60);
        let case = w.act(&case, Verb::Ask, &officer, |c| {
            c.ground("Thiếu giấy chứng sinh bản gốc.")
                .with(RequestEffect::Asked {
                    kind: RequestKind::Supplement,
                    text: Words::new("Nộp bản gốc giấy chứng sinh."),
                    undo_until: None,
                })
                .with(DocumentEffect::draft("supplement-request", "Đề nghị bổ sung …", Route::answer()))
                .state("awaiting-applicant", PublicState::InProgress)
                .clock(ClockAct::start(CITIZEN, Rule::CalendarDays(30), "office"))
        });
        assert!(case.flags.has(Flags::WAITING) && case.due_at.is_none());
        let two_days = 2 * 24 * 60;
        w.minutes_pass(two_days);
        let case = w.act(&case, Verb::Supply, &lan(), |c| {
            c.with(PaperEffect::Added {
                requirement: Some("birth-notice".to_owned()),
                kind: "scan".to_owned(),
                source: "upload".to_owned(),
                file: Some("hash-2".to_owned()),
                record: None,
            })
            .with(RequestEffect::Decided { request: 1, granted: true, answer: Words::new("Đã bổ sung.") })
            .state("in-review", PublicState::InProgress)
            .clock(ClockAct::done(CITIZEN))
        });
        let due = case.due_at.unwrap();
        assert!(due > first_due && !case.flags.has(Flags::WAITING), "a pause gives the days back: {first_due:?} {due:?}");

        // A consultation has its own clock and leaves the legal one alone.
        let case = w.act(&case, Verb::Consult, &officer, |c| {
            c.with(StepEffect::open(StepKind::Consult, "consult", "police", Some(2)).noted("Xác nhận nơi cư trú của cha."))
                .clock(ClockAct::start_step(days(2), "office"))
        });
        assert_eq!(case.due_at, Some(due));
        let case = w.act(&case, Verb::Advise, &police, |c| c.in_step(3).with(StepEffect::done(3, "advised")));
        assert_eq!(case.due_at, Some(due));
        let whole = w.check(case.id);
        assert_eq!(whole.clocks.iter().find(|c| c.step == Some(3)).map(|c| c.state), Some(ClockState::Stopped));
        assert_eq!(whole.papers[0].state, PaperState::Accepted);

        // Drafted, proposed, approved, signed by another than the drafter, numbered, issued.
        let case = w.act(&case, Verb::Draft, &officer, |c| {
            c.with(DocumentEffect::draft("certificate", "Giấy khai sinh …", Route::letter()))
        });
        let case = w.act(&case, Verb::Propose, &officer, |c| c.with(DocumentEffect::Proposed { document: 2 }));
        let own = Change::of(&case, Verb::Approve, &officer).with(DocumentEffect::Approved { document: 2 });
        assert_eq!(w.try_record(own), Err(Refusal::SamePerson));
        let case = w.act(&case, Verb::Approve, &clerk, |c| c.with(DocumentEffect::Approved { document: 2 }));
        let sign = |by, capacity| {
            Change::of(&case, Verb::Sign, by).with(DocumentEffect::Signed {
                document: 2,
                capacity,
                for_whom: Some("Chủ tịch".to_owned()),
            })
        };
        assert_eq!(w.try_record(sign(&officer, Capacity::Own)), Err(Refusal::SamePerson));
        let case = w.record(sign(&deputy, Capacity::SignedFor));
        let skip = Change::of(&case, Verb::Issue, &records).with(DocumentEffect::Issued { document: 2 });
        assert_eq!(w.try_record(skip), Err(Refusal::NotNow("document-stage")));
        let case = w.act(&case, Verb::Number, &records, |c| c.number(2, "ward", "birth", "2026", "/2026"));
        let case = w.act(&case, Verb::Issue, &records, |c| {
            c.with(DocumentEffect::Issued { document: 2 }).state("decided", PublicState::Answered).closing()
        });
        let whole = w.check(case.id);
        assert_eq!(whole.documents[1].number.as_deref(), Some("01/2026"));
        assert_eq!(whole.documents[1].stage, Stage::Issued);
        let signed = whole.acts.iter().find(|a| a.act == "signed").unwrap();
        assert_eq!(
            (signed.name.as_deref(), signed.capacity, signed.for_whom.as_deref()),
            (Some("Bình"), Some(Capacity::SignedFor), Some("Chủ tịch"))
        );
        assert!(whole.clocks.iter().all(|c| !c.is_live()) && whole.steps.iter().all(|s| !s.is_open()) && case.is_closed());

        // The chained child in another body: once by (parent, rule), whoever tries how often.
        let (keys, city) = (w.keys.clone(), w.city.clone());
        let mut child = new_case("dossier", "police");
        child.parent = Some((case.id, "residence".to_owned()));
        let open = move |tx: &mut db::Tx<'_>| {
            let change = Change::open(child.clone(), &official(9, "máy", "ward"))
                .with(StepEffect::lead("receive", "police", None))
                .with(LinkEffect::Made { kind: LinkKind::ChildOf, to: child.parent.as_ref().unwrap().0 })
                .clock(ClockAct::start(LEGAL, days(7), "office"));
            cases::record_child(tx, &keys, &city, change)
        };
        let (one, fresh) = w.db.write_now(Lane::Duty, open.clone()).unwrap();
        let (two, again) = w.db.write_now(Lane::Duty, open).unwrap();
        assert_eq!((one.id, fresh, again), (two.id, true, false));
        w.check(one.id);

        // The private link opens this case for this purpose; the sealed identity opens, and is found by its number.
        let keys = w.keys.clone();
        let id = case.id;
        w.db.read_now::<_, Refusal, _>(Lane::Duty, move |rd| {
            let (found, party) = cases::by_link(rd, &token.digest("case"), "case")?.unwrap();
            assert_eq!((found.id, party), (id, Some(1)));
            assert!(cases::by_link(rd, &token.digest("rate"), "rate")?.is_none());
            let contact: Contact = cases::unseal_set(rd, &keys, id, 1)?.unwrap();
            assert_eq!(contact.phone.unwrap().open(), "+84905111222");
            assert_eq!(cases::by_blind(rd, &keys, "+84905111222", 10)?, [(id, 1)]);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_call_for_rescue_counts_in_minutes_through_the_night() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let desk = official(1, "Hoa", "rescue");
        w.minutes_pass(15 * 60); // 23:00
        let began = w.now();
        let case = w.record(
            Change::open(new_case("rescue", "rescue"), &lan())
                .with(StepEffect::lead("dispatch", "rescue", None))
                .clock(ClockAct::start(LEGAL, Rule::parse("30 minutes").unwrap(), "always")),
        );
        assert_eq!(case.due_at.unwrap().since(began), 30 * 60_000);
        let case = w.act(&case, Verb::Assign, &desk, |c| {
            c.with(StepEffect::done(1, "sent"))
                .with(StepEffect::lead("rescue", "boat-3", Some(1)).for_person(7))
                .state("sent", PublicState::InProgress)
        });
        assert_eq!(w.check(case.id).steps[1].due_at, case.due_at);
        assert!(w.breaches().is_empty());
        w.minutes_pass(31);
        let breached = w.breaches();
        assert_eq!(breached.len(), 1);
        assert!(breached[0].0.flags.has(Flags::OVERDUE));
        // Once, also when the machine's clock goes back and forth.
        w.db.hand.set(began);
        assert!(w.breaches().is_empty());
        w.minutes_pass(90);
        assert!(w.breaches().is_empty());
        let case =
            w.act(&breached[0].0, Verb::End, &desk, |c| c.ground("Đã đưa về nơi an toàn.").state("saved", PublicState::Answered));
        assert!(case.is_closed());
        let lines = w.check(case.id).entries.iter().filter(|e| e.kind == cases::clocks::EntryKind::Breach).count();
        assert_eq!(lines, 1);
    });
}

#[test]
fn a_report_from_submission_to_the_archive_and_back() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let (hoa, tuan, chief) = (official(1, "Hoa", "triage"), official(2, "Tuấn", "roads"), official(3, "Minh", "roads"));
        let case = w.record(
            Change::open(new_case("report", "triage"), &lan())
                .with(StepEffect::lead("triage", "triage", None))
                .clock(ClockAct::start(LEGAL, days(3), "office"))
                .clock(ClockAct::start(FIRST_RESPONSE, Rule::WorkingHours { minutes: 120 }, "office")),
        );
        let case = w.act(&case, Verb::Receive, &hoa, |c| {
            c.with(StepEffect::Taken { step: 1, person: 1 }).clock(ClockAct::done(FIRST_RESPONSE))
        });
        let stale = case.clone();
        let case = w.act(&case, Verb::Forward, &hoa, |c| {
            c.in_step(1)
                .with(StepEffect::done(1, "forwarded"))
                .with(StepEffect::lead("handle", "roads", Some(1)).noted("Gần trường học."))
                .with(cases::Effect::Published)
                .state("forwarded", PublicState::InProgress)
        });
        assert_eq!(case.unit, "roads");
        let late = Change::of(&stale, Verb::Forward, &hoa).with(StepEffect::done(1, "forwarded"));
        assert_eq!(w.try_record(late), Err(Refusal::Conflict));
        w.minutes_pass(45);
        let case = w.act(&case, Verb::Take, &tuan, |c| c.in_step(2).with(StepEffect::Taken { step: 2, person: 2 }));
        let twice = Change::of(&case, Verb::Take, &chief).with(StepEffect::Taken { step: 2, person: 3 });
        assert_eq!(w.try_record(twice), Err(Refusal::NotNow("step-taken")));
        w.minutes_pass(45);
        let case = w
            .act(&case, Verb::Draft, &tuan, |c| c.with(DocumentEffect::draft("answer", "Đã vá xong.", Route::approved_answer())));
        let case = w.act(&case, Verb::Propose, &tuan, |c| c.with(DocumentEffect::Proposed { document: 1 }));
        let case = w.act(&case, Verb::Approve, &chief, |c| c.with(DocumentEffect::Approved { document: 1 }));
        let case = w.act(&case, Verb::Issue, &chief, |c| {
            c.with(DocumentEffect::Issued { document: 1 })
                .with(StepEffect::done(2, "answered"))
                .state("answered", PublicState::Answered)
                .closing()
        });
        let case = w.act(&case, Verb::Rate, &lan(), |c| c.payload(r#"{"stars":2}"#));
        let case = w.act(&case, Verb::Annotate, &lan(), |c| c.payload(r#"{"word":"Vẫn còn đọng nước."}"#));
        assert_eq!(w.try_record(Change::of(&case, Verb::Forward, &hoa)), Err(Refusal::Closed));
        let case = w.act(&case, Verb::Reopen, &hoa, |c| {
            c.ground("Người dân báo vẫn còn đọng nước.")
                .with(StepEffect::lead("handle", "roads", Some(2)))
                .state("forwarded", PublicState::InProgress)
                .clock(ClockAct::start(LEGAL, days(2), "office"))
        });
        assert!(case.flags.has(Flags::REOPENED) && !case.is_closed() && case.due_at.is_some());
        assert_eq!(w.try_record(Change::of(&case, Verb::Archive, &hoa)), Err(Refusal::NoGround));
        let case = w.act(&case, Verb::Archive, &hoa, |c| {
            c.ground("Đã xử lý xong trong kế hoạch năm.").state("archived", PublicState::Archived)
        });
        let whole = w.check(case.id);
        assert!(open_lead(&whole.steps).is_none());
        let way = hops(&whole.steps, case.received_at, case.closed_at, w.now());
        assert_eq!(way.hops.iter().map(|h| h.held_ms() + h.waited_ms).sum::<i64>() + way.waited_ms, way.total_ms);
        assert_eq!(w.lines(case.id).iter().filter(|l| l.verb == Verb::Rate).count(), 1);
    });
}

#[test]
fn a_merging_that_was_a_mistake_leaves_no_trace_in_the_rows() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let hoa = official(1, "Hoa", "triage");
        let open = || {
            Change::open(new_case("report", "triage"), &lan())
                .with(PartyEffect::added(PartyRole::Follower))
                .with(StepEffect::lead("triage", "triage", None))
                .with(cases::Effect::Published)
                .clock(ClockAct::start(LEGAL, days(3), "office"))
                .clock(ClockAct::start(FIRST_RESPONSE, Rule::WorkingHours { minutes: 120 }, "office"))
        };
        let (first, second) = (w.record(open()), w.record(open()));
        let before = w.check(second.id);
        w.minutes_pass(10);
        let merged = w.act(&second, Verb::Merge, &hoa, |c| {
            c.ground("Cùng một ổ gà.")
                .with(LinkEffect::Made { kind: LinkKind::DuplicateOf, to: first.id })
                .state("merged", PublicState::Archived)
        });
        assert!(merged.flags.has(Flags::MERGED) && merged.is_closed());
        assert!(w.check(merged.id).clocks.iter().all(|c| c.stopped_why.as_deref() == Some("merged")));
        w.minutes_pass(10);
        let apart = w.act(&merged, Verb::Unmerge, &hoa, |c| c.ground("Hai ổ gà khác nhau."));
        let after = w.check(apart.id);
        assert_eq!((&after.steps, &after.clocks, &after.parties), (&before.steps, &before.clocks, &before.parties));
        assert_eq!(
            (&after.case.state, after.case.public, after.case.flags),
            (&before.case.state, before.case.public, before.case.flags)
        );
        assert_eq!(
            (after.case.due_at, after.case.closed_at, after.case.published_at),
            (before.case.due_at, None, before.case.published_at)
        );
    });
}

#[test]
fn what_is_personal_can_be_taken_out_and_the_chain_stays_whole() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let hoa = official(1, "Hoa", "triage");
        let canary = Contact::canary(1);
        let mut new = new_case("report", "triage");
        new.lead = "Gọi tôi theo số 0905 333 444.".to_owned();
        let case = w.record(
            Change::open(new, &lan())
                .with(PartyEffect::added(PartyRole::Reporter))
                .with(StepEffect::lead("triage", "triage", None))
                .sealed_set(OnParty::NewParty, &canary, canary.phone.clone()),
        );
        // Nothing sealed stands in the journal in plain words.
        let id = case.id;
        let stored = w.db.read_now(Lane::Duty, move |rd| cases::store::stored_history(rd, id)).unwrap();
        assert!(!format!("{stored:?}").contains("cn-contact"), "{stored:?}");
        let heads: Vec<_> = stored.iter().map(|l| l.hash.clone()).collect();

        // The telephone number in the text (the lead: line 1, text 1) is taken out, then the party is erased.
        let case = w.act(&case, Verb::Redact, &hoa, |c| {
            c.ground("Có số điện thoại trong nội dung.").with(cases::Effect::Redacted { seq: 1, text: 1 })
        });
        let case =
            w.act(&case, Verb::Redact, &hoa, |c| c.ground("Người gửi yêu cầu xóa.").with(PartyEffect::Erased { party: 1 }));
        let whole = w.check(case.id);
        assert_eq!(whole.case.lead, "");
        assert!(whole.parties[0].erased_at.is_some());
        let stored = w.db.read_now(Lane::Duty, move |rd| cases::store::stored_history(rd, id)).unwrap();
        assert_eq!(stored[0].hash, heads[0]);
        assert!(stored.iter().all(|l| l.rehash().as_slice() == l.hash && l.read().unwrap().1));
        assert!(!format!("{stored:?}").contains("333 444"));
        let keys = w.keys.clone();
        let opened = w.db.read_now(Lane::Duty, move |rd| cases::unseal_set::<Contact>(rd, &keys, id, 1)).unwrap();
        assert!(opened.is_none());
    });
}

#[test]
fn due_times_move_by_recorded_acts_only() {
    both_now(ALL, |db| {
        let mut w = World::new(db);
        let hoa = official(1, "Hoa", "triage");
        let case = w.record(
            Change::open(new_case("report", "triage"), &lan())
                .with(StepEffect::lead("triage", "triage", None))
                .clock(ClockAct::start(LEGAL, days(3), "office")),
        );
        let due = case.due_at.unwrap();
        // The city decides a day off afterwards: nothing moves by itself.
        let off = crate::world::office(&[jiff::civil::date(2026, 11, 27)]);
        w.city =
            std::sync::Arc::new(crate::world::City { office: off, always: w.city.always.clone(), zone: w.city.zone.clone() });
        let whole = w.check(case.id);
        assert_eq!(whole.clocks[0].due_at, Some(due));
        assert_ne!(whole.clocks[0].calendar_version, w.city.office.version());
        let preview = cases::clocks::rederived(&whole.clocks[0], &w.city).unwrap().unwrap();
        let case =
            w.act(&case, Verb::Retrofit, &hoa, |c| c.ground("Nghỉ bù theo quyết định.").clock(ClockAct::Rederive(LEGAL.into())));
        assert_eq!(case.due_at, Some(preview.at));
        assert!(preview.at > due);
        let case = w.act(&case, Verb::Extend, &hoa, |c| {
            c.ground("Cần khảo sát thêm.").clock(ClockAct::Extend {
                which: LEGAL.into(),
                by: days(2),
                reason: Words::new("Cần khảo sát thêm."),
                request: None,
            })
        });
        assert!(case.due_at.unwrap() > preview.at && case.flags.has(Flags::EXTENDED));
        let whole = w.check(case.id);
        assert_eq!(whole.clocks[0].calendar_version, w.city.office.version());
        assert_eq!(whole.entries.len(), 3);
        let wrong = Change::of(&case, Verb::Take, &hoa).clock(ClockAct::Pause(LEGAL.into()));
        assert!(matches!(w.try_record(wrong), Err(Refusal::NotOfVerb("take", _))));
        let _ = On::Case;
    });
}
