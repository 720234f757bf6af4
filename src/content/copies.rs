//! What modules share, and their copies of it.
//!
//! Beside `modules/`, a folder of contents may hold a register of legal texts and a common glossary.
//! A module carries copies of what it cites, so that a version is complete by itself; here the
//! copies are compared with what they were copied from. `refresh` copies again.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use super::blank::note_blanks;
use super::dues::note_check_due;
use super::fields::read_toml;
use super::finding::{Finding, Sheet};
use super::glossary::{Term, read_terms};
use super::hygiene::text_of;
use super::module::{GLOSSARY_PATH, MANIFEST_PATH, manifest_of};
use super::reference::{Reference, read_references};
use super::tree::Tree;

/// Path of the register of legal texts, beside `modules/`.
pub const REGISTER_PATH: &str = "references.toml";

/// One value of a table, as it is compared and copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    Date(NaiveDate),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => date.fmt(f),
        }
    }
}

/// Every key of a table with its value, if any, in the order of writing.
pub(super) type Cells = Vec<(&'static str, Option<Cell>)>;

/// The files beside `modules/`, as they are; each may be absent.
#[derive(Debug, Clone, Default)]
pub struct SharedFiles {
    /// Bytes of `references.toml`.
    pub register: Option<Vec<u8>>,
    /// Bytes of `glossary.toml`.
    pub glossary: Option<Vec<u8>>,
    /// Bytes of `paths.toml`, read by [`read_paths`](super::read_paths).
    pub paths: Option<Vec<u8>>,
}

/// The register and the common glossary, by id; `None` for a file that is absent or unreadable.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    pub(super) register: Option<BTreeMap<String, Reference>>,
    pub(super) glossary: Option<BTreeMap<String, Term>>,
}

impl Shared {
    /// Reads and lints the two files, on that day. Answers what could be read, and every finding.
    #[must_use]
    pub fn read(files: &SharedFiles, today: NaiveDate) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut shared = Self::default();
        if let Some(bytes) = &files.register {
            let mut sheet = Sheet::new(REGISTER_PATH);
            let read = read_register(bytes, &mut sheet);
            for (reference, line) in read.iter().flatten() {
                // What the register knows to have ended stays in it; whoever cites it is told.
                note_check_due(reference, *line, today, &mut sheet);
            }
            shared.register = read.map(|all| by_id(all, |reference| &reference.id));
            findings.extend(sheet.into_findings());
        }
        if let Some(bytes) = &files.glossary {
            let mut sheet = Sheet::new(GLOSSARY_PATH);
            note_blanks(bytes, &mut sheet);
            let read = text_of(bytes, &mut sheet).and_then(|text| read_terms(&text, &mut sheet));
            shared.glossary = read.map(|all| by_id(all, |term| &term.id));
            findings.extend(sheet.into_findings());
        }
        findings.sort();
        (shared, findings)
    }

    /// The texts of the register, in the order of their ids.
    pub fn register(&self) -> impl Iterator<Item = &Reference> {
        self.register.iter().flat_map(BTreeMap::values)
    }
}

fn read_register(bytes: &[u8], sheet: &mut Sheet) -> Option<Vec<(Reference, u32)>> {
    note_blanks(bytes, sheet);
    let text = text_of(bytes, sheet)?;
    read_toml(&text, 0, sheet, |fields| {
        let references = read_references(fields);
        if references.is_empty() {
            fields.complain("le registre n’a aucun texte", "ajoutez une table [[reference]]");
        }
        Some(references)
    })
}

/// Of two with the same id, which is noted, the first.
fn by_id<T>(all: Vec<(T, u32)>, id: impl Fn(&T) -> &String) -> BTreeMap<String, T> {
    all.into_iter().rev().map(|(one, _)| (id(&one).clone(), one)).collect()
}

/// Compares modules, each given as (folder name, tree), with what they were copied from.
///
/// What cannot be read in a module is left to [`read`](super::read). Findings are sorted, with the
/// folder at the head of each path.
#[must_use]
pub fn check_copies(shared: &Shared, trees: &[(String, Tree)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, tree) in trees {
        if let Some(register) = &shared.register {
            let mut sheet = Sheet::new(&format!("{folder}/{MANIFEST_PATH}"));
            let reading = manifest_of(tree, &mut Sheet::new(""));
            for (copy, line) in &reading.references {
                check_reference(register, copy, *line, &mut sheet);
            }
            findings.extend(sheet.into_findings());
        }
        if let (Some(glossary), Some(bytes)) = (&shared.glossary, tree.get(GLOSSARY_PATH)) {
            let mut sheet = Sheet::new(&format!("{folder}/{GLOSSARY_PATH}"));
            let aside = &mut Sheet::new("");
            let terms = text_of(bytes, aside).and_then(|text| read_terms(&text, aside));
            for (copy, line) in terms.iter().flatten() {
                let Some(original) = glossary.get(&copy.id) else { continue };
                let what = format!("le terme « {} » diffère du glossaire commun", copy.id);
                note_differences(what, copy.cells(), original.cells(), *line, &mut sheet);
            }
            findings.extend(sheet.into_findings());
        }
    }
    findings.sort();
    findings
}

fn check_reference(
    register: &BTreeMap<String, Reference>,
    copy: &Reference,
    line: u32,
    sheet: &mut Sheet,
) {
    let id = &copy.id;
    match register.get(id) {
        Some(original) => {
            let what = format!("la référence « {id} » diffère du registre");
            note_differences(what, copy.cells(), original.cells(), line, sheet);
        }
        None if copy.is_official() => sheet.add(
            line,
            format!("la référence « {id} » est un texte officiel, et le registre ne l’a pas"),
            format!("ajoutez-la à {REGISTER_PATH}, ou reprenez l’« id » qu’elle y a"),
        ),
        None => {}
    }
}

fn note_differences(what: String, copy: Cells, original: Cells, line: u32, sheet: &mut Sheet) {
    let differ = copy.into_iter().zip(original).filter(|(mine, theirs)| mine != theirs);
    let keys: Vec<&str> = differ.map(|((key, _), _)| key).collect();
    if !keys.is_empty() {
        sheet.add(
            line,
            format!("{what} : {}", keys.join(", ")),
            "lancez « maitrise content refresh », ou corrigez l’original",
        );
    }
}
