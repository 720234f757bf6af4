//! The workbench: my modules and their state, what awaits me.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::plan::{self, Coming};
use super::{MAKERS, asked, must_work_or_answer, words};
use crate::accounts::model::Role;
use crate::accounts::policy::Action;
use crate::catalogue::workbench::{self, Benches, Work};
use crate::error::Result;
use crate::publication::reviews::{self, Awaiting};
use crate::references::rules::paris_day;
use crate::references::work::{self as due, Counts, Reach};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// Modules on a page.
const PER_PAGE: u64 = 50;
/// Most drafts awaiting a review that are shown.
const MOST_AWAITING: u64 = 20;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/mine.html")]
struct Mine {
    around: Around,
    rows: Vec<Row>,
    next: Option<String>,
    awaiting: Vec<ToRead>,
    coming: Vec<Coming>,
    counts: Counts,
    writes: bool,
    /// Whether they make modules; who only handles complaints does not.
    works: bool,
    complaints: bool,
}

/// A module.
struct Row {
    code: String,
    title: String,
    published: Option<String>,
    state: &'static str,
    next: &'static str,
}

/// A draft to be reviewed.
struct ToRead {
    code: String,
    title: String,
    what: String,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member) -> Response {
    member.answer(page(&member).await)
}

async fn page(member: &Member) -> Result<Response> {
    must_work_or_answer(member)?;
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let benches = Benches::of(who, &MAKERS);
    let after = asked(member, "apres");
    let mut modules = workbench::modules(conn, &benches, PER_PAGE + 1, after.as_deref()).await?;
    let more = modules.len() > PER_PAGE as usize;
    modules.truncate(PER_PAGE as usize);
    let awaiting = reviews::awaiting(conn, who, MOST_AWAITING, None).await?;
    let coming = plan::coming(conn, &modules).await?;
    let reach = match benches {
        Benches::All => Reach::Everyone,
        Benches::Of(providers) => Reach::Providers(providers),
    };
    let catalogue = member.app.shelf.current(conn).await?;
    let today = paris_day(member.app.clock.now());
    let counts = due::counts(conn, &catalogue, &reach, today).await?;
    let last = modules.last().map(|work| work.module.code.clone());
    let planned: HashMap<_, _> = coming.iter().map(|c| (c.code.clone(), ())).collect();
    let page = Mine {
        around: member.around(Section::Desk),
        next: last.filter(|_| more).map(|code| format!("/atelier?apres={code}")),
        rows: modules.into_iter().map(|work| row(work, &planned)).collect(),
        awaiting: awaiting.into_iter().map(to_read).collect(),
        coming,
        counts,
        writes: member.holds(&[Role::Trainer]),
        works: member.holds(&MAKERS),
        complaints: member.holds(Action::HandleComplaints.roles()),
    };
    Ok(member.page(StatusCode::OK, &page))
}

fn row(work: Work, planned: &HashMap<String, ()>) -> Row {
    let published = work.current.as_ref().map(|version| {
        format!("version {}, le {}", version.number, of_pages::day(version.published_at))
    });
    let (state, next) = match &work.draft {
        None if published.is_some() => ("publié, sans brouillon", "Rien n’est en cours."),
        None => ("sans brouillon", "Qui forme ouvre un brouillon."),
        Some(_) if planned.contains_key(&work.module.code) => {
            ("publication programmée", "Le moment venu, le programme publie.")
        }
        Some(draft) => words::state(draft.state),
    };
    let code = work.module.code;
    Row { title: work.title.unwrap_or_else(|| code.clone()), code, published, state, next }
}

fn to_read(awaiting: Awaiting) -> ToRead {
    let what = match awaiting.asked {
        Some(kind) => format!("{}, demandée par un autre organisme", words::review_kind(kind)),
        None => "soumis par votre organisme".to_owned(),
    };
    ToRead { code: awaiting.module.code, title: awaiting.module.title, what }
}
