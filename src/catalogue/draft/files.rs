//! The files of a draft.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, Set};
use uuid::Uuid;

use super::Desk;
use crate::accounts::Principal;
use crate::catalogue::model::{blob, draft, draft_author, draft_file};
use crate::catalogue::store;
use crate::content::BadPath;
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::text;

/// The bytes of one file of a draft.
///
/// # Errors
/// `not-found` when it has no such file.
pub async fn read_file(
    conn: &impl ConnectionTrait,
    draft: &draft::Model,
    path: &str,
) -> Result<Vec<u8>> {
    must_be_possible(path)?;
    let file = draft_file::Entity::find_by_id((draft.id, path.to_owned())).one(conn).await?;
    let file = file.ok_or(Reason::NotFound)?;
    let blob = blob::Entity::find_by_id(file.blob_digest).one(conn).await?;
    Ok(blob.ok_or(Reason::Internal)?.bytes)
}

/// Puts a file in a draft that is held, replacing what was at that path. What its text says is not
/// judged here: a draft may be wrong while it is written. Answers the draft as it stands now.
///
/// # Errors
/// `draft-frozen`; `invalid-values` for a path that no tree may hold; `too-large`.
pub async fn put_file(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    path: &str,
    bytes: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Desk> {
    desk.must_be_writing()?;
    let mut tree = store::draft_tree(tx, desk.draft.id).await?;
    tree.insert(path, bytes).map_err(refused_path)?;
    let digest = store::save_blob(tx, tree.get(path).unwrap_or_default()).await?;
    let row = draft_file::ActiveModel {
        draft_id: Set(desk.draft.id),
        path: Set(path.to_owned()),
        blob_digest: Set(digest.to_string()),
    };
    let replace = OnConflict::columns([draft_file::Column::DraftId, draft_file::Column::Path])
        .update_column(draft_file::Column::BlobDigest)
        .to_owned();
    draft_file::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    touch(tx, who, desk, now).await
}

/// Takes a file out of a draft that is held. Answers the draft as it stands now.
///
/// # Errors
/// `draft-frozen`, or `not-found` when it has no such file.
pub async fn delete_file(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    path: &str,
    now: DateTime<Utc>,
) -> Result<Desk> {
    desk.must_be_writing()?;
    must_be_possible(path)?;
    let key = (desk.draft.id, path.to_owned());
    let gone = draft_file::Entity::delete_by_id(key).exec(tx).await?;
    if gone.rows_affected == 0 {
        return Err(Reason::NotFound.into());
    }
    touch(tx, who, desk, now).await
}

async fn touch(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    now: DateTime<Utc>,
) -> Result<Desk> {
    sign(tx, desk.draft.id, who).await?;
    let revision = desk.draft.revision + 1;
    let mut row: draft::ActiveModel = desk.draft.into();
    row.revision = Set(revision);
    row.updated_at = Set(now);
    Ok(Desk { module: desk.module, draft: row.update(tx).await? })
}

/// Counts somebody among the authors of a draft.
pub(super) async fn sign(tx: &DatabaseTransaction, draft_id: Uuid, who: &Principal) -> Result<()> {
    use draft_author::Column::{AccountId, DraftId};
    let row =
        draft_author::ActiveModel { draft_id: Set(draft_id), account_id: Set(who.account_id) };
    draft_author::Entity::insert(row)
        .on_conflict(OnConflict::columns([DraftId, AccountId]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// PostgreSQL refuses a NUL in a text rather than not finding it; no file is named so.
fn must_be_possible(path: &str) -> Result<()> {
    if text::is_printable(path) { Ok(()) } else { Err(Reason::NotFound.into()) }
}

fn refused_path(bad: BadPath) -> Error {
    if matches!(bad, BadPath::FileTooBig(_) | BadPath::TreeTooBig(_)) {
        return Refusal::new(Reason::TooLarge)
            .because(bad.to_string(), "The file, or the module with it, is too large.")
            .into();
    }
    let en = "a path is relative, its segments made of A-Z a-z 0-9 . _ -, and unlike any other even \
              but for the case";
    let fault = Fault { at: "path".to_owned(), fr: bad.to_string(), en: en.to_owned() };
    Refusal::naming(Reason::InvalidValues, vec![fault]).into()
}
