//! Correcting keys over HTTP: preview, decision, and what was decided.

mod bodies;

use std::sync::Arc;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};

use bodies::{Regrade, RegradeIn, RegradePreview, RegradePreviewIn, Regrades, wish};

use super::decide;
use super::model::regrade;
use super::run::{self, Means};
use super::wish::Wish;
use crate::accounts::Principal;
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

/// Pages that are gone through before answering; the worker does the rest.
const AT_ONCE: usize = 3;

/// Corrected keys.
pub struct RegradesApi {
    /// The application.
    pub app: App,
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
        let wish = wish(body.0.corrections, None);
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
        let wish = wish(corrections, lower);
        let row = self.decided(&who, &edition, &wish, &digest).await?;
        self.begin().await;
        let row = self.as_it_is(row).await?;
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
        who: &Principal,
        action: Action,
    ) -> Result<Arc<Edition>> {
        let conn = self.app.db.read();
        let module = find::by_code(conn, &code_of(code)?).await?;
        policy::allow(who, action, &Target::Provider(module.provider_id))?;
        let version = find::version(conn, module.id, number).await?;
        self.app.shelf.edition(conn, version.id).await
    }

    /// Decides it, what is long being done before anything is held.
    async fn decided(
        &self,
        who: &Principal,
        edition: &Edition,
        wish: &Wish,
        digest: &str,
    ) -> Result<regrade::Model> {
        let (conn, now, least) = (self.app.db.read(), self.app.clock.now(), self.least());
        let seen = decide::consider(conn, who, edition, wish, least, now).await?;
        let tx = self.app.db.begin_write().await?;
        let row = decide::decide(&tx, who, edition, wish, (&seen, digest, least), now).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// How far it got by now.
    async fn as_it_is(&self, row: regrade::Model) -> Result<regrade::Model> {
        let now = regrade::Entity::find_by_id(row.id).one(self.app.db.read()).await?;
        Ok(now.unwrap_or(row))
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
