//! What is not yours answers like what is not there (A3): status, bytes, headers, and as far as that can be told, time.

use crate::world::{Thing, Who, World, house};
use axum::http::Method;
use std::time::Instant;
use testkit::{Answer, both};

/// What each of two answers says of itself: other's names taken out, and what is new on every page.
fn told(answer: &Answer, thing: &Thing) -> (u16, Vec<String>, String) {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .filter(|line| !line.starts_with("set-cookie: songhan-form="))
        .collect();
    headers.sort();
    let mut text = answer.text();
    for name in [&thing.code, &thing.token, &thing.hash, &thing.sign_in] {
        if !name.is_empty() {
            text = text.replace(name.as_str(), "…");
        }
    }
    for line in &mut headers {
        if line.starts_with("content-length") || line.starts_with("location") {
            *line = line.split(':').next().unwrap_or_default().to_owned();
        }
    }
    (answer.status.as_u16(), headers, without_tokens(&text))
}

fn near(text: &str, at: usize) -> String {
    String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(60)..(at + 100).min(text.len())]).into_owned()
}

/// The page without the tokens of its forms, which are new on every page.
fn without_tokens(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("name=\"token\" value=\"") {
        out.push_str(before);
        rest = after.split_once('"').map_or("", |(_, behind)| behind);
    }
    out + rest
}

#[tokio::test]
async fn what_is_anothers_answers_like_what_is_not_there() {
    both(house, |city| async move {
        let world = World::of(city).await;
        let mut pairs = 0;
        for door in world.city.doors.clone() {
            if !door.path.contains('{') || door.path == "/a/{name}" {
                continue;
            }
            for (who, other) in [
                (Who::OfficerX, &world.b),
                (Who::OfficerY, &world.a),
                (Who::OfficerY, &world.published),
                (Who::Head, &world.b),
                (Who::OfficerX, &world.confidential),
                (Who::Administrator, &world.a),
            ] {
                let (Some(theirs), Some(none)) = (other.fill(door.path), world.none.fill(door.path)) else { continue };
                let (a, b) = (world.tries(who, &door, &theirs).await, world.tries(who, &door, &none).await);
                let public = a.status.is_success() || a.status.is_redirection();
                if public && door.pass == web::Pass::Anyone {
                    continue;
                }
                if who == Who::Administrator && door.path.starts_with("/desk/people/") {
                    // All officials are hers.
                    continue;
                }
                let (a, b) = (told(&a, other), told(&b, &world.none));
                let at = format!("{} {} as {}", door.method, door.path, who.name());
                assert_eq!((a.0, &a.1), (b.0, &b.1), "{at}: another's answers otherwise than none");
                let differs = a.2.bytes().zip(b.2.bytes()).position(|(a, b)| a != b).unwrap_or_default();
                assert!(
                    a.2 == b.2,
                    "{at}: the bodies differ from byte {differs}:\n{}\n{}",
                    near(&a.2, differs),
                    near(&b.2, differs)
                );
                pairs += 1;
            }
        }
        assert!(pairs > 50, "only {pairs} pairs were compared");
    })
    .await;
}

/// The share of pairs in which the first took longer: one half when time tells nothing.
fn auc(first: &[u128], second: &[u128]) -> f64 {
    let mut all: Vec<(u128, bool)> = first.iter().map(|t| (*t, true)).chain(second.iter().map(|t| (*t, false))).collect();
    all.sort_unstable();
    let (mut seen, mut above) = (0.0, 0.0);
    for (_, is_first) in all {
        if is_first {
            above += seen;
        } else {
            seen += 1.0;
        }
    }
    above / (first.len() as f64 * second.len() as f64)
}

#[test]
fn the_measure_tells_a_slower_one_from_an_equal_one() {
    let a: Vec<u128> = (0..100).map(|n| 1_000 + n).collect();
    let slower: Vec<u128> = (0..100).map(|n| 1_050 + n).collect();
    assert!((auc(&a, &a) - 0.5).abs() < 0.02);
    assert!(auc(&slower, &a) > 0.8 && auc(&a, &slower) < 0.2);
}

#[tokio::test]
async fn time_does_not_tell_anothers_from_none() {
    let long = std::env::var_os("SONGHAN_LONG").is_some();
    let (rounds, most) = if long { (10_000, 0.05) } else { (400, 0.1) };
    let world = World::of(testkit::sqlite(house).await).await;
    let other = &world.b;
    for path in
        ["/desk/reports/{code}", "/desk/reports?code={code}", "/desk/reports/{code}/publish", "/desk/reports/{code}/photo/{hash}"]
    {
        let (theirs, none) = (other.fill(path).expect("a path"), world.none.fill(path).expect("a path"));
        let person = world.person(Who::OfficerX);
        let mut best = 1.0_f64;
        // A busy machine can lie once; it must lie three times.
        for _ in 0..3 {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for round in 0..rounds {
                let mut order = [(&theirs, &mut a), (&none, &mut b)];
                if round % 2 == 1 {
                    order.reverse();
                }
                for (place, times) in order {
                    let began = Instant::now();
                    let answer = person.asks(crate::world::request(Method::GET.as_str(), place, &[], "")).await;
                    times.push(began.elapsed().as_nanos());
                    assert_eq!(answer.status.as_u16(), 404);
                }
            }
            best = best.min((auc(&a, &b) - 0.5).abs());
            if best <= most {
                break;
            }
        }
        assert!(best <= most, "{path}: time tells another's from none, |AUC - 0.5| = {best:.3}");
        println!("{path}: |AUC - 0.5| = {best:.3} over {rounds} pairs");
    }
}
