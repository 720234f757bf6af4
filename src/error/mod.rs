//! Every way to fail, with stable codes and no HTTP.
//!
//! The heart is [`Reason`], the catalogue of refusals: each has a kebab-case code that is never
//! renamed, a kind from which `http::problem` derives the status, and a title in French and English.
//! A [`Refusal`] adds what is particular to the case; an [`Error`] is a refusal, or a failure that is
//! not the caller's doing and of which they learn nothing but the request id.

mod reason;

use sea_orm::DbErr;

pub use reason::{Kind, Reason};

/// Why a request could not be served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is understood and refused.
    #[error("{0}")]
    Refused(Refusal),
    /// The database failed.
    #[error("database: {0}")]
    Database(DbErr),
    /// Something that should not happen did.
    #[error("internal: {0:#}")]
    Internal(anyhow::Error),
}

/// The result of everything that may be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was found, if anything was: its absence is an answer here, and no refusal.
///
/// # Errors
/// Everything but `not-found`.
pub fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::Refused(refusal)) if refusal.reason == Reason::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// One value at fault: where (JSON pointer, parameter or `file:line`) and what, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer into the body, name of a parameter, or `path:line` of a file.
    pub at: String,
    /// What is wrong and how to mend it, in French.
    pub fr: String,
    /// The same in English.
    pub en: String,
}

/// A refusal: its reason, and what is particular to this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// One sentence about this case, `(French, English)`.
    pub detail: Option<(String, String)>,
    /// Every value at fault.
    pub faults: Vec<Fault>,
    /// Seconds after which trying again makes sense.
    pub retry_after_seconds: Option<u64>,
    /// How many bytes there are, when others were asked for.
    pub length: Option<u64>,
}

impl Fault {
    /// What is wrong somewhere and how to mend it, in both languages.
    pub fn new(at: impl Into<String>, fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at: at.into(), fr: fr.into(), en: en.into() }
    }
}

impl Refusal {
    /// A refusal with nothing more to say than its title.
    pub fn new(reason: Reason) -> Self {
        Self::naming(reason, Vec::new())
    }

    /// A refusal that names every value at fault.
    pub fn naming(reason: Reason, faults: Vec<Fault>) -> Self {
        Self { reason, detail: None, faults, retry_after_seconds: None, length: None }
    }

    /// Adds the sentence that says what happened in this case and how to mend it.
    #[must_use]
    pub fn because(mut self, fr: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some((fr.into(), en.into()));
        self
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let en = self.detail.as_ref().map_or(self.reason.title().1, |(_, en)| en.as_str());
        write!(f, "{}: {en}", self.reason.code())?;
        self.faults.iter().try_for_each(|fault| write!(f, "; {}: {}", fault.at, fault.en))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Refused(Refusal::new(reason))
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

/// What fails under code that speaks `anyhow` is what it was: an outage of the database stays one,
/// and a refusal a refusal.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        let error = match error.downcast::<DbErr>() {
            Ok(database) => return Self::Database(database),
            Err(error) => error,
        };
        error.downcast::<Self>().unwrap_or_else(Self::Internal)
    }
}

/// Collects every value at fault before refusing, so that a form is mended once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Records a fault unless the value is fine.
    pub fn check(&mut self, fine: bool, at: &str, fr: impl Into<String>, en: impl Into<String>) {
        if !fine {
            self.0.push(Fault::new(at, fr, en));
        }
    }

    /// Checks a human text: printable, not blank, at most `max` characters.
    pub fn check_text(&mut self, text: &str, at: &str, max: usize) {
        let length = text.chars().count();
        self.check(
            !text.trim().is_empty() && length <= max && crate::text::is_printable(text),
            at,
            format!("entre 1 et {max} caractères imprimables"),
            format!("1 to {max} printable characters"),
        );
    }

    /// How many were recorded.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Refuses with everything collected, or goes on.
    ///
    /// # Errors
    /// `invalid-values` when anything was recorded.
    pub fn refuse(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Refusal::naming(Reason::InvalidValues, self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn only_an_absence_is_an_answer_and_no_refusal() {
        assert!(matches!(found(Ok(7)), Ok(Some(7))));
        assert!(matches!(found::<()>(Err(Reason::NotFound.into())), Ok(None)));
        assert!(found::<()>(Err(Reason::Forbidden.into())).is_err());
        assert!(found::<()>(Err(anyhow::anyhow!("broken").into())).is_err());
    }

    #[test]
    fn what_fails_under_anyhow_is_what_it_was() {
        use anyhow::Context as _;
        let outage = Err::<(), _>(DbErr::Conn(sea_orm::RuntimeErr::Internal("away".to_owned())));
        let outage = outage.context("the statistics").expect_err("it fails");
        assert!(matches!(Error::from(outage), Error::Database(DbErr::Conn(_))));
        let refused = Err::<(), Error>(Reason::NotFound.into()).context("a module");
        assert!(matches!(Error::from(refused.expect_err("refused")), Error::Refused(_)));
        assert!(matches!(Error::from(anyhow::anyhow!("broken")), Error::Internal(_)));
    }

    #[test]
    fn every_code_is_unique_and_kebab_case() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(codes.iter().all(|c| c.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
}
