//! A whole module read from its tree: everything parsed and linted at once.

use std::collections::BTreeSet;

use serde::Serialize;

use super::digest::Digest;
use super::duration::{check_duration, computed_minutes};
use super::finding::{Finding, Sheet};
use super::hygiene::text_of;
use super::lesson::{Lesson, read_lesson};
use super::manifest::Manifest;
use super::manifest_file::{ManifestReading, read_manifest};
use super::quiz::{Question, QuizReading, read_quiz};
use super::shapes::is_numbered_slug;
use super::tree::Tree;

/// Path of the manifest in a tree.
pub const MANIFEST_PATH: &str = "module.toml";

/// A module that has no finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Module {
    /// What the module says of itself.
    pub manifest: Manifest,
    /// Its lessons in order; at least one.
    pub lessons: Vec<Lesson>,
    /// The questions of its quiz files, in path order then as written; may be empty.
    pub questions: Vec<Question>,
    /// Digest of the tree it was read from.
    pub digest: Digest,
    /// Duration computed from its content, in minutes (see [`computed_minutes`]).
    pub computed_minutes: u32,
}

/// Reads and lints a module.
///
/// # Errors
/// Every [`Finding`] in the tree, sorted by path and line; never an empty list.
pub fn read(tree: &Tree) -> Result<Module, Vec<Finding>> {
    let mut findings = Vec::new();
    refuse_unknown_files(tree, &mut findings);
    let mut sheet = Sheet::new(MANIFEST_PATH);
    let reading = manifest_of(tree, &mut sheet);
    let lessons = read_lessons(tree, &mut findings);
    let quiz = read_quizzes(tree, &mut findings);
    let size = lessons.as_ref().zip(quiz.as_ref()).map(|(lessons, quiz)| {
        let words = lessons.iter().map(|lesson| lesson.words);
        (words.fold(0, u32::saturating_add), quiz.written)
    });
    if let (Some(announced), Some((words, questions))) = (reading.announced, size) {
        check_duration(announced, words, questions, &mut sheet);
    }
    findings.extend(sheet.into_findings());
    findings.sort();
    match (reading.manifest, lessons, quiz, size) {
        (Some(manifest), Some(lessons), Some(quiz), Some((words, _))) if findings.is_empty() => {
            Ok(Module {
                computed_minutes: computed_minutes(words, quiz.written, manifest.activity_minutes),
                manifest,
                lessons,
                questions: quiz.questions,
                digest: tree.digest(),
            })
        }
        _ => Err(findings),
    }
}

/// Reads the manifest of a tree, noting its absence too.
pub(super) fn manifest_of(tree: &Tree, sheet: &mut Sheet) -> ManifestReading {
    let Some(bytes) = tree.get(MANIFEST_PATH) else {
        sheet.add(None, "le fichier manque", "ajoutez-le à la racine du module");
        return ManifestReading::default();
    };
    text_of(bytes, sheet).map(|text| read_manifest(&text, sheet)).unwrap_or_default()
}

/// What a path of the tree is, by its shape.
enum Role<'p> {
    Manifest,
    Lesson(&'p str),
    Quiz,
    Unknown,
}

fn role(path: &str) -> Role<'_> {
    let numbered = |folder: &str, ending: &str| {
        path.strip_prefix(folder)
            .and_then(|name| name.strip_suffix(ending))
            .filter(|stem| is_numbered_slug(stem))
    };
    if path == MANIFEST_PATH {
        Role::Manifest
    } else if let Some(slug) = numbered("lessons/", ".md") {
        Role::Lesson(slug)
    } else if numbered("quiz/", ".toml").is_some() {
        Role::Quiz
    } else {
        Role::Unknown
    }
}

fn refuse_unknown_files(tree: &Tree, findings: &mut Vec<Finding>) {
    for (path, _) in tree.iter() {
        if matches!(role(path), Role::Unknown) {
            let mut sheet = Sheet::new(path);
            sheet.add(
                None,
                "fichier inattendu dans un module",
                "retirez-le ; sont admis module.toml, lessons/NN-nom.md et quiz/NN-nom.toml (NN : deux chiffres ; nom : minuscules, chiffres, tirets)",
            );
            findings.extend(sheet.into_findings());
        }
    }
}

/// The lessons in path order; `None` when one of them could not be read.
fn read_lessons(tree: &Tree, findings: &mut Vec<Finding>) -> Option<Vec<Lesson>> {
    let found = || {
        tree.iter().filter_map(|(path, bytes)| match role(path) {
            Role::Lesson(slug) => Some((path, slug, bytes)),
            _ => None,
        })
    };
    let names: BTreeSet<&str> =
        found().filter_map(|(path, _, _)| path.strip_prefix("lessons/")).collect();
    if names.is_empty() {
        let mut sheet = Sheet::new("lessons");
        sheet.add(
            None,
            "le module n’a aucune leçon",
            "ajoutez au moins un fichier lessons/01-nom.md",
        );
        findings.extend(sheet.into_findings());
    }
    let lessons: Vec<Option<Lesson>> = found()
        .map(|(path, slug, bytes)| {
            let mut sheet = Sheet::new(path);
            let lesson = text_of(bytes, &mut sheet)
                .and_then(|text| read_lesson(slug, &text, &names, &mut sheet));
            findings.extend(sheet.into_findings());
            lesson
        })
        .collect();
    lessons.into_iter().collect()
}

/// The questions of every quiz file; `None` when one of the files could not be read.
fn read_quizzes(tree: &Tree, findings: &mut Vec<Finding>) -> Option<QuizReading> {
    let mut taken = BTreeSet::new();
    let mut whole = Some(QuizReading::default());
    for (path, bytes) in tree.iter().filter(|(path, _)| matches!(role(path), Role::Quiz)) {
        let mut sheet = Sheet::new(path);
        let quiz =
            text_of(bytes, &mut sheet).and_then(|text| read_quiz(&text, &mut taken, &mut sheet));
        findings.extend(sheet.into_findings());
        whole = whole.zip(quiz).map(|(mut whole, quiz)| {
            whole.questions.extend(quiz.questions);
            whole.written += quiz.written;
            whole
        });
    }
    whole
}
