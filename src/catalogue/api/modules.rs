//! Modules: what is published, for anyone, and a new one, for trainers.
//!
//! Creating stands here because a path belongs to one API struct: two would write it twice in the
//! OpenAPI document, where the second hides the first.

use std::sync::Arc;

use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use serde_json::json;

use super::bodies::{AudienceParam, LevelParam, Version, Versions};
use super::code_of;
use super::detail::Detail;
use super::draft_bodies::{NewModule, Opened, opened};
use super::found::{BandParam, Items, Related, SortParam, several, told};
use super::questions::{KeyedQuestions, tell_reading};
use super::recommendation::RecommendationParam;
use super::tagged::Tagged;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::search::{self, Filter};
use crate::catalogue::{Edition, draft, find};
use crate::content::ModuleCode;
use crate::error::{Faults, Reason, Result};
use crate::http::Tag;
use crate::http::etag;
use crate::http::guards::{DraftReader, DraftWriter};
use crate::http::page::{Page, cursor};
use crate::http::prepared::json_of;
use crate::http::problem::Problem;

/// The published catalogue.
pub struct CatalogueApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Catalogue")]
impl CatalogueApi {
    /// The published catalogue, searched, with counts by facet
    #[expect(clippy::too_many_arguments, reason = "one argument per query parameter")]
    #[oai(path = "/modules", method = "get", operation_id = "list_modules")]
    async fn list_modules(
        &self,
        request: &Request,
        /// Words to be found in code, title, summary, objectives, themes or lessons; accents, number,
        /// gender and a slip of the keyboard do not matter, and synonyms count.
        #[oai(example = "crate::http::examples::words", validator(max_length = 200))]
        q: Query<Option<String>>,
        /// A theme, such as `ia`; several between commas, of which any will do.
        #[oai(example = "crate::http::examples::theme", validator(max_length = 100))]
        theme: Query<Option<String>>,
        /// A public; given several times, any of them will do.
        #[oai(validator(max_items = 3))]
        audience: Query<Option<Vec<AudienceParam>>>,
        /// Awareness (*sensibilisation*) or training (*formation*); given twice, either will do.
        #[oai(validator(max_items = 2))]
        level: Query<Option<Vec<LevelParam>>>,
        /// A recommendation of Senate report n° 447; given several times, any of them will do.
        #[oai(
            example = "crate::catalogue::api::recommendation::example",
            validator(max_items = 11)
        )]
        recommendation: Query<Option<Vec<RecommendationParam>>>,
        /// Organisation reference of a provider; several between commas, of which any will do.
        #[oai(example = "crate::http::examples::provider", validator(max_length = 100))]
        provider: Query<Option<String>>,
        /// Longest announced duration, in minutes.
        #[oai(example = "crate::http::examples::minutes")]
        max_minutes: Query<Option<u32>>,
        /// A band of announced durations, in minutes.
        duration: Query<Option<BandParam>>,
        /// Language (two letters); several between commas, of which any will do.
        #[oai(example = "crate::http::examples::language", validator(max_length = 10))]
        language: Query<Option<String>>,
        /// The order; by default `relevance` where there are words, `code` otherwise.
        sort: Query<Option<SortParam>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Tagged<Items>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let filter = Filter {
            q: q.0,
            theme: several(theme.0),
            audience: audience.0.into_iter().flatten().map(Into::into).collect(),
            level: level.0.into_iter().flatten().map(Into::into).collect(),
            recommendation: recommendation.0.into_iter().flatten().map(|one| one.0).collect(),
            provider: several(provider.0),
            max_minutes: max_minutes.0,
            duration: duration.0.map(Into::into).into_iter().collect(),
            language: several(language.0),
            sort: sort.0.map(Into::into),
        };
        let catalogue = self.app.shelf.current(self.app.db.read()).await?;
        let question = request.uri().query().unwrap_or_default();
        let list = || Ok(json_of(&told(&search::search(&catalogue, &filter)?, &page)?));
        Ok(Tagged::try_of(if_none_match.0.as_deref(), catalogue.revision, || {
            catalogue.answer(question, list)
        })?)
    }

    /// The modules that go with one: five at most, the closest first
    #[oai(path = "/modules/:code/related", method = "get", operation_id = "related_modules")]
    async fn related_modules(
        &self,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Tagged<Related>, Problem> {
        let edition = self.current(&code).await?;
        let catalogue = self.app.shelf.current(self.app.db.read()).await?;
        Ok(Tagged::of(if_none_match.0.as_deref(), catalogue.revision, || {
            let found = search::related(&catalogue, edition.code());
            json_of(&Related { items: found.iter().map(|e| e.as_ref().into()).collect() })
        }))
    }

    /// Create a module, with an empty draft
    #[oai(path = "/modules", method = "post", operation_id = "create_module")]
    async fn create_module(
        &self,
        who: DraftWriter,
        body: Json<NewModule>,
    ) -> Result<Opened, Problem> {
        let code = new_code(&body.code)?;
        let now = self.app.clock.now();
        let tx = self.app.db.begin_write().await?;
        let desk = draft::create_module(&tx, &who, &code, &body.provider, now).await?;
        tx.commit().await?;
        Ok(opened(&self.app, desk, true).await?)
    }

    /// A module as published now
    #[oai(path = "/modules/:code", method = "get", operation_id = "get_module")]
    async fn get_module(
        &self,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Tagged<Detail>, Problem> {
        let edition = self.current(&code).await?;
        let tag = format!("{}-{}", edition.version.id, edition.provider_revision);
        Ok(Tagged::of(if_none_match.0.as_deref(), tag, || json_of(&Detail::of(&edition, &[]))))
    }

    /// The versions of a module, latest first
    #[oai(path = "/modules/:code/versions", method = "get", operation_id = "list_versions")]
    async fn list_versions(
        &self,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Versions>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let before = page.after.as_deref().map(str::parse).transpose();
        let before = before.map_err(|_| Reason::InvalidParameter)?;
        let (edition, retired) = self.last(&code).await?;
        let module = edition.module.id;
        let rows = find::versions(self.app.db.read(), module, page.limit, before).await?;
        let full = u64::try_from(rows.len()).is_ok_and(|n| n == page.limit);
        let last = rows.last().filter(|v| full && v.number > 1);
        let next = last.map(|v| cursor(&v.number.to_string()));
        let number = edition.version.number;
        let items = rows.into_iter().map(|row| Version::of(row, number, retired));
        Ok(Json(Versions { items: items.collect(), next }))
    }

    /// One version of a module, with the text of its lessons
    #[oai(path = "/modules/:code/versions/:number", method = "get", operation_id = "get_version")]
    async fn get_version(
        &self,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Tagged<Detail>, Problem> {
        let edition = self.numbered(&code, number.0).await?;
        let tag = format!("{}-{}-lessons", edition.version.id, edition.provider_revision);
        let known = if_none_match.0.as_deref();
        let unread = !etag::is_known(known, &etag::representation(&tag));
        let pages = if unread { self.app.shelf.pages(&edition).await? } else { Vec::new() };
        Ok(Tagged::of(known, tag, || json_of(&Detail::of(&edition, &pages))))
    }

    /// The questions of a version with their keys: for the provider's trainers, reviewers,
    /// publishers and auditors; the reading is journalled
    #[oai(
        path = "/modules/:code/versions/:number/questions",
        method = "get",
        operation_id = "version_questions"
    )]
    async fn version_questions(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
    ) -> Result<Json<KeyedQuestions>, Problem> {
        let edition = self.numbered(&code, number.0).await?;
        policy::allow(&who, Action::ReadDraft, &Target::Provider(edition.module.provider_id))?;
        let detail = json!({ "module": edition.module.code, "number": edition.version.number });
        tell_reading(
            &self.app,
            &who,
            "questions.read",
            ("module_version", edition.version.id),
            detail,
        )
        .await?;
        Ok(Json(edition.content.as_ref().into()))
    }
}

impl CatalogueApi {
    async fn current(&self, code: &str) -> Result<Arc<Edition>> {
        find::current_by_code(&self.app.shelf, self.app.db.read(), &code_of(code)?).await
    }

    /// The last version published, whether or not the module is still in the catalogue.
    async fn last(&self, code: &str) -> Result<(Arc<Edition>, bool)> {
        find::last_by_code(&self.app.shelf, self.app.db.read(), &code_of(code)?).await
    }

    async fn numbered(&self, code: &str, number: i32) -> Result<Arc<Edition>> {
        let (current, _) = self.last(code).await?;
        if current.version.number == number {
            return Ok(current);
        }
        let version = find::version(self.app.db.read(), current.module.id, number).await?;
        self.app.shelf.edition(self.app.db.read(), version.id).await
    }
}

fn new_code(text: &str) -> Result<ModuleCode> {
    let parsed = ModuleCode::parse(text);
    let mut faults = Faults::default();
    faults.check(
        parsed.is_ok(),
        "/code",
        "une majuscule, puis des majuscules, des chiffres ou des tirets, 24 caractères au plus",
        "a capital, then capitals, digits or hyphens, 24 characters at most",
    );
    faults.refuse()?;
    parsed.map_err(|_| Reason::InvalidValues.into())
}
