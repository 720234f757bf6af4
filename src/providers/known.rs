//! Providers with their organisations: what the catalogue and the API show of them.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::find::{Told, told};
use super::model::{ProviderKind, provider};
use super::save::kind_of;
use crate::db::MOST_BOUND;
use crate::error::{Reason, Result};
use crate::territory::model::organisation;
use crate::territory::{self, OrgRef};

/// A provider, its organisation, and what is known of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// The provider.
    pub provider: provider::Model,
    /// Its organisation.
    pub organisation: organisation::Model,
    /// How its organisation is named now.
    pub reference: OrgRef,
    /// What was said.
    pub told: Told,
}

impl Known {
    /// Its public name: what it said, or else what the register says.
    pub fn name(&self) -> &str {
        self.told.profile.as_ref().map_or(&self.organisation.name, |profile| &profile.name)
    }

    /// What it is.
    pub fn kind(&self) -> ProviderKind {
        let said = self.told.profile.as_ref().map(|profile| profile.kind);
        said.unwrap_or_else(|| kind_of(self.organisation.kind))
    }

    /// How often something was said of it.
    pub fn revision(&self) -> i32 {
        self.told.profile.as_ref().map_or(0, |profile| profile.revision)
    }
}

/// Every provider.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Known>> {
    known(conn, provider::Entity::find().all(conn).await?).await
}

/// One provider.
///
/// # Errors
/// `not-found` when there is none.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<Known> {
    let row = provider::Entity::find_by_id(id).one(conn).await?.ok_or(Reason::NotFound)?;
    Ok(known(conn, vec![row]).await?.pop().ok_or(Reason::Internal)?)
}

async fn known(conn: &impl ConnectionTrait, rows: Vec<provider::Model>) -> Result<Vec<Known>> {
    let mut told = told(conn, rows.iter().map(|row| row.id)).await?;
    let of = |row: &provider::Model| row.organisation_id;
    let refs = territory::refs_of(conn, rows.iter().map(of)).await?;
    let mut organisations = HashMap::new();
    for some in rows.chunks(MOST_BOUND) {
        let found = organisation::Entity::find()
            .filter(organisation::COLUMN.id.is_in(some.iter().map(of)))
            .all(conn);
        organisations.extend(found.await?.into_iter().map(|row| (row.id, row)));
    }
    let whole = |provider: provider::Model| {
        let organisation = organisations.remove(&provider.organisation_id)?;
        let reference = refs.get(&provider.organisation_id)?.clone();
        let told = told.remove(&provider.id).unwrap_or_default();
        Some(Known { provider, organisation, reference, told })
    };
    Ok(rows.into_iter().filter_map(whole).collect())
}
