//! Reviewing a draft: an opinion bound to the digest of what was read, with comments on its lines.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, Set,
};
use serde_json::json;

use super::{rules, schedule};
use crate::accounts::Principal;
use crate::accounts::policy::Action;
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{DraftState, ReviewKind, Verdict, draft_review, review_comment};
use crate::catalogue::store;
use crate::clock;
use crate::content::{Body, ModuleCode, Tree};
use crate::error::{Faults, Reason, Result};
use crate::journal;

/// What a reviewer concludes, and about what.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// Digest of the tree that was read.
    pub digest: String,
    /// What was looked at.
    pub kind: ReviewKind,
    /// The conclusion.
    pub verdict: Verdict,
    /// Why, for the authors.
    pub comment: String,
    /// What is said of lines, at most [`MOST_REMARKS`].
    pub remarks: Vec<Remark>,
}

/// What is said of one line of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Path of the file in the module.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// What is said, 1 to 2,000 characters.
    pub text: String,
}

/// Longest comment on the whole, and on a line, in characters.
const COMMENT: usize = 4_000;
const REMARK: usize = 2_000;

/// Most comments on lines that a review may hold.
pub const MOST_REMARKS: usize = 200;

/// Records a review, and moves the draft accordingly: accepted as it stands, or back to its authors.
///
/// # Errors
/// `draft-not-submitted`; `author-cannot-review`; `publication-scheduled`; `preview-outdated` when the
/// draft is not what was read any more; `invalid-values` for a comment, or a line that there is not.
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
    let authors = draft::authors(tx, &desk.draft).await?;
    if authors.contains(&who.account_id) {
        return Err(Reason::AuthorCannotReview.into());
    }
    if desk.draft.submitted_digest.as_ref() != Some(&opinion.digest) {
        return Err(Reason::PreviewOutdated.into());
    }
    schedule::must_be_free(tx, desk.draft.id).await?;
    check_kind(tx, who, &desk, opinion.kind).await?;
    check(tx, &desk, &opinion).await?;
    let (verdict, digest) = (opinion.verdict, opinion.digest.clone());
    let row = record(tx, who, &desk, opinion, now).await?;
    let (actor, subject) = (Some(who.account_id), ("draft", desk.draft.id));
    let detail = json!({
        "review": row.id, "digest": row.tree_digest, "verdict": row.verdict.to_value(),
        "kind": rules::kind_of(&row).to_value(),
    });
    journal::act(tx, actor, "draft.review", subject, detail, now).await?;
    let reviews = draft::reviews(tx, desk.draft.id).await?;
    let standing = rules::standing(&reviews, &digest, &authors);
    draft::conclude(tx, desk, verdict, standing.pedagogical.is_some(), now).await
}

/// Whoever is lent by another provider answers for what they were asked, and for no more.
async fn check_kind(
    conn: &impl ConnectionTrait,
    who: &Principal,
    desk: &Desk,
    kind: ReviewKind,
) -> Result<()> {
    let asked = draft::asked_for(conn, who, &desk.module).await?;
    let mut faults = Faults::default();
    faults.check(
        asked.is_none_or(|asked| asked.covers(kind)),
        "/kind",
        "ce n’est pas la relecture qui vous a été demandée : donnez celle-là",
        "not the review that you were asked for: give that one",
    );
    faults.refuse()
}

/// Checks the texts, and that each line commented on is there.
async fn check(conn: &impl ConnectionTrait, desk: &Desk, opinion: &Opinion) -> Result<()> {
    let mut faults = Faults::default();
    faults.check_text(&opinion.comment, "/comment", COMMENT);
    faults.check(
        opinion.remarks.len() <= MOST_REMARKS,
        "/comments",
        format!("{MOST_REMARKS} commentaires au plus"),
        format!("at most {MOST_REMARKS} comments"),
    );
    if !opinion.remarks.is_empty() {
        let tree = store::draft_tree(conn, desk.draft.id).await?;
        for (nth, remark) in opinion.remarks.iter().enumerate() {
            faults.check_text(&remark.text, &format!("/comments/{nth}/text"), REMARK);
            check_line(&tree, remark, nth, &mut faults);
        }
    }
    faults.refuse()
}

fn check_line(tree: &Tree, remark: &Remark, nth: usize, faults: &mut Faults) {
    let body = tree.files().find(|(path, _)| *path == remark.path).map(|(_, body)| body);
    faults.check(
        body.is_some(),
        &format!("/comments/{nth}/path"),
        "aucun fichier du brouillon n’a ce chemin",
        "no file of the draft has this path",
    );
    let Some(body) = body else { return };
    let lines = lines(body);
    faults.check(
        1 <= remark.line && u64::from(remark.line) <= lines,
        &format!("/comments/{nth}/line"),
        format!("ce fichier a {lines} ligne(s), à partir de 1"),
        format!("this file has {lines} line(s), from 1"),
    );
}

/// The lines of a file; a medium has none.
fn lines(body: &Body) -> u64 {
    match body {
        Body::Text(bytes) => String::from_utf8_lossy(bytes).lines().count() as u64,
        Body::Media(_) => 0,
    }
}

async fn record(
    tx: &DatabaseTransaction,
    who: &Principal,
    desk: &Desk,
    opinion: Opinion,
    now: DateTime<Utc>,
) -> Result<draft_review::Model> {
    let row = draft_review::ActiveModel {
        id: Set(clock::new_id()),
        draft_id: Set(desk.draft.id),
        tree_digest: Set(opinion.digest),
        reviewer_id: Set(who.account_id),
        verdict: Set(opinion.verdict),
        comment: Set(opinion.comment),
        at: Set(now),
        kind: Set(Some(opinion.kind)),
    };
    let row = row.insert(tx).await?;
    let remarks =
        opinion.remarks.into_iter().zip(1..).map(|(remark, place)| review_comment::ActiveModel {
            id: Set(clock::new_id()),
            review_id: Set(row.id),
            place: Set(place),
            path: Set(remark.path),
            line: Set(i32::try_from(remark.line).unwrap_or(i32::MAX)),
            text: Set(remark.text),
            reviewer_id: Set(who.account_id),
        });
    let remarks: Vec<_> = remarks.collect();
    if !remarks.is_empty() {
        review_comment::Entity::insert_many(remarks).exec_without_returning(tx).await?;
    }
    Ok(row)
}
