//! What requests about reviews and publications are made of.

use chrono::{DateTime, TimeZone as _, Utc};
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::catalogue::model::{ChangeKind, ReviewKind, Verdict};
use crate::http::shown::shown;
use crate::publication::review::{Opinion, Remark};

const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

shown! {
    /// What a reviewer concludes.
    #[oai(rename = "Verdict")]
    pub(super) VerdictShown of Verdict {
        /// Fit to be published as it stands.
        Accepted,
        /// Back to its authors.
        ChangesRequested,
    }
}

shown! {
    /// What a review is about.
    #[oai(rename = "ReviewKind")]
    pub(super) KindShown of ReviewKind {
        /// What is taught, and how.
        Pedagogical,
        /// The law in it.
        Legal,
        /// Both.
        Both,
    }
}

/// What a version changes.
#[derive(Clone, Copy, Enum)]
#[oai(rename = "Change", rename_all = "snake_case")]
pub(super) enum ChangeShown {
    /// Wording only.
    Editorial,
    /// What is taught.
    Substantive,
    /// What the law requires: those who completed an earlier version will owe this one.
    Legal,
}

impl From<ChangeShown> for ChangeKind {
    fn from(word: ChangeShown) -> Self {
        match word {
            ChangeShown::Editorial => Self::Editorial,
            ChangeShown::Substantive => Self::Substantive,
            ChangeShown::Legal => Self::Legal,
        }
    }
}

/// A review.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct ReviewIn {
    /// Digest of the draft that was read.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// What was looked at; `pedagogical` if absent.
    kind: Option<KindShown>,
    /// The conclusion.
    verdict: VerdictShown,
    /// Why, for the authors; 1 to 4000 characters.
    #[oai(validator(min_length = 1, max_length = 4000))]
    comment: String,
    /// What is said of lines of the files that were read; at most 200.
    comments: Option<Vec<LineComment>>,
}

/// What is said of one line of one file.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct LineComment {
    /// Path of the file in the module.
    #[oai(validator(max_length = 200))]
    path: String,
    /// The line, from 1.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    line: u32,
    /// What is said of it; 1 to 2000 characters.
    #[oai(validator(min_length = 1, max_length = 2000))]
    text: String,
}

impl Example for ReviewIn {
    fn example() -> Self {
        let text = "Citer l’article plutôt que le règlement entier.".to_owned();
        let line = LineComment { path: "module.toml".to_owned(), line: 2, text };
        Self {
            digest: DIGEST.to_owned(),
            kind: Some(KindShown::Both),
            verdict: VerdictShown::Accepted,
            comment: "Relu : les sources sont à jour et les exemples parlants.".to_owned(),
            comments: Some(vec![line]),
        }
    }
}

impl From<ReviewIn> for Opinion {
    fn from(body: ReviewIn) -> Self {
        let remark = |LineComment { path, line, text }: LineComment| Remark { path, line, text };
        Self {
            digest: body.digest,
            kind: body.kind.map_or(ReviewKind::Pedagogical, Into::into),
            verdict: body.verdict.into(),
            comment: body.comment,
            remarks: body.comments.unwrap_or_default().into_iter().map(remark).collect(),
        }
    }
}

/// Who is asked to review, and what.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct ReviewerIn {
    /// The account; this or the person, not both.
    pub(super) account_id: Option<Uuid>,
    /// The person.
    pub(super) person_id: Option<Uuid>,
    /// What is asked.
    pub(super) kind: KindShown,
}

impl Example for ReviewerIn {
    fn example() -> Self {
        let account_id = Some(crate::http::examples::id());
        Self { account_id, person_id: None, kind: KindShown::Pedagogical }
    }
}

/// A publication to preview.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct PreviewIn {
    /// What the version changes.
    pub(super) change: ChangeShown,
    /// Months given to those who completed an earlier version, for a change of the law only; 6 if
    /// absent.
    #[oai(validator(minimum(value = "1"), maximum(value = "24")))]
    pub(super) due_in_months: Option<u32>,
}

impl Example for PreviewIn {
    fn example() -> Self {
        Self { change: ChangeShown::Legal, due_in_months: Some(6) }
    }
}

/// A publication.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct PublishIn {
    /// What the version changes, as previewed.
    pub(super) change: ChangeShown,
    /// Digest of the preview.
    #[oai(validator(max_length = 64))]
    pub(super) digest: String,
    /// A word to readers about the change; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub(super) note: Option<String>,
    /// Months given to those who completed an earlier version, as previewed.
    #[oai(validator(minimum(value = "1"), maximum(value = "24")))]
    pub(super) due_in_months: Option<u32>,
    /// When, within a year; at once if absent.
    pub(super) at: Option<DateTime<Utc>>,
}

impl Example for PublishIn {
    fn example() -> Self {
        Self {
            change: ChangeShown::Legal,
            digest: DIGEST.to_owned(),
            note: Some("Les obligations de transparence ont une leçon.".to_owned()),
            due_in_months: Some(6),
            at: Utc.with_ymd_and_hms(2027, 1, 4, 7, 0, 0).single(),
        }
    }
}

/// Why a module leaves the catalogue.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(super) struct RetireIn {
    /// The reason, for the provider's people and auditors; 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    pub(super) reason: String,
}

impl Example for RetireIn {
    fn example() -> Self {
        Self { reason: "Remplacé par un module plus court.".to_owned() }
    }
}
