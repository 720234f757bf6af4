//! Obligations that a change of the law opened: they hang on no enrolment, and are satisfied by
//! completing the version they ask for or a later one, in whatever enrolment.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::model::{ObligationOrigin, obligation};
use crate::catalogue::model::{module_retirement, module_version};
use crate::error::Result;
use crate::records;
use crate::records::model::{FactKind, fact};
use crate::records::status::State;

/// A completion, not superseded, of the version that the row of `obligation` at hand asks for, or of a
/// later one: what an `EXISTS` asks.
pub fn is_renewed() -> SelectStatement {
    let of = |column: obligation::Column| (obligation::Entity, column);
    let told = |column: fact::Column| Expr::col((fact::Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(fact::Entity)
        .inner_join(
            module_version::Entity,
            Expr::col((module_version::Entity, module_version::Column::Id))
                .equals((fact::Entity, fact::Column::VersionId)),
        )
        .and_where(told(fact::Column::PersonId).equals(of(obligation::Column::PersonId)))
        .and_where(told(fact::Column::ModuleId).equals(of(obligation::Column::ModuleId)))
        .and_where(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .and_where(
            Expr::col((module_version::Entity, module_version::Column::Number))
                .gte(Expr::col(of(obligation::Column::FromVersion))),
        )
        .and_where(records::read::standing(None))
        .and_where(of_the_law())
        .to_owned()
}

/// That the row of `obligation` at hand was opened by a change of the law.
fn of_the_law() -> SimpleExpr {
    Expr::col((obligation::Entity, obligation::Column::Origin)).eq(ObligationOrigin::LegalChange)
}

/// The retirement, not undone by a later version, of the module that the row of `obligation` at hand
/// asks to complete in a given version: nobody can enrol in it any more. What an `EXISTS` asks.
pub fn is_moot() -> SelectStatement {
    let of = |column: obligation::Column| Expr::col((obligation::Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(module_retirement::Entity)
        .and_where(of(obligation::Column::FromVersion).is_not_null())
        .and_where(of_the_law())
        .and_where(
            Expr::col((module_retirement::Entity, module_retirement::Column::ModuleId))
                .equals((obligation::Entity, obligation::Column::ModuleId)),
        )
        .and_where(is_last_word())
        .to_owned()
}

/// That no version was published after the retirement at hand.
fn is_last_word() -> SimpleExpr {
    let retirement = |column: module_retirement::Column| (module_retirement::Entity, column);
    let later = Query::select()
        .expr(Expr::val(1))
        .from(module_version::Entity)
        .and_where(
            Expr::col((module_version::Entity, module_version::Column::ModuleId))
                .equals(retirement(module_retirement::Column::ModuleId)),
        )
        .and_where(
            Expr::col((module_version::Entity, module_version::Column::Number))
                .gt(Expr::col(retirement(module_retirement::Column::AfterNumber))),
        )
        .to_owned();
    Expr::exists(later).not()
}

/// Which modules of those obligations had left the catalogue by `at`, of those that no enrolment opened.
/// One statement, none when there is none.
pub(super) async fn left(
    conn: &impl ConnectionTrait,
    obligations: &[obligation::Model],
    at: DateTime<Utc>,
) -> Result<HashSet<Uuid>> {
    let asking: HashSet<Uuid> = obligations
        .iter()
        .filter(|o| o.enrolment_id.is_none())
        .filter_map(|o| o.module_id)
        .collect();
    if asking.is_empty() {
        return Ok(HashSet::new());
    }
    let left: Vec<Uuid> = module_retirement::Entity::find()
        .select_only()
        .column(module_retirement::Column::ModuleId)
        .filter(module_retirement::Column::ModuleId.is_in(asking))
        .filter(module_retirement::Column::RetiredAt.lte(at))
        .filter(is_last_word())
        .into_tuple()
        .all(conn)
        .await?;
    Ok(left.into_iter().collect())
}

/// The latest version that each person had completed by `at` of each module, by number: for those of
/// these obligations that ask for a version. One statement, none when none asks.
pub(super) async fn completed_versions(
    conn: &impl ConnectionTrait,
    obligations: &[obligation::Model],
    at: DateTime<Utc>,
) -> Result<HashMap<(Uuid, Uuid), i32>> {
    let asking = || obligations.iter().filter(|owed| owed.origin == ObligationOrigin::LegalChange);
    if asking().next().is_none() {
        return Ok(HashMap::new());
    }
    // What happened at that very instant counts; `standing` asks for what came before.
    let after = at.checked_add_signed(Duration::microseconds(1)).unwrap_or(at);
    let completed: Vec<(Uuid, Uuid, i32)> = fact::Entity::find()
        .select_only()
        .column(fact::Column::PersonId)
        .column(module_version::Column::ModuleId)
        .column(module_version::Column::Number)
        .join(JoinType::InnerJoin, version_of_fact())
        .filter(fact::Column::PersonId.is_in(asking().map(|owed| owed.person_id)))
        .filter(module_version::Column::ModuleId.is_in(asking().filter_map(|owed| owed.module_id)))
        .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
        .filter(fact::Column::OccurredAt.lte(at))
        .filter(records::read::standing(Some(after)))
        .into_tuple()
        .all(conn)
        .await?;
    let mut latest = HashMap::new();
    for (person, module, number) in completed {
        let known = latest.entry((person, module)).or_insert(number);
        *known = Ord::max(number, *known);
    }
    Ok(latest)
}

/// What an obligation that asks for a version is as if its enrolment stood at. Withdrawing from an
/// enrolment does not undo what the law asks; a module that has left the catalogue asks nothing more.
pub(super) fn state(asked: i32, completed: Option<i32>, left: bool) -> State {
    match completed {
        Some(number) if asked <= number => State::Completed,
        _ if left => State::Withdrawn,
        _ => State::Enrolled,
    }
}

fn version_of_fact() -> RelationDef {
    fact::Entity::belongs_to(module_version::Entity)
        .from(fact::Column::VersionId)
        .to(module_version::Column::Id)
        .into()
}
