//! One question a page: each answer is kept by its own form, before going on, back, or nowhere.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{IntoResponse as _, Response, handler};
use uuid::Uuid;

use super::attempt::{Sitting, sitting};
use super::fault::{Fault, status};
use super::{id_of, ordering};
use crate::content::Answers;
use crate::error::{Error, Reason, Result};
use crate::learning::api::bodies::AskedQuestion;
use crate::learning::api::held;
use crate::learning::attempts;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section, redirect};
use crate::web::visitor::Member;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/question.html")]
struct Page {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    id: Uuid,
    place: (usize, usize),
    ends: Option<(String, String)>,
    situation: Option<String>,
    text: String,
    /// `radio`, `checkbox`, or nothing for items to put in order.
    input: Option<&'static str>,
    help: &'static str,
    choices: Vec<Choice>,
    answered: bool,
}

/// A choice, or an item to put in order.
struct Choice {
    id: String,
    text: String,
    ticked: bool,
    /// The place given to it, as it was typed.
    place: String,
}

/// Shows a question.
#[handler]
pub(super) async fn show(member: Member, address: Path<(String, String)>) -> Response {
    let (id, rank) = address.0;
    member.answer(asked(&member, &id, &rank).await)
}

async fn asked(member: &Member, id: &str, rank: &str) -> Result<Response> {
    let sitting = sitting(member, id).await?;
    if sitting.attempt.submitted_at.is_some() {
        return Ok(redirect(&format!("/mes-tests/{}", sitting.attempt.id)));
    }
    let rank = rank_of(&sitting, rank)?;
    let question = &sitting.attempt.questions[rank];
    let answer = question.answer.clone();
    Ok(page(member, &sitting, rank, &Given::Kept(answer), None))
}

/// The place of a question in its attempt, from 0; what is not one leads nowhere.
fn rank_of(sitting: &Sitting, rank: &str) -> Result<usize> {
    let rank = rank.parse::<usize>().ok().and_then(|rank| rank.checked_sub(1));
    let known = rank.filter(|rank| *rank < sitting.attempt.questions.len());
    known.ok_or_else(|| Reason::NotFound.into())
}

/// Keeps the answer, then goes where the button says.
#[handler]
pub(super) async fn take(posted: Posted, address: Path<(String, String)>) -> Response {
    let (Posted { member, fields }, (id, rank)) = (posted, address.0);
    member.answer(answered(&member, &id, &rank, &fields).await)
}

async fn answered(member: &Member, id: &str, rank: &str, fields: &Fields) -> Result<Response> {
    let sitting = sitting(member, id).await?;
    let (of, rank) = (sitting.attempt.questions.len(), rank_of(&sitting, rank)?);
    let at = format!("/mes-tests/{}", sitting.attempt.id);
    let question = &sitting.attempt.questions[rank];
    let goes = fields.line("aller");
    let kept = match choices(question, fields) {
        Ok(choices) => keep(member, &sitting, question, choices).await,
        Err(fault) => return Ok(page(member, &sitting, rank, &Given::Typed(fields), Some(fault))),
    };
    match kept {
        // The script reads nothing but the status.
        kept if goes == "garder" => kept.map(|()| StatusCode::NO_CONTENT.into_response()),
        Ok(()) => Ok(redirect(&match goes {
            "precedente" if rank > 0 => format!("{at}/{rank}"),
            "suivante" if rank + 1 < of => format!("{at}/{}", rank + 2),
            "effacer" => format!("{at}/{}", rank + 1),
            _ => at,
        })),
        Err(Error::Refused(refused)) if is_over(refused.reason) => {
            let detail = refused.detail.map_or(String::new(), |(fr, _)| format!(" {fr}"));
            Ok(member.send_on(&at, &format!("{}.{detail}", refused.reason.title().0)))
        }
        Err(error) => {
            let fault = Fault::of(error)?;
            Ok(page(member, &sitting, rank, &Given::Typed(fields), Some(fault)))
        }
    }
}

/// Whether nothing more can be answered: the page of the attempt says where it stands.
fn is_over(reason: Reason) -> bool {
    matches!(reason, Reason::AttemptSubmitted | Reason::AttemptTimeOver | Reason::EnrolmentClosed)
}

/// What a form answers to a question.
fn choices(question: &AskedQuestion, fields: &Fields) -> std::result::Result<Vec<String>, Fault> {
    if fields.line("aller") == "effacer" {
        return Ok(Vec::new());
    }
    if question.kind != "ordering" {
        return Ok(fields.all("choix").map(str::to_owned).collect());
    }
    let ids: Vec<&str> = question.choices.iter().map(|choice| choice.id.as_str()).collect();
    let typed = ids.iter().map(|id| fields.line(&format!("rang-{id}")).to_owned());
    ordering::ordered(&ids, &typed.collect::<Vec<_>>())
}

/// Keeps an answer; none where there was none changes nothing.
async fn keep(
    member: &Member,
    sitting: &Sitting,
    question: &AskedQuestion,
    choices: Vec<String>,
) -> Result<()> {
    if choices.is_empty() && question.answer.is_empty() && sitting.attempt.submitted_at.is_none() {
        return Ok(());
    }
    let (app, who) = (&member.app, &member.signed.principal);
    let given = Answers::from([(question.id.clone(), choices)]);
    let tx = app.db.begin_write().await?;
    let id = id_of(&sitting.attempt.id.to_string())?;
    let (study, attempt) = held::sitting(app, &tx, who, id).await?;
    attempts::answer(&tx, &study, &attempt, &given).await?;
    Ok(tx.commit().await?)
}

/// What stands in the form: what is kept, or what was typed and refused.
enum Given<'f> {
    Kept(Vec<String>),
    Typed(&'f Fields),
}

impl Given<'_> {
    fn is_ticked(&self, id: &str) -> bool {
        match self {
            Self::Kept(answer) => answer.iter().any(|known| known == id),
            Self::Typed(fields) => fields.all("choix").any(|known| known == id),
        }
    }

    fn place(&self, id: &str) -> String {
        match self {
            Self::Kept(answer) => {
                let place = answer.iter().position(|known| known == id);
                place.map(|place| (place + 1).to_string()).unwrap_or_default()
            }
            Self::Typed(fields) => fields.line(&format!("rang-{id}")).to_owned(),
        }
    }
}

fn page(
    member: &Member,
    sitting: &Sitting,
    rank: usize,
    given: &Given<'_>,
    fault: Option<Fault>,
) -> Response {
    let question = &sitting.attempt.questions[rank];
    let (input, help) = match question.kind.as_str() {
        "ordering" => (None, "Donnez à chaque élément son rang, du premier au dernier."),
        "multiple" => (Some("checkbox"), "Plusieurs réponses sont possibles."),
        _ => (Some("radio"), "Une seule réponse."),
    };
    let choices = question.choices.iter().map(|choice| Choice {
        id: choice.id.clone(),
        text: choice.text.clone(),
        ticked: given.is_ticked(&choice.id),
        place: given.place(&choice.id),
    });
    let status = status(fault.as_ref());
    let page = Page {
        around: member.around(Section::Learner),
        crumbs: sitting.crumbs(),
        token: member.signed.token.clone(),
        fault,
        id: sitting.attempt.id,
        place: (rank + 1, sitting.attempt.questions.len()),
        ends: sitting.ends(),
        situation: question.scenario.as_ref().map(|scenario| scenario.situation.clone()),
        text: question.text.clone(),
        input,
        help,
        choices: choices.collect(),
        answered: !question.answer.is_empty(),
    };
    member.scripted(status, &page)
}
