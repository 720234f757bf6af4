//! Reading whole modules.

use super::super::{Finding, computed_minutes, is_honest, read};
use super::{LESSON, MANIFEST, broken, one_finding, put, said, sound};

#[test]
fn a_sound_module_is_read_whole() {
    let module = read(&sound()).expect("a sound module");
    assert_eq!(module.digest, sound().digest());
    assert_eq!((module.lessons.len(), module.quiz.questions().count()), (2, 1));
    assert_eq!(module.computed_minutes, 11);
}

#[test]
fn an_empty_tree_says_what_a_module_needs() {
    let said = said(&super::super::Tree::new());
    assert!(said.contains("lessons: le module n’a aucune leçon"), "{said}");
    assert!(said.contains("module.toml: le fichier manque"), "{said}");
}

#[test]
fn a_file_that_is_not_of_the_format_is_refused() {
    for path in [
        "README.md",
        "lessons/intro.md",
        "lessons/1-intro.md",
        "lessons/01-Intro.md",
        "lessons/01-.md",
        "lessons/01-a/b.md",
        "lessons/01-a.txt",
        "quiz/01-a.md",
        "figures/a.png",
    ] {
        let mut tree = sound();
        put(&mut tree, path, "");
        let said = said(&tree);
        assert!(said.starts_with(&format!("{path}: fichier inattendu")), "{said}");
    }
}

#[test]
fn unclean_bytes_are_told_with_their_line() {
    one_finding("module.toml", "code", "\u{feff}code", 1, "BOM");
    one_finding("module.toml", "\"fr\"\n", "\"fr\"\r\n", 7, "CR LF");
    one_finding("lessons/02-suite.md", "Voir", "Vo\u{8}ir", 6, "U+0008");
    let mut tree = sound();
    let mut bytes = LESSON.as_bytes().to_vec();
    bytes.extend(b"\n\xff\n");
    tree.insert("lessons/01-histoires.md", bytes).expect("good");
    assert!(said(&tree).contains("01-histoires.md:17: le fichier n’est pas en UTF-8"));
}

#[test]
fn a_windows_file_is_read_on_so_that_all_is_told_at_once() {
    let windows = MANIFEST.replace('\n', "\r\n").replace("awareness", "formation");
    let mut tree = sound();
    put(&mut tree, "module.toml", &windows);
    let said = said(&tree);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("module.toml:6: « level »"), "{said}");
}

#[test]
fn problems_of_all_files_come_together_sorted() {
    let mut tree = broken("quiz/01-quiz.toml", "grade = \"V\"", "grade = \"?\"");
    put(&mut tree, "module.toml", &MANIFEST.replace("awareness", "x"));
    put(&mut tree, "lessons/02-suite.md", "+++\ntitle = \"Suite\"\n+++\n# Suite\n");
    let findings = read(&tree).expect_err("findings");
    let places: Vec<(&str, Option<u32>)> =
        findings.iter().map(|f| (f.path.as_str(), f.line)).collect();
    assert_eq!(
        places,
        [
            ("lessons/02-suite.md", Some(4)),
            ("module.toml", Some(6)),
            ("quiz/01-quiz.toml", Some(9))
        ]
    );
}

#[test]
fn a_finding_displays_as_path_line_what_remedy() {
    let of_file = Finding::of_file("module.toml", "trop long", "raccourcissez");
    let mut finding = Finding { line: Some(3), ..of_file };
    assert_eq!(finding.to_string(), "module.toml:3: trop long — raccourcissez");
    finding.line = None;
    assert_eq!(finding.to_string(), "module.toml: trop long — raccourcissez");
}

#[test]
fn the_announced_duration_is_within_a_fifth_of_the_computed_one() {
    // 1 800 words: exactly 10 minutes.
    let honest: Vec<u32> = (1..=20).filter(|&n| is_honest(n, 1800, 0, 0)).collect();
    assert_eq!(honest, [8, 9, 10, 11, 12]);
    // One word more and 8 minutes is less than 80 %.
    assert!(!is_honest(8, 1801, 0, 0));
    assert!(is_honest(12, 1801, 0, 0));
    assert!(!is_honest(12, 1799, 0, 0));
    assert!(is_honest(30, 1800, 10, 10));
}

#[test]
fn the_computed_duration_rounds_half_up_and_is_always_honest() {
    assert_eq!(computed_minutes(0, 0, 0), 1);
    assert_eq!(computed_minutes(269, 0, 0), 1);
    assert_eq!(computed_minutes(270, 0, 0), 2);
    assert_eq!(computed_minutes(180, 3, 2), 6);
    for words in 0..2000 {
        assert!(is_honest(computed_minutes(words, 0, 0), words, 0, 0), "{words}");
    }
    assert_eq!(computed_minutes(u32::MAX, u32::MAX, u32::MAX), u32::MAX);
}

#[test]
fn a_dishonest_duration_is_told_with_its_reckoning() {
    let words: u32 =
        read(&sound()).expect("a sound module").lessons.iter().map(|lesson| lesson.words).sum();
    let reckoning = format!("30 min annoncées, 11 min calculées ({words} mots à 180 par minute");
    let from = "duration_minutes = 11\n";
    one_finding("module.toml", from, "duration_minutes = 30\n", 9, &reckoning);
    one_finding(
        "module.toml",
        from,
        "duration_minutes = 1\n",
        9,
        "écrivez « duration_minutes = 11 »",
    );
}
