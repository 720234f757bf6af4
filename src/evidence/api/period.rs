//! What was attested in an organisation over a period, page after page.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::app::App;
use crate::attestations::model::attestation;
use crate::attestations::standing::{self, Standing};
use crate::error::Result;
use crate::people::model::identity;
use crate::records::model::{FactKind, fact};

/// Attestations read at a time.
pub(super) const PAGE: u64 = 50;

/// Which completions: of an organisation, between two instants.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    /// The organisation.
    pub organisation_id: Uuid,
    /// From this instant,
    pub from: DateTime<Utc>,
    /// until this one, excluded.
    pub until: DateTime<Utc>,
}

/// An attestation, and what is read of a whole page of them at once.
pub(super) struct Attested {
    pub(super) row: attestation::Model,
    pub(super) completion: fact::Model,
    pub(super) standing: Standing,
    /// The name on it, unless it was erased.
    pub(super) name: Option<String>,
}

/// Some completions of the period with their attestations, in the order in which they were recorded.
/// Fewer than [`PAGE`] are the last.
///
/// # Errors
/// When the database fails.
pub(super) async fn page(app: &App, within: Within, after: Option<Uuid>) -> Result<Vec<Attested>> {
    let conn = app.db.read();
    let mut done = fact::Entity::find()
        .filter(fact::Column::OrganisationId.eq(within.organisation_id))
        .filter(fact::Column::Kind.eq(FactKind::Completed))
        .filter(fact::Column::OccurredAt.gte(within.from))
        .filter(fact::Column::OccurredAt.lt(within.until))
        .filter(fact::Column::Id.in_subquery(attested()))
        .order_by_asc(fact::Column::Id)
        .limit(PAGE);
    if let Some(after) = after {
        done = done.filter(fact::Column::Id.gt(after));
    }
    let done = done.all(conn).await?;
    let rows = attestation::Entity::find()
        .filter(attestation::Column::CompletionFactId.is_in(done.iter().map(|fact| fact.id)))
        .all(conn)
        .await?;
    let mut standings = standing::of(conn, &rows).await?;
    let mut names = names(conn, &rows).await?;
    let mut rows: HashMap<Uuid, attestation::Model> =
        rows.into_iter().map(|row| (row.completion_fact_id, row)).collect();
    let attested = |completion: fact::Model| {
        let row = rows.remove(&completion.id)?;
        let standing = standings.remove(&row.id).unwrap_or_default();
        Some(Attested { standing, name: names.remove(&row.id), row, completion })
    };
    Ok(done.into_iter().filter_map(attested).collect())
}

/// The names on attestations, by attestation.
async fn names(
    conn: &impl ConnectionTrait,
    rows: &[attestation::Model],
) -> Result<HashMap<Uuid, String>> {
    let held = identity::Entity::find()
        .filter(identity::Column::Id.is_in(rows.iter().map(|row| row.identity_id)))
        .all(conn)
        .await?;
    let held: HashMap<Uuid, String> =
        held.into_iter().map(|n| (n.id, format!("{} {}", n.given_name, n.family_name))).collect();
    let named = rows.iter().filter_map(|row| Some((row.id, held.get(&row.identity_id)?.clone())));
    Ok(named.collect())
}

/// The completions that were attested: what was learnt before is recognised, and attests nothing.
fn attested() -> sea_orm::sea_query::SelectStatement {
    sea_orm::sea_query::Query::select()
        .column(attestation::Column::CompletionFactId)
        .from(attestation::Entity)
        .to_owned()
}
