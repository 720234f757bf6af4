//! Where the files of modules come from, for the media that are kept before an import begins.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _};

use super::import::{Checked, Embedded};
use crate::content::Media;
use crate::files;
use crate::media::MediaStore;

/// Where the files of modules come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The binary.
    Binary,
    /// A directory that holds a folder for each module.
    Directory(PathBuf),
}

impl Source {
    fn open(&self, folder: &str, path: &str) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
        match self {
            Self::Binary => {
                let file = Embedded::get(&format!("{folder}/{path}"));
                let file = file.ok_or(io::ErrorKind::NotFound)?;
                Ok(stream::iter([Ok(Bytes::from(file.data.into_owned()))]).boxed())
            }
            Self::Directory(dir) => {
                Ok(files::stream(File::open(dir.join(folder).join(path))?).boxed())
            }
        }
    }
}

/// Keeps the media of checked modules that are not kept yet; nothing names them until the import
/// that follows is committed.
///
/// # Errors
/// A file that cannot be read, or is not what was checked any more; a store that fails.
pub async fn keep_media(
    store: &MediaStore,
    source: &Source,
    checked: &Checked,
) -> anyhow::Result<()> {
    for (folder, tree) in checked.folders() {
        for (path, media) in tree.all_media() {
            keep(store, source, (folder, path), media)
                .await
                .with_context(|| format!("{folder}/{path}"))?;
        }
    }
    Ok(())
}

async fn keep(
    store: &MediaStore,
    source: &Source,
    (folder, path): (&str, &str),
    media: &Media,
) -> anyhow::Result<()> {
    if store.has(&media.digest).await? {
        return Ok(());
    }
    let kind = media.kind.context("of no kind that is kept")?;
    let kept = store.put(source.open(folder, path)?, kind).await?;
    ensure!(kept == *media, "changed while it was imported: import again");
    Ok(())
}
