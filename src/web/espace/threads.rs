//! One's questions, reports and complaints, and what was answered: mails point here.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::fault::{Fault, status};
use super::id_of;
use crate::error::{Reason, Result};
use crate::feedback::find::{self, Line};
use crate::feedback::model::{Side, ThreadState, feedback_thread};
use crate::feedback::reach::{Desk, Stand};
use crate::feedback::reply as verb;
use crate::feedback::shown::{self, Subject};
use crate::web::atelier::{asked, words};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// Threads on a page.
const PER_PAGE: usize = 30;

/// The list.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/threads.html")]
struct Threads {
    around: Around,
    rows: Vec<Row>,
    next: Option<String>,
}

/// A thread of the list.
struct Row {
    id: Uuid,
    kind: &'static str,
    about: String,
    state: &'static str,
    text: String,
    day: String,
}

/// A thread.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/thread.html")]
struct Thread {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    id: Uuid,
    kind: &'static str,
    about: String,
    state: &'static str,
    entries: Vec<Entry>,
    text: String,
}

/// Something that happened in it.
struct Entry {
    who: &'static str,
    day: String,
    text: Option<String>,
    state: &'static str,
}

/// Shows the list, both desks together.
#[handler]
pub(super) async fn list(member: Member) -> Response {
    member.answer(threads(&member).await)
}

async fn threads(member: &Member) -> Result<Response> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let before = asked(member, "avant").and_then(|id| id.parse().ok());
    let keyset = (PER_PAGE as u64 + 1, before);
    let mut lines = find::own(conn, who, Desk::Feedback, keyset).await?;
    lines.extend(find::own(conn, who, Desk::Complaints, keyset).await?);
    lines.sort_by_key(|line| std::cmp::Reverse(line.thread.id));
    let more = lines.len() > PER_PAGE;
    lines.truncate(PER_PAGE);
    let heads: Vec<_> = lines.iter().map(|line| line.thread.clone()).collect();
    let mut subjects = shown::subjects(conn, &member.app.shelf, &heads).await?;
    let last = lines.last().map(|line| line.thread.id).filter(|_| more);
    let row = |line: Line| Row {
        id: line.thread.id,
        kind: words::thread_kind(line.thread.kind),
        about: about(&line.thread, &subjects.remove(&line.thread.id).unwrap_or_default()),
        state: words::thread_state(line.last.state),
        text: line.text.unwrap_or_else(|| "(texte effacé)".to_owned()),
        day: of_pages::day(line.last.at),
    };
    let rows = lines.into_iter().map(row).collect();
    let next = last.map(|id| format!("/mes-questions?avant={id}"));
    let page = Threads { around: member.around(Section::Learner), rows, next };
    Ok(member.page(StatusCode::OK, &page))
}

fn about(thread: &feedback_thread::Model, subject: &Subject) -> String {
    let module = subject.title.clone().unwrap_or_else(|| "la plateforme ou l’organisme".to_owned());
    let place = subject.place(thread);
    place.map_or(module.clone(), |place| format!("{module}, {place}"))
}

/// Shows a thread of one's own.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(thread(&member, &id, "", None).await)
}

/// Writes again.
#[handler]
pub(super) async fn reply(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let sent = match replied(&member, &id, &fields).await {
        Ok(at) => Ok(member.send_on(&at, "Message envoyé.")),
        Err(error) => match Fault::of(error) {
            Ok(fault) => thread(&member, &id, &fields.text("texte"), Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(sent)
}

/// A thread of one's own, and its desk; what one answers for as somebody's trainer is at the workbench.
async fn found(member: &Member, id: Uuid) -> Result<(Desk, feedback_thread::Model)> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    for desk in [Desk::Feedback, Desk::Complaints] {
        let found = crate::error::found(find::one(conn, who, desk, id).await)?;
        if let Some((thread, Stand::Own)) = found {
            return Ok((desk, thread));
        }
    }
    Err(Reason::NotFound.into())
}

async fn replied(member: &Member, id: &str, fields: &Fields) -> Result<String> {
    let (desk, row) = found(member, id_of(id)?).await?;
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    let (text, now) = (fields.text("texte"), app.clock.now());
    verb::reply((&tx, &app.shelf), who, (desk, row.id), text, now).await?;
    tx.commit().await?;
    Ok(format!("/mes-questions/{}", row.id))
}

async fn thread(member: &Member, id: &str, text: &str, fault: Option<Fault>) -> Result<Response> {
    let (_, row) = found(member, id_of(id)?).await?;
    let conn = member.app.db.read();
    let subject = shown::subject(conn, &member.app.shelf, &row).await?;
    let entries = find::entries(conn, row.id).await?;
    let state = entries.last().map_or(ThreadState::Open, |(last, _)| last.state);
    let status = status(fault.as_ref());
    let entry = |(entry, text): find::Entry| Entry {
        who: if entry.side == Side::Staff { "Réponse" } else { "Vous" },
        day: of_pages::day(entry.at),
        // A decision has no text; neither has a message that was erased.
        text: text.or_else(|| entry.text_id.map(|_| "(texte effacé)".to_owned())),
        state: words::thread_state(entry.state),
    };
    let page = Thread {
        around: member.around(Section::Learner),
        crumbs: vec![("/mes-questions".to_owned(), "Mes questions".to_owned())],
        token: member.signed.token.clone(),
        fault,
        id: row.id,
        kind: words::thread_kind(row.kind),
        about: about(&row, &subject),
        state: words::thread_state(state),
        entries: entries.into_iter().map(entry).collect(),
        text: text.to_owned(),
    };
    Ok(member.page(status, &page))
}
