//! The catalogue in its exchange formats, for anyone.

use std::marker::PhantomData;

use anyhow::Context as _;
use bytes::Bytes;
use poem::http::{HeaderValue, header};
use poem::{IntoResponse, Response};
use poem_openapi::param::{Header, Query};
use poem_openapi::payload::Payload;
use poem_openapi::registry::MetaSchemaRef;
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, OpenApi};

use super::{Offer, csv, jsonld, lheo, table};
use crate::app::App;
use crate::error::{Reason, Refusal, Result};
use crate::http::problem::Problem;
use crate::http::{Tag, etag};

/// Exchange formats.
pub struct ExchangeApi {
    /// The application.
    pub app: App,
}

/// What tells the formats apart.
trait Format: Send + 'static {
    /// Its media type.
    const MEDIA_TYPE: &'static str;
    /// The name under which a browser saves it.
    const FILE: &'static str;
}

struct JsonLd;
struct LheoXml;
struct Spreadsheet;

impl Format for JsonLd {
    const MEDIA_TYPE: &'static str = jsonld::MEDIA_TYPE;
    const FILE: &'static str = "catalogue.jsonld";
}

impl Format for LheoXml {
    const MEDIA_TYPE: &'static str = lheo::MEDIA_TYPE;
    const FILE: &'static str = "catalogue.lheo.xml";
}

impl Format for Spreadsheet {
    const MEDIA_TYPE: &'static str = table::MEDIA_TYPE;
    const FILE: &'static str = "catalogue.csv";
}

/// The catalogue in a format.
struct Document<F>(Bytes, PhantomData<F>);

impl<F: Format> Payload for Document<F> {
    const CONTENT_TYPE: &'static str = F::MEDIA_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        String::schema_ref()
    }
}

impl<F: Format> IntoResponse for Document<F> {
    fn into_response(self) -> Response {
        let mut response = Response::builder().content_type(F::MEDIA_TYPE).body(self.0);
        let disposition = format!("attachment; filename=\"{}\"", F::FILE);
        if let Ok(value) = HeaderValue::from_str(&disposition) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }
}

#[derive(ApiResponse)]
enum Told<F: Format> {
    /// What is published now.
    #[oai(status = 200)]
    Fresh(
        Document<F>,
        /// Entity tag.
        #[oai(header = "ETag")]
        String,
        /// Caching.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// What `If-None-Match` names is still so.
    #[oai(status = 304)]
    NotModified(
        /// Entity tag.
        #[oai(header = "ETag")]
        String,
        /// Caching.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Exchange")]
impl ExchangeApi {
    /// The published catalogue as schema.org courses (JSON-LD)
    #[oai(path = "/catalogue.jsonld", method = "get", operation_id = "catalogue_jsonld")]
    async fn catalogue_jsonld(
        &self,
        /// Organisation reference of a provider.
        #[oai(example = "crate::http::examples::provider", validator(max_length = 100))]
        provider: Query<Option<String>>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Told<JsonLd>, Problem> {
        let make = |offer: Offer<'_>| Ok(jsonld(offer));
        Ok(self.told(provider.0.as_deref(), if_none_match.0.as_deref(), make).await?)
    }

    /// The published catalogue in LHEO 2.3, without the modules of providers that have no activity
    /// number, SIRET and address: a comment at its head says how many
    #[oai(path = "/catalogue.lheo.xml", method = "get", operation_id = "catalogue_lheo")]
    async fn catalogue_lheo(
        &self,
        /// Organisation reference of a provider.
        #[oai(example = "crate::http::examples::provider", validator(max_length = 100))]
        provider: Query<Option<String>>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Told<LheoXml>, Problem> {
        let make = |offer: Offer<'_>| {
            let told = lheo::lheo(offer)?;
            told.document.ok_or_else(|| nothing_to_tell(told.left_out).into())
        };
        Ok(self.told(provider.0.as_deref(), if_none_match.0.as_deref(), make).await?)
    }

    /// The published catalogue as a table (UTF-8 with its mark, semicolons, French headers)
    #[oai(path = "/catalogue.csv", method = "get", operation_id = "catalogue_csv")]
    async fn catalogue_csv(
        &self,
        /// Organisation reference of a provider.
        #[oai(example = "crate::http::examples::provider", validator(max_length = 100))]
        provider: Query<Option<String>>,
        /// Tag of an answer already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Told<Spreadsheet>, Problem> {
        let make = |offer: Offer<'_>| Ok(csv(offer).context("the table")?);
        Ok(self.told(provider.0.as_deref(), if_none_match.0.as_deref(), make).await?)
    }
}

impl ExchangeApi {
    /// The catalogue in a format, made once for each revision.
    async fn told<F: Format>(
        &self,
        provider: Option<&str>,
        known: Option<&str>,
        make: impl FnOnce(Offer<'_>) -> Result<Vec<u8>>,
    ) -> Result<Told<F>> {
        let catalogue = self.app.shelf.current(self.app.db.read()).await?;
        // A space stands in no query string: no other answer goes by this name.
        let question = format!("{} {provider:?}", F::FILE);
        let url = &self.app.settings.http.public_url;
        let body = catalogue.answer(&question, || -> Result<Bytes> {
            Ok(make(Offer::of(&catalogue, provider, url))?.into())
        })?;
        let (tag, caching) =
            (etag::representation(catalogue.revision), etag::REVALIDATE.to_owned());
        if etag::is_known(known, &tag) {
            return Ok(Told::NotModified(tag, caching));
        }
        Ok(Told::Fresh(Document(body, PhantomData), tag, caching))
    }
}

fn nothing_to_tell(left_out: usize) -> Refusal {
    Refusal::new(Reason::NotFound).because(
        format!(
            "Aucun module à dire en LHEO ({left_out} laissés de côté) : leur organisme doit d'abord \
             avoir un numéro d'activité, un SIRET et une adresse."
        ),
        format!(
            "No module to tell in LHEO ({left_out} left out): their provider must first have an \
             activity number, a SIRET and an address."
        ),
    )
}
