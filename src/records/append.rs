//! Appending a fact.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter,
};
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
    /// The fact that this one corrects, which stays and counts for nothing any more.
    pub supersedes_id: Option<Uuid>,
    /// The snapshot.
    pub payload: Value,
}

/// Appends a fact, or finds that it was told before. Answers the fact and whether it is new. What was
/// told and annulled since may happen again: it is then told under a key that names the annulment.
///
/// # Errors
/// When the database fails.
pub async fn append(
    tx: &DatabaseTransaction,
    mut new: NewFact,
    now: DateTime<Utc>,
) -> Result<(fact::Model, bool)> {
    let key = new.natural_key.clone();
    loop {
        let (row, added) = append_once(tx, &new, now).await?;
        if added {
            return Ok((row, true));
        }
        let Some(annulment) = annulment_of(tx, row.id).await? else { return Ok((row, false)) };
        new.natural_key = format!("{key}:after:{annulment}");
    }
}

/// Appends facts that nobody can have told before, because what they are about was made in this very
/// transaction: one statement.
///
/// # Errors
/// When the database fails.
pub async fn append_new(
    tx: &DatabaseTransaction,
    new: Vec<NewFact>,
    now: DateTime<Utc>,
) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let rows = new.iter().map(|new| row_of(new, now).into_active_model().reset_all());
    fact::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

fn row_of(new: &NewFact, now: DateTime<Utc>) -> fact::Model {
    fact::Model {
        id: clock::new_id(),
        kind: new.kind,
        person_id: new.person_id,
        enrolment_id: new.enrolment_id,
        module_id: new.module_id,
        version_id: new.version_id,
        organisation_id: new.organisation_id,
        occurred_at: new.occurred_at,
        recorded_at: now,
        recorded_by: new.recorded_by,
        natural_key: new.natural_key.clone(),
        supersedes_id: new.supersedes_id,
        payload: new.payload.clone(),
    }
}

async fn append_once(
    tx: &DatabaseTransaction,
    new: &NewFact,
    now: DateTime<Utc>,
) -> Result<(fact::Model, bool)> {
    let row = row_of(new, now);
    let once = OnConflict::column(fact::Column::NaturalKey).do_nothing().to_owned();
    let added = fact::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    if added > 0 {
        return Ok((row, true));
    }
    let told = fact::Entity::find().filter(fact::COLUMN.natural_key.eq(row.natural_key));
    Ok((told.one(tx).await?.ok_or(Reason::Internal)?, false))
}

/// The fact that annulled another, if one did.
async fn annulment_of(tx: &DatabaseTransaction, id: Uuid) -> Result<Option<Uuid>> {
    let annulment = fact::Entity::find()
        .filter(fact::COLUMN.supersedes_id.eq(id))
        .filter(fact::Column::Kind.eq(FactKind::Annulled))
        .one(tx)
        .await?;
    Ok(annulment.map(|f| f.id))
}
