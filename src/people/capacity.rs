//! Dated capacities: élu or agent, of which organisation, declared or confirmed, by whom.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    Select, Set,
};
use uuid::Uuid;

use super::model::{CapacityKind, Standing, capacity};
use crate::clock;
use crate::error::Result;

/// A capacity to be recorded.
#[derive(Clone, Debug)]
pub struct NewCapacity {
    /// Whose.
    pub person_id: Uuid,
    /// Élu or agent.
    pub kind: CapacityKind,
    /// Of which organisation.
    pub organisation_id: Uuid,
    /// Type of mandate of an élu, function of either, category of an agent (A, B or C).
    pub detail: Detail,
    /// Declared or confirmed.
    pub standing: Standing,
    /// Where it comes from.
    pub source: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// The account that recorded it.
    pub recorded_by: Option<Uuid>,
}

/// What a capacity says besides its organisation.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// Type of mandate (RNE: conseiller municipal, communautaire …).
    pub mandate: Option<String>,
    /// Function: maire, 1er adjoint, DGS …
    pub function: Option<String>,
    /// Category of an agent: A, B or C.
    pub category: Option<String>,
    /// Whether an administrative manager (cadre).
    pub manager: bool,
    /// What an élu was delegated by the executive (CGCT L2122-18, L3221-3, L4231-3, L5211-9), in a few words.
    pub delegation: Option<String>,
    /// First day of that delegation.
    pub delegation_on: Option<NaiveDate>,
    /// Legal situation of an agent: `titulaire`, `stagiaire`, `contractuel` …
    pub employment: Option<String>,
    /// Filière of an agent: administrative, technique …
    pub filiere: Option<String>,
    /// Cadre d'emplois of an agent: attachés, rédacteurs …
    pub cadre_emplois: Option<String>,
    /// Functional post of an agent (emploi fonctionnel, CGFP L343-1): DGS, DGA …
    pub functional_post: Option<String>,
}

/// Records a capacity. A change is another row; this one ends by its date.
///
/// # Errors
/// When the database fails.
pub async fn add(
    tx: &DatabaseTransaction,
    new: NewCapacity,
    now: DateTime<Utc>,
) -> Result<capacity::Model> {
    let row = capacity::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(new.person_id),
        kind: Set(new.kind),
        organisation_id: Set(new.organisation_id),
        mandate: Set(new.detail.mandate),
        function: Set(new.detail.function),
        category: Set(new.detail.category),
        manager: Set(new.detail.manager),
        delegation: Set(new.detail.delegation),
        delegation_on: Set(new.detail.delegation_on),
        employment: Set(new.detail.employment),
        filiere: Set(new.detail.filiere),
        cadre_emplois: Set(new.detail.cadre_emplois),
        functional_post: Set(new.detail.functional_post),
        standing: Set(new.standing),
        source: Set(new.source),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        recorded_at: Set(now),
        recorded_by: Set(new.recorded_by),
        replaces_id: Set(None),
    };
    Ok(row.insert(tx).await?)
}

/// The capacities of a person in force on a day: confirmed ones first, then the latest.
///
/// # Errors
/// When the database fails.
pub async fn in_force(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    on: NaiveDate,
) -> Result<Vec<capacity::Model>> {
    let mut rows = of_person(person_id).all(conn).await?;
    keep_in_force(&mut rows, on, |capacity| capacity);
    Ok(rows)
}

/// The capacities of a person, the latest first: a statement to be completed.
pub fn of_person(person_id: Uuid) -> Select<capacity::Entity> {
    capacity::Entity::find()
        .filter(capacity::COLUMN.person_id.eq(person_id))
        .order_by_desc(capacity::Column::ValidFrom)
        .order_by_asc(capacity::Column::Id)
}

/// Keeps of those rows the ones whose capacity is in force on a day, confirmed ones first.
pub fn keep_in_force<T>(rows: &mut Vec<T>, on: NaiveDate, of: impl Fn(&T) -> &capacity::Model) {
    rows.retain(|row| of(row).valid_from <= on && of(row).valid_to.is_none_or(|end| on < end));
    rows.sort_by_key(|row| of(row).standing != Standing::Confirmed);
}
