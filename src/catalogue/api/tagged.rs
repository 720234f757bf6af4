//! Public answers with an entity tag: told whole, or known already.

use std::convert::Infallible;

use bytes::Bytes;
use poem_openapi::ApiResponse;

use crate::http::etag;
use crate::http::prepared::Prepared;

/// An answer that carries a tag, or the news that nothing has changed.
#[derive(ApiResponse)]
pub(super) enum Tagged<T: poem_openapi::types::Type + poem_openapi::types::ToJSON> {
    /// As published now.
    #[oai(status = 200)]
    Fresh(
        Prepared<T>,
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

impl<T: poem_openapi::types::Type + poem_openapi::types::ToJSON> Tagged<T> {
    /// An answer of that state, whose body is made only when the caller does not know it.
    pub(super) fn of(
        known: Option<&str>,
        state: impl std::fmt::Display,
        body: impl FnOnce() -> Bytes,
    ) -> Self {
        let Ok(answer) = Self::try_of(known, state, || Ok::<_, Infallible>(body()));
        answer
    }

    /// The same of a body that may be refused.
    pub(super) fn try_of<E>(
        known: Option<&str>,
        state: impl std::fmt::Display,
        body: impl FnOnce() -> Result<Bytes, E>,
    ) -> Result<Self, E> {
        let tag = etag::representation(state);
        let caching = etag::REVALIDATE.to_owned();
        if etag::is_known(known, &tag) {
            return Ok(Tagged::NotModified(tag, caching));
        }
        Ok(Tagged::Fresh(Prepared::of(body()?), tag, caching))
    }
}
