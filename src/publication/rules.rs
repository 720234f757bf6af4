//! Which reviews stand, and what may be scheduled. Pure.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::catalogue::model::{ChangeKind, ReviewKind, Verdict, draft_review};
use crate::error::{Faults, Result};

/// The furthest ahead that a publication may be scheduled: a year, in days.
const FURTHEST_DAYS: i64 = 366;

/// Months given to complete a version that the law asks for, when the publisher says nothing.
pub const DUE_IN_MONTHS: u32 = 6;

/// Most months that may be given.
pub const MOST_MONTHS: u32 = 24;

/// The acceptances that stand for a draft as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Of what is taught.
    pub pedagogical: Option<draft_review::Model>,
    /// Of the law in it.
    pub legal: Option<draft_review::Model>,
}

/// What a review is about; those of before there were two kinds were pedagogical.
pub fn kind_of(review: &draft_review::Model) -> ReviewKind {
    review.kind.unwrap_or(ReviewKind::Pedagogical)
}

/// The acceptances among reviews, latest first, that stand for these very files: by somebody who wrote
/// nothing in them, and with no changes requested since, by whomever.
pub fn standing(reviews: &[draft_review::Model], digest: &str, authors: &[Uuid]) -> Standing {
    let mut standing = Standing::default();
    for review in reviews.iter().take_while(|r| r.verdict == Verdict::Accepted) {
        if review.tree_digest != digest || authors.contains(&review.reviewer_id) {
            continue;
        }
        for (wanted, slot) in [
            (ReviewKind::Pedagogical, &mut standing.pedagogical),
            (ReviewKind::Legal, &mut standing.legal),
        ] {
            if slot.is_none() && kind_of(review).covers(wanted) {
                *slot = Some(review.clone());
            }
        }
    }
    standing
}

impl Standing {
    /// Whether this review is among those that stand.
    pub fn has(&self, review: Uuid) -> bool {
        [&self.pedagogical, &self.legal].into_iter().flatten().any(|r| r.id == review)
    }
}

/// The months given to complete a version: only a change of the law gives any.
///
/// # Errors
/// `invalid-values` at `/due_in_months`.
pub fn months(change: ChangeKind, due_in_months: Option<u32>) -> Result<Option<u32>> {
    let mut faults = Faults::default();
    faults.check(
        due_in_months.is_none() || change == ChangeKind::Legal,
        "/due_in_months",
        "réservé à un changement du droit (« legal »)",
        "for a change of the law (`legal`) only",
    );
    faults.check(
        due_in_months.is_none_or(|months| (1..=MOST_MONTHS).contains(&months)),
        "/due_in_months",
        format!("de 1 à {MOST_MONTHS} mois"),
        format!("1 to {MOST_MONTHS} months"),
    );
    faults.refuse()?;
    Ok((change == ChangeKind::Legal).then(|| due_in_months.unwrap_or(DUE_IN_MONTHS)))
}

/// Refuses an instant that is past or absurdly far.
///
/// # Errors
/// `invalid-values` at `/at`.
pub fn check_at(at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    let mut faults = Faults::default();
    faults.check(now < at, "/at", "l’instant est passé", "the instant is past");
    faults.check(
        at - now <= Duration::days(FURTHEST_DAYS),
        "/at",
        "au plus un an à l’avance",
        "at most a year ahead",
    );
    faults.refuse()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::kit::now;

    fn review(nth: u128, kind: Option<ReviewKind>, verdict: Verdict) -> draft_review::Model {
        draft_review::Model {
            id: Uuid::from_u128(nth),
            draft_id: Uuid::nil(),
            tree_digest: "d".to_owned(),
            reviewer_id: Uuid::from_u128(100 + nth),
            verdict,
            comment: "Lu.".to_owned(),
            at: now(),
            kind,
        }
    }

    #[test]
    fn an_acceptance_stands_for_its_kind_until_changes_are_requested() {
        use Verdict::{Accepted, ChangesRequested};
        let old = review(1, None, Accepted);
        let law = review(2, Some(ReviewKind::Legal), Accepted);
        let both = review(3, Some(ReviewKind::Both), Accepted);
        let back = review(4, Some(ReviewKind::Legal), ChangesRequested);
        let of = |reviews: &[draft_review::Model]| {
            let found = standing(reviews, "d", &[]);
            (found.pedagogical.map(|r| r.id.as_u128()), found.legal.map(|r| r.id.as_u128()))
        };
        assert_eq!(of(&[]), (None, None));
        assert_eq!(of(std::slice::from_ref(&old)), (Some(1), None), "of before there were kinds");
        assert_eq!(of(&[law.clone(), old.clone()]), (Some(1), Some(2)));
        assert_eq!(of(&[both.clone(), law.clone(), old.clone()]), (Some(3), Some(3)));
        assert_eq!(of(&[back.clone(), both.clone()]), (None, None), "what came before is undone");
        assert_eq!(of(&[law.clone(), back, both]), (None, Some(2)));
        let author = [law.reviewer_id];
        assert_eq!(standing(std::slice::from_ref(&law), "d", &author), Standing::default());
        assert_eq!(standing(&[law], "other", &[]), Standing::default());
    }

    #[test]
    fn a_publication_is_scheduled_within_the_year_to_come() {
        assert!(check_at(now() + Duration::seconds(1), now()).is_ok());
        assert!(check_at(now(), now()).is_err());
        assert!(check_at(now() - Duration::days(1), now()).is_err());
        assert!(check_at(now() + Duration::days(366), now()).is_ok());
        assert!(check_at(now() + Duration::days(367), now()).is_err());
    }

    #[test]
    fn only_a_change_of_the_law_gives_months() {
        assert_eq!(months(ChangeKind::Legal, None).ok(), Some(Some(DUE_IN_MONTHS)));
        assert_eq!(months(ChangeKind::Legal, Some(24)).ok(), Some(Some(24)));
        assert_eq!(months(ChangeKind::Editorial, None).ok(), Some(None));
        assert!(months(ChangeKind::Substantive, Some(3)).is_err());
        assert!(months(ChangeKind::Legal, Some(0)).is_err());
        assert!(months(ChangeKind::Legal, Some(25)).is_err());
    }
}
