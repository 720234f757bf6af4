//! What is shown beside texts: media and captions of published versions, logos of providers. Nothing
//! else is public.

use bytes::Bytes;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::model::{blob, module_version_file};
use crate::content::{Digest, Media, media_kind_of_path};
use crate::error::{Reason, Result};
use crate::media;
use crate::providers;

/// What stands under a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A medium, and the name of its file in the module.
    Media(Media, String),
    /// The captions of a film (WebVTT).
    Captions(Bytes),
}

impl Shown {
    /// Its size, in bytes.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Media(media, _) => media.bytes,
            Self::Captions(text) => text.len() as u64,
        }
    }
}

/// What a published version, current or not, or a provider as it is now, shows under this digest.
///
/// # Errors
/// `not-found` when none does, whatever drafts hold.
pub async fn shown(conn: &impl ConnectionTrait, digest: &Digest) -> Result<Shown> {
    let digest = digest.to_string();
    let paths: Vec<String> = module_version_file::Entity::find()
        .select_only()
        .column(module_version_file::Column::Path)
        .filter(module_version_file::COLUMN.blob_digest.eq(&digest))
        .filter(module_version_file::COLUMN.path.starts_with("media/"))
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    if let Some(path) = paths.iter().find(|path| media_kind_of_path(path).is_some()) {
        let known = media::known(conn, &[&digest]).await?;
        let media = known.get(&digest).ok_or(Reason::Internal)?;
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        return Ok(Shown::Media(*media, name));
    }
    if paths.iter().any(|path| path.ends_with(".vtt")) {
        let blob = blob::Entity::find_by_id(digest).one(conn).await?;
        return Ok(Shown::Captions(blob.ok_or(Reason::Internal)?.bytes.into()));
    }
    if providers::is_logo(conn, &digest).await? {
        let media = media::known(conn, &[&digest]).await?;
        let media = media.get(&digest).ok_or(Reason::Internal)?;
        return Ok(Shown::Media(*media, "logo".to_owned()));
    }
    Err(Reason::NotFound.into())
}
