//! Texts: listing, reading, recording.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::bodies::{
    ReferenceDetail, ReferenceIn, ReferenceRecorded, ReferenceShown, ReferenceVersionIn, References,
};
use crate::app::App;
use crate::content::ModuleCode;
use crate::error::Result;
use crate::http::Tag;
use crate::http::etag;
use crate::http::guards::{ReferenceReader, ReferenceRecorder};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::references::agenda;
use crate::references::record::{self, Recorded};
use crate::references::texts::{self, Wanted};

/// Legal references.
pub struct ReferencesApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Told {
    /// The text.
    #[oai(status = 200)]
    Text(
        Json<ReferenceDetail>,
        /// The number of its latest version between double quotes: what a new version quotes.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Written {
    /// Recorded.
    #[oai(status = 201)]
    New(
        Json<ReferenceRecorded>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// Its ETag.
        #[oai(header = "ETag")]
        String,
    ),
    /// Nothing differs from the latest version, which is answered.
    #[oai(status = 200)]
    Same(
        Json<ReferenceRecorded>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// Its ETag.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::References")]
impl ReferencesApi {
    /// The texts that modules cite, as they are known now
    #[oai(path = "/references", method = "get", operation_id = "list_references")]
    async fn list_references(
        &self,
        _who: ReferenceReader,
        /// Words to be found in the id, the citation or the article; accents do not matter.
        #[oai(example = "crate::http::examples::words", validator(max_length = 200))]
        q: Query<Option<String>>,
        /// Those that end, or must be read again, before this day.
        #[oai(example = "crate::http::examples::day")]
        due_before: Query<Option<NaiveDate>>,
        /// Those that a module cites as published now, by its code.
        #[oai(example = "crate::http::examples::one_module", validator(max_length = 24))]
        cited_by: Query<Option<String>>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<References>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let cited_by = match &cited_by.0 {
            Some(code) => Some(self.cited_by(code).await?),
            None => None,
        };
        let wanted = Wanted { words: q.0, due_before: due_before.0, among: cited_by };
        let found = texts::latest(self.app.db.read(), &wanted).await?;
        let (found, next) = page.cut(found, |(slug, _)| slug.clone());
        let items = found.into_iter().map(|(slug, row)| ReferenceShown::of(slug, row)).collect();
        Ok(Json(References { items, next }))
    }

    /// A text with its versions, and the modules and questions that cite it now
    #[oai(path = "/references/:id", method = "get", operation_id = "get_reference")]
    async fn get_reference(
        &self,
        _who: ReferenceReader,
        /// Id of the text.
        #[oai(example = "crate::http::examples::reference")]
        id: Path<String>,
    ) -> Result<Told, Problem> {
        let conn = self.app.db.read();
        let (text, versions) = texts::history(conn, &id.0).await?;
        let number = versions.last().map_or(0, |version| version.number);
        let catalogue = self.app.shelf.current(conn).await?;
        let cites = catalogue.editions().map(|edition| edition.content.as_ref());
        let cites = cites.filter(|module| module.manifest.references.iter().any(|r| r.id == id.0));
        let cited = agenda::cited(&cites.collect::<Vec<_>>()).remove(&id.0).unwrap_or_default();
        let detail = ReferenceDetail {
            id: text.slug,
            versions: versions.into_iter().rev().map(Into::into).collect(),
            cited_by: cited.into_iter().map(Into::into).collect(),
        };
        Ok(Told::Text(Json(detail), etag::quoted(number)))
    }

    /// Record a text that is not known yet
    #[oai(path = "/references", method = "post", operation_id = "create_reference")]
    async fn create_reference(
        &self,
        who: ReferenceRecorder,
        body: Json<ReferenceIn>,
    ) -> Result<Written, Problem> {
        let ReferenceIn { id, version } = body.0;
        let tx = self.app.db.begin_write().await?;
        let recorded = record::create(&tx, &who, version.of(&id), self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(written(id, recorded))
    }

    /// Record what a text says from now on: a new version, or its end
    ///
    /// `If-Match` carries the number of its latest version. Every module that cites the text is then to
    /// be reviewed, unless the law is the same and it was only read again.
    #[oai(path = "/references/:id/versions", method = "post", operation_id = "revise_reference")]
    async fn revise_reference(
        &self,
        who: ReferenceRecorder,
        /// Id of the text.
        #[oai(example = "crate::http::examples::reference")]
        id: Path<String>,
        /// The ETag of the text: the number of its latest version between double quotes.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<ReferenceVersionIn>,
    ) -> Result<Written, Problem> {
        let tx = self.app.db.begin_write().await?;
        let held = record::locked(&tx, &id.0).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(held.1.number))?;
        let now = self.app.clock.now();
        let recorded = record::revise(&tx, &who, held, body.0.of(&id.0), now).await?;
        tx.commit().await?;
        Ok(written(id.0, recorded))
    }
}

impl ReferencesApi {
    /// The ids of the texts that a module cites; none of a module that is not published.
    async fn cited_by(&self, code: &str) -> Result<BTreeSet<String>> {
        let catalogue = self.app.shelf.current(self.app.db.read()).await?;
        let edition = ModuleCode::parse(code).ok().and_then(|code| catalogue.get(&code).cloned());
        let copies = edition.iter().flat_map(|edition| &edition.content.manifest.references);
        Ok(copies.map(|copy| copy.id.clone()).collect())
    }
}

fn written(slug: String, recorded: Recorded) -> Written {
    let Recorded { version, new, to_review } = recorded;
    let (location, tag) = (format!("/api/v1/references/{slug}"), etag::quoted(version.number));
    let body = Json(ReferenceRecorded { reference: ReferenceShown::of(slug, version), to_review });
    if new { Written::New(body, location, tag) } else { Written::Same(body, location, tag) }
}
