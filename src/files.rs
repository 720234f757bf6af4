//! Writing files that are there whole or not at all, whatever is cut: the process, or the power.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use tokio::io::AsyncReadExt as _;

/// Bytes of a file that are read at a time.
const CHUNK: usize = 1 << 16;

/// The bytes of a file from where it stands, as they are read, without keeping a worker thread.
pub fn stream(file: File) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let count = file.read_buf(&mut chunk).await?;
        Ok((count > 0).then(|| (chunk.freeze(), file)))
    })
}

/// A file for its owner only that has no name: it goes away with the last who holds it, even killed.
///
/// # Errors
/// When the system refuses.
pub fn nameless(folder: &Path) -> io::Result<File> {
    let path = folder.join(format!(".{}.part", crate::clock::new_id().simple()));
    let options = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).clone();
    let file = options.open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// Makes a folder and those above it that are missing, for their owner only.
///
/// # Errors
/// When the system refuses.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a file of this mode beside its place, then puts it there in place of the one before; both
/// are on the disk when this returns.
///
/// # Errors
/// When the system refuses; what was there before is then there still.
pub fn write_at_once(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.part"));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_with_its_mode_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("names");
        // What an attempt cut short would have left.
        fs::write(dir.path().join(".names.part"), "half of something long").expect("a file");
        for text in ["first and longer", "second"] {
            write_at_once(&path, text.as_bytes(), 0o600).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("a file"), text);
        }
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
        write_at_once(&dir.path().join("new"), b"", 0o600).expect("written");
        let mode = fs::metadata(dir.path().join("new")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_cannot_be_written_leaves_what_was_there() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("kept");
        fs::create_dir(&path).expect("something in the way");
        write_at_once(&path, b"other", 0o600).expect_err("a folder is not replaced");
        assert!(path.is_dir());
    }
}
