//! What was probably meant: the known word nearest to the one that was written.

use kernel::spelling::fold;

/// The known word nearest to `typed`, when one is near enough to be worth naming.
///
/// Words are compared without case and tone marks. Beside letters added, lost, changed or swapped, two keys are near when at least half
/// of their parts are the same (`water-company`, `water-supply`).
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(typed);
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        let candidate = plain(word);
        let steps = steps(&wanted, &candidate);
        let score = if steps <= allowed {
            steps
        } else if share_parts(&wanted, &candidate) {
            allowed + steps
        } else {
            continue;
        };
        if best.is_none_or(|(held, name)| (score, word) < (held, name)) {
            best = Some((score, word));
        }
    }
    best.map(|(_, word)| word)
}

fn plain(word: &str) -> String {
    fold(word).replace(['_', '.', ' '], "-")
}

fn share_parts(a: &str, b: &str) -> bool {
    let parts = |text: &str| text.split('-').filter(|part| part.len() >= 4).map(str::to_owned).collect::<Vec<_>>();
    let (a, b) = (parts(a), parts(b));
    let same = a.iter().filter(|part| b.contains(part)).count();
    same > 0 && same * 2 >= a.len().max(b.len())
}

/// Letters added, lost, changed or swapped with their neighbour between two words (optimal string alignment).
fn steps(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(80).collect(), b.chars().take(80).collect());
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_probably_meant_is_named_and_nothing_far_away_is() {
        let known = ["office", "always", "water-supply", "roads-department", "Đường bộ"];
        for (typed, meant) in [
            ("ofice", Some("office")),
            ("OFFICE", Some("office")),
            ("offcie", Some("office")),
            ("water-company", Some("water-supply")),
            ("roads_departement", Some("roads-department")),
            ("duong bo", Some("Đường bộ")),
            ("zoo", None),
            ("completely-different", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }

    #[test]
    fn steps_count_letters() {
        for (a, b, expect) in [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3)] {
            assert_eq!(steps(a, b), expect, "{a} {b}");
            assert_eq!(steps(b, a), expect, "{b} {a}");
        }
    }
}
