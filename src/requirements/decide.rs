//! What becomes of one person and one requirement. Pure: who they are, what they owed and did, and a
//! day in; what is to be written out.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::due::{self, Due};
use crate::obligations::Status;
use crate::obligations::model::{Basis, obligation};

/// What a requirement in force asks, as far as deciding goes.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The module to complete,
    pub module_id: Option<Uuid>,
    /// or the path.
    pub path_id: Option<Uuid>,
    /// Months after which it is to be completed again.
    pub renewal_months: Option<u32>,
    /// Days before that on which the next obligation opens.
    pub window_days: u32,
    /// Completions older than so many months do not count.
    pub accepts_months: Option<u32>,
    /// Days that everybody is given at least.
    pub notice_days: u32,
}

/// A capacity under which the requirement concerns somebody today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The capacity.
    pub capacity_id: Uuid,
    /// Its organisation.
    pub organisation_id: Uuid,
    /// Where that is.
    pub zone: Tz,
    /// The civil day there.
    pub today: NaiveDate,
    /// By when.
    pub due: Due,
}

/// The latest obligation of somebody by a requirement.
#[derive(Clone, Debug)]
pub struct Last {
    /// The row.
    pub row: obligation::Model,
    /// Where it stands.
    pub status: Status,
    /// Whether they are outside the audience.
    pub is_out: bool,
    /// Whether disabling the requirement closed it.
    pub is_final: bool,
    /// The capacity under which it is owed now.
    pub capacity_id: Option<Uuid>,
    /// Since when what it asks is fresh.
    pub fresh_since: Option<DateTime<Utc>>,
}

/// Why another obligation takes the place of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// They came back, and it is due another day.
    Returned,
    /// A further capacity makes it due earlier.
    Earlier,
    /// The requirement asks for something else now.
    Changed,
}

impl Why {
    /// The word that is kept.
    pub const fn word(self) -> &'static str {
        match self {
            Why::Returned => "returned",
            Why::Earlier => "earlier",
            Why::Changed => "changed",
        }
    }
}

/// An obligation to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// 1, 2, 3 …
    pub cycle: i32,
    /// Under which capacity.
    pub entry: Entry,
    /// By when.
    pub due: Due,
    /// What was completed before does not count.
    pub accepts_from: Option<DateTime<Utc>>,
    /// The obligation whose place it takes.
    pub supersedes: Option<(Uuid, Why)>,
}

/// What is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// An obligation opens.
    Open(Opening),
    /// The requirement no longer concerns them.
    Leave(Uuid),
    /// It does again.
    Reenter(Uuid, Entry),
    /// It is owed under another capacity.
    Move(Uuid, Entry),
}

/// What becomes of somebody to whom a requirement applies under `entries`, their latest obligation by it
/// being `last`. One obligation at most is open, due at the earliest.
pub fn decide(terms: &Terms, entries: &[Entry], last: Option<&Last>) -> Option<Act> {
    let entry = entries.iter().min_by_key(|entry| (entry.due.on, entry.capacity_id)).copied();
    match (last, entry) {
        (None, None) => None,
        (None, Some(entry)) => Some(first(terms, entry, 1)),
        (Some(last), None) => {
            let asked = last.status.is_owed() || last.status == Status::Exempted;
            (asked && !last.is_out).then_some(Act::Leave(last.row.id))
        }
        (Some(last), Some(entry)) => match last.status {
            Status::Superseded => Some(first(terms, entry, last.row.cycle + 1)),
            Status::Satisfied => renewed(terms, entries, entry, last),
            Status::Closed if last.is_final => Some(first(terms, entry, last.row.cycle + 1)),
            Status::Closed if last.is_out => Some(back(terms, entry, last)),
            // The module has left the catalogue: the requirement may ask for another.
            Status::Closed => asks_else(terms, &last.row)
                .then(|| instead(terms, entry, entry.due, last, Why::Changed)),
            Status::Open | Status::Overdue | Status::Exempted => held(terms, entries, entry, last),
        },
    }
}

/// An obligation that follows nothing.
fn first(terms: &Terms, entry: Entry, cycle: i32) -> Act {
    let accepts_from = not_older(terms, &entry);
    Act::Open(Opening { cycle, entry, due: entry.due, accepts_from, supersedes: None })
}

/// The instant before which completions are too old on the day of an entry.
fn not_older(terms: &Terms, entry: &Entry) -> Option<DateTime<Utc>> {
    let months = Months::new(terms.accepts_months?);
    let day = entry.today.checked_sub_months(months).unwrap_or(NaiveDate::MIN);
    Some(crate::obligations::rules::instant(day, chrono::NaiveTime::MIN, entry.zone))
}

/// An obligation that takes the place of one that was not satisfied.
fn instead(terms: &Terms, entry: Entry, due: Due, last: &Last, why: Why) -> Act {
    Act::Open(Opening {
        cycle: last.row.cycle + 1,
        entry,
        due,
        accepts_from: Ord::max(not_older(terms, &entry), last.row.accepts_from),
        supersedes: Some((last.row.id, why)),
    })
}

/// What is owed already: it moves with the person, and is never put off.
fn held(terms: &Terms, entries: &[Entry], entry: Entry, last: &Last) -> Option<Act> {
    let row = &last.row;
    let asked = last.status != Status::Exempted;
    if asked && asks_else(terms, row) {
        return Some(instead(terms, entry, entry.due, last, Why::Changed));
    }
    let sooner = row.basis != Some(Basis::Renewal) && entry.due.on < row.due_on;
    if asked && sooner {
        return Some(instead(terms, entry, entry.due, last, Why::Earlier));
    }
    let still = entries.iter().any(|entry| Some(entry.capacity_id) == last.capacity_id);
    (!still).then_some(Act::Move(row.id, entry))
}

/// Whether the requirement asks for something else than it did.
fn asks_else(terms: &Terms, row: &obligation::Model) -> bool {
    (row.module_id, row.path_id) != (terms.module_id, terms.path_id)
}

/// Who left and is back: the same obligation goes on if it is due the same day.
fn back(terms: &Terms, entry: Entry, last: &Last) -> Act {
    let row = &last.row;
    let due = match row.basis {
        Some(Basis::Renewal) if row.due_on < entry.today => {
            Due { on: due::after(entry.today, 0, terms.notice_days), ..renewal_of(row) }
        }
        Some(Basis::Renewal) => renewal_of(row),
        _ => entry.due,
    };
    if !asks_else(terms, row) && due.on == row.due_on {
        return Act::Reenter(row.id, entry);
    }
    instead(terms, entry, due, last, Why::Returned)
}

const fn renewal_of(row: &obligation::Model) -> Due {
    Due { on: row.due_on, basis: Basis::Renewal, anchor_on: row.anchor_on }
}

/// Who has satisfied it: the next cycle opens some days before what they did expires, or, of what is
/// asked once, when they take office, receive a delegation or are hired anew.
fn renewed(terms: &Terms, entries: &[Entry], entry: Entry, last: &Last) -> Option<Act> {
    let fresh = last.fresh_since?;
    let cycle = last.row.cycle + 1;
    let Some(months) = terms.renewal_months else {
        let anew = entries.iter().filter(|entry| is_new(entry, fresh, last));
        let entry = anew.min_by_key(|entry| (entry.due.on, entry.capacity_id))?;
        return Some(first(terms, *entry, cycle));
    };
    let done_on = fresh.with_timezone(&entry.zone).date_naive();
    let expires = due::after(done_on, months, 0);
    let opens = expires.checked_sub_days(Days::new(terms.window_days.into()))?;
    if entry.today < opens {
        return None;
    }
    let on = match expires < entry.today {
        true => due::after(entry.today, 0, terms.notice_days),
        false => expires,
    };
    let due = Due { on, basis: Basis::Renewal, anchor_on: Some(done_on) };
    let accepts_from = fresh.checked_add_signed(chrono::Duration::microseconds(1));
    Some(Act::Open(Opening { cycle, entry, due, accepts_from, supersedes: None }))
}

/// Whether an entry comes from something that happened to the person after what they completed, and
/// after what the last obligation was reckoned from.
fn is_new(entry: &Entry, fresh: DateTime<Utc>, last: &Last) -> bool {
    let personal = matches!(entry.due.basis, Basis::Office | Basis::Delegation | Basis::Hiring);
    let done_on = fresh.with_timezone(&entry.zone).date_naive();
    personal
        && entry.due.anchor_on.is_some_and(|on| done_on < on)
        && last.row.anchor_on < entry.due.anchor_on
}
