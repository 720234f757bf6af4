//! Reading capacities and claims.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait as _,
};
use uuid::Uuid;

use super::model::{capacity_claim, claim_decision, claim_note};
use crate::error::{Reason, Result};
use crate::people::capacity;
use crate::people::model::capacity as row;

/// The capacities, past and present, that a person has had in an organisation, the latest first.
///
/// # Errors
/// `not-found` when there is none: nobody is known beyond their own organisations.
pub async fn in_organisation(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    person_id: Uuid,
) -> Result<Vec<row::Model>> {
    let all = capacity::of_person(person_id)
        .filter(row::COLUMN.organisation_id.eq(organisation_id))
        .all(conn)
        .await?;
    if all.is_empty() {
        return Err(Reason::NotFound.into());
    }
    Ok(all)
}

/// A capacity of an organisation, held until commit.
///
/// # Errors
/// `not-found`.
pub async fn hold(tx: &DatabaseTransaction, organisation: Uuid, id: Uuid) -> Result<row::Model> {
    let found = row::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let found = found.filter(|row| row.organisation_id == organisation);
    Ok(found.ok_or(Reason::NotFound)?)
}

/// A capacity of an organisation.
///
/// # Errors
/// `not-found`.
pub async fn one(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<row::Model> {
    let found = row::Entity::find_by_id(id).one(conn).await?;
    let found = found.filter(|row| row.organisation_id == organisation_id);
    Ok(found.ok_or(Reason::NotFound)?)
}

/// What moves when a capacity does: its end, which is all of it that ever changes.
pub fn stamp(row: &row::Model) -> String {
    let end = row.valid_to.map_or_else(|| "open".to_owned(), |day| day.to_string());
    let why = row.end_reason.as_deref().unwrap_or_default();
    format!("{}-{end}-{why}", row.id.simple())
}

/// A claim and what became of it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The claim.
    pub row: capacity_claim::Model,
    /// What was decided, if anything was.
    pub decision: Option<claim_decision::Model>,
    /// The sentence of a refusal, unless it was erased.
    pub note: Option<String>,
}

/// The claims made on an organisation whose address was proved, decided or not, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn claims_on(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    decided: bool,
    (limit, before): (u64, Option<Uuid>),
) -> Result<Vec<Claim>> {
    let decisions = claim_decision::Entity::find()
        .select_only()
        .column(claim_decision::Column::ClaimId)
        .into_query();
    let id = capacity_claim::Column::Id;
    let of_state = if decided { id.in_subquery(decisions) } else { id.not_in_subquery(decisions) };
    let mut found = capacity_claim::Entity::find()
        .filter(capacity_claim::COLUMN.organisation_id.eq(organisation_id))
        .filter(capacity_claim::COLUMN.capacity_id.is_not_null())
        .filter(of_state);
    if let Some(before) = before {
        found = found.filter(capacity_claim::COLUMN.id.lt(before));
    }
    with_decisions(conn, found.order_by_desc(id).limit(limit).all(conn).await?).await
}

/// The claims of a person, by the capacity that each declared.
///
/// # Errors
/// When the database fails.
pub async fn claims_of(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
) -> Result<HashMap<Uuid, Claim>> {
    let rows = capacity_claim::Entity::find()
        .filter(capacity_claim::COLUMN.person_id.eq(person_id))
        .all(conn)
        .await?;
    let claims = with_decisions(conn, rows).await?;
    Ok(claims.into_iter().filter_map(|claim| Some((claim.row.capacity_id?, claim))).collect())
}

/// A claim made on an organisation, held until commit.
///
/// # Errors
/// `not-found`, also while its address is not proved.
pub async fn hold_claim(
    tx: &DatabaseTransaction,
    organisation_id: Uuid,
    id: Uuid,
) -> Result<Claim> {
    let found = capacity_claim::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let found =
        found.filter(|row| row.organisation_id == organisation_id && row.capacity_id.is_some());
    let mut claims = with_decisions(tx, found.into_iter().collect()).await?;
    Ok(claims.pop().ok_or(Reason::NotFound)?)
}

/// The claim that waits for a decision on a capacity, if one does.
///
/// # Errors
/// When the database fails.
pub async fn pending_on(
    conn: &impl ConnectionTrait,
    capacity_id: Uuid,
) -> Result<Option<capacity_claim::Model>> {
    let row = capacity_claim::Entity::find()
        .filter(capacity_claim::COLUMN.capacity_id.eq(capacity_id))
        .one(conn)
        .await?;
    let mut claims = with_decisions(conn, row.into_iter().collect()).await?;
    Ok(claims.pop().filter(|claim| claim.decision.is_none()).map(|claim| claim.row))
}

async fn with_decisions(
    conn: &impl ConnectionTrait,
    rows: Vec<capacity_claim::Model>,
) -> Result<Vec<Claim>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let decisions = claim_decision::Entity::find()
        .filter(claim_decision::Column::ClaimId.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let mut decisions: HashMap<Uuid, _> =
        decisions.into_iter().map(|row| (row.claim_id, row)).collect();
    let notes =
        claim_note::Entity::find().filter(claim_note::Column::ClaimId.is_in(ids)).all(conn).await?;
    let mut notes: HashMap<Uuid, _> =
        notes.into_iter().map(|row| (row.claim_id, row.text)).collect();
    let claim = |row: capacity_claim::Model| Claim {
        decision: decisions.remove(&row.id),
        note: notes.remove(&row.id),
        row,
    };
    Ok(rows.into_iter().map(claim).collect())
}
