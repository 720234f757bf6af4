//! The ways to read a module: strictly before it is taken in, leniently once it was published, and
//! with a date to see what has come due.

use chrono::NaiveDate;

use super::dues::note_dues;
use super::finding::{Finding, Severity, Sheet};
use super::module::{Examined, MANIFEST_PATH, Module, examine};
use super::tree::Tree;

/// What reading a module on a given day tells.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// The module, when no finding is an error.
    pub module: Option<Module>,
    /// Every finding, errors and what is due, sorted by path and line.
    pub findings: Vec<Finding>,
}

/// Reads and lints a module, whatever the day.
///
/// # Errors
/// Every error in the tree, sorted by path and line; never an empty list.
pub fn read(tree: &Tree) -> Result<Module, Vec<Finding>> {
    match examine(tree) {
        Examined { module: Some(module), findings, .. } if findings.is_empty() => Ok(module),
        Examined { findings, .. } => Err(findings),
    }
}

/// Reads a module that was accepted once, whatever is said against it today: a rule that came since
/// must not make an old version unreadable. It is for published trees, never for what comes in.
///
/// # Errors
/// The findings, when no module can be put together: a file is not text or not TOML, a required key
/// or a lesson is missing, a value cannot be understood, a question could not be read whole.
pub fn recall(tree: &Tree) -> Result<Module, Vec<Finding>> {
    let Examined { module, findings, .. } = examine(tree);
    module.ok_or(findings)
}

/// Reads and lints a module on that day.
#[must_use]
pub fn inspect(tree: &Tree, today: NaiveDate) -> Inspection {
    let Examined { module, mut findings, manifest } = examine(tree);
    let module = module.filter(|_| findings.is_empty());
    let mut sheet = Sheet::new(MANIFEST_PATH);
    note_dues(&manifest, today, &mut sheet);
    findings.extend(sheet.into_findings());
    findings.sort();
    Inspection { module, findings }
}

/// Every finding of a module on that day: errors and what is due.
#[must_use]
pub fn check(tree: &Tree, today: NaiveDate) -> Vec<Finding> {
    inspect(tree, today).findings
}

/// The errors among findings.
pub fn errors(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.severity == Severity::Error)
}
