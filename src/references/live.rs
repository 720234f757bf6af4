//! The items that may still ask for something, found by the database: those of a question that stands
//! and was not decided, and those decided of the version that is still the latest. How many there ever
//! were does not matter.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use super::model::{Consequence, review_decision, review_item};
use crate::catalogue::model::module_version;
use crate::db::MOST_BOUND;
use crate::error::Result;

/// Items and the last decision about each.
pub(super) type Decided = Vec<(review_item::Model, Option<review_decision::Model>)>;

/// Of those `items`, the ones that may be open or decided, latest first, with their last decision;
/// `stands` are the keys of the questions that would be asked today.
///
/// # Errors
/// When the database fails.
pub(super) async fn live(
    conn: &impl ConnectionTrait,
    items: &Select<review_item::Entity>,
    stands: &[String],
) -> Result<Decided> {
    let undecided = Expr::exists(decisions_of_item()).not();
    let mut found = BTreeMap::new();
    // One statement, or as many as a statement binds keys.
    for keys in stands.chunks(MOST_BOUND) {
        let asked = Condition::all()
            .add(review_item::COLUMN.natural_key.is_in(keys.iter().map(String::as_str)))
            .add(undecided.clone());
        let rows = items.clone().filter(asked).all(conn).await?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let decided = items.clone().filter(Expr::exists(waiting())).all(conn).await?;
    found.extend(decided.into_iter().map(|row| (row.id, row)));
    with_decisions(conn, found.into_values().rev().collect()).await
}

/// Those items with the last decision about each.
///
/// # Errors
/// When the database fails.
pub(super) async fn with_decisions(
    conn: &impl ConnectionTrait,
    items: Vec<review_item::Model>,
) -> Result<Decided> {
    let mut last = BTreeMap::new();
    for some in items.chunks(MOST_BOUND) {
        let rows = review_decision::Entity::find()
            .filter(review_decision::COLUMN.item_id.is_in(some.iter().map(|item| item.id)))
            .order_by_asc(review_decision::Column::Number);
        last.extend(rows.all(conn).await?.into_iter().map(|row| (row.item_id, row)));
    }
    Ok(items.into_iter().map(|item| (last.remove(&item.id), item)).map(|(d, i)| (i, d)).collect())
}

fn of_decision(column: review_decision::Column) -> Expr {
    Expr::col((review_decision::Entity, column))
}

fn of_item(column: review_item::Column) -> (review_item::Entity, review_item::Column) {
    (review_item::Entity, column)
}

/// The decisions about the row of `review_item` at hand.
fn decisions_of_item() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(review_decision::Entity)
        .and_where(
            of_decision(review_decision::Column::ItemId).equals(of_item(review_item::Column::Id)),
        )
        .to_owned()
}

/// The last decision about the row of `review_item` at hand, where it asks for a version that has not
/// come.
fn waiting() -> SelectStatement {
    let later = Alias::new("later");
    let later_decision = Query::select()
        .expr(Expr::val(1))
        .from_as(review_decision::Entity, later.clone())
        .and_where(
            Expr::col((later.clone(), review_decision::Column::ItemId))
                .equals(of_item(review_item::Column::Id)),
        )
        .and_where(
            Expr::col((later, review_decision::Column::Number))
                .gt(of_decision(review_decision::Column::Number)),
        )
        .to_owned();
    let later_version = Query::select()
        .expr(Expr::val(1))
        .from(module_version::Entity)
        .and_where(
            Expr::col((module_version::Entity, module_version::Column::ModuleId))
                .equals(of_item(review_item::Column::ModuleId)),
        )
        .and_where(
            Expr::col((module_version::Entity, module_version::Column::Number))
                .gt(of_decision(review_decision::Column::ModuleNumber)),
        )
        .to_owned();
    decisions_of_item()
        .and_where(review_decision::Column::Consequence.ne(Consequence::None))
        .and_where(Expr::exists(later_decision).not())
        .and_where(Expr::exists(later_version).not())
        .to_owned()
}

/// The ids of some items.
pub(super) fn ids(items: &Decided) -> impl Iterator<Item = Uuid> {
    items.iter().map(|(item, _)| item.id)
}
