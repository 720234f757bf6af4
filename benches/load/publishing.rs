//! What publishing costs when thousands are concerned: a version that leaves those under way alone, and
//! one that a change of the law makes those owe who had completed the module.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use maitrise::accounts::model::Role;
use maitrise::accounts::{Principal, Scope, grants, invite};
use maitrise::catalogue::model::{ChangeKind, ReviewKind, Verdict};
use maitrise::catalogue::{adopt, draft, find};
use maitrise::clock::{self, Clock};
use maitrise::content::ModuleCode;
use maitrise::db::Db;
use maitrise::enrolments::model::enrolment;
use maitrise::obligations::model::{ObligationOrigin, obligation};
use maitrise::people::identity::NewPerson;
use maitrise::publication::preview::{Change, House, consider};
use maitrise::publication::publish::{Request, publish};
use maitrise::publication::review::{Opinion, review};
use maitrise::records::model::{FactKind, fact};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};
use serde_json::json;

use crate::population::Population;
use crate::report::Report;
use crate::support::Cluster;

const HOUSE: House = House { production: false, min_persons: 5 };
const FACTS_AT_ONCE: usize = 1_000;

/// Who publishes, and what.
struct Press {
    db: Db,
    code: ModuleCode,
    trainer: Principal,
    reviewer: Principal,
}

/// Measures on one engine: PostgreSQL where a cluster is given.
pub async fn all(
    people: usize,
    cluster: Option<&Cluster>,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.on(if cluster.is_some() { "PostgreSQL" } else { "SQLite" });
    let folder = tempfile::tempdir()?;
    let url = cluster.map(|cluster| cluster.create_database("publishing")).unwrap_or_default();
    let population = Population::create(folder.path(), url, people).await?;
    let press = Press::open(&population).await?;

    let took = press.publishes(ChangeKind::Substantive).await?;
    let what = format!("publishing with {people} persons under way");
    report.under(&what, took.as_secs_f64(), 1.0, "s");
    ensure!(press.owed().await? == 0, "a substantive change opened obligations");

    press.everyone_completes().await?;
    let took = press.publishes(ChangeKind::Legal).await?;
    let what = format!("publishing a change of the law that {people} persons then owe");
    report.under(&what, took.as_secs_f64(), 1.0, "s");
    let owed = press.owed().await?;
    ensure!(owed == people as u64, "{owed} obligations for {people} persons");
    press.db.close().await?;
    Ok(())
}

impl Press {
    async fn open(population: &Population) -> anyhow::Result<Self> {
        let db = Db::connect(&population.settings.database).await?;
        let now = Clock::default().now();
        let code = ModuleCode::parse(&Population::code(0)).context("a code")?;
        let module = find::by_code(db.read(), &code).await?;
        let scope = Scope::Provider(module.provider_id);
        let tx = db.begin_write().await?;
        let mut people = Vec::new();
        for word in ["formatrice", "relectrice"] {
            let new = NewPerson {
                given_name: "Dominique".to_owned(),
                family_name: "Fictif".to_owned(),
                address: format!("{word}@banc.example"),
                shared: false,
            };
            let account = invite::open(&tx, &new, None, now).await?;
            for role in [Role::Trainer, Role::Reviewer, Role::Publisher] {
                grants::record(&tx, account.id, role, scope, None, None, now).await?;
            }
            people.push(Principal::load(&tx, account.id, account.generation, now).await?);
        }
        let reviewer = people.pop().context("a reviewer")?;
        let trainer = people.pop().context("a trainer")?;
        adopt::adopt(&tx, &reviewer, &code, now).await?;
        tx.commit().await?;
        Ok(Self { db, code, trainer, reviewer })
    }

    /// Writes, submits, has reviewed; then times the publication alone, its commit included.
    async fn publishes(&self, kind: ChangeKind) -> anyhow::Result<Duration> {
        let now = Clock::default().now();
        let change = Change::declared(kind, None)?;
        let desk = self.accepted(now).await?;
        let seen = consider(self.db.read(), &desk, change, HOUSE, now).await?;
        let number = seen.preview.next;
        let request = Request { change, digest: seen.preview.digest, note: None };
        let started = Instant::now();
        let tx = self.db.begin_write().await?;
        let version = publish(&tx, &self.reviewer, &self.code, request, HOUSE, now).await?;
        tx.commit().await?;
        let took = started.elapsed();
        ensure!(version.number == number, "version {} for {number}", version.number);
        Ok(took)
    }

    async fn accepted(&self, now: DateTime<Utc>) -> anyhow::Result<draft::Desk> {
        let tx = self.db.begin_write().await?;
        let (desk, _) = draft::open_draft(&tx, &self.trainer, &self.code, now).await?;
        let reading = draft::reading(&tx, &desk, now.date_naive()).await?;
        let lesson = &reading.content.as_ref().context("a sound draft")?.lessons[0];
        let path = format!("lessons/{}.md", lesson.slug);
        let mut text = reading.tree.get(&path).context("a lesson")?.to_vec();
        text.extend_from_slice("\nUne phrase de plus.\n".as_bytes());
        let desk = draft::put_file(&tx, &self.trainer, desk, &path, text, now).await?;
        let desk = draft::submit(&tx, &self.trainer, desk, now).await?;
        let opinion = Opinion {
            digest: desk.draft.submitted_digest.clone().context("a digest")?,
            kind: ReviewKind::Both,
            verdict: Verdict::Accepted,
            comment: "Relu.".to_owned(),
            remarks: Vec::new(),
        };
        let desk = review(&tx, &self.reviewer, &self.code, opinion, now).await?;
        tx.commit().await?;
        Ok(desk)
    }

    /// Records a completion for everyone enrolled.
    async fn everyone_completes(&self) -> anyhow::Result<()> {
        let now = Clock::default().now();
        let module = find::by_code(self.db.read(), &self.code).await?;
        let enrolled = enrolment::Entity::find()
            .filter(enrolment::Column::ModuleId.eq(module.id))
            .all(self.db.read())
            .await?;
        for some in enrolled.chunks(FACTS_AT_ONCE) {
            let rows = some.iter().map(|row| completed(row, now).into_active_model().reset_all());
            let tx = self.db.begin_write().await?;
            fact::Entity::insert_many(rows).exec_without_returning(&tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn owed(&self) -> anyhow::Result<u64> {
        Ok(obligation::Entity::find()
            .filter(obligation::Column::Origin.eq(ObligationOrigin::LegalChange))
            .count(self.db.read())
            .await?)
    }
}

fn completed(row: &enrolment::Model, now: DateTime<Utc>) -> fact::Model {
    fact::Model {
        id: clock::new_id(),
        kind: FactKind::Completed,
        person_id: row.person_id,
        enrolment_id: Some(row.id),
        module_id: Some(row.module_id),
        version_id: Some(row.version_id),
        organisation_id: row.organisation_id,
        occurred_at: now,
        recorded_at: now,
        recorded_by: Some(row.enrolled_by),
        natural_key: format!("completed:{}", row.id),
        supersedes_id: None,
        payload: json!({ "module": "BANC-00" }),
    }
}
