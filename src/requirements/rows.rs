//! The rows that the walk over people writes.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use super::decide::{Act, Entry, Opening};
use super::enter::Entered;
use super::force::Ready;
use crate::clock;
use crate::error::Result;
use crate::obligations::model::{EventKind, ObligationOrigin, obligation, obligation_event};
use crate::obligations::rules::due_at;

/// An act, of whom, by which requirement, after how many events of the obligation.
pub(super) struct Planned {
    pub(super) requirement: usize,
    pub(super) person_id: Uuid,
    pub(super) act: Act,
    pub(super) told: usize,
}

/// Writes what was planned: obligations first, since events name them.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    requirements: &[Ready],
    plan: Vec<Planned>,
    now: DateTime<Utc>,
) -> Result<Entered> {
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for Planned { requirement, person_id, act, told } in plan {
        let ready = &requirements[requirement];
        match act {
            Act::Open(opening) => {
                let id = clock::new_id();
                rows.push(opened(ready, person_id, id, &opening, now));
                if let Some((old, why)) = opening.supersedes {
                    let successor_id = Set(Some(id));
                    let reason = Set(Some(why.word().to_owned()));
                    let row = event(old, EventKind::Superseded, None, told, now);
                    events.push(obligation_event::ActiveModel { reason, successor_id, ..row });
                }
            }
            Act::Leave(id) => events.push(event(id, EventKind::LeftAudience, None, told, now)),
            Act::Reenter(id, entry) => {
                events.push(event(id, EventKind::Reentered, Some(entry), told, now));
            }
            Act::Move(id, entry) => {
                events.push(event(id, EventKind::Moved, Some(entry), told, now));
            }
        }
    }
    let mut written = Entered::default();
    if !rows.is_empty() {
        written.opened = obligation::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(obligation::Column::NaturalKey).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    if !events.is_empty() {
        let once = OnConflict::column(obligation_event::Column::NaturalKey).do_nothing().to_owned();
        written.events = obligation_event::Entity::insert_many(events)
            .on_conflict(once)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(written)
}

fn opened(
    ready: &Ready,
    person_id: Uuid,
    id: Uuid,
    opening: &Opening,
    now: DateTime<Utc>,
) -> obligation::ActiveModel {
    let (requirement, entry, due) = (ready.version.requirement_id, &opening.entry, opening.due);
    obligation::ActiveModel {
        id: Set(id),
        person_id: Set(person_id),
        module_id: Set(ready.terms.module_id),
        enrolment_id: Set(None),
        origin: Set(ObligationOrigin::Requirement),
        cycle: Set(opening.cycle),
        opened_at: Set(now),
        due_on: Set(due.on),
        time_zone: Set(entry.zone.name().to_owned()),
        due_at: Set(due_at(due.on, entry.zone)),
        natural_key: Set(format!("requirement:{requirement}:{person_id}:{}", opening.cycle)),
        from_version: Set(ready.from_version),
        requirement_id: Set(Some(requirement)),
        requirement_version_id: Set(Some(ready.version.id)),
        path_id: Set(ready.terms.path_id),
        path_version: Set(ready.path_version),
        capacity_id: Set(Some(entry.capacity_id)),
        organisation_id: Set(Some(entry.organisation_id)),
        basis: Set(Some(due.basis)),
        anchor_on: Set(due.anchor_on),
        accepts_from: Set(opening.accepts_from),
        agreed_only: Set(ready.version.agreed_only),
    }
}

/// An event of an obligation of which `told` are known.
fn event(
    obligation_id: Uuid,
    kind: EventKind,
    entry: Option<Entry>,
    told: usize,
    now: DateTime<Utc>,
) -> obligation_event::ActiveModel {
    obligation_event::ActiveModel {
        id: Set(clock::new_id()),
        obligation_id: Set(Some(obligation_id)),
        requirement_id: Set(None),
        kind: Set(kind),
        reason: Set(None),
        until: Set(None),
        until_at: Set(None),
        document_digest: Set(None),
        capacity_id: Set(entry.map(|entry| entry.capacity_id)),
        organisation_id: Set(entry.map(|entry| entry.organisation_id)),
        successor_id: Set(None),
        recorded_by: Set(None),
        at: Set(now),
        natural_key: Set(format!("event:{obligation_id}:{}", told + 1)),
    }
}
