//! Forms that send a file: read as they arrive, never held whole, and only once their token is right.

use bytes::Bytes;
use futures_util::Stream;
use poem::web::{Field, Multipart};
use poem::{Body, FromRequest, Request, RequestBody};
use tokio::io::AsyncReadExt as _;

use super::form::{self, Fields, Sender};
use super::visitor::{Member, Visitor};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::problem::Problem;
use crate::http::upload;

/// Most fields that stand before the file, and their longest value, in bytes.
const MOST_FIELDS: usize = 8;
const LONGEST: usize = 1_024;

/// A file sent by somebody signed in, from a page of theirs. The fields stand before the file.
pub struct Uploaded {
    /// Who sent it.
    pub member: Member,
    /// The name that the file had where it comes from.
    pub name: String,
    /// Its bytes, as they arrive.
    pub body: Body,
}

impl std::fmt::Debug for Uploaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Uploaded").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Uploaded {
    /// Its bytes, as they arrive.
    pub fn bytes(self) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
        upload::stream(self.body)
    }
}

impl<'a> FromRequest<'a> for Uploaded {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = request.data::<App>().ok_or(Problem::from(Reason::Internal))?;
        let visitor = Visitor::of(request).await.map_err(Problem::from)?;
        if Sender::of(request.headers(), &app.settings.http.public_url) == Sender::Elsewhere {
            return Err(form::refused(&visitor, Fields::default()));
        }
        // Nothing is read of what nobody signed in sends.
        if visitor.signed.is_none() {
            return Err(form::refused(&visitor, Fields::default()));
        }
        let too_large = |length: u64| length > upload::MAX_UPLOAD_BYTES;
        if length(request).is_some_and(too_large) {
            return Err(refused(&visitor, Reason::TooLarge));
        }
        let parts = Multipart::from_request(request, body).await;
        let parts = parts.map_err(|_| refused(&visitor, Reason::UnsupportedMediaType))?;
        let (fields, file) = match read(parts).await {
            Ok(read) => read,
            Err(reason) => return Err(refused(&visitor, reason)),
        };
        let signed = visitor.signed.clone().filter(|signed| form::is_theirs(signed, &fields));
        let Some(signed) = signed else { return Err(form::refused(&visitor, fields)) };
        let name = file.file_name().unwrap_or_default().to_owned();
        let body = Body::from_async_read(file.into_async_read());
        Ok(Self { member: Member { visitor, signed }, name, body })
    }
}

fn length(request: &Request) -> Option<u64> {
    request.header("content-length")?.parse().ok()
}

fn refused(visitor: &Visitor, reason: Reason) -> poem::Error {
    poem::Error::from_response(visitor.refused(reason.into()))
}

/// The fields, then the file that they announce.
async fn read(mut parts: Multipart) -> Result<(Fields, Field), Reason> {
    let mut fields = Vec::new();
    while fields.len() <= MOST_FIELDS {
        let field = parts.next_field().await.map_err(|_| Reason::UnreadableBody)?;
        let field = field.ok_or(Reason::UnreadableBody)?;
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            return Ok((Fields::of(fields), field));
        }
        let mut text = String::new();
        let mut value = field.into_async_read().take(LONGEST as u64 + 1);
        value.read_to_string(&mut text).await.map_err(|_| Reason::UnreadableBody)?;
        if text.len() > LONGEST || name.len() > LONGEST || text.contains('\0') {
            return Err(Reason::UnreadableBody);
        }
        fields.push((name, text));
    }
    Err(Reason::UnreadableBody)
}
