//! Why one owes something, and why that day: in a sentence, and what happened to it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::followed::Next;
use super::id_of;
use crate::error::{Reason, Result};
use crate::obligations::{Status, Subject};
use crate::requirements::exempt;
use crate::requirements::explain::{Explained, explain};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/owed.html")]
struct Why {
    around: Around,
    crumbs: Vec<(String, String)>,
    title: String,
    state: &'static str,
    late: bool,
    sentence: String,
    facts: Vec<(&'static str, String)>,
    /// Where the text can be read.
    law: Option<String>,
    next: Option<Next>,
}

/// Shows it; anybody else's does not exist here, whoever may read it elsewhere.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id).await)
}

async fn page(member: &Member, id: &str) -> Result<Response> {
    let (conn, now) = (member.app.db.read(), member.app.clock.now());
    let row = exempt::by_id(conn, id_of(id)?).await?;
    if row.person_id != member.signed.principal.person_id {
        return Err(Reason::NotFound.into());
    }
    let told = explain(conn, row, now).await?;
    let sentence = told.in_french(true);
    let status = told.standing.status;
    let name = told.subject.name();
    let folder = match told.subject {
        Subject::Module(_) => "modules",
        Subject::Path(_) => "parcours",
    };
    let next = status.is_owed().then(|| Next {
        href: format!("/{folder}/{}/inscription", name.code),
        label: "Suivre cette formation".to_owned(),
    });
    let facts = facts(&told);
    let law = told.basis.map(|(_, law)| law.text);
    let page = Why {
        around: member.around(Section::Learner),
        crumbs: Vec::new(),
        title: name.title.clone(),
        state: state(status),
        late: status == Status::Overdue,
        sentence,
        facts,
        law,
        next,
    };
    Ok(member.page(StatusCode::OK, &page))
}

/// What is good to know of it, label and value.
fn facts(told: &Explained) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("À achever au plus tard le", of_pages::date(told.row.due_on)),
        ("Exigence", told.version.title_fr.clone()),
        ("Au titre de", told.organisation.name.clone()),
        ("Ouverte le", of_pages::day(told.row.opened_at)),
    ];
    if let Some(done) = &told.standing.satisfied {
        facts.push(("Satisfaite le", of_pages::day(done.at)));
    }
    facts
}

const fn state(status: Status) -> &'static str {
    match status {
        Status::Open => "à faire",
        Status::Overdue => "en retard",
        Status::Satisfied => "fait",
        Status::Exempted => "dispensé·e",
        Status::Superseded => "remplacée par une autre",
        Status::Closed => "sans objet",
    }
}
