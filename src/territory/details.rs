//! Everything known of one organisation, dated and with its sources.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::find;
use super::model::{affiliation, organisation, organisation_identifier, organisation_link};
use super::rules::OrgRef;
use crate::error::{Reason, Result};

/// Another organisation, as it is named to the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// How it is named.
    pub reference: OrgRef,
    /// Its name.
    pub name: String,
}

/// What is known of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// How it is named now.
    pub reference: OrgRef,
    /// Its row.
    pub organisation: organisation::Model,
    /// Its identifiers, oldest first.
    pub identifiers: Vec<organisation_identifier::Model>,
    /// What it is linked to: its EPCI, its département, its région.
    pub links: Vec<(organisation_link::Model, Named)>,
    /// Its affiliations, oldest first; `none` may name no CDG.
    pub affiliations: Vec<(affiliation::Model, Option<Named>)>,
}

/// Gathers what is known of an organisation, in a constant number of statements.
///
/// # Errors
/// When the database cannot be read.
pub async fn details(
    conn: &impl ConnectionTrait,
    organisation: organisation::Model,
) -> Result<Details> {
    let id = organisation.id;
    let identifiers = organisation_identifier::Entity::find()
        .filter(organisation_identifier::COLUMN.organisation_id.eq(id))
        .order_by_asc(organisation_identifier::Column::ValidFrom)
        .order_by_asc(organisation_identifier::Column::Scheme)
        .all(conn)
        .await?;
    let links = organisation_link::Entity::find()
        .filter(organisation_link::COLUMN.child_id.eq(id))
        .order_by_asc(organisation_link::Column::ValidFrom)
        .order_by_asc(organisation_link::Column::Kind)
        .all(conn)
        .await?;
    let affiliations = affiliation::Entity::find()
        .filter(affiliation::COLUMN.organisation_id.eq(id))
        .order_by_asc(affiliation::Column::ValidFrom)
        .order_by_asc(affiliation::Column::Id)
        .all(conn)
        .await?;
    let others =
        links.iter().map(|l| l.parent_id).chain(affiliations.iter().filter_map(|a| a.cdg_id));
    let named = named(conn, others.chain([id]).collect()).await?;
    let name = |id: Uuid| named.get(&id).cloned().ok_or(Reason::NotFound);
    let links = links.into_iter().map(|row| Ok((name(row.parent_id)?, row)));
    let affiliations =
        affiliations.into_iter().map(|row| Ok((row.cdg_id.map(name).transpose()?, row)));
    Ok(Details {
        reference: name(id)?.reference,
        organisation,
        identifiers,
        links: links.map(|pair| pair.map(|(named, row)| (row, named))).collect::<Result<_>>()?,
        affiliations: affiliations
            .map(|pair| pair.map(|(named, row)| (row, named)))
            .collect::<Result<_>>()?,
    })
}

/// How several organisations are named to a reader, by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn named(conn: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Named>> {
    let mut refs = find::refs_of(conn, ids.iter().copied()).await?;
    let rows =
        organisation::Entity::find().filter(organisation::COLUMN.id.is_in(ids)).all(conn).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            refs.remove(&row.id).map(|reference| (row.id, Named { reference, name: row.name }))
        })
        .collect())
}
