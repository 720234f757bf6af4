//! A module to begin with.

use chrono::NaiveDate;

use super::super::{BLANK, ModuleCode, Tree, check, errors, read, starter};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 30).expect("a date")
}

fn begun() -> Tree {
    starter(&ModuleCode::parse("X1").expect("a code"), today()).expect("a tree")
}

/// The tree with every blank replaced by what `filling` makes of its rank.
fn filled(filling: impl Fn(usize) -> String) -> Tree {
    let mut tree = Tree::new();
    let mut rank = 0;
    for (path, bytes) in begun().iter() {
        let mut text = String::from_utf8(bytes.to_vec()).expect("text");
        while let Some(at) = text.find(BLANK) {
            let end = at + text[at..].find(']').expect("a blank ends") + 1;
            rank += 1;
            text.replace_range(at..end, &filling(rank));
        }
        tree.insert(path, text.into_bytes()).expect("a path");
    }
    tree
}

#[test]
fn a_new_module_has_nothing_to_mend_but_its_blanks() {
    let findings = check(&begun(), today());
    assert!(findings.len() > 20, "{findings:?}");
    for finding in &findings {
        assert!(finding.what.starts_with("reste à compléter : "), "{finding}");
    }
    assert_eq!(errors(&findings).count(), findings.len());
    assert!(read(&begun()).is_err());
}

#[test]
fn filling_the_blanks_with_a_few_words_or_a_few_sentences_passes() {
    let sentence =
        |rank| format!("La commune n° {rank} note ce qu’elle fait, pourquoi, et qui en répond.");
    let fillings: [&dyn Fn(usize) -> String; 3] =
        [&|rank| format!("Texte {rank}"), &sentence, &|rank| {
            format!("{} Elle le relit chaque année.", sentence(rank))
        }];
    for filling in fillings {
        let findings = check(&filled(filling), today());
        assert_eq!(findings, Vec::new());
    }
}

#[test]
fn a_new_module_shows_one_of_everything() {
    let module = read(&filled(|rank| format!("Texte {rank}"))).expect("sound");
    assert_eq!(module.manifest.code.as_str(), "X1");
    assert_eq!(module.manifest.verified_on, today());
    assert_eq!(module.manifest.review_by.to_string(), "2027-02-28");
    assert_eq!((module.lessons.len(), module.quiz.questions().count()), (2, 3));
    let lessons: String = module.lessons.iter().map(|lesson| lesson.markdown.as_str()).collect();
    assert!(lessons.contains("> [!IMPORTANT]") && lessons.contains("|---|"));
}
