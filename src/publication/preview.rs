//! Whom a publication would reach, said before it happens and quoted by the act.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveEnum as _, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::checklist::{Candidate, Check, checklist};
use crate::catalogue::draft::{self, Desk, Reading};
use crate::catalogue::find;
use crate::catalogue::model::{ChangeKind, Verdict, draft_review, module_version};
use crate::content::{self, Module, ModuleCode, Prerequisite, PrerequisiteKind};
use crate::enrolments::model::enrolment;
use crate::error::Result;
use crate::records;
use crate::records::model::{FactKind, fact};
use crate::text;

/// What the installation decides about publishing.
#[derive(Clone, Copy, Debug)]
pub struct House {
    /// Whether real people learn here: a legal review is then required.
    pub production: bool,
    /// Fewest persons that a number may stand for (statistical secrecy).
    pub min_persons: u64,
}

/// A number of persons, as far as statistical secrecy lets it be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persons {
    /// So few that no number is given.
    TooFew,
    /// That many.
    Count(u64),
}

impl Persons {
    /// What may be told of a count; none is as few as four.
    pub fn told(count: u64, min_persons: u64) -> Self {
        if count < min_persons { Persons::TooFew } else { Persons::Count(count) }
    }
}

/// What publishing would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Number of the version published now, if any.
    pub current: Option<i32>,
    /// Number of the version to come.
    pub next: i32,
    /// Persons under way on earlier versions: they stay on theirs.
    pub in_progress: Persons,
    /// Persons who have completed the module: they keep what they have.
    pub completed: Persons,
    /// What must hold.
    pub checks: Vec<Check>,
    /// To be quoted when publishing.
    pub digest: String,
}

/// A preview, and all that publishing needs besides.
#[derive(Debug)]
pub(super) struct Considered {
    pub(super) preview: Preview,
    pub(super) reading: Reading,
    pub(super) review: Option<draft_review::Model>,
}

/// Says what publishing a draft would do.
///
/// # Errors
/// When the database fails.
pub async fn preview(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    change: ChangeKind,
    house: House,
    now: DateTime<Utc>,
) -> Result<Preview> {
    Ok(consider(conn, desk, change, house, now).await?.preview)
}

pub(super) async fn consider(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    change: ChangeKind,
    house: House,
    now: DateTime<Utc>,
) -> Result<Considered> {
    let today = now.date_naive();
    let reading = draft::reading(conn, desk, today).await?;
    let errors = content::errors(&reading.findings).count();
    let current = find::latest(conn, desk.module.id).await?;
    let tree_digest = reading.tree.digest().to_string();
    let review = standing_review(conn, desk, &tree_digest).await?;
    let candidate = Candidate {
        state: desk.draft.state,
        findings: errors,
        dues: reading.findings.len() - errors,
        reviewed_as_it_stands: review.is_some(),
        manifest: reading.content.as_ref().map(|c| &c.manifest),
        unknown_prerequisites: unknown_prerequisites(conn, reading.content.as_ref()).await?,
        unchanged: current.as_ref().is_some_and(|v| v.tree_digest == tree_digest),
        production: house.production,
        today,
    };
    let checks = checklist(&candidate);
    let told = |count| Persons::told(count, house.min_persons);
    let in_progress = told(in_progress(conn, desk.module.id).await?);
    let completed = told(completed(conn, desk.module.id).await?);
    let digest = digest(&tree_digest, [in_progress, completed], change, current.as_ref());
    let current = current.map(|v| v.number);
    let next = current.unwrap_or(0) + 1;
    let preview = Preview { current, next, in_progress, completed, checks, digest };
    Ok(Considered { preview, reading, review })
}

/// The digest is over what is told, never over a number that is not: four guesses would give it away.
fn digest(
    tree: &str,
    persons: [Persons; 2],
    change: ChangeKind,
    current: Option<&module_version::Model>,
) -> String {
    let current = current.map(|v| v.id);
    let seen = format!("{tree}\n{persons:?}\n{}\n{current:?}\n", change.to_value());
    text::hex(&Sha256::digest(seen))
}

/// The latest review, if it accepts these very files and its reviewer is no author.
async fn standing_review(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    tree_digest: &str,
) -> Result<Option<draft_review::Model>> {
    let authors = draft::authors(conn, &desk.draft).await?;
    let latest = draft::reviews(conn, desk.draft.id).await?.into_iter().next();
    Ok(latest.filter(|review| {
        review.verdict == Verdict::Accepted
            && review.tree_digest == tree_digest
            && !authors.contains(&review.reviewer_id)
    }))
}

/// The modules of the required prerequisites of which none is published.
async fn unknown_prerequisites(
    conn: &impl ConnectionTrait,
    content: Option<&Module>,
) -> Result<Vec<ModuleCode>> {
    let all = content.iter().flat_map(|c| &c.manifest.prerequisites);
    let required: Vec<&Prerequisite> =
        all.filter(|p| p.kind == PrerequisiteKind::Required).collect();
    if required.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<ModuleCode> = required.iter().flat_map(|p| &p.any_of).cloned().collect();
    let published = find::published_codes(conn, &codes).await?;
    let unmet = required.iter().filter(|p| !p.is_met(|code| published.contains(code.as_str())));
    Ok(unmet.flat_map(|p| p.any_of.clone()).collect())
}

/// Persons who hold a completion of any version.
async fn completed(conn: &impl ConnectionTrait, module_id: Uuid) -> Result<u64> {
    let count = fact::Entity::find()
        .select_only()
        .expr(Expr::col(fact::Column::PersonId).count_distinct())
        .filter(fact::COLUMN.module_id.eq(module_id))
        .filter(fact::Column::Kind.eq(FactKind::Completed))
        .filter(records::read::standing(None))
        .into_tuple::<i64>()
        .one(conn)
        .await?;
    Ok(count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// Persons enrolled in any version who have neither completed it nor withdrawn.
async fn in_progress(conn: &impl ConnectionTrait, module_id: Uuid) -> Result<u64> {
    use fact::Column::{EnrolmentId, Kind, ModuleId};
    let ended = Query::select()
        .column(EnrolmentId)
        .from(fact::Entity)
        .and_where(ModuleId.eq(module_id))
        .and_where(Kind.is_in([FactKind::Completed, FactKind::Withdrawn]))
        .and_where(EnrolmentId.is_not_null())
        .and_where(records::read::standing(None))
        .to_owned();
    let count = enrolment::Entity::find()
        .select_only()
        .expr(Expr::col(enrolment::Column::PersonId).count_distinct())
        .filter(enrolment::COLUMN.module_id.eq(module_id))
        .filter(enrolment::Column::Id.not_in_subquery(ended))
        .into_tuple::<i64>()
        .one(conn)
        .await?;
    Ok(count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}
