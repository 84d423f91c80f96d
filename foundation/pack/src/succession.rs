//! What follows what: mergers, renamings and divisions of areas and units, over any number of changes.

use crate::reader::{Day, Reader};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;

/// How much went to the successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// All of it.
    Full,
    /// A part; other parts went elsewhere or stayed.
    Part,
}

/// One line of succession.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// Who was followed.
    pub from: String,
    /// Who followed.
    pub to: String,
    /// How much.
    pub share: Share,
    /// The first day of the new state.
    pub on: Date,
}

#[derive(Deserialize)]
pub(crate) struct RawSuccession {
    pub from: Spanned<String>,
    pub to: Spanned<String>,
    pub share: Spanned<String>,
    pub on: Spanned<Day>,
}

/// Who stands in the place of somebody on a day.
#[derive(Clone, Debug, PartialEq)]
pub enum Heirs<'a, T> {
    /// It still stands itself.
    Itself(&'a T),
    /// All of it went to one.
    One(&'a T),
    /// It was divided: the successor depends on the place.
    DependsOnPlace(Vec<&'a T>),
    /// There is none, or it is not known.
    Nobody,
}

/// All lines of succession of one list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lineage {
    by_from: BTreeMap<String, Vec<Succession>>,
    by_to: BTreeMap<String, Vec<Succession>>,
}

impl Lineage {
    pub(crate) fn add(&mut self, line: Succession) {
        self.by_to.entry(line.to.clone()).or_default().push(line.clone());
        self.by_from.entry(line.from.clone()).or_default().push(line);
    }

    pub(crate) fn from(&self, key: &str) -> &[Succession] {
        self.by_from.get(key).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn to(&self, key: &str) -> &[Succession] {
        self.by_to.get(key).map_or(&[], Vec::as_slice)
    }

    /// The keys that stand on `day` for what `key` was, following chains; `key` itself while it is valid.
    pub(crate) fn successors(&self, key: &str, day: Date, valid: impl Fn(&str) -> bool) -> Vec<String> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let mut open = vec![key.to_owned()];
        while let Some(key) = open.pop() {
            if !seen.insert(key.clone()) {
                continue;
            }
            if valid(&key) {
                found.push(key);
            } else {
                open.extend(self.from(&key).iter().filter(|line| line.on <= day).map(|line| line.to.clone()));
            }
        }
        found.sort();
        found
    }
}

/// What is checked: a thing with its validity, and where each stands in the file.
pub(crate) struct Lasting<'a> {
    pub key: &'a Spanned<String>,
    pub from: Date,
    pub to: Option<(Date, Range<usize>)>,
}

/// Checks the lines of succession of one list and gives those that hold. `what` is `area` or `unit`.
pub(crate) fn check(reader: &mut Reader, what: &str, things: &[Lasting<'_>], lines: &[RawSuccession]) -> Lineage {
    let by_key: BTreeMap<&str, &Lasting<'_>> = things.iter().map(|thing| (thing.key.get_ref().as_str(), thing)).collect();
    let mut lineage = Lineage::default();
    let mut told = BTreeMap::new();
    let mut named = BTreeSet::new();
    for line in lines {
        named.insert(line.from.get_ref().as_str());
        reader.one_of("share", &line.share, ["full", "part"]);
        let share = if line.share.get_ref() == "part" { Share::Part } else { Share::Full };
        let (known_from, known_to) = (reader.refer(what, &line.from), reader.refer(what, &line.to));
        if !known_from || !known_to {
            continue;
        }
        if line.from.get_ref() == line.to.get_ref() {
            reader.complain(line.to.span(), format!("{what} `{}` cannot succeed itself", line.to.get_ref()), None);
            continue;
        }
        if let Some(first) = told.insert((line.from.get_ref(), line.to.get_ref()), line.to.span()) {
            let message = format!("the succession from `{}` to `{}` stands twice", line.from.get_ref(), line.to.get_ref());
            reader.complain_with(line.to.span(), message, None, first, "first here");
            continue;
        }
        let (from, to) = (by_key.get(line.from.get_ref().as_str()), by_key.get(line.to.get_ref().as_str()));
        if let (Some(from), Some(to)) = (from, to) {
            check_days(reader, what, (line, share), from, to);
        }
        lineage.add(Succession {
            from: line.from.get_ref().clone(),
            to: line.to.get_ref().clone(),
            share,
            on: line.on.get_ref().0,
        });
    }
    for thing in things {
        let lines = lineage.from(thing.key.get_ref());
        if !lines.is_empty() || !named.contains(thing.key.get_ref().as_str()) {
            check_heirs(reader, what, thing, lines);
        }
    }
    lineage
}

fn check_days(reader: &mut Reader, what: &str, (line, share): (&RawSuccession, Share), from: &Lasting<'_>, to: &Lasting<'_>) {
    let on = line.on.get_ref().0;
    match &from.to {
        Some((end, span)) => {
            let next = end.tomorrow().unwrap_or(*end);
            let wrong = if share == Share::Full { on != next } else { on > next };
            if wrong {
                let message =
                    format!("`{}` is valid until {end}, so it is succeeded on {next}, not on {on}", line.from.get_ref());
                let help = Some(format!("write on = {next}, or correct its valid_to"));
                reader.complain_with(line.on.span(), message, help, span.clone(), "its last day");
                return;
            }
        }
        None if share == Share::Full => {
            let message = format!("{what} `{}` lives on, so it cannot be succeeded in full", line.from.get_ref());
            let last = on.yesterday().unwrap_or(on);
            let help = Some(format!("give it valid_to = {last}, or write share = \"part\""));
            reader.complain_with(line.from.span(), message, help, from.key.span(), "it has no valid_to");
        }
        None => {}
    }
    if to.from > on {
        let message = format!("`{}` begins on {}, after the succession on {on}", line.to.get_ref(), to.from);
        reader.complain_with(line.to.span(), message, None, to.key.span(), "it stands here");
    } else if let Some((end, span)) = &to.to
        && *end < on
    {
        let message = format!("`{}` ends on {end}, before the succession on {on}", line.to.get_ref());
        reader.complain_with(line.to.span(), message, None, span.clone(), "its last day");
    }
}

fn check_heirs(reader: &mut Reader, what: &str, thing: &Lasting<'_>, lines: &[Succession]) {
    let Some((end, span)) = &thing.to else { return };
    let key = thing.key.get_ref();
    let last: Vec<&Succession> = lines.iter().filter(|line| line.on > *end).collect();
    let full = last.iter().filter(|line| line.share == Share::Full).count();
    if lines.is_empty() {
        let help = Some(format!("add a [[succession]] from = \"{key}\", on = {}", end.tomorrow().unwrap_or(*end)));
        reader.complain(span.clone(), format!("{what} `{key}` ends on {end} and nobody succeeds it"), help);
    } else if full > 1 || (full == 1 && last.len() > 1) {
        let names = last.iter().map(|line| format!("`{}`", line.to)).collect::<Vec<_>>().join(", ");
        let help = Some("a division is written as several share = \"part\"".to_owned());
        reader.complain(span.clone(), format!("{what} `{key}` goes in full to one and yet to others: {names}"), help);
    } else if full == 0 && last.len() == 1 {
        let help = Some("write share = \"full\", or name who takes the other parts".to_owned());
        reader.complain(
            span.clone(),
            format!("{what} `{key}` ends and only a part of it is succeeded, by `{}`", last[0].to),
            help,
        );
    }
}
