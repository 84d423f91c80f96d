//! What people type, and what they mean.

use crate::{TODAY, town};
use jiff::civil::date;
use places::What;
use proptest::prelude::*;

#[track_caller]
fn check(typed: &str, first: Option<&str>) {
    let found = town().search(typed, TODAY, 5);
    assert_eq!(found.first().map(|found| found.key.as_str()), first, "{typed:?} found {found:#?}");
}

#[test]
fn a_name_is_found_with_and_without_tone_marks_and_by_its_beginning() {
    for typed in [
        "Hải đăng Núi Đèn",
        "hai dang nui den",
        "HẢI ĐĂNG",
        "hải",
        "ngọn hải đăng",
        "lighthouse",
        "Lantern Hill Lighthouse",
        "núi đèn hải đăng",
    ] {
        check(typed, Some("lighthouse"));
    }
    for typed in ["Lê Lợi", "le loi", "đường Lê Lợi", "Le Loi Street", "phố lê lợi"] {
        check(typed, Some("le-loi"));
    }
    for typed in ["phường Bến Cảng", "ben cang", "P. Bến Cảng", "Bến Cảng"] {
        let found = town().search(typed, TODAY, 5);
        assert!(found.iter().any(|found| found.key == "ben-cang" && found.what == What::Area), "{typed}: {found:#?}");
    }
    for typed in ["", "   ", "…", "không có nơi nào tên như vậy", "zzz"] {
        check(typed, None);
    }
}

#[test]
fn a_house_number_is_kept_and_its_street_is_found() {
    for (typed, number) in [
        ("12 Lê Lợi", "12"),
        ("số 12 Lê Lợi", "12"),
        ("12/3A đường Lê Lợi, phường Hòa Bình", "12/3A"),
        ("K45/12 le loi", "K45/12"),
        ("đối diện số 24 Lê Lợi, phường Hòa Bình", "24"),
        ("ngày 25/11 lúc 8:30 nước ngập trước nhà số 7 đường Lê Lợi từ tối qua", "7"),
    ] {
        let found = town().search(typed, TODAY, 3);
        let first = found.first().unwrap_or_else(|| panic!("{typed:?} finds nothing"));
        assert_eq!((first.key.as_str(), first.number.as_deref(), first.what), ("le-loi", Some(number), What::Street), "{typed}");
    }
    let plain = town().search("Lê Lợi", TODAY, 1);
    assert_eq!((plain[0].number.as_deref(), plain[0].area.as_str()), (None, "hoa-binh"));
    assert_eq!(plain[0].area_name.as_ref().unwrap().vi, "phường Hòa Bình");
}

#[test]
fn an_area_of_yesterday_leads_to_its_successors_and_says_so() {
    let found = town().search("Mai Giang", TODAY, 5);
    assert!(!found.is_empty());
    for found in found {
        assert_eq!(found.what, What::Area);
        assert_eq!(found.formerly.as_ref().map(|name| name.vi.as_str()), Some("phường Mai Giang"), "{found:#?}");
    }
    let then = town().search("Mai Giang", date(2025, 6, 30), 5);
    assert_eq!((then[0].key.as_str(), then[0].formerly.is_none()), ("mai-giang-2024", true));
}

#[test]
fn landmarks_stand_before_streets_and_streets_before_areas() {
    let found = town().search("mai", TODAY, 20);
    assert!(found.len() > 2);
    let ranks: Vec<u8> = found
        .iter()
        .map(|found| match found.what {
            What::Place(_) => 0,
            What::Street => 1,
            What::Area => 2,
        })
        .collect();
    assert!(ranks.contains(&0) && ranks.contains(&2), "{found:#?}");
    assert_eq!(found.len(), found.iter().map(|found| (&found.key, found.what)).collect::<std::collections::BTreeSet<_>>().len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_typed_makes_it_panic_and_the_limit_holds(typed in "\\PC{0,80}", limit in 0..10_usize) {
        prop_assert!(town().search(&typed, TODAY, limit).len() <= limit);
    }

    #[test]
    fn typing_on_keeps_finding(letters in 2..17_usize) {
        let typed: String = "Hải đăng Núi Đèn".chars().take(letters).collect();
        let found = town().search(&typed, TODAY, 10);
        prop_assert!(found.iter().any(|found| found.key == "lighthouse"), "{:?}", typed);
    }
}
