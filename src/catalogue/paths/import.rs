//! Importing the paths of `paths.toml`, after the modules that they lead through.
//!
//! What has not changed is left alone, so importing twice is harmless; a file that goes back to what
//! it said before publishes that again. A path written in the application is never overwritten: a
//! file that says something that it never said is a conflict, told apart.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::find;
use super::version::{self, Publication};
use crate::catalogue::import::Checked;
use crate::catalogue::model::{ChangeKind, Origin, module, path};
use crate::content::{self, Finding, LearningPath, PATHS_PATH};
use crate::db::{self, Lock};
use crate::error::Result;
use crate::journal;
use crate::providers;

/// What an import of paths did, or why it did nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Paths published, with the number of their new version.
    pub published: Vec<(String, i32)>,
    /// Paths that already say what the file says.
    pub unchanged: Vec<String>,
    /// Paths that are written in the application, and never said what the file says.
    pub conflicts: Vec<String>,
    /// Everything to mend; nothing was published unless it is empty.
    pub findings: Vec<Finding>,
}

/// Reads the bytes of `paths.toml` beside the modules that are imported with it, those that will be
/// withheld included. No file, no path.
///
/// # Errors
/// Every finding, sorted.
pub fn read(bytes: Option<&[u8]>, beside: &Checked) -> Result<Vec<LearningPath>, Vec<Finding>> {
    let Some(bytes) = bytes else { return Ok(Vec::new()) };
    let (paths, findings) = content::read_paths(bytes, beside.folders());
    if findings.is_empty() { Ok(paths) } else { Err(findings) }
}

/// Publishes each path that is not as it was last published; `change` is what a version after the
/// first declares to change.
///
/// # Errors
/// When the database fails; what is to mend is in the report.
pub async fn import(
    tx: &DatabaseTransaction,
    paths: &[LearningPath],
    change: ChangeKind,
    now: DateTime<Utc>,
) -> Result<Report> {
    db::lock(tx, Lock::Codes).await?;
    let mut report = Report { findings: objections(tx, paths).await?, ..Report::default() };
    if !report.findings.is_empty() {
        return Ok(report);
    }
    for content in paths {
        let code = content.code.clone();
        match import_one(tx, content, change, now).await? {
            Outcome::Published(number) => report.published.push((code, number)),
            Outcome::Unchanged => report.unchanged.push(code),
            Outcome::Conflict => report.conflicts.push(code),
        }
    }
    Ok(report)
}

/// What the database objects to: unknown providers, codes of another one or of a module.
async fn objections(conn: &impl ConnectionTrait, paths: &[LearningPath]) -> Result<Vec<Finding>> {
    let codes = || paths.iter().map(|path| path.code.as_str());
    let known = find::known(conn, codes()).await?;
    let modules = module::Entity::find().filter(module::COLUMN.code.is_in(codes())).all(conn);
    let modules = modules.await?;
    let mut findings = Vec::new();
    for LearningPath { code, provider, .. } in paths {
        let mut object = |what: String, remedy: &str| {
            findings.push(Finding::of_file(PATHS_PATH, format!("{code} : {what}"), remedy));
        };
        if modules.iter().any(|module| module.code == *code) {
            object("ce code est déjà celui d’un module".to_owned(), "donnez un autre code");
        }
        if !providers::can_be_ensured(conn, provider).await? {
            object(
                format!("aucune organisation connue n’a la référence « {provider} »"),
                "corrigez « provider », ou importez d’abord le référentiel",
            );
        }
        let owner = providers::by_ref(conn, provider).await?;
        let of_another = |path: &path::Model| {
            path.origin == Origin::Files && owner.as_ref().is_none_or(|p| p.id != path.provider_id)
        };
        if known.iter().any(|path| path.code == *code && of_another(path)) {
            object(
                "ce parcours appartient à un autre fournisseur".to_owned(),
                "rétablissez « provider », ou donnez un autre code au parcours",
            );
        }
    }
    Ok(findings)
}

/// What came of one path.
enum Outcome {
    Published(i32),
    Unchanged,
    Conflict,
}

async fn import_one(
    tx: &DatabaseTransaction,
    content: &LearningPath,
    change: ChangeKind,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    if find::known(tx, [content.code.as_str()]).await?.is_empty() {
        let owner = providers::ensure(tx, &content.provider, now).await?;
        version::add_path(tx, &content.code, owner.id, Origin::Files, now).await?;
    }
    let path = version::lock(tx, find::by_code(tx, &content.code).await?.id).await?;
    let digest = version::digest(content)?;
    if path.origin == Origin::Api {
        let said = find::has_digest(tx, path.id, &digest).await?;
        return Ok(if said { Outcome::Unchanged } else { Outcome::Conflict });
    }
    let latest = find::latest(tx, path.id).await?;
    if latest.is_some_and(|latest| latest.digest == digest.to_string()) {
        return Ok(Outcome::Unchanged);
    }
    let publication = Publication { change, note: None, published_by: None };
    let added = version::add(tx, &path, content, publication, now).await?;
    let detail = json!({ "version": added.number, "digest": added.digest });
    journal::act(tx, None, "path.import", ("path", path.id), detail, now).await?;
    Ok(Outcome::Published(added.number))
}
