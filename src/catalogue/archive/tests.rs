//! Archives: those that are modules, and those that are traps.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{MAX_ENTRIES, keep_media, read, write};
use crate::catalogue::tests::kit;
use crate::content::{MAX_FILE_BYTES, MAX_FILES, Media, MediaKind, Tree};
use crate::error::{Error, Reason, Refusal};
use crate::files;
use crate::media::MediaStore;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and some more";

fn zip_with(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        if let Some(folder) = path.strip_suffix('/') {
            zip.add_directory(folder, options).expect("a folder");
            continue;
        }
        zip.start_file(path, options).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, SimpleFileOptions::default())
}

fn tree(files: &[(&str, &[u8])]) -> Tree {
    let mut tree = Tree::new();
    for (path, bytes) in files {
        tree.insert(path, bytes.to_vec()).expect("a path");
    }
    tree
}

/// An archive with some bytes replaced by as many, everywhere.
fn patched(mut archive: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut at = 0;
    let mut count = 0;
    while let Some(found) = archive[at..].windows(from.len()).position(|part| part == from) {
        archive[at + found..at + found + to.len()].copy_from_slice(to);
        at += found + to.len();
        count += 1;
    }
    assert!(count > 0, "nothing to patch");
    archive
}

#[track_caller]
fn refusal(archive: Vec<u8>) -> Refusal {
    match read(Cursor::new(archive)) {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.reason, Reason::BadArchive);
            refusal
        }
        other => panic!("{other:?}"),
    }
}

/// The entries that a refusal names.
#[track_caller]
fn named(archive: Vec<u8>) -> Vec<String> {
    refusal(archive).faults.into_iter().map(|fault| fault.at).collect()
}

const FILES: [(&str, &[u8]); 2] =
    [("lessons/01-essai.md", b"Bonjour."), ("module.toml", b"code = \"T1\"\n")];

#[test]
fn a_module_is_read_with_or_without_its_folder_and_whatever_systems_leave_beside_it() {
    let expected = tree(&FILES);
    assert_eq!(read(Cursor::new(zip(&FILES))).expect("read").tree, expected);
    let [(lesson, text), (manifest, toml)] = FILES;
    let lesson = format!("Mon module é/{lesson}");
    let inside: [(&str, &[u8]); 8] = [
        ("Mon module é/", b""),
        ("Mon module é/lessons/", b""),
        (&lesson, text),
        (&format!("Mon module é/{manifest}"), toml),
        ("__MACOSX/Mon module é/._module.toml", b"litter"),
        ("Mon module é/.DS_Store", b"litter"),
        ("Mon module é/lessons/Thumbs.db", b"litter"),
        ("Mon module é/lessons/desktop.ini", b"litter"),
    ];
    assert_eq!(read(Cursor::new(zip(&inside))).expect("read").tree, expected);
}

#[test]
fn names_that_no_module_may_hold_are_all_told_at_once() {
    let names = [
        "../evil.md",
        "/etc/passwd",
        "a\\b.md",
        "C:/x.md",
        "a/../b.md",
        "a//b.md",
        ".git/config",
        "é.md",
        "a b.md",
        "lessons/x/../../../y.md",
    ];
    let files: Vec<(&str, &[u8])> = names.map(|name| (name, b"x".as_slice())).to_vec();
    let mut found = named(zip(&files));
    let mut expected = names.map(str::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(named(zip(&[("a\0b.md", b"x")])), ["a\\u{0}b.md"]);
    assert_eq!(named(zip(&[("../x/", b"")])), ["../x/"]);
}

#[test]
fn what_only_some_disks_can_hold_is_refused() {
    assert_eq!(named(zip(&[("a/x.md", b""), ("A/y.md", b"")])), ["A/y.md"]);
    assert_eq!(named(zip(&[("a/x.md", b""), ("a", b"")])), ["a"]);
    let twice = patched(zip(&[("aa.md", b"1"), ("ab.md", b"2")]), b"ab.md", b"aa.md");
    assert_eq!(named(twice), ["aa.md"]);
}

#[test]
fn links_ciphers_and_unknown_compressions_are_refused_by_name() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.add_symlink("link.md", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    assert_eq!(named(archive.finish().expect("a zip").into_inner()), ["link.md"]);

    // The central entry: signature, versions, then flags and method.
    let plain = || {
        zip_with(
            &[("a.md", b"x")],
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
        )
    };
    let at = plain().windows(4).position(|four| four == b"PK\x01\x02").expect("an entry");
    for (offset, value) in [(8, 1), (10, 99), (10, 14), (10, 12)] {
        let mut archive = plain();
        archive[at + offset] |= value;
        assert_eq!(named(archive), ["a.md"], "{value} at {offset}");
    }
}

#[test]
fn what_is_no_whole_zip_is_refused() {
    let whole = zip(&FILES);
    for length in [0, 1, 21, whole.len() / 2, whole.len() - 1] {
        refusal(whole[..length].to_vec());
    }
    refusal(b"<html>no archive</html>".to_vec());
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let damaged = patched(zip_with(&FILES, stored), b"Bonjour.", b"Bonsoir.");
    assert_eq!(named(damaged), ["lessons/01-essai.md"], "the checksum tells");
}

#[test]
fn too_many_files_are_refused_and_neither_folders_nor_litter_are_files() {
    let names: Vec<String> = (1..=MAX_FILES).map(|n| format!("f/f{n}.md")).collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
    files.push(FILES[1]);
    let (fr, en) = refusal(zip(&files)).detail.expect("why");
    assert!(fr.contains("500 fichiers : ne compressez que") && en.contains("500 files"), "{fr}");
    files.remove(0);
    files.extend([("f/", b"".as_slice()), (".DS_Store", b"x"), ("__MACOSX/._f", b"x")]);
    assert_eq!(read(Cursor::new(zip(&files))).expect("read").tree.len(), MAX_FILES);
}

#[test]
fn too_many_entries_are_refused_whatever_they_are() {
    let names: Vec<String> = (1..=MAX_ENTRIES).map(|n| format!("__MACOSX/{n}")).collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
    files.push(FILES[1]);
    let (fr, _) = refusal(zip(&files)).detail.expect("why");
    assert!(fr.contains("2000 entrées : ne compressez que"), "{fr}");
    assert_eq!(read(Cursor::new(zip(&files[1..]))).expect("read").tree.len(), 1);
}

#[test]
fn an_archive_without_its_manifest_is_refused_rather_than_empty_the_draft() {
    for files in [&[][..], &[FILES[0]], &[("a/module.toml", b"".as_slice()), ("b/x.md", b"")]] {
        let refusal = refusal(zip(files));
        let [fault] = &refusal.faults[..] else { panic!("{refusal:?}") };
        assert_eq!(fault.at, "module.toml");
        let told = format!("{fault:?}");
        assert!(told.contains("compressez le dossier du module"), "{told}");
    }
}

#[test]
fn a_bomb_is_refused_by_what_it_announces_without_being_inflated() {
    let huge = vec![0; MAX_FILE_BYTES + 1];
    assert_eq!(named(zip(&[("lessons/01-a.md", &huge), FILES[1]])), ["lessons/01-a.md"]);
    let million = vec![0; MAX_FILE_BYTES];
    let names: Vec<String> = (10..31).map(|n| format!("f{n}.md")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &*million)).collect();
    assert_eq!(named(zip(&files)), ["f30.md"], "twenty-one mebibytes in twenty-one kilobytes");
}

#[test]
fn a_bomb_that_announces_little_is_stopped_at_what_it_announces() {
    let huge = vec![0_u8; 40 << 20];
    let archive = zip(&[("lessons/01-a.md", &huge), FILES[1]]);
    let lying = patched(archive, &(40_u32 << 20).to_le_bytes(), &100_u32.to_le_bytes());
    assert_eq!(named(lying), ["lessons/01-a.md"]);
    let film = zip(&[("media/a.png", &[PNG, &huge].concat()), FILES[1]]);
    let size = u32::try_from(PNG.len() + huge.len()).expect("a size");
    let lying = patched(film, &size.to_le_bytes(), &100_u32.to_le_bytes());
    assert_eq!(named(lying), ["media/a.png"]);
}

#[test]
fn a_medium_must_be_what_its_name_says() {
    assert_eq!(named(zip(&[("media/a.mp4", PNG), FILES[1]])), ["media/a.mp4"]);
    let unpacked = read(Cursor::new(zip(&[("media/a.png", PNG), FILES[1]]))).expect("read");
    assert_eq!(unpacked.tree.media("media/a.png"), Some(&Media::of(PNG)));
}

#[tokio::test]
async fn a_tree_becomes_the_same_bytes_each_time_and_comes_back_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = MediaStore::in_memory();
    let part = futures_util::stream::iter([Ok(bytes::Bytes::from_static(PNG))]);
    let png = store.put(part, MediaKind::Png).await.expect("kept");
    let mut tree = kit::tree("T1", "Texte.");
    tree.insert_media("media/carre.png", png).expect("a medium");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let scratch = files::nameless(folder.path()).expect("a file");
        let (mut file, length) = write(&store, tree.clone(), scratch).await.expect("written");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).expect("read");
        assert_eq!(bytes.len() as u64, length);
        let unpacked = read(&file).expect("an archive of ours");
        assert_eq!(unpacked.tree, tree);
        let elsewhere = MediaStore::in_memory();
        keep_media(&elsewhere, &file, &unpacked).await.expect("kept");
        assert!(elsewhere.has(&png.digest).await.expect("asked"));
        seen.push(bytes);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn whatever_is_sent_is_read_or_refused_and_never_breaks(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        tail in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut archive = zip(&[FILES[0], FILES[1], ("media/a.png", PNG)]);
        for (at, value) in cuts {
            let at = at.index(archive.len());
            archive[at] = value;
        }
        archive.extend(tail);
        match read(Cursor::new(archive)) {
            Ok(unpacked) => prop_assert!(unpacked.tree.total_bytes() < 1 << 20),
            Err(Error::Refused(refusal)) => prop_assert_eq!(refusal.reason, Reason::BadArchive),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
