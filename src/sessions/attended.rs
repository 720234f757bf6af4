//! What a document says of the sessions that its holder attended: read from facts, which stay.

use chrono::NaiveDate;
use sea_orm::{ActiveEnum as _, ConnectionTrait};
use uuid::Uuid;

use super::model::{Half, Modality};
use crate::error::Result;
use crate::records::model::{FactKind, fact};
use crate::records::read;

/// A half-day at which somebody was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendedHalfDay {
    /// The civil day, where the session was.
    pub day: NaiveDate,
    /// Which half of it.
    pub half: Half,
    /// How the session was held.
    pub modality: Modality,
    /// Minutes of presence.
    pub minutes: i32,
}

/// The half-days that somebody attended in an enrolment, by the civil day of its completion, in order.
/// What is attended later belongs to what follows, and moves no document.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &impl ConnectionTrait,
    enrolment_id: Option<Uuid>,
    ended_on: NaiveDate,
) -> Result<Vec<AttendedHalfDay>> {
    let Some(enrolment_id) = enrolment_id else { return Ok(Vec::new()) };
    let facts = read::of_enrolment(conn, enrolment_id).await?;
    let superseded = |f: &fact::Model| facts.iter().any(|later| later.supersedes_id == Some(f.id));
    let attended = facts.iter().filter(|f| f.kind == FactKind::Attended && !superseded(f));
    let mut attended: Vec<_> =
        attended.filter_map(read_fact).filter(|half| half.day <= ended_on).collect();
    attended.sort_by_key(|half| (half.day, half.half));
    Ok(attended)
}

fn read_fact(fact: &fact::Model) -> Option<AttendedHalfDay> {
    let said = |field: &str| fact.payload[field].as_str().map(str::to_owned);
    let minutes = i32::try_from(fact.payload["minutes"].as_i64()?).ok()?;
    let half = AttendedHalfDay {
        day: said("day")?.parse().ok()?,
        half: Half::try_from_value(&said("half")?).ok()?,
        modality: Modality::try_from_value(&said("modality")?).ok()?,
        minutes,
    };
    (minutes > 0).then_some(half)
}
