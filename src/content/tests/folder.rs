//! Reading folders.

use std::fs;
use std::path::Path;

use super::super::{MAX_FILE_BYTES, MAX_MEDIA_BYTES, Media, module_folders, read_folder};
use super::sound;

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("a parent")).expect("created");
    fs::write(file, bytes).expect("written");
}

#[track_caller]
fn fails_naming(folder: &Path, name: &str) {
    let error = read_folder(folder).expect_err("refused").to_string();
    assert!(error.contains(name), "{error}");
}

#[test]
fn a_folder_gives_back_the_tree_written_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in sound().iter() {
        write(folder.path(), path, bytes);
    }
    assert_eq!(read_folder(folder.path()).expect("read"), sound());
}

#[test]
fn media_are_told_by_what_they_are_and_not_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![0; MAX_FILE_BYTES]].concat();
    write(folder.path(), "media/carre.png", &png);
    write(folder.path(), "media/film.vtt", b"WEBVTT\n");
    let tree = read_folder(folder.path()).expect("read");
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
    fails_naming(folder.path(), "film.mp4");
}

#[test]
fn a_hidden_file_is_refused_by_name_rather_than_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "lessons/.DS_Store", b"");
    fails_naming(folder.path(), ".DS_Store");
}

#[test]
fn a_symbolic_link_is_refused_wherever_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "m/module.toml", b"");
    let link = folder.path().join("m/passwd");
    std::os::unix::fs::symlink("/etc/passwd", &link).expect("linked");
    fails_naming(&folder.path().join("m"), "passwd");

    let alias = folder.path().join("alias");
    std::os::unix::fs::symlink(folder.path().join("m"), &alias).expect("linked");
    fails_naming(&alias, "alias");
    assert!(module_folders(folder.path()).is_err());
}

#[test]
fn a_file_too_big_too_deep_or_missing_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "big/big.md", &vec![b'a'; MAX_FILE_BYTES + 1]);
    fails_naming(&folder.path().join("big"), "big.md");
    write(folder.path(), "deep/1/2/3/4/5/6/7/8/nine", b"");
    fails_naming(&folder.path().join("deep"), "8");
    fails_naming(&folder.path().join("absent"), "absent");
}

#[test]
fn module_folders_are_listed_in_order_without_the_plain_files() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in ["E1/module.toml", "A1/module.toml", "README.md"] {
        write(folder.path(), path, b"");
    }
    let names: Vec<String> =
        module_folders(folder.path()).expect("listed").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["A1", "E1"]);
}
