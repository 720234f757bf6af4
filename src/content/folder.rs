//! A module's tree read from a folder on disk: the one file of this room that does I/O.
//!
//! Nothing stops the reading: what no module may hold, or cannot be read, is a finding like another,
//! and the rest is read. Nothing is skipped silently, hidden files included.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::iter;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use super::media::{Media, MediaReader, media_kind_of_path};
use super::tree::{
    BadPath, MAX_FILE_BYTES, MAX_FILES, MAX_LEVELS, MAX_MEDIA_BYTES, Tree, check_place,
};

/// Most entries that are looked at in one folder: nobody mends more at once.
const MAX_ENTRIES: usize = 2 * MAX_FILES;

/// A file of a module's folder, at a path that a tree may hold; not read yet.
#[derive(Debug)]
pub struct FolderFile {
    /// Its path in the tree.
    pub inside: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its size and dates, of when it was listed.
    pub about: Metadata,
}

/// A folder's name, and where it is.
pub type NamedFolder = (String, PathBuf);

/// Reads one module folder: what a tree may hold, and a finding for everything else. Media are read
/// through and not held: the tree says what they are. The path of a finding is that of the file in the
/// folder, empty for the folder itself.
#[must_use]
pub fn read_folder(dir: &Path) -> (Tree, Vec<Finding>) {
    read_folder_with(dir, |file| read_medium(&file.path))
}

/// As [`read_folder`], for who may know already what a medium is.
pub fn read_folder_with(
    dir: &Path,
    medium: impl Fn(&FolderFile) -> io::Result<Media>,
) -> (Tree, Vec<Finding>) {
    let (files, mut findings) = list_folder(dir);
    let mut tree = Tree::new();
    for file in &files {
        let inside = &file.inside;
        let put = if media_kind_of_path(inside).is_some() {
            medium(file).map(|media| tree.insert_media(inside, media))
        } else {
            read_bounded(&file.path).map(|bytes| tree.insert(inside, bytes))
        };
        match put {
            Ok(Ok(())) => {}
            Ok(Err(bad)) => {
                findings.push(misplaced(inside, &bad));
                // Told once, rather than of each file that is one too many.
                if matches!(bad, BadPath::TooManyFiles(_)) {
                    break;
                }
            }
            Err(error) => findings.push(unreadable(inside, &error)),
        }
    }
    findings.sort();
    (tree, findings)
}

/// The files of a module's folder at paths that a tree may hold, by path, and a finding for every
/// other entry; none is opened.
#[must_use]
pub fn list_folder(dir: &Path) -> (Vec<FolderFile>, Vec<Finding>) {
    let mut listing = Listing::default();
    listing.level(dir, "");
    let Listing { mut files, mut findings, seen } = listing;
    if seen > MAX_ENTRIES {
        let what = format!("plus de {MAX_ENTRIES} entrées : les autres ne sont pas lues");
        findings.push(Finding::of_file("", what, "ne laissez ici que les fichiers du module"));
    }
    files.sort_by(|one, other| one.inside.cmp(&other.inside));
    (files, findings)
}

/// The folders directly in `dir` (for example `content/modules` or `content/drafts`), sorted by
/// name, and a finding for each entry that is no folder of a module, under its name.
/// Plain files, such as a README, are passed over.
///
/// # Errors
/// When `dir` cannot be read.
pub fn module_folders(dir: &Path) -> io::Result<(Vec<NamedFolder>, Vec<Finding>)> {
    let (mut folders, mut findings) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = name_of(&path);
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_file() => {}
            Ok(about) => match judge(&name, &about) {
                None => folders.push((name, path)),
                Some(finding) => findings.push(finding),
            },
            Err(error) => findings.push(unreadable(&name, &error)),
        }
    }
    folders.sort();
    findings.sort();
    Ok((folders, findings))
}

#[derive(Default)]
struct Listing {
    files: Vec<FolderFile>,
    findings: Vec<Finding>,
    seen: usize,
}

impl Listing {
    fn level(&mut self, dir: &Path, prefix: &str) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => return self.findings.push(unreadable(prefix, &error)),
        };
        for entry in entries {
            self.seen += 1;
            if self.seen > MAX_ENTRIES {
                return;
            }
            match entry {
                Ok(entry) => self.entry(entry.path(), prefix),
                Err(error) => self.findings.push(unreadable(prefix, &error)),
            }
        }
    }

    fn entry(&mut self, path: PathBuf, prefix: &str) {
        let name = name_of(&path);
        let inside = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let about = match fs::symlink_metadata(&path) {
            Ok(about) => about,
            Err(error) => return self.findings.push(unreadable(&inside, &error)),
        };
        match judge(&inside, &about) {
            Some(finding) => self.findings.push(finding),
            None if about.is_dir() => self.level(&path, &inside),
            None => self.files.push(FolderFile { inside, path, about }),
        }
    }
}

/// A name that is not UTF-8 is shown as it can be, and so refused as any bad name.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Why an entry is neither a file nor a folder of a module, whatever is beside it. What is in a folder
/// that is refused is not looked at.
fn judge(inside: &str, about: &Metadata) -> Option<Finding> {
    // A link could bring in what is outside the folder, and would not survive the journey of a tree.
    if about.is_symlink() {
        let remedy = "mettez à sa place ce qu’il désigne, ou retirez-le";
        return Some(Finding::of_file(inside, "lien symbolique", remedy));
    }
    if !about.is_file() && !about.is_dir() {
        return Some(Finding::of_file(inside, "ni un fichier, ni un dossier", "retirez-le"));
    }
    if inside.rsplit('/').next().is_some_and(|name| name.starts_with('.')) {
        let what = "fichier ou dossier caché : un module n’en contient pas";
        let remedy = "retirez-le (« ls -a » le montre)";
        return Some(Finding::of_file(inside, what, remedy));
    }
    let bad = match check_place(inside, 0, iter::empty()) {
        Err(bad) => bad,
        Ok(()) if about.is_dir() && inside.split('/').count() >= MAX_LEVELS => {
            BadPath::TooDeep(inside.to_owned())
        }
        Ok(()) => return None,
    };
    Some(misplaced(inside, &bad))
}

fn misplaced(inside: &str, bad: &BadPath) -> Finding {
    let what = bad.to_string();
    // The finding names the path already.
    let what = what.strip_prefix(&format!("« {inside} » : ")).unwrap_or(&what);
    let remedy = match bad {
        BadPath::Shape(_) => "renommez-le avec ces seuls caractères, ou retirez-le",
        BadPath::TooLong(_) => "donnez des noms plus courts",
        BadPath::TooDeep(_) => "rangez-le dans moins de dossiers",
        BadPath::CaseClash { .. } => {
            "donnez-leur des noms qui diffèrent autrement, ou gardez-en un"
        }
        BadPath::FileAndFolder { .. } => "renommez l’un des deux",
        BadPath::TooManyFiles(_) => {
            "retirez ceux dont le module se passe ; les suivants n’ont pas été lus"
        }
        BadPath::FileTooBig(_) => "coupez-le en plusieurs fichiers, ou retirez-le",
        BadPath::TreeTooBig(_) => "réduisez les textes et les figures, ou retirez-en",
        BadPath::MediaTooBig(_) => "réduisez-le ou coupez-le, ou retirez-le",
        BadPath::AllMediaTooBig(_) => "réduisez les médias, ou retirez-en",
        BadPath::NotItsPlace(_) => "rangez les médias, et eux seuls, dans media/",
    };
    Finding::of_file(inside, what, remedy)
}

fn unreadable(inside: &str, error: &io::Error) -> Finding {
    let why = match error.kind() {
        io::ErrorKind::PermissionDenied => "le système en refuse l’accès".to_owned(),
        io::ErrorKind::NotFound => "il n’est plus là".to_owned(),
        _ => error.to_string(),
    };
    let remedy = "rétablissez-le, avec le droit de le lire, ou retirez-le";
    Finding::of_file(inside, format!("illisible : {why}"), remedy)
}

/// Reads one byte more than allowed at most: the tree then refuses it by its size.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a medium is, read through and not held, up to one byte more than allowed: the tree then
/// refuses it by its size.
///
/// # Errors
/// When the file cannot be read.
pub fn read_medium(path: &Path) -> io::Result<Media> {
    let mut file = fs::File::open(path)?.take(MAX_MEDIA_BYTES + 1);
    let (mut reader, mut chunk) = (MediaReader::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(reader.finish()),
            count => reader.update(&chunk[..count]),
        }
    }
}
