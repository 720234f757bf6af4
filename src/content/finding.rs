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

/// Most findings that a sheet tells one by one: nobody reads more, and a hostile file could give
/// tens of thousands.
pub(super) const MAX_FINDINGS: usize = 100;

/// The findings of one file, while it is being read. Past [`MAX_FINDINGS`], they are only counted.
#[derive(Debug)]
pub(super) struct Sheet {
    path: String,
    findings: Vec<Finding>,
    /// How many were not kept, and the gravest of their severities.
    more: Option<(usize, Severity)>,
}

impl Sheet {
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), findings: Vec::new(), more: None }
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
        if self.is_full() {
            let (count, gravest) = self.more.unwrap_or((0, severity));
            self.more = Some((count + 1, gravest.min(severity)));
            return;
        }
        self.findings.push(Finding { path: self.path.clone(), line, severity, what, remedy });
    }

    /// Whether the next finding will only be counted: looking for its remedy would be lost.
    pub(super) fn is_full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }

    /// The findings kept, then one for all those that were not. It bears the last line told, so
    /// that it stays behind them when findings are sorted.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let Self { path, mut findings, more } = self;
        if let Some((count, severity)) = more {
            let line = findings.iter().filter_map(|finding| finding.line).max();
            let what = match count {
                1 => "et une autre anomalie dans ce fichier".to_owned(),
                _ => format!("et {count} autres anomalies dans ce fichier"),
            };
            let remedy = "corrigez les premières, puis vérifiez à nouveau".to_owned();
            findings.push(Finding { path, line, severity, what, remedy });
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_FINDINGS, Severity, Sheet};

    #[test]
    fn an_error_among_those_that_are_counted_is_not_hidden_by_what_is_due() {
        let gravest = |error: bool| {
            let mut sheet = Sheet::new("module.toml");
            for line in 0..MAX_FINDINGS + 3 {
                sheet.add_due(u32::try_from(line).ok(), "à relire", "relisez");
            }
            if error {
                sheet.add(1, "faux", "corrigez");
            }
            sheet.add_due(2, "à relire", "relisez");
            let last = sheet.into_findings().pop().expect("findings");
            (last.severity, last.line)
        };
        assert_eq!(gravest(true), (Severity::Error, Some(99)));
        assert_eq!(gravest(false), (Severity::Due, Some(99)));
    }
}
