//! My day: what is due and why, where to go on, the paths followed, what was completed.

use askama::Template;
use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use poem::{Response, handler};
use uuid::Uuid;

use super::followed::{Followed, Next, followed};
use super::words;
use crate::enrolments::{self, paths};
use crate::error::Result;
use crate::obligations::model::ObligationOrigin;
use crate::obligations::{self, Owed, Status, Subject};
use crate::records::State;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// Enrolments on a page.
const PER_PAGE: usize = 50;
/// Paths on the page, the latest.
const PATHS: u64 = 20;
/// Obligations that are read, the earliest due first; those that are over are not shown.
const OBLIGATIONS: u64 = 200;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/day.html")]
struct Day {
    around: Around,
    owed: Vec<Due>,
    going_on: Vec<Card>,
    paths: Vec<PathCard>,
    over: Vec<Card>,
    older: Option<String>,
}

/// Something owed.
struct Due {
    title: String,
    by: String,
    late: bool,
    /// Why, in a few words.
    why: &'static str,
    /// Where it is said at length.
    explained: Option<String>,
    next: Next,
}

/// An enrolment.
struct Card {
    href: String,
    title: String,
    code: String,
    state: &'static str,
    line: String,
    /// Lessons read, and lessons.
    progress: (usize, usize),
    next: Option<Next>,
}

/// A path that is followed.
struct PathCard {
    href: String,
    title: String,
    state: &'static str,
    percent: u8,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member) -> Response {
    member.answer(page(&member).await)
}

async fn page(member: &Member) -> Result<Response> {
    let (app, who, now) = (&member.app, &member.signed.principal, member.app.clock.now());
    let conn = app.db.read();
    let before = crate::web::atelier::asked(member, "avant").and_then(|id| id.parse().ok());
    let mut rows = enrolments::find::list(conn, who, PER_PAGE as u64 + 1, before).await?;
    let more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let older = rows.last().filter(|_| more).map(|row| format!("/mon-espace?avant={}", row.id));
    let all = followed(app, rows, now).await?;
    let owed = obligations::of_person(conn, who.person_id, OBLIGATIONS, None, now).await?;
    let owed = owed.iter().filter(|one| one.status.is_owed()).map(|one| due(one, &all)).collect();
    let (open, over): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.is_open());
    let page = Day {
        around: member.around(Section::Learner),
        owed: if before.is_none() { owed } else { Vec::new() },
        going_on: open.into_iter().map(card).collect(),
        paths: if before.is_none() { paths_of(member, now).await? } else { Vec::new() },
        over: over.into_iter().map(card).collect(),
        older,
    };
    Ok(member.page(StatusCode::OK, &page))
}

fn due(owed: &Owed, all: &[Followed]) -> Due {
    let row = &owed.obligation;
    let explained = format!("/mes-obligations/{}", row.id);
    let (why, explained) = match row.origin {
        ObligationOrigin::Enrolment => ("l’échéance choisie à l’inscription", None),
        ObligationOrigin::LegalChange => {
            ("le droit a changé depuis que vous avez suivi ce module", None)
        }
        ObligationOrigin::Requirement => ("une exigence vous concerne", Some(explained)),
    };
    Due {
        title: owed.subject.name().title.clone(),
        by: words::by(row.due_on),
        late: owed.status == Status::Overdue,
        why,
        explained,
        next: toward(owed, all),
    }
}

/// What to do about it: go on in the enrolment that is open, else enrol.
fn toward(owed: &Owed, all: &[Followed]) -> Next {
    let name = owed.subject.name();
    let code = &name.code;
    let label = str::to_owned;
    if let Subject::Path(_) = owed.subject {
        return Next { href: format!("/parcours/{code}/inscription"), label: label("Suivre") };
    }
    let mine = |one: &&Followed| {
        let same = owed.obligation.enrolment_id == Some(one.row.id);
        one.is_open() && (same || one.edition.module.code == *code)
    };
    match all.iter().find(mine) {
        Some(open) => open.next().unwrap_or(Next { href: open.href(), label: label("Continuer") }),
        None => match owed.obligation.enrolment_id {
            Some(id) => Next { href: format!("/mes-formations/{id}"), label: label("Continuer") },
            None => {
                Next { href: format!("/modules/{code}/inscription"), label: label("S’inscrire") }
            }
        },
    }
}

fn card(one: &Followed) -> Card {
    let (read, lessons) = (one.read(), one.edition.content.lessons.len());
    let counted = of_pages::count(lessons, "leçon", "leçons");
    let mut line = match one.status.completed_at {
        Some(at) => format!("achevé le {}", of_pages::day(at)),
        None => format!("{read} sur {counted}"),
    };
    if let Some(percent) = one.status.best_percent {
        line += &format!(" · meilleur résultat au test : {percent}\u{a0}%");
    }
    if let Some(due_on) = one.row.due_on.filter(|_| one.is_open()) {
        line += &format!(" · {}", words::by(due_on));
    }
    Card {
        href: one.href(),
        title: one.edition.version.title.clone(),
        code: one.edition.module.code.clone(),
        state: words::state(one.status.state),
        line,
        progress: (read, lessons),
        next: one.next(),
    }
}

/// The paths followed, the latest first; those that were left are not shown.
async fn paths_of(member: &Member, now: DateTime<Utc>) -> Result<Vec<PathCard>> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let rows = paths::find::list(conn, who, PATHS, None::<Uuid>).await?;
    let stands = paths::standings(conn, who, rows, now).await?;
    let kept = stands.iter().filter(|one| one.state() != State::Withdrawn);
    let card = |one: &paths::Standing| PathCard {
        href: format!("/mes-parcours/{}", one.row.id),
        title: one.edition.content.title.clone(),
        state: words::state(one.state()),
        percent: one.progress.percent,
    };
    Ok(kept.map(card).collect())
}
