//! Perimeters: which organisations are a CDG's business at a date. Every such question reads dated
//! affiliation rows, never a département code: interdepartmental centres, EPCI over a border and
//! collectivités that left would all make the code lie.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::find;
use super::model::{AffiliationKind, OrganisationKind, affiliation};
use super::rules::OrgRef;
use crate::error::{Reason, Result};

/// A CDG seen as a perimeter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Perimeter {
    /// The CDG's organisation.
    pub cdg_id: Uuid,
    /// Its name.
    pub name: String,
    /// How it is named.
    pub reference: OrgRef,
}

/// The CDG that a reference names.
///
/// # Errors
/// `not-found` when it names nothing, or something that is not a CDG.
pub async fn perimeter(conn: &impl ConnectionTrait, reference: &OrgRef) -> Result<Perimeter> {
    let found = find::by_ref_ever(conn, reference).await?;
    if found.kind != OrganisationKind::Cdg {
        return Err(Reason::NotFound.into());
    }
    let reference = find::ref_of(conn, found.id).await?;
    Ok(Perimeter { cdg_id: found.id, name: found.name, reference })
}

/// The CDG to which an organisation is affiliated at a date: none in Paris and overseas
/// collectivités, seldom more than one.
///
/// # Errors
/// When the database cannot be read.
pub async fn cdgs_of(
    conn: &impl ConnectionTrait,
    organisation_id: Uuid,
    at: NaiveDate,
) -> Result<Vec<Uuid>> {
    let ids: Vec<Option<Uuid>> = affiliation::Entity::find()
        .select_only()
        .column(affiliation::Column::CdgId)
        .filter(affiliation::COLUMN.organisation_id.eq(organisation_id))
        .filter(valid_on(Expr::val(at)))
        .order_by_asc(affiliation::Column::CdgId)
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().flatten().collect())
}

/// The condition "`organisation` is affiliated to `cdg_id` on the day `on`", for a statement that
/// has both at hand: `organisation` and `on` are its expressions (see [`day_of`]).
pub fn affiliated(organisation: impl Into<Expr>, cdg_id: Uuid, on: impl Into<Expr>) -> Expr {
    let column = |c| Expr::col((affiliation::Entity, c));
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(affiliation::Entity)
            .and_where(column(affiliation::Column::CdgId).eq(cdg_id))
            .and_where(column(affiliation::Column::OrganisationId).eq(organisation.into()))
            .cond_where(valid_on(on.into()))
            .take(),
    )
}

/// The organisations ever affiliated to a CDG: a generous first sieve that an index serves, before
/// [`affiliated`] decides at each date.
pub fn ever_affiliated(cdg_id: Uuid) -> SelectStatement {
    Query::select()
        .column(affiliation::Column::OrganisationId)
        .from(affiliation::Entity)
        .and_where(Expr::col(affiliation::Column::CdgId).eq(cdg_id))
        .take()
}

/// The civil day of an instant, in UTC: a word that both engines have (PostgreSQL answers it in the
/// session's zone, which the driver sets to UTC). An affiliation that begins or ends does so, here,
/// at midnight UTC and not at each territory's own midnight.
pub fn day_of(instant: impl Into<Expr>) -> Expr {
    Func::cust("date").arg(instant.into()).into()
}

fn valid_on(day: Expr) -> Condition {
    let column = |c| Expr::col((affiliation::Entity, c));
    Condition::all()
        .add(affiliation::Column::Kind.ne(AffiliationKind::None))
        .add(column(affiliation::Column::ValidFrom).lte(day.clone()))
        .add(
            Condition::any()
                .add(column(affiliation::Column::ValidTo).is_null())
                .add(column(affiliation::Column::ValidTo).gt(day)),
        )
}
