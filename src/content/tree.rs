//! A module as a sorted map of paths to bytes, with the rules that let the same tree live in a
//! folder, a database, a zip file and on any file system.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::digest::{Digest, blob_digest};
use super::media::{Media, media_kind_of_path};

/// Longest path, in characters (paths are ASCII, hence also in bytes).
pub const MAX_PATH_CHARACTERS: usize = 120;
/// Most segments in a path.
pub const MAX_LEVELS: usize = 8;
/// Most files in a tree.
pub const MAX_FILES: usize = 500;
/// Largest text, in bytes (1 MiB).
pub const MAX_FILE_BYTES: usize = 1 << 20;
/// Most text in a tree, in bytes (20 MiB).
pub const MAX_TOTAL_BYTES: usize = 20 << 20;
/// Largest medium, in bytes (64 MiB).
pub const MAX_MEDIA_BYTES: u64 = 64 << 20;
/// Most media in a tree, in bytes (256 MiB).
pub const MAX_MEDIA_TOTAL_BYTES: u64 = 256 << 20;

/// Why a file cannot enter a [`Tree`]. The message is in French and names the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    /// A segment is empty, starts with a dot, or holds something else than `[A-Za-z0-9._-]`.
    #[error(
        "« {0} » : chemin refusé ; il est relatif, séparé par « / », et chaque segment ne contient que A-Z, a-z, 0-9, « . », « _ », « - » sans commencer par un point"
    )]
    Shape(String),
    /// The path has more than [`MAX_PATH_CHARACTERS`] characters.
    #[error("« {0} » : chemin de plus de {MAX_PATH_CHARACTERS} caractères")]
    TooLong(String),
    /// The path has more than [`MAX_LEVELS`] segments.
    #[error("« {0} » : chemin de plus de {MAX_LEVELS} niveaux")]
    TooDeep(String),
    /// Another path, or its folder, has the same name but for the case.
    #[error(
        "« {path} » et « {other} » ne diffèrent que par la casse : certains disques les confondent ; renommez l’un des deux"
    )]
    CaseClash {
        /// The refused path.
        path: String,
        /// The path already there.
        other: String,
    },
    /// One of the two paths would be both a file and a folder.
    #[error("« {path} » et « {other} » : le même nom serait un fichier et un dossier")]
    FileAndFolder {
        /// The refused path.
        path: String,
        /// The path already there.
        other: String,
    },
    /// The tree already has [`MAX_FILES`] files.
    #[error("« {0} » : plus de {MAX_FILES} fichiers dans le module")]
    TooManyFiles(String),
    /// The file is larger than [`MAX_FILE_BYTES`].
    #[error("« {0} » : fichier de plus de 1 Mio")]
    FileTooBig(String),
    /// The tree would be larger than [`MAX_TOTAL_BYTES`].
    #[error("« {0} » : le module dépasserait 20 Mio")]
    TreeTooBig(String),
    /// The medium is larger than [`MAX_MEDIA_BYTES`].
    #[error("« {0} » : média de plus de 64 Mio")]
    MediaTooBig(String),
    /// The media of the tree would be larger than [`MAX_MEDIA_TOTAL_BYTES`].
    #[error("« {0} » : les médias du module dépasseraient 256 Mio")]
    AllMediaTooBig(String),
    /// The path is that of a medium, and the bytes are a text's; or the other way round.
    #[error("« {0} » : les médias, et eux seuls, sont des fichiers binaires de media/")]
    NotItsPlace(String),
}

/// What a tree holds at one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Bytes at hand: texts, figures.
    Text(Vec<u8>),
    /// A medium, known by its digest; its bytes are kept elsewhere, because they may be many.
    Media(Media),
}

impl Body {
    /// SHA-256 of the bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Text(bytes) => blob_digest(bytes),
            Self::Media(media) => media.digest,
        }
    }

    /// Size, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Text(bytes) => bytes.len() as u64,
            Self::Media(media) => media.bytes,
        }
    }
}

/// The files of one module, sorted by path (byte order).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, Body>,
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a text at `path`, replacing what was there.
    ///
    /// # Errors
    /// [`BadPath`] when the path or the sizes break the rules of this file; the tree is unchanged.
    pub fn insert(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), BadPath> {
        self.put(path, Body::Text(bytes), media_kind_of_path(path).is_none())
    }

    /// Puts a medium at `path`, replacing what was there. Its bytes are the caller's to keep.
    ///
    /// # Errors
    /// [`BadPath`] when the path or the sizes break the rules of this file; the tree is unchanged.
    pub fn insert_media(&mut self, path: &str, media: Media) -> Result<(), BadPath> {
        self.put(path, Body::Media(media), media_kind_of_path(path).is_some())
    }

    fn put(&mut self, path: &str, body: Body, in_its_place: bool) -> Result<(), BadPath> {
        check_shape(path)?;
        if !in_its_place {
            return Err(BadPath::NotItsPlace(path.to_owned()));
        }
        let others = self.files().map(|(other, body)| (other, body.bytes()));
        check_place(path, body.bytes(), others)?;
        self.files.insert(path.to_owned(), body);
        Ok(())
    }

    /// Takes a file out and returns it.
    pub fn remove(&mut self, path: &str) -> Option<Body> {
        self.files.remove(path)
    }

    /// The bytes of the text at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        match self.files.get(path)? {
            Body::Text(bytes) => Some(bytes),
            Body::Media(_) => None,
        }
    }

    /// The medium at `path`.
    #[must_use]
    pub fn media(&self, path: &str) -> Option<&Media> {
        match self.files.get(path)? {
            Body::Text(_) => None,
            Body::Media(media) => Some(media),
        }
    }

    /// Every file in path order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Body)> {
        self.files.iter().map(|(path, body)| (path.as_str(), body))
    }

    /// Every text in path order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files().filter_map(|(path, body)| match body {
            Body::Text(bytes) => Some((path, bytes.as_slice())),
            Body::Media(_) => None,
        })
    }

    /// Every medium in path order.
    pub fn all_media(&self) -> impl Iterator<Item = (&str, &Media)> {
        self.files().filter_map(|(path, body)| match body {
            Body::Text(_) => None,
            Body::Media(media) => Some((path, media)),
        })
    }

    /// Whether the tree has no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Sum of the texts' sizes, in bytes.
    #[cfg(test)]
    pub(crate) fn total_bytes(&self) -> usize {
        self.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The digest that identifies this exact tree.
    ///
    /// SHA-256 over, for each file in path order, the line `"{sha256 hex of bytes}  {path}\n"`
    /// (two spaces, one line feed). Anyone can recompute it in the module's folder:
    /// `find . -type f | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum | sha256sum`.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Sha256::new();
        for (path, body) in self.files() {
            hasher.update(format!("{}  {path}\n", body.digest()));
        }
        Digest(hasher.finalize().into())
    }
}

/// Whether a tree that holds `others` (path and size in bytes) may take `bytes` bytes at `path`, in
/// place of what is there. Sizes are enough, so that who keeps a tree elsewhere need not read it.
///
/// # Errors
/// [`BadPath`] when the path or the sizes break the rules of this file.
pub fn check_place<'a>(
    path: &str,
    bytes: u64,
    others: impl Iterator<Item = (&'a str, u64)>,
) -> Result<(), BadPath> {
    check_shape(path)?;
    let is_media = media_kind_of_path(path).is_some();
    let (mut count, mut total, mut pair) = (0, bytes, Ok(()));
    for (other, size) in others.filter(|(other, _)| *other != path) {
        count += 1;
        if media_kind_of_path(other).is_some() == is_media {
            total += size;
        }
        pair = pair.and_then(|()| check_pair(path, other));
    }
    let path = || path.to_owned();
    let (most, most_in_all) = match is_media {
        true => (MAX_MEDIA_BYTES, MAX_MEDIA_TOTAL_BYTES),
        false => (MAX_FILE_BYTES as u64, MAX_TOTAL_BYTES as u64),
    };
    match (bytes > most, total > most_in_all) {
        (true, _) if is_media => Err(BadPath::MediaTooBig(path())),
        (true, _) => Err(BadPath::FileTooBig(path())),
        (_, true) if is_media => Err(BadPath::AllMediaTooBig(path())),
        (_, true) => Err(BadPath::TreeTooBig(path())),
        _ if count >= MAX_FILES => Err(BadPath::TooManyFiles(path())),
        _ => pair,
    }
}

fn check_shape(path: &str) -> Result<(), BadPath> {
    if path.chars().count() > MAX_PATH_CHARACTERS {
        return Err(BadPath::TooLong(path.chars().take(MAX_PATH_CHARACTERS).collect()));
    }
    let good = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    if !path.split('/').all(good) {
        return Err(BadPath::Shape(path.to_owned()));
    }
    if path.split('/').count() > MAX_LEVELS {
        return Err(BadPath::TooDeep(path.to_owned()));
    }
    Ok(())
}

/// Two different paths may share folders, nothing else: the first segment where they part must
/// differ by more than its case, and neither may end before they part.
fn check_pair(path: &str, other: &str) -> Result<(), BadPath> {
    let both = || (path.to_owned(), other.to_owned());
    for (mine, theirs) in path.split('/').zip(other.split('/')) {
        if mine == theirs {
            continue;
        }
        if mine.eq_ignore_ascii_case(theirs) {
            let (path, other) = both();
            return Err(BadPath::CaseClash { path, other });
        }
        return Ok(());
    }
    let (path, other) = both();
    Err(BadPath::FileAndFolder { path, other })
}
