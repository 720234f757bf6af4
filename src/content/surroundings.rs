//! What stands around a lesson: the files, texts and terms that it may name, and what all lessons of
//! the module named in the end.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::fields::nearest;
use super::finding::{Finding, Sheet};
use super::glossary::Term;
use super::manifest::Manifest;
use super::media::{MediaKind, media_kind_of_path};
use super::media_rules::companion;
use super::tree::Tree;

/// Most suggestions for one module: comparing names costs the product of their lengths.
const MAX_GUESSES: u32 = 200;

/// A link to a heading of another lesson, to be checked once every lesson was read.
#[derive(Debug)]
struct Crossing {
    path: String,
    line: u32,
    lesson: String,
    anchor: String,
}

/// What the lessons of one module may name, and what they named.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// Slugs of the lessons.
    pub(super) lessons: BTreeSet<String>,
    /// Ids of the texts cited; `None` when the manifest could not be read.
    pub(super) references: Option<BTreeSet<String>>,
    /// Ids of the terms; `None` when the glossary could not be read.
    pub(super) terms: Option<BTreeSet<String>>,
    /// Paths of the figures and media.
    pub(super) files: BTreeSet<String>,
    /// Size of the figures and of the texts of media, by path.
    sizes: BTreeMap<String, usize>,
    named: RefCell<BTreeSet<String>>,
    anchors: RefCell<BTreeMap<String, BTreeSet<String>>>,
    crossings: RefCell<Vec<Crossing>>,
    guesses: RefCell<u32>,
}

impl Surroundings {
    /// Of the lessons of a tree; `glossary` is `None` when it could not be read.
    pub(super) fn of(tree: &Tree, manifest: Option<&Manifest>, glossary: Option<&[Term]>) -> Self {
        let slug =
            |path: &str| Some(path.strip_prefix("lessons/")?.strip_suffix(".md")?.to_owned());
        let shown = |path: &&str| {
            let text = path.ends_with(".vtt") || path.ends_with(".md");
            (path.starts_with("figures/") || path.starts_with("media/")) && !text
        };
        Self {
            lessons: tree.files().filter_map(|(path, _)| slug(path)).collect(),
            references: manifest.map(|m| m.references.iter().map(|r| r.id.clone()).collect()),
            terms: glossary.map(|terms| terms.iter().map(|term| term.id.clone()).collect()),
            files: tree.files().map(|(path, _)| path).filter(shown).map(str::to_owned).collect(),
            sizes: tree
                .iter()
                .filter(|(path, _)| path.starts_with("figures/") || path.starts_with("media/"))
                .map(|(path, bytes)| (path.to_owned(), bytes.len()))
                .collect(),
            ..Self::default()
        }
    }

    /// Bytes that showing this file adds to a page: those of a figure, or of the transcript of a film
    /// or sound unless it is among the `transcripts` that stand there already.
    pub(super) fn added_bytes(&self, path: &str, transcripts: &mut BTreeSet<String>) -> usize {
        use MediaKind::{Mp3, Mp4, Ogg, Webm};
        let own = match media_kind_of_path(path) {
            Some(Mp3 | Ogg | Mp4 | Webm) => {
                companion(path, "md").filter(|text| transcripts.insert(text.clone()))
            }
            Some(_) => None,
            None => Some(path.to_owned()),
        };
        own.and_then(|path| self.sizes.get(&path).copied()).unwrap_or_default()
    }

    /// A lesson shows this figure or medium, or links to it.
    pub(super) fn name(&self, path: &str) {
        self.named.borrow_mut().insert(path.to_owned());
    }

    /// The headings of a lesson that was read.
    pub(super) fn keep_anchors(&self, slug: &str, anchors: BTreeSet<String>) {
        self.anchors.borrow_mut().insert(slug.to_owned(), anchors);
    }

    /// A lesson links to a heading of another one.
    pub(super) fn cross(&self, path: &str, line: u32, lesson: &str, anchor: String) {
        let (path, lesson) = (path.to_owned(), lesson.to_owned());
        self.crossings.borrow_mut().push(Crossing { path, line, lesson, anchor });
    }

    /// « vouliez-vous écrire … ? », or else what to do.
    pub(super) fn guess(&self, word: &str, known: &BTreeSet<String>, otherwise: &str) -> String {
        let mut guesses = self.guesses.borrow_mut();
        *guesses += 1;
        if *guesses > MAX_GUESSES {
            return otherwise.to_owned();
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        nearest(word, &known).map_or_else(
            || otherwise.to_owned(),
            |near| format!("vouliez-vous écrire « {near} » ? Sinon, {otherwise}"),
        )
    }

    /// What can only be said once every lesson was read.
    pub(super) fn afterwards(self, findings: &mut Vec<Finding>) {
        let anchors = self.anchors.into_inner();
        for of_lesson in self.crossings.into_inner().chunk_by(|one, next| one.path == next.path) {
            let mut sheet = Sheet::new(&of_lesson[0].path);
            for Crossing { line, lesson, anchor, .. } in of_lesson {
                // Nothing is said of a lesson that could not be read.
                if anchors.get(lesson).is_none_or(|known| known.contains(anchor)) {
                    continue;
                }
                sheet.add(
                    *line,
                    format!(
                        "aucun titre de la leçon « {lesson} » ne répond à l’ancre « #{anchor} »"
                    ),
                    "reprenez le titre en minuscules, les espaces devenant des tirets",
                );
            }
            findings.extend(sheet.into_findings());
        }
        // A lesson that could not be read may be the one that shows it.
        if !self.lessons.iter().all(|lesson| anchors.contains_key(lesson)) {
            return;
        }
        let named = self.named.into_inner();
        for path in self.files.difference(&named) {
            findings.push(Finding::of_file(
                path,
                "jamais montré : aucune leçon ne le nomme",
                format!(
                    "montrez-le par ![texte de remplacement](../{path}), ou retirez le fichier"
                ),
            ));
        }
    }
}
