//! Reading what reviewers said of a draft, and what awaits a reviewer.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait as _,
};
use uuid::Uuid;

use super::rules::{self, Standing};
use crate::accounts::model::Role;
use crate::accounts::{Principal, Scope};
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::find::{self, ModuleName};
use crate::catalogue::model::{
    DraftState, ReviewKind, draft as draft_row, draft_author, draft_review, module, review_comment,
    review_request,
};
use crate::catalogue::workbench;
use crate::error::Result;

/// A review, what it says of lines, and whether it still stands.
#[derive(Clone, Debug)]
pub struct Said {
    /// The review.
    pub review: draft_review::Model,
    /// Whether it is an acceptance that stands for the draft as it is now.
    pub stands: bool,
    /// Its comments on lines, in their order.
    pub remarks: Vec<review_comment::Model>,
}

/// The reviews of a draft, latest first, at most 200; three statements.
///
/// # Errors
/// When the database fails.
pub async fn of_draft(conn: &impl ConnectionTrait, desk: &Desk) -> Result<Vec<Said>> {
    let reviews = draft::reviews(conn, desk.draft.id).await?;
    let standing = match &desk.draft.submitted_digest {
        Some(digest) => {
            rules::standing(&reviews, digest, &draft::authors(conn, &desk.draft).await?)
        }
        None => Standing::default(),
    };
    let mut remarks: HashMap<Uuid, Vec<review_comment::Model>> = HashMap::new();
    if !reviews.is_empty() {
        let rows = review_comment::Entity::find()
            .filter(review_comment::COLUMN.review_id.is_in(reviews.iter().map(|r| r.id)))
            .order_by_asc(review_comment::Column::Place)
            .all(conn)
            .await?;
        rows.into_iter().for_each(|row| remarks.entry(row.review_id).or_default().push(row));
    }
    let said = |review: draft_review::Model| Said {
        stands: standing.has(review.id),
        remarks: remarks.remove(&review.id).unwrap_or_default(),
        review,
    };
    Ok(reviews.into_iter().map(said).collect())
}

/// A draft that somebody may review.
#[derive(Clone, Debug)]
pub struct Awaiting {
    /// The draft.
    pub draft: draft_row::Model,
    /// Its module, under the title that the draft gives it.
    pub module: ModuleName,
    /// What another provider asked of them; none for a draft of their own provider.
    pub asked: Option<ReviewKind>,
}

/// What awaits a reviewer, the latest drafts first, at most `limit`, those before `before` where
/// given: drafts of the providers they review for that are submitted and that they did not write in,
/// and every open draft that another provider asked them to review.
///
/// # Errors
/// When the database fails.
pub async fn awaiting(
    conn: &impl ConnectionTrait,
    who: &Principal,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<Awaiting>> {
    let asked = review_request::Entity::find()
        .filter(review_request::COLUMN.account_id.eq(who.account_id))
        .filter(review_request::COLUMN.withdrawn_at.is_null());
    let asked_drafts =
        asked.clone().select_only().column(review_request::Column::DraftId).into_query();
    let wanted = Condition::any()
        .add(draft_row::Column::Id.in_subquery(asked_drafts))
        .add(submitted_where_they_review(who));
    let drafts = draft_row::Entity::find()
        .filter(draft_row::COLUMN.closed_at.is_null())
        .filter(wanted)
        .filter(Condition::all().add_option(before.map(|id| draft_row::Column::Id.lt(id))))
        .order_by_desc(draft_row::Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    let asked = asked
        .filter(review_request::Column::DraftId.is_in(drafts.iter().map(|d| d.id)))
        .all(conn)
        .await?;
    let asked: HashMap<Uuid, ReviewKind> =
        asked.into_iter().map(|r| (r.draft_id, r.kind)).collect();
    let mut names = find::names(conn, drafts.iter().map(|d| d.module_id)).await?;
    let mut titles = workbench::titles(conn, drafts.iter().map(|d| d.id).collect()).await?;
    let awaiting = |draft: draft_row::Model| {
        let mut module = names.remove(&draft.module_id).unwrap_or_default();
        module.title = titles.remove(&draft.id).unwrap_or(module.title);
        Awaiting { module, asked: asked.get(&draft.id).copied(), draft }
    };
    Ok(drafts.into_iter().map(awaiting).collect())
}

fn submitted_where_they_review(who: &Principal) -> Condition {
    let providers = who.holding(&[Role::Reviewer]).filter_map(|held| match held.scope {
        Scope::Provider(id) => Some(id),
        _ => None,
    });
    let modules = module::Entity::find()
        .select_only()
        .column(module::Column::Id)
        .filter(module::Column::ProviderId.is_in(providers))
        .into_query();
    let written = draft_author::Entity::find()
        .select_only()
        .column(draft_author::Column::DraftId)
        .filter(draft_author::COLUMN.account_id.eq(who.account_id))
        .into_query();
    Condition::all()
        .add(draft_row::Column::State.eq(DraftState::Submitted))
        .add(draft_row::Column::ModuleId.in_subquery(modules))
        .add(draft_row::Column::Id.not_in_subquery(written))
}
