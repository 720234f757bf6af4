//! From a tree to an archive: the same tree is always the same bytes.

use std::fs::File;
use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};

use anyhow::Context as _;
use futures_util::StreamExt as _;
use tokio::runtime::Handle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::content::{Body, Tree};
use crate::error::Result;
use crate::media::MediaStore;

/// Writes the zip of a tree in `file`, which is empty; answers it at its beginning, and its length in
/// bytes. Paths are sorted, dates are that of the format's birth, media are stored as they are.
///
/// # Errors
/// When the file or the store fails.
pub async fn write(store: &MediaStore, tree: Tree, file: File) -> Result<(File, u64)> {
    let (store, runtime) = (store.clone(), Handle::current());
    // Deflating takes a core, and writing waits for the disk: neither is a worker thread's.
    let written = tokio::task::spawn_blocking(move || fill(&store, &tree, file, &runtime)).await;
    Ok(written.context("the archive")?.context("the archive")?)
}

fn fill(
    store: &MediaStore,
    tree: &Tree,
    file: File,
    runtime: &Handle,
) -> anyhow::Result<(File, u64)> {
    let mut archive = ZipWriter::new(BufWriter::new(file));
    let options =
        SimpleFileOptions::default().last_modified_time(DateTime::DEFAULT).unix_permissions(0o644);
    for (path, body) in tree.files() {
        match body {
            Body::Text(bytes) => {
                let options = options.compression_method(CompressionMethod::Deflated);
                archive.start_file(path, options)?;
                archive.write_all(bytes)?;
            }
            Body::Media(media) => {
                let options = options.compression_method(CompressionMethod::Stored);
                archive.start_file(path, options)?;
                let mut bytes = runtime.block_on(store.get(&media.digest, None))?;
                while let Some(part) = runtime.block_on(bytes.next()).transpose()? {
                    archive.write_all(&part)?;
                }
            }
        }
    }
    let mut file = archive.finish()?.into_inner().map_err(|error| error.into_error())?;
    let length = file.stream_position()?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, length))
}
