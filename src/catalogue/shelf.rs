//! The shelf: what is published, in the memory of this process.
//!
//! Editions never change, so one is read once. What is current does change: the `revision` row says
//! when, and is asked at most twice a second, by [`watch`] rather than by requests.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::edition::{self, Edition};
use super::model::module_version;
use super::pages::Pages;
use super::paths::{self, PathEdition};
use super::{find, revision};
use crate::content::{KnownModule, KnownModules, ModuleCode, PrerequisiteKind};
use crate::db::Db;
use crate::error::{Error, Reason, Result};

/// How often [`watch`] asks whether something was published.
const POLL: Duration = Duration::from_millis(500);
/// How long a snapshot is believed without asking: longer than [`POLL`], so that requests ask only
/// when nobody watches.
const FRESH: Duration = Duration::from_millis(1_000);
/// Editions read at once: their files are in memory twice while they are.
const READ_AT_ONCE: usize = 50;
/// Editions kept, whether or not they are current.
const MOST_EDITIONS: usize = 256;
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
    answers: Mutex<HashMap<String, Bytes>>,
}

impl Catalogue {
    pub(super) fn new(revision: i64, editions: Vec<Arc<Edition>>) -> Self {
        let by_version = editions.iter().map(|e| (e.version.id, e.clone())).collect();
        let editions = editions.into_iter().map(|e| (e.code().clone(), e)).collect();
        let (retired, paths, answers) = (BTreeMap::new(), BTreeMap::new(), Mutex::default());
        Self { revision, editions, retired, by_version, paths, answers }
    }

    /// With the last editions of modules that have left the catalogue: their versions are still read
    /// by number.
    fn beside(mut self, retired: Vec<Arc<Edition>>) -> Self {
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

    /// An answer that depends on nothing but this catalogue and `question`, made once. Questions are
    /// the public's: at most a bounded number of short ones are remembered.
    pub fn answer(&self, question: &str, make: impl FnOnce() -> Bytes) -> Bytes {
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers().get(question) {
            return answer.clone();
        }
        let answer = make();
        if question.len() <= LONGEST_QUESTION {
            let mut answers = answers();
            if answers.len() >= MOST_ANSWERS {
                answers.clear();
            }
            answers.insert(question.to_owned(), answer.clone());
        }
        answer
    }

    /// The latest version of every module, in the order of codes.
    pub fn editions(&self) -> impl Iterator<Item = &Arc<Edition>> {
        self.editions.values()
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

/// The shelf of one process. Cheap to clone; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    editions: Mutex<Kept>,
    pages: Pages,
    current: RwLock<Option<Snapshot>>,
    refreshing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Snapshot {
    catalogue: Arc<Catalogue>,
    checked: Instant,
}

/// Editions by version id, the oldest arrival leaving first.
#[derive(Debug, Default)]
struct Kept {
    by_id: HashMap<Uuid, Arc<Edition>>,
    arrivals: VecDeque<Uuid>,
}

impl Kept {
    fn put(&mut self, edition: &Arc<Edition>) {
        let id = edition.version.id;
        if self.by_id.insert(id, edition.clone()).is_none() {
            self.arrivals.push_back(id);
        }
        while self.arrivals.len() > MOST_EDITIONS {
            if let Some(oldest) = self.arrivals.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
    }
}

impl Shelf {
    /// One published version, read once and then kept.
    ///
    /// # Errors
    /// `not-found` when there is none; an internal error when its files are not those published.
    pub async fn edition(
        &self,
        conn: &impl ConnectionTrait,
        version_id: Uuid,
    ) -> Result<Arc<Edition>> {
        let editions = self.editions_of(conn, [version_id]).await?;
        editions.into_values().next().ok_or_else(|| Reason::NotFound.into())
    }

    /// Published versions by id, those not kept yet read together.
    ///
    /// # Errors
    /// An internal error when the files of one are not those published.
    pub async fn editions_of(
        &self,
        conn: &impl ConnectionTrait,
        version_ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Arc<Edition>>> {
        let mut editions = HashMap::new();
        let mut missing = Vec::new();
        for id in version_ids {
            match self.kept(id) {
                Some(edition) => drop(editions.insert(id, edition)),
                None => missing.push(id),
            }
        }
        for some in missing.chunks(READ_AT_ONCE) {
            let versions = module_version::Entity::find()
                .filter(module_version::COLUMN.id.is_in(some.iter().copied()))
                .all(conn)
                .await?;
            let read = edition::load(conn, versions).await?;
            let mut kept = self.0.editions.lock().unwrap_or_else(PoisonError::into_inner);
            read.iter().for_each(|edition| kept.put(edition));
            editions.extend(read.into_iter().map(|edition| (edition.version.id, edition)));
        }
        Ok(editions)
    }

    /// A lesson of an edition as sanitised HTML; none for an unknown slug. What is not at hand is
    /// rendered on a thread that nobody else waits for.
    ///
    /// # Errors
    /// When rendering panics, which is a fault of ours.
    pub async fn page(&self, edition: &Arc<Edition>, slug: &str) -> Result<Option<Arc<str>>> {
        if let Some(page) = self.0.pages.at_hand(edition, slug) {
            return Ok(Some(page));
        }
        let (shelf, edition, slug) = (self.clone(), edition.clone(), slug.to_owned());
        let render = move || shelf.0.pages.render(&edition, &slug);
        Ok(tokio::task::spawn_blocking(render).await.context("a lesson")?)
    }

    /// Every lesson of an edition likewise, in order.
    ///
    /// # Errors
    /// As [`Shelf::page`].
    pub async fn pages(&self, edition: &Arc<Edition>) -> Result<Vec<Arc<str>>> {
        let mut pages = Vec::new();
        for lesson in &edition.content.lessons {
            pages.extend(self.page(edition, &lesson.slug).await?);
        }
        Ok(pages)
    }

    /// What is published now. Asks the database nothing while the snapshot is fresh. When the
    /// database fails, or while another is asking it, what was last known goes on being told: what is
    /// published stays published, and readers need not wait for writers to come back.
    ///
    /// # Errors
    /// When nothing is known yet and the database fails.
    pub async fn current(&self, conn: &impl ConnectionTrait) -> Result<Arc<Catalogue>> {
        let Some((known, checked)) = self.snapshot() else {
            return self.refresh_if_moved(conn).await;
        };
        if checked.elapsed() < FRESH {
            return Ok(known);
        }
        let Ok(_one_at_a_time) = self.0.refreshing.try_lock() else { return Ok(known) };
        match self.refresh(conn).await {
            Err(Error::Database(error)) => {
                tracing::warn!(%error, "the catalogue is told as it was last known");
                Ok(known)
            }
            looked => looked,
        }
    }

    /// Asks the database whether anything was published since the snapshot, and reads it if so; to
    /// be called at once by whoever publishes, after the commit.
    ///
    /// # Errors
    /// When the database fails; the snapshot stays as it was.
    pub async fn refresh_if_moved(&self, conn: &impl ConnectionTrait) -> Result<Arc<Catalogue>> {
        let _one_at_a_time = self.0.refreshing.lock().await;
        self.refresh(conn).await
    }

    async fn refresh(&self, conn: &impl ConnectionTrait) -> Result<Arc<Catalogue>> {
        let checked = Instant::now();
        // Read before the rows: a publication in between leaves newer rows under an older number,
        // which the next look corrects; the other way round would hide it.
        let revision = revision::current(conn).await?;
        let catalogue = match self.snapshot() {
            Some((catalogue, _)) if catalogue.revision == revision => catalogue,
            _ => {
                let latest = find::latest_ids(conn).await?;
                let left = find::retired_ids(conn).await?;
                let editions = self.editions_of(conn, latest).await?;
                let (retired, editions) =
                    editions.into_values().partition(|e| left.contains(&e.version.id));
                let paths = paths::find::latest_of_all(conn).await?;
                let catalogue = Catalogue::new(revision, editions);
                Arc::new(catalogue.beside(retired).with_paths(paths))
            }
        };
        let snapshot = Snapshot { catalogue: catalogue.clone(), checked };
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Some(snapshot);
        Ok(catalogue)
    }

    fn kept(&self, version_id: Uuid) -> Option<Arc<Edition>> {
        if let Some((catalogue, _)) = self.snapshot()
            && let Some(edition) = catalogue.by_version.get(&version_id)
        {
            return Some(edition.clone());
        }
        let kept = self.0.editions.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_id.get(&version_id).cloned()
    }

    fn snapshot(&self) -> Option<(Arc<Catalogue>, Instant)> {
        let current = self.0.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().map(|s| (s.catalogue.clone(), s.checked))
    }
}

/// Keeps a shelf fresh until `stop` resolves. A database that fails for a while is asked again.
pub async fn watch(shelf: Shelf, db: Db, stop: impl Future<Output = ()>) {
    let poll = async {
        loop {
            if let Err(error) = shelf.refresh_if_moved(db.read()).await {
                tracing::warn!(%error, "the catalogue could not be refreshed");
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::select! {
        () = poll => {}
        () = stop => {}
    }
}
