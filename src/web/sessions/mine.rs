//! One's own sessions: a seat or a rank on the waiting list, the dates, the video meeting, the calendar.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};
use uuid::Uuid;

use super::told::{self, Told};
use crate::error::Result;
use crate::sessions::book::{self, Registered};
use crate::sessions::find::{self, Held};
use crate::sessions::model::RegistrationState;
use crate::sessions::{feed, rules, seats};
use crate::web::atelier::asked;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words;

/// Registrations on a page.
const PER_PAGE: usize = 30;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sessions/mine.html")]
struct Mine {
    around: Around,
    token: String,
    rows: Vec<Row>,
    next: Option<String>,
    /// The address of the calendar, when it was made now.
    url: Option<String>,
    /// Since when an address opens it.
    since: Option<String>,
}

/// A registration.
struct Row {
    told: Told,
    state: &'static str,
    good: bool,
    rank: Option<usize>,
    link: Option<String>,
    /// Whether it can be given up.
    leaves: bool,
}

/// Shows them, the latest asked first.
#[handler]
pub(super) async fn list(member: Member) -> Response {
    member.answer(page(&member, None).await)
}

/// The page, with the address of the calendar where it was made now.
pub(super) async fn page(member: &Member, url: Option<String>) -> Result<Response> {
    let (conn, person) = (member.app.db.read(), member.signed.principal.person_id);
    let before = asked(member, "avant").and_then(|id| id.parse().ok());
    let mut mine = book::of_person(conn, person, PER_PAGE as u64 + 1, before).await?;
    let more = mine.len() > PER_PAGE;
    mine.truncate(PER_PAGE);
    let last = mine.last().filter(|_| more);
    let next = last.map(|one| format!("/mes-sessions?avant={}", one.row.id));
    let page = Mine {
        around: member.around(Section::Learner),
        token: member.signed.token.clone(),
        rows: rows(member, mine).await?,
        next,
        url,
        since: feed::since(conn, person).await?.map(words::day),
    };
    Ok(member.page(StatusCode::OK, &page))
}

async fn rows(member: &Member, mine: Vec<Registered>) -> Result<Vec<Row>> {
    let (conn, now) = (member.app.db.read(), member.app.clock.now());
    let ids: Vec<Uuid> = mine.iter().map(|one| one.row.session_id).collect();
    let held: HashMap<Uuid, Held> =
        find::by_ids(conn, &ids).await?.into_iter().map(|one| (one.session.id, one)).collect();
    let waiting = book::waiting(conn, &ids).await?;
    let with: Vec<(Registered, Held)> = mine
        .into_iter()
        .filter_map(|one| held.get(&one.row.session_id).cloned().map(|held| (one, held)))
        .collect();
    let sessions: Vec<Held> = with.iter().map(|(_, held)| held.clone()).collect();
    let told = told::all(&member.app, &sessions).await?;
    let row = |((one, held), told): ((Registered, Held), Told)| {
        let (state, on) = (one.state(), rules::is_on(held.state()));
        let ahead = |all: &Vec<i32>| all.iter().filter(|n| **n <= one.row.number).count();
        let waits = on && state == RegistrationState::Waiting;
        Row {
            state: said(state),
            good: seats::is_seated(state),
            rank: waiting.get(&held.session.id).filter(|_| waits).map(ahead),
            link: held.session.link.clone().filter(|_| on && seats::is_seated(state)),
            leaves: on && seats::is_active(state) && !held.has_begun(now),
            told,
        }
    };
    Ok(with.into_iter().zip(told).map(row).collect())
}

/// Where a registration stands.
pub(super) const fn said(state: RegistrationState) -> &'static str {
    match state {
        RegistrationState::Seated => "une place vous est réservée",
        RegistrationState::Promoted => "une place s’est libérée pour vous",
        RegistrationState::Waiting => "en liste d’attente",
        RegistrationState::Withdrawn => "vous vous êtes désisté·e",
        RegistrationState::Refused => "inscription refusée",
        RegistrationState::NoShow => "vous n’étiez pas présent·e",
    }
}
