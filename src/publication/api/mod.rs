//! Review, preview, publication and retirement over HTTP.

mod bodies;
mod reviewers;
mod reviews;
mod shown;

use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::json;

use super::preview::{self, Change, Considered, House};
use super::publish::{self, Request};
use super::{Differences, between, retire, schedule};
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::api::{code_of, tell_reading};
use crate::catalogue::draft::{self, Desk};
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{DraftReader, Publisher};
use crate::http::problem::Problem;

use bodies::{PreviewIn, PublishIn, RetireIn};
pub use reviewers::ReviewersApi;
pub use reviews::ReviewsApi;
pub use shown::PersonsTold;
use shown::{Cancelled, PreviewOut, Published, PublishedOut, RetiredOut, Scheduled, Schedules};

/// From draft to publication, and out of the catalogue.
pub struct PublicationApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Publication")]
impl PublicationApi {
    /// What publishing would do, whom it would reach, what changes, and what is missing
    #[oai(
        path = "/modules/:code/draft/publish/preview",
        method = "post",
        operation_id = "preview_publication"
    )]
    async fn preview_publication(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<PreviewIn>,
    ) -> Result<Json<PreviewOut>, Problem> {
        let conn = self.app.db.read();
        let desk = draft::read(conn, &who, &code_of(&code)?).await?;
        policy::allow(&who, Action::Publish, &Target::Provider(desk.module.provider_id))?;
        let change = Change::declared(body.change.into(), body.due_in_months)?;
        let (house, now) = (House::of(conn, &self.app.settings).await?, self.app.clock.now());
        let considered = preview::consider(conn, &desk, change, house, now).await?;
        let differences = self.differences(&who, &desk, &considered).await?;
        Ok(Json(PreviewOut::of(considered.preview, change, differences)))
    }

    /// Publish a reviewed draft, quoting the digest of its preview: at once, or at a date
    #[oai(path = "/modules/:code/draft/publish", method = "post", operation_id = "publish_draft")]
    async fn publish_draft(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<PublishIn>,
    ) -> Result<Published, Problem> {
        let code = code_of(&code)?;
        let PublishIn { change, digest, note, due_in_months, at } = body.0;
        let change = Change::declared(change.into(), due_in_months)?;
        let request = Request { change, digest, note };
        let conn = self.app.db.read();
        let (house, now) = (House::of(conn, &self.app.settings).await?, self.app.clock.now());
        // What is long is done before anything is held; a draft that is gone is told by publishing.
        if let Ok(desk) = draft::look(conn, &who, Action::Publish, &code).await {
            draft::reading(conn, &desk, now.date_naive()).await?;
        }
        let tx = self.app.db.begin_write().await?;
        if let Some(at) = at {
            let row = schedule::schedule(&tx, &who, &code, request, at, house, now).await?;
            tx.commit().await?;
            return Ok(Published::Later(Json(Scheduled::from(row))));
        }
        let version = publish::publish(&tx, &who, &code, request, house, now).await?;
        tx.commit().await?;
        self.refresh().await;
        let location = format!("/api/v1/modules/{code}/versions/{}", version.number);
        let (version, digest) = (version.number, version.tree_digest);
        Ok(Published::New(Json(PublishedOut { code: code.to_string(), version, digest }), location))
    }

    /// What was scheduled of a draft, latest first, and what became of it
    #[oai(
        path = "/modules/:code/draft/publish/schedule",
        method = "get",
        operation_id = "list_schedules"
    )]
    async fn list_schedules(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Json<Schedules>, Problem> {
        let conn = self.app.db.read();
        let desk = draft::read(conn, &who, &code_of(&code)?).await?;
        policy::allow(&who, Action::ReadDraft, &Target::Provider(desk.module.provider_id))?;
        let rows = schedule::of_draft(conn, desk.draft.id).await?;
        Ok(Json(Schedules { items: rows.into_iter().map(Into::into).collect() }))
    }

    /// Cancel the publication to come of a draft; there may be none
    #[oai(
        path = "/modules/:code/draft/publish/schedule",
        method = "delete",
        operation_id = "cancel_schedule"
    )]
    async fn cancel_schedule(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Cancelled, Problem> {
        let tx = self.app.db.begin_write().await?;
        schedule::cancel(&tx, &who, &code_of(&code)?, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Cancelled::Done)
    }

    /// Take a module out of the catalogue; whoever has begun may finish, and publishing brings it back
    #[oai(path = "/modules/:code/retire", method = "post", operation_id = "retire_module")]
    async fn retire_module(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<RetireIn>,
    ) -> Result<Json<RetiredOut>, Problem> {
        let code = code_of(&code)?;
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        let retirement = retire::retire(&tx, &who, &code, &body.reason, now).await?;
        tx.commit().await?;
        self.refresh().await;
        Ok(Json(RetiredOut::of(code.to_string(), retirement)))
    }
}

impl PublicationApi {
    /// What a draft changes in the version published now, if there is one and the draft can be read. It
    /// shows the right answers of questions, before and after: the journal says who reads them.
    async fn differences(
        &self,
        who: &Principal,
        desk: &Desk,
        considered: &Considered,
    ) -> Result<Option<Differences>> {
        let (Some(current), Some(content)) = (&considered.current, &considered.reading.content)
        else {
            return Ok(None);
        };
        let (act, subject) = ("questions.read", ("draft", desk.draft.id));
        let detail = json!({ "module": desk.module.code });
        tell_reading(&self.app, who, act, subject, detail).await?;
        let before = self.app.shelf.edition(self.app.db.read(), current.id).await?;
        Ok(Some(between(&before.content, content)))
    }

    /// It is done whatever happens now: the watch will see it if this look fails.
    async fn refresh(&self) {
        if let Err(error) = self.app.shelf.refresh_if_moved(self.app.db.read()).await {
            tracing::warn!(%error, "the catalogue could not be refreshed");
        }
    }
}
