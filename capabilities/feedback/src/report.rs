//! A report: what a resident tells the city, and what the city may do with it. Decisions only: each gives a [`Change`] or a
//! [`Refusal`], and reads no clock, table or request.
//!
//! Start at [`Submission::change`] (it arrives), then [`Report`]'s verbs in the order of its life: take, forward, draft, publish, archive.

use crate::contact::Contact;
use crate::pack::{Category, Deadline, Feedback, Lead};
use crate::refusal::Refusal;
use cases::clocks::{FIRST_RESPONSE, LEGAL, STEP};
use cases::{
    Case, Change, ClockAct, Document, DocumentEffect, Effect, NewCase, OnParty, PaperEffect, PartyEffect, PartyRole, PublicState,
    Route, Stage, Step, StepEffect, StepKind, Verb, Words,
};
use jiff::civil::Date;
use kernel::{Actor, Instant, Lang, Point, Token};
use serde::{Deserialize, Serialize};

/// The kind of case.
pub const KIND: &str = "report";
/// The purpose of the private link in a message.
pub const LINK: &str = "report-follow";
/// Fewest letters of a description.
pub const TEXT_LEAST: usize = 10;
/// Most letters of a description (GeoReport v2 allows 4,000).
pub const TEXT_MOST: usize = 4_000;
/// Most letters of an address.
pub const ADDRESS_MOST: usize = 200;
/// Most photos of a report.
pub const PHOTOS_MOST: usize = 8;
/// Letters of an answer.
pub const ANSWER: std::ops::RangeInclusive<usize> = 20..=6_000;
/// Letters of a word that the reporter adds.
pub const WORD_MOST: usize = 2_000;
/// Words a reporter may add to one report.
pub const WORDS_MOST: usize = 20;
/// The kind of document that answers a report.
pub const ANSWER_KIND: &str = "answer";

/// How the area of a report was found; it is stored, since seats alone do not say where a border runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The sender confirmed it.
    Confirmed,
    /// The area with the nearest seat.
    Nearest,
    /// The point is near the outline of the city, on either side: triage looks.
    Border,
    /// Nobody knows yet.
    #[default]
    Unknown,
    /// Another system said so.
    Imported,
}

/// What arrives, already checked by whoever took it in.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The category's key.
    pub category: String,
    /// What happens.
    pub text: String,
    /// The address in the sender's words.
    pub address: Option<String>,
    /// Where.
    pub point: Option<Point>,
    /// The area, a pack key.
    pub area: Option<String>,
    /// How the area was found.
    pub how: How,
    /// How the sender can be reached, if at all.
    pub contact: Contact,
    /// The sender's language.
    pub lang: Lang,
    /// Photos, by content hash.
    pub photos: Vec<files::Hash>,
    /// `web`, `api`, `demo`.
    pub channel: &'static str,
    /// The private link's token, made at the edge.
    pub link: Token,
}

/// What a report's first line in the journal says beside the engine's words.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Told {
    /// What happens, in the sender's words.
    pub text: String,
    /// The address in the sender's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// How the area was found.
    pub how: How,
    /// The sender's language.
    pub lang: Lang,
}

/// The unit that a category's routing names for an area.
#[must_use]
pub fn unit_of(lead: &Lead, city: &pack::City, area: Option<&str>, day: Date) -> Option<String> {
    match lead {
        Lead::Unit(key) => city.units.get(key).filter(|unit| unit.valid_on(day)).map(|unit| unit.key.clone()),
        Lead::CommitteeOfArea => city.units.committee_of(area?).map(|unit| unit.key.clone()),
    }
}

/// A title from a description: its first sentence or line, cut between words.
#[must_use]
pub fn title_of(text: &str) -> String {
    let first = sentences(text).map(str::trim).find(|part| part.chars().count() >= 4).unwrap_or(text);
    cut(first, 90)
}

/// The sentences of a text, without their last sign. A dot within a number or a name (612.000, TP.HCM) ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = all.char_indices().find(|(at, sign)| {
            let last = all[at + sign.len_utf8()..].chars().next().is_none_or(char::is_whitespace);
            *sign == '\n' || (matches!(sign, '.' | '!' | '?' | ';') && last)
        });
        match end {
            Some((at, sign)) => {
                rest = Some(&all[at + sign.len_utf8()..]);
                Some(&all[..at])
            }
            None => {
                rest = None;
                Some(all)
            }
        }
    })
}

/// The longest sentence that stands whole on a card.
const HEADLINE_MOST: usize = 140;

/// What a text says beyond the title that stands above it.
#[must_use]
pub fn beyond(title: &str, text: &str) -> Option<String> {
    let begun = title.ends_with('…');
    let Some(rest) = text.strip_prefix(title.trim_end_matches('…')) else { return Some(text.to_owned()) };
    let rest = rest.trim_start_matches(['.', '!', '?', ';', ',', '…']).trim();
    (!rest.is_empty()).then(|| if begun { format!("… {rest}") } else { rest.to_owned() })
}

/// What stands on a card: the title, and what the text says beyond it. A sentence only a little longer than a title is not torn.
#[must_use]
pub fn headline(title: &str, text: &str) -> (String, Option<String>) {
    let torn = title.strip_suffix('…').filter(|begun| text.starts_with(begun));
    let whole = torn.and_then(|begun| sentences(text).map(str::trim).find(|sentence| sentence.starts_with(begun)));
    let title = whole.filter(|sentence| sentence.chars().count() <= HEADLINE_MOST).unwrap_or(title);
    (title.to_owned(), beyond(title, text))
}

/// The beginning of a text, cut between words.
#[must_use]
pub fn cut(text: &str, letters: usize) -> String {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.chars().count() <= letters {
        return plain;
    }
    let head: String = plain.chars().take(letters - 1).collect();
    let whole = head.rfind(' ').filter(|at| *at > head.len() / 2).map_or(head.as_str(), |at| &head[..at]);
    format!("{}…", whole.trim_end_matches([',', ';', ':', '-', ' ']))
}

impl Submission {
    /// It arrives: the unit that the routing names gets it, with a legal term and a first response to give.
    ///
    /// # Errors
    /// [`Refusal::NoCategory`] when the category cannot be chosen today.
    pub fn change(&self, city: &pack::City, by: &Actor, now: Instant) -> Result<Change, Refusal> {
        let day = now.day(&city.zone);
        let feedback = Feedback::of(city);
        let category = feedback.category(&self.category).filter(|c| c.is_valid_on(day)).ok_or(Refusal::NoCategory)?;
        let deadline = feedback.deadline_of(category);
        let sure = !matches!(self.how, How::Border | How::Unknown);
        let routed = unit_of(&category.lead, city, self.area.as_deref(), day).filter(|_| sure);
        let unit = routed.unwrap_or_else(|| city.triage.clone());
        let told = Told { text: self.text.clone(), address: self.address.clone(), how: self.how, lang: self.lang };
        let definition = city.definition(KIND, &category.key).map(|d| cases::Definition {
            key: d.key.clone(),
            version: d.version.clone(),
            hash: d.hash.clone(),
        });
        let new = NewCase {
            kind: KIND.to_owned(),
            prefix: city.report_prefix.clone(),
            definition: definition.unwrap_or_default(),
            state: "new".to_owned(),
            public: PublicState::Received,
            category: category.key.clone(),
            area: self.area.clone().unwrap_or_default(),
            unit: unit.clone(),
            point: self.point,
            title: title_of(&self.text),
            lead: cut(&self.text, 200),
            priority: u8::from(category.emergency),
            confidentiality: u8::from(category.confidential),
            channel: self.channel.to_owned(),
            ..NewCase::default()
        };
        let mut change = Change::open(new, by).with(StepEffect::lead("handle", &unit, None)).payload(json(&told));
        // Near the end of what the calendar has decided no term can be counted. The report is taken all the same; triage sets a date.
        let calendar = city.calendars.get(&deadline.calendar);
        for (code, rule) in [(LEGAL, &deadline.legal), (FIRST_RESPONSE, &deadline.first_response)] {
            if calendar.is_some_and(|calendar| calendars::due(rule, calendar, now).is_ok()) {
                change = change.clock(ClockAct::start(code, rule.clone(), &deadline.calendar));
            }
        }
        for photo in &self.photos {
            change = change.with(photo_paper(photo));
        }
        let mut party = None;
        if self.contact.reaches() {
            party = Some(1);
            change = change.with(PartyEffect::added(PartyRole::Reporter)).sealed_set(
                OnParty::NewParty,
                &self.contact,
                self.contact.handle(),
            );
        }
        Ok(with_link(change, &self.link, party))
    }
}

/// The same change with a private link for its reporter: every one opens the same page, and none runs out by itself.
pub fn with_link(change: Change, link: &Token, party: Option<u32>) -> Change {
    change.link_token(link.digest(LINK), LINK, party, None)
}

fn photo_paper(hash: &files::Hash) -> PaperEffect {
    PaperEffect::Added {
        requirement: None,
        kind: "photo".to_owned(),
        source: "upload".to_owned(),
        file: Some(hash.as_str().to_owned()),
        record: None,
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("these structs of texts always become JSON")
}

/// A report as its officials see it.
#[derive(Clone, Debug)]
pub struct Report {
    /// The case.
    pub case: Case,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Its documents.
    pub documents: Vec<Document>,
}

/// What an official shows the public when publishing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The text, as the official leaves it; none when it stays closed.
    pub text: Option<String>,
    /// The address; none when the place stays closed, empty when only its point is shown.
    pub address: Option<String>,
    /// The photos that were ticked, by content hash.
    pub photos: Vec<String>,
}

impl Report {
    /// The step that answers for the report now.
    #[must_use]
    pub fn open_step(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == StepKind::Lead && step.is_open())
    }

    /// The draft of the answer.
    #[must_use]
    pub fn draft(&self) -> Option<&Document> {
        self.documents.iter().rev().find(|document| document.kind == ANSWER_KIND && document.stage != Stage::Issued)
    }

    fn open(&self) -> Result<&Step, Refusal> {
        if self.case.is_closed() { Err(Refusal::Closed) } else { self.open_step().ok_or(Refusal::Closed) }
    }

    /// An official takes it on.
    ///
    /// # Errors
    /// When it is closed.
    pub fn take(&self, by: &Actor) -> Result<Change, Refusal> {
        let step = self.open()?.no;
        Ok(Change::of(&self.case, Verb::Take, by)
            .in_step(step)
            .with(StepEffect::Taken { step, person: by.official().unwrap_or_default() })
            .state("taken", PublicState::InProgress)
            .clock(ClockAct::done(FIRST_RESPONSE)))
    }

    /// Handed to another unit, which gets a step and, where a day is set, a clock of its own. The legal term runs on.
    ///
    /// # Errors
    /// When it is closed, the unit has it already, or the day is past or beyond the report's own term.
    pub fn forward(
        &self,
        to: &str,
        due: Option<Instant>,
        calendar: &str,
        note: Option<&str>,
        by: &Actor,
        now: Instant,
    ) -> Result<Change, Refusal> {
        let open = self.open()?;
        if open.unit == to {
            return Err(Refusal::SameUnit);
        }
        if due.is_some_and(|due| due <= now) {
            return Err(Refusal::DuePast);
        }
        if let (Some(due), Some(term)) = (due, self.case.due_at)
            && due > term
            && term > now
        {
            return Err(Refusal::DueBeyond);
        }
        let mut next = StepEffect::lead("handle", to, Some(open.no));
        if let Some(note) = note {
            next = next.noted(note);
        }
        let mut change = Change::of(&self.case, Verb::Forward, by)
            .in_step(open.no)
            .with(StepEffect::done(open.no, "forwarded"))
            .with(next)
            .with(Effect::Handed { unit: to.to_owned() })
            .state("forwarded", PublicState::InProgress)
            .clock(ClockAct::Stop { which: cases::Which::OfStep(open.no), why: "done".to_owned() })
            .clock(ClockAct::done(FIRST_RESPONSE));
        if let Some(due) = due {
            change = change.clock(ClockAct::StartAt {
                code: STEP.to_owned(),
                on: cases::On::NewStep,
                calendar: calendar.to_owned(),
                due,
            });
        }
        Ok(change)
    }

    /// The answer is drafted, or drafted anew.
    ///
    /// # Errors
    /// When it is closed.
    pub fn write_answer(&self, text: &str, by: &Actor) -> Result<Change, Refusal> {
        let step = self.open()?.clone();
        let document = self.draft().map(|draft| draft.no);
        let effect =
            DocumentEffect::Drafted { document, kind: ANSWER_KIND.to_owned(), text: Words::new(text), route: Route::answer() };
        let mut change = Change::of(&self.case, Verb::Draft, by)
            .in_step(step.no)
            .with(effect)
            .state("drafted", PublicState::InProgress)
            .clock(ClockAct::done(FIRST_RESPONSE));
        if step.taken_at.is_none() {
            change = change.with(StepEffect::Taken { step: step.no, person: by.official().unwrap_or_default() });
        }
        Ok(change)
    }

    /// The answer goes out and the report stands in public; a confidential one is answered to its reporter alone. `called` is what it is called
    /// in public when its own words stay closed: title and excerpt in the lists come from the words.
    ///
    /// # Errors
    /// When it is closed or nothing was drafted.
    pub fn publish(&self, shown: &Shown, called: &str, by: &Actor) -> Result<Change, Refusal> {
        let step = self.open()?.no;
        let draft = self.draft().ok_or(Refusal::NoAnswer)?;
        let private = self.case.confidentiality > 0;
        let verb = if private { Verb::Issue } else { Verb::Publish };
        let mut change = Change::of(&self.case, verb, by)
            .in_step(step)
            .with(DocumentEffect::Issued { document: draft.no })
            .with(StepEffect::done(step, "answered"))
            .state("answered", PublicState::Answered)
            .closing();
        if !private {
            change = change.with(Effect::Published).payload(json(&PublicPart::of(shown)));
            let (title, lead) = match &shown.text {
                Some(text) => (title_of(text), cut(text, 200)),
                None => (called.to_owned(), called.to_owned()),
            };
            change = change.with(Effect::Retitled { title: title.into(), lead: lead.into() });
        }
        Ok(change)
    }

    /// Put away without being handled; the reporter reads why.
    ///
    /// # Errors
    /// When it is closed.
    pub fn archive(&self, reason: &str, by: &Actor) -> Result<Change, Refusal> {
        let step = self.open()?.no;
        Ok(Change::of(&self.case, Verb::Archive, by)
            .ground(reason)
            .in_step(step)
            .with(StepEffect::done(step, "archived"))
            .state("archived", PublicState::Archived))
    }
}

/// A word that the holder of the private link adds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddedWord {
    /// The word.
    pub word: String,
}

/// The holder of the private link adds a word.
#[must_use = "a change that is not recorded has not happened"]
pub fn add_word(case: &Case, text: &str) -> Change {
    Change::of(case, Verb::Annotate, &Actor::LinkHolder).payload(json(&AddedWord { word: text.to_owned() }))
}

/// What became public, as the journal keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublicPart {
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The photos' hashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<String>,
}

impl PublicPart {
    fn of(shown: &Shown) -> Self {
        Self { text: shown.text.clone(), address: shown.address.clone(), photos: shown.photos.clone() }
    }
}

/// The deadline class of a case's category.
#[must_use]
pub fn deadline_of<'a>(city: &'a pack::City, case: &Case) -> Option<(&'a Category, &'a Deadline)> {
    let feedback = Feedback::of(city);
    let category = feedback.category(&case.category)?;
    Some((category, feedback.deadline_of(category)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_sentence_cut_between_words() {
        for (text, expect) in [
            ("Ổ gà sâu trước số 12. Hôm qua có người ngã.", "Ổ gà sâu trước số 12"),
            ("Hư đèn", "Hư đèn"),
            ("…\nNước ngập tới gối", "Nước ngập tới gối"),
        ] {
            assert_eq!(title_of(text), expect);
        }
        let long = cut(&"chữ ".repeat(80), 90);
        assert!(long.chars().count() <= 90 && long.ends_with("chữ…"), "{long}");
        for (text, title, rest) in [
            (
                "Tháng này tiền nước 612.000 đồng. Mọi tháng có 200.",
                "Tháng này tiền nước 612.000 đồng",
                Some("Mọi tháng có 200."),
            ),
            ("Xe đậu kín lối. Đi bộ không được.", "Xe đậu kín lối", Some("Đi bộ không được.")),
            ("Đèn tắt.", "Đèn tắt", None),
        ] {
            assert_eq!((title_of(text).as_str(), beyond(title, text).as_deref()), (title, rest));
        }
        assert_eq!(beyond("Đèn ngã tư…", "Đèn ngã tư tắt từ sáng.").as_deref(), Some("… tắt từ sáng."));
    }

    #[test]
    fn a_card_does_not_tear_a_sentence_for_one_word() {
        let long = "chữ ".repeat(50);
        for (title, text, whole, rest) in [
            ("Đèn ngã tư tắt…", "Đèn ngã tư tắt từ sáng. Nhờ xem giúp.", "Đèn ngã tư tắt từ sáng", Some("Nhờ xem giúp.")),
            ("Đèn ngã tư tắt…", "Đèn ngã tư tắt từ sáng.", "Đèn ngã tư tắt từ sáng", None),
            ("Đèn tắt", "Đèn tắt. Nhờ xem giúp.", "Đèn tắt", Some("Nhờ xem giúp.")),
            ("chữ chữ…", long.as_str(), "chữ chữ…", Some(&*format!("… {}", "chữ ".repeat(48).trim()))),
        ] {
            assert_eq!(headline(title, text), (whole.to_owned(), rest.map(str::to_owned)), "{text}");
        }
    }
}
