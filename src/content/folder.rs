//! A module's tree read from a folder on disk: the one file of this room that does I/O.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::media::{Media, MediaReader, media_kind_of_path};
use super::tree::{MAX_FILE_BYTES, MAX_LEVELS, MAX_MEDIA_BYTES, Tree};

/// Reads one module folder. Media are read through and not held: the tree says what they are.
///
/// # Errors
/// The error names the file: unreadable, a symbolic link, neither file nor folder, or refused by
/// the rules of [`Tree::insert`]. Nothing is skipped silently, hidden files included.
pub fn read_folder(dir: &Path) -> io::Result<Tree> {
    refuse_link(dir)?;
    let mut tree = Tree::new();
    read_level(dir, "", 1, &mut tree)?;
    Ok(tree)
}

/// The folders directly in `dir` (for example `content/modules` or `content/drafts`), as
/// (folder name, path), sorted by name. Plain files, such as a README, are passed over.
///
/// # Errors
/// The error names the entry: unreadable, a symbolic link, or a name that is not UTF-8.
pub fn module_folders(dir: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut folders = entries(dir)?;
    let mut problem = None;
    folders.retain(|(_, path)| match refuse_link(path) {
        Ok(kind) => kind.is_dir(),
        Err(error) => {
            problem.get_or_insert(error);
            false
        }
    });
    problem.map_or(Ok(folders), Err)
}

fn read_level(dir: &Path, prefix: &str, level: usize, tree: &mut Tree) -> io::Result<()> {
    for (name, path) in entries(dir)? {
        let inside = format!("{prefix}{name}");
        let kind = refuse_link(&path)?;
        if kind.is_dir() && level < MAX_LEVELS {
            read_level(&path, &format!("{inside}/"), level + 1, tree)?;
        } else if kind.is_file() {
            let inserted = if media_kind_of_path(&inside).is_some() {
                tree.insert_media(&inside, read_medium(&path)?)
            } else {
                tree.insert(&inside, read_bounded(&path)?)
            };
            inserted.map_err(|bad| named(&path, io::ErrorKind::InvalidData, bad))?;
        } else {
            let what = "ni un fichier, ni un dossier de niveau permis";
            return Err(named(&path, io::ErrorKind::InvalidData, what));
        }
    }
    Ok(())
}

fn entries(dir: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let name_dir = |error: io::Error| named(dir, error.kind(), error);
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(name_dir)? {
        let path = entry.map_err(name_dir)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.map(str::to_owned) else {
            let what = "nom de fichier qui n’est pas en UTF-8";
            return Err(named(&path, io::ErrorKind::InvalidData, what));
        };
        found.push((name, path));
    }
    found.sort();
    Ok(found)
}

/// A link could bring in what is outside the folder, and would not survive the journey of a tree.
fn refuse_link(path: &Path) -> io::Result<fs::FileType> {
    let kind =
        fs::symlink_metadata(path).map_err(|error| named(path, error.kind(), error))?.file_type();
    if kind.is_symlink() {
        let what = "les liens symboliques sont refusés";
        return Err(named(path, io::ErrorKind::InvalidData, what));
    }
    Ok(kind)
}

/// Reads one byte more than allowed at most: the tree then refuses it by its size.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| named(path, error.kind(), error))?;
    Ok(bytes)
}

/// Reads a medium through, up to one byte more than allowed: the tree then refuses it by its size.
/// What a medium is, read through up to its bound and not held.
///
/// # Errors
/// The file that cannot be read, by name.
pub fn read_medium(path: &Path) -> io::Result<Media> {
    let name = |error: io::Error| named(path, error.kind(), error);
    let mut file = fs::File::open(path).map_err(name)?.take(MAX_MEDIA_BYTES + 1);
    let (mut reader, mut chunk) = (MediaReader::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut chunk).map_err(name)? {
            0 => return Ok(reader.finish()),
            count => reader.update(&chunk[..count]),
        }
    }
}

fn named(path: &Path, kind: io::ErrorKind, what: impl std::fmt::Display) -> io::Error {
    io::Error::new(kind, format!("{} : {what}", path.display()))
}
