//! Media of published modules, for anyone: under the digest of their bytes, so that they never change.

use std::ops::Range;

use futures_util::stream;
use poem::http::header;
use poem_openapi::param::{Header, Path};
use poem_openapi::{ApiResponse, OpenApi};

use crate::app::App;
use crate::catalogue::shown::{Shown, shown};
use crate::content::{Digest, MediaKind};
use crate::error::Reason;
use crate::http::Tag;
use crate::http::problem::Problem;
use crate::http::served::Served;
use crate::http::{etag, range};

/// What is under a digest is the same for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A file that somebody sent runs nothing and loads nothing, even opened by itself.
const POLICY: &str = "default-src 'none'; sandbox";

/// Media.
pub struct MediaApi {
    /// The application.
    pub app: App,
}

#[derive(ApiResponse)]
enum Medium {
    /// The whole.
    #[oai(status = 200)]
    Whole(
        Served,
        /// Entity tag.
        #[oai(header = "ETag")]
        String,
        /// Caching.
        #[oai(header = "Cache-Control")]
        String,
    ),
    /// The range asked for; `Content-Range` says which.
    #[oai(status = 206)]
    Part(
        Served,
        /// Entity tag.
        #[oai(header = "ETag")]
        String,
        /// Caching.
        #[oai(header = "Cache-Control")]
        String,
        /// First and last byte, and how many there are in all.
        #[oai(header = "Content-Range")]
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

#[OpenApi(tag = "Tag::Catalogue")]
impl MediaApi {
    /// An image, a sound, a film, captions or a document that a published version shows
    #[oai(path = "/media/:digest", method = "get", operation_id = "get_media")]
    async fn get_media(
        &self,
        /// SHA-256 of its bytes, in 64 lowercase hexadecimal digits.
        #[oai(example = "crate::http::examples::digest")]
        digest: Path<String>,
        /// One range of bytes.
        #[oai(name = "Range", example = "crate::http::examples::range")]
        range: Header<Option<String>>,
        /// Tag of what the range is of.
        #[oai(name = "If-Range", example = "crate::http::examples::if_none_match")]
        if_range: Header<Option<String>>,
        /// Tag of what is already at hand.
        #[oai(name = "If-None-Match", example = "crate::http::examples::if_none_match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Medium, Problem> {
        let digest: Digest = digest.parse().map_err(|_| Reason::NotFound)?;
        let found = shown(self.app.db.read(), &digest).await?;
        let (tag, caching) = (etag::quoted(digest), FOR_EVER.to_owned());
        if etag::is_known(if_none_match.0.as_deref(), &tag) {
            return Ok(Medium::NotModified(tag, caching));
        }
        let total = found.bytes();
        let asked = range::asked(range.0.as_deref(), if_range.0.as_deref(), &tag, total)?;
        let bounds = asked.clone().unwrap_or(0..total);
        let served = match &found {
            Shown::Captions(text) => {
                let part = text.slice(cut(&bounds));
                Served::new("text/vtt; charset=utf-8", part.len() as u64, stream::iter([Ok(part)]))
            }
            Shown::Media(media, name) => {
                let kind = media.kind.ok_or(Reason::Internal)?;
                let bytes = self.app.media.get(&digest, asked.clone()).await?;
                named(Served::new(kind.media_type(), bounds.end - bounds.start, bytes), kind, name)
            }
        };
        let served = served
            .header(header::ACCEPT_RANGES, "bytes")
            .header(header::CONTENT_SECURITY_POLICY, POLICY);
        Ok(match asked {
            None => Medium::Whole(served, tag, caching),
            Some(part) => {
                let part = format!("bytes {}-{}/{total}", part.start, part.end - 1);
                Medium::Part(served, tag, caching, part)
            }
        })
    }
}

/// A range of what fits in memory.
fn cut(bounds: &Range<u64>) -> Range<usize> {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    place(bounds.start)..place(bounds.end)
}

/// Browsers show no document in a sandbox: it is saved, under the name that its module gave it.
fn named(served: Served, kind: MediaKind, name: &str) -> Served {
    match kind {
        MediaKind::Pdf => {
            served.header(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
        }
        _ => served,
    }
}
