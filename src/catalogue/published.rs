//! What is published, as one process has it at hand: a snapshot of one revision, that never changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use uuid::Uuid;

use super::edition::Edition;
use super::paths::PathEdition;
use super::search::Index;
use crate::content::{
    KnownModule, KnownModules, LearningPath, Minutes, ModuleCode, PathMinutes, PrerequisiteKind,
};
use crate::error::Result;
use crate::providers::Known;

/// Answers kept of one catalogue, and bytes of the longest question that is remembered.
const MOST_ANSWERS: usize = 128;
const LONGEST_QUESTION: usize = 256;

/// What is published, as of one revision of the catalogue.
#[derive(Debug)]
pub struct Catalogue {
    /// The revision: it moves with every publication.
    pub revision: i64,
    editions: BTreeMap<ModuleCode, Arc<Edition>>,
    retired: BTreeMap<ModuleCode, Arc<Edition>>,
    by_version: HashMap<Uuid, Arc<Edition>>,
    paths: BTreeMap<String, Arc<PathEdition>>,
    providers: HashMap<Uuid, Known>,
    index: Index,
    answers: Mutex<HashMap<String, Bytes>>,
}

impl Catalogue {
    /// Editions with the index that finds them: what `before` has of it is kept. It takes a core for as
    /// long as new text needs.
    pub(super) fn new(
        revision: i64,
        editions: Vec<Arc<Edition>>,
        synonyms: &str,
        before: Option<&Self>,
    ) -> Self {
        let by_version = editions.iter().map(|e| (e.version.id, e.clone())).collect();
        let editions: BTreeMap<_, _> =
            editions.into_iter().map(|e| (e.code().clone(), e)).collect();
        let docs = editions.values().cloned().collect();
        let index = Index::build(docs, synonyms, before.map(|catalogue| &catalogue.index));
        let (retired, paths) = (BTreeMap::new(), BTreeMap::new());
        let (providers, answers) = (HashMap::new(), Mutex::default());
        Self { revision, editions, retired, by_version, paths, providers, index, answers }
    }

    /// With the last editions of modules that have left the catalogue: their versions are still read
    /// by number.
    pub(super) fn beside(mut self, retired: Vec<Arc<Edition>>) -> Self {
        self.by_version.extend(retired.iter().map(|e| (e.version.id, e.clone())));
        self.retired = retired.into_iter().map(|e| (e.code().clone(), e)).collect();
        self
    }

    /// With these paths, those left out that cannot be followed today.
    pub(super) fn with_paths(mut self, paths: Vec<Arc<PathEdition>>) -> Self {
        let listed = paths.into_iter().filter(|path| path.can_be_followed(&self.editions));
        self.paths = listed.map(|path| (path.path.code.clone(), path)).collect();
        self
    }

    /// The latest version of every path that is listed, in the order of codes.
    pub fn paths(&self) -> impl Iterator<Item = &Arc<PathEdition>> {
        self.paths.values()
    }

    /// The latest version of one path, if it is listed.
    pub fn path(&self, code: &str) -> Option<&Arc<PathEdition>> {
        self.paths.get(code)
    }

    /// The paths that are listed and lead through a module, in the order of codes.
    pub fn paths_through<'c>(
        &'c self,
        code: &'c ModuleCode,
    ) -> impl Iterator<Item = &'c Arc<PathEdition>> {
        self.paths().filter(move |path| path.content.members().any(|member| member == code))
    }

    /// How long a path takes, by what the modules published today announce.
    pub fn minutes_of(&self, path: &LearningPath) -> PathMinutes {
        let announced = |code: &ModuleCode| Some(self.get(code)?.content.manifest.duration_minutes);
        path.sum(|step| Minutes::between(step.any_of.iter().filter_map(announced)))
    }

    /// What a path has to know of the modules that are published.
    pub fn known_modules(&self) -> KnownModules {
        let known = |edition: &Arc<Edition>| {
            let manifest = &edition.content.manifest;
            let required = manifest.prerequisites.iter();
            let required = required.filter(|asked| asked.kind == PrerequisiteKind::Required);
            KnownModule {
                audiences: Some(manifest.audiences.clone()),
                provider: Some(manifest.provider.clone()),
                required: required.cloned().collect(),
            }
        };
        self.editions.iter().map(|(code, edition)| (code.clone(), known(edition))).collect()
    }

    /// With what is known of those who provide it.
    pub(super) fn provided_by(self, providers: HashMap<Uuid, Known>) -> Self {
        Self { providers, ..self }
    }

    /// What it is searched with.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// An answer that depends on nothing but this catalogue and `question`, made once. Questions are
    /// the public's: at most a bounded number of short ones are remembered.
    ///
    /// # Errors
    /// Those of making it, which are not remembered.
    pub fn answer(&self, question: &str, make: impl FnOnce() -> Result<Bytes>) -> Result<Bytes> {
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers().get(question) {
            return Ok(answer.clone());
        }
        let answer = make()?;
        if question.len() <= LONGEST_QUESTION {
            let mut answers = answers();
            if answers.len() >= MOST_ANSWERS {
                answers.clear();
            }
            answers.insert(question.to_owned(), answer.clone());
        }
        Ok(answer)
    }

    /// The latest version of every module, in the order of codes.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<Edition>> {
        self.editions.values()
    }

    /// What is known of a provider, by its id.
    pub fn provider(&self, id: Uuid) -> Option<&Known> {
        self.providers.get(&id)
    }

    /// Every provider, in no order.
    pub fn providers(&self) -> impl Iterator<Item = &Known> {
        self.providers.values()
    }

    /// A version that is current, or the last of a retired module.
    pub(super) fn version(&self, id: Uuid) -> Option<&Arc<Edition>> {
        self.by_version.get(&id)
    }

    /// The latest version of one module.
    pub fn get(&self, code: &ModuleCode) -> Option<&Arc<Edition>> {
        self.editions.get(code)
    }

    /// The last version of a module that has left the catalogue.
    pub fn retired(&self, code: &ModuleCode) -> Option<&Arc<Edition>> {
        self.retired.get(code)
    }
}
