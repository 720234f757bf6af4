//! What is to be reviewed because the law or the calendar moved, and what reviewers decide of it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use uuid::Uuid;

use super::{Crumbs, Refused, asked, must_work, words};
use crate::accounts::model::Role;
use crate::catalogue::workbench::Benches;
use crate::error::{Reason, Result};
use crate::references::decide::{self as verb, Ruling};
use crate::references::model::Consequence;
use crate::references::rules::{State, paris_day};
use crate::references::work::{self, Counts, Filter, Item, Part, Reach};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// Items on a page.
const PER_PAGE: u64 = 25;
/// The states, with their words in addresses.
const STATES: [(&str, State, &str); 3] = [
    ("ouverts", State::Open, "À décider"),
    ("decides", State::Decided, "Décidés, à publier"),
    ("clos", State::Closed, "Clos"),
];

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/work.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    state: &'static str,
    states: Vec<(&'static str, &'static str, u64)>,
    items: Vec<Shown>,
    next: Option<String>,
    decides: bool,
    consequences: [(Consequence, &'static str, &'static str); 4],
}

/// An item.
struct Shown {
    id: Uuid,
    code: String,
    title: String,
    cause: &'static str,
    text: Option<String>,
    due: Option<String>,
    raised: String,
    decision: Option<(&'static str, String)>,
    /// What was typed and refused.
    typed: Option<(String, String)>,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member) -> Response {
    member.answer(page(&member, None).await)
}

/// Decides of an item.
#[handler]
pub(super) async fn decide(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let answered = match decided(&member, &id, &fields).await {
        Ok(()) => Ok(member.send_on("/atelier/a-revoir", "Décision enregistrée.")),
        Err(error) => page(&member, Some((&id, &fields, Refused::of(error)))).await,
    };
    member.answer(answered)
}

async fn decided(member: &Member, id: &str, fields: &Fields) -> Result<()> {
    must_work(member)?;
    let id = id.parse::<Uuid>().map_err(|_| Reason::NotFound)?;
    let known = words::CONSEQUENCES.iter().find(|(_, word, _)| *word == fields.line("suite"));
    let (consequence, ..) = known.ok_or(Reason::InvalidParameter)?;
    let ruling = Ruling { consequence: *consequence, note: fields.text("note") };
    let tx = member.app.db.begin_write().await?;
    verb::decide(&tx, &member.signed.principal, id, ruling, member.app.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn page(member: &Member, refused: Option<(&str, &Fields, Refused)>) -> Result<Response> {
    must_work(member)?;
    let who = &member.signed.principal;
    let state = asked(member, "etat").unwrap_or_default();
    let state = STATES.iter().find(|(word, ..)| *word == state).unwrap_or(&STATES[0]);
    let before = asked(member, "avant").and_then(|id| id.parse::<Uuid>().ok());
    let reach = match Benches::of(who, &[Role::Trainer, Role::Reviewer, Role::Publisher]) {
        Benches::All => Reach::Everyone,
        Benches::Of(providers) => Reach::Providers(providers),
    };
    let conn = member.app.db.read();
    let catalogue = member.app.shelf.current(conn).await?;
    let filter = Filter { state: Some(state.1), cause: None };
    let today = paris_day(member.app.clock.now());
    let part = Part { before, limit: PER_PAGE + 1 };
    let (mut items, counts) = work::list(conn, &catalogue, &reach, filter, part, today).await?;
    let more = items.len() as u64 > PER_PAGE;
    items.truncate(PER_PAGE as usize);
    let last = items.last().map(|item| item.asked.id).filter(|_| more);
    let typed = refused.as_ref().map(|(id, fields, _)| {
        ((*id).to_owned(), fields.line("suite").to_owned(), fields.text("note"))
    });
    let refused = refused.map(|(_, _, refused)| refused);
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        refused,
        state: state.0,
        states: states(counts),
        items: items.into_iter().map(|item| shown(item, typed.as_ref())).collect(),
        next: last.map(|id| format!("/atelier/a-revoir?etat={}&avant={id}", state.0)),
        decides: member.holds(&[Role::Reviewer]),
        consequences: words::CONSEQUENCES,
    };
    Ok(member.page(status, &page))
}

fn states(counts: Counts) -> Vec<(&'static str, &'static str, u64)> {
    let count = |state| match state {
        State::Open => counts.open,
        State::Decided => counts.decided,
        State::Closed => counts.closed,
    };
    STATES.iter().map(|(word, state, label)| (*word, *label, count(*state))).collect()
}

fn shown(item: Item, typed: Option<&(String, String, String)>) -> Shown {
    let Item { asked, code, current, text, decision, .. } = item;
    let own = typed.filter(|(id, ..)| *id == asked.id.to_string());
    Shown {
        id: asked.id,
        title: current.map_or_else(|| code.clone(), |(title, _)| title),
        code,
        cause: words::cause(asked.cause),
        text,
        due: asked.due_on.map(of_pages::date),
        raised: of_pages::day(asked.raised_at),
        decision: decision.map(|row| (words::consequence(row.consequence), row.note)),
        typed: own.map(|(_, consequence, note)| (consequence.clone(), note.clone())),
    }
}
