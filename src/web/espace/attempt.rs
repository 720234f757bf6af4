//! An attempt as a whole: what is answered and what is not before it is handed in, the result after.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::fault::{Fault, status};
use super::{id_of, words};
use crate::content::Answers;
use crate::enrolments::find;
use crate::enrolments::model::enrolment;
use crate::error::Result;
use crate::learning::api::bodies::{AskedQuestion, Attempt, AttemptResult};
use crate::learning::api::{LearningApi, held};
use crate::learning::{attempts, hand_in as verb, rules};
use crate::records::State;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// An attempt of one's own, and the enrolment that it is made in.
pub(super) struct Sitting {
    /// The enrolment.
    pub(super) enrolment: enrolment::Model,
    /// The title of its module, in the version begun.
    pub(super) title: String,
    /// The attempt, as the API shows it: no key before it is handed in.
    pub(super) attempt: Attempt,
}

impl Sitting {
    /// Where the page stands: the training.
    pub(super) fn crumbs(&self) -> Vec<(String, String)> {
        vec![(format!("/mes-formations/{}", self.enrolment.id), self.title.clone())]
    }

    /// When its time is over, where the learner is, and at which instant, if anything bounds it.
    pub(super) fn ends(&self) -> Option<(String, String)> {
        let due_at = self.attempt.due_at?;
        let said = words::moment(due_at, words::zone(&self.enrolment.time_zone));
        Some((said, due_at.to_rfc3339()))
    }
}

/// Before: what is answered and what is not.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/summary.html")]
struct Summary {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    id: Uuid,
    number: i32,
    title: String,
    ends: Option<(String, String)>,
    questions: Vec<Line>,
    missing: usize,
}

/// A question of the summary.
struct Line {
    text: String,
    answered: bool,
}

/// After: the result.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/result.html")]
struct Outcome {
    around: Around,
    crumbs: Vec<(String, String)>,
    id: Uuid,
    number: i32,
    title: String,
    course: String,
    told: Option<Told>,
    questions: Vec<Corrected>,
}

/// What the attempt was worth.
struct Told {
    passed: bool,
    completed: bool,
    said: String,
}

/// A question with its correction.
struct Corrected {
    id: String,
    situation: Option<String>,
    text: String,
    verdict: &'static str,
    right: bool,
    ordering: bool,
    choices: Vec<Choice>,
    given: Vec<String>,
    correct: Vec<String>,
    counted: bool,
    explanation: String,
    reference: String,
}

/// A choice of a corrected question.
struct Choice {
    text: String,
    ticked: bool,
    right: bool,
}

/// An attempt of one's own; ended first if its time is over.
///
/// # Errors
/// `not-found` for anybody else's.
pub(super) async fn sitting(member: &Member, id: &str) -> Result<Sitting> {
    let (app, who) = (&member.app, &member.signed.principal);
    let conn = app.db.read();
    let mut row = attempts::find(conn, id_of(id)?).await?;
    let enrolment = find::own(conn, who, row.enrolment_id).await?;
    let edition = app.shelf.edition(conn, enrolment.version_id).await?;
    let api = LearningApi { app: app.clone() };
    if row.submitted_at.is_none() && rules::is_over(row.due_at, app.clock.now()) {
        row = api.closed(who, row).await?;
    }
    let attempt = api.shown(row, &edition).await?;
    Ok(Sitting { enrolment, title: edition.version.title.clone(), attempt })
}

/// Shows what is answered, or the result.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id, None).await)
}

/// Hands it in; twice is once.
#[handler]
pub(super) async fn hand_in(posted: Posted, Path(id): Path<String>) -> Response {
    let member = &posted.member;
    let handed = match handed(member, &id).await {
        Ok(()) => Ok(crate::web::page::redirect(&format!("/mes-tests/{id}"))),
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(member, &id, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(handed)
}

async fn handed(member: &Member, id: &str) -> Result<()> {
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    let (study, attempt) = held::sitting(app, &tx, who, id_of(id)?).await?;
    verb::submit(&tx, &study, attempt, &Answers::new()).await?;
    Ok(tx.commit().await?)
}

async fn page(member: &Member, id: &str, fault: Option<Fault>) -> Result<Response> {
    let sitting = sitting(member, id).await?;
    if sitting.attempt.submitted_at.is_some() {
        return Ok(member.page(StatusCode::OK, &outcome(member, sitting)));
    }
    let status = status(fault.as_ref());
    let line = |asked: &AskedQuestion| Line {
        text: asked.text.clone(),
        answered: !asked.answer.is_empty(),
    };
    let questions: Vec<_> = sitting.attempt.questions.iter().map(line).collect();
    let page = Summary {
        around: member.around(Section::Learner),
        crumbs: sitting.crumbs(),
        token: member.signed.token.clone(),
        fault,
        id: sitting.attempt.id,
        number: sitting.attempt.number,
        ends: sitting.ends(),
        title: sitting.title,
        missing: questions.iter().filter(|line| !line.answered).count(),
        questions,
    };
    Ok(member.scripted(status, &page))
}

fn outcome(member: &Member, sitting: Sitting) -> Outcome {
    let crumbs = sitting.crumbs();
    let course = format!("/mes-formations/{}", sitting.enrolment.id);
    let Sitting { title, attempt, .. } = sitting;
    let told = |result: AttemptResult| Told {
        passed: result.passed,
        completed: result.progress.state == State::Completed.word(),
        said: format!(
            "{} sur {}, soit {}\u{a0}% ; il fallait {}\u{a0}%.",
            words::points(result.points),
            result.out_of,
            result.percent,
            result.pass_mark_percent
        ),
    };
    Outcome {
        around: member.around(Section::Learner),
        crumbs,
        id: attempt.id,
        number: attempt.number,
        title,
        course,
        told: attempt.result.map(told),
        questions: said_once(attempt.questions.into_iter().filter_map(corrected).collect()),
    }
}

/// The questions on one situation follow each other: it is said before the first.
fn said_once(mut questions: Vec<Corrected>) -> Vec<Corrected> {
    let mut said = None;
    for question in &mut questions {
        let situation = question.situation.take();
        if situation != said {
            question.situation.clone_from(&situation);
        }
        said = situation;
    }
    questions
}

fn corrected(asked: AskedQuestion) -> Option<Corrected> {
    let AskedQuestion { id, kind, scenario, text, choices, answer, correction, .. } = asked;
    let correction = correction?;
    let named = |ids: &[String]| -> Vec<String> {
        let named = |id: &String| choices.iter().find(|c| c.id == *id).map(|c| c.text.clone());
        ids.iter().filter_map(named).collect()
    };
    let (given, correct) = (named(&answer), named(&correction.correct));
    let verdict = match (correction.right, correction.credit, answer.is_empty()) {
        (true, ..) => "juste",
        (false, _, true) => "sans réponse",
        (false, 0, false) => "à revoir",
        (false, _, false) => "en partie juste",
    };
    let choice = |choice: &crate::learning::api::bodies::AskedChoice| Choice {
        text: choice.text.clone(),
        ticked: answer.contains(&choice.id),
        right: correction.correct.contains(&choice.id),
    };
    Some(Corrected {
        id,
        situation: scenario.map(|scenario| scenario.situation),
        text,
        verdict,
        right: correction.right,
        ordering: kind == "ordering",
        choices: choices.iter().map(choice).collect(),
        given,
        correct,
        counted: correction.counted,
        explanation: correction.explanation,
        reference: correction.reference,
    })
}
