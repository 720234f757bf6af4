//! Organisations that no register lists, made here.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};

use sea_orm::{ActiveModelTrait as _, Set};
use uuid::Uuid;

use super::find::{by_id, by_ref_ever, holders};
use super::model::{OrganisationKind, Scheme, organisation, organisation_identifier};
use super::rules::OrgRef;
use crate::clock::new_id;
use crate::error::Result;

/// The source of what is said of them.
const SOURCE: &str = "maitrise";

/// The organisation known here as `local:<slug>`, made if there is none: a provider of training that
/// no register lists. The name and kind of an existing one are left alone.
///
/// # Errors
/// `invalid-parameter` when the slug is not one (lower-case letters, digits, hyphens).
pub async fn ensure_local(
    tx: &DatabaseTransaction,
    slug: &str,
    name: &str,
    kind: OrganisationKind,
    now: DateTime<Utc>,
) -> Result<organisation::Model> {
    let reference = OrgRef::new(Scheme::Local, slug)?;
    if let Some(row) = holders(tx, &reference).await?.into_iter().find(|r| r.valid_to.is_none()) {
        return by_id(tx, row.organisation_id).await;
    }
    let made = organisation::Model {
        id: new_id(),
        kind,
        name: name.to_owned(),
        name_folded: crate::text::folded(name),
        population: None,
        zone: None,
        time_zone: chrono_tz::Europe::Paris.name().to_owned(),
        source: SOURCE.to_owned(),
        recorded_at: now,
    };
    organisation::Entity::insert(made.clone().into_active_model())
        .exec_without_returning(tx)
        .await?;
    let identifier = organisation_identifier::Model {
        id: new_id(),
        organisation_id: made.id,
        scheme: Scheme::Local,
        value: slug.to_owned(),
        valid_from: now.date_naive(),
        valid_to: None,
        source: SOURCE.to_owned(),
    };
    let added = organisation_identifier::Entity::insert(identifier.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    if added == 1 {
        return Ok(made);
    }
    // Another process named it between our look and our insert: theirs is the organisation.
    organisation::Entity::delete_by_id(made.id).exec(tx).await?;
    by_ref_ever(tx, &reference).await
}

/// Renames an organisation made here. One that a register lists keeps the name that the register
/// gives it.
///
/// # Errors
/// `not-found` when there is none.
pub async fn rename_local(tx: &DatabaseTransaction, id: Uuid, name: &str) -> Result<()> {
    let row = by_id(tx, id).await?;
    if row.source != SOURCE || row.name == name {
        return Ok(());
    }
    let mut renamed = row.into_active_model();
    renamed.name = Set(name.to_owned());
    renamed.name_folded = Set(crate::text::folded(name));
    renamed.update(tx).await?;
    Ok(())
}
