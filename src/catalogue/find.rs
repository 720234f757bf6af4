//! Finding modules and their versions.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};
use uuid::Uuid;

use super::model::{module, module_retirement, module_version};
use super::{Edition, Shelf};
use crate::content::{Digest, ModuleCode};
use crate::error::{Reason, Result};

/// The latest published version of a module.
///
/// # Errors
/// `not-found` when nothing is published under this code.
pub async fn current_by_code(
    shelf: &Shelf,
    conn: &impl ConnectionTrait,
    code: &ModuleCode,
) -> Result<Arc<Edition>> {
    let catalogue = shelf.current(conn).await?;
    Ok(catalogue.get(code).ok_or(Reason::NotFound)?.clone())
}

/// The latest published version of a module, in the catalogue or retired from it; and whether it was
/// retired.
///
/// # Errors
/// `not-found` when nothing was ever published under this code.
pub async fn last_by_code(
    shelf: &Shelf,
    conn: &impl ConnectionTrait,
    code: &ModuleCode,
) -> Result<(Arc<Edition>, bool)> {
    let catalogue = shelf.current(conn).await?;
    let retired = catalogue.retired(code);
    let edition = catalogue.get(code).or(retired).ok_or(Reason::NotFound)?;
    Ok((edition.clone(), retired.is_some()))
}

/// A module, published or not.
///
/// # Errors
/// `not-found` when no module has this code.
pub async fn by_code(conn: &impl ConnectionTrait, code: &ModuleCode) -> Result<module::Model> {
    let found = module::Entity::find().filter(module::COLUMN.code.eq(code.as_str())).one(conn);
    Ok(found.await?.ok_or(Reason::NotFound)?)
}

/// Versions of a module, latest first, at most `limit`, older than the number `before` where given.
///
/// # Errors
/// When the database fails.
pub async fn versions(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
    limit: u64,
    before: Option<i32>,
) -> Result<Vec<module_version::Model>> {
    let mut query =
        module_version::Entity::find().filter(module_version::COLUMN.module_id.eq(module_id));
    if let Some(number) = before {
        query = query.filter(module_version::COLUMN.number.lt(number));
    }
    Ok(query.order_by_desc(module_version::Column::Number).limit(limit).all(conn).await?)
}

/// The latest version of a module, if one is published.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
) -> Result<Option<module_version::Model>> {
    Ok(versions(conn, module_id, 1, None).await?.into_iter().next())
}

/// One version of a module by its number.
///
/// # Errors
/// `not-found` when there is none.
pub async fn version(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
    number: i32,
) -> Result<module_version::Model> {
    let found = module_version::Entity::find()
        .filter(module_version::COLUMN.module_id.eq(module_id))
        .filter(module_version::COLUMN.number.eq(number))
        .one(conn)
        .await?;
    Ok(found.ok_or(Reason::NotFound)?)
}

/// Whether any version of a module is this very tree.
///
/// # Errors
/// When the database fails.
pub async fn has_tree(
    conn: &impl ConnectionTrait,
    module_id: Uuid,
    digest: &Digest,
) -> Result<bool> {
    let same = module_version::Entity::find()
        .filter(module_version::COLUMN.module_id.eq(module_id))
        .filter(module_version::COLUMN.tree_digest.eq(digest.to_string()));
    Ok(same.one(conn).await?.is_some())
}

/// The latest version of every module, in one statement.
///
/// # Errors
/// When the database fails.
pub async fn latest_versions(conn: &impl ConnectionTrait) -> Result<Vec<module_version::Model>> {
    Ok(module_version::Entity::find().filter(is_latest(None)).all(conn).await?)
}

/// The ids of the same, which is little to read when the rows are many.
///
/// # Errors
/// When the database fails.
pub async fn latest_ids(conn: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let latest = module_version::Entity::find().filter(is_latest(None));
    Ok(latest.select_only().column(module_version::Column::Id).into_tuple().all(conn).await?)
}

/// The latest version of each of these modules, by module; one statement.
///
/// # Errors
/// When the database fails.
pub async fn latest_of(
    conn: &impl ConnectionTrait,
    modules: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, module_version::Model>> {
    let modules: HashSet<Uuid> = modules.into_iter().collect();
    let rows = module_version::Entity::find().filter(is_latest(Some(&modules))).all(conn).await?;
    Ok(rows.into_iter().map(|version| (version.module_id, version)).collect())
}

/// That a version is the latest of its module, for one of these modules or for all.
fn is_latest(of: Option<&HashSet<Uuid>>) -> Expr {
    use module_version::Column::{ModuleId, Number};
    let mut latest = Query::select();
    latest.column(ModuleId).expr(Expr::col(Number).max()).from(module_version::Entity);
    if let Some(modules) = of {
        latest.and_where(ModuleId.is_in(modules.iter().copied()));
    }
    let latest = latest.group_by_col(ModuleId).to_owned();
    Expr::tuple([Expr::col(ModuleId), Expr::col(Number)]).in_subquery(latest)
}

/// How a module is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleName {
    /// Its code.
    pub code: String,
    /// The title of its latest version; its code while it has none.
    pub title: String,
}

/// How these modules are called, in two statements.
///
/// # Errors
/// When the database fails.
pub async fn names(
    conn: &impl ConnectionTrait,
    modules: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, ModuleName>> {
    let ids: HashSet<Uuid> = modules.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let titles: Vec<(Uuid, String)> = module_version::Entity::find()
        .select_only()
        .columns([module_version::Column::ModuleId, module_version::Column::Title])
        .filter(is_latest(Some(&ids)))
        .into_tuple()
        .all(conn)
        .await?;
    let mut titles: HashMap<Uuid, String> = titles.into_iter().collect();
    let codes: Vec<(Uuid, String)> = module::Entity::find()
        .select_only()
        .columns([module::Column::Id, module::Column::Code])
        .filter(module::Column::Id.is_in(ids))
        .into_tuple()
        .all(conn)
        .await?;
    let name = |(id, code): (Uuid, String)| {
        let title = titles.remove(&id).unwrap_or_else(|| code.clone());
        (id, ModuleName { code, title })
    };
    Ok(codes.into_iter().map(name).collect())
}

/// The latest version of each module that left the catalogue after it, by id.
///
/// # Errors
/// When the database fails.
pub async fn retired_ids(conn: &impl ConnectionTrait) -> Result<HashSet<Uuid>> {
    let retired = module_version::Entity::find().filter(is_latest(None)).filter(is_retired());
    let ids: Vec<Uuid> =
        retired.select_only().column(module_version::Column::Id).into_tuple().all(conn).await?;
    Ok(ids.into_iter().collect())
}

/// When a module left the catalogue after its latest version, and why; none while it is in it.
///
/// # Errors
/// When the database fails.
pub async fn retirement(
    conn: &impl ConnectionTrait,
    latest: &module_version::Model,
) -> Result<Option<module_retirement::Model>> {
    Ok(module_retirement::Entity::find()
        .filter(module_retirement::COLUMN.module_id.eq(latest.module_id))
        .filter(module_retirement::COLUMN.after_number.eq(latest.number))
        .one(conn)
        .await?)
}

/// That the module of the version at hand was retired after that very version.
fn is_retired() -> Expr {
    let of = |column: module_version::Column| (module_version::Entity, column);
    let retirement = Query::select()
        .expr(Expr::val(1))
        .from(module_retirement::Entity)
        .and_where(
            Expr::col((module_retirement::Entity, module_retirement::Column::ModuleId))
                .equals(of(module_version::Column::ModuleId)),
        )
        .and_where(
            Expr::col((module_retirement::Entity, module_retirement::Column::AfterNumber))
                .equals(of(module_version::Column::Number)),
        )
        .to_owned();
    Expr::exists(retirement)
}

/// The code and the manifest of every module in the catalogue, as published last; one statement.
///
/// # Errors
/// When the database fails.
pub async fn latest_manifests(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(String, serde_json::Value)>> {
    let module_of_version: RelationDef = module_version::Entity::belongs_to(module::Entity)
        .from(module_version::Column::ModuleId)
        .to(module::Column::Id)
        .into();
    Ok(module_version::Entity::find()
        .select_only()
        .column(module::Column::Code)
        .column(module_version::Column::Manifest)
        .join(JoinType::InnerJoin, module_of_version)
        .filter(is_latest(None))
        .filter(is_retired().not())
        .into_tuple()
        .all(conn)
        .await?)
}

/// Which of these modules are in the catalogue: a version of them is published, and they were not
/// retired after it.
///
/// # Errors
/// When the database fails.
pub async fn published_codes(
    conn: &impl ConnectionTrait,
    codes: &[ModuleCode],
) -> Result<BTreeSet<String>> {
    let published = Query::select()
        .column(module_version::Column::ModuleId)
        .from(module_version::Entity)
        .and_where(is_latest(None))
        .and_where(is_retired().not())
        .to_owned();
    let rows = module::Entity::find()
        .filter(module::COLUMN.code.is_in(codes.iter().map(ModuleCode::as_str)))
        .filter(module::Column::Id.in_subquery(published))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}
