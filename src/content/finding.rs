//! What the reader of a module has to say to its author: where, what, and how to mend it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::words::words;

words! {
    /// Whether a problem stops the module, or only says that its time has come.
    Severity {
        /// Wrong today as on any other day: the module is refused.
        Error = "error",
        /// True when it was written and due to be looked at again: shown, refused by `content check`
        /// and by publication, never a reason to lose what was already published.
        Due = "due",
    }
}

/// One problem in a module's files, written in French for trainers and jurists.
///
/// It displays as `path:line: what — remedy`, the shape editors turn into a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// Path of the file inside its tree (`lessons/01-intro.md`), or of the folder.
    pub path: String,
    /// Line of the first offence, counted from 1; `None` when the whole file is meant.
    pub line: Option<u32>,
    /// Whether it stops the module.
    pub severity: Severity,
    /// What is wrong, in French.
    pub what: String,
    /// What to do about it, in French.
    pub remedy: String,
}

impl Finding {
    /// A problem that stops the module, of a whole file.
    #[must_use]
    pub fn of_file(path: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (path, what, remedy) = (path.to_owned(), what.into(), remedy.into());
        Self { path, line: None, severity: Severity::Error, what, remedy }
    }

    /// The same problem, of a tree that is in this folder; an empty path is the folder's own.
    #[must_use]
    pub fn within(self, folder: &str) -> Self {
        let path = match self.path.as_str() {
            "" => folder.to_owned(),
            path => format!("{folder}/{path}"),
        };
        Self { path, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {} — {}", self.what, self.remedy)
    }
}

/// The findings of one file, while it is being read.
#[derive(Debug)]
pub(super) struct Sheet {
    path: String,
    findings: Vec<Finding>,
}

impl Sheet {
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), findings: Vec::new() }
    }

    /// Notes one problem.
    pub(super) fn add(
        &mut self,
        line: impl Into<Option<u32>>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Severity::Error, line.into(), what.into(), remedy.into());
    }

    /// Notes that something is due to be looked at again.
    pub(super) fn add_due(
        &mut self,
        line: impl Into<Option<u32>>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Severity::Due, line.into(), what.into(), remedy.into());
    }

    fn push(&mut self, severity: Severity, line: Option<u32>, what: String, remedy: String) {
        self.findings.push(Finding { path: self.path.clone(), line, severity, what, remedy });
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
