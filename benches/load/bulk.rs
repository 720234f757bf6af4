//! Enrolling ten thousand agents of one employer by one order, with a due date, while somebody else
//! writes: how long it takes from the order to the end of the job, and how long the other one waits.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use maitrise::accounts::grants;
use maitrise::accounts::model::{Role, account};
use maitrise::accounts::principal::Scope;
use maitrise::catalogue::Shelf;
use maitrise::clock::{self, Clock};
use maitrise::cohorts::rows::{Named, Terms};
use maitrise::cohorts::work;
use maitrise::db::Db;
use maitrise::jobs::model::{JobKind, JobState, job};
use maitrise::jobs::{NewJob, queue};
use maitrise::obligations::model::obligation;
use maitrise::people::model::{CapacityKind, capacity};
use maitrise::records::model::{FactKind, fact};
use maitrise::territory::model::{OrganisationKind, organisation};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::beside::Beside;
use crate::population::{Population, held};
use crate::report::Report;
use crate::support::Cluster;

/// The module in which they are enrolled: not the one that they have begun.
const RANK: usize = 1;

/// Capacities written at once.
const BATCH: usize = 1_000;

/// Measures on one engine: PostgreSQL where a cluster is given.
pub async fn all(
    people: usize,
    cluster: Option<&Cluster>,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.on(if cluster.is_some() { "PostgreSQL" } else { "SQLite" });
    let folder = tempfile::tempdir()?;
    let url = cluster.map(|cluster| cluster.create_database("bulk")).unwrap_or_default();
    let population = Population::create(folder.path(), url, people).await?;
    let db = Db::connect(&population.settings.database).await?;
    let clock = Clock::default();
    let order = order(&db, population.learners[0].account_id, clock.now()).await?;
    let shelf = Shelf::default();
    shelf.current(db.read()).await?;
    let beside = Beside::start(&db, &population.settings.database);
    let worker = clock::new_id();
    let started = Instant::now();
    let tx = db.begin_write().await?;
    let asked = queue::open(&tx, order, clock.now()).await?;
    tx.commit().await?;
    while work::work(&db, &shelf, worker, &clock).await? {}
    let took = started.elapsed();
    let waits = beside.end().await?;
    check(&db, asked.id, people).await?;
    let what = format!("enrolling {people} agents by one order, with a due date");
    report.under(&what, took.as_secs_f64(), 3.0, "s");
    waits.report(report);
    db.close().await?;
    Ok(())
}

/// Makes everybody an agent of one commune besides, and the order to enrol them all.
async fn order(db: &Db, manager: Uuid, now: DateTime<Utc>) -> anyhow::Result<NewJob> {
    let commune = organisation::Entity::find()
        .filter(organisation::Column::Kind.eq(OrganisationKind::Commune))
        .one(db.read())
        .await?
        .context("a commune")?;
    let accounts = account::Entity::find().all(db.read()).await?;
    let tx = db.begin_write().await?;
    for some in accounts.chunks(BATCH) {
        let rows = some
            .iter()
            .map(|account| held(account.person_id, CapacityKind::Agent, commune.id, now));
        let rows = rows.map(|row| row.into_active_model().reset_all());
        capacity::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    }
    let scope = Scope::Organisation(commune.id);
    grants::record(&tx, manager, Role::EmployerManager, scope, None, None, now).await?;
    tx.commit().await?;
    let due_on = (now + chrono::Duration::days(90)).date_naive();
    let (module, by) = (Some(Population::code(RANK)), "employer".to_owned());
    Ok(NewJob {
        kind: JobKind::Enrolment,
        asked_by: manager,
        organisation_id: commune.id,
        terms: json!(Terms { module, path: None, due_on: Some(due_on), by }),
        rows: accounts.into_iter().map(|a| Named::Login(a.sign_in_name).kept()).collect(),
    })
}

/// Everybody is enrolled, once, owes it, and is counted: statistics count these very facts.
async fn check(db: &Db, id: Uuid, people: usize) -> anyhow::Result<()> {
    let done = job::Entity::find_by_id(id).one(db.read()).await?.context("the job")?;
    ensure!(done.state == JobState::Done, "the job is {:?}", done.state);
    ensure!(done.counts["enrolled"] == json!(people), "enrolled: {}", done.counts);
    let facts = fact::Entity::find()
        .filter(fact::Column::Kind.eq(FactKind::Enrolled))
        .filter(fact::Column::OrganisationId.eq(done.organisation_id))
        .filter(fact::Column::RecordedBy.eq(done.asked_by))
        .count(db.read())
        .await?;
    let owed = obligation::Entity::find().count(db.read()).await?;
    ensure!(facts >= people as u64 && owed == people as u64, "{facts} facts, {owed} obligations");
    Ok(())
}
