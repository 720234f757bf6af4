//! Importing modules from files: the ones in the binary, or a folder of the operator's.
//!
//! Everything is checked before anything is written, and all findings are reported; what has not
//! changed is left alone, so importing twice is harmless. A module written through the API, or
//! adopted there, is never overwritten: files that are none of its published versions are a conflict for
//! people to settle, told apart, and the other modules are imported all the same.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use rust_embed::RustEmbed;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::find;
use super::model::{ChangeKind, Origin, module};
use super::synonyms::SHIPPED;
use super::version::{self, Publication};
use crate::content::{
    self, Finding, GLOSSARY_PATH, Inspection, MANIFEST_PATH, Media, Module, ModuleCode, PATHS_PATH,
    PROVIDERS_PATH, REGISTER_PATH, SYNONYMS_PATH, SharedFiles, Tree, media_kind_of_path,
};
use crate::db::{self, Lock};
use crate::error::{Reason, Result};
use crate::journal;
use crate::providers;

/// The modules in the binary.
#[derive(RustEmbed)]
#[folder = "content/modules"]
pub(super) struct Embedded;

/// A module's folder name and its files.
pub type Folder = (String, Tree);

/// What an import did, or why it did nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Modules published, with the number of their new version.
    pub published: Vec<(ModuleCode, i32)>,
    /// Modules of which a published version, the last or another, is already as in the files.
    pub unchanged: Vec<ModuleCode>,
    /// Modules that are edited in the application, and whose files are none of their published
    /// versions; they are left as they are.
    pub conflicts: Vec<ModuleCode>,
    /// Everything to mend; nothing was published unless it is empty.
    pub findings: Vec<Finding>,
}

/// The modules in the binary.
///
/// # Errors
/// When a path in the binary is not one a tree may hold: a fault of the build.
pub fn embedded() -> Result<Vec<Folder>> {
    let mut trees: BTreeMap<String, Tree> = BTreeMap::new();
    for path in Embedded::iter() {
        let Some((folder, inside)) = path.split_once('/') else { continue };
        let file = Embedded::get(&path).ok_or(Reason::Internal)?;
        let tree = trees.entry(folder.to_owned()).or_default();
        let inserted = match media_kind_of_path(inside) {
            Some(_) => tree.insert_media(inside, Media::of(&file.data)),
            None => tree.insert(inside, file.data.into_owned()),
        };
        inserted.map_err(anyhow::Error::from)?;
    }
    Ok(trees.into_iter().collect())
}

/// The modules in the folders of a directory, and a finding for everything there that no module may
/// hold or that cannot be read; the rest is read.
///
/// # Errors
/// When the directory itself cannot be read.
pub fn directory(dir: &Path) -> std::io::Result<(Vec<Folder>, Vec<Finding>)> {
    let (folders, mut findings) = content::module_folders(dir)?;
    let mut read = Vec::new();
    for (name, path) in folders {
        let (tree, found) = content::read_folder(&path);
        findings.extend(found.into_iter().map(|finding| finding.within(&name)));
        read.push((name, tree));
    }
    Ok((read, findings))
}

/// The register of legal texts, the common glossary, the learning paths, the providers and the synonyms in the
/// binary.
pub fn embedded_shared() -> SharedFiles {
    SharedFiles {
        register: Some(include_bytes!("../../content/references.toml").to_vec()),
        glossary: Some(include_bytes!("../../content/glossary.toml").to_vec()),
        paths: Some(include_bytes!("../../content/paths.toml").to_vec()),
        providers: Some(include_bytes!("../../content/providers.toml").to_vec()),
        synonyms: Some(SHIPPED.as_bytes().to_vec()),
    }
}

/// The same of a directory that holds `modules/`; each may be absent.
///
/// # Errors
/// The file that cannot be read.
pub fn directory_shared(dir: &Path) -> std::io::Result<SharedFiles> {
    let read = |name: &str| match std::fs::read(dir.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    Ok(SharedFiles {
        register: read(REGISTER_PATH)?,
        glossary: read(GLOSSARY_PATH)?,
        paths: read(PATHS_PATH)?,
        providers: read(PROVIDERS_PATH)?,
        synonyms: read(SYNONYMS_PATH)?,
    })
}

/// Folders in which nothing is an error, and what was read in them.
#[derive(Clone, Debug)]
pub struct Checked {
    folders: Vec<Folder>,
    modules: Vec<Module>,
    dues: Vec<Finding>,
}

impl Checked {
    /// How many modules there are.
    pub fn count(&self) -> usize {
        self.modules.len()
    }

    /// What is due to be looked at again, sorted.
    pub fn dues(&self) -> &[Finding] {
        &self.dues
    }

    /// Those modules that are to be kept, seen each with what is due in it.
    pub(super) fn keep_if(self, mut wanted: impl FnMut(&Module, &[Finding]) -> bool) -> Self {
        let Self { folders, modules, dues } = self;
        let mut kept = Self { folders: Vec::new(), modules: Vec::new(), dues: Vec::new() };
        for (folder, module) in folders.into_iter().zip(modules) {
            let of_folder = format!("{}/", folder.0);
            let own = dues.iter().filter(|due| due.path.starts_with(&of_folder)).cloned();
            let own: Vec<Finding> = own.collect();
            if wanted(&module, &own) {
                kept.folders.push(folder);
                kept.modules.push(module);
                kept.dues.extend(own);
            }
        }
        kept
    }

    /// The files.
    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }
}

/// Reads and checks modules on that day, each by itself and all together. Paths of findings start
/// with the folder. What is only due is no obstacle.
///
/// # Errors
/// Every finding, what is due included, sorted, when one of them is an error.
pub fn check(folders: Vec<Folder>, today: NaiveDate) -> Result<Checked, Vec<Finding>> {
    let mut findings = content::check_catalogue(&folders);
    let mut modules = Vec::new();
    for (folder, tree) in &folders {
        let Inspection { module, findings: found } = content::inspect(tree, today);
        modules.extend(module);
        findings.extend(found.into_iter().map(|finding| finding.within(folder)));
    }
    findings.sort();
    if content::errors(&findings).next().is_some() {
        return Err(findings);
    }
    Ok(Checked { folders, modules, dues: findings })
}

/// Imports modules that were checked, and whose media were kept, before a transaction was opened for
/// them; `change` is what a version after the first declares to change.
///
/// # Errors
/// When the database fails; what is to mend in the files is in the report.
pub async fn import(
    tx: &DatabaseTransaction,
    Checked { folders, modules, .. }: &Checked,
    change: ChangeKind,
    now: DateTime<Utc>,
) -> Result<Report> {
    // Before anything is published: whoever publishes takes the codes first, then the revision.
    db::lock(tx, Lock::Codes).await?;
    let known = known_modules(tx, modules).await?;
    let findings = objections(tx, modules, &known).await?;
    if !findings.is_empty() {
        return Ok(Report { findings, ..Report::default() });
    }
    let mut report = Report::default();
    for ((_, tree), content) in folders.iter().zip(modules) {
        let code = content.manifest.code.clone();
        match import_one(tx, tree, content, known.get(code.as_str()), change, now).await? {
            Outcome::Published(number) => report.published.push((code, number)),
            Outcome::Unchanged => report.unchanged.push(code),
            Outcome::Conflict => report.conflicts.push(code),
        }
    }
    Ok(report)
}

async fn known_modules(
    conn: &impl ConnectionTrait,
    modules: &[Module],
) -> Result<HashMap<String, module::Model>> {
    let codes = modules.iter().map(|m| m.manifest.code.as_str());
    let rows = module::Entity::find().filter(module::COLUMN.code.is_in(codes)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.code.clone(), row)).collect())
}

/// What the database objects to: unknown providers, codes of another one.
async fn objections(
    conn: &impl ConnectionTrait,
    modules: &[Module],
    known: &HashMap<String, module::Model>,
) -> Result<Vec<Finding>> {
    let mut owners = HashMap::new();
    let mut findings = Vec::new();
    let codes = modules.iter().map(|module| module.manifest.code.as_str());
    let paths = super::paths::find::known(conn, codes).await?;
    for manifest in modules.iter().map(|m| &m.manifest) {
        let reference = manifest.provider.as_str();
        if !owners.contains_key(reference) {
            let known = providers::can_be_ensured(conn, reference).await?;
            owners.insert(reference, (known, providers::by_ref(conn, reference).await?));
        }
        let (possible, owner) = &owners[reference];
        let existing = known.get(manifest.code.as_str());
        let mut object = |what: String, remedy: &str| {
            let path = format!("{}/{MANIFEST_PATH}", manifest.code);
            findings.push(Finding::of_file(&path, what, remedy));
        };
        if paths.iter().any(|path| path.code == manifest.code.as_str()) {
            let what = format!("le code « {} » est déjà celui d’un parcours", manifest.code);
            object(what, "donnez un autre code au module");
        }
        if !possible {
            object(
                format!("aucune organisation connue n’a la référence « {reference} »"),
                "corrigez « provider », ou importez d’abord le référentiel",
            );
        }
        let is_theirs = |m: &module::Model| owner.as_ref().is_none_or(|p| p.id != m.provider_id);
        if existing.is_some_and(|m| m.origin == Origin::Files && is_theirs(m)) {
            object(
                format!("le code « {} » appartient à un autre fournisseur", manifest.code),
                "rétablissez « provider », ou donnez un autre code au module",
            );
        }
    }
    Ok(findings)
}

/// What came of one module.
enum Outcome {
    /// Published, as the version of that number.
    Published(i32),
    /// A version of it already is as in the files.
    Unchanged,
    /// It is edited in the application, and never was as in the files.
    Conflict,
}

/// Publishes one module, unless it already was as in the files or is not edited there.
async fn import_one(
    tx: &DatabaseTransaction,
    tree: &Tree,
    content: &Module,
    known: Option<&module::Model>,
    change: ChangeKind,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let manifest = &content.manifest;
    let id = match known {
        Some(module) => module.id,
        None => {
            let owner = providers::ensure(tx, &manifest.provider, now).await?;
            version::add_module(tx, &manifest.code, owner.id, Origin::Files, now).await?;
            find::by_code(tx, &manifest.code).await?.id
        }
    };
    let module = version::lock_module(tx, id).await?;
    // Of any version: files that lag behind the application are a past of it, not another module.
    if find::has_tree(tx, module.id, &content.digest).await? {
        return Ok(Outcome::Unchanged);
    }
    // Asked of the row that is held: it may have been adopted a moment ago.
    if module.origin == Origin::Api {
        return Ok(Outcome::Conflict);
    }
    let publication = Publication {
        change,
        note: None,
        published_by: None,
        reviewed_by: None,
        renewal_months: None,
    };
    let added = version::add(tx, &module, tree, content, publication, now).await?;
    let detail = json!({ "version": added.number, "digest": added.tree_digest });
    journal::act(tx, None, "module.import", ("module", module.id), detail, now).await?;
    Ok(Outcome::Published(added.number))
}
