//! Learning paths: what is published, for anyone, and the next versions, for publishers.

use bytes::Bytes;
use poem::Request;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::code_of;
use super::modules::Tagged;
use super::path_bodies::{Items, Shown, Versions};
use super::path_input::{NewPath, NextPath};
use crate::app::App;
use crate::catalogue::paths::author::{self, Desk};
use crate::catalogue::paths::find;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::etag;
use crate::http::guards::Publisher;
use crate::http::page::{Page, cursor};
use crate::http::prepared::json_of;
use crate::http::problem::Problem;

/// The published paths.
pub struct PathsApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Published {
    /// Published now.
    #[oai(status = 201)]
    New(
        Json<Shown>,
        /// The path.
        #[oai(header = "Location")]
        String,
        /// Tag for `If-Match`: the number of the version.
        #[oai(header = "ETag")]
        String,
    ),
    /// The latest version says so already.
    #[oai(status = 200)]
    Already(
        Json<Shown>,
        /// Tag for `If-Match`: the number of the version.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Paths")]
impl PathsApi {
    /// The learning paths that can be followed today, in the order of their codes
    #[oai(path = "/paths", method = "get", operation_id = "list_paths")]
    async fn list_paths(
        &self,
        request: &Request,
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
        let catalogue = self.app.shelf.current(self.app.db.read()).await?;
        let list = || -> Bytes {
            let all: Vec<_> = catalogue.paths().collect();
            let (paths, next) = page.cut(all, |path| path.path.code.clone());
            let items = paths.into_iter().map(|path| Shown::of(path, &catalogue)).collect();
            json_of(&Items { items, next })
        };
        let question = format!("paths?{}", request.uri().query().unwrap_or_default());
        Ok(Tagged::of(if_none_match.0.as_deref(), catalogue.revision, || {
            catalogue.answer(&question, list)
        }))
    }

    /// Publish a new path of a provider, in its first version
    #[oai(path = "/paths", method = "post", operation_id = "create_path")]
    async fn create_path(&self, who: Publisher, body: Json<NewPath>) -> Result<Published, Problem> {
        let path = body.0.read()?;
        let known = self.app.shelf.current(self.app.db.read()).await?.known_modules();
        let now = self.app.clock.now();
        let tx = self.app.db.begin_write().await?;
        let desk = author::create(&tx, &who, &path, &known, now).await?;
        tx.commit().await?;
        Ok(self.published(desk, true).await?)
    }

    /// A path as published now
    #[oai(path = "/paths/:code", method = "get", operation_id = "get_path")]
    async fn get_path(
        &self,
        /// Path code.
        #[oai(example = "crate::http::examples::learning_path")]
        code: Path<String>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Tagged<Shown>, Problem> {
        let catalogue = self.app.shelf.current(self.app.db.read()).await?;
        let path = catalogue.path(&code.0).ok_or(Reason::NotFound)?;
        let tag = format!("{}-{}", path.version.id, catalogue.revision);
        let known = if_none_match.0.as_deref();
        Ok(Tagged::of(known, tag, || json_of(&Shown::of(path, &catalogue))))
    }

    /// The versions of a path, latest first
    #[oai(path = "/paths/:code/versions", method = "get", operation_id = "list_path_versions")]
    async fn list_path_versions(
        &self,
        /// Path code.
        #[oai(example = "crate::http::examples::learning_path")]
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
        let conn = self.app.db.read();
        let path = find::current(&self.app.shelf, conn, &code_of(&code)?).await?.path.id;
        let rows = find::versions(conn, path, page.limit, before).await?;
        let full = u64::try_from(rows.len()).is_ok_and(|n| n == page.limit);
        let last = rows.last().filter(|version| full && version.number > 1);
        let next = last.map(|version| cursor(&version.number.to_string()));
        Ok(Json(Versions { items: rows.into_iter().map(Into::into).collect(), next }))
    }

    /// Publish the next version of a path; `If-Match` is the number of the latest one, between double
    /// quotes. Whoever follows the path stays with the version begun
    #[oai(path = "/paths/:code/versions", method = "post", operation_id = "revise_path")]
    async fn revise_path(
        &self,
        who: Publisher,
        /// Path code.
        #[oai(example = "crate::http::examples::learning_path")]
        code: Path<String>,
        /// Number of the latest version as it was read, between double quotes.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<NextPath>,
    ) -> Result<Published, Problem> {
        let known = self.app.shelf.current(self.app.db.read()).await?.known_modules();
        let now = self.app.clock.now();
        let tx = self.app.db.begin_write().await?;
        let desk = author::lock(&tx, &who, &code_of(&code)?).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(desk.latest.number))?;
        let provider = author::provider_of(&desk)?;
        let (path, change) = body.0.read(desk.path.code.clone(), provider)?;
        let (desk, new) = author::revise(&tx, &who, desk, &path, change, &known, now).await?;
        tx.commit().await?;
        Ok(self.published(desk, new).await?)
    }

    /// One version of a path
    #[oai(
        path = "/paths/:code/versions/:number",
        method = "get",
        operation_id = "get_path_version"
    )]
    async fn get_path_version(
        &self,
        /// Path code.
        #[oai(example = "crate::http::examples::learning_path")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Tagged<Shown>, Problem> {
        let conn = self.app.db.read();
        let catalogue = self.app.shelf.current(conn).await?;
        let current = catalogue.path(code_of(&code)?.as_str()).ok_or(Reason::NotFound)?;
        let path = find::numbered(conn, current.path.id, number.0).await?;
        let tag = format!("{}-{}", path.version.id, catalogue.revision);
        let known = if_none_match.0.as_deref();
        Ok(Tagged::of(known, tag, || json_of(&Shown::of(&path, &catalogue))))
    }
}

impl PathsApi {
    /// A path just published, as it is from now on. A reader that cannot be refreshed at once will be
    /// by its watch.
    async fn published(&self, desk: Desk, new: bool) -> Result<Published> {
        let conn = self.app.db.read();
        let catalogue = self.app.shelf.refresh_if_moved(conn).await?;
        let path = find::numbered(conn, desk.path.id, desk.latest.number).await?;
        let (body, tag) = (Json(Shown::of(&path, &catalogue)), etag::quoted(desk.latest.number));
        let location = format!("/api/v1/paths/{}", desk.path.code);
        Ok(if new { Published::New(body, location, tag) } else { Published::Already(body, tag) })
    }
}
