//! A case of an older system begins as it stood there: only such a case may be closed or public before it begins here.

use crate::world::{ALL, World, lan, new_case};
use cases::{Change, Flags, Refusal, Verb};
use db::test::both_now;
use std::time::Duration;

#[test]
fn an_imported_case_begins_closed_and_public_at_its_own_times() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let (received, closed) = (w.now().before(Duration::from_secs(900_000)), w.now().before(Duration::from_secs(100_000)));
        let mut new = new_case("report", "roads");
        new.code = Some("OLD-17".to_owned());
        new.flags = Flags::IMPORTED;
        new.received_at = Some(received);
        (new.published_at, new.closed_at) = (Some(closed), Some(closed));
        let case = w.record(Change::open(new, &lan()));
        assert_eq!((case.received_at, case.published_at, case.closed_at), (received, Some(closed), Some(closed)));
        assert!(case.is_closed() && case.is_public());
        w.check(case.id);
        // It is a case like any other from there on.
        let case =
            w.act(&case, Verb::Reopen, &lan(), |c| c.ground("again").with(cases::StepEffect::lead("handle", "roads", None)));
        assert!(!case.is_closed());
        w.check(case.id);
    });
}

#[test]
fn a_case_of_our_own_cannot_begin_closed_or_public() {
    both_now(ALL, |db| {
        let w = World::new(db);
        let mut closed = new_case("report", "roads");
        closed.closed_at = Some(w.now());
        let mut public = new_case("report", "roads");
        public.published_at = Some(w.now());
        for new in [closed, public] {
            assert!(matches!(w.try_record(Change::open(new, &lan())), Err(Refusal::NotOfVerb("submit", _))));
        }
    });
}
