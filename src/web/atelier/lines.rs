//! A file line by line, with what is said of each: by the lint, by reviewers.

use crate::content::{Finding, Severity};

/// Lines shown one by one; beyond, only those of which something is said and their neighbours.
const MOST_LINES: usize = 1_500;
/// Neighbours shown beside a line of which something is said, when not all are.
const NEIGHBOURS: usize = 2;

/// What is said of a line, or of the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// The line, from 1; the whole file if absent.
    pub(super) line: Option<u32>,
    /// The word that says who speaks: never by colour alone.
    pub(super) word: &'static str,
    /// The class of its style.
    pub(super) class: &'static str,
    /// What is said.
    pub(super) text: String,
}

impl Note {
    /// What the lint says.
    pub(super) fn of_finding(finding: &Finding) -> Self {
        let (word, class) = match finding.severity {
            Severity::Error => ("À corriger", "bad"),
            Severity::Due => ("À relire", "warn"),
        };
        let text = format!("{} — {}", finding.what, finding.remedy);
        Self { line: finding.line, word, class, text }
    }

    /// What a reviewer says.
    pub(super) fn of_review(line: u32, text: &str) -> Self {
        Self { line: Some(line), word: "Relecture", class: "said", text: text.to_owned() }
    }

    /// Where it stands on the page.
    pub(super) fn anchor(&self) -> String {
        self.line.map_or_else(|| "fichier".to_owned(), |line| format!("ligne-{line}"))
    }
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u32,
    /// What it says.
    pub(super) text: String,
    /// What is said of it.
    pub(super) notes: Vec<Note>,
    /// Whether lines were left out before it.
    pub(super) gap: bool,
}

/// The lines of a text with their notes. A note beyond the last line stands on the last.
pub(super) fn numbered(text: &str, notes: &[Note]) -> Vec<Line> {
    let all: Vec<&str> = text.lines().collect();
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let at = |note: &Note| note.line.map(|line| line.clamp(1, count.max(1)));
    let near = |number: u32| {
        let close = |line: u32| line.abs_diff(number) as usize <= NEIGHBOURS;
        all.len() <= MOST_LINES || notes.iter().filter_map(at).any(close)
    };
    let mut lines: Vec<Line> = Vec::new();
    for (number, text) in (1..).zip(&all) {
        if !near(number) {
            continue;
        }
        let own = notes.iter().filter(|note| at(note) == Some(number)).cloned().collect();
        let gap = lines.last().map_or(1, |line| line.number + 1) != number;
        lines.push(Line { number, text: (*text).to_owned(), notes: own, gap });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(line: Option<u32>) -> Note {
        Note { line, word: "À corriger", class: "bad", text: "x".to_owned() }
    }

    #[test]
    fn a_note_stands_on_its_line_and_one_beyond_the_end_on_the_last() {
        let lines = numbered("a\n\nc\n", &[note(Some(2)), note(Some(9)), note(None)]);
        let said: Vec<_> = lines.iter().map(|l| (l.number, l.notes.len(), l.gap)).collect();
        assert_eq!(said, [(1, 0, false), (2, 1, false), (3, 1, false)]);
        assert!(numbered("", &[note(Some(1))]).is_empty());
    }

    #[test]
    fn a_long_file_shows_what_is_said_and_its_neighbours() {
        let text = "x\n".repeat(MOST_LINES + 1);
        let lines = numbered(&text, &[note(Some(10)), note(Some(12)), note(Some(900))]);
        let shown: Vec<u32> = lines.iter().map(|line| line.number).collect();
        assert_eq!(shown, [8, 9, 10, 11, 12, 13, 14, 898, 899, 900, 901, 902]);
        assert_eq!(lines.iter().filter(|line| line.gap).count(), 2);
    }
}
