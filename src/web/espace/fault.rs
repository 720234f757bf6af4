//! What is refused, as a page says it above the form that it leaves as it was typed.

use poem::http::StatusCode;

use crate::error::{Error, Kind, Result};
use crate::http::problem;

/// What is refused.
#[derive(Clone, Debug)]
pub(in crate::web) struct Fault {
    /// With which status the page answers.
    pub(in crate::web) status: StatusCode,
    /// In a few words.
    pub(in crate::web) title: String,
    /// Why, and what to do.
    pub(in crate::web) sentences: Vec<String>,
}

impl Fault {
    /// A refusal that the person can mend on the page itself; anything else is a page of its own.
    ///
    /// # Errors
    /// What is absent, forbidden, or our fault.
    pub(in crate::web) fn of(error: Error) -> Result<Self> {
        let refusal = problem::refusal_of(error);
        let kind = refusal.reason.kind();
        let mendable = matches!(kind, Kind::Conflict | Kind::Invalid | Kind::TooMany);
        if !mendable {
            return Err(refusal.into());
        }
        let detail = refusal.detail.map(|(fr, _)| fr);
        let faults = refusal.faults.into_iter().map(|fault| fault.fr);
        Ok(Self {
            status: problem::status(kind),
            title: refusal.reason.title().0.to_owned(),
            sentences: detail.into_iter().chain(faults).collect(),
        })
    }
}

/// The status of a page that may tell a fault.
pub(in crate::web) fn status(fault: Option<&Fault>) -> StatusCode {
    fault.map_or(StatusCode::OK, |fault| fault.status)
}
