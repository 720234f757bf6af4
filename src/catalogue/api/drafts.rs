//! Writing drafts, for the people of their provider.

use poem::Body;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use serde_json::json;

use super::code_of;
use super::draft_bodies::{FileBytes, FileRead, Opened, Stands, may_write, opened, read, stands};
use super::questions::tell_reading;
use crate::accounts::policy::Action;
use crate::app::App;
use crate::catalogue::draft::{self, DraftFile};
use crate::content::{MAX_FILE_BYTES, QUIZ_FOLDER, media_kind_of_path};
use crate::error::Result;
use crate::http::guards::{DraftReader, DraftWriter};
use crate::http::problem::Problem;
use crate::http::{Tag, etag, upload};

/// Drafts.
pub struct DraftsApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Catalogue")]
impl DraftsApi {
    /// Open the draft of the next version, starting from what is published
    #[oai(path = "/modules/:code/draft", method = "post", operation_id = "open_draft")]
    async fn open_draft(
        &self,
        who: DraftWriter,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Opened, Problem> {
        let tx = self.app.db.begin_write().await?;
        let now = self.app.clock.now();
        let (desk, new) = draft::open_draft(&tx, &who, &code_of(&code)?, now).await?;
        tx.commit().await?;
        Ok(opened(&self.app, desk, new).await?)
    }

    /// The open draft of a module: files, findings, reviews
    #[oai(path = "/modules/:code/draft", method = "get", operation_id = "get_draft")]
    async fn get_draft(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Stands, Problem> {
        let conn = self.app.db.read();
        let desk = draft::read(conn, &who, &code_of(&code)?).await?;
        Ok(stands(&self.app, desk).await?)
    }

    /// A file of a draft
    #[oai(path = "/modules/:code/draft/files", method = "get", operation_id = "get_draft_file")]
    async fn get_draft_file(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Path in the module, such as `lessons/01-intro.md`.
        #[oai(example = "crate::http::examples::path", validator(max_length = 200))]
        path: Query<String>,
    ) -> Result<FileRead, Problem> {
        let desk = draft::read(self.app.db.read(), &who, &code_of(&code)?).await?;
        if path.starts_with(QUIZ_FOLDER) {
            let detail = json!({ "module": desk.module.code, "path": path.0 });
            tell_reading(&self.app, &who, "questions.read", ("draft", desk.draft.id), detail)
                .await?;
        }
        Ok(read(&self.app, &desk, &path).await?)
    }

    /// Put a file in a draft, new or replaced; `If-Match` is the draft's tag
    #[oai(path = "/modules/:code/draft/files", method = "put", operation_id = "put_draft_file")]
    async fn put_draft_file(
        &self,
        who: DraftWriter,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Path in the module, such as `lessons/01-intro.md`.
        #[oai(example = "crate::http::examples::path", validator(max_length = 200))]
        path: Query<String>,
        /// Tag of the draft as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: FileBytes,
    ) -> Result<Stands, Problem> {
        let (code, if_match) = (code_of(&code)?, if_match.0.as_deref());
        let sent = match body {
            FileBytes::Text(text) => DraftFile::Text(text.0.into_bytes()),
            FileBytes::Raw(body) => {
                // Nothing long is received for what would be refused.
                let desk = may_write(&self.app, &who, &code, if_match).await?;
                draft::must_have_room(self.app.db.read(), &desk.draft, &path, 0).await?;
                self.receive(&path, body.0).await?
            }
        };
        let tx = self.app.db.begin_write().await?;
        let desk = draft::lock(&tx, &who, Action::WriteDraft, &code).await?;
        etag::demand(if_match, &etag::quoted(desk.stamp()))?;
        let now = self.app.clock.now();
        let desk = match sent {
            DraftFile::Text(bytes) => draft::put_file(&tx, &who, desk, &path, bytes, now).await?,
            DraftFile::Media(media) => {
                draft::put_medium(&tx, &who, desk, &path, media, now).await?
            }
        };
        tx.commit().await?;
        Ok(stands(&self.app, desk).await?)
    }

    /// Take a file out of a draft; `If-Match` is the draft's tag
    #[oai(
        path = "/modules/:code/draft/files",
        method = "delete",
        operation_id = "delete_draft_file"
    )]
    async fn delete_draft_file(
        &self,
        who: DraftWriter,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Path in the module.
        #[oai(example = "crate::http::examples::path", validator(max_length = 200))]
        path: Query<String>,
        /// Tag of the draft as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
    ) -> Result<Stands, Problem> {
        let tx = self.app.db.begin_write().await?;
        let desk = draft::lock(&tx, &who, Action::WriteDraft, &code_of(&code)?).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(desk.stamp()))?;
        let desk = draft::delete_file(&tx, &who, desk, &path, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(stands(&self.app, desk).await?)
    }

    /// Submit a draft for review: its files are frozen
    #[oai(path = "/modules/:code/draft/submit", method = "post", operation_id = "submit_draft")]
    async fn submit_draft(
        &self,
        who: DraftWriter,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Stands, Problem> {
        let (code, conn) = (code_of(&code)?, self.app.db.read());
        let desk = draft::look(conn, &who, Action::WriteDraft, &code).await?;
        desk.must_be_writing()?;
        draft::reading(conn, &desk, self.app.clock.now().date_naive()).await?;
        let tx = self.app.db.begin_write().await?;
        let desk = draft::lock(&tx, &who, Action::WriteDraft, &code).await?;
        let desk = draft::submit(&tx, &who, desk, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(stands(&self.app, desk).await?)
    }
}

impl DraftsApi {
    /// A body for `path`: kept as it arrives if it is a medium's.
    async fn receive(&self, path: &str, body: Body) -> Result<DraftFile> {
        if media_kind_of_path(path).is_none() {
            return Ok(DraftFile::Text(upload::read(body, MAX_FILE_BYTES).await?));
        }
        let bytes = upload::stream(body);
        Ok(DraftFile::Media(draft::keep_medium(&self.app.media, path, bytes).await?))
    }
}
