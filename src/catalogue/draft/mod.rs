//! Drafts: the tree of a version to come, written by trainers, then frozen for review.
//!
//! A draft is *writing*, then *submitted* — its files frozen — until a reviewer accepts it as it
//! stands or sends it back. Every change moves its revision, which is what `If-Match` compares.
//! Whoever wrote in it is one of its authors, and may neither review nor publish it. A draft is the
//! provider's own business: to anyone else it does not exist, but for the reviewers of other
//! providers whom it asks (`lent.rs`).

mod files;
mod lent;
mod linted;
mod open;
mod rename;
mod state;

use std::fmt;

use chrono::NaiveDate;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::model::{DraftState, draft, draft_author, draft_review, module};
use super::{find, store};
use crate::accounts::Principal;
use crate::accounts::policy::Action;
use crate::content::{Finding, Inspection, MANIFEST_PATH, Module, ModuleCode, Tree};
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::providers;

pub use files::{
    DraftFile, delete_file, keep_medium, must_have_room, put_file, put_medium, read_file,
    replace_files,
};
pub use lent::asked_for;
pub use open::{begin_module, create_module, open_draft};
pub use rename::rename_file;
pub use state::{close, conclude, reopen, submit};

/// A module and its open draft.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The module.
    pub module: module::Model,
    /// Its open draft.
    pub draft: draft::Model,
}

/// Names a draft as it stands: any change gives another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(Uuid, i32);

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.1)
    }
}

impl Desk {
    /// The stamp of the draft.
    pub fn stamp(&self) -> Stamp {
        Stamp(self.draft.id, self.draft.revision)
    }

    /// Refuses unless the draft is being written.
    ///
    /// # Errors
    /// `draft-frozen`.
    pub fn must_be_writing(&self) -> Result<()> {
        if self.draft.state == DraftState::Writing {
            return Ok(());
        }
        Err(Reason::DraftFrozen.into())
    }
}

/// What a draft says, read and checked.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its files.
    pub tree: Tree,
    /// What they say, when no finding is an error.
    pub content: Option<Module>,
    /// What is to mend, and what is due to be looked at again.
    pub findings: Vec<Finding>,
}

/// The open draft of a module, for those who may read it.
///
/// # Errors
/// `forbidden`, or `not-found` when there is no such module, no open draft, or it is another
/// provider's.
pub async fn read(conn: &impl ConnectionTrait, who: &Principal, code: &ModuleCode) -> Result<Desk> {
    look(conn, who, Action::ReadDraft, code).await
}

/// The open draft of a module as it is now, for someone who may do `action` to it: what is long is
/// prepared on it before it is held.
///
/// # Errors
/// As [`read`].
pub async fn look(
    conn: &impl ConnectionTrait,
    who: &Principal,
    action: Action,
    code: &ModuleCode,
) -> Result<Desk> {
    let module = find::by_code(conn, code).await?;
    lent::allow(conn, who, action, &module).await?;
    let draft = open_one(module.id).one(conn).await?.ok_or(Reason::NotFound)?;
    Ok(Desk { module, draft })
}

/// The open draft of a module for someone who may do `action` to it, held until the end of the
/// transaction.
///
/// # Errors
/// As [`read`].
pub async fn lock(
    tx: &DatabaseTransaction,
    who: &Principal,
    action: Action,
    code: &ModuleCode,
) -> Result<Desk> {
    let module = find::by_code(tx, code).await?;
    lent::allow(tx, who, action, &module).await?;
    let draft = open_one(module.id).lock_exclusive().one(tx).await?.ok_or(Reason::NotFound)?;
    Ok(Desk { module, draft })
}

fn open_one(module_id: Uuid) -> sea_orm::Select<draft::Entity> {
    draft::Entity::find()
        .filter(draft::COLUMN.module_id.eq(module_id))
        .filter(draft::COLUMN.closed_at.is_null())
}

/// Reads and checks a draft's files on that day: by themselves, and against the module they are
/// written for. Long files take long: whoever is about to hold the draft asks before, on a reader, and
/// finds it done.
///
/// # Errors
/// When the database fails.
pub async fn reading(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    today: NaiveDate,
) -> Result<Reading> {
    let tree = store::draft_tree(conn, desk.draft.id).await?;
    let Inspection { mut module, mut findings } = (*linted::linted(&tree, today).await?).clone();
    if let Some(content) = &module {
        let strange = strangers(conn, &desk.module, content).await?;
        if !strange.is_empty() {
            module = None;
        }
        findings.extend(strange);
    }
    Ok(Reading { tree, content: module, findings })
}

/// A manifest speaks for its own module and provider only.
async fn strangers(
    conn: &impl ConnectionTrait,
    module: &module::Model,
    content: &Module,
) -> Result<Vec<Finding>> {
    let finding = |what: String, remedy: String| Finding::of_file(MANIFEST_PATH, what, remedy);
    let manifest = &content.manifest;
    let mut findings = Vec::new();
    if manifest.code.as_str() != module.code {
        findings.push(finding(
            format!("le code « {} » n’est pas celui du module", manifest.code),
            format!("écrivez code = \"{}\"", module.code),
        ));
    }
    let named = providers::by_ref(conn, &manifest.provider).await?;
    if named.is_none_or(|p| p.id != module.provider_id) {
        findings.push(finding(
            format!("« {} » n’est pas le fournisseur de ce module", manifest.provider),
            "écrivez la référence de votre organisation dans « provider »".to_owned(),
        ));
    }
    Ok(findings)
}

/// Every account that wrote in a draft.
///
/// # Errors
/// When the database fails.
pub async fn authors(conn: &impl ConnectionTrait, draft: &draft::Model) -> Result<Vec<Uuid>> {
    let rows = draft_author::Entity::find()
        .filter(draft_author::COLUMN.draft_id.eq(draft.id))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.account_id).chain([draft.author_id]).collect())
}

/// The reviews of a draft, latest first, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn reviews(
    conn: &impl ConnectionTrait,
    draft_id: Uuid,
) -> Result<Vec<draft_review::Model>> {
    Ok(draft_review::Entity::find()
        .filter(draft_review::COLUMN.draft_id.eq(draft_id))
        .order_by_desc(draft_review::Column::At)
        .order_by_desc(draft_review::Column::Id)
        .limit(200)
        .all(conn)
        .await?)
}

/// The refusal that lists what is to mend. Findings are in French: their readers are.
pub fn to_mend(findings: &[Finding]) -> Error {
    let fault = |f: &Finding| {
        let text = format!("{} — {}", f.what, f.remedy);
        let at = f.line.map_or_else(|| f.path.clone(), |line| format!("{}:{line}", f.path));
        Fault { at, fr: text.clone(), en: text }
    };
    let faults = findings.iter().map(fault).collect();
    Refusal::naming(Reason::ContentFindings, faults).into()
}
