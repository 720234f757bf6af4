//! A whole module read from its tree: everything parsed and linted at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::blank::refuse_blanks;
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
use super::quiz::Quiz;
use super::quiz_file::{QuizReading, gather, read_bank};
use super::quiz_rules::{check_cites, check_lengths};
use super::shapes::{is_numbered_slug, is_slug};
use super::surroundings::Surroundings;
use super::tree::Tree;

/// Path of the manifest in a tree.
pub const MANIFEST_PATH: &str = "module.toml";
/// Where the questions are in a tree, with their keys.
pub const QUIZ_FOLDER: &str = "quiz/";
/// Path of the glossary in a tree.
pub const GLOSSARY_PATH: &str = "glossary.toml";

/// A module, as it is taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Module {
    /// What the module says of itself.
    pub manifest: Manifest,
    /// Its lessons in order; at least one.
    pub lessons: Vec<Lesson>,
    /// What it may ask, and how much of it each attempt asks; may be empty.
    pub quiz: Quiz,
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

/// All that can be said of a tree, whatever the day.
pub(super) struct Examined {
    /// The module, whenever one could be put together, whatever the findings.
    pub(super) module: Option<Module>,
    /// Every error, sorted by path and line.
    pub(super) findings: Vec<Finding>,
    /// What could be read of the manifest.
    pub(super) manifest: ManifestReading,
}

/// Reads and lints a module.
pub(super) fn examine(tree: &Tree) -> Examined {
    let mut findings = Vec::new();
    refuse_unknown_files(tree, &mut findings);
    refuse_blanks(tree, &mut findings);
    let mut sheet = Sheet::new(MANIFEST_PATH);
    let manifest = manifest_of(tree, &mut sheet);
    let glossary = read_glossaries(tree, &mut findings);
    let around = Surroundings::of(tree, manifest.manifest.as_ref(), glossary.as_deref());
    let lessons = read_lessons(tree, &around, &mut findings);
    around.afterwards(&mut findings);
    let quiz = read_quizzes(tree, &mut findings);
    let figures = read_texts(tree, &mut findings, |role| matches!(role, Role::Figure), read_figure);
    let texts_of_media = media_rules::read_texts_of_media(tree, &mut findings);
    // A lesson without words is told already, and would make every duration a lie.
    let counted = lessons.as_ref().filter(|all| all.iter().all(|lesson| lesson.words > 0));
    if let (Some(announced), Some(lessons), Some(quiz)) = (manifest.announced, counted, &quiz) {
        let (words, activity) = size(lessons, announced.activity_minutes);
        check_duration(announced, words, quiz.asked, activity, &mut sheet);
    }
    if let (Some(manifest), Some(quiz)) = (&manifest.manifest, &quiz) {
        check_cites(&quiz.cites, &manifest.references, &mut findings);
    }
    findings.extend(sheet.into_findings());
    findings.sort();
    findings.dedup();
    let whole = manifest.manifest.clone().zip(lessons.filter(|all| !all.is_empty())).zip(quiz);
    // A question less would be another quiz.
    let whole = whole.filter(|(_, quiz)| quiz.complete);
    let module = whole.map(|((manifest, lessons), quiz)| {
        let (words, activity) = size(&lessons, manifest.activity_minutes);
        Module {
            computed_minutes: computed_minutes(words, quiz.asked, activity),
            manifest,
            lessons,
            quiz: quiz.quiz,
            glossary: glossary.unwrap_or_default(),
            figures,
            media: tree.all_media().map(|(path, media)| (path.to_owned(), *media)).collect(),
            texts_of_media,
            digest: tree.digest(),
        }
    });
    Examined { module, findings, manifest }
}

/// Words to read, and minutes of activities: the module's own and those of its lessons.
fn size(lessons: &[Lesson], own_activity: u32) -> (u32, u32) {
    let words = lessons.iter().map(|lesson| lesson.words).fold(0, u32::saturating_add);
    let activities = lessons.iter().map(|lesson| lesson.activity_minutes);
    (words, activities.fold(own_activity, u32::saturating_add))
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
    } else if named(QUIZ_FOLDER, ".toml", is_numbered_slug).is_some() {
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

/// The banks of every quiz file; `None` when one of the files could not be read.
fn read_quizzes(tree: &Tree, findings: &mut Vec<Finding>) -> Option<QuizReading> {
    let mut taken = BTreeSet::new();
    let mut banks = Some(Vec::new());
    for (path, bytes) in tree.iter().filter(|(path, _)| matches!(role(path), Role::Quiz)) {
        let mut sheet = Sheet::new(path);
        let bank = text_of(bytes, &mut sheet)
            .and_then(|text| read_bank(path, &text, &mut taken, &mut sheet));
        findings.extend(sheet.into_findings());
        banks = banks.zip(bank).map(|(mut banks, bank)| {
            banks.push(bank);
            banks
        });
    }
    let whole = gather(banks?, findings);
    let mut sheet = Sheet::new("quiz");
    check_lengths(whole.quiz.questions(), &mut sheet);
    findings.extend(sheet.into_findings());
    Some(whole)
}
