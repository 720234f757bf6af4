//! The part of provider: which organisations have been given it.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use super::model::provider;
use crate::clock;
use crate::error::{self, Reason, Result};
use crate::territory::model::{OrganisationKind, Scheme, organisation};
use crate::territory::{self, OrgRef};

/// The provider that an organisation reference names (`local:maitrise`, a SIREN …), or last named: a
/// manifest keeps the reference of its day. None for text that is no reference.
///
/// # Errors
/// When the database fails.
pub async fn by_ref(
    conn: &impl ConnectionTrait,
    reference: &str,
) -> Result<Option<provider::Model>> {
    let Some(organisation) = organisation(conn, reference).await? else { return Ok(None) };
    Ok(provider::Entity::find()
        .filter(provider::COLUMN.organisation_id.eq(organisation.id))
        .one(conn)
        .await?)
}

/// The provider that a reference names, given the part if its organisation has it not yet. An
/// unknown `local:` organisation is created; any other must be known from the referential.
///
/// # Errors
/// `not-found` when no organisation has this reference.
pub async fn ensure(
    tx: &DatabaseTransaction,
    reference: &str,
    now: DateTime<Utc>,
) -> Result<provider::Model> {
    let organisation = match (organisation(tx, reference).await?, local_slug(reference)) {
        (Some(known), _) => known,
        (None, Some(slug)) => {
            let kind = OrganisationKind::TrainingBody;
            territory::ensure_local(tx, &slug, &slug, kind, now).await?
        }
        (None, None) => return Err(Reason::NotFound.into()),
    };
    provider::Entity::insert(provider::ActiveModel {
        id: Set(clock::new_id()),
        organisation_id: Set(organisation.id),
        created_at: Set(now),
    })
    .on_conflict(OnConflict::column(provider::Column::OrganisationId).do_nothing().to_owned())
    .exec_without_returning(tx)
    .await?;
    let found = provider::Entity::find()
        .filter(provider::COLUMN.organisation_id.eq(organisation.id))
        .one(tx)
        .await?;
    Ok(found.ok_or(Reason::Internal)?)
}

/// Whether [`ensure`] would find or create this provider.
///
/// # Errors
/// When the database fails.
pub async fn can_be_ensured(conn: &impl ConnectionTrait, reference: &str) -> Result<bool> {
    Ok(local_slug(reference).is_some() || organisation(conn, reference).await?.is_some())
}

fn local_slug(reference: &str) -> Option<String> {
    let reference: OrgRef = reference.parse().ok()?;
    (reference.scheme() == Scheme::Local).then(|| reference.value().to_owned())
}

async fn organisation(
    conn: &impl ConnectionTrait,
    reference: &str,
) -> Result<Option<organisation::Model>> {
    let Ok(reference) = reference.parse::<OrgRef>() else { return Ok(None) };
    error::found(territory::by_ref_ever(conn, &reference).await)
}
