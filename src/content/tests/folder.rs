//! Reading folders.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use super::super::{
    MAX_FILE_BYTES, MAX_FILES, MAX_MEDIA_BYTES, Media, module_folders, read_folder,
};
use super::sound;

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("a parent")).expect("created");
    fs::write(file, bytes).expect("written");
}

/// The path of each finding on a folder.
fn found(folder: &Path) -> Vec<String> {
    read_folder(folder).1.into_iter().map(|finding| finding.path).collect()
}

#[test]
fn a_folder_gives_back_the_tree_written_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in sound().iter() {
        write(folder.path(), path, bytes);
    }
    assert_eq!(read_folder(folder.path()), (sound(), Vec::new()));
}

#[test]
fn everything_that_no_module_may_hold_is_told_at_once_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in sound().iter() {
        write(folder.path(), path, bytes);
    }
    for bad in ["lessons/.DS_Store", ".git/config", "mes notes/a.md", "mes notes/b.md", "é.md"] {
        write(folder.path(), bad, b"x");
    }
    write(folder.path(), "MODULE.toml", b"x");
    write(folder.path(), "lessons/99-long.md", &vec![b'a'; MAX_FILE_BYTES + 1]);
    let no_text = std::ffi::OsStr::from_bytes(b"\xff.md");
    fs::write(folder.path().join(no_text), b"x").expect("written");
    symlink("/etc/passwd", folder.path().join("passwd")).expect("linked");
    symlink("/etc", folder.path().join("lessons/etc")).expect("linked");
    UnixListener::bind(folder.path().join("socket")).expect("a socket");
    let (tree, findings) = read_folder(folder.path());
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    for (line, words) in told.iter().zip([
        ".git: fichier ou dossier caché : un module n’en contient pas — retirez-le",
        "lessons/.DS_Store: fichier ou dossier caché",
        "lessons/99-long.md: fichier de plus de 1 Mio — coupez-le",
        "lessons/etc: lien symbolique — mettez à sa place",
        "mes notes: chemin refusé ; il est relatif",
        "module.toml: « module.toml » et « MODULE.toml » ne diffèrent que par la casse",
        "passwd: lien symbolique — mettez à sa place",
        "socket: ni un fichier, ni un dossier — retirez-le",
        "é.md: chemin refusé",
        "\u{fffd}.md: chemin refusé",
    ]) {
        assert!(line.starts_with(words), "{words}\n{line}");
    }
    assert_eq!(told.len(), 10, "{told:#?}");
    // Of the two manifests, the first by name.
    let mut expected = sound();
    expected.remove("module.toml");
    expected.insert("MODULE.toml", b"x".to_vec()).expect("a path");
    assert_eq!(tree, expected);
}

#[test]
fn media_are_told_by_what_they_are_and_not_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![0; MAX_FILE_BYTES]].concat();
    write(folder.path(), "media/carre.png", &png);
    write(folder.path(), "media/film.vtt", b"WEBVTT\n");
    let (tree, findings) = read_folder(folder.path());
    assert_eq!(findings, []);
    assert_eq!(tree.media("media/carre.png"), Some(&Media::of(&png)));
    assert_eq!(tree.get("media/film.vtt"), Some(b"WEBVTT\n".as_slice()));
    assert_eq!((tree.len(), tree.total_bytes()), (2, 7));
}

#[test]
fn a_medium_too_big_is_named_without_being_read_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "media/film.mp4", b"");
    let film = fs::File::options().write(true).open(folder.path().join("media/film.mp4"));
    film.and_then(|film| film.set_len(MAX_MEDIA_BYTES * 8)).expect("a hole");
    assert_eq!(found(folder.path()), ["media/film.mp4"]);
}

#[test]
fn a_file_too_deep_is_named_and_so_is_a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "1/2/3/4/5/6/7/8/nine", b"");
    assert_eq!(found(folder.path()), ["1/2/3/4/5/6/7/8"]);
    let (tree, findings) = read_folder(&folder.path().join("absent"));
    let [absent] = &findings[..] else { panic!("{findings:?}") };
    assert!(tree.is_empty() && absent.path.is_empty(), "{absent}");
    assert_eq!(absent.what, "illisible : il n’est plus là");
    assert_eq!(absent.clone().within("E1").path, "E1");
}

#[test]
fn files_by_the_thousand_are_told_in_few_words() {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 0..MAX_FILES {
        write(folder.path(), &format!("a/{n}.md"), b"");
    }
    write(folder.path(), "b.md", b"");
    write(folder.path(), "c.md", b"");
    assert_eq!(found(folder.path()), ["b.md"], "the first that is one too many");
    for n in 0..MAX_FILES {
        write(folder.path(), &format!("z/{n}.md"), b"");
    }
    let (tree, findings) = read_folder(folder.path());
    assert_eq!((tree.len(), findings.len()), (MAX_FILES, 2), "{findings:?}");
    assert!(findings[0].what.contains("1000 entrées : les autres ne sont pas lues"));
}

#[test]
fn module_folders_are_listed_in_order_without_the_plain_files() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in ["E1/module.toml", "A1/module.toml", "README.md", ".gitkeep"] {
        write(folder.path(), path, b"");
    }
    let (folders, findings) = module_folders(folder.path()).expect("listed");
    assert_eq!(findings, []);
    let names: Vec<String> = folders.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["A1", "E1"]);
    assert!(module_folders(&folder.path().join("absent")).is_err());
}

#[test]
fn what_is_no_folder_of_a_module_among_them_is_a_finding_and_hides_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in ["E1/module.toml", ".git/config", "Mon module/module.toml"] {
        write(folder.path(), path, b"");
    }
    symlink(folder.path().join("E1"), folder.path().join("A1")).expect("linked");
    UnixListener::bind(folder.path().join("socket")).expect("a socket");
    let (folders, findings) = module_folders(folder.path()).expect("listed");
    assert_eq!(folders, [("E1".to_owned(), folder.path().join("E1"))]);
    let paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(paths, [".git", "A1", "Mon module", "socket"]);
}
