//! Bytes that are sent as they are read: media, archives. Never held whole.

use std::io;

use bytes::Bytes;
use futures_util::Stream;
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::payload::{Binary, Payload};
use poem_openapi::registry::MetaSchemaRef;

/// A stream of bytes with its media type and its length.
#[derive(Debug)]
pub struct Served(Response);

impl Served {
    /// So many bytes of a media type.
    pub fn new(
        media_type: &str,
        length: u64,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let Self(mut response) = Self::of(media_type, bytes);
        // What HEAD answers too, whose body is taken off.
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        Self(response)
    }

    /// Bytes of a media type, nobody knows how many yet.
    pub fn of(
        media_type: &str,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self(Response::builder().content_type(media_type).body(Body::from_bytes_stream(bytes)))
    }

    /// With one more header; one that cannot be written is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers_mut().insert(name, value);
        }
        self
    }
}

impl Payload for Served {
    const CONTENT_TYPE: &'static str = "application/octet-stream";

    fn schema_ref() -> MetaSchemaRef {
        Binary::<Bytes>::schema_ref()
    }
}

impl IntoResponse for Served {
    fn into_response(self) -> Response {
        self.0
    }
}
