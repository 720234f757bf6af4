//! Finding organisations: by reference at a date, by name, and the references of those one holds.
//!
//! Validity is half-open: an identifier, link or affiliation holds from `valid_from` and no longer
//! on `valid_to`.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::model::{OrganisationKind, organisation, organisation_identifier};
use super::rules::{OrgRef, preference};
use crate::db::MOST_BOUND;
use crate::error::{Reason, Refusal, Result};

/// The organisation that a reference names at a date.
///
/// # Errors
/// `not-found` when none does.
pub async fn by_ref(
    conn: &impl ConnectionTrait,
    reference: &OrgRef,
    at: NaiveDate,
) -> Result<organisation::Model> {
    let rows = holders(conn, reference).await?;
    let valid = |row: &organisation_identifier::Model| {
        row.valid_from <= at && row.valid_to.is_none_or(|to| at < to)
    };
    let row = rows.iter().find(|row| valid(row)).ok_or(Reason::NotFound)?;
    by_id(conn, row.organisation_id).await
}

/// The organisation that a reference names, or the last that it named: for what must be found
/// whatever the date, such as a perimeter.
///
/// # Errors
/// `not-found` when it never named any.
pub async fn by_ref_ever(
    conn: &impl ConnectionTrait,
    reference: &OrgRef,
) -> Result<organisation::Model> {
    let mut rows = holders(conn, reference).await?;
    rows.sort_by_key(|row| (row.valid_to.is_none(), row.valid_from));
    let row = rows.last().ok_or(Reason::NotFound)?;
    by_id(conn, row.organisation_id).await
}

/// An organisation by its id.
///
/// # Errors
/// `not-found` when there is none.
pub async fn by_id(conn: &impl ConnectionTrait, id: Uuid) -> Result<organisation::Model> {
    let found = organisation::Entity::find_by_id(id).one(conn).await?;
    Ok(found.ok_or(Reason::NotFound)?)
}

pub(super) async fn holders(
    conn: &impl ConnectionTrait,
    reference: &OrgRef,
) -> Result<Vec<organisation_identifier::Model>> {
    let rows = organisation_identifier::Entity::find()
        .filter(organisation_identifier::COLUMN.scheme.eq(reference.scheme()))
        .filter(organisation_identifier::COLUMN.value.eq(reference.value()))
        .all(conn)
        .await?;
    Ok(rows)
}

/// How an organisation is named now.
///
/// # Errors
/// `not-found` when the organisation has no identifier, which no writer leaves behind.
pub async fn ref_of(conn: &impl ConnectionTrait, id: Uuid) -> Result<OrgRef> {
    Ok(refs_of(conn, [id]).await?.remove(&id).ok_or(Reason::NotFound)?)
}

/// How each of several organisations is named now: its preferred identifier in force, or the last
/// it had when none is.
///
/// # Errors
/// When the database cannot be read.
pub async fn refs_of(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, OrgRef>> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut rows = Vec::new();
    for ids in ids.chunks(MOST_BOUND) {
        let found = organisation_identifier::Entity::find()
            .filter(organisation_identifier::COLUMN.organisation_id.is_in(ids.iter().copied()))
            .all(conn);
        rows.extend(found.await?);
    }
    rows.sort_by_key(|row| {
        (row.valid_to.is_none(), row.valid_to, std::cmp::Reverse(preference(row.scheme)))
    });
    rows.into_iter()
        .map(|row| Ok((row.organisation_id, OrgRef::new(row.scheme, row.value)?)))
        .collect()
}

/// Organisations whose name has words beginning like `q` (accents, case and hyphens aside), of one
/// kind or of all, in the order of their names. `after` is the last organisation of the previous
/// page.
///
/// # Errors
/// `invalid-parameter` when `after` is not an organisation.
pub async fn search(
    conn: &impl ConnectionTrait,
    q: &str,
    kind: Option<OrganisationKind>,
    limit: u64,
    after: Option<Uuid>,
) -> Result<Vec<organisation::Model>> {
    let mut found = organisation::Entity::find();
    let q = crate::text::folded(q);
    if !q.is_empty() {
        // `folded` leaves letters, digits and spaces: nothing that LIKE reads as a wildcard.
        found = found.filter(
            Condition::any()
                .add(organisation::Column::NameFolded.like(LikeExpr::new(format!("{q}%"))))
                .add(organisation::Column::NameFolded.like(LikeExpr::new(format!("% {q}%")))),
        );
    }
    if let Some(kind) = kind {
        found = found.filter(organisation::COLUMN.kind.eq(kind));
    }
    let name = || name_in_byte_order(conn.get_database_backend());
    if let Some(after) = after {
        let last = organisation::Entity::find_by_id(after).one(conn).await?;
        let last = last.ok_or_else(|| {
            Refusal::new(Reason::InvalidParameter).because(
                "`after` ne vient pas d'une page précédente.",
                "`after` is not from a previous page.",
            )
        })?;
        found = found.filter(
            Condition::any().add(name().gt(last.name_folded.as_str())).add(
                Condition::all()
                    .add(organisation::COLUMN.name_folded.eq(last.name_folded.as_str()))
                    .add(organisation::COLUMN.id.gt(last.id)),
            ),
        );
    }
    let found = found.order_by(name(), sea_orm::Order::Asc);
    Ok(found.order_by_asc(organisation::Column::Id).limit(limit).all(conn).await?)
}

/// PostgreSQL sorts by the database's language unless told otherwise; both engines must page alike.
fn name_in_byte_order(backend: DbBackend) -> Expr {
    match backend {
        DbBackend::Postgres => Expr::cust(r#""organisation"."name_folded" COLLATE "C""#),
        _ => Expr::col((organisation::Entity, organisation::Column::NameFolded)),
    }
}
