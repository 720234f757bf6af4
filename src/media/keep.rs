//! The rows that say which media are kept.

use std::collections::{BTreeMap, HashMap};

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use super::model::media;
use crate::content::{Digest, Media, MediaKind};
use crate::db::MOST_BOUND;
use crate::error::Result;

/// Says that media are kept, once their files are durable; those already said are left alone.
///
/// # Errors
/// When the database fails; an internal error for what is of no kind, which is kept nowhere.
pub async fn record(
    tx: &DatabaseTransaction,
    kept: impl IntoIterator<Item = Media>,
    now: DateTime<Utc>,
) -> Result<()> {
    // In the order of digests, so that two writers of the same media never wait for each other.
    let by_digest: BTreeMap<Digest, Media> = kept.into_iter().map(|m| (m.digest, m)).collect();
    let rows =
        by_digest.into_values().map(|medium| row(medium, now)).collect::<Result<Vec<_>>>()?;
    if !rows.is_empty() {
        media::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(media::Column::Digest).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row(medium: Media, now: DateTime<Utc>) -> Result<media::ActiveModel> {
    let kind = medium.kind.ok_or_else(|| anyhow!("{} is of no kind", medium.digest))?;
    Ok(media::ActiveModel {
        digest: Set(medium.digest.to_string()),
        bytes: Set(i64::try_from(medium.bytes).map_err(anyhow::Error::from)?),
        kind: Set(kind.to_string()),
        kept_at: Set(now),
    })
}

/// Those of some digests that are media, by digest.
///
/// # Errors
/// When the database fails, or a row says what no program wrote.
pub async fn known(
    conn: &impl ConnectionTrait,
    digests: &[&str],
) -> Result<HashMap<String, Media>> {
    let mut found = HashMap::new();
    for chunk in digests.chunks(MOST_BOUND) {
        let rows = media::Entity::find()
            .filter(media::COLUMN.digest.is_in(chunk.iter().copied()))
            .all(conn)
            .await?;
        for row in rows {
            let medium = Media {
                digest: row.digest.parse().map_err(anyhow::Error::from)?,
                bytes: u64::try_from(row.bytes).map_err(anyhow::Error::from)?,
                kind: MediaKind::parse(&row.kind),
            };
            found.insert(row.digest, medium);
        }
    }
    Ok(found)
}
