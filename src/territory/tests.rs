//! The territory against a real database.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};

use super::model::{
    AffiliationKind, OrganisationKind, Scheme, affiliation, organisation, organisation_identifier,
    organisation_link,
};
use super::*;
use crate::db::Db;
use crate::error::Error;
use crate::testing::database;

fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().expect("an instant")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn reference(text: &str) -> OrgRef {
    text.parse().expect(text)
}

async fn id(db: &Db, text: &str) -> uuid::Uuid {
    by_ref(db.read(), &reference(text), day("2026-11-22")).await.expect(text).id
}

fn code(error: &Error) -> &str {
    match error {
        Error::Refused(refusal) => refusal.reason.code(),
        _ => "not a refusal",
    }
}

/// Imports the communes of some départements: all of them take their time.
async fn some(db: &Db, only: &[&str], now: DateTime<Utc>) -> crate::error::Result<Report> {
    super::import::import_from(db, &referential::EMBEDDED, Some(only), now).await
}

async fn counts(db: &Db) -> [u64; 4] {
    [
        organisation::Entity::find().count(db.read()).await.expect("organisations"),
        organisation_identifier::Entity::find().count(db.read()).await.expect("identifiers"),
        organisation_link::Entity::find().count(db.read()).await.expect("links"),
        affiliation::Entity::find().count(db.read()).await.expect("affiliations"),
    ]
}

#[tokio::test]
async fn a_second_import_changes_nothing_and_says_so() {
    let (_folder, db) = database().await;
    let first = some(&db, &["2A", "75"], now()).await.expect("the first import");
    assert!(!first.nothing_changed());
    let before = counts(&db).await;
    assert_eq!(before[0] as usize, first.organisations_added);
    assert_eq!(before[3] as usize, first.affiliations_added);
    let second = some(&db, &["2A", "75"], now()).await.expect("the second import");
    assert!(second.nothing_changed(), "{second:?}");
    assert_eq!(second.organisations_present, first.organisations_added);
    assert_eq!(second.affiliations_present, first.affiliations_added);
    assert_eq!(counts(&db).await, before);
}

#[tokio::test]
async fn what_was_loaded_last_is_known_by_the_digest_of_every_file() {
    let (_folder, db) = database().await;
    assert_eq!(loaded::last(db.read()).await.expect("read"), None);
    let tx = db.begin_write().await.expect("a transaction");
    loaded::remember(&tx, "another", now()).await.expect("remembered");
    let digest = referential::EMBEDDED.digest();
    loaded::remember(&tx, &digest, now()).await.expect("remembered instead");
    tx.commit().await.expect("committed");
    assert_eq!(loaded::last(db.read()).await.expect("read").as_ref(), Some(&digest));
    assert_eq!(super::import(&db, false, now()).await.expect("an answer"), None);
    assert_eq!(counts(&db).await, [0; 4], "nothing was even looked at");
    let moved = referential::Sources {
        regions: &format!("{}x", referential::EMBEDDED.regions),
        ..referential::EMBEDDED
    };
    assert_ne!(moved.digest(), digest);
}

#[tokio::test]
async fn an_import_completes_an_earlier_one() {
    let (_folder, db) = database().await;
    some(&db, &["2A"], now()).await.expect("one département");
    some(&db, &["2A", "90"], now()).await.expect("another one");
    let both = counts(&db).await;
    let (_folder, at_once) = database().await;
    some(&at_once, &["90", "2A"], now()).await.expect("both at once");
    assert_eq!(counts(&at_once).await, both);
}

#[tokio::test]
async fn a_file_with_a_fault_changes_nothing() {
    let (_folder, db) = database().await;
    let sources = referential::Sources { cdg: "code,nom\n", ..referential::EMBEDDED };
    let refused = super::import::import_from(&db, &sources, None, now()).await;
    assert_eq!(code(&refused.expect_err("a fault")), "content-findings");
    assert_eq!(counts(&db).await, [0; 4]);
}

#[tokio::test]
async fn an_organisation_is_found_by_each_of_its_references_at_a_date() {
    let (_folder, db) = database().await;
    some(&db, &["35", "975"], now()).await.expect("the import");
    let rennes =
        by_ref(db.read(), &reference("insee:35238"), day("2026-11-22")).await.expect("Rennes");
    assert_eq!((rennes.name.as_str(), rennes.kind), ("Rennes", OrganisationKind::Commune));
    assert_eq!(id(&db, "213502388").await, rennes.id);
    assert_eq!(ref_of(db.read(), rennes.id).await.expect("a reference"), reference("213502388"));
    let before = by_ref(db.read(), &reference("insee:35238"), day("2024-12-31")).await;
    assert_eq!(code(&before.expect_err("before the COG 2025")), "not-found");
    // Its SIREN is not known: its INSEE code names it.
    let miquelon = id(&db, "insee:97501").await;
    let refs = refs_of(db.read(), [miquelon, rennes.id]).await.expect("references");
    assert_eq!(refs[&miquelon].to_string(), "insee:97501");
    let france = by_ref(db.read(), &reference("dep:975"), day("2026-11-22")).await.expect("a COM");
    assert_eq!(france.time_zone, "America/Miquelon");
}

#[tokio::test]
async fn a_closed_identifier_still_names_what_it_named() {
    let (_folder, db) = database().await;
    some(&db, &["90"], now()).await.expect("the import");
    let belfort = id(&db, "insee:90010").await;
    let open = organisation_identifier::Entity::find()
        .filter(organisation_identifier::COLUMN.organisation_id.eq(belfort))
        .filter(organisation_identifier::COLUMN.scheme.eq(Scheme::Siren))
        .one(db.read())
        .await
        .expect("the table")
        .expect("its SIREN");
    let siren = open.value.clone();
    let tx = db.begin_write().await.expect("a transaction");
    let mut closed = open.into_active_model();
    closed.valid_to = Set(Some(day("2026-01-01")));
    closed.update(&tx).await.expect("closed");
    tx.commit().await.expect("committed");
    assert_eq!(ref_of(db.read(), belfort).await.expect("a reference"), reference("insee:90010"));
    let of = |at: &str| day(at);
    assert!(by_ref(db.read(), &reference(&siren), of("2025-12-31")).await.is_ok());
    assert!(by_ref(db.read(), &reference(&siren), of("2026-01-01")).await.is_err());
    assert_eq!(by_ref_ever(db.read(), &reference(&siren)).await.expect("the last").id, belfort);
    let again = some(&db, &["90"], now()).await.expect("a second import");
    assert!(again.nothing_changed(), "a human decision is not undone: {again:?}");
}

#[tokio::test]
async fn a_search_folds_accents_and_pages_without_repeating() {
    let (_folder, db) = database().await;
    some(&db, &["91"], now()).await.expect("the import");
    let found = search(db.read(), "ÉVRY", None, 50, None).await.expect("a search");
    assert_eq!(found.first().map(|o| o.name.as_str()), Some("Évry-Courcouronnes"));
    let kind = Some(OrganisationKind::Commune);
    let all = search(db.read(), "saint", kind, 200, None).await.expect("all");
    assert!(all.len() > 10);
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = search(db.read(), "saint", kind, 7, after).await.expect("a page");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert!(search(db.read(), "%' OR 1=1 --", None, 50, None).await.expect("none").is_empty());
    let lost = search(db.read(), "", None, 50, Some(uuid::Uuid::nil())).await;
    assert_eq!(code(&lost.expect_err("no such page")), "invalid-parameter");
}

#[tokio::test]
async fn a_local_organisation_is_made_once() {
    let (_folder, db) = database().await;
    let tx = db.begin_write().await.expect("a transaction");
    let kind = OrganisationKind::TrainingBody;
    let made =
        ensure_local(&tx, "demo", "Organisme de démonstration", kind, now()).await.expect("made");
    let again = ensure_local(&tx, "demo", "Autre nom", kind, now()).await.expect("found");
    assert_eq!(made, again);
    assert!(ensure_local(&tx, "Not a slug", "x", kind, now()).await.is_err());
    tx.commit().await.expect("committed");
    assert_eq!(ref_of(db.read(), made.id).await.expect("a reference"), reference("local:demo"));
}

#[tokio::test]
async fn a_perimeter_is_a_cdg_and_reads_affiliations_at_the_date() {
    let (_folder, db) = database().await;
    some(&db, &["75", "78"], now()).await.expect("the import");
    let couronne = perimeter(db.read(), &reference("cdg:CIG-GC")).await.expect("the CIG");
    assert_eq!(couronne.name, "CIG de la grande couronne");
    for not_one in ["dep:78", "cdg:NONE", "insee:78646"] {
        let refused = perimeter(db.read(), &reference(not_one)).await;
        assert_eq!(code(&refused.expect_err(not_one)), "not-found");
    }
    let versailles = id(&db, "insee:78646").await;
    let on = |at: &str| cdgs_of(db.read(), versailles, day(at));
    assert_eq!(on("2025-01-01").await.expect("CDG"), [couronne.cdg_id]);
    assert!(on("2024-12-31").await.expect("CDG").is_empty());
    let paris = id(&db, "insee:75056").await;
    assert!(cdgs_of(db.read(), paris, day("2026-01-01")).await.expect("CDG").is_empty());
}

#[tokio::test]
async fn an_organisation_that_left_is_out_of_the_perimeter_from_that_day() {
    let (_folder, db) = database().await;
    some(&db, &["78"], now()).await.expect("the import");
    let versailles = id(&db, "insee:78646").await;
    let tx = db.begin_write().await.expect("a transaction");
    let row = affiliation::Entity::find()
        .filter(affiliation::COLUMN.organisation_id.eq(versailles))
        .one(&tx)
        .await
        .expect("the table")
        .expect("its affiliation");
    let mut ended = row.clone().into_active_model();
    ended.valid_to = Set(Some(day("2026-06-01")));
    ended.update(&tx).await.expect("ended");
    let left = affiliation::Model {
        id: crate::clock::new_id(),
        kind: AffiliationKind::None,
        valid_from: day("2026-06-01"),
        ..row
    };
    affiliation::Entity::insert(left.into_active_model()).exec(&tx).await.expect("left");
    tx.commit().await.expect("committed");
    let on = |at: &str| cdgs_of(db.read(), versailles, day(at));
    assert_eq!(on("2026-05-31").await.expect("CDG").len(), 1);
    assert!(on("2026-06-01").await.expect("CDG").is_empty());
}
