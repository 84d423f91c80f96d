//! A complaint about a pack: where, what is wrong, what was probably meant. Told as one line or drawn as a compiler draws it.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One mistake in a pack.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// The file, from the pack's folder on: `units.toml`, `feedback/fields.toml`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in letters, from 1.
    pub column: usize,
    /// The bytes of the file that are meant.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What was probably meant, or what to do.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub notes: Vec<Note>,
    pub(crate) text: Arc<str>,
}

/// Another place that belongs to a complaint.
#[derive(Clone, Debug)]
pub struct Note {
    /// The file, from the pack's folder on.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The bytes of the file that are meant.
    pub span: Range<usize>,
    /// What is there.
    pub says: String,
    pub(crate) text: Arc<str>,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        for note in &self.notes {
            write!(f, " ({}, {}:{})", note.says, note.file, note.line)?;
        }
        Ok(())
    }
}

impl std::error::Error for Complaint {}

/// Line and column, from 1, of a byte in a text.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.bytes().filter(|b| *b == b'\n').count() + 1, before[start..].chars().count() + 1)
}

/// Draws complaints as a compiler does, without colours.
#[must_use]
pub fn render(complaints: &[Complaint]) -> String {
    draw(complaints, &Renderer::plain())
}

/// Draws complaints as a compiler does, with colours for a terminal.
#[must_use]
pub fn render_styled(complaints: &[Complaint]) -> String {
    draw(complaints, &Renderer::styled())
}

fn draw(complaints: &[Complaint], renderer: &Renderer) -> String {
    let mut out = String::new();
    for complaint in complaints {
        let title = Level::ERROR.primary_title(complaint.message.as_str());
        let mut group = if complaint.text.is_empty() {
            title.element(Origin::path(complaint.file.as_str()))
        } else {
            let primary = AnnotationKind::Primary.span(within(&complaint.text, &complaint.span));
            let mut snippet = Snippet::source(&*complaint.text).path(complaint.file.as_str()).annotation(primary);
            for note in complaint.notes.iter().filter(|note| note.file == complaint.file) {
                snippet =
                    snippet.annotation(AnnotationKind::Context.span(within(&note.text, &note.span)).label(note.says.as_str()));
            }
            title.element(snippet)
        };
        for note in complaint.notes.iter().filter(|note| note.file != complaint.file) {
            let label = AnnotationKind::Context.span(within(&note.text, &note.span)).label(note.says.as_str());
            group = group.element(Snippet::source(&*note.text).path(note.file.as_str()).annotation(label));
        }
        if let Some(help) = &complaint.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let groups: [Group<'_>; 1] = [group];
        out.push_str(&renderer.render(&groups));
        out.push_str("\n\n");
    }
    out
}

/// The span cut down to whole letters inside the text, and to its first line: a table of forty lines is not underlined forty times.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.end.clamp(start, text.len());
    if let Some(line) = text[start..].find('\n') {
        end = end.min(start + line);
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_letters_not_bytes() {
        let text = "a\nđường = 1\n";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, text.find('=').expect("it is there")), (2, 7));
        assert_eq!(position(text, 9_999), (3, 1));
    }
}
