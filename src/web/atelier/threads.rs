//! What learners report, ask and complain of: the list, a thread, an answer, a state.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::{Crumbs, MAKERS, Refused, asked, must_work_or_answer, words};
use crate::accounts::policy::{self, Action};
use crate::error::{Reason, Result};
use crate::feedback::find::{self, Line, Wanted};
use crate::feedback::model::{Side, ThreadKind, ThreadState, feedback_thread};
use crate::feedback::reach::{self, Desk, Stand};
use crate::feedback::shown::{self, Subject};
use crate::feedback::{reply as verb, rules};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// Threads on a page.
const PER_PAGE: u64 = 30;

/// The list.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/threads.html")]
struct Threads {
    around: Around,
    crumbs: Crumbs,
    complaints: bool,
    /// Whether both desks are theirs to read.
    both: bool,
    rows: Vec<Row>,
    next: Option<String>,
}

/// A thread of the list.
struct Row {
    id: Uuid,
    about: String,
    kind: &'static str,
    state: &'static str,
    text: String,
    day: String,
}

/// A thread.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/thread.html")]
struct Thread {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    id: Uuid,
    complaint: bool,
    about: String,
    kind: &'static str,
    state: &'static str,
    entries: Vec<Entry>,
    /// Whether they answer it.
    answers: bool,
    decisions: Vec<(&'static str, &'static str)>,
    text: String,
}

/// Something that happened in it.
struct Entry {
    who: &'static str,
    day: String,
    text: Option<String>,
    state: &'static str,
}

fn desk_of(word: &str) -> Desk {
    if word == "plaintes" { Desk::Complaints } else { Desk::Feedback }
}

const fn word_of(desk: Desk) -> &'static str {
    match desk {
        Desk::Complaints => "plaintes",
        Desk::Feedback => "retours",
    }
}

/// Shows the list.
#[handler]
pub(super) async fn list(member: Member) -> Response {
    member.answer(threads(&member).await)
}

async fn threads(member: &Member) -> Result<Response> {
    must_work_or_answer(member)?;
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let makes = member.holds(&MAKERS);
    // Whoever makes no module answers complaints alone.
    let usual = if makes { "retours" } else { "plaintes" };
    let desk = desk_of(&asked(member, "bureau").unwrap_or_else(|| usual.to_owned()));
    let before = asked(member, "avant").and_then(|id| id.parse().ok());
    let wanted = Wanted::default();
    let mut lines = find::at_desk(conn, who, desk, wanted, (PER_PAGE + 1, before)).await?;
    let more = lines.len() > PER_PAGE as usize;
    lines.truncate(PER_PAGE as usize);
    let heads: Vec<_> = lines.iter().map(|line| line.thread.clone()).collect();
    let mut subjects = shown::subjects(conn, &member.app.shelf, &heads).await?;
    let last = lines.last().map(|line| line.thread.id).filter(|_| more);
    let row = |line: Line| {
        let subject = subjects.remove(&line.thread.id).unwrap_or_default();
        Row {
            id: line.thread.id,
            about: about(&line.thread, &subject),
            kind: words::thread_kind(line.thread.kind),
            state: words::thread_state(line.last.state),
            text: line.text.unwrap_or_else(|| "(texte effacé)".to_owned()),
            day: of_pages::day(line.last.at),
        }
    };
    let page = Threads {
        around: member.around(Section::Desk),
        crumbs: Vec::new(),
        both: makes,
        complaints: desk == Desk::Complaints,
        rows: lines.into_iter().map(row).collect(),
        next: last.map(|id| format!("/atelier/retours?bureau={}&avant={id}", word_of(desk))),
    };
    Ok(member.page(StatusCode::OK, &page))
}

fn about(thread: &feedback_thread::Model, subject: &Subject) -> String {
    let module = subject.title.clone().unwrap_or_else(|| "la plateforme ou l’organisme".to_owned());
    let place = subject.place(thread);
    place.map_or(module.clone(), |place| format!("{module}, {place}"))
}

/// Shows a thread.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(thread(&member, &id, &Fields::default(), None).await)
}

/// Answers it, or says where it stands.
#[handler]
pub(super) async fn send(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let answered = match sent(&member, &id, &fields).await {
        Ok(said) => Ok(member.send_on(&format!("/atelier/retours/{id}"), said)),
        Err(error) => thread(&member, &id, &fields, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

/// A thread of the desk at which it lies.
async fn found(member: &Member, id: Uuid) -> Result<(Desk, feedback_thread::Model, Stand)> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    for desk in [Desk::Feedback, Desk::Complaints] {
        if let Some((thread, stand)) = crate::error::found(find::one(conn, who, desk, id).await)? {
            return Ok((desk, thread, stand));
        }
    }
    Err(Reason::NotFound.into())
}

async fn sent(member: &Member, id: &str, fields: &Fields) -> Result<&'static str> {
    must_work_or_answer(member)?;
    let id = id.parse::<Uuid>().map_err(|_| Reason::NotFound)?;
    let (desk, _, _) = found(member, id).await?;
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let tx = app.db.begin_write().await?;
    let said = if fields.get("etat").is_some() {
        let state = words::THREAD_STATES.iter().find(|(_, word, _)| *word == fields.line("etat"));
        let (state, ..) = state.ok_or(Reason::InvalidParameter)?;
        verb::decide(&tx, who, (desk, id), *state, now).await?;
        "État enregistré."
    } else {
        verb::reply((&tx, &app.shelf), who, (desk, id), fields.text("texte"), now).await?;
        "Réponse envoyée : un courriel l’annonce à la personne."
    };
    tx.commit().await?;
    Ok(said)
}

async fn thread(
    member: &Member,
    id: &str,
    fields: &Fields,
    refused: Option<Refused>,
) -> Result<Response> {
    must_work_or_answer(member)?;
    let id = id.parse::<Uuid>().map_err(|_| Reason::NotFound)?;
    let (desk, thread, stand) = found(member, id).await?;
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let subject = shown::subject(conn, &member.app.shelf, &thread).await?;
    let entries = find::entries(conn, id).await?;
    let state = entries.last().map_or(ThreadState::Open, |(last, _)| last.state);
    let action: Action = desk.answering();
    let answers =
        stand == Stand::Own || policy::allow(who, action, &reach::target(&thread)).is_ok();
    let decides = stand == Stand::Staff && answers;
    let decisions = words::THREAD_STATES.iter().filter(|(to, ..)| {
        decides && *to != state && rules::check_decision(thread.kind, *to, true).is_ok()
    });
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let retours = ("/atelier/retours".to_owned(), "Retours".to_owned());
    let page = Thread {
        around: member.around(Section::Desk),
        crumbs: vec![retours],
        token: member.signed.token.clone(),
        refused,
        id,
        complaint: thread.kind == ThreadKind::Complaint,
        about: about(&thread, &subject),
        kind: words::thread_kind(thread.kind),
        state: words::thread_state(state),
        decisions: decisions.map(|(_, word, label)| (*word, *label)).collect(),
        entries: entries
            .into_iter()
            .map(|(entry, text)| Entry {
                who: if entry.side == Side::Staff { "Réponse" } else { "Apprenant·e" },
                day: of_pages::day(entry.at),
                text,
                state: words::thread_state(entry.state),
            })
            .collect(),
        answers,
        text: fields.text("texte"),
    };
    Ok(member.page(status, &page))
}
