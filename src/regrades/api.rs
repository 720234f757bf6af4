//! Correcting keys over HTTP: preview, decision, and what was decided.

use chrono::{DateTime, Utc};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use std::sync::Arc;

use super::decide;
use super::model::regrade;
use super::preview::Preview;
use super::run::{self, Means};
use super::wish::{KeyWish, Lower, Wish};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::catalogue::{Edition, find};
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{DraftReader, Publisher};
use crate::http::problem::Problem;
use crate::learning::model::key_correction;
use crate::learning::study::Attester;
use crate::publication::api::PersonsTold;

/// Pages that are gone through before answering; the worker does the rest.
const AT_ONCE: usize = 3;

/// Corrected keys.
pub struct RegradesApi {
    /// The application.
    pub app: App,
}

/// Another right answer to a question.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct CorrectedKey {
    /// Its id in the version.
    #[oai(validator(max_length = 40))]
    question: String,
    /// Identifiers of the right choices, or of all items in the right order, as the author wrote them.
    #[oai(validator(min_items = 1, max_items = 8))]
    right_answers: Vec<String>,
    /// Why, as learners will read it; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: String,
}

/// Keys to correct.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct RegradePreviewIn {
    /// The questions, each once.
    #[oai(validator(min_items = 1, max_items = 100))]
    corrections: Vec<CorrectedKey>,
}

/// The decision to lower results that passed.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct LowerIn {
    /// How many persons would fail, as the preview says; absent where it withholds the number.
    persons: Option<u64>,
    /// Why; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: String,
}

/// Keys to correct, as previewed.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct RegradeIn {
    /// The questions, each once.
    #[oai(validator(min_items = 1, max_items = 100))]
    corrections: Vec<CorrectedKey>,
    /// The digest of the preview.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// To lower passed results too; they stay as they are if absent.
    lower: Option<LowerIn>,
}

fn example_key() -> CorrectedKey {
    CorrectedKey {
        question: "q1".to_owned(),
        right_answers: vec!["b".to_owned()],
        reason: "La réponse « a » suivait une version du texte qui n’est plus en vigueur."
            .to_owned(),
    }
}

impl Example for RegradePreviewIn {
    fn example() -> Self {
        Self { corrections: vec![example_key()] }
    }
}

impl Example for RegradeIn {
    fn example() -> Self {
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned();
        Self { corrections: vec![example_key()], digest, lower: None }
    }
}

/// Whom corrected keys would touch.
#[derive(Object)]
struct RegradePreview {
    /// To be quoted when regrading.
    digest: String,
    /// Persons one of whose results would change.
    concerned: PersonsTold,
    /// Persons who had not passed and would: they complete and are attested thereby, unless they left.
    passing: PersonsTold,
    /// Persons who passed, and one of whose passed results would be lower: it stays unless decided.
    lowered: PersonsTold,
    /// Persons who passed and would not have: they stay so unless decided.
    failing: PersonsTold,
}

impl From<Preview> for RegradePreview {
    fn from(seen: Preview) -> Self {
        Self {
            digest: seen.digest,
            concerned: seen.concerned.into(),
            passing: seen.passing.into(),
            lowered: seen.lowered.into(),
            failing: seen.failing.into(),
        }
    }
}

/// Keys of a version that were corrected.
#[derive(Object)]
struct Regrade {
    /// Identifier.
    id: Uuid,
    /// 1, 2, 3 … in the version.
    number: i32,
    /// The questions whose keys were corrected.
    questions: Vec<String>,
    /// Whether passed results are lowered too.
    lower: bool,
    /// When it was decided: every attempt handed in since is marked under the corrected keys.
    decided_at: DateTime<Utc>,
    /// When all earlier attempts had been marked again; absent while they are.
    #[oai(skip_serializing_if_is_none)]
    finished_at: Option<DateTime<Utc>>,
}

/// What was corrected in a version, latest first.
#[derive(Object)]
struct Regrades {
    /// All of it.
    items: Vec<Regrade>,
    /// Always null: it is one page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Publication")]
impl RegradesApi {
    /// Whom corrected keys of a published version would touch
    #[oai(
        path = "/modules/:code/versions/:number/regrade/preview",
        method = "post",
        operation_id = "preview_regrade"
    )]
    async fn preview_regrade(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
        body: Json<RegradePreviewIn>,
    ) -> Result<Json<RegradePreview>, Problem> {
        let edition = self.edition(&code, number.0, &who, Action::Publish).await?;
        let wish = Wish { keys: keys(body.0.corrections), lower: None };
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let seen = decide::consider(conn, &who, &edition, &wish, self.least(), now).await?;
        Ok(Json(seen.preview.into()))
    }

    /// Correct keys of a published version, and mark every attempt again under them
    ///
    /// Passed results are not lowered unless `lower` says so. Results are marked again at once where
    /// they are few, and by the worker.
    #[oai(
        path = "/modules/:code/versions/:number/regrade",
        method = "post",
        operation_id = "regrade_version"
    )]
    async fn regrade_version(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
        body: Json<RegradeIn>,
    ) -> Result<Json<Regrade>, Problem> {
        let edition = self.edition(&code, number.0, &who, Action::Publish).await?;
        let RegradeIn { corrections, digest, lower } = body.0;
        let lower = lower.map(|LowerIn { persons, reason }| Lower { persons, reason });
        let wish = Wish { keys: keys(corrections), lower };
        let (conn, now, least) = (self.app.db.read(), self.app.clock.now(), self.least());
        let seen = decide::consider(conn, &who, &edition, &wish, least, now).await?;
        let tx = self.app.db.begin_write().await?;
        let quoted = (&seen, digest.as_str(), least);
        let row = decide::decide(&tx, &who, &edition, &wish, quoted, now).await?;
        tx.commit().await?;
        self.begin().await;
        let row = regrade::Entity::find_by_id(row.id)
            .one(conn)
            .await
            .map_err(crate::error::Error::from)?
            .unwrap_or(row);
        let questions = wish.keys.into_iter().map(|key| key.question).collect();
        Ok(Json(Regrade::of(row, questions)))
    }

    /// What was corrected in the keys of a version
    #[oai(
        path = "/modules/:code/versions/:number/regrades",
        method = "get",
        operation_id = "list_regrades"
    )]
    async fn list_regrades(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
    ) -> Result<Json<Regrades>, Problem> {
        let edition = self.edition(&code, number.0, &who, Action::ReadDraft).await?;
        let items = self.all(&edition).await?;
        Ok(Json(Regrades { items, next: None }))
    }
}

impl RegradesApi {
    async fn edition(
        &self,
        code: &str,
        number: i32,
        who: &crate::accounts::Principal,
        action: Action,
    ) -> Result<Arc<Edition>> {
        let conn = self.app.db.read();
        let module = find::by_code(conn, &code_of(code)?).await?;
        policy::allow(who, action, &Target::Provider(module.provider_id))?;
        let version = find::version(conn, module.id, number).await?;
        self.app.shelf.edition(conn, version.id).await
    }

    fn least(&self) -> u64 {
        u64::try_from(self.app.settings.statistics.min_persons).unwrap_or(5)
    }

    /// Begins what was decided. It is done whatever happens now: the worker goes on with it.
    async fn begin(&self) {
        let App { db, shelf, keys, clock, settings, .. } = &self.app;
        let attester = Attester { keys, issuer: &settings.http.public_url };
        let means = Means { db, shelf, attester, clock };
        for _ in 0..AT_ONCE {
            match run::advance(means, run::PAGE).await {
                Ok(step) if step.more => {}
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "a regrade could not begin: the worker will");
                    return;
                }
            }
        }
    }

    async fn all(&self, edition: &Edition) -> Result<Vec<Regrade>> {
        let conn = self.app.db.read();
        let rows = regrade::Entity::find()
            .filter(regrade::COLUMN.version_id.eq(edition.version.id))
            .order_by_desc(regrade::Column::Number)
            .all(conn)
            .await?;
        let keys = key_correction::Entity::find()
            .filter(key_correction::COLUMN.version_id.eq(edition.version.id))
            .all(conn)
            .await?;
        let of = |number: i32| {
            let mine = keys.iter().filter(|key| key.number == number);
            mine.map(|key| key.question_id.clone()).collect()
        };
        Ok(rows
            .into_iter()
            .map(|row| (of(row.number), row))
            .map(|(q, row)| Regrade::of(row, q))
            .collect())
    }
}

impl Regrade {
    fn of(row: regrade::Model, questions: Vec<String>) -> Self {
        Self {
            id: row.id,
            number: row.number,
            questions,
            lower: row.lower,
            decided_at: row.decided_at,
            finished_at: row.finished_at,
        }
    }
}

fn keys(corrections: Vec<CorrectedKey>) -> Vec<KeyWish> {
    let key = |CorrectedKey { question, right_answers, reason }: CorrectedKey| KeyWish {
        question,
        right: right_answers,
        reason,
    };
    corrections.into_iter().map(key).collect()
}
