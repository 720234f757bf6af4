//! What the reader of a module has to say to its author: where, what, and how to mend it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One problem in a module's files, written in French for trainers and jurists.
///
/// It displays as `path:line: what — remedy`, the shape editors turn into a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// Path of the file inside its tree (`lessons/01-intro.md`), or of the folder.
    pub path: String,
    /// Line of the first offence, counted from 1; `None` when the whole file is meant.
    pub line: Option<u32>,
    /// What is wrong, in French.
    pub what: String,
    /// What to do about it, in French.
    pub remedy: String,
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
        self.findings.push(Finding {
            path: self.path.clone(),
            line: line.into(),
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
