//! A zip that is sent while it is written: what is finished leaves, and is kept nowhere.

use std::io::{self, Write};
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::SUMS;
use crate::content::blob_digest;

/// What the archive has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn take(&self) -> Bytes {
        take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The archive, and the digests of what it holds so far.
pub(in crate::evidence) struct Flow {
    zip: ZipWriter<StreamWriter<Shared>>,
    written: Shared,
    sums: String,
}

impl Flow {
    /// An empty one.
    pub(in crate::evidence) fn begin() -> Self {
        let written = Shared::default();
        Self { zip: ZipWriter::new_stream(written.clone()), written, sums: String::new() }
    }

    /// Adds a file; its digest is listed, in the form that `sha256sum --check` reads.
    ///
    /// # Errors
    /// When two have the same path.
    pub(in crate::evidence) fn add(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.sums.push_str(&format!("{}  {path}\n", blob_digest(bytes)));
        self.put(path, bytes)
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(0o644)
            .compression_method(CompressionMethod::Deflated);
        self.zip.start_file(path, options)?;
        self.zip.write_all(bytes)
    }

    /// What can be sent.
    pub(in crate::evidence) fn sent(&self) -> Bytes {
        self.written.take()
    }

    /// Ends with the list of digests, and with what signs it; answers the last bytes.
    ///
    /// # Errors
    /// Those of `seal`, to which the list is given.
    pub(in crate::evidence) fn end<E: From<io::Error>>(
        mut self,
        seal: impl FnOnce(&[u8]) -> Result<(&'static str, String), E>,
    ) -> Result<Bytes, E> {
        let sums = take(&mut self.sums);
        self.put(SUMS, sums.as_bytes())?;
        let (path, sealed) = seal(sums.as_bytes())?;
        self.put(path, sealed.as_bytes())?;
        self.zip.finish().map_err(io::Error::from)?;
        Ok(self.written.take())
    }
}
