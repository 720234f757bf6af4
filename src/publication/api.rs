//! Review, preview and publication over HTTP.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use sea_orm::ActiveEnum as _;

use super::checklist::Check;
use super::preview::{self, House, Persons, Preview};
use super::publish::{self, Request};
use super::review::{self, Opinion};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::api::code_of;
use crate::catalogue::draft;
use crate::catalogue::model::{ChangeKind, Verdict};
use crate::config::Mode;
use crate::error::Result;
use crate::http::Tag;
use crate::http::guards::{DraftReviewer, Publisher};
use crate::http::problem::Problem;
use crate::http::shown::shown;
use crate::instance::{self, InstanceKind};

/// From draft to publication.
pub struct PublicationApi {
    /// The application.
    pub app: App,
}

shown! {
    /// What a reviewer concludes.
    #[oai(rename = "Verdict")]
    VerdictShown of Verdict {
        /// Fit to be published as it stands.
        Accepted,
        /// Back to its authors.
        ChangesRequested,
    }
}

/// What a version changes.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "Change", rename_all = "snake_case")]
enum ChangeShown {
    /// Wording only.
    Editorial,
    /// What is taught.
    Substantive,
    /// What the law requires.
    Legal,
}

/// A review.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ReviewIn {
    /// Digest of the draft that was read.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// The conclusion.
    verdict: VerdictShown,
    /// Why, for the authors; 1 to 4000 characters.
    #[oai(validator(min_length = 1, max_length = 4000))]
    comment: String,
}

impl Example for ReviewIn {
    fn example() -> Self {
        Self {
            digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            verdict: VerdictShown::Accepted,
            comment: "Relu : les sources sont à jour et les exemples parlants.".to_owned(),
        }
    }
}

/// Where a draft stands after its review.
#[derive(Object)]
struct Reviewed {
    /// `reviewed`, or `writing` when changes were requested.
    state: String,
}

/// A publication to preview.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct PreviewIn {
    /// What the version changes.
    change: ChangeShown,
}

impl Example for PreviewIn {
    fn example() -> Self {
        Self { change: ChangeShown::Substantive }
    }
}

/// A number of persons, withheld when statistical secrecy asks for it.
#[derive(Object)]
struct PersonsTold {
    /// How many; absent when withheld.
    #[oai(skip_serializing_if_is_none)]
    count: Option<u64>,
    /// Whether the number is withheld for statistical secrecy: fewer persons than this installation's
    /// threshold (5 at least), none included.
    suppressed: bool,
}

/// One line of the checklist; every line must hold.
#[derive(Object)]
struct CheckLine {
    /// A stable code.
    code: String,
    /// Whether it holds.
    holds: bool,
    /// What is asked, in French.
    label: String,
}

/// What publishing would do.
#[derive(Object)]
struct PreviewOut {
    /// To be quoted when publishing.
    digest: String,
    /// Number of the version published now.
    #[oai(skip_serializing_if_is_none)]
    current_version: Option<i32>,
    /// Number of the version to come.
    next_version: i32,
    /// Persons under way on earlier versions: they stay on theirs.
    in_progress: PersonsTold,
    /// Persons who have completed the module: they keep what they have.
    completed: PersonsTold,
    /// Whether every line of the checklist holds.
    publishable: bool,
    /// The checklist.
    checklist: Vec<CheckLine>,
}

/// A publication.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct PublishIn {
    /// What the version changes, as previewed.
    change: ChangeShown,
    /// Digest of the preview.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// A word to readers about the change; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    note: Option<String>,
}

impl Example for PublishIn {
    fn example() -> Self {
        Self {
            change: ChangeShown::Substantive,
            digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            note: Some("Les obligations de transparence ont une leçon.".to_owned()),
        }
    }
}

/// A version just published.
#[derive(Object)]
struct PublishedOut {
    /// The module's code.
    code: String,
    /// Number of the version.
    version: i32,
    /// SHA-256 of its file tree.
    digest: String,
}

#[derive(ApiResponse)]
enum Published {
    /// Published.
    #[oai(status = 201)]
    New(
        Json<PublishedOut>,
        /// The version.
        #[oai(header = "Location")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Publication")]
impl PublicationApi {
    /// Review a submitted draft, by someone who did not write it
    #[oai(path = "/modules/:code/draft/review", method = "post", operation_id = "review_draft")]
    async fn review_draft(
        &self,
        who: DraftReviewer,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        body: Json<ReviewIn>,
    ) -> Result<Json<Reviewed>, Problem> {
        let ReviewIn { digest, verdict, comment } = body.0;
        let opinion = Opinion { digest, verdict: verdict.into(), comment };
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        let desk = review::review(&tx, &who, &code_of(&code)?, opinion, now).await?;
        tx.commit().await?;
        Ok(Json(Reviewed { state: desk.draft.state.to_value() }))
    }

    /// What publishing would do, whom it would reach, and what is missing
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
        let (house, now) = (self.house().await?, self.app.clock.now());
        let preview = preview::preview(conn, &desk, body.change.into(), house, now).await?;
        Ok(Json(preview.into()))
    }

    /// Publish a reviewed draft, quoting the digest of its preview
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
        let PublishIn { change, digest, note } = body.0;
        let request = Request { change: change.into(), digest, note };
        let (house, now) = (self.house().await?, self.app.clock.now());
        // What is long is done before anything is held; a draft that is gone is told by publishing.
        let conn = self.app.db.read();
        if let Ok(desk) = draft::look(conn, &who, Action::Publish, &code).await {
            draft::reading(conn, &desk, now.date_naive()).await?;
        }
        let tx = self.app.db.begin_write().await?;
        let version = publish::publish(&tx, &who, &code, request, house, now).await?;
        tx.commit().await?;
        // It is published whatever happens now: the watch will see it if this look fails.
        if let Err(error) = self.app.shelf.refresh_if_moved(self.app.db.read()).await {
            tracing::warn!(%error, "the catalogue could not be refreshed");
        }
        let location = format!("/api/v1/modules/{code}/versions/{}", version.number);
        let (version, digest) = (version.number, version.tree_digest);
        Ok(Published::New(Json(PublishedOut { code: code.to_string(), version, digest }), location))
    }
}

impl PublicationApi {
    /// What the database is for decides; the settings speak only for a database without a mark.
    async fn house(&self) -> Result<House> {
        let settings = &self.app.settings;
        let kind = instance::kind(self.app.db.read()).await?;
        let by_settings = settings.mode == Mode::Production;
        let production = kind.map_or(by_settings, |kind| kind == InstanceKind::Production);
        let min_persons = u64::try_from(settings.statistics.min_persons).unwrap_or(5);
        Ok(House { production, min_persons })
    }
}

impl From<ChangeShown> for ChangeKind {
    fn from(word: ChangeShown) -> Self {
        match word {
            ChangeShown::Editorial => Self::Editorial,
            ChangeShown::Substantive => Self::Substantive,
            ChangeShown::Legal => Self::Legal,
        }
    }
}

impl From<Persons> for PersonsTold {
    fn from(persons: Persons) -> Self {
        match persons {
            Persons::TooFew => Self { count: None, suppressed: true },
            Persons::Count(count) => Self { count: Some(count), suppressed: false },
        }
    }
}

impl From<Check> for CheckLine {
    fn from(check: Check) -> Self {
        Self { code: check.code.to_owned(), holds: check.holds, label: check.fr.to_owned() }
    }
}

impl From<Preview> for PreviewOut {
    fn from(preview: Preview) -> Self {
        Self {
            digest: preview.digest,
            current_version: preview.current,
            next_version: preview.next,
            in_progress: preview.in_progress.into(),
            completed: preview.completed.into(),
            publishable: preview.checks.iter().all(|check| check.holds),
            checklist: preview.checks.into_iter().map(Into::into).collect(),
        }
    }
}
