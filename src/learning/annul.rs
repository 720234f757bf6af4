//! What was recorded wrongly: a correction is a fact that supersedes it, with its author and a reason
//! from a list. Both stay.
//!
//! A completion is annulled with what it rests on (the attempts that passed, or the lessons of a module
//! without a quiz), else the next lesson read would complete again; and with the completions of paths
//! that counted it.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::catalogue::Edition;
use crate::enrolments::enrol::fact_of;
use crate::enrolments::model::enrolment;
use crate::error::{Faults, Reason, Result};
use crate::journal;
use crate::records::model::{FactKind, fact};
use crate::records::told::{Annulled, Told};
use crate::records::{self, NewFact};

/// What is to be annulled, and on what grounds.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The fact.
    pub fact_id: Uuid,
    /// A word from a list: a fact names nobody.
    pub reason: &'static str,
    /// SHA-256, in hexadecimal, of the document that decides it.
    pub document: Option<String>,
}

impl Wish {
    /// Refuses a digest that is none, before anything is looked for.
    ///
    /// # Errors
    /// `invalid-values`.
    pub fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        faults.check(
            self.document.as_deref().is_none_or(is_sha256),
            "/document_digest",
            "soixante-quatre chiffres hexadécimaux, en minuscules",
            "sixty-four hexadecimal digits, in lower case",
        );
        faults.refuse()
    }
}

/// Annuls a fact of an enrolment, which the caller holds, and what rests on it; answers the facts that
/// say so, recorded by the account `by`. What is annulled already is not annulled twice.
///
/// # Errors
/// `not-found` for a fact of another enrolment, `invalid-values` for one that is not annulled: only a
/// lesson read, an attempt and a completion are.
pub async fn annul(
    tx: &DatabaseTransaction,
    by: Uuid,
    (enrolment, edition): (&enrolment::Model, &Edition),
    wish: &Wish,
    now: DateTime<Utc>,
) -> Result<Vec<fact::Model>> {
    let facts = records::read::of_enrolment(tx, enrolment.id).await?;
    let wrong = facts.iter().find(|f| f.id == wish.fact_id).ok_or(Reason::NotFound)?;
    let mut faults = Faults::default();
    faults.check(
        matches!(
            wrong.kind,
            FactKind::LessonDone
                | FactKind::AttemptSubmitted
                | FactKind::AttemptRegraded
                | FactKind::Completed
                | FactKind::Recognised
        ),
        "/fact_id",
        "seuls une leçon lue, une tentative, un achèvement et une reconnaissance s'annulent",
        "only a lesson read, an attempt, a completion and a recognition can be annulled",
    );
    faults.refuse()?;
    let mut wrong = resting(&facts, wrong, edition.content.quiz.is_empty());
    let completions: Vec<Uuid> = completions(&wrong);
    let paths = paths_on(tx, enrolment.person_id, &completions).await?;
    wrong.extend(paths.iter());
    let mut told = Vec::new();
    for wrong in wrong {
        let (annulled, new) =
            records::append(tx, annulment(enrolment, wrong, by, wish, now), now).await?;
        if new {
            let detail =
                json!({ "fact": wrong.id, "reason": wish.reason, "document": wish.document });
            let subject = ("enrolment", enrolment.id);
            journal::act(tx, Some(by), "fact.annul", subject, detail, now).await?;
        }
        told.push(annulled);
    }
    Ok(told)
}

pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// A fact and those that go with it: the completion that rests on it, and all that a completion rests
/// on. Nothing goes with what was corrected already.
fn resting<'f>(
    facts: &'f [fact::Model],
    named: &'f fact::Model,
    without_quiz: bool,
) -> Vec<&'f fact::Model> {
    let corrected = |f: &fact::Model| facts.iter().any(|later| later.supersedes_id == Some(f.id));
    if corrected(named) {
        // What was earned again since is another matter.
        return vec![named];
    }
    let standing = facts.iter().filter(|f| !corrected(f) && f.id != named.id);
    let completion = |f: &&fact::Model| f.kind == FactKind::Completed;
    let passing = |f: &&fact::Model| f.kind.is_result() && f.payload["passed"] == true;
    let goes_along = |f: &&fact::Model| match named.kind {
        FactKind::Completed if without_quiz => f.kind == FactKind::LessonDone,
        FactKind::Completed => passing(f),
        // It rests on a document, and nothing rests on it but paths.
        FactKind::Recognised => false,
        FactKind::LessonDone => completion(f),
        // An attempt that was not needed takes nothing with it.
        _ => completion(f) && !another_passed(facts, named),
    };
    std::iter::once(named).chain(standing.filter(goes_along)).collect()
}

/// Whether an attempt other than this one has passed.
fn another_passed(facts: &[fact::Model], named: &fact::Model) -> bool {
    let corrected = |f: &fact::Model| facts.iter().any(|later| later.supersedes_id == Some(f.id));
    facts.iter().any(|f| {
        f.kind.is_result() && f.payload["passed"] == true && f.id != named.id && !corrected(f)
    })
}

fn completions(wrong: &[&fact::Model]) -> Vec<Uuid> {
    wrong.iter().filter(|f| f.kind.completes()).map(|f| f.id).collect()
}

/// The completions of paths that counted one of these.
async fn paths_on(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    completions: &[Uuid],
) -> Result<Vec<fact::Model>> {
    if completions.is_empty() {
        return Ok(Vec::new());
    }
    let paths = fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(person_id))
        .filter(fact::Column::Kind.eq(FactKind::PathCompleted))
        .filter(records::read::standing(None))
        .all(tx)
        .await?;
    let counts = |path: &fact::Model| {
        let modules = path.payload["modules"].as_array().map_or(&[][..], Vec::as_slice);
        modules.iter().filter(|m| m["optional"] != true).any(|module| {
            let id = module["completion_fact_id"].as_str().and_then(|id| id.parse().ok());
            id.is_some_and(|id: Uuid| completions.contains(&id))
        })
    };
    Ok(paths.into_iter().filter(counts).collect())
}

fn annulment(
    enrolment: &enrolment::Model,
    wrong: &fact::Model,
    by: Uuid,
    wish: &Wish,
    now: DateTime<Utc>,
) -> NewFact {
    let annulled =
        Annulled { fact_id: wrong.id, reason: wish.reason, document: wish.document.clone() };
    // Dated no earlier than what it corrects, whatever the clock: it holds as soon as it is known.
    let at = now.max(wrong.occurred_at);
    NewFact {
        enrolment_id: wrong.enrolment_id,
        module_id: wrong.module_id,
        version_id: wrong.version_id,
        organisation_id: wrong.organisation_id,
        supersedes_id: Some(wrong.id),
        ..fact_of(enrolment, Told::Annulled(annulled), by, at)
    }
}
