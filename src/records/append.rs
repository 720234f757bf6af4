//! Appending a fact.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, Set};
use serde_json::Value;
use uuid::Uuid;

use super::model::{FactKind, fact};
use crate::clock;
use crate::error::{Reason, Result};

/// A fact to be appended. It names a person by id only; its payload is the snapshot that must still
/// be readable in ten years: thresholds, durations, texts of that moment.
#[derive(Clone, Debug)]
pub struct NewFact {
    /// What happened.
    pub kind: FactKind,
    /// To whom.
    pub person_id: Uuid,
    /// In which enrolment.
    pub enrolment_id: Option<Uuid>,
    /// About which module.
    pub module_id: Option<Uuid>,
    /// In which version of it.
    pub version_id: Option<Uuid>,
    /// The organisation that the person learned for, at that moment.
    pub organisation_id: Option<Uuid>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// The account that recorded it.
    pub recorded_by: Option<Uuid>,
    /// What makes this fact the same as another telling of it, such as `completed:<enrolment>`.
    pub natural_key: String,
    /// The snapshot.
    pub payload: Value,
}

/// Appends a fact, or finds that it was told before. Answers the fact and whether it is new.
///
/// # Errors
/// When the database fails.
pub async fn append(
    tx: &DatabaseTransaction,
    new: NewFact,
    now: DateTime<Utc>,
) -> Result<(fact::Model, bool)> {
    let natural_key = new.natural_key.clone();
    let row = fact::ActiveModel {
        id: Set(clock::new_id()),
        kind: Set(new.kind),
        person_id: Set(new.person_id),
        enrolment_id: Set(new.enrolment_id),
        module_id: Set(new.module_id),
        version_id: Set(new.version_id),
        organisation_id: Set(new.organisation_id),
        occurred_at: Set(new.occurred_at),
        recorded_at: Set(now),
        recorded_by: Set(new.recorded_by),
        natural_key: Set(new.natural_key),
        supersedes_id: Set(None),
        payload: Set(new.payload),
    };
    let added = fact::Entity::insert(row)
        .on_conflict(OnConflict::column(fact::Column::NaturalKey).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let stored = fact::Entity::find()
        .filter(fact::COLUMN.natural_key.eq(natural_key))
        .one(tx)
        .await?
        .ok_or(Reason::Internal)?;
    Ok((stored, added > 0))
}
