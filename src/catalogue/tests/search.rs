//! Searching, without a database.

use std::sync::Arc;

use super::kit;
use crate::catalogue::model::{ChangeKind, Origin, module, module_version};
use crate::catalogue::search::{Filter, search};
use crate::catalogue::{Catalogue, Edition};
use crate::clock;
use crate::content::{self, Audience, Level};
use crate::territory::model::{OrganisationKind, organisation};

fn edition(code: &str, change: impl Fn(&mut content::Manifest)) -> Arc<Edition> {
    let mut content = content::read(&kit::tree(code, "Texte.")).expect("sound");
    change(&mut content.manifest);
    let (id, now) = (clock::new_id(), kit::now());
    let module = module::Model {
        id,
        code: code.to_owned(),
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

fn catalogue() -> Catalogue {
    let editions = vec![
        edition("B1", |m| {
            m.audiences = vec![Audience::Agent, Audience::Cadre];
            m.title = "Protéger les données".to_owned();
            m.level = Level::Training;
            m.recommendations = vec![3];
            m.themes = vec!["rgpd".to_owned()];
            m.duration_minutes = 45;
        }),
        edition("A1", |_| {}),
    ];
    Catalogue::new(1, editions)
}

fn codes(filter: &Filter) -> Vec<String> {
    search(&catalogue(), filter).0.iter().map(|e| e.code().to_string()).collect()
}

#[test]
fn words_are_found_without_their_accents_and_all_are_needed() {
    let q = |text: &str| codes(&Filter { q: Some(text.to_owned()), ..Filter::default() });
    assert_eq!(q("élu"), ["A1"]);
    assert_eq!(q("ELUS intelligence"), ["A1"]);
    assert_eq!(q("donnees proteger"), ["B1"]);
    assert_eq!(q("élus données"), Vec::<String>::new());
    assert_eq!(q("b1"), ["B1"]);
    assert_eq!(q("  "), ["A1", "B1"]);
}

#[test]
fn criteria_add_up() {
    let both = Filter::default();
    assert_eq!(codes(&both), ["A1", "B1"]);
    assert_eq!(codes(&Filter { audience: Some(Audience::Cadre), ..both.clone() }), ["B1"]);
    assert_eq!(codes(&Filter { level: Some(Level::Awareness), ..both.clone() }), ["A1"]);
    assert_eq!(codes(&Filter { recommendation: Some(8), ..both.clone() }), ["A1"]);
    assert_eq!(codes(&Filter { max_minutes: Some(20), ..both.clone() }), ["A1"]);
    assert_eq!(codes(&Filter { theme: Some("rgpd".to_owned()), ..both.clone() }), ["B1"]);
    let contradiction = Filter { theme: Some("rgpd".to_owned()), max_minutes: Some(20), ..both };
    assert_eq!(codes(&contradiction), Vec::<String>::new());
}

#[test]
fn facets_count_what_is_found() {
    let (_, facets) = search(&catalogue(), &Filter::default());
    assert_eq!(facets.level.get("awareness"), Some(&1));
    assert_eq!(facets.audience.len(), 3);
    assert_eq!(facets.recommendation.get("3"), Some(&1));
    let filter = Filter { audience: Some(Audience::Elu), ..Filter::default() };
    assert_eq!(search(&catalogue(), &filter).1.theme.len(), 1);
}
