//! The files of a draft.

use std::io;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::Stream;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set,
};
use uuid::Uuid;

use super::Desk;
use crate::accounts::Principal;
use crate::catalogue::model::{blob, draft, draft_author, draft_file};
use crate::catalogue::store;
use crate::content::{BadPath, Digest, Media, MediaKind, Tree, check_place, media_kind_of_path};
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::media::{self, MediaStore, PutError};
use crate::text;

/// A file of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftFile {
    /// A text, whole.
    Text(Vec<u8>),
    /// A medium, whose bytes are in the store.
    Media(Media),
}

/// One file of a draft.
///
/// # Errors
/// `not-found` when it has no such file.
pub async fn read_file(
    conn: &impl ConnectionTrait,
    draft: &draft::Model,
    path: &str,
) -> Result<DraftFile> {
    must_be_possible(path)?;
    let file = draft_file::Entity::find_by_id((draft.id, path.to_owned())).one(conn).await?;
    let digest = file.ok_or(Reason::NotFound)?.blob_digest;
    if media_kind_of_path(path).is_some()
        && let Some(media) = media::known(conn, &[&digest]).await?.get(&digest)
    {
        return Ok(DraftFile::Media(*media));
    }
    let blob = blob::Entity::find_by_id(digest).one(conn).await?;
    Ok(DraftFile::Text(blob.ok_or(Reason::Internal)?.bytes))
}

/// Puts a text in a draft that is held, replacing what was at that path. What it says is not judged
/// here: a draft may be wrong while it is written. Answers the draft as it stands now.
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
    if media_kind_of_path(path).is_some() {
        return Err(refused_path(BadPath::NotItsPlace(path.to_owned())));
    }
    must_have_room(tx, &desk.draft, path, bytes.len() as u64).await?;
    let digest = store::save_blob(tx, &bytes).await?;
    name(tx, &desk.draft, path, digest).await?;
    touch(tx, who, desk, now).await
}

/// Puts a medium in a draft that is held; its bytes are in the store. Answers the draft as it stands
/// now.
///
/// # Errors
/// As [`put_file`].
pub async fn put_medium(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    path: &str,
    medium: Media,
    now: DateTime<Utc>,
) -> Result<Desk> {
    desk.must_be_writing()?;
    must_have_room(tx, &desk.draft, path, medium.bytes).await?;
    media::record(tx, [medium], now).await?;
    name(tx, &desk.draft, path, medium.digest).await?;
    touch(tx, who, desk, now).await
}

/// Keeps the bytes of a medium for `path`, before the transaction that names it. Should none follow,
/// nobody ever reads them.
///
/// # Errors
/// `too-large`; `timeout`, `unreadable-body` when it does not arrive whole; `invalid-values` when it
/// is not what the path says.
pub async fn keep_medium(
    store: &MediaStore,
    path: &str,
    bytes: impl Stream<Item = io::Result<Bytes>> + Send,
) -> Result<Media> {
    let kind = media_kind_of_path(path);
    let kind = kind.ok_or_else(|| refused_path(BadPath::NotItsPlace(path.to_owned())))?;
    store.put(bytes, kind).await.map_err(|error| refused_medium(path, kind, error))
}

/// That a draft may hold so many bytes at `path`, beside its other files.
///
/// # Errors
/// `invalid-values` for a path that no tree may hold; `too-large`.
pub async fn must_have_room(
    conn: &impl ConnectionTrait,
    draft: &draft::Model,
    path: &str,
    bytes: u64,
) -> Result<()> {
    let sizes = store::draft_sizes(conn, draft.id).await?;
    let others = sizes.iter().map(|(path, bytes)| (path.as_str(), *bytes));
    check_place(path, bytes, others).map_err(refused_path)
}

/// Replaces all the files of a draft that is held by those of a tree, whose media are in the store.
/// Answers the draft as it stands now.
///
/// # Errors
/// `draft-frozen`.
pub async fn replace_files(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    tree: &Tree,
    now: DateTime<Utc>,
) -> Result<Desk> {
    desk.must_be_writing()?;
    let files = store::save_tree(tx, tree, now).await?;
    draft_file::Entity::delete_many()
        .filter(draft_file::COLUMN.draft_id.eq(desk.draft.id))
        .exec(tx)
        .await?;
    let rows = files.into_iter().map(|(path, digest)| row(&desk.draft, path, digest));
    draft_file::Entity::insert_many(rows).exec_without_returning(tx).await?;
    touch(tx, who, desk, now).await
}

fn row(draft: &draft::Model, path: String, digest: Digest) -> draft_file::ActiveModel {
    draft_file::ActiveModel {
        draft_id: Set(draft.id),
        path: Set(path),
        blob_digest: Set(digest.to_string()),
    }
}

pub(super) async fn name(
    tx: &DatabaseTransaction,
    draft: &draft::Model,
    path: &str,
    digest: Digest,
) -> Result<()> {
    let replace = OnConflict::columns([draft_file::Column::DraftId, draft_file::Column::Path])
        .update_column(draft_file::Column::BlobDigest)
        .to_owned();
    draft_file::Entity::insert(row(draft, path.to_owned(), digest))
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(())
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

pub(super) async fn touch(
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
pub(super) fn must_be_possible(path: &str) -> Result<()> {
    if text::is_printable(path) { Ok(()) } else { Err(Reason::NotFound.into()) }
}

pub(super) fn refused_path(bad: BadPath) -> Error {
    use BadPath::{AllMediaTooBig, FileTooBig, MediaTooBig, TreeTooBig};
    if matches!(bad, FileTooBig(_) | TreeTooBig(_) | MediaTooBig(_) | AllMediaTooBig(_)) {
        return Refusal::new(Reason::TooLarge)
            .because(bad.to_string(), "The file, or the module with it, is too large.")
            .into();
    }
    let en = "a path is relative, its segments made of A-Z a-z 0-9 . _ -, and unlike any other even \
              but for the case; media, and they alone, are binary files of media/";
    let fault = Fault { at: "path".to_owned(), fr: bad.to_string(), en: en.to_owned() };
    Refusal::naming(Reason::InvalidValues, vec![fault]).into()
}

fn refused_medium(path: &str, claimed: MediaKind, error: PutError) -> Error {
    match error {
        PutError::TooLarge => refused_path(BadPath::MediaTooBig(path.to_owned())),
        PutError::OtherKind(found) => {
            let (fr, en) = match found {
                Some(kind) => (format!("c’est un fichier {kind}"), format!("it is a {kind} file")),
                None => (
                    "ses octets ne sont ceux d’aucun média admis".to_owned(),
                    "its bytes are those of no accepted medium".to_owned(),
                ),
            };
            let fr = format!(
                "« {path} » n’est pas un fichier {claimed} : {fr} ; donnez-lui sa fin, ou convertissez-le"
            );
            let en = format!("not a {claimed} file: {en}; name it for what it is, or convert it");
            Refusal::naming(Reason::InvalidValues, vec![Fault::new("path", fr, en)]).into()
        }
        PutError::Source(error) => Reason::from_cut(error.kind()).into(),
        PutError::Store(error) => anyhow::Error::from(error).context("the media store").into(),
    }
}
