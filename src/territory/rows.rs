//! Rows of a CSV file being checked: cells by column, and faults that say `file:line`, which column,
//! and what is expected there.

use std::collections::HashSet;
use std::hash::Hash;

use super::model::Scheme;
use super::rules::fits;
use crate::error::Fault;

/// Faults listed before giving up: more would only repeat.
pub(super) const MOST_FAULTS: usize = 50;

/// One row being read, and the faults found so far.
pub(super) struct Row<'a> {
    file: &'a str,
    columns: &'a [&'a str],
    line: u64,
    record: &'a csv::StringRecord,
    faults: &'a mut Vec<Fault>,
}

impl Row<'_> {
    /// A cell as it stands.
    pub(super) fn text(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default()
    }

    /// Records a fault of one column.
    pub(super) fn fault(&mut self, column: usize, fr: &str, en: &str) {
        let name = self.columns[column];
        push(self.faults, self.file, self.line, format!("{name} : {fr}"), format!("{name}: {en}"));
    }

    /// A cell that holds a code of a register.
    pub(super) fn code(&mut self, column: usize, scheme: Scheme) -> String {
        if !fits(scheme, self.text(column)) {
            self.fault(column, "code mal formé", "malformed code");
        }
        self.text(column).to_owned()
    }

    /// A cell that holds a name.
    pub(super) fn name(&mut self, column: usize) -> String {
        if self.text(column).trim().is_empty() || !crate::text::is_printable(self.text(column)) {
            self.fault(column, "un nom est attendu", "a name is expected");
        }
        self.text(column).to_owned()
    }

    /// A cell that holds a zone: `metro`, `drom` or `com`.
    pub(super) fn zone(&mut self, column: usize) -> String {
        if !matches!(self.text(column), "metro" | "drom" | "com") {
            self.fault(column, "metro, drom ou com attendu", "metro, drom or com is expected");
        }
        self.text(column).to_owned()
    }

    /// A cell that holds a number of inhabitants, or nothing when unknown.
    pub(super) fn population(&mut self, column: usize) -> Option<i32> {
        if self.text(column).is_empty() {
            return None;
        }
        let read = self.text(column).parse().ok().filter(|n: &i32| *n >= 0);
        if read.is_none() {
            self.fault(
                column,
                "un nombre d'habitants, ou rien",
                "a number of inhabitants, or nothing",
            );
        }
        read
    }

    /// A cell that names a row of another file.
    pub(super) fn known(
        &mut self,
        column: usize,
        known: impl Fn(&str) -> bool,
        file: &str,
    ) -> String {
        if !known(self.text(column)) {
            let (fr, en) = (format!("absent de {file}"), format!("not in {file}"));
            self.fault(column, &fr, &en);
        }
        self.text(column).to_owned()
    }

    /// Records a fault when a key has been seen already.
    pub(super) fn unique<K: Eq + Hash>(&mut self, seen: &mut HashSet<K>, key: K, column: usize) {
        if !seen.insert(key) {
            self.fault(column, "apparaît deux fois", "appears twice");
        }
    }
}

/// Reads a file row by row, after checking that its header is the one expected.
pub(super) fn each_row(
    file: &str,
    text: &str,
    columns: &[&str],
    faults: &mut Vec<Fault>,
    mut read: impl FnMut(&mut Row<'_>),
) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    if !reader.headers().is_ok_and(|headers| headers.iter().eq(columns.iter().copied())) {
        let expected = columns.join(",");
        push(
            faults,
            file,
            1,
            format!("en-tête attendu : {expected}"),
            format!("expected header: {expected}"),
        );
        return;
    }
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                read(&mut Row { file, columns, line, record: &record, faults });
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let count = columns.len();
                let fr = format!("{count} colonnes attendues, ligne CSV illisible");
                push(
                    faults,
                    file,
                    line,
                    fr,
                    format!("{count} columns expected, unreadable CSV row"),
                );
            }
        }
    }
}

fn push(faults: &mut Vec<Fault>, file: &str, line: u64, fr: String, en: String) {
    if faults.len() < MOST_FAULTS {
        faults.push(Fault { at: format!("{file}:{line}"), fr, en });
    }
}
