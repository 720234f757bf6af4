//! What an archive says that it holds, before anything is inflated.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use zip::CompressionMethod;
use zip::read::{Config, OwnedZipFileEntry, ZipFileEntry};
use zip::unstable::read::ZipIterable;

use super::{MAX_ENTRIES, fault, refused};
use crate::content::{MANIFEST_PATH, MAX_FILES, check_place};
use crate::error::{Fault, Reason, Refusal, Result};

/// File types of `st_mode` (POSIX): what an archive may hold.
const TYPE: u32 = 0o170_000;
const FILE: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;

/// The files that an archive announces, by their path in the module.
pub(super) type Announced = BTreeMap<String, OwnedZipFileEntry>;

/// Reads the directory of an archive and judges every entry by what it announces.
///
/// # Errors
/// `bad-archive`, naming every entry that no module may hold, or the manifest that is not there.
pub(super) fn announced(archive: impl Read + Seek) -> Result<Announced> {
    let mut archive = ZipIterable::try_new(archive, Config::default()).map_err(|_| unreadable())?;
    if archive.len() > MAX_ENTRIES {
        return Err(too_many(MAX_ENTRIES, ("entrées", "entries")));
    }
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for entry in archive.files().map_err(|_| unreadable())? {
        let entry = entry.map_err(|_| unreadable())?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if is_litter(&name) {
            continue;
        }
        match misfit(&entry) {
            Some((fr, en)) => faults.push(fault(&name, fr, en)),
            None => files.push((name, OwnedZipFileEntry::from(entry))),
        }
    }
    // Told once, rather than of each file that is one too many.
    if files.iter().filter(|(name, _)| !name.ends_with('/')).count() > MAX_FILES {
        return Err(too_many(MAX_FILES, ("fichiers", "files")));
    }
    let placed = placed(files, &mut faults);
    if faults.is_empty() && !placed.contains_key(MANIFEST_PATH) {
        faults.push(fault(
            MANIFEST_PATH,
            "absent de l'archive : compressez le dossier du module, avec tous ses fichiers et lui seul",
            "not in the archive: zip the folder of the module, with all its files and nothing else",
        ));
    }
    if faults.is_empty() { Ok(placed) } else { Err(refused(faults)) }
}

/// Puts files where their names say, without the folder that holds them all.
fn placed(files: Vec<(String, OwnedZipFileEntry)>, faults: &mut Vec<Fault>) -> Announced {
    let root = root(&files).map(str::to_owned).unwrap_or_default();
    let mut placed = Announced::new();
    for (name, entry) in files {
        let path = name.strip_prefix(&root).unwrap_or(&name).to_owned();
        let is_folder = path.ends_with('/') || path.is_empty();
        let (place, size) = match path.strip_suffix('/') {
            Some("") | None if path.is_empty() => continue,
            Some(folder) => (folder, 0),
            None => (path.as_str(), entry.as_ref().size()),
        };
        if placed.contains_key(place) {
            faults.push(fault(&name, "deux fois dans l'archive : gardez-en une", "there twice"));
            continue;
        }
        // A folder is judged alone: beside its own files it would be a file and a folder.
        let others = placed.iter().filter(|_| !is_folder);
        let others = others.map(|(path, entry)| (path.as_str(), entry.as_ref().size()));
        match check_place(place, size, others) {
            Err(bad) => faults.push(fault(
                &name,
                bad.to_string(),
                "no module may hold it: see the paths and sizes of content/README.md",
            )),
            Ok(()) if !is_folder => drop(placed.insert(path, entry)),
            Ok(()) => {}
        }
    }
    placed
}

/// The folder, with its slash, that holds everything and the manifest: that of the module.
fn root(files: &[(String, OwnedZipFileEntry)]) -> Option<&str> {
    let manifest = format!("/{MANIFEST_PATH}");
    let folder = files.iter().find_map(|(name, _)| {
        let folder = name.strip_suffix(&manifest)?;
        let is_name = !folder.is_empty() && folder != "." && folder != "..";
        (is_name && !folder.contains(['/', '\\', ':'])).then(|| &name[..=folder.len()])
    })?;
    files.iter().all(|(name, _)| name.starts_with(folder)).then_some(folder)
}

/// Why an entry is none of a module, whatever its place.
fn misfit(entry: &ZipFileEntry<'_>) -> Option<(&'static str, &'static str)> {
    let kind = entry.unix_mode().map_or(0, |mode| mode & TYPE);
    if std::str::from_utf8(entry.name_raw()).is_err() {
        return Some(("son nom n'est pas en UTF-8 : renommez-le", "its name is not UTF-8"));
    }
    if entry.encrypted() {
        return Some(("chiffré : refaites l'archive sans mot de passe", "encrypted"));
    }
    if entry.is_symlink() {
        return Some(("lien symbolique : mettez le fichier lui-même", "a symbolic link"));
    }
    if ![0, FILE, FOLDER].contains(&kind) {
        return Some(("ni un fichier ni un dossier : retirez-le", "neither file nor folder"));
    }
    if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Some((
            "compression inconnue ici : refaites un zip ordinaire (deflate)",
            "a compression that is not read here: make a plain zip (deflate)",
        ));
    }
    None
}

fn is_litter(name: &str) -> bool {
    let litter = |part: &str| matches!(part, ".DS_Store" | "Thumbs.db" | "desktop.ini");
    name.split('/').any(|part| part == "__MACOSX")
        || name.split('/').next_back().is_some_and(litter)
}

/// More entries, or files, than an archive may have; `what` in French and in English.
fn too_many(most: usize, what: (&str, &str)) -> crate::error::Error {
    Refusal::new(Reason::BadArchive)
        .because(
            format!(
                "L'archive a plus de {most} {} : ne compressez que le dossier du module.",
                what.0
            ),
            format!(
                "The archive has more than {most} {}: zip the folder of the module alone.",
                what.1
            ),
        )
        .into()
}

/// What is no archive at all.
fn unreadable() -> crate::error::Error {
    Refusal::new(Reason::BadArchive)
        .because(
            "Ce fichier n'est pas un zip entier : refaites l'archive.",
            "This file is no whole zip: make the archive again.",
        )
        .into()
}
