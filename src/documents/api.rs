//! The documents of my attestations, made when they are asked for.

use bytes::Bytes;
use futures_util::stream;
use poem::http::header;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, Enum, OpenApi};
use uuid::Uuid;

use super::model::{Attachment, Kind, Relation, Subject};
use super::subject::Sources;
use crate::app::App;
use crate::attestations::api::maker;
use crate::attestations::model::{attestation, credential as credential_row};
use crate::attestations::{badge, credential, find};
use crate::error::{Error, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::problem::Problem;
use crate::http::served::Served;

/// Documents.
pub struct DocumentsApi {
    /// The application.
    pub app: App,
}

/// Which document.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "DocumentKind", rename_all = "lowercase")]
enum Asked {
    /// *Attestation de fin de formation*: objectives, results of the assessment.
    Attestation,
    /// *Certificat de réalisation*: what was followed, when, for how long.
    Certificat,
}

impl From<Asked> for Kind {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Attestation => Self::Attestation,
            Asked::Certificat => Self::Certificat,
        }
    }
}

#[derive(ApiResponse)]
enum Document {
    /// A PDF: PDF/A-3 and PDF/UA-1, with the credential attached; the same bytes each time.
    #[oai(status = 200)]
    Now(Served),
}

fn example() -> Option<Asked> {
    Some(Asked::Certificat)
}

#[OpenApi(tag = "Tag::Attestations")]
impl DocumentsApi {
    /// A document of one of my attestations, as a PDF
    #[oai(
        path = "/api/v1/attestations/:id/document.pdf",
        method = "get",
        operation_id = "get_document"
    )]
    async fn document(
        &self,
        who: SignedIn,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// Which document (default `attestation`).
        #[oai(example = "example")]
        kind: Query<Option<Asked>>,
    ) -> Result<Document, Problem> {
        let kind = kind.0.map_or(Kind::Attestation, Kind::from);
        let app = &self.app;
        let row = find::own(app.db.read(), who.person_id, id.0).await?;
        Ok(Document::Now(of(app, kind, &row).await?))
    }
}

/// A document of an attestation as its holder receives it: with its credential attached, and its proof in
/// the QR code.
///
/// # Errors
/// `not-found` when the holder's name has been erased; or when it cannot be drawn.
pub async fn of(app: &App, kind: Kind, row: &attestation::Model) -> Result<Served> {
    let mut subject = super::subject(app.db.read(), sources(app), row).await?;
    let kept = credential::of(&app.db, maker(app), row, app.clock.now()).await?;
    subject.qr = format!("{}#{}", subject.verification_url, kept.proof);
    drawn(kind, subject, attached(kept)).await
}

/// A credential as it is attached to a document.
fn attached(kept: credential_row::Model) -> Attachment {
    Attachment {
        name: "attestation.jwt".to_owned(),
        media_type: badge::MEDIA_TYPE.to_owned(),
        description: "La même attestation, signée, pour d'autres systèmes (Open Badges 3.0)"
            .to_owned(),
        relation: Relation::Alternative,
        bytes: kept.jwt.into_bytes(),
    }
}

/// Where an application reads the subject of a document from.
pub fn sources(app: &App) -> Sources<'_> {
    Sources {
        shelf: &app.shelf,
        media: &app.media,
        keys: &app.keys,
        public_url: &app.settings.http.public_url,
    }
}

/// A document, drawn off the threads that serve, under a name that says what it is and of nobody.
async fn drawn(kind: Kind, subject: Subject, attached: Attachment) -> Result<Served> {
    let name = format!("{}-{}-{}.pdf", kind.slug(), subject.training.module, subject.ended_on);
    let drawing =
        tokio::task::spawn_blocking(move || super::render(kind, &subject, Some(&attached)));
    let bytes = Bytes::from(drawing.await.map_err(|error| Error::Internal(error.into()))??);
    let served = Served::new("application/pdf", bytes.len() as u64, stream::iter([Ok(bytes)]));
    Ok(served
        .header(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "no-store"))
}
