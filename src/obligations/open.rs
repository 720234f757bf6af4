//! Opening an obligation.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::model::{ObligationOrigin, obligation};
use super::rules;
use crate::clock;
use crate::error::{Reason, Result};

/// Opens what a due date given at enrolment makes a person owe. Idempotent: asked again for the same
/// enrolment it answers the obligation already open, unchanged. A person who enrols again has another
/// enrolment, hence another obligation; its own cycle is the first.
///
/// # Errors
/// When the database fails.
pub async fn open_for_enrolment(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
    enrolment_id: Uuid,
    due_on: NaiveDate,
    time_zone: Tz,
    now: DateTime<Utc>,
) -> Result<obligation::Model> {
    let natural_key = format!("enrolment:{enrolment_id}:1");
    let row = obligation::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(person_id),
        module_id: Set(module_id),
        enrolment_id: Set(Some(enrolment_id)),
        origin: Set(ObligationOrigin::Enrolment),
        cycle: Set(1),
        opened_at: Set(now),
        due_on: Set(due_on),
        time_zone: Set(time_zone.name().to_owned()),
        due_at: Set(rules::due_at(due_on, time_zone)),
        natural_key: Set(natural_key.clone()),
    };
    obligation::Entity::insert(row)
        .on_conflict(OnConflict::column(obligation::Column::NaturalKey).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let opened = obligation::Entity::find()
        .filter(obligation::Column::NaturalKey.eq(natural_key))
        .one(tx)
        .await?;
    opened.ok_or_else(|| Reason::Conflict.into())
}
