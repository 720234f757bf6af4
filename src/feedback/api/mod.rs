//! Reports, questions, complaints and satisfaction over HTTP.

mod bodies;
mod complaints;
mod reports;
mod satisfaction;

pub use complaints::ComplaintsApi;
pub use reports::FeedbackApi;
pub use satisfaction::SatisfactionApi;

use serde_json::json;
use uuid::Uuid;

use bodies::{Standing, Thread, ThreadLine, ThreadLines};

use super::find::{self, Line};
use super::model::{ThreadState, feedback_thread};
use super::reach::{Desk, Stand};
use super::{reply, shown};
use crate::accounts::Principal;
use crate::app::App;
use crate::error::{self, Result};
use crate::http::page::Page;
use crate::journal;
use crate::people::identity;

/// A page of threads as they are shown.
async fn listed(app: &App, page: &Page, lines: Vec<Line>) -> Result<ThreadLines> {
    let next = page.next(&lines, |line| line.thread.id);
    let threads: Vec<_> = lines.iter().map(|line| line.thread.clone()).collect();
    let mut subjects = shown::subjects(app.db.read(), &app.shelf, &threads).await?;
    let line = |line: Line| {
        let subject = subjects.remove(&line.thread.id).unwrap_or_default();
        ThreadLine::of(line, subject)
    };
    Ok(ThreadLines { items: lines.into_iter().map(line).collect(), next })
}

/// A thread and all that happened in it, to whoever opened it or answers for it.
async fn told(app: &App, who: &Principal, desk: Desk, id: Uuid) -> Result<Thread> {
    let conn = app.db.read();
    let (thread, stand) = find::one(conn, who, desk, id).await?;
    let name = match stand {
        Stand::Staff if thread.show_name => name(app, who, &thread).await?,
        _ => None,
    };
    let subject = shown::subject(conn, &app.shelf, &thread).await?;
    let entries = find::entries(conn, thread.id).await?;
    Thread::of(thread, subject, entries, stand, name)
}

/// The name of somebody who lets it be seen; reading it is journalled.
async fn name(
    app: &App,
    who: &Principal,
    thread: &feedback_thread::Model,
) -> Result<Option<String>> {
    let tx = app.db.begin_write().await?;
    let (by, subject) = (Some(who.account_id), ("feedback", thread.id));
    journal::act(&tx, by, "feedback.read_name", subject, json!({}), app.clock.now()).await?;
    tx.commit().await?;
    let current = error::found(identity::current(app.db.read(), thread.person_id).await)?;
    Ok(current.map(|who| format!("{} {}", who.given_name, who.family_name)))
}

async fn replied(
    app: &App,
    who: &Principal,
    (desk, id): (Desk, Uuid),
    text: String,
) -> Result<Standing> {
    let tx = app.db.begin_write().await?;
    let now = app.clock.now();
    let state = reply::reply((&tx, &app.shelf), who, (desk, id), text, now).await?;
    tx.commit().await?;
    Ok(Standing { id, state: state.into() })
}

async fn decided(
    app: &App,
    who: &Principal,
    (desk, id): (Desk, Uuid),
    to: ThreadState,
) -> Result<Standing> {
    let tx = app.db.begin_write().await?;
    let state = reply::decide(&tx, who, (desk, id), to, app.clock.now()).await?;
    tx.commit().await?;
    Ok(Standing { id, state: state.into() })
}
