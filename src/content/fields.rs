//! Reading TOML with line numbers. Asking for a key is what makes it known: the code that reads a
//! table is its schema, and whatever was not asked for is refused with the nearest known key.

use std::cell::RefCell;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::finding::Sheet;
use super::hygiene::line_at;
use super::toml_french::syntax_message;
use super::value::{Value, type_name};

/// Beyond this, a parser in recovery mostly reports the echo of the first mistake.
const MAX_SYNTAX_ERRORS: usize = 5;

/// Where values are read from: turns byte offsets into lines and gathers the findings.
#[derive(Debug)]
pub(super) struct Source<'s> {
    line_starts: Vec<usize>,
    lines_before: u32,
    sheet: RefCell<&'s mut Sheet>,
}

impl Source<'_> {
    /// Line in the file of a byte offset in the TOML text.
    pub(super) fn line(&self, offset: usize) -> u32 {
        let nth = self.line_starts.partition_point(|&start| start <= offset);
        u32::try_from(nth).unwrap_or(u32::MAX / 2) + self.lines_before
    }

    /// Whether the next problem will only be counted.
    pub(super) fn is_full(&self) -> bool {
        self.sheet.borrow().is_full()
    }

    pub(super) fn complain(
        &self,
        line: impl Into<Option<u32>>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.sheet.borrow_mut().add(line, what, remedy);
    }
}

/// One table being read.
#[derive(Debug)]
pub(super) struct Fields<'v> {
    source: &'v Source<'v>,
    table: &'v DeTable<'v>,
    /// What to call the table in a message: empty for the root.
    place: String,
    line: Option<u32>,
    known: Vec<&'static str>,
}

/// Parses `text` and reads its root table; `None` when the syntax is wrong, which is noted.
/// `lines_before` is the number of lines of the file that precede `text`.
pub(super) fn read_toml<T>(
    text: &str,
    lines_before: u32,
    sheet: &mut Sheet,
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> Option<T> {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(MAX_SYNTAX_ERRORS) {
        let line = error.span().map(|span| line_at(text.as_bytes(), span.start) + lines_before);
        sheet.add(line, syntax_message(error.message()), "corrigez la ligne, ou la précédente");
    }
    if !errors.is_empty() {
        return None;
    }
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let source = Source {
        line_starts: std::iter::once(0).chain(starts).collect(),
        lines_before,
        sheet: RefCell::new(sheet),
    };
    let mut fields = Fields::new(&source, root.get_ref(), String::new(), None);
    let value = read(&mut fields);
    fields.refuse_unknown();
    value
}

impl<'v> Fields<'v> {
    pub(super) fn new(
        source: &'v Source<'v>,
        table: &'v DeTable<'v>,
        place: String,
        line: Option<u32>,
    ) -> Self {
        Self { source, table, place, line, known: Vec::new() }
    }

    /// The value of a key that must be there.
    pub(super) fn required(&mut self, key: &'static str) -> Option<Value<'v>> {
        let value = self.optional(key);
        if value.is_none() {
            self.source.complain(
                self.line,
                format!("la clé « {key} » manque{}", self.place),
                format!("ajoutez « {key} = … »"),
            );
        }
        value
    }

    /// The value of a key that may be absent.
    pub(super) fn optional(&mut self, key: &'static str) -> Option<Value<'v>> {
        self.known.push(key);
        let (_, value) = self
            .table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(name, value)| (name.span(), value))?;
        Some(Value::new(self.source, key, value))
    }

    /// The tables of a `[[key]]`, none when it is absent, each with its place in messages.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Fields<'v>> {
        self.known.push(key);
        let Some((name, found)) = self.table.iter().find(|(name, _)| name.get_ref() == key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = found.get_ref() else {
            self.wrong_tables(key, name, found.get_ref());
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (nth, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    let place = format!(" dans [[{key}]] n° {}", nth + 1);
                    let line = self.source.line(item.span().start);
                    tables.push(Fields::new(self.source, table, place, Some(line)));
                }
                other => self.wrong_tables(key, name, other),
            }
        }
        tables
    }

    fn wrong_tables(&self, key: &str, name: &Spanned<toml::de::DeString<'_>>, found: &DeValue<'_>) {
        self.source.complain(
            self.source.line(name.span().start),
            format!("« {key} » est {}, une suite de tables est attendue", type_name(found)),
            format!("commencez chaque table par une ligne [[{key}]]"),
        );
    }

    /// Notes every key that nobody asked for. Call it last.
    pub(super) fn refuse_unknown(&self) {
        for (name, _) in self.table {
            let key: &str = name.get_ref();
            if self.known.contains(&key) {
                continue;
            }
            let line = self.source.line(name.span().start);
            let near = if self.source.is_full() { None } else { nearest(key, &self.known) };
            let remedy = near.map_or_else(
                || format!("retirez-la ; clés connues : {}", self.known.join(", ")),
                |known| format!("vouliez-vous écrire « {known} » ?"),
            );
            let shown: String = key.chars().take(60).collect();
            let what = format!("clé inconnue « {shown} »{}", self.place);
            self.source.complain(line, what, remedy);
        }
    }

    /// Line of the table in its file; 1 for the root.
    pub(super) fn line(&self) -> u32 {
        self.line.unwrap_or(1)
    }

    /// Notes a problem that belongs to the whole table.
    pub(super) fn complain(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.source.complain(self.line, what, remedy);
    }
}

/// The known word that a slip of the keyboard turned into this one. Long words are not compared:
/// the cost is the product of the lengths, and nobody mistypes eighty letters.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    if word.len() > 40 {
        return None;
    }
    let folded = word.to_lowercase().replace('-', "_");
    let distance = |candidate: &str| {
        strsim::damerau_levenshtein(&folded, &candidate.to_lowercase().replace('-', "_"))
    };
    known
        .iter()
        .map(|&candidate| (distance(candidate), candidate))
        .filter(|&(far, candidate)| far <= 1 + candidate.len() / 4)
        .min_by_key(|&(far, _)| far)
        .map(|(_, candidate)| candidate)
}
