//! Opening what a new requirement asks of everybody, while somebody else writes: how long it takes, and
//! how long the other one waits.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use maitrise::clock::{self, Clock};
use maitrise::db::Db;
use maitrise::obligations::model::{ObligationOrigin, obligation};
use maitrise::requirements::audience::{Audience, Condition};
use maitrise::requirements::due::{After, DueRule, Event, When};
use maitrise::requirements::model::{Counted, Force};
use maitrise::requirements::rules::Draft;
use maitrise::requirements::{enter, preview, switch, write};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::beside::Beside;
use crate::population::Population;
use crate::report::Report;
use crate::support::Cluster;

/// Fewest persons that a number may stand for.
const LEAST: u64 = 5;

/// Measures on one engine: PostgreSQL where a cluster is given.
pub async fn all(
    people: usize,
    cluster: Option<&Cluster>,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.on(if cluster.is_some() { "PostgreSQL" } else { "SQLite" });
    let folder = tempfile::tempdir()?;
    let url = cluster.map(|cluster| cluster.create_database("obligations")).unwrap_or_default();
    let population = Population::create(folder.path(), url, people).await?;
    let db = Db::connect(&population.settings.database).await?;
    require(&db).await?;
    let beside = Beside::start(&db, &population.settings.database);
    let clock = Clock::default();
    let started = Instant::now();
    while enter(&db, clock.now()).await?.more {}
    let took = started.elapsed();
    let waits = beside.end().await?;
    let opened = obligation::Entity::find()
        .filter(obligation::Column::Origin.eq(ObligationOrigin::Requirement))
        .count(db.read())
        .await?;
    ensure!(opened == people as u64, "{opened} obligations for {people} persons");
    let what = format!("opening {people} obligations of a new requirement");
    report.under(&what, took.as_secs_f64(), 20.0, "s");
    waits.report(report);
    db.close().await?;
    Ok(())
}

/// Requires a module that nobody has completed of everybody.
async fn require(db: &Db) -> anyhow::Result<()> {
    let draft = Draft {
        title_fr: "Banc".to_owned(),
        title_en: "Bench".to_owned(),
        force: Force::Mandatory,
        module: Some(Population::code(1)),
        path: None,
        audience: Audience { any_of: vec![Condition::default()] },
        due: DueRule {
            when: When::After(After { event: Event::Publication, months: 12, days: 0 }),
            notice_days: 30,
        },
        renewal: None,
        reference: None,
        accepts_months: Some(24),
        versions: Counted::Current,
        from_number: None,
        agreed_only: false,
    };
    let now = Clock::default().now();
    let tx = db.begin_write().await?;
    let held = write::create(&tx, None, "banc", &draft, now).await?;
    let seen = preview::of(&tx, &held, LEAST, now).await.context("a preview")?;
    let quoted = (seen.digest.as_str(), Some(seen.band));
    switch::enable(&tx, clock::new_id(), held, quoted, LEAST, now).await?;
    tx.commit().await?;
    Ok(())
}
