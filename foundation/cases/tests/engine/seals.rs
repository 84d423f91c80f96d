//! Whoever rewrites the journal is found, given what others keep (J1), and so is the row; the honest journal is never accused.

use crate::world::{ALL, World, lan, new_case, official};
use calendars::Rule;
use cases::clocks::LEGAL;
use cases::history::Stored;
use cases::seal::{self, Published, Seal};
use cases::verify::{Against, Outcome, Wrong, verify};
use cases::{Change, ClockAct, DocumentEffect, OnParty, PartyEffect, PartyRole, PublicState, Refusal, Route, StepEffect, Verb};
use db::test::chance::{Dice, seeds};
use db::{Lane, Tx, args};
use kernel::Private;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    let path = std::env::temp_dir().join(format!("songhan-seals-{}", kernel::Token::random().reveal()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

struct Sealed {
    w: World,
    data: PathBuf,
    published: Vec<Published>,
    ids: Vec<i64>,
}

impl Drop for Sealed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn seal_now(w: &World, data: &Path) -> Vec<Seal> {
    let keys = w.keys.clone();
    w.db.write_now(Lane::Comfort, move |tx| seal::hourly(tx, &keys)).unwrap();
    seal::append(&w.db, data, 0).unwrap()
}

impl Sealed {
    /// A small city whose journal was sealed three times.
    fn new(db: db::test::TestDb) -> Self {
        let w = World::new(db);
        let data = folder();
        let (hoa, tuan) = (official(1, "Hoa", "triage"), official(2, "Tuấn", "roads"));
        let mut open = Vec::new();
        let mut published = Vec::new();
        for _ in 0..3 {
            for _ in 0..6 {
                open.push(
                    w.record(
                        Change::open(new_case("report", "triage"), &lan())
                            .with(PartyEffect::added(PartyRole::Reporter))
                            .with(StepEffect::lead("triage", "triage", None))
                            .clock(ClockAct::start(LEGAL, Rule::WorkingDays(3), "office"))
                            .sealed(OnParty::NewParty, "contact", Private::new("Lan, 0905 111 222".to_owned()), None),
                    ),
                );
            }
            for case in &mut open {
                w.minutes_pass(1);
                *case = w.act(case, Verb::Annotate, &lan(), |c| c.payload(r#"{"word":"Xin sớm xử lý."}"#));
                let verb_allows = case.version < 4;
                if verb_allows {
                    *case = w.act(case, Verb::Forward, &hoa, |c| {
                        c.with(StepEffect::done(1, "forwarded"))
                            .with(StepEffect::lead("handle", "roads", Some(1)).noted("Gần trường học."))
                    });
                    *case =
                        w.act(case, Verb::Draft, &tuan, |c| c.with(DocumentEffect::draft("answer", "Đã vá.", Route::answer())));
                }
            }
            w.minutes_pass(60);
            published.extend(seal_now(&w, &data).iter().map(Published::from));
        }
        let last = open[0].clone();
        w.act(&last, Verb::Issue, &tuan, |c| {
            c.with(DocumentEffect::Issued { document: 1 }).state("answered", PublicState::Answered).closing()
        });
        published.extend(seal_now(&w, &data).iter().map(Published::from));
        let ids = open.iter().map(|c| c.id).collect();
        Self { w, data, published, ids }
    }

    fn verify(&self) -> Outcome {
        let key = seal::public_key(&self.w.keys.public()).unwrap();
        let files = seal::files(&self.data).unwrap();
        let against = Against { files: &files, key: &key, published: &self.published[self.published.len() - 1..] };
        verify(&self.w.db, &against, &mut |_| {}).unwrap()
    }

    fn lines(&self, case: i64) -> Vec<Stored> {
        self.w.db.read_now(Lane::Comfort, move |rd| cases::store::stored_history(rd, case)).unwrap()
    }

    /// Replaces the journal of a case, as somebody with the database in her hands can.
    fn put(&self, case: i64, lines: Vec<Stored>, fix_row: bool) {
        self.w.db.write_now::<_, Refusal, _>(Lane::Comfort, move |tx| replace(tx, case, &lines, fix_row)).unwrap();
    }
}

fn replace(tx: &mut Tx<'_>, case: i64, lines: &[Stored], fix_row: bool) -> Result<(), Refusal> {
    tx.exec("delete from case_history where case_id = $1", args![case])?;
    for l in lines {
        tx.exec_one(
            "insert into case_history (id, case_id, seq, at, verb, actor, about, step, effects, texts, sealed, prev, hash, node, node_seq) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            args![
                l.node_seq,
                l.case_id, l.seq, l.at, l.verb, l.actor, l.about, l.step, l.effects, l.texts, l.sealed, l.prev, l.hash, l.node, l.node_seq],
        )?;
    }
    if let (true, Some(last)) = (fix_row, lines.last()) {
        tx.exec_one("update cases set version = $2, head = $3 where id = $1", args![case, last.seq, last.hash])?;
    }
    Ok(())
}

/// Every hash made anew, so that the chain is whole again.
fn rebuild(lines: &mut [Stored]) {
    let mut prev = vec![0; 32];
    for (i, line) in lines.iter_mut().enumerate() {
        line.seq = u32::try_from(i).unwrap() + 1;
        line.prev = prev;
        line.hash = line.rehash().to_vec();
        prev = line.hash.clone();
    }
}

fn edit(line: &mut Stored, how: usize) {
    match how {
        0 => line.at = line.at.after(std::time::Duration::from_millis(1)),
        1 => line.actor = line.actor.replace("link-holder", "stranger").replace("Hoa", "Hòa").replace("Tuấn", "Tuân") + " ",
        2 => line.effects = line.effects.replacen('[', "[ ", 1),
        3 => line.node_seq += 100_000,
        4 => line.step = Some(line.step.map_or(1, |s| s + 1)),
        5 => line.verb = if line.verb == "annotate" { "rate".to_owned() } else { "annotate".to_owned() },
        _ => line.about = Some(r#"{"mandate":"of nobody"}"#.to_owned()),
    }
}

#[test]
fn a_thousand_tamperings_are_found_and_the_row_is_named() {
    for seed in seeds(88_172_645_463_325_252, 10) {
        a_thousand_tamperings(Dice::of(seed));
    }
}

fn a_thousand_tamperings(mut dice: Dice) {
    let s = Sealed::new(db::test::sqlite(ALL));
    let honest = s.verify();
    assert_eq!(honest.wrong, []);
    assert_eq!(honest.seals, 4);
    let (mut by_kind, mut round) = ([0; 8], 0);
    while by_kind.iter().sum::<u32>() < 1_000 {
        round += 1;
        let case = s.ids[dice.below(s.ids.len())];
        let lines = s.lines(case);
        let at = dice.below(lines.len());
        let kind = round % 8;
        let mut bad = lines.clone();
        // Where the first wrong row must be: exact, or the case for one who made every hash anew.
        let exact = match kind {
            0 => {
                edit(&mut bad[at], dice.below(7));
                Some(bad[at].seq)
            }
            1 => {
                // The line's own hash is right again, its followers' are not.
                edit(&mut bad[at], dice.below(7));
                bad[at].hash = bad[at].rehash().to_vec();
                None
            }
            2 => {
                edit(&mut bad[at], dice.below(7));
                rebuild(&mut bad);
                None
            }
            3 => {
                bad.remove(at);
                if dice.below(2) == 0 && !bad.is_empty() {
                    rebuild(&mut bad);
                }
                None
            }
            4 => {
                let mut put_in = bad[at].clone();
                put_in.node_seq = 500_000;
                put_in.verb = "rate".to_owned();
                bad.insert(at, put_in);
                rebuild(&mut bad);
                None
            }
            5 => {
                let other = (at + 1) % bad.len();
                bad.swap(at, other);
                rebuild(&mut bad);
                None
            }
            6 => {
                bad.truncate(bad.len() - 1 - dice.below(2));
                None
            }
            _ => {
                let Some(texts) = &bad[at].texts else { continue };
                if round % 16 == 7 {
                    // A text is gone although nobody took it out.
                    let (from, to) = (texts.rfind(",[").map_or(1, |i| i + 1), texts.len() - 1);
                    bad[at].texts = Some(format!("{}null]", &texts[..from]));
                    assert!(to > from);
                    s.put(case, bad, true);
                    let found = s.verify();
                    assert!(matches!(found.wrong[..], [Wrong::Line { case: c, seq, .. }] if (c, seq) == (case, lines[at].seq)));
                    s.put(case, lines, true);
                    by_kind[kind] += 1;
                    continue;
                }
                bad[at].texts = Some(
                    texts
                        .replace("sớm", "chậm")
                        .replace("Gần", "Xa")
                        .replace("Đã", "Chưa")
                        .replace("gà", "vịt")
                        .replace("Ổ", "O"),
                );
                (bad[at].texts != lines[at].texts).then_some(bad[at].seq)
            }
        };
        if bad == lines {
            continue;
        }
        by_kind[kind] += 1;
        s.put(case, bad, true);
        let found = s.verify();
        assert!(found.count > 0, "kind {kind}, case {case}, line {at} was not found");
        let (named, seq) = match &found.wrong[0] {
            Wrong::Line { case, seq, .. } | Wrong::Row { case, seq } | Wrong::Sealed { case, seq, .. } => (*case, Some(*seq)),
            Wrong::Hole { .. } => (case, None),
            other => panic!("{other:?}"),
        };
        assert_eq!(named, case, "kind {kind}: {:?}", found.wrong);
        if let Some(exact) = exact {
            assert_eq!(seq, Some(exact), "kind {kind}: {:?}", found.wrong);
        }
        s.put(case, lines, true);
    }
    assert!(by_kind.iter().all(|n| *n > 50), "{by_kind:?}");
    assert_eq!(s.verify().wrong, []);
}

#[test]
fn a_row_that_its_journal_does_not_add_up_to_is_found_by_every_look_at_rows() {
    db::test::both_now(ALL, |db| {
        let s = Sealed::new(db);
        let every = |s: &Sealed| cases::verify::every_row(&s.w.db, &mut |_| {}).unwrap();
        assert_eq!((every(&s).wrong, every(&s).cases), (vec![], s.ids.len() as u64));
        let night = |s: &Sealed| {
            let ids = s.w.db.read_now::<_, Refusal, _>(Lane::Comfort, |rd| Ok(cases::verify::sample(rd, 20_782)?)).unwrap();
            let look = |id| s.w.db.read_now(Lane::Comfort, move |rd| cases::verify::rows(rd, id)).unwrap();
            let mut wrong: Vec<Wrong> = ids.into_iter().filter_map(look).collect();
            wrong.sort_by_key(|wrong| format!("{wrong}"));
            wrong
        };
        assert_eq!(night(&s), []);
        // A value moved, a part taken away, a word that the program never writes.
        let tampered = [
            (s.ids[1], "update cases set category = 'another' where id = $1"),
            (s.ids[4], "delete from case_steps where case_id = $1 and no = 1"),
            (s.ids[7], "update cases set public_state = 'no such state' where id = $1"),
        ];
        for (case, sql) in tampered {
            let changed = s.w.db.write_now::<_, Refusal, _>(Lane::Comfort, move |tx| Ok(tx.exec(sql, args![case])?)).unwrap();
            assert_eq!(changed, 1, "{sql}");
        }
        assert_eq!(s.verify().wrong, [], "the journal is whole, and the chain says nothing of other columns");
        let expect: Vec<Wrong> = tampered.iter().map(|(case, _)| Wrong::Rows { case: *case }).collect();
        assert_eq!(every(&s).wrong, expect);
        assert_eq!(night(&s), expect);
    });
}

#[test]
fn a_whole_new_chain_with_new_seals_is_found_by_what_others_keep() {
    db::test::both_now(ALL, |db| {
        let s = Sealed::new(db);
        assert_eq!(s.verify().wrong, []);
        for case in s.ids.clone() {
            let mut lines = s.lines(case);
            lines[0].at = lines[0].at.after(std::time::Duration::from_millis(1));
            rebuild(&mut lines);
            s.put(case, lines, true);
        }
        s.w.db.write_now::<_, Refusal, _>(Lane::Comfort, |tx| Ok(tx.exec("delete from case_seals", args![])?)).unwrap();
        std::fs::remove_dir_all(s.data.join("seals")).unwrap();
        seal_now(&s.w, &s.data);
        // With the city's own keys everything inside fits together again …
        let key = seal::public_key(&s.w.keys.public()).unwrap();
        let files = seal::files(&s.data).unwrap();
        let inside = verify(&s.w.db, &Against { files: &files, key: &key, published: &[] }, &mut |_| {}).unwrap();
        assert_eq!(inside.wrong, []);
        // … and not with the one digest that somebody outside has.
        assert!(matches!(s.verify().wrong[..], [Wrong::Seal { no: 4, .. }]));
    });
}

#[test]
fn yesterdays_database_and_file_are_found() {
    let s = Sealed::new(db::test::sqlite(ALL));
    let path = seal::file(&s.data, 0);
    let today = std::fs::read_to_string(&path).unwrap();
    let yesterday: String = today.lines().take(2).flat_map(|l| [l, "\n"]).collect();
    let to: i64 = {
        let last: Seal = serde_json::from_str(today.lines().nth(1).unwrap()).unwrap();
        last.to_seq
    };
    s.w.db
        .write_now::<_, Refusal, _>(Lane::Comfort, move |tx| {
            for table in [
                "delete from case_seals where no > 2",
                "delete from case_sealed where seq >= 1 and case_id not in (select case_id from case_history where node_seq <= 72)",
            ] {
                tx.exec(table, args![])?;
            }
            tx.exec("delete from case_history where node_seq > $1", args![to])?;
            for table in ["case_steps", "case_clocks", "case_clock_entries", "case_documents", "document_acts", "case_parties", "case_keys"] {
                let sql: &'static str = Box::leak(format!("delete from {table}").into_boxed_str());
                tx.exec(sql, args![])?;
            }
            tx.exec("delete from case_sealed where case_id not in (select case_id from case_history)", args![])?;
            tx.exec("delete from cases where id not in (select case_id from case_history)", args![])?;
            tx.exec(
                "update cases set version = (select max(seq) from case_history h where h.case_id = cases.id), \
                 head = (select hash from case_history h where h.case_id = cases.id order by seq desc limit 1)",
                args![],
            )?;
            tx.exec("update case_positions set last = $1", args![to])?;
            Ok(())
        })
        .unwrap();
    std::fs::write(&path, yesterday).unwrap();
    let found = s.verify();
    assert!(
        matches!(found.wrong[..], [Wrong::Seal { no: 4, what: "others keep it, and it is gone here", .. }]),
        "{:?}",
        found.wrong
    );
    // With today's file, the first line that is gone is named.
    std::fs::write(&path, today).unwrap();
    assert!(s.verify().wrong.iter().any(|w| matches!(w, Wrong::Sealed { no: 3, .. })));
}

#[test]
fn a_spoiled_file_of_seals_is_found_and_a_torn_line_is_not_held_against_it() {
    let s = Sealed::new(db::test::sqlite(ALL));
    let path = seal::file(&s.data, 0);
    let good = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let write = |lines: &[&str]| std::fs::write(&path, lines.iter().flat_map(|l| [l, "\n"]).collect::<String>()).unwrap();
    write(&[lines[0], lines[2], lines[3]]);
    assert!(matches!(s.verify().wrong[0], Wrong::Seal { no: 3, what: "it does not follow the seal before it", .. }));
    let other = lines[1].replacen("\"root\":\"", "\"root\":\"0", 1);
    write(&[lines[0], &other, lines[2], lines[3]]);
    assert!(matches!(s.verify().wrong[0], Wrong::Seal { no: 2, what: "its signature is not ours", .. }));
    let head = lines[0].find("\"hash\":\"").unwrap() + 8;
    let mut spoiled = lines[0].to_owned();
    let digit = if &spoiled[head..=head] == "0" { "1" } else { "0" };
    spoiled.replace_range(head..=head, digit);
    write(&[&spoiled, lines[1], lines[2], lines[3]]);
    assert!(matches!(s.verify().wrong[0], Wrong::Seal { no: 1, what: "its heads do not give its root", .. }));
    // A power cut in the middle of the last line: the next run takes it off and writes it whole.
    std::fs::write(&path, &good[..good.len() - 40]).unwrap();
    assert_eq!(seal::append(&s.w.db, &s.data, 0).unwrap().len(), 1);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), good);
    assert_eq!(s.verify().wrong, []);
}
