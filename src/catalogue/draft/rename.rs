//! Giving a file of a draft another path.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait};

use super::Desk;
use super::files::{must_be_possible, name, refused_path, touch};
use crate::accounts::Principal;
use crate::catalogue::model::draft_file;
use crate::catalogue::store;
use crate::content::{BadPath, Digest, check_place, media_kind_of_path};
use crate::error::{Fault, Reason, Refusal, Result};

/// Moves a file of a draft that is held to a path where there is none. Answers the draft as it stands
/// now.
///
/// # Errors
/// `draft-frozen`; `not-found` when it has no such file; `invalid-values` for a path that no tree may
/// hold, that is of another kind of file, or that is taken.
pub async fn rename_file(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: Desk,
    (from, to): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Desk> {
    desk.must_be_writing()?;
    must_be_possible(from)?;
    let key = (desk.draft.id, from.to_owned());
    let file =
        draft_file::Entity::find_by_id(key.clone()).one(tx).await?.ok_or(Reason::NotFound)?;
    if media_kind_of_path(from) != media_kind_of_path(to) {
        return Err(refused_path(BadPath::NotItsPlace(to.to_owned())));
    }
    let sizes = store::draft_sizes(tx, desk.draft.id).await?;
    if sizes.iter().any(|(path, _)| path == to) {
        let (fr, en) = ("un fichier a déjà ce chemin", "a file has this path already");
        return Err(Refusal::naming(Reason::InvalidValues, vec![Fault::new("path", fr, en)]).into());
    }
    let bytes = sizes.iter().find(|(path, _)| path == from).map_or(0, |(_, bytes)| *bytes);
    let others = sizes.iter().filter(|(path, _)| path != from);
    check_place(to, bytes, others.map(|(path, bytes)| (path.as_str(), *bytes)))
        .map_err(refused_path)?;
    draft_file::Entity::delete_by_id(key).exec(tx).await?;
    let digest: Digest = file.blob_digest.parse().map_err(anyhow::Error::from)?;
    name(tx, &desk.draft, to, digest).await?;
    touch(tx, who, desk, now).await
}
