//! What is asked of a publication, as a form or an address says it.

use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Europe::Paris;

use super::words;
use crate::catalogue::model::ChangeKind;
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::publication::preview::Change;
use crate::publication::rules::DUE_IN_MONTHS;

/// What is asked for.
#[derive(Clone, Default)]
pub(super) struct Wanted {
    /// The word of the change.
    pub(super) change: String,
    /// Months, as typed.
    pub(super) months: String,
    /// When, as typed.
    pub(super) at: String,
    /// The note, as typed.
    pub(super) note: String,
}

impl Wanted {
    /// What a form or an address says.
    pub(super) fn of(read: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| read(name).unwrap_or_default();
        let change = Some(value("change")).filter(|change| !change.is_empty());
        Self {
            change: change.unwrap_or_else(|| "substantive".to_owned()),
            months: value("mois"),
            at: value("quand"),
            note: value("note").replace("\r\n", "\n"),
        }
    }

    /// What the version changes.
    pub(super) fn change(&self) -> Result<Change> {
        let known = words::CHANGES.iter().find(|(_, word, _)| *word == self.change);
        let (kind, ..) = known.ok_or(Reason::InvalidParameter)?;
        let months = match (*kind, self.months.trim()) {
            (ChangeKind::Legal, "") => Some(DUE_IN_MONTHS),
            (ChangeKind::Legal, months) => {
                Some(months.parse().map_err(|_| fault("/due_in_months", "un nombre de mois"))?)
            }
            _ => None,
        };
        Change::declared(*kind, months)
    }

    /// The instant, read in Paris; at once if absent.
    pub(super) fn at(&self) -> Result<Option<DateTime<Utc>>> {
        if self.at.is_empty() {
            return Ok(None);
        }
        let bad = || fault("/at", "une date et une heure, comme 2027-03-01T09:00");
        let read = NaiveDateTime::parse_from_str(&self.at, "%Y-%m-%dT%H:%M").map_err(|_| bad())?;
        let local = Paris.from_local_datetime(&read).earliest().ok_or_else(bad)?;
        Ok(Some(local.with_timezone(&Utc)))
    }

    /// The note, unless there is none.
    pub(super) fn note(&self) -> Option<String> {
        Some(self.note.trim().to_owned()).filter(|note| !note.is_empty())
    }
}

fn fault(at: &str, fr: &str) -> Error {
    Refusal::naming(Reason::InvalidValues, vec![Fault::new(at, fr, "a value of that field")]).into()
}
