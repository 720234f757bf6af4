//! The inverted index of a catalogue: under each form, the modules in which it stands, and where.

use std::collections::HashSet;
use std::sync::Arc;

use super::expressions::Expressions;
use super::facets::Values;
use super::lexicon::{Form, Lexicon};
use super::reading::{Field, Reading};
use crate::catalogue::Edition;
use crate::content::{self, ModuleCode, Synonyms};

/// A module in which a form stands, and how many times in each field (255 at most).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    /// Its rank in the order of codes.
    pub doc: u32,
    /// By [`Field`].
    pub counts: [u8; 4],
}

/// What a catalogue is searched with. Never changed: a new catalogue has another, which shares what
/// was read of the editions that stay.
#[derive(Debug)]
pub(crate) struct Index {
    /// The modules, in the order of codes.
    pub(super) docs: Vec<Arc<Edition>>,
    pub(super) readings: Vec<Arc<Reading>>,
    pub(super) lexicon: Arc<Lexicon>,
    pub(super) expressions: Arc<Expressions>,
    /// What each module is counted under.
    pub(super) values: Values,
    /// Whether each is what one begins with: others build upon it, and it builds upon none.
    pub(super) first: Vec<bool>,
    /// The text of the synonyms that the readings were made with.
    synonyms: Arc<str>,
    /// Where the postings of each form begin, and after the last, where they end.
    starts: Vec<u32>,
    postings: Vec<Posting>,
}

impl Index {
    /// Indexes editions, given in the order of codes; what `before` read of them is kept. It takes a core
    /// for as long as new text needs, so it is no work for a thread that serves.
    pub fn build(docs: Vec<Arc<Edition>>, synonyms: &str, before: Option<&Self>) -> Self {
        let before = before.filter(|index| &*index.synonyms == synonyms);
        let expressions = before.map_or_else(
            || Arc::new(Expressions::of(&read_synonyms(synonyms))),
            |index| index.expressions.clone(),
        );
        let mut lexicon = before.map_or_else(Arc::default, |index| index.lexicon.clone());
        let kept = |edition: &Edition| {
            let code = edition.code();
            let at = before?.docs.binary_search_by(|doc| doc.code().cmp(code)).ok()?;
            let reading = &before?.readings[at];
            (reading.version == edition.version.id).then(|| reading.clone())
        };
        let mut readings = Vec::with_capacity(docs.len());
        for edition in &docs {
            readings.push(kept(edition).unwrap_or_else(|| {
                Arc::new(Reading::of(edition, Arc::make_mut(&mut lexicon), &expressions))
            }));
        }
        let (starts, postings) = invert(&readings, lexicon.len());
        let (values, first, synonyms) = (Values::of(&docs), firsts(&docs), synonyms.into());
        Self { docs, readings, lexicon, expressions, values, first, synonyms, starts, postings }
    }

    /// The modules in which a form stands, in the order of codes.
    pub(super) fn postings(&self, form: Form) -> &[Posting] {
        let at = form as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => &self.postings[from as usize..to as usize],
            _ => &[],
        }
    }

    /// Whether a word, or another of its stem, stands anywhere.
    pub(super) fn stands(&self, word: &str, stem: &str) -> bool {
        let found = self.lexicon.find(word).into_iter();
        found
            .chain(self.lexicon.of_stem(stem).iter().copied())
            .any(|f| !self.postings(f).is_empty())
    }
}

/// Which modules one begins with.
fn firsts(docs: &[Arc<Edition>]) -> Vec<bool> {
    let asked = docs.iter().flat_map(|doc| &doc.content.manifest.prerequisites);
    let asked: HashSet<&ModuleCode> = asked.flat_map(|prerequisite| &prerequisite.any_of).collect();
    let begins = |doc: &Arc<Edition>| {
        doc.content.manifest.prerequisites.is_empty() && asked.contains(doc.code())
    };
    docs.iter().map(begins).collect()
}

/// Synonyms that were checked when they were imported; what is unsound in them finds nothing.
fn read_synonyms(text: &str) -> Synonyms {
    content::read_synonyms(text.as_bytes()).0
}

/// The forms of a reading with their fields, in any order.
fn forms(reading: &Reading) -> impl Iterator<Item = (Form, Field)> {
    let lines = (0..reading.lines.len()).flat_map(|rank| {
        let field = reading.lines[rank].section.field();
        reading.words[reading.line(rank)].iter().map(move |&form| (form, field))
    });
    lines.chain(reading.wholes.iter().copied())
}

/// Two passes: how many modules each form stands in, then which.
fn invert(readings: &[Arc<Reading>], forms_known: usize) -> (Vec<u32>, Vec<Posting>) {
    const NONE: u32 = u32::MAX;
    let mut starts = vec![0_u32; forms_known + 1];
    let mut last = vec![NONE; forms_known];
    for (doc, reading) in (0..).zip(readings) {
        for (form, _) in forms(reading) {
            let form = form as usize;
            if last[form] != doc {
                last[form] = doc;
                starts[form + 1] += 1;
            }
        }
    }
    for form in 0..forms_known {
        starts[form + 1] += starts[form];
    }
    let total = starts.last().map_or(0, |&end| end as usize);
    let mut postings = vec![Posting { doc: NONE, counts: [0; 4] }; total];
    let mut next: Vec<u32> = starts[..forms_known].to_vec();
    last.fill(NONE);
    for (doc, reading) in (0..).zip(readings) {
        for (form, field) in forms(reading) {
            let form = form as usize;
            if last[form] != doc {
                last[form] = doc;
                postings[next[form] as usize].doc = doc;
                next[form] += 1;
            }
            let count = &mut postings[next[form] as usize - 1].counts[field as usize];
            *count = count.saturating_add(1);
        }
    }
    (starts, postings)
}
