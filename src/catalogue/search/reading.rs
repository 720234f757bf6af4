//! An edition as it is searched: its words in order, under their numbers, and where each line begins.
//! Made once for an edition, and kept from one catalogue to the next.

use uuid::Uuid;

use super::expressions::{Expressions, numbered, wider};
use super::lexicon::{Form, Lexicon};
use super::markup::plain;
use super::words::{Join, Stems, Word, each_word, is_empty_word};
use crate::catalogue::Edition;

/// How much a place says of what a module is about, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// The code and the title.
    Title,
    /// The summary, the objectives and the themes.
    Head,
    /// The titles of lessons.
    Heading,
    /// The text of lessons.
    Text,
}

/// A part of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// The code.
    Code,
    /// The title.
    Title,
    /// The summary.
    Summary,
    /// The objectives.
    Objectives,
    /// The themes.
    Themes,
    /// The title of a lesson, by its rank from 0.
    Heading(u16),
    /// The text of a lesson, by its rank from 0.
    Lesson(u16),
}

impl Section {
    /// The field of what stands here.
    pub fn field(self) -> Field {
        match self {
            Self::Code | Self::Title => Field::Title,
            Self::Summary | Self::Objectives | Self::Themes => Field::Head,
            Self::Heading(_) => Field::Heading,
            Self::Lesson(_) => Field::Text,
        }
    }
}

/// A line: where it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Rank of its first word in the edition.
    pub word: u32,
    /// What it is a part of.
    pub section: Section,
    /// Its first byte in the Markdown of a lesson; 0 elsewhere.
    pub byte: u32,
}

/// An edition as it is searched.
#[derive(Debug)]
pub(super) struct Reading {
    /// The version.
    pub version: Uuid,
    /// Every word.
    pub words: Box<[Form]>,
    /// Every line that has words.
    pub lines: Box<[Line]>,
    /// The expressions and articles, each with where it stands.
    pub wholes: Box<[(Form, Field)]>,
}

impl Reading {
    /// Reads an edition, adding its words to the lexicon.
    pub fn of(edition: &Edition, lexicon: &mut Lexicon, expressions: &Expressions) -> Self {
        let manifest = &edition.content.manifest;
        let mut reader = Reader::new(lexicon, expressions);
        reader.line(Section::Code, 0, manifest.code.as_str());
        reader.line(Section::Title, 0, &manifest.title);
        reader.line(Section::Summary, 0, &manifest.summary);
        manifest.objectives.iter().for_each(|text| reader.line(Section::Objectives, 0, text));
        manifest.themes.iter().for_each(|theme| reader.line(Section::Themes, 0, theme));
        for (rank, lesson) in (0..).zip(&edition.content.lessons) {
            reader.line(Section::Heading(rank), 0, &lesson.title);
            let mut byte = 0;
            for line in lesson.markdown.split('\n') {
                reader.line(Section::Lesson(rank), byte, &plain(line));
                byte += line.len() + 1;
            }
        }
        Self {
            version: edition.version.id,
            words: reader.words.into(),
            lines: reader.lines.into(),
            wholes: reader.wholes.into(),
        }
    }

    /// The words of the line of that rank, as a range of [`Self::words`].
    pub fn line(&self, rank: usize) -> std::ops::Range<usize> {
        let end = self.lines.get(rank + 1).map_or(self.words.len(), |next| next.word as usize);
        self.lines[rank].word as usize..end
    }
}

/// An edition being read.
struct Reader<'r> {
    lexicon: &'r mut Lexicon,
    expressions: &'r Expressions,
    stems: Stems,
    words: Vec<Form>,
    lines: Vec<Line>,
    wholes: Vec<(Form, Field)>,
    /// The words of the line being read, and their stems.
    here: Vec<Word>,
}

impl<'r> Reader<'r> {
    fn new(lexicon: &'r mut Lexicon, expressions: &'r Expressions) -> Self {
        Self {
            lexicon,
            expressions,
            stems: Stems::default(),
            words: Vec::new(),
            lines: Vec::new(),
            wholes: Vec::new(),
            here: Vec::new(),
        }
    }

    fn line(&mut self, section: Section, byte: usize, text: &str) {
        let first = self.words.len();
        self.here.clear();
        each_word(text, |word, at, join| {
            let form = self.lexicon.word(word, &text[at.clone()], &self.stems);
            self.words.push(form);
            self.here.push(Word { text: word.to_owned(), at, join });
        });
        if self.words.len() == first {
            return;
        }
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.lines.push(Line { word: number(first), section, byte: number(byte) });
        self.wholes_from(first, section.field());
    }

    /// What the words of the line mean together. What was recognised is passed over, so that a delegate
    /// for data protection is not also data protection.
    fn wholes_from(&mut self, first: usize, field: Field) {
        let stem = |&form: &Form| self.lexicon.stem_text(form).to_owned();
        let stems: Vec<String> = self.words[first..].iter().map(stem).collect();
        if field != Field::Text {
            self.pairs(&stems, field);
        }
        let mut at = 0;
        while at < stems.len() {
            let words = &self.here[at..];
            let digits = words.len() > 1 && words.iter().take(3).any(Word::is_number);
            let found = self.expressions.at(&stems[at..]).filter(|found| found.len > 1);
            let found = found.or_else(|| if digits { numbered(words) } else { None });
            let Some(found) = found else {
                at += 1;
                continue;
            };
            self.wholes.push((self.lexicon.whole(&found.key), field));
            if let Some(wider) = wider(&found.key) {
                self.wholes.push((self.lexicon.whole(wider), field));
            }
            // What touches stays together: the rest of an article is no word of its own.
            at += found.len;
            while self.here.get(at).is_some_and(|word| word.join == Join::Glued) {
                at += 1;
            }
        }
    }

    /// The words that follow each other where a module says what it is about.
    fn pairs(&mut self, stems: &[String], field: Field) {
        let said = self.here.iter().zip(stems).filter(|(word, _)| !is_empty_word(&word.text));
        let said: Vec<&String> = said.map(|(_, stem)| stem).collect();
        for pair in said.windows(2) {
            self.wholes.push((self.lexicon.whole(&pair_key(pair[0], pair[1])), field));
        }
    }
}

/// The form of two stems that follow each other, but for empty words.
pub(super) fn pair_key(first: &str, second: &str) -> String {
    format!("#{first} {second}")
}
