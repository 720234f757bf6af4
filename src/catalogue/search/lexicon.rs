//! Every form that stands in a catalogue, under a number: words as they are written, folded, and
//! the expressions and articles of law that are found as one.

use std::collections::HashMap;
use std::sync::Arc;

use super::words::Stems;

/// The number of a form.
pub(super) type Form = u32;

/// A form.
#[derive(Clone, Debug)]
struct Entry {
    text: Arc<str>,
    /// How it was first written, when that differs from the folded text.
    shown: Option<Box<str>>,
    stem: u32,
}

/// The forms of a catalogue. It only grows from one catalogue to the next, so that numbers stay: a
/// word that is nowhere any more has no place, and is not found.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    entries: Vec<Entry>,
    by_text: HashMap<Arc<str>, Form>,
    stems: HashMap<Arc<str>, u32>,
    stem_texts: Vec<Arc<str>>,
    by_stem: Vec<Vec<Form>>,
}

impl Lexicon {
    /// The number of a word, new or not; `shown` is how it is written here.
    pub fn word(&mut self, folded: &str, shown: &str, stems: &Stems) -> Form {
        if let Some(&known) = self.by_text.get(folded) {
            return known;
        }
        let shown = shown.to_lowercase();
        let shown = (shown != folded).then(|| shown.into_boxed_str());
        let stem = stems.of(folded);
        self.add(folded, shown, &stem)
    }

    /// The number of an expression or an article, new or not. Its text is none that a word may have.
    pub fn whole(&mut self, text: &str) -> Form {
        match self.by_text.get(text) {
            Some(&known) => known,
            None => self.add(text, None, text),
        }
    }

    fn add(&mut self, text: &str, shown: Option<Box<str>>, stem: &str) -> Form {
        let form = Form::try_from(self.entries.len()).unwrap_or(Form::MAX);
        let text: Arc<str> = text.into();
        let stem = match self.stems.get(stem) {
            Some(&known) => known,
            None => {
                let new = u32::try_from(self.by_stem.len()).unwrap_or(u32::MAX);
                let stem: Arc<str> = stem.into();
                self.stems.insert(stem.clone(), new);
                self.stem_texts.push(stem);
                self.by_stem.push(Vec::new());
                new
            }
        };
        self.by_stem[stem as usize].push(form);
        self.by_text.insert(text.clone(), form);
        self.entries.push(Entry { text, shown, stem });
        form
    }

    /// How many forms there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of this very form.
    pub fn find(&self, text: &str) -> Option<Form> {
        self.by_text.get(text).copied()
    }

    /// Every form of a stem.
    pub fn of_stem(&self, stem: &str) -> &[Form] {
        self.stems.get(stem).map_or(&[], |&stem| &self.by_stem[stem as usize])
    }

    /// Every form of the stem of that number.
    pub fn forms_of(&self, stem: u32) -> &[Form] {
        self.by_stem.get(stem as usize).map_or(&[], Vec::as_slice)
    }

    /// The text of a form as it was first written.
    pub fn shown(&self, form: Form) -> &str {
        let entry = &self.entries[form as usize];
        entry.shown.as_deref().unwrap_or(&entry.text)
    }

    /// The number of the stem of a form.
    pub fn stem(&self, form: Form) -> u32 {
        self.entries[form as usize].stem
    }

    /// The stem of a form.
    pub fn stem_text(&self, form: Form) -> &str {
        &self.stem_texts[self.stem(form) as usize]
    }

    /// The number of a stem.
    pub fn stem_of(&self, stem: &str) -> Option<u32> {
        self.stems.get(stem).copied()
    }

    /// Every word with its number, expressions and articles left out.
    pub fn all_words(&self) -> impl Iterator<Item = (Form, &str)> {
        let numbered = (0..).zip(self.entries.iter().map(|entry| &*entry.text));
        numbered.filter(|(_, text)| !text.contains([' ', '#']))
    }
}
