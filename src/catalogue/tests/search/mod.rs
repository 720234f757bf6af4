//! Searching, without a database.

mod behaviour;
mod criteria;
mod hostile;
mod queries;

use std::sync::Arc;

use super::kit;
use crate::catalogue::model::{ChangeKind, Origin, module, module_version};
use crate::catalogue::search::{Filter, Found, search};
use crate::catalogue::synonyms::SHIPPED;
use crate::catalogue::{Catalogue, Edition, import};
use crate::clock;
use crate::content;
use crate::territory::model::{OrganisationKind, organisation};

/// An edition of a module, as if it had been published on that day of November 2026.
fn published(content: content::Module, day: i64) -> Arc<Edition> {
    let (id, now) = (clock::new_id(), kit::now() + chrono::Duration::days(day - 22));
    let module = module::Model {
        id,
        code: content.manifest.code.to_string(),
        provider_id: id,
        origin: Origin::Files,
        created_at: now,
    };
    let version = module_version::Model {
        id: clock::new_id(),
        module_id: id,
        number: 1,
        tree_digest: content.digest.to_string(),
        status: "complete".to_owned(),
        level: "awareness".to_owned(),
        language: "fr".to_owned(),
        title: content.manifest.title.clone(),
        duration_minutes: 11,
        pass_mark_percent: 80,
        attempt_limit: None,
        change_kind: ChangeKind::First,
        change_note: None,
        manifest: serde_json::Value::Null,
        published_at: now,
        published_by: None,
        reviewed_by: None,
    };
    let provider = organisation::Model {
        id,
        kind: OrganisationKind::TrainingBody,
        name: "maitrise".to_owned(),
        name_folded: "maitrise".to_owned(),
        population: None,
        zone: None,
        time_zone: "Europe/Paris".to_owned(),
        source: "test".to_owned(),
        recorded_at: now,
    };
    Arc::new(Edition::new(module, version, provider, content))
}

/// A small module with this lesson, changed.
fn edition(code: &str, text: &str, change: impl Fn(&mut content::Manifest)) -> Arc<Edition> {
    let mut content = content::read(&kit::tree(code, text)).expect("sound");
    change(&mut content.manifest);
    published(content, 22)
}

/// A catalogue of these, with the synonyms that are shipped.
fn catalogue(editions: Vec<Arc<Edition>>) -> Catalogue {
    Catalogue::new(1, editions, SHIPPED, None)
}

/// The modules that are shipped.
fn shipped() -> Catalogue {
    let trees = import::embedded().expect("the modules in the binary");
    let read = |tree| published(content::recall(tree).expect("sound"), 22);
    catalogue(trees.iter().map(|(_, tree)| read(tree)).collect())
}

/// What these words find.
fn found<'c>(catalogue: &'c Catalogue, q: &str) -> Found<'c> {
    let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
    search(catalogue, &filter).unwrap_or_else(|error| panic!("{q}: {error}"))
}

/// The codes of what was found, in order.
fn codes(found: &Found<'_>) -> Vec<String> {
    found.hits.iter().map(|hit| hit.edition.code().to_string()).collect()
}
