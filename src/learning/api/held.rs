//! What a handler holds until commit: an enrolment of one's own, and an attempt in it.

use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::super::attempts;
use super::super::model::attempt;
use super::super::study::{Attester, Study};
use crate::accounts::Principal;
use crate::app::App;
use crate::enrolments::find;
use crate::error::Result;

/// Holds an enrolment of one's own, with all that recording in it needs.
pub(crate) async fn study<'a>(
    app: &'a App,
    tx: &DatabaseTransaction,
    who: &Principal,
    enrolment_id: Uuid,
) -> Result<Study<'a>> {
    let enrolment = find::own_locked(tx, who, enrolment_id).await?;
    let edition = app.shelf.edition(tx, enrolment.version_id).await?;
    let attester = Attester { keys: &app.keys, issuer: &app.settings.http.public_url };
    let recorded_by = Some(who.account_id);
    Ok(Study { recorded_by, attester, enrolment, edition, now: app.clock.now() })
}

/// Holds an attempt of one's own, its enrolment first.
pub(crate) async fn sitting<'a>(
    app: &'a App,
    tx: &DatabaseTransaction,
    who: &Principal,
    attempt_id: Uuid,
) -> Result<(Study<'a>, attempt::Model)> {
    let enrolment_id = attempts::find(tx, attempt_id).await?.enrolment_id;
    let study = study(app, tx, who, enrolment_id).await?;
    Ok((study, attempts::find_locked(tx, attempt_id).await?))
}
