//! Content with a broken question: the command line says in which file, on which line, what, and how
//! to mend it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::support::{Output, Settings, run};

const MODULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/content/modules/E1");
const QUIZ: &str = "modules/E1/quiz/01-quiz.toml";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to read") {
        let (from, to) = entry.map(|e| (e.path(), to.join(e.file_name()))).expect("an entry");
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a copy");
        }
    }
}

async fn check(dir: &Path) -> Output {
    let settings = Settings {
        program: env!("CARGO_BIN_EXE_maitrise").into(),
        // A day on which nothing is due in the modules of the project.
        args: ["content", "check", &dir.display().to_string(), "--today", "2026-11-22"]
            .map(str::to_owned)
            .to_vec(),
        dir: Some(dir.to_owned()),
        ..Settings::default()
    };
    run(&settings, "", Duration::from_secs(60)).await
}

/// The line of the quiz, from 1, where `text` first stands, and the quiz without that line's text.
fn broken(quiz: &str, text: &str, instead: &str) -> (usize, String) {
    let line = quiz.lines().position(|line| line.contains(text)).expect(text) + 1;
    (line, quiz.replacen(text, instead, 1))
}

#[tokio::test]
async fn a_broken_question_is_told_with_its_file_its_line_and_its_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(Path::new(MODULE), &folder.path().join("modules/E1"));
    let whole = check(folder.path()).await;
    assert!(whole.status.success(), "{whole:?}");
    let quiz = fs::read_to_string(folder.path().join(QUIZ)).expect("the quiz");
    for (text, instead) in [
        ("kind = \"single\"", "kind = \"devinette\""),
        ("correct = true", "correct = \"oui\""),
        ("grade = \"V\"", "grade = \"Z\""),
        ("explanation = ", "explication = "),
        ("[[question]]", "[[question]"),
        ("verified_on = 20", "verified_on = 2099-99-99 # 20"),
    ] {
        let (line, text) = broken(&quiz, text, instead);
        fs::write(folder.path().join(QUIZ), text).expect("a broken quiz");
        let output = check(folder.path()).await;
        assert_eq!(output.status.code(), Some(1), "{instead}: {output:?}");
        let place = format!("{}/{QUIZ}:", folder.path().display());
        let told: Vec<_> = output.stdout.lines().filter(|l| l.starts_with(&place)).collect();
        assert!(!told.is_empty(), "{instead}: {output:?}");
        let near = told.iter().any(|told| {
            let number =
                told[place.len()..].split(':').next().and_then(|n| n.parse::<usize>().ok());
            // What is missing is told at the head of its question, a few lines above.
            number.is_some_and(|number| number.abs_diff(line) <= 8) && told.contains(" — ")
        });
        assert!(near, "{instead}: line {line} expected\n{}", output.stdout);
        assert!(output.stderr.lines().count() <= 2, "one sentence, no panic: {}", output.stderr);
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_holds_nothing_or_is_not_text_is_told_in_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let absent = check(folder.path()).await;
    assert_eq!(absent.status.code(), Some(1), "{absent:?}");
    fs::create_dir(folder.path().join("modules")).expect("a folder");
    let empty = check(folder.path()).await;
    assert_eq!(empty.status.code(), Some(1), "{empty:?}");
    copy(Path::new(MODULE), &folder.path().join("modules/E1"));
    fs::write(folder.path().join(QUIZ), b"title = \"\xff\xfe\"").expect("not UTF-8");
    let not_text = check(folder.path()).await;
    assert_eq!(not_text.status.code(), Some(1), "{not_text:?}");
    assert!(not_text.stdout.contains(QUIZ), "{}", not_text.stdout);
    for output in [absent, empty, not_text] {
        assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
    }
}
