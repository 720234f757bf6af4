//! A whole module read from its tree: everything parsed and linted at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::digest::Digest;
use super::duration::{check_duration, computed_minutes};
use super::figure::{Figure, read_figure};
use super::finding::{Finding, Sheet};
use super::glossary::{Term, read_glossary};
use super::hygiene::text_of;
use super::lesson::{Lesson, read_lesson};
use super::manifest::Manifest;
use super::manifest_file::{ManifestReading, read_manifest};
use super::media::{Media, MediaKind, media_kind_of_path};
use super::media_rules;
use super::quiz::{Question, QuizReading, read_quiz};
use super::shapes::{is_numbered_slug, is_slug};
use super::surroundings::Surroundings;
use super::tree::Tree;

/// Path of the manifest in a tree.
pub const MANIFEST_PATH: &str = "module.toml";
/// Path of the glossary in a tree.
pub const GLOSSARY_PATH: &str = "glossary.toml";

/// A module that has no finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Module {
    /// What the module says of itself.
    pub manifest: Manifest,
    /// Its lessons in order; at least one.
    pub lessons: Vec<Lesson>,
    /// The questions of its quiz files, in path order then as written; may be empty.
    pub questions: Vec<Question>,
    /// The terms that its lessons explain, in the order of the file.
    pub glossary: Vec<Term>,
    /// Its figures, by path.
    pub figures: BTreeMap<String, Figure>,
    /// Its media, by path.
    pub media: BTreeMap<String, Media>,
    /// Captions (`.vtt`) and transcripts (`.md`) of its media, by path.
    pub texts_of_media: BTreeMap<String, String>,
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
    match assemble(tree) {
        (Some(module), findings) if findings.is_empty() => Ok(module),
        (_, findings) => Err(findings),
    }
}

/// Reads a module whatever there is to mend in it, as long as one can be made of its files.
///
/// # Errors
/// Every [`Finding`] in the tree, when they are not those of a module.
pub fn recall(tree: &Tree) -> Result<Module, Vec<Finding>> {
    match assemble(tree) {
        (Some(module), _) => Ok(module),
        (None, findings) => Err(findings),
    }
}

fn assemble(tree: &Tree) -> (Option<Module>, Vec<Finding>) {
    let mut findings = Vec::new();
    refuse_unknown_files(tree, &mut findings);
    let mut sheet = Sheet::new(MANIFEST_PATH);
    let reading = manifest_of(tree, &mut sheet);
    let glossary = read_glossaries(tree, &mut findings);
    let around = Surroundings::of(tree, reading.manifest.as_ref(), glossary.as_deref());
    let lessons = read_lessons(tree, &around, &mut findings);
    around.afterwards(&mut findings);
    let quiz = read_quizzes(tree, &mut findings);
    let figures = read_texts(tree, &mut findings, |role| matches!(role, Role::Figure), read_figure);
    let texts_of_media = media_rules::read_texts_of_media(tree, &mut findings);
    let size = lessons.as_ref().zip(quiz.as_ref()).map(|(lessons, quiz)| {
        let words = lessons.iter().map(|lesson| lesson.words);
        (words.fold(0, u32::saturating_add), quiz.written)
    });
    if let (Some(announced), Some((words, questions))) = (reading.announced, size) {
        check_duration(announced, words, questions, &mut sheet);
    }
    findings.extend(sheet.into_findings());
    findings.sort();
    let parts = reading.manifest.zip(lessons).zip(quiz).zip(size);
    let module = parts.map(|(((manifest, lessons), quiz), (words, _))| Module {
        computed_minutes: computed_minutes(words, quiz.written, manifest.activity_minutes),
        manifest,
        lessons,
        questions: quiz.questions,
        glossary: glossary.unwrap_or_default(),
        figures,
        media: tree.all_media().map(|(path, media)| (path.to_owned(), *media)).collect(),
        texts_of_media,
        digest: tree.digest(),
    });
    (module, findings)
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
#[derive(Clone, Copy)]
enum Role<'p> {
    Manifest,
    Glossary,
    Lesson(&'p str),
    Quiz,
    Figure,
    Media(MediaKind),
    TextOfMedia,
    Unknown,
}

fn role(path: &str) -> Role<'_> {
    let named = |folder: &str, ending: &str, good: fn(&str) -> bool| {
        path.strip_prefix(folder)
            .and_then(|name| name.strip_suffix(ending))
            .filter(|stem| good(stem))
    };
    if path == MANIFEST_PATH {
        Role::Manifest
    } else if path == GLOSSARY_PATH {
        Role::Glossary
    } else if let Some(slug) = named("lessons/", ".md", is_numbered_slug) {
        Role::Lesson(slug)
    } else if named("quiz/", ".toml", is_numbered_slug).is_some() {
        Role::Quiz
    } else if named("figures/", ".svg", is_slug).is_some() {
        Role::Figure
    } else if media_rules::is_text_of_media(path) {
        Role::TextOfMedia
    } else if let Some(kind) = media_kind_of_path(path)
        && named("media/", &format!(".{kind}"), is_slug).is_some()
    {
        Role::Media(kind)
    } else {
        Role::Unknown
    }
}

/// Files that are not what their path says: of no known place, or media of another kind.
fn refuse_unknown_files(tree: &Tree, findings: &mut Vec<Finding>) {
    for (path, _) in tree.files() {
        match role(path) {
            Role::Unknown => findings.push(Finding::of_file(
                path,
                "fichier inattendu dans un module",
                "retirez-le ; sont admis module.toml, glossary.toml, lessons/NN-nom.md, quiz/NN-nom.toml, figures/nom.svg, et media/nom avec une fin parmi png, jpg, webp, mp3, ogg, mp4, webm, pdf, vtt, md (NN : deux chiffres ; nom : minuscules, chiffres, tirets)",
            )),
            Role::Media(claimed) => {
                let found = tree.media(path).and_then(|media| media.kind);
                if found != Some(claimed) {
                    let what = found.map_or_else(
                        || format!("le contenu n’est pas celui d’un fichier .{claimed}"),
                        |kind| format!("le contenu est celui d’un fichier .{kind}"),
                    );
                    let remedy = "enregistrez-le dans le format que dit son nom, ou renommez-le";
                    findings.push(Finding::of_file(path, what, remedy));
                }
            }
            _ => {}
        }
    }
}

/// The texts of one role by path, those that could be read.
fn read_texts<T>(
    tree: &Tree,
    findings: &mut Vec<Finding>,
    wanted: fn(Role<'_>) -> bool,
    read: impl Fn(&str, &mut Sheet) -> Option<T>,
) -> BTreeMap<String, T> {
    let mut all = BTreeMap::new();
    for (path, bytes) in tree.iter().filter(|(path, _)| wanted(role(path))) {
        let mut sheet = Sheet::new(path);
        let one = text_of(bytes, &mut sheet).and_then(|text| read(&text, &mut sheet));
        findings.extend(sheet.into_findings());
        all.extend(one.map(|one| (path.to_owned(), one)));
    }
    all
}

/// The terms of the glossary, none when there is no glossary; `None` when it could not be read.
fn read_glossaries(tree: &Tree, findings: &mut Vec<Finding>) -> Option<Vec<Term>> {
    let read = read_texts(tree, findings, |role| matches!(role, Role::Glossary), read_glossary);
    let readable = tree.get(GLOSSARY_PATH).is_none() || !read.is_empty();
    readable.then(|| read.into_values().flatten().collect())
}

/// The lessons in path order; `None` when one of them could not be read.
fn read_lessons(
    tree: &Tree,
    around: &Surroundings,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Lesson>> {
    let found = || {
        tree.iter().filter_map(|(path, bytes)| match role(path) {
            Role::Lesson(slug) => Some((path, slug, bytes)),
            _ => None,
        })
    };
    if found().next().is_none() {
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
                .and_then(|text| read_lesson(slug, &text, around, &mut sheet));
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
