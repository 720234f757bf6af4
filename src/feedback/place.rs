//! Where a report or a question points: a lesson of the version started, or a question that was drawn
//! in an attempt already handed in. What is refused says nothing of the questions in the bank.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::catalogue::Edition;
use crate::enrolments::model::enrolment;
use crate::error::{self, Faults, Reason, Refusal, Result};
use crate::learning::attempts;

/// A place as it was named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Slug of a lesson.
    pub lesson: Option<String>,
    /// An attempt …
    pub attempt: Option<Uuid>,
    /// … and a question of it.
    pub question: Option<String>,
}

/// A place that exists for that learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A lesson, by its slug.
    Lesson(String),
    /// A question of a corrected attempt.
    Question {
        /// The attempt.
        attempt: Uuid,
        /// The question.
        question: String,
    },
}

impl Named {
    /// Finds the place in an enrolment of the person who asks.
    ///
    /// # Errors
    /// `invalid-values` unless it is one lesson of the version started, or one question drawn in that
    /// attempt; `not-found` for an attempt that is not of this enrolment; `attempt-open` for one that
    /// was not handed in.
    pub async fn find(
        self,
        conn: &impl ConnectionTrait,
        enrolment: &enrolment::Model,
        edition: &Edition,
    ) -> Result<Place> {
        match self {
            Named { lesson: Some(slug), attempt: None, question: None } => lesson(edition, slug),
            Named { lesson: None, attempt: Some(attempt), question: Some(question) } => {
                asked(conn, enrolment, edition, attempt, question).await
            }
            _ => {
                let mut faults = Faults::default();
                let (fr, en) = (
                    "une leçon (lesson), ou une question d'une tentative (attempt et question)",
                    "a lesson, or a question of an attempt (attempt and question)",
                );
                faults.check(false, "/lesson", fr, en);
                faults.refuse()?;
                Err(Reason::Internal.into())
            }
        }
    }
}

fn lesson(edition: &Edition, slug: String) -> Result<Place> {
    let mut faults = Faults::default();
    let exists = edition.content.lessons.iter().any(|lesson| lesson.slug == slug);
    let (fr, en) =
        ("cette leçon n'est pas dans la version suivie", "no such lesson in the version followed");
    faults.check(exists, "/lesson", fr, en);
    faults.refuse()?;
    Ok(Place::Lesson(slug))
}

async fn asked(
    conn: &impl ConnectionTrait,
    enrolment: &enrolment::Model,
    edition: &Edition,
    id: Uuid,
    question: String,
) -> Result<Place> {
    let found = error::found(attempts::find(conn, id).await)?;
    let attempt = found.filter(|attempt| attempt.enrolment_id == enrolment.id);
    let attempt = attempt.ok_or(Reason::NotFound)?;
    if attempt.submitted_at.is_none() {
        return Err(Refusal::new(Reason::AttemptOpen)
            .because(
                "Remettez d'abord la tentative : on signale une question une fois corrigée.",
                "Submit the attempt first: a question is reported once it is corrected.",
            )
            .into());
    }
    let drawn = attempts::drawn(&attempt, edition).iter().any(|one| one.question == question);
    let mut faults = Faults::default();
    let (fr, en) =
        ("cette question n'est pas dans la tentative", "this question is not in the attempt");
    faults.check(drawn, "/question", fr, en);
    faults.refuse()?;
    Ok(Place::Question { attempt: attempt.id, question })
}
