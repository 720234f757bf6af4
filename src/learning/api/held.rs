//! What a handler holds until commit: an enrolment of one's own, and an attempt in it.

use sea_orm::{DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef};
use uuid::Uuid;

use super::super::model::attempt;
use super::super::study::{Attester, Study};
use crate::accounts::Principal;
use crate::app::App;
use crate::enrolments::find;
use crate::enrolments::model::enrolment;
use crate::error::{Reason, Result};

/// Holds an enrolment of one's own, with all that recording in it needs.
pub(crate) async fn study<'a>(
    app: &'a App,
    tx: &DatabaseTransaction,
    who: &Principal,
    enrolment_id: Uuid,
) -> Result<Study<'a>> {
    let enrolment = find::own_locked(tx, who, enrolment_id).await?;
    of(app, tx, who, enrolment).await
}

/// Holds an attempt of one's own with its enrolment, in one statement: answers are what is written most.
pub(crate) async fn sitting<'a>(
    app: &'a App,
    tx: &DatabaseTransaction,
    who: &Principal,
    attempt_id: Uuid,
) -> Result<(Study<'a>, attempt::Model)> {
    // The enrolment comes first in the statement, so that it is held first, as everywhere.
    let held = enrolment::Entity::find()
        .select_also(attempt::Entity)
        .join(JoinType::InnerJoin, attempt_of_enrolment())
        .filter(attempt::COLUMN.id.eq(attempt_id))
        .filter(enrolment::COLUMN.person_id.eq(who.person_id))
        .lock_exclusive()
        .one(tx)
        .await?;
    let Some((enrolment, Some(attempt))) = held else { return Err(Reason::NotFound.into()) };
    Ok((of(app, tx, who, enrolment).await?, attempt))
}

fn attempt_of_enrolment() -> RelationDef {
    enrolment::Entity::belongs_to(attempt::Entity)
        .from(enrolment::Column::Id)
        .to(attempt::Column::EnrolmentId)
        .into()
}

async fn of<'a>(
    app: &'a App,
    tx: &DatabaseTransaction,
    who: &Principal,
    enrolment: enrolment::Model,
) -> Result<Study<'a>> {
    let edition = app.shelf.edition(tx, enrolment.version_id).await?;
    let attester = Attester { keys: &app.keys, issuer: &app.settings.http.public_url };
    let recorded_by = Some(who.account_id);
    Ok(Study { recorded_by, attester, enrolment, edition, now: app.clock.now() })
}
