//! The modules of somebody's providers, with what is published of them and what is being written.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::find;
use super::model::{blob, draft, draft_file, module, module_version};
use crate::accounts::model::Role;
use crate::accounts::{Principal, Scope};
use crate::content::MANIFEST_PATH;
use crate::error::Result;
use crate::providers::model::provider;
use crate::territory::details::{Named, named};

/// Whose modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Benches {
    /// Every provider's.
    All,
    /// These providers'.
    Of(BTreeSet<Uuid>),
}

impl Benches {
    /// The providers at which somebody holds one of these roles.
    pub fn of(who: &Principal, roles: &[Role]) -> Self {
        let mut providers = BTreeSet::new();
        for held in who.holding(roles) {
            match held.scope {
                Scope::National => return Self::All,
                Scope::Provider(id) => drop(providers.insert(id)),
                Scope::Organisation(_) | Scope::Perimeter(_) | Scope::Machine => {}
            }
        }
        Self::Of(providers)
    }

    fn condition(&self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::Of(ids) => {
                Condition::all().add(module::Column::ProviderId.is_in(ids.iter().copied()))
            }
        }
    }
}

/// A module, and where it stands.
#[derive(Clone, Debug)]
pub struct Work {
    /// The module.
    pub module: module::Model,
    /// What the open draft is called, or the version published now; absent while neither says.
    pub title: Option<String>,
    /// The version published now.
    pub current: Option<module_version::Model>,
    /// The open draft.
    pub draft: Option<draft::Model>,
}

/// The modules of these providers by code, after `after`, at most `limit`; four statements.
///
/// # Errors
/// When the database fails.
pub async fn modules(
    conn: &impl ConnectionTrait,
    of: &Benches,
    limit: u64,
    after: Option<&str>,
) -> Result<Vec<Work>> {
    let modules = module::Entity::find()
        .filter(of.condition())
        .filter(Condition::all().add_option(after.map(|code| module::Column::Code.gt(code))))
        .order_by_asc(module::Column::Code)
        .limit(limit)
        .all(conn)
        .await?;
    let ids: Vec<Uuid> = modules.iter().map(|module| module.id).collect();
    let drafts = draft::Entity::find()
        .filter(draft::COLUMN.closed_at.is_null())
        .filter(draft::COLUMN.module_id.is_in(ids.iter().copied()))
        .all(conn)
        .await?;
    let mut titles = titles(conn, drafts.iter().map(|draft| draft.id).collect()).await?;
    let mut drafts: HashMap<Uuid, draft::Model> =
        drafts.into_iter().map(|draft| (draft.module_id, draft)).collect();
    let mut current = find::latest_of(conn, ids).await?;
    let work = |module: module::Model| {
        let (current, draft) = (current.remove(&module.id), drafts.remove(&module.id));
        let written = draft.as_ref().and_then(|draft| titles.remove(&draft.id));
        let title = written.or_else(|| current.as_ref().map(|version| version.title.clone()));
        Work { module, title, current, draft }
    };
    Ok(modules.into_iter().map(work).collect())
}

/// What the manifests of these open drafts call them, as far as that can be read; one statement.
///
/// # Errors
/// When the database fails.
pub async fn titles(
    conn: &impl ConnectionTrait,
    drafts: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let bytes_of_file: RelationDef = draft_file::Entity::belongs_to(blob::Entity)
        .from(draft_file::Column::BlobDigest)
        .to(blob::Column::Digest)
        .into();
    let manifests: Vec<(Uuid, Vec<u8>)> = draft_file::Entity::find()
        .select_only()
        .column(draft_file::Column::DraftId)
        .column(blob::Column::Bytes)
        .join(JoinType::InnerJoin, bytes_of_file)
        .filter(draft_file::Column::Path.eq(MANIFEST_PATH))
        .filter(draft_file::Column::DraftId.is_in(drafts))
        .into_tuple()
        .all(conn)
        .await?;
    let title = |(draft, bytes): (Uuid, Vec<u8>)| {
        let manifest: toml::Table = std::str::from_utf8(&bytes).ok()?.parse().ok()?;
        Some((draft, manifest.get("title")?.as_str()?.to_owned()))
    };
    Ok(manifests.into_iter().filter_map(title).collect())
}

/// A provider for which somebody writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct House {
    /// Its reference, as a manifest says it.
    pub reference: String,
    /// Its name.
    pub name: String,
}

/// These providers by name, at most `limit`; three statements.
///
/// # Errors
/// When the database fails.
pub async fn houses(conn: &impl ConnectionTrait, of: &Benches, limit: u64) -> Result<Vec<House>> {
    let among = match of {
        Benches::All => Condition::all(),
        Benches::Of(ids) => Condition::all().add(provider::Column::Id.is_in(ids.iter().copied())),
    };
    let rows = provider::Entity::find()
        .filter(among)
        .order_by_asc(provider::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    let all = named(conn, rows.iter().map(|row| row.organisation_id).collect());
    let house = |named: Named| House { reference: named.reference.to_string(), name: named.name };
    let mut houses: Vec<House> = all.await?.into_values().map(house).collect();
    houses.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(houses)
}
