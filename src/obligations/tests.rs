//! Obligations against a real database.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DatabaseTransaction, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use super::model::obligation;
use super::{Status, of_person, open_for_enrolment, statuses};
use crate::catalogue::model::{ChangeKind, Origin, module, module_version};
use crate::clock;
use crate::people::identity::{NewPerson, create};
use crate::providers::model::provider;
use crate::records::model::{FactKind, fact};
use crate::records::{NewFact, append};
use crate::territory::model::{OrganisationKind, organisation};
use crate::testing::database;

/// A fixed instant in November: 09:00 in Paris.
pub(crate) fn morning() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

/// A person with a mailbox of their own.
pub(crate) async fn person(tx: &DatabaseTransaction, name: &str) -> Uuid {
    let new = NewPerson {
        given_name: "Anne-Élise".to_owned(),
        family_name: name.to_owned(),
        address: format!("{}@mairie.example", crate::text::folded(name).replace(' ', ".")),
        shared: false,
    };
    create(tx, &new, morning() - Duration::days(60)).await.expect("a person")
}

/// A module with two published versions.
pub(crate) async fn module(tx: &DatabaseTransaction, code: &str) -> Uuid {
    let (owner, provider_id, module_id) = (clock::new_id(), clock::new_id(), clock::new_id());
    let at = morning() - Duration::days(90);
    organisation::ActiveModel {
        id: Set(owner),
        kind: Set(OrganisationKind::Other),
        name: Set("Organisme de formation".to_owned()),
        name_folded: Set("organisme de formation".to_owned()),
        population: Set(None),
        zone: Set(None),
        time_zone: Set("Europe/Paris".to_owned()),
        source: Set("test".to_owned()),
        recorded_at: Set(at),
    }
    .insert(tx)
    .await
    .expect("an organisation");
    provider::ActiveModel {
        id: Set(provider_id),
        organisation_id: Set(owner),
        created_at: Set(at),
    }
    .insert(tx)
    .await
    .expect("a provider");
    module::ActiveModel {
        id: Set(module_id),
        code: Set(code.to_owned()),
        provider_id: Set(provider_id),
        origin: Set(Origin::Files),
        created_at: Set(at),
    }
    .insert(tx)
    .await
    .expect("a module");
    for (number, title) in [(1, "Premier titre"), (2, "L'IA, « sources » & périmètre")] {
        version(module_id, number, title, at).insert(tx).await.expect("a version");
    }
    module_id
}

fn version(
    module_id: Uuid,
    number: i32,
    title: &str,
    at: DateTime<Utc>,
) -> module_version::ActiveModel {
    module_version::ActiveModel {
        id: Set(clock::new_id()),
        module_id: Set(module_id),
        number: Set(number),
        tree_digest: Set(format!("{number}")),
        status: Set("complete".to_owned()),
        level: Set("awareness".to_owned()),
        language: Set("fr".to_owned()),
        title: Set(title.to_owned()),
        duration_minutes: Set(30),
        pass_mark_percent: Set(80),
        attempt_limit: Set(None),
        change_kind: Set(ChangeKind::First),
        change_note: Set(None),
        manifest: Set(json!({})),
        published_at: Set(at),
        published_by: Set(None),
        reviewed_by: Set(None),
        renewal_months: Set(None),
    }
}

/// What a person owes by a date, opened at `now` under a new enrolment.
pub(crate) async fn owed(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
    due_on: NaiveDate,
    now: DateTime<Utc>,
) -> obligation::Model {
    let enrolment = clock::new_id();
    open_for_enrolment(tx, person_id, module_id, enrolment, due_on, Tz::Europe__Paris, now)
        .await
        .expect("an obligation")
}

/// Something that happened in the enrolment of an obligation.
pub(crate) async fn happened(
    tx: &DatabaseTransaction,
    owed: &obligation::Model,
    kind: FactKind,
    at: DateTime<Utc>,
) -> fact::Model {
    let new = NewFact {
        kind,
        person_id: owed.person_id,
        enrolment_id: owed.enrolment_id,
        module_id: owed.module_id,
        version_id: None,
        organisation_id: None,
        occurred_at: at,
        recorded_by: None,
        natural_key: format!("{kind:?}:{}", owed.id),
        supersedes_id: None,
        payload: json!({}),
    };
    append(tx, new, at).await.expect("a fact").0
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

#[tokio::test]
async fn opening_twice_for_one_enrolment_answers_the_same_obligation() {
    let (_dir, db) = database().await;
    let tx = db.begin_write().await.expect("a transaction");
    let (who, what) = (person(&tx, "Le Goff").await, module(&tx, "E1").await);
    let enrolment = clock::new_id();
    let open = |due: &'static str| {
        open_for_enrolment(&tx, who, what, enrolment, day(due), Tz::Indian__Reunion, morning())
    };
    let first = open("2026-11-29").await.expect("opened");
    let second = open("2026-12-29").await.expect("found");
    assert_eq!(first, second, "asked twice, opened once, unchanged");
    assert_eq!(first.due_at, "2026-11-29T20:00:00Z".parse::<DateTime<Utc>>().expect("an instant"));
    tx.commit().await.expect("committed");
    assert_eq!(obligation::Entity::find().all(db.read()).await.expect("rows").len(), 1);
}

#[tokio::test]
async fn a_person_reads_what_they_owe_page_by_page_and_no_one_elses() {
    let (_dir, db) = database().await;
    let now = morning();
    let tx = db.begin_write().await.expect("a transaction");
    let (who, what) = (person(&tx, "Le Goff").await, module(&tx, "E1").await);
    let other = person(&tx, "Martin").await;
    owed(&tx, other, what, day("2026-11-01"), now).await;
    let late = owed(&tx, who, what, day("2026-11-20"), now - Duration::days(20)).await;
    let open = owed(&tx, who, what, day("2026-11-29"), now).await;
    let done = owed(&tx, who, what, day("2026-11-29"), now).await;
    let left = owed(&tx, who, what, day("2026-12-29"), now).await;
    happened(&tx, &done, FactKind::Completed, now).await;
    happened(&tx, &left, FactKind::Withdrawn, now).await;
    tx.commit().await.expect("committed");
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = of_person(db.read(), who, 3, after, now).await.expect("a page");
        after = page.last().map(|o| (o.obligation.due_at, o.obligation.id));
        let short = page.len() < 3;
        seen.extend(page);
        if short {
            break;
        }
    }
    let seen: Vec<_> = seen.iter().map(|o| (o.obligation.id, o.status)).collect();
    let mut expected = vec![
        (late.id, Status::Overdue),
        (open.id, Status::Open),
        (done.id, Status::Satisfied),
        (left.id, Status::Closed),
    ];
    expected[1..3].sort_by_key(|(id, _)| *id);
    assert_eq!(seen, expected);
    let all = of_person(db.read(), who, 10, None, now).await.expect("a page");
    assert_eq!(all[0].subject.name().code, "E1");
    let title = &all[0].subject.name().title;
    assert_eq!(title, "L'IA, « sources » & périmètre", "the latest version's");
}

#[tokio::test]
async fn a_completion_that_was_superseded_satisfies_nothing() {
    let (_dir, db) = database().await;
    let now = morning();
    let tx = db.begin_write().await.expect("a transaction");
    let (who, what) = (person(&tx, "Le Goff").await, module(&tx, "E1").await);
    let owed = owed(&tx, who, what, day("2026-11-29"), now).await;
    let wrong = happened(&tx, &owed, FactKind::Completed, now).await;
    assert_eq!(
        statuses(&tx, std::slice::from_ref(&owed), now).await.expect("read"),
        [Status::Satisfied]
    );
    let correction = fact::Model {
        id: clock::new_id(),
        kind: FactKind::LessonDone,
        natural_key: "correction".to_owned(),
        supersedes_id: Some(wrong.id),
        ..wrong
    };
    let correction: fact::ActiveModel = correction.into();
    fact::Entity::insert(correction.reset_all()).exec(&tx).await.expect("a correction");
    assert_eq!(statuses(&tx, &[owed], now).await.expect("read"), [Status::Open]);
}
