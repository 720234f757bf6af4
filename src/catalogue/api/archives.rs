//! Modules as zips, and from a folder to the application: whole trees at once.

use std::fs::File;

use anyhow::Context as _;
use futures_util::StreamExt as _;
use poem::Body;
use poem::http::header;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiRequest, ApiResponse, Object, OpenApi};
use sea_orm::ActiveEnum as _;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use super::code_of;
use super::draft_bodies::{Stands, may_write, stands};
use super::questions::tell_reading;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::catalogue::{adopt, archive, draft, find, store};
use crate::content::Tree;
use crate::error::{Reason, Result};
use crate::files;
use crate::http::guards::{DraftReader, DraftWriter, Publisher};
use crate::http::problem::Problem;
use crate::http::served::Served;
use crate::http::{Tag, etag, upload};

/// Whole trees.
pub struct ArchivesApi {
    /// The application.
    pub app: App,
}

/// An archive.
#[derive(ApiRequest)]
enum ArchiveBytes {
    /// A zip of the module's files, with or without their folder, of 64 MiB at most.
    #[oai(content_type = "application/zip")]
    Zip(Binary<Body>),
}

#[derive(ApiResponse)]
enum Archive {
    /// A zip of the files, sorted, without their folder.
    #[oai(status = 200)]
    Now(
        Served,
        /// Entity tag.
        #[oai(header = "ETag")]
        String,
    ),
}

/// A module and where it is edited.
#[derive(Object)]
struct Adopted {
    /// Its code.
    code: String,
    /// `api`: in the application.
    origin: String,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Catalogue")]
impl ArchivesApi {
    /// Replace all the files of a draft by those of a zip; `If-Match` is the draft's tag
    #[oai(
        path = "/modules/:code/draft/archive",
        method = "put",
        operation_id = "put_draft_archive"
    )]
    async fn put_draft_archive(
        &self,
        who: DraftWriter,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Tag of the draft as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: ArchiveBytes,
    ) -> Result<Stands, Problem> {
        let ArchiveBytes::Zip(body) = body;
        let (code, if_match) = (code_of(&code)?, if_match.0.as_deref());
        may_write(&self.app, &who, &code, if_match).await?;
        let tree = receive(&self.app, body.0).await?;
        let tx = self.app.db.begin_write().await?;
        let desk = draft::lock(&tx, &who, Action::WriteDraft, &code).await?;
        etag::demand(if_match, &etag::quoted(desk.stamp()))?;
        let desk = draft::replace_files(&tx, &who, desk, &tree, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(stands(&self.app, desk).await?)
    }

    /// The files of a draft as a zip; the reading is journalled
    #[oai(
        path = "/modules/:code/draft/archive",
        method = "get",
        operation_id = "get_draft_archive"
    )]
    async fn get_draft_archive(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Archive, Problem> {
        let conn = self.app.db.read();
        let desk = draft::read(conn, &who, &code_of(&code)?).await?;
        let tree = store::draft_tree(conn, desk.draft.id).await?;
        let detail = json!({ "module": desk.module.code, "digest": tree.digest() });
        tell_reading(&self.app, &who, "archive.read", ("draft", desk.draft.id), detail).await?;
        let name = format!("{}-brouillon.zip", desk.module.code);
        Ok(Archive::Now(zipped(&self.app, tree, &name).await?, etag::quoted(desk.stamp())))
    }

    /// The files of a version as a zip, for those who may read its keys; the reading is journalled
    #[oai(
        path = "/modules/:code/versions/:number/archive",
        method = "get",
        operation_id = "version_archive"
    )]
    async fn version_archive(
        &self,
        who: DraftReader,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
        /// Version number.
        #[oai(example = "crate::http::examples::number")]
        number: Path<i32>,
    ) -> Result<Archive, Problem> {
        let conn = self.app.db.read();
        let module = find::by_code(conn, &code_of(&code)?).await?;
        policy::allow(&who, Action::ReadDraft, &Target::Provider(module.provider_id))?;
        let version = find::version(conn, module.id, number.0).await?;
        let tree = store::version_tree(conn, &version).await?;
        let detail = json!({ "module": module.code, "number": version.number });
        tell_reading(&self.app, &who, "archive.read", ("module_version", version.id), detail)
            .await?;
        let name = format!("{}-v{}.zip", module.code, version.number);
        Ok(Archive::Now(zipped(&self.app, tree, &name).await?, etag::quoted(version.tree_digest)))
    }

    /// Adopt a module that was imported from files: it is edited here from now on
    #[oai(path = "/modules/:code/adopt", method = "post", operation_id = "adopt_module")]
    async fn adopt_module(
        &self,
        who: Publisher,
        /// Module code.
        #[oai(example = "crate::http::examples::module")]
        code: Path<String>,
    ) -> Result<Json<Adopted>, Problem> {
        let tx = self.app.db.begin_write().await?;
        let module = adopt::adopt(&tx, &who, &code_of(&code)?, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(Json(Adopted { code: module.code, origin: module.origin.to_value() }))
    }
}

/// A file beside the data that goes away by itself.
fn scratch(app: &App) -> Result<File> {
    let folder = &app.settings.data.dir;
    Ok(files::nameless(folder).with_context(|| format!("a file in {}", folder.display()))?)
}

/// Reads an archive as it arrives, then through; its media are kept.
///
/// # Errors
/// Those of [`archive::read`]; `timeout`, `unreadable-body`, `too-large` for what does not arrive whole.
pub(crate) async fn receive(app: &App, body: Body) -> Result<Tree> {
    let mut file = tokio::fs::File::from_std(scratch(app)?);
    let mut bytes = Box::pin(upload::stream(body));
    while let Some(part) = bytes.next().await {
        let part = part.map_err(|error| Reason::from_cut(error.kind()))?;
        file.write_all(&part).await.context("the archive")?;
    }
    file.flush().await.context("the archive")?;
    let file = file.into_std().await;
    let reading = file.try_clone().context("the archive")?;
    let unpacked = tokio::task::spawn_blocking(move || archive::read(&reading)).await;
    let unpacked = unpacked.context("the archive")??;
    archive::keep_media(&app.media, &file, &unpacked).await?;
    Ok(unpacked.tree)
}

/// A tree as a zip of that name.
///
/// # Errors
/// When the disk or the media store fails.
pub(crate) async fn zipped(app: &App, tree: Tree, name: &str) -> Result<Served> {
    let (file, length) = archive::write(&app.media, tree, scratch(app)?).await?;
    let name = format!("attachment; filename=\"{name}\"");
    let served = Served::new("application/zip", length, files::stream(file));
    Ok(served.header(header::CONTENT_DISPOSITION, &name))
}
