//! Statistics against a real database.

use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::cube::Tally;
use super::*;
use crate::catalogue::model::{Origin, module};
use crate::clock::new_id;
use crate::db::Db;
use crate::people::model::person;
use crate::providers::model::provider;
use crate::records::model::{FactKind, fact};
use crate::territory;
use crate::territory::model::{AffiliationKind, OrganisationKind, affiliation};
use crate::testing::database;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A database with two communes of two CDG, two modules, and the facts told to it.
struct World {
    _folder: tempfile::TempDir,
    db: Db,
    modules: [Uuid; 2],
    rennes: Uuid,
    bordeaux: Uuid,
    bretagne: Uuid,
    gironde: Uuid,
}

impl World {
    async fn new() -> Self {
        let (folder, db) = database().await;
        let now = at("2025-01-01T08:00:00Z");
        let tx = db.begin_write().await.expect("a transaction");
        let mut made = Vec::new();
        for (slug, kind) in [
            ("rennes", OrganisationKind::Commune),
            ("bordeaux", OrganisationKind::Commune),
            ("cdg-35", OrganisationKind::Cdg),
            ("cdg-33", OrganisationKind::Cdg),
        ] {
            made.push(territory::ensure_local(&tx, slug, slug, kind, now).await.expect(slug).id);
        }
        let modules = [new_id(), new_id()];
        let provider = provider::Model { id: new_id(), organisation_id: made[2], created_at: now };
        let provider_id = provider.id;
        let rows = ["A1", "E1"].into_iter().zip(modules).map(|(code, id)| {
            let (code, origin) = (code.to_owned(), Origin::Files);
            module::Model { id, code, provider_id, origin, created_at: now }.into_active_model()
        });
        provider::Entity::insert(provider.into_active_model())
            .exec_without_returning(&tx)
            .await
            .expect("a provider");
        module::Entity::insert_many(rows).exec_without_returning(&tx).await.expect("modules");
        tx.commit().await.expect("committed");
        let world = World {
            _folder: folder,
            db,
            modules,
            rennes: made[0],
            bordeaux: made[1],
            bretagne: made[2],
            gironde: made[3],
        };
        world.affiliate(world.rennes, world.bretagne, "2025-01-01", None).await;
        world.affiliate(world.bordeaux, world.gironde, "2025-01-01", None).await;
        world
    }

    async fn affiliate(&self, organisation_id: Uuid, cdg: Uuid, from: &str, to: Option<&str>) {
        let row = affiliation::Model {
            id: new_id(),
            organisation_id,
            cdg_id: Some(cdg),
            kind: AffiliationKind::Mandatory,
            valid_from: from.parse().expect("a day"),
            valid_to: to.map(|to| to.parse().expect("a day")),
            source: "test".to_owned(),
            recorded_at: at("2025-01-01T08:00:00Z"),
        };
        let tx = self.db.begin_write().await.expect("a transaction");
        affiliation::Entity::insert(row.into_active_model())
            .exec_without_returning(&tx)
            .await
            .expect("an affiliation");
        tx.commit().await.expect("committed");
    }

    /// Enrols a new person, and tells the rest of their story; answers the facts told.
    async fn learner(&self, module: usize, who: (&str, &str), story: &[Event<'_>]) -> Vec<Uuid> {
        let person_id = new_id();
        let tx = self.db.begin_write().await.expect("a transaction");
        person::Entity::insert(
            person::Model { id: person_id, recorded_at: at("2025-01-01T08:00:00Z") }
                .into_active_model(),
        )
        .exec_without_returning(&tx)
        .await
        .expect("a person");
        let enrolment_id = new_id();
        let mut told = Vec::new();
        for (kind, organisation, when) in story {
            let payload = match kind {
                FactKind::Enrolled => json!({"audience": who.0, "standing": who.1}),
                FactKind::Completed => json!({"duration_minutes": 20}),
                _ => json!({}),
            };
            let row = fact::Model {
                id: new_id(),
                kind: *kind,
                person_id,
                enrolment_id: Some(enrolment_id),
                module_id: Some(self.modules[module]),
                version_id: None,
                organisation_id: Some(*organisation),
                occurred_at: at(when),
                recorded_at: at(when),
                recorded_by: None,
                natural_key: new_id().to_string(),
                supersedes_id: None,
                payload,
            };
            told.push(row.id);
            fact::Entity::insert(row.into_active_model())
                .exec_without_returning(&tx)
                .await
                .expect("a fact");
        }
        tx.commit().await.expect("committed");
        told
    }

    async fn tally(&self, cdg: Option<Uuid>, before: &str) -> Vec<Tally> {
        completions::tallies(self.db.read(), cdg, at(before)).await.expect("tallies")
    }

    async fn total(&self, cdg: Option<Uuid>, before: &str) -> Tally {
        let rows = self.tally(cdg, before).await;
        rows.into_iter().find(|t| t.module.is_none() && t.audience.is_none()).expect("a total")
    }
}

type Event<'a> = (FactKind, Uuid, &'a str);

const ELU: (&str, &str) = ("elu", "confirmed");
const AGENT: (&str, &str) = ("agent", "confirmed");
const LATER: &str = "2026-12-31T00:00:00Z";

fn enrolled(organisation: Uuid) -> Event<'static> {
    (FactKind::Enrolled, organisation, "2026-03-01T09:00:00Z")
}

fn completed(organisation: Uuid) -> Event<'static> {
    (FactKind::Completed, organisation, "2026-03-02T09:00:00Z")
}

#[tokio::test]
async fn persons_are_counted_once_by_module_by_audience_and_in_all() {
    let w = World::new().await;
    w.learner(0, ELU, &[enrolled(w.rennes), completed(w.rennes)]).await;
    w.learner(0, AGENT, &[enrolled(w.rennes)]).await;
    let gone = (FactKind::Withdrawn, w.rennes, "2026-03-03T09:00:00Z");
    w.learner(1, AGENT, &[enrolled(w.rennes), gone]).await;
    w.learner(1, ("elu", "declared"), &[enrolled(w.rennes), completed(w.rennes)]).await;
    w.learner(1, ELU, &[enrolled(w.bordeaux)]).await;
    let rows = w.tally(Some(w.bretagne), LATER).await;
    assert_eq!(rows.len(), 4 + 2 + 2 + 1);
    let total = w.total(Some(w.bretagne), LATER).await;
    let expected = Tally {
        enrolled: 3,
        in_progress: 1,
        completed: 1,
        withdrawn: 1,
        declared: 1,
        minutes: 20,
        ..Tally::default()
    };
    assert_eq!(total, expected);
    let a1 = rows.iter().find(|t| t.module.as_deref() == Some("A1") && t.audience.is_none());
    assert_eq!(a1.map(|t| (t.enrolled, t.completed)), Some((2, 1)));
    let agents = rows.iter().find(|t| t.module.is_none() && t.audience.as_deref() == Some("agent"));
    assert_eq!(agents.map(|t| (t.enrolled, t.withdrawn)), Some((2, 1)));
    assert_eq!(w.total(None, LATER).await.enrolled, 4, "the nation counts every CDG");
    assert_eq!(w.total(Some(w.gironde), LATER).await.enrolled, 1);
}

#[tokio::test]
async fn whose_prior_learning_was_recognised_is_neither_under_way_nor_among_those_who_completed() {
    let w = World::new().await;
    let recognised = (FactKind::Recognised, w.rennes, "2026-03-02T09:00:00Z");
    w.learner(0, ELU, &[enrolled(w.rennes), recognised]).await;
    let total = w.total(Some(w.bretagne), LATER).await;
    let expected = Tally { enrolled: 1, ..Tally::default() };
    assert_eq!(total, expected);
}

#[tokio::test]
async fn a_figure_is_what_was_true_at_its_date() {
    let w = World::new().await;
    w.learner(0, ELU, &[enrolled(w.rennes), completed(w.rennes)]).await;
    assert_eq!(w.total(Some(w.bretagne), "2026-03-01T09:00:00Z").await.enrolled, 0);
    let before = w.total(Some(w.bretagne), "2026-03-02T09:00:00Z").await;
    assert_eq!((before.enrolled, before.in_progress, before.completed), (1, 1, 0));
    let after = w.total(Some(w.bretagne), "2026-03-02T09:00:01Z").await;
    assert_eq!((after.enrolled, after.in_progress, after.completed), (1, 0, 1));
}

#[tokio::test]
async fn each_fact_counts_where_the_employer_was_affiliated_that_day() {
    let w = World::new().await;
    // Moved from Rennes to Bordeaux between enrolling and completing.
    w.learner(0, ELU, &[enrolled(w.rennes), completed(w.bordeaux)]).await;
    let left = w.total(Some(w.bretagne), LATER).await;
    assert_eq!((left.enrolled, left.in_progress, left.completed), (1, 0, 0));
    let joined = w.total(Some(w.gironde), LATER).await;
    assert_eq!((joined.enrolled, joined.completed, joined.minutes), (1, 1, 20));
    assert_eq!(w.total(None, LATER).await.enrolled, 1, "one person all the same");
}

#[tokio::test]
async fn an_affiliation_that_ended_before_the_fact_does_not_count() {
    let w = World::new().await;
    let tx = w.db.begin_write().await.expect("a transaction");
    let kind = OrganisationKind::Commune;
    let now = at("2025-01-01T08:00:00Z");
    let redon = territory::ensure_local(&tx, "redon", "Redon", kind, now).await.expect("Redon").id;
    tx.commit().await.expect("committed");
    w.affiliate(redon, w.bretagne, "2025-01-01", Some("2026-03-02")).await;
    w.affiliate(redon, w.gironde, "2026-03-02", None).await;
    w.learner(0, ELU, &[enrolled(redon), completed(redon)]).await;
    let former = w.total(Some(w.bretagne), LATER).await;
    assert_eq!((former.enrolled, former.completed), (1, 0));
    let new = w.total(Some(w.gironde), LATER).await;
    assert_eq!((new.enrolled, new.completed), (1, 1));
}

#[tokio::test]
async fn a_superseded_fact_counts_for_nothing_once_superseded() {
    let w = World::new().await;
    let told = w.learner(0, ELU, &[enrolled(w.rennes), completed(w.rennes)]).await;
    let tx = w.db.begin_write().await.expect("a transaction");
    let wrong = fact::Entity::find_by_id(told[1]).one(&tx).await.expect("read").expect("told");
    let correction = fact::Model {
        id: new_id(),
        kind: FactKind::LessonDone,
        occurred_at: at("2026-04-01T00:00:00Z"),
        natural_key: "correction".to_owned(),
        supersedes_id: Some(wrong.id),
        ..wrong
    };
    fact::Entity::insert(correction.into_active_model())
        .exec_without_returning(&tx)
        .await
        .expect("the correction");
    tx.commit().await.expect("committed");
    assert_eq!(w.total(Some(w.bretagne), LATER).await.completed, 0);
    assert_eq!(w.total(Some(w.bretagne), "2026-03-31T00:00:00Z").await.completed, 1);
}

#[tokio::test]
async fn what_leaves_the_room_has_no_line_under_five_persons() {
    let w = World::new().await;
    for n in 0..20 {
        let story = [enrolled(w.rennes), completed(w.rennes)];
        w.learner(0, if n % 2 == 0 { ELU } else { AGENT }, &story[..1 + n % 2]).await;
    }
    for _ in 0..3 {
        w.learner(1, ELU, &[enrolled(w.rennes)]).await;
    }
    let cube = completions(w.db.read(), Some(w.bretagne), at(LATER), 5).await.expect("a cube");
    let total = cube.line(None, None);
    assert_eq!((total.enrolled, total.completed), (Some(23), Some(10)));
    let lines = cube.lines(By::Module, None, None);
    let shown: Vec<_> = lines.iter().map(|l| (l.module.as_deref(), l.enrolled)).collect();
    // Twenty persons of the other module are hidden too: 23 − 20 = 3.
    assert_eq!(shown, [(Some("A1"), None), (Some("E1"), None)]);
    assert!(lines.iter().all(Line::suppressed));
    assert_eq!(cube.line(Some("A1"), None).enrolled, None, "nor does a filter tell");
    assert_eq!(cube.line(Some("NONE"), None).enrolled, None);
    assert_eq!(cube.lines(By::Audience, Some("E1"), None).len(), 1);
}

#[test]
fn a_day_ends_at_midnight_in_paris() {
    let of = |day: &str| end_of_day(day.parse().expect("a day"));
    assert_eq!(of("2026-07-14"), at("2026-07-14T22:00:00Z"));
    assert_eq!(of("2026-12-31"), at("2026-12-31T23:00:00Z"));
}
