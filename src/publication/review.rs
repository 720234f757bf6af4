//! Reviewing a draft: an opinion bound to the digest of what was read.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, ActiveModelTrait, DatabaseTransaction, Set};
use serde_json::json;

use crate::accounts::Principal;
use crate::accounts::policy::Action;
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{DraftState, Verdict, draft_review};
use crate::clock;
use crate::content::ModuleCode;
use crate::error::{Faults, Reason, Result};
use crate::journal;

/// What a reviewer concludes, and about what.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Digest of the tree that was read.
    pub digest: String,
    /// The conclusion.
    pub verdict: Verdict,
    /// Why, for the authors.
    pub comment: String,
}

/// Longest comment, in characters.
const COMMENT: usize = 4_000;

/// Records a review, and moves the draft accordingly: accepted as it stands, or back to its authors.
///
/// # Errors
/// `draft-not-submitted`; `author-cannot-review`; `preview-outdated` when the draft is not what was
/// read any more; `invalid-values` for the comment.
pub async fn review(
    tx: &DatabaseTransaction,
    who: &Principal,
    code: &ModuleCode,
    opinion: Opinion,
    now: DateTime<Utc>,
) -> Result<Desk> {
    let desk = draft::lock(tx, who, Action::ReviewDraft, code).await?;
    if desk.draft.state == DraftState::Writing {
        return Err(Reason::DraftNotSubmitted.into());
    }
    if draft::authors(tx, &desk.draft).await?.contains(&who.account_id) {
        return Err(Reason::AuthorCannotReview.into());
    }
    if desk.draft.submitted_digest.as_ref() != Some(&opinion.digest) {
        return Err(Reason::PreviewOutdated.into());
    }
    let mut faults = Faults::default();
    faults.check_text(&opinion.comment, "/comment", COMMENT);
    faults.refuse()?;
    let row = draft_review::ActiveModel {
        id: Set(clock::new_id()),
        draft_id: Set(desk.draft.id),
        tree_digest: Set(opinion.digest),
        reviewer_id: Set(who.account_id),
        verdict: Set(opinion.verdict),
        comment: Set(opinion.comment),
        at: Set(now),
    };
    let row = row.insert(tx).await?;
    let (who, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail =
        json!({ "review": row.id, "digest": row.tree_digest, "verdict": row.verdict.to_value() });
    journal::act(tx, who, "draft.review", subject, detail, now).await?;
    draft::conclude(tx, desk, opinion.verdict, now).await
}
