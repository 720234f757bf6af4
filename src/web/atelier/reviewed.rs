//! What reviewers said of a draft, as pages show it.

use sea_orm::ConnectionTrait;

use super::lines::Note;
use super::words;
use crate::catalogue::draft::Desk;
use crate::catalogue::model::review_comment;
use crate::error::Result;
use crate::publication::reviews::{self, Said};
use crate::publication::rules;
use crate::web::words as of_pages;

/// A review.
pub(super) struct Review {
    /// « relecture juridique », « relecture pédagogique ».
    pub(super) kind: &'static str,
    pub(super) verdict: &'static str,
    pub(super) day: String,
    /// Whether it stands for the draft as it is.
    pub(super) stands: bool,
    pub(super) comment: String,
    /// Its comments on lines: address, place, text.
    pub(super) remarks: Vec<(String, String, String)>,
}

/// The reviews of a draft, latest first.
pub(super) async fn all(conn: &impl ConnectionTrait, desk: &Desk) -> Result<Vec<Review>> {
    let said = reviews::of_draft(conn, desk).await?;
    Ok(said.into_iter().map(|said| shown(&desk.module.code, said)).collect())
}

fn shown(code: &str, said: Said) -> Review {
    let remark = |row: review_comment::Model| {
        let address = format!("{}#ligne-{}", super::editor::address(code, &row.path), row.line);
        (address, format!("{}, ligne {}", row.path, row.line), row.text)
    };
    Review {
        kind: words::review_kind(rules::kind_of(&said.review)),
        verdict: words::verdict(said.review.verdict),
        day: of_pages::day(said.review.at),
        stands: said.stands,
        comment: said.review.comment,
        remarks: said.remarks.into_iter().map(remark).collect(),
    }
}

/// What the last reading said of the lines of a file: every review of the files then read.
pub(super) async fn notes(
    conn: &impl ConnectionTrait,
    desk: &Desk,
    path: &str,
) -> Result<Vec<Note>> {
    let said = reviews::of_draft(conn, desk).await?;
    let Some(digest) = said.first().map(|last| last.review.tree_digest.clone()) else {
        return Ok(Vec::new());
    };
    let last = said.into_iter().filter(|said| said.review.tree_digest == digest);
    let remarks = last.flat_map(|said| said.remarks).filter(|remark| remark.path == path);
    let line = |line: i32| u32::try_from(line).unwrap_or(1);
    Ok(remarks.map(|remark| Note::of_review(line(remark.line), &remark.text)).collect())
}
