//! Finding paths and their versions.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::PathEdition;
use super::edition::load;
use crate::catalogue::Shelf;
use crate::catalogue::model::{path, path_version};
use crate::content::{Digest, ModuleCode};
use crate::error::{Reason, Result};

/// The latest version of a path that is listed.
///
/// # Errors
/// `not-found` when no path has this code, or it cannot be followed today.
pub async fn current(
    shelf: &Shelf,
    conn: &impl ConnectionTrait,
    code: &ModuleCode,
) -> Result<Arc<PathEdition>> {
    let catalogue = shelf.current(conn).await?;
    Ok(catalogue.path(code.as_str()).ok_or(Reason::NotFound)?.clone())
}

/// A path, listed or not.
///
/// # Errors
/// `not-found` when no path has this code.
pub async fn by_code(conn: &impl ConnectionTrait, code: &str) -> Result<path::Model> {
    Ok(known(conn, [code]).await?.into_iter().next().ok_or(Reason::NotFound)?)
}

/// Those of these codes that are a path's.
///
/// # Errors
/// When the database fails.
pub async fn known<'c>(
    conn: &impl ConnectionTrait,
    codes: impl IntoIterator<Item = &'c str>,
) -> Result<Vec<path::Model>> {
    Ok(path::Entity::find().filter(path::COLUMN.code.is_in(codes)).all(conn).await?)
}

/// Versions of a path, latest first, at most `limit`, older than the number `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn versions(
    conn: &impl ConnectionTrait,
    path_id: Uuid,
    limit: u64,
    before: Option<i32>,
) -> Result<Vec<path_version::Model>> {
    let mut query = path_version::Entity::find().filter(path_version::COLUMN.path_id.eq(path_id));
    if let Some(number) = before {
        query = query.filter(path_version::COLUMN.number.lt(number));
    }
    Ok(query.order_by_desc(path_version::Column::Number).limit(limit).all(conn).await?)
}

/// The latest version of a path, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    conn: &impl ConnectionTrait,
    path_id: Uuid,
) -> Result<Option<path_version::Model>> {
    Ok(versions(conn, path_id, 1, None).await?.into_iter().next())
}

/// One version of a path by its number.
///
/// # Errors
/// `not-found` when there is none.
pub async fn numbered(
    conn: &impl ConnectionTrait,
    path_id: Uuid,
    number: i32,
) -> Result<Arc<PathEdition>> {
    let found = path_version::Entity::find()
        .filter(path_version::COLUMN.path_id.eq(path_id))
        .filter(path_version::COLUMN.number.eq(number))
        .all(conn)
        .await?;
    Ok(load(conn, found).await?.into_iter().next().ok_or(Reason::NotFound)?)
}

/// Whether any version of a path says exactly this.
///
/// # Errors
/// When the database fails.
pub(super) async fn has_digest(
    conn: &impl ConnectionTrait,
    path_id: Uuid,
    digest: &Digest,
) -> Result<bool> {
    let same = path_version::Entity::find()
        .filter(path_version::COLUMN.path_id.eq(path_id))
        .filter(path_version::COLUMN.digest.eq(digest.to_string()));
    Ok(same.one(conn).await?.is_some())
}

/// The editions of some versions, by version; three statements, however many there are.
///
/// # Errors
/// An internal error when what is kept cannot be read any more.
pub async fn editions(
    conn: &impl ConnectionTrait,
    versions: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Arc<PathEdition>>> {
    let found = path_version::Entity::find()
        .filter(path_version::COLUMN.id.is_in(versions))
        .all(conn)
        .await?;
    let editions = load(conn, found).await?;
    Ok(editions.into_iter().map(|edition| (edition.version.id, edition)).collect())
}

/// The latest version of every path.
///
/// # Errors
/// An internal error when what is kept cannot be read any more.
pub(in crate::catalogue) async fn latest_of_all(
    conn: &impl ConnectionTrait,
) -> Result<Vec<Arc<PathEdition>>> {
    use path_version::Column::{Number, PathId};
    let latest = Query::select()
        .column(PathId)
        .expr(Expr::col(Number).max())
        .from(path_version::Entity)
        .group_by_col(PathId)
        .to_owned();
    let is_latest = Expr::tuple([Expr::col(PathId), Expr::col(Number)]).in_subquery(latest);
    load(conn, path_version::Entity::find().filter(is_latest).all(conn).await?).await
}
