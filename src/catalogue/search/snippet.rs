//! What was found, shown: texts cut into parts, marked or not. Never HTML: whoever shows a part escapes
//! it, so that nobody has to trust a text.

use std::ops::Range;

use super::index::Index;
use super::lexicon::Form;
use super::markup::plain;
use super::question::Question;
use super::reading::{Reading, Section};
use super::words::words;
use crate::catalogue::Edition;

/// Longest excerpt of a lesson, in characters, and how much of it comes before what was found.
const EXCERPT: usize = 220;
const BEFORE: usize = 60;
/// Marks of a line beyond which more say nothing more.
const MOST_MARKS: usize = 4;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The text, as it is: no markup.
    pub text: String,
    /// Whether it is what was looked for.
    pub mark: bool,
}

/// An excerpt of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The lesson's slug.
    pub slug: String,
    /// The lesson's title.
    pub title: String,
    /// What it says.
    pub parts: Vec<Part>,
}

/// Where a module says what was looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlights {
    /// The whole title.
    pub title: Vec<Part>,
    /// The whole summary.
    pub summary: Vec<Part>,
    /// The line of a lesson that says most of it, where one does.
    pub lesson: Option<Excerpt>,
}

/// What to mark, ready for many modules.
#[derive(Debug)]
pub(super) struct Marker {
    /// For each form, whether something to mark begins with it.
    begins: Vec<bool>,
    /// The stems to mark, in order, and the unit that they are of.
    shown: Vec<(Vec<u32>, usize)>,
    /// How many units have something to mark.
    units: usize,
}

/// Words to mark: the first, how many, and the unit.
type Mark = (usize, usize, usize);

impl Marker {
    /// What a question marks.
    pub fn of(index: &Index, question: &Question) -> Self {
        let units = question.units.iter().enumerate();
        let shown: Vec<(Vec<u32>, usize)> = units
            .flat_map(|(rank, unit)| unit.shown.iter().map(move |s| (s.clone(), rank)))
            .collect();
        let mut begins = vec![false; index.lexicon.len()];
        for first in shown.iter().filter_map(|(stems, _)| stems.first()) {
            index.lexicon.forms_of(*first).iter().for_each(|&form| begins[form as usize] = true);
        }
        let units = question.units.iter().filter(|unit| !unit.shown.is_empty()).count();
        Self { begins, shown, units }
    }

    /// Where a module says what was looked for.
    pub fn highlights(&self, index: &Index, doc: usize) -> Highlights {
        let (edition, reading) = (&index.docs[doc], &index.readings[doc]);
        let manifest = &edition.content.manifest;
        let mut highlights = Highlights {
            title: parts(&manifest.title, &[], None),
            summary: parts(&manifest.summary, &[], None),
            lesson: None,
        };
        let mut best: Option<((usize, usize), usize)> = None;
        for rank in 0..reading.lines.len() {
            let marks = self.marks(index, &reading.words[reading.line(rank)]);
            if marks.is_empty() {
                continue;
            }
            match reading.lines[rank].section {
                Section::Title => highlights.title = parts(&manifest.title, &marks, None),
                Section::Summary => highlights.summary = parts(&manifest.summary, &marks, None),
                Section::Lesson(_) => {
                    let worth = (units_of(&marks), marks.len().min(MOST_MARKS));
                    if best.is_none_or(|(known, _)| worth > known) {
                        best = Some((worth, rank));
                    }
                    // Lessons come last, and no line says more.
                    if worth == (self.units, MOST_MARKS) {
                        break;
                    }
                }
                _ => {}
            }
        }
        highlights.lesson = best.and_then(|(_, rank)| self.excerpt(index, edition, reading, rank));
        highlights
    }

    fn excerpt(
        &self,
        index: &Index,
        edition: &Edition,
        reading: &Reading,
        rank: usize,
    ) -> Option<Excerpt> {
        let line = reading.lines[rank];
        let Section::Lesson(lesson) = line.section else { return None };
        let lesson = edition.content.lessons.get(usize::from(lesson))?;
        let text = lesson.markdown.get(line.byte as usize..)?.split('\n').next()?;
        let marks = self.marks(index, &reading.words[reading.line(rank)]);
        let parts = parts(&plain(text), &marks, Some(EXCERPT));
        Some(Excerpt { slug: lesson.slug.clone(), title: lesson.title.clone(), parts })
    }

    /// What to mark among these words.
    fn marks(&self, index: &Index, words: &[Form]) -> Vec<Mark> {
        let lexicon = &index.lexicon;
        let (mut marks, mut at) = (Vec::new(), 0);
        while at < words.len() {
            if !self.begins.get(words[at] as usize).copied().unwrap_or_default() {
                at += 1;
                continue;
            }
            let fits = |stems: &[u32]| {
                let here = words[at..].iter().map(|&form| lexicon.stem(form));
                here.take(stems.len()).eq(stems.iter().copied())
            };
            let fitting = self.shown.iter().filter(|(stems, _)| fits(stems));
            match fitting.max_by_key(|(stems, _)| stems.len()) {
                Some((stems, unit)) => {
                    marks.push((at, stems.len(), *unit));
                    at += stems.len();
                }
                None => at += 1,
            }
        }
        marks
    }
}

fn units_of(marks: &[Mark]) -> usize {
    let mut units: Vec<usize> = marks.iter().map(|(.., unit)| *unit).collect();
    units.sort_unstable();
    units.dedup();
    units.len()
}

/// A text in parts, whole or cut around what is marked first.
fn parts(text: &str, marks: &[Mark], most: Option<usize>) -> Vec<Part> {
    if marks.is_empty() && most.is_none_or(|most| text.len() <= most) {
        let whole = || Part { text: text.to_owned(), mark: false };
        return (!text.is_empty()).then(whole).into_iter().collect();
    }
    let places: Vec<Range<usize>> = words(text).into_iter().map(|word| word.at).collect();
    let marked = marks.iter().filter_map(|&(first, count, _)| {
        Some(places.get(first)?.start..places.get(first + count - 1)?.end)
    });
    let marked: Vec<Range<usize>> = marked.collect();
    let window = match (most, marked.first()) {
        (Some(most), Some(first)) => window(text, &places, first.start, most),
        _ => 0..text.len(),
    };
    let mut parts = Vec::new();
    let mut put = |text: &str, mark: bool| {
        if !text.is_empty() {
            parts.push(Part { text: text.to_owned(), mark });
        }
    };
    put(if window.start > 0 { "… " } else { "" }, false);
    let mut at = window.start;
    for mark in marked.iter().filter(|mark| mark.start >= window.start && mark.end <= window.end) {
        put(&text[at..mark.start], false);
        put(&text[mark.start..mark.end], true);
        at = mark.end;
    }
    put(&text[at..window.end], false);
    put(if window.end < text.len() { " …" } else { "" }, false);
    parts
}

/// The bytes of an excerpt that begins some words before a place, between two words.
fn window(text: &str, places: &[Range<usize>], found: usize, most: usize) -> Range<usize> {
    let start = places.iter().map(|place| place.start).find(|&start| start + BEFORE >= found);
    let start = start.filter(|_| found > BEFORE).unwrap_or(0);
    let ends = places.iter().map(|place| place.end).filter(|&end| end > found);
    let fits = ends.take_while(|&end| end <= start + most).last();
    let end = fits.filter(|_| text.len() > start + most).unwrap_or(text.len());
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[Part]) -> String {
        let show =
            |part: &Part| if part.mark { format!("<{}>", part.text) } else { part.text.clone() };
        parts.iter().map(show).collect()
    }

    #[test]
    fn a_text_is_cut_between_words_around_what_is_marked() {
        let text = "mot ".repeat(30) + "é&<b> trouvé ici " + &"suite ".repeat(60);
        let marks = [(32, 1, 0)];
        let cut = shown(&parts(&text, &marks, Some(EXCERPT)));
        assert!(cut.starts_with("… mot ") && cut.ends_with("suite …"), "{cut}");
        assert!(cut.contains("é&<b> <trouvé> ici"), "{cut}");
        assert!(cut.chars().count() < EXCERPT + 10, "{cut}");
        assert_eq!(shown(&parts("Un texte", &[(0, 2, 0)], None)), "<Un texte>");
        assert_eq!(shown(&parts("", &[], None)), "");
    }
}
