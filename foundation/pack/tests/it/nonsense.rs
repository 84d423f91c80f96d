//! Packs full of nonsense: reading never panics, and every complaint points into its file.

use crate::complaints::{base, loader};

/// A small generator, so that a failure is the same tomorrow.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

const PIECES: [&str; 24] = [
    "\"",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\n",
    "ữ",
    "key",
    "2025-13-01",
    "2025-07-01",
    "-1",
    "1e999",
    "nan",
    "[[unit]]\n",
    "true",
    "\u{301}",
    "'''",
    "\\",
    "99999999999999999999",
    "[[succession]]\n",
    "#",
    "\u{0}",
    "{area}",
];

#[test]
fn nonsense_is_complained_about_and_never_panics() {
    let base = base();
    let names: Vec<&String> = base.keys().collect();
    let mut dice = Dice(7);
    let mut told = 0;
    for _ in 0..600 {
        let mut files = base.clone();
        for _ in 0..=dice.below(3) {
            let text = files.get_mut(names[dice.below(names.len())]).unwrap();
            let mut at = dice.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match dice.below(3) {
                0 => text.insert_str(at, PIECES[dice.below(PIECES.len())]),
                1 => text.truncate(at),
                _ => {
                    let mut end = (at + dice.below(30)).min(text.len());
                    while !text.is_char_boundary(end) {
                        end -= 1;
                    }
                    text.replace_range(at..end, PIECES[dice.below(PIECES.len())]);
                }
            }
        }
        let sizes = files.clone();
        if let Err(complaints) = loader().load_files(files.into_iter().collect()) {
            for complaint in &complaints {
                assert!(!complaint.message.is_empty());
                let Some(text) = sizes.get(&complaint.file) else { continue };
                assert!(complaint.line <= text.lines().count() + 1, "{complaint}");
                assert!(complaint.span.end <= text.len(), "{complaint}");
            }
            assert!(!pack::render(&complaints).is_empty());
            told += 1;
        }
    }
    assert!(told > 300, "only {told} of 600 were noticed");
}
