//! Exporting: published versions as folders again, byte for byte what was published.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use futures_util::StreamExt as _;

use crate::content::{self, Body, Tree};
use crate::media::MediaStore;

/// Writes a tree as a folder, whole or not at all, and reads it again to be sure.
///
/// # Errors
/// When something is at that place already, when the disk or the store fails, or when what was written
/// is not what was published.
pub async fn export(store: &MediaStore, tree: &Tree, to: &Path) -> anyhow::Result<()> {
    if to.symlink_metadata().is_ok() {
        bail!("{} is there already; choose another place, or remove it", to.display());
    }
    let above = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(above).with_context(|| format!("cannot make {}", above.display()))?;
    // Beside its place, so that the last step is a renaming; gone by itself if that is not reached.
    let beside = unfinished_in(above)?;
    for (path, body) in tree.files() {
        write(store, body, &beside.0.join(path)).await.with_context(|| path.to_owned())?;
    }
    let (written, faults) = content::read_folder(&beside.0);
    let faithful = faults.is_empty() && written.digest() == tree.digest();
    ensure!(faithful, "what was written is not what was published");
    fs::rename(&beside.0, to).with_context(|| format!("cannot make {}", to.display()))
}

async fn write(store: &MediaStore, body: &Body, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    let mut file = File::create(to)?;
    match body {
        Body::Text(bytes) => file.write_all(bytes)?,
        Body::Media(media) => {
            let mut bytes = store.get(&media.digest, None).await?;
            while let Some(part) = bytes.next().await.transpose()? {
                file.write_all(&part)?;
            }
        }
    }
    Ok(file.sync_all()?)
}

/// A folder being written, removed when dropped if it is still there.
struct Unfinished(std::path::PathBuf);

fn unfinished_in(above: &Path) -> anyhow::Result<Unfinished> {
    let folder = above.join(format!(".{}.part", crate::clock::new_id().simple()));
    fs::create_dir(&folder).with_context(|| format!("cannot write in {}", above.display()))?;
    Ok(Unfinished(folder))
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Renamed by then when all went well.
        let _ = fs::remove_dir_all(&self.0);
    }
}
