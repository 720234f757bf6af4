//! The files: written aside, moved in place, read by ranges. Never held whole.

use std::io;
use std::ops::Range;
use std::path::Path as FilePath;
use std::pin::pin;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, WriteMultipart};

use crate::content::{Digest, MAX_MEDIA_BYTES, Media, MediaKind, MediaReader};
use crate::{clock, files};

/// Bytes handed over at a time: the least that object stores take as a part.
const PART: usize = 5 << 20;
/// Where what is not yet known by its digest is written.
const ASIDE: &str = "incoming";

/// Why a medium was not kept. Nothing of it is then in place.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// It has more than [`MAX_MEDIA_BYTES`].
    #[error("more than {MAX_MEDIA_BYTES} bytes")]
    TooLarge,
    /// It is not what it was said to be.
    #[error("not of the kind that its name says")]
    OtherKind(Option<MediaKind>),
    /// Where it came from gave out.
    #[error("cut short: {0}")]
    Source(io::Error),
    /// The store failed.
    #[error("the media store: {0}")]
    Store(#[from] object_store::Error),
}

/// Where media are kept. Cheap to clone; clones share it.
#[derive(Clone, Debug)]
pub struct MediaStore(Arc<dyn ObjectStore>);

impl MediaStore {
    /// The store of a folder, which is made for its owner only if it is not there.
    ///
    /// # Errors
    /// Saying which setting names another folder.
    pub fn in_folder(folder: &FilePath) -> anyhow::Result<Self> {
        let advice = || format!("cannot use {}; see media.directory", folder.display());
        files::make_private_folder(folder).with_context(advice)?;
        let store = LocalFileSystem::new_with_prefix(folder).with_context(advice)?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// A store that ends with the process.
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Keeps what a stream brings, under its digest; keeping it again changes nothing. What it is
    /// comes from its first bytes, and must be `claimed`. It is durable when this returns.
    ///
    /// # Errors
    /// [`PutError`]; what was written aside is removed.
    pub async fn put(
        &self,
        source: impl Stream<Item = io::Result<Bytes>> + Send,
        claimed: MediaKind,
    ) -> Result<Media, PutError> {
        let aside = Path::from_iter([ASIDE, &clock::new_id().simple().to_string()]);
        let upload = self.0.put_multipart(&aside).await?;
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
        match fill(&mut parts, source, claimed).await {
            Err(error) => {
                // What could not be removed stays aside, where nobody looks.
                let _ = parts.abort().await;
                Err(error)
            }
            Ok(media) => {
                let store = self.0.clone();
                // Whoever asked may go away now: what is whole gets its place all the same.
                let settled = tokio::spawn(async move {
                    parts.finish().await?;
                    store.rename(&aside, &place(&media.digest)).await
                });
                settled.await.map_err(|error| PutError::Source(io::Error::other(error)))??;
                Ok(media)
            }
        }
    }

    /// Whether the file of a digest is in place.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has(&self, digest: &Digest) -> anyhow::Result<bool> {
        match self.0.head(&place(digest)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error).context("the media store"),
        }
    }

    /// The bytes of a medium, or of a range of it, as they are read.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub async fn get(
        &self,
        digest: &Digest,
        range: Option<Range<u64>>,
    ) -> anyhow::Result<BoxStream<'static, io::Result<Bytes>>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.0.get_opts(&place(digest), options).await;
        let found = found.with_context(|| format!("the medium {digest}"))?;
        Ok(found.into_stream().map_err(io::Error::other).boxed())
    }
}

/// Writes what a stream brings, as long as it is what it must be.
async fn fill(
    parts: &mut WriteMultipart,
    source: impl Stream<Item = io::Result<Bytes>>,
    claimed: MediaKind,
) -> Result<Media, PutError> {
    let mut source = pin!(source);
    let mut reader = MediaReader::default();
    while let Some(bytes) = source.next().await.transpose().map_err(PutError::Source)? {
        reader.update(&bytes);
        if reader.bytes() > MAX_MEDIA_BYTES {
            return Err(PutError::TooLarge);
        }
        if let Some(kind) = reader.kind().filter(|kind| *kind != Some(claimed)) {
            return Err(PutError::OtherKind(kind));
        }
        parts.wait_for_capacity(1).await?;
        parts.put(bytes);
    }
    let media = reader.finish();
    if media.kind == Some(claimed) { Ok(media) } else { Err(PutError::OtherKind(media.kind)) }
}

/// `ab/cdef…`: folders of a size that file systems like.
fn place(digest: &Digest) -> Path {
    let digest = digest.to_string();
    let (folder, name) = digest.split_at(2);
    Path::from_iter([folder, name])
}
