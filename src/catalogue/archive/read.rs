//! From an archive to a tree. What is inflated is measured as it comes.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;
use zip::ZipReadOptions;
use zip::read::OwnedZipFileEntry;

use super::{entries, fault, refused};
use crate::content::{Media, MediaReader, Tree, media_kind_of_path};
use crate::error::{Fault, Result};
use crate::media::MediaStore;

/// Bytes inflated at a time.
const CHUNK: usize = 1 << 16;

/// A tree, and where the bytes of its media are in the archive.
#[derive(Debug)]
pub struct Unpacked {
    /// The module's files.
    pub tree: Tree,
    media: Vec<(String, Media, Arc<OwnedZipFileEntry>)>,
}

/// Reads an archive whole, holding its texts only; it takes the time of inflating, at most, what a
/// tree may hold.
///
/// # Errors
/// `bad-archive`, naming each entry that no module may hold; nothing is written.
pub fn read(mut archive: impl Read + Seek) -> Result<Unpacked> {
    let announced = entries::announced(&mut archive)?;
    let mut unpacked = Unpacked { tree: Tree::new(), media: Vec::new() };
    for (path, entry) in announced {
        take(&mut archive, &mut unpacked, &path, entry).map_err(|fault| refused(vec![fault]))?;
    }
    Ok(unpacked)
}

fn take(
    archive: &mut (impl Read + Seek),
    unpacked: &mut Unpacked,
    path: &str,
    entry: OwnedZipFileEntry,
) -> Result<(), Fault> {
    let bad = |bad: crate::content::BadPath| fault(path, bad.to_string(), "no module may hold it");
    let Some(claimed) = media_kind_of_path(path) else {
        let mut bytes = Vec::new();
        inflate(archive, path, &entry, |part| bytes.extend_from_slice(part))?;
        return unpacked.tree.insert(path, bytes).map_err(bad);
    };
    let mut reader = MediaReader::default();
    inflate(archive, path, &entry, |part| reader.update(part))?;
    let media = reader.finish();
    if media.kind != Some(claimed) {
        let fr =
            format!("ce n'est pas un fichier {claimed} : donnez-lui sa fin, ou convertissez-le");
        return Err(fault(path, fr, format!("not a {claimed} file")));
    }
    unpacked.media.push((path.to_owned(), media, Arc::new(entry)));
    unpacked.tree.insert_media(path, media).map_err(bad)
}

/// Inflates an entry, up to one byte more than it announces, which was judged before.
fn inflate(
    archive: &mut (impl Read + Seek),
    path: &str,
    entry: &OwnedZipFileEntry,
    mut each: impl FnMut(&[u8]),
) -> Result<(), Fault> {
    let damaged = |_| fault(path, "abîmé : refaites l'archive", "damaged: make the archive again");
    let entry = entry.as_ref();
    let announced = entry.size();
    let opened = entry.with_reader(archive, ZipReadOptions::new());
    let mut inflated = opened.map_err(|e| damaged(e.into()))?.take(announced + 1);
    let (mut chunk, mut total) = (vec![0; CHUNK], 0);
    loop {
        match inflated.read(&mut chunk).map_err(damaged)? {
            0 => break,
            count => {
                total += count as u64;
                each(&chunk[..count]);
            }
        }
    }
    if total == announced {
        return Ok(());
    }
    Err(fault(
        path,
        "n'a pas la taille qu'il annonce : refaites l'archive",
        "not of the size that it announces: make the archive again",
    ))
}

/// Keeps the media of an archive that are not kept yet; nobody reads them until a draft names them.
///
/// # Errors
/// When the file or the store fails.
pub async fn keep_media(store: &MediaStore, file: &File, unpacked: &Unpacked) -> Result<()> {
    for (path, media, entry) in &unpacked.media {
        if !store.has(&media.digest).await? {
            keep(store, file, media, entry.clone()).await.with_context(|| path.clone())?;
        }
    }
    Ok(())
}

async fn keep(
    store: &MediaStore,
    file: &File,
    media: &Media,
    entry: Arc<OwnedZipFileEntry>,
) -> anyhow::Result<()> {
    let mut file = file.try_clone()?;
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(4);
    let inflating = tokio::task::spawn_blocking(move || -> io::Result<()> {
        let entry = OwnedZipFileEntry::as_ref(&entry);
        let mut inflated = entry.with_reader(&mut file, ZipReadOptions::new())?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = inflated.read(&mut chunk);
            let ended = !matches!(read, Ok(count) if count > 0);
            if matches!(read, Ok(0)) {
                return Ok(());
            }
            let bytes = read.map(|count| Bytes::copy_from_slice(&chunk[..count]));
            // Nobody listens any more when the store has failed.
            if sender.blocking_send(bytes).is_err() || ended {
                return Ok(());
            }
        }
    });
    let bytes = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|bytes| (bytes, receiver))
    });
    let kept = store.put(bytes, media.kind.context("of no kind")?).await?;
    inflating.await??;
    ensure!(kept == *media, "it was not inflated twice alike");
    Ok(())
}
