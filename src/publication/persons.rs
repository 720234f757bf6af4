//! How many persons a publication touches, told as far as statistical secrecy lets it be.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};
use uuid::Uuid;

use crate::enrolments::model::enrolment;
use crate::error::Result;
use crate::obligations::rules::zone;
use crate::records;
use crate::records::model::{FactKind, fact};

/// A number of persons, as far as statistical secrecy lets it be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persons {
    /// So few that no number is given.
    TooFew,
    /// That many.
    Count(u64),
}

impl Persons {
    /// What may be told of a count; none is as few as four.
    pub fn told(count: u64, min_persons: u64) -> Self {
        if count < min_persons { Persons::TooFew } else { Persons::Count(count) }
    }

    /// How many they are, roughly: the bands double from the threshold on (at five: 5 to 9, 10 to 19, 20
    /// to 39 …); none under it. What a publisher consents to is of this size; on a busy module the number
    /// itself moves while they read it.
    pub fn band(self, min_persons: u64) -> Option<u32> {
        match self {
            Persons::TooFew => None,
            Persons::Count(count) => count.checked_div(min_persons).and_then(u64::checked_ilog2),
        }
    }
}

/// Persons who hold a completion of any version.
pub(super) async fn completed(conn: &impl ConnectionTrait, module_id: Uuid) -> Result<u64> {
    let count = fact::Entity::find()
        .select_only()
        .expr(Expr::col(fact::Column::PersonId).count_distinct())
        .filter(fact::COLUMN.module_id.eq(module_id))
        .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .filter(records::read::standing(None))
        .into_tuple::<i64>()
        .one(conn)
        .await?;
    Ok(count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// Persons enrolled in any version who have neither completed it nor withdrawn.
pub(super) async fn in_progress(conn: &impl ConnectionTrait, module_id: Uuid) -> Result<u64> {
    use fact::Column::{EnrolmentId, Kind, ModuleId};
    let ended = Query::select()
        .column(EnrolmentId)
        .from(fact::Entity)
        .and_where(ModuleId.eq(module_id))
        .and_where(Kind.is_in([FactKind::Completed, FactKind::Recognised, FactKind::Withdrawn]))
        .and_where(EnrolmentId.is_not_null())
        .and_where(records::read::standing(None))
        .to_owned();
    let count = enrolment::Entity::find()
        .select_only()
        .expr(Expr::col(enrolment::Column::PersonId).count_distinct())
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .filter(enrolment::Column::Id.not_in_subquery(ended))
        .into_tuple::<i64>()
        .one(conn)
        .await?;
    Ok(count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// Who holds a completion of a module, each once, with the zone of the organisation under which they
/// last completed it; one statement.
pub(super) async fn holders(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
) -> Result<Vec<(Uuid, Tz)>> {
    let completions: Vec<(Uuid, Option<String>)> = fact::Entity::find()
        .select_only()
        .column(fact::Column::PersonId)
        .column(enrolment::Column::TimeZone)
        .join(JoinType::LeftJoin, enrolment_of_fact())
        .filter(fact::Column::ModuleId.eq(module_id))
        .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .filter(records::read::standing(None))
        .order_by_asc(fact::Column::OccurredAt)
        .order_by_asc(fact::Column::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let last: BTreeMap<Uuid, Option<String>> = completions.into_iter().collect();
    Ok(last.into_iter().map(|(person, name)| (person, zone(&name.unwrap_or_default()))).collect())
}

fn enrolment_of_fact() -> RelationDef {
    fact::Entity::belongs_to(enrolment::Entity)
        .from(fact::Column::EnrolmentId)
        .to(enrolment::Column::Id)
        .into()
}
