//! By when a requirement is to be fulfilled: a civil date, or a calendar duration after an event. Pure.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::obligations::model::Basis;
use crate::people::model::{CapacityKind, capacity};

/// Most months of a duration: the mandate of an élu twice over.
pub const MAX_MONTHS: u32 = 144;
/// Most days of a duration, or of notice.
pub const MAX_DAYS: u32 = 3_660;

/// When it is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueRule {
    /// The day, or what it is reckoned from.
    pub when: When,
    /// Nobody is given less than so many days from the day on which the obligation opens.
    #[serde(default)]
    pub notice_days: u32,
}

/// The day, or what it is reckoned from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// A civil date, the same for everybody.
    On(NaiveDate),
    /// So long after an event.
    After(After),
}

/// A calendar duration after an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Which event.
    pub event: Event,
    /// Calendar months; a day that a month has not is its last.
    #[serde(default)]
    pub months: u32,
    /// Days, after the months.
    #[serde(default)]
    pub days: u32,
}

/// What a duration is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An élu takes office.
    Office,
    /// An élu receives a delegation.
    Delegation,
    /// An agent is hired.
    Hiring,
    /// The requirement is enabled; for who arrives later, their arrival.
    Publication,
    /// The text that it rests on comes into force; for who arrives later, their arrival.
    LegalChange,
}

/// The days that a requirement itself knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// When it was enabled.
    pub published_on: Option<NaiveDate>,
    /// When its text came into force, or was recorded.
    pub legal_on: Option<NaiveDate>,
}

/// A due day, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day on which it is not late.
    pub on: NaiveDate,
    /// Why that day.
    pub basis: Basis,
    /// What it is reckoned from, unless it is a date.
    pub anchor_on: Option<NaiveDate>,
}

/// By when somebody must fulfil a requirement under a capacity, when the obligation opens on `today`;
/// nothing for who has not had the event that it is reckoned from.
pub fn due(
    rule: &DueRule,
    capacity: &capacity::Model,
    began_on: NaiveDate,
    milestones: Milestones,
    today: NaiveDate,
) -> Option<Due> {
    let earliest = after(today, 0, rule.notice_days);
    match &rule.when {
        When::On(date) => {
            Some(Due { on: Ord::max(*date, earliest), basis: Basis::Date, anchor_on: None })
        }
        When::After(After { event, months, days }) => {
            let (basis, anchor) = anchor(*event, capacity, began_on, milestones)?;
            let on = Ord::max(after(anchor, *months, *days), earliest);
            Some(Due { on, basis, anchor_on: Some(anchor) })
        }
    }
}

fn anchor(
    event: Event,
    capacity: &capacity::Model,
    began_on: NaiveDate,
    milestones: Milestones,
) -> Option<(Basis, NaiveDate)> {
    let of = |kind, basis| (capacity.kind == kind).then_some((basis, began_on));
    let arrived = |on: NaiveDate| Ord::max(on, began_on);
    match event {
        Event::Office => of(CapacityKind::Elu, Basis::Office),
        Event::Hiring => of(CapacityKind::Agent, Basis::Hiring),
        Event::Delegation => capacity.delegation_on.map(|on| (Basis::Delegation, on)),
        Event::Publication => milestones.published_on.map(|on| (Basis::Publication, arrived(on))),
        Event::LegalChange => milestones.legal_on.map(|on| (Basis::LegalChange, arrived(on))),
    }
}

/// So many months and days after a day, by the calendar.
pub fn after(day: NaiveDate, months: u32, days: u32) -> NaiveDate {
    let moved = day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX);
    moved.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// When somebody began in what a capacity says, changes of detail left out: the first of the capacities
/// that replaced one another in the same organisation.
pub fn began_on(capacity: &capacity::Model, all: &[capacity::Model]) -> NaiveDate {
    let (mut first, mut seen) = (capacity, vec![capacity.id]);
    let before = |id: Uuid| all.iter().find(|other| other.id == id);
    while let Some(earlier) = first.replaces_id.and_then(before) {
        let same = earlier.organisation_id == first.organisation_id && earlier.kind == first.kind;
        if !same || seen.contains(&earlier.id) {
            break;
        }
        seen.push(earlier.id);
        first = earlier;
    }
    first.valid_from
}
