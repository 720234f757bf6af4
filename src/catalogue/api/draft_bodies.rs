//! What requests and answers about drafts are made of.

use bytes::Bytes;
use futures_util::stream;
use poem::Body;
use poem_openapi::payload::{Binary, Json, PlainText};
use poem_openapi::{ApiRequest, ApiResponse, Object};
use sea_orm::ActiveEnum as _;

use crate::accounts::Principal;
use crate::accounts::policy::Action;
use crate::app::App;
use crate::catalogue::draft::{self, Desk};
use crate::content::{Finding, ModuleCode, Tree};
use crate::error::{Reason, Result};
use crate::http::etag;
use crate::http::served::Served;

/// A module to create.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct NewModule {
    /// Its code for ever: a capital, then capitals, digits or hyphens, 24 characters at most.
    #[oai(validator(max_length = 100))]
    pub(super) code: String,
    /// Organisation reference of its provider.
    #[oai(validator(max_length = 100))]
    pub(super) provider: String,
}

impl poem_openapi::types::Example for NewModule {
    fn example() -> Self {
        Self { code: "PREMIERS-PAS".to_owned(), provider: "local:maitrise".to_owned() }
    }
}

/// A file of a draft.
#[derive(Object)]
struct DraftFile {
    /// Its path.
    path: String,
    /// Its size, in bytes.
    bytes: u64,
    /// SHA-256 of its bytes.
    sha256: String,
}

/// Something to mend, in French.
#[derive(Object)]
struct DraftFinding {
    /// Path of the file.
    path: String,
    /// Line, from 1; absent when the whole file is meant.
    #[oai(skip_serializing_if_is_none)]
    line: Option<u32>,
    /// `error`: to mend before submitting; `due`: to be looked at again before publishing.
    severity: String,
    /// What is wrong.
    what: String,
    /// What to do about it.
    remedy: String,
}

/// What a reviewer said.
#[derive(Object)]
struct DraftReview {
    /// `accepted` or `changes_requested`.
    verdict: String,
    /// Why.
    comment: String,
    /// Digest of what was read.
    digest: String,
    /// When.
    at: chrono::DateTime<chrono::Utc>,
}

/// A draft as it stands.
#[derive(Object)]
pub(super) struct Draft {
    /// The module's code.
    code: String,
    /// `writing`, `submitted` (frozen) or `reviewed` (accepted as it stands).
    state: String,
    /// SHA-256 of its file tree.
    digest: String,
    /// Its files, by path.
    files: Vec<DraftFile>,
    /// What is to mend before it can be submitted, and what is due before it can be published.
    findings: Vec<DraftFinding>,
    /// What reviewers said, latest first.
    reviews: Vec<DraftReview>,
}

/// The bytes of a file.
#[derive(ApiRequest)]
pub(super) enum FileBytes {
    /// Text in UTF-8.
    Text(PlainText<String>),
    /// Bytes as they are: media, up to 64 MiB, or a text.
    #[oai(content_type = "application/octet-stream")]
    Raw(Binary<Body>),
}

#[derive(ApiResponse)]
pub(super) enum Opened {
    /// Opened.
    #[oai(status = 201)]
    New(
        Json<Draft>,
        /// The draft.
        #[oai(header = "Location")]
        String,
        /// Entity tag, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
    /// It was open already.
    #[oai(status = 200)]
    Already(
        Json<Draft>,
        /// Entity tag, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
pub(super) enum Stands {
    /// The draft as it stands.
    #[oai(status = 200)]
    Now(
        Json<Draft>,
        /// Entity tag, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
pub(super) enum FileRead {
    /// The file: a text as `text/plain`, a medium as what it is.
    #[oai(status = 200)]
    Now(
        Served,
        /// Entity tag of the draft, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

/// The draft as it is, for someone who may write in it and has read it so: asked before anything long
/// is received, and again once it is held.
pub(super) async fn may_write(
    app: &App,
    who: &Principal,
    code: &ModuleCode,
    if_match: Option<&str>,
) -> Result<Desk> {
    let desk = draft::look(app.db.read(), who, Action::WriteDraft, code).await?;
    etag::demand(if_match, &etag::quoted(desk.stamp()))?;
    desk.must_be_writing()?;
    Ok(desk)
}

/// Answers one file of a draft.
pub(super) async fn read(app: &App, desk: &Desk, path: &str) -> Result<FileRead> {
    let served = match draft::read_file(app.db.read(), &desk.draft, path).await? {
        draft::DraftFile::Text(bytes) => {
            let bytes = Bytes::from(bytes);
            let length = bytes.len() as u64;
            Served::new("text/plain; charset=utf-8", length, stream::iter([Ok(bytes)]))
        }
        draft::DraftFile::Media(media) => {
            let kind = media.kind.ok_or(Reason::Internal)?;
            let bytes = app.media.get(&media.digest, None).await?;
            Served::new(kind.media_type(), media.bytes, bytes)
        }
    };
    Ok(FileRead::Now(served, etag::quoted(desk.stamp())))
}

/// Answers a draft just opened, or open already.
pub(super) async fn opened(app: &App, desk: Desk, new: bool) -> Result<Opened> {
    let tag = etag::quoted(desk.stamp());
    let location = format!("/api/v1/modules/{}/draft", desk.module.code);
    let body = Json(body(app, desk).await?);
    Ok(if new { Opened::New(body, location, tag) } else { Opened::Already(body, tag) })
}

/// Answers a draft as it stands.
pub(super) async fn stands(app: &App, desk: Desk) -> Result<Stands> {
    let tag = etag::quoted(desk.stamp());
    Ok(Stands::Now(Json(body(app, desk).await?), tag))
}

async fn body(app: &App, desk: Desk) -> Result<Draft> {
    let conn = app.db.read();
    let reading = draft::reading(conn, &desk, app.clock.now().date_naive()).await?;
    let reviews = draft::reviews(conn, desk.draft.id).await?;
    let review = |r: crate::catalogue::model::draft_review::Model| DraftReview {
        verdict: r.verdict.to_value(),
        comment: r.comment,
        digest: r.tree_digest,
        at: r.at,
    };
    Ok(Draft {
        code: desk.module.code,
        state: desk.draft.state.to_value(),
        digest: reading.tree.digest().to_string(),
        files: files(&reading.tree),
        findings: reading.findings.into_iter().map(DraftFinding::from).collect(),
        reviews: reviews.into_iter().map(review).collect(),
    })
}

fn files(tree: &Tree) -> Vec<DraftFile> {
    tree.files()
        .map(|(path, body)| DraftFile {
            path: path.to_owned(),
            bytes: body.bytes(),
            sha256: body.digest().to_string(),
        })
        .collect()
}

impl From<Finding> for DraftFinding {
    fn from(finding: Finding) -> Self {
        let Finding { path, line, severity, what, remedy } = finding;
        Self { path, line, severity: severity.to_string(), what, remedy }
    }
}
