//! Trees, paths and digests.

use std::process::Command;

use super::super::{
    BadPath, Body, Digest, MAX_FILE_BYTES, MAX_FILES, MAX_MEDIA_BYTES, Media, Tree, blob_digest,
    check_place, media_kind_of_path,
};
use super::{broken, put, sound};

fn refused(path: &str) -> BadPath {
    Tree::new().insert(path, Vec::new()).expect_err("a path that is refused")
}

#[test]
fn a_path_that_could_leave_the_folder_or_hide_in_it_is_refused() {
    for path in [
        "", "/a", "a/", "a//b", "..", "a/../b", ".git", "a/.b", "a\\b", "é", "a b", "a:b", "a\n",
        "C:/a",
    ] {
        assert!(matches!(refused(path), BadPath::Shape(_)), "{path:?}");
    }
}

#[test]
fn a_path_has_at_most_120_characters_and_8_levels() {
    let mut tree = Tree::new();
    assert_eq!(tree.insert(&"a".repeat(120), Vec::new()), Ok(()));
    assert_eq!(tree.insert("a/b/c/d/e/f/g/h", Vec::new()), Ok(()));
    assert!(matches!(refused(&"a".repeat(121)), BadPath::TooLong(_)));
    assert!(matches!(refused("a/b/c/d/e/f/g/h/i"), BadPath::TooDeep(_)));
}

#[test]
fn two_paths_that_differ_by_case_only_are_refused_even_in_a_folder_name() {
    let mut tree = Tree::new();
    put(&mut tree, "lessons/a.md", "");
    for path in ["lessons/A.md", "Lessons/b.md"] {
        let bad = tree.insert(path, Vec::new()).expect_err("a clash");
        assert!(matches!(bad, BadPath::CaseClash { .. }), "{bad}");
    }
}

#[test]
fn a_name_is_not_both_a_file_and_a_folder() {
    let mut tree = Tree::new();
    put(&mut tree, "a/b", "");
    for path in ["a", "a/b/c"] {
        let bad = tree.insert(path, Vec::new()).expect_err("a clash");
        assert!(matches!(bad, BadPath::FileAndFolder { .. }), "{bad}");
    }
}

#[test]
fn a_place_is_judged_by_sizes_as_the_tree_itself_judges_it() {
    let mut tree = sound();
    tree.insert_media("media/a.png", Media { bytes: 10, ..Media::of(b"x") }).expect("a medium");
    let cases = [
        ("lessons/09-neuf.md", 10),
        ("lessons/09-neuf.md", (1 << 20) + 1),
        ("MODULE.toml", 1),
        ("media/b.png", MAX_MEDIA_BYTES),
        ("media/b.png", MAX_MEDIA_BYTES + 1),
        ("media/a.png", 3),
        ("../a", 1),
        ("module.toml/a", 1),
        ("media/A.png", 1),
    ];
    for (path, bytes) in cases {
        let sizes = tree.files().map(|(path, body)| (path, body.bytes()));
        let judged = check_place(path, bytes, sizes);
        let mut copy = tree.clone();
        let put = match media_kind_of_path(path) {
            Some(_) => copy.insert_media(path, Media { bytes, ..Media::of(b"x") }),
            None => copy.insert(path, vec![0; usize::try_from(bytes).expect("few")]),
        };
        assert_eq!(judged, put, "{path}, {bytes} bytes");
    }
}

#[test]
fn all_the_media_of_a_tree_are_bounded_together_and_apart_from_its_texts() {
    let mut tree = sound();
    let film = Media { bytes: MAX_MEDIA_BYTES, ..Media::of(b"x") };
    for number in 0..4 {
        tree.insert_media(&format!("media/f{number}.mp4"), film).expect("256 MiB in all");
    }
    let more = tree.insert_media("media/f4.mp4", Media::of(b"x"));
    assert!(matches!(more, Err(BadPath::AllMediaTooBig(_))), "{more:?}");
    assert_eq!(tree.insert_media("media/f0.mp4", film), Ok(()));
    assert_eq!(tree.insert("lessons/09-neuf.md", vec![0; MAX_FILE_BYTES]), Ok(()));
}

#[test]
fn files_and_trees_are_bounded() {
    let mut tree = Tree::new();
    let bad = tree.insert("a", vec![0; MAX_FILE_BYTES + 1]);
    assert!(matches!(bad, Err(BadPath::FileTooBig(_))));
    for number in 0..20 {
        tree.insert(&format!("f{number}"), vec![0; MAX_FILE_BYTES]).expect("20 MiB in all");
    }
    assert!(matches!(tree.insert("g", vec![0]), Err(BadPath::TreeTooBig(_))));
    assert_eq!(tree.insert("f0", vec![1; MAX_FILE_BYTES]), Ok(()));

    let mut tree = Tree::new();
    for number in 0..MAX_FILES {
        put(&mut tree, &format!("f{number}"), "");
    }
    assert!(matches!(tree.insert("g", Vec::new()), Err(BadPath::TooManyFiles(_))));
    assert_eq!(tree.insert("f0", vec![1]), Ok(()));
}

#[test]
fn replacing_and_removing_keep_the_total() {
    let mut tree = Tree::new();
    put(&mut tree, "a", "12345");
    put(&mut tree, "a", "123");
    put(&mut tree, "b", "12");
    assert_eq!((tree.len(), tree.total_bytes()), (2, 5));
    assert_eq!(tree.remove("a"), Some(Body::Text(b"123".to_vec())));
    assert_eq!(tree.remove("a"), None);
    assert_eq!((tree.len(), tree.total_bytes()), (1, 2));
    assert!(!tree.is_empty());
}

#[test]
fn the_digest_is_that_of_the_lines_of_sha256sum() {
    let folder = tempfile::tempdir().expect("a folder");
    let tree = sound();
    for (path, bytes) in tree.iter() {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("created");
        std::fs::write(file, bytes).expect("written");
    }
    // The very command of `Tree::digest`'s documentation.
    let command = r"find . -type f | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum | sha256sum";
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    let shown = String::from_utf8(output.stdout).expect("text");
    assert_eq!(format!("{}  -\n", tree.digest()), shown);
}

#[test]
fn the_digest_of_known_trees_never_changes() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Tree::new().digest().to_string(), empty);
    assert_eq!(blob_digest(b"").to_string(), empty);
    let mut tree = Tree::new();
    put(&mut tree, "b", "2");
    put(&mut tree, "a", "1");
    let lines = format!("{}  a\n{}  b\n", blob_digest(b"1"), blob_digest(b"2"));
    assert_eq!(tree.digest(), blob_digest(lines.as_bytes()));
}

#[test]
fn the_digest_tells_apart_a_changed_byte_and_a_changed_name() {
    let changed = broken("module.toml", "mairie", "Mairie");
    assert_ne!(sound().digest(), changed.digest());
    let mut renamed = sound();
    let Some(Body::Text(bytes)) = renamed.remove("lessons/02-suite.md") else { panic!("a text") };
    renamed.insert("lessons/03-suite.md", bytes).expect("good");
    assert_ne!(sound().digest(), renamed.digest());
}

#[test]
fn a_digest_has_one_spelling() {
    let digest = blob_digest(b"x");
    let text = digest.to_string();
    assert_eq!(text.parse(), Ok(digest));
    assert!(text.to_uppercase().parse::<Digest>().is_err());
    assert!(text[1..].parse::<Digest>().is_err());
    assert!("é".repeat(32).parse::<Digest>().is_err());
    let json = serde_json::to_string(&digest).expect("serialised");
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Digest>(&json).expect("read"), digest);
}
