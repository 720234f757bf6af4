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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    add_until(tx, new, (None, None), now).await
}

/// The same with the first day on which it no longer holds, if that is known already, and the row
/// that it replaces, if any.
///
/// # Errors
/// When the database fails.
pub async fn add_until(
    tx: &DatabaseTransaction,
    new: NewCapacity,
    (valid_to, replaces_id): (Option<NaiveDate>, Option<Uuid>),
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
        valid_to: Set(valid_to),
        recorded_at: Set(now),
        recorded_by: Set(new.recorded_by),
        replaces_id: Set(replaces_id),
        end_reason: Set(None),
    };
    Ok(row.insert(tx).await?)
}

/// Ends a capacity on the first day on which it no longer holds: all of a row that ever changes.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &DatabaseTransaction,
    row: capacity::Model,
    on: NaiveDate,
    reason: Option<String>,
) -> Result<capacity::Model> {
    let mut ended: capacity::ActiveModel = row.into();
    ended.valid_to = Set(Some(on));
    ended.end_reason = Set(reason);
    Ok(ended.update(tx).await?)
}

/// Under which capacity a person learns on a day who began under `began`: that one or what replaced
/// it, or else the first of those in force.
///
/// # Errors
/// When the database fails.
pub async fn still(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    began: Option<Uuid>,
    on: NaiveDate,
) -> Result<Option<capacity::Model>> {
    let mut rows = of_person(person_id).all(conn).await?;
    let heir = began.and_then(|id| line(&rows, id).last().map(|row| row.id));
    keep_in_force(&mut rows, on, |capacity| capacity);
    let at = rows.iter().position(|row| Some(row.id) == heir).unwrap_or(0);
    Ok((at < rows.len()).then(|| rows.swap_remove(at)))
}

/// The history of a capacity, whichever of its rows `id` is: what it replaced, from the first, to what
/// replaced it, to the last. Empty when no row has that id.
pub fn line(rows: &[capacity::Model], id: Uuid) -> Vec<&capacity::Model> {
    let Some(mut first) = rows.iter().find(|row| row.id == id) else { return Vec::new() };
    let mut line = Vec::new();
    // A row replaces one that was there before it: no circle, whatever the rows say.
    for _ in 0..rows.len() {
        match rows.iter().find(|row| Some(row.id) == first.replaces_id) {
            Some(before) => first = before,
            None => break,
        }
    }
    let mut at = Some(first);
    while let Some(row) = at.filter(|_| line.len() < rows.len()) {
        line.push(row);
        at = rows.iter().find(|later| later.replaces_id == Some(row.id));
    }
    line
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
