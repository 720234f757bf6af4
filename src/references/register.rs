//! The register of `content/` into the database: what it adds and what it changes, never less.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::model::{legal_reference, legal_reference_version};
use super::rules::{is_new, says_the_same};
use super::{flags, record, texts};
use crate::content::Reference;
use crate::db::MOST_BOUND;
use crate::error::{Reason, Result};
use crate::journal;

/// What an import of the register did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Texts that were not known.
    pub added: u64,
    /// Texts of which a new version was recorded.
    pub revised: u64,
    /// Texts that stay as they are.
    pub unchanged: u64,
    /// Modules to be reviewed because of it.
    pub to_review: u64,
}

/// Records what the register says, after the modules of the same import: those that carry what it now
/// says have nothing to review. A text that people revised here since the register last moved is left
/// as they said.
///
/// # Errors
/// When the database fails.
pub async fn load(
    tx: &DatabaseTransaction,
    register: impl IntoIterator<Item = &Reference>,
    now: DateTime<Utc>,
) -> Result<Loaded> {
    let known = known(tx).await?;
    let (new, old): (Vec<_>, Vec<_>) =
        register.into_iter().partition(|entry| !known.contains_key(&entry.id));
    let mut loaded = Loaded::default();
    let mut rows = first_versions(tx, new, now, &mut loaded).await?;
    let mut changed = Vec::new();
    for entry in old {
        let text = &known[&entry.id];
        if !is_new(entry, &text.latest, text.imported.as_ref()) {
            loaded.unchanged += 1;
            continue;
        }
        loaded.revised += 1;
        if !says_the_same(entry, &text.latest) {
            changed.push(entry.id.clone());
        }
        rows.push(record::row(text.id, text.number + 1, entry, None, None, now));
    }
    if rows.is_empty() {
        return Ok(loaded);
    }
    // A row has eighteen values.
    for some in rows.chunks(MOST_BOUND / 18) {
        let rows = some.iter().cloned();
        legal_reference_version::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    loaded.to_review = flags::changed(tx, &changed, now).await?;
    let detail = json!({
        "added": loaded.added, "revised": loaded.revised, "to_review": loaded.to_review,
    });
    journal::act(tx, None, "register.import", ("register", "references.toml"), detail, now).await?;
    Ok(loaded)
}

/// Adds the texts that were not known; answers the rows of their first versions.
async fn first_versions(
    tx: &DatabaseTransaction,
    new: Vec<&Reference>,
    now: DateTime<Utc>,
    loaded: &mut Loaded,
) -> Result<Vec<legal_reference_version::ActiveModel>> {
    let ids = add_texts(tx, &new, now).await?;
    // Another import may have added some meanwhile: they are that one's then.
    let ours = new.into_iter().filter_map(|entry| Some((*ids.get(&entry.id)?, entry)));
    let rows: Vec<_> = ours.map(|(id, entry)| record::row(id, 1, entry, None, None, now)).collect();
    loaded.added = rows.len() as u64;
    Ok(rows)
}

/// Adds texts; answers the ids of those that were added, by slug.
async fn add_texts(
    tx: &DatabaseTransaction,
    new: &[&Reference],
    now: DateTime<Utc>,
) -> Result<HashMap<String, Uuid>> {
    let mut ours = HashMap::new();
    // A row has three values.
    for some in new.chunks(MOST_BOUND / 3) {
        let rows: Vec<_> = some.iter().map(|entry| record::text_row(&entry.id, now)).collect();
        let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        record::add_texts(tx, rows.into_iter().map(|(_, row)| row)).await?;
        let added = legal_reference::Entity::find()
            .filter(legal_reference::COLUMN.id.is_in(ids))
            .all(tx)
            .await?;
        ours.extend(added.into_iter().map(|text| (text.slug, text.id)));
    }
    Ok(ours)
}

/// A text as it is known.
struct Known {
    id: Uuid,
    number: i32,
    latest: Reference,
    /// What the register said last.
    imported: Option<Reference>,
}

/// Every text that is known, kept from changing until the transaction ends.
async fn known(tx: &DatabaseTransaction) -> Result<HashMap<String, Known>> {
    // In one order, so that two imports wait for each other and nothing worse.
    let texts = legal_reference::Entity::find()
        .order_by_asc(legal_reference::Column::Slug)
        .lock_exclusive()
        .all(tx)
        .await?;
    let mut versions: HashMap<Uuid, Vec<legal_reference_version::Model>> = HashMap::new();
    let rows = legal_reference_version::Entity::find()
        .order_by_asc(legal_reference_version::Column::Number);
    for row in rows.all(tx).await? {
        versions.entry(row.reference_id).or_default().push(row);
    }
    let mut all = HashMap::new();
    for text in texts {
        let rows = versions.remove(&text.id).unwrap_or_default();
        let imported = rows.iter().rfind(|row| row.recorded_by.is_none());
        let imported = imported.map(|row| texts::read(&text.slug, row.clone()).told);
        let latest = rows.last().ok_or(Reason::Internal)?.clone();
        let (number, latest) = (latest.number, texts::read(&text.slug, latest).told);
        all.insert(text.slug, Known { id: text.id, number, latest, imported });
    }
    Ok(all)
}
