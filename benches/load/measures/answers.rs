//! Answers kept one by one: each learner has an open attempt at the quiz of the first module, and
//! answers a question of it once.

use anyhow::{Context as _, ensure};
use chrono::Utc;
use maitrise::catalogue::import;
use maitrise::clock;
use maitrise::content::{self, Kind};
use maitrise::db::Db;
use maitrise::learning::model::{attempt, attempt_answer};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::json;
use uuid::Uuid;

use super::{Bench, MOST_PER_SECOND};
use crate::population::{Learner, Population};
use crate::server::Served;
use crate::wrk::{self, Run};

/// Attempts written in one statement: what an engine binds at most is far away.
const BATCH: usize = 1_000;

/// The same for everybody: what is drawn does not matter here.
const SEED: i64 = 1;

/// What is answered.
pub struct Asked {
    /// Learners and their open attempts.
    attempts: Vec<(Learner, Uuid)>,
    /// Questions to tick, each with one of its choices.
    questions: Vec<(String, String)>,
}

impl Asked {
    /// Opens an attempt for as many learners as `seconds` may take.
    pub async fn prepare(population: &Population, seconds: u64) -> anyhow::Result<Self> {
        let count = MOST_PER_SECOND * usize::try_from(seconds)?;
        let learners = population.learners.iter().take(count);
        let attempts: Vec<(Learner, Uuid)> = learners.map(|l| (*l, clock::new_id())).collect();
        let db = Db::connect(&population.settings.database).await?;
        let now = clock::Clock::default().now();
        for some in attempts.chunks(BATCH) {
            let rows = some.iter().map(|(learner, id)| row(*id, learner.enrolment_id, now));
            let tx = db.begin_write().await?;
            attempt::Entity::insert_many(rows).exec_without_returning(&tx).await?;
            tx.commit().await?;
        }
        db.close().await?;
        Ok(Self { attempts, questions: questions()? })
    }
}

fn row(id: Uuid, enrolment_id: Uuid, now: chrono::DateTime<Utc>) -> attempt::ActiveModel {
    let row = attempt::Model {
        id,
        enrolment_id,
        number: 1,
        seed: SEED,
        started_at: now,
        submitted_at: None,
        due_at: None,
    };
    row.into_active_model().reset_all()
}

/// What the seed draws of the shipped module E1, of which every module of the catalogue is a copy.
fn questions() -> anyhow::Result<Vec<(String, String)>> {
    let embedded = import::embedded()?;
    let (_, tree) = embedded.iter().find(|(name, _)| name == "E1").context("module E1")?;
    let module = content::read(tree).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    let drawn = content::draw(&module.quiz, SEED.cast_unsigned());
    let ticked = drawn.into_iter().filter(|one| one.kind == Kind::Single);
    let all: Vec<_> = ticked
        .filter_map(|one| Some((one.question.clone(), one.choices.first()?.clone())))
        .collect();
    ensure!(all.len() >= 2, "two questions to tick are needed");
    Ok(all)
}

impl Bench<'_> {
    /// Keeps an answer to the n-th question of each attempt.
    pub(super) async fn answers(
        &self,
        served: &Served,
        asked: &Asked,
        n: usize,
        rate: Option<f64>,
    ) -> anyhow::Result<Run> {
        let (question, choice) = &asked.questions[n];
        let body = json!({ "choices": [choice] }).to_string();
        let lines = asked.attempts.iter().map(|(learner, attempt)| {
            let path = format!("/api/v1/attempts/{attempt}/answers/{question}");
            Ok(wrk::line("PUT", &path, &self.population.token(learner)?, &body))
        });
        let before = self.kept().await?;
        let run = self.send(served, "answers", lines, self.load, rate).await?;
        run.all_answered(200)?;
        self.close_to(&run, self.kept().await? - before)?;
        Ok(run)
    }

    /// Answers kept, once nothing is being written any more.
    async fn kept(&self) -> anyhow::Result<u64> {
        let db = Db::connect(&self.population.settings.database).await?;
        let mut before = None;
        loop {
            let now = attempt_answer::Entity::find().count(db.read()).await?;
            if before == Some(now) {
                db.close().await?;
                return Ok(now);
            }
            before = Some(now);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
}
