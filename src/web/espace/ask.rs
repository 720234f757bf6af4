//! Asking the trainers, reporting an error, complaining.

use std::collections::BTreeMap;

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use super::id_of;
use crate::catalogue::find::current_by_code;
use crate::content::ModuleCode;
use crate::enrolments::find;
use crate::error::{Reason, Result};
use crate::feedback::model::ThreadKind;
use crate::feedback::open::{self, About, Said};
use crate::feedback::place::Named;
use crate::web::atelier::asked as asked_for;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// Trainings of which one may complain by their name, the latest.
const NAMED: u64 = 50;

/// A question or a report.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/ask.html")]
struct Ask {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    href: String,
    title: String,
    /// The lessons that may be asked about, and which is.
    lessons: Vec<(String, String)>,
    lesson: String,
    /// The question of a corrected attempt that it is about instead.
    attempt: String,
    question: String,
    kind: String,
    text: String,
    show_name: bool,
}

/// A complaint.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/complain.html")]
struct Complain {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    /// Codes and titles of the modules that one follows or followed.
    modules: Vec<(String, String)>,
    module: String,
    text: String,
    show_name: bool,
}

/// Shows the form, about the lesson or the question that the address names.
#[handler]
pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Response {
    let said = |name: &str| asked_for(&member, name).unwrap_or_default();
    let pairs = ["lecon", "tentative", "question"].map(|name| (name.to_owned(), said(name)));
    let fields = Fields::of(pairs.into());
    member.answer(page(&member, &id, &fields, None).await)
}

async fn page(
    member: &Member,
    id: &str,
    fields: &Fields,
    fault: Option<Fault>,
) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let conn = app.db.read();
    let row = find::own(conn, who, id_of(id)?).await?;
    let edition = app.shelf.edition(conn, row.version_id).await?;
    let lessons = edition.content.lessons.iter().map(|l| (l.slug.clone(), l.title.clone()));
    let href = format!("/mes-formations/{}", row.id);
    let title = edition.version.title.clone();
    let line = |name: &str| fields.line(name).chars().take(200).collect::<String>();
    let status = status(fault.as_ref());
    let page = Ask {
        around: member.around(Section::Learner),
        crumbs: vec![(href.clone(), title.clone())],
        token: member.signed.token.clone(),
        fault,
        href,
        title,
        lessons: lessons.collect(),
        lesson: line("lecon"),
        attempt: line("tentative"),
        question: line("question"),
        kind: match fields.line("genre") {
            "" if !fields.line("question").is_empty() => "error".to_owned(),
            kind => kind.to_owned(),
        },
        text: fields.text("texte"),
        show_name: fields.get("nom").is_some(),
    };
    Ok(member.page(status, &page))
}

/// Opens the thread.
#[handler]
pub(super) async fn send(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let sent = match opened(&member, &id, &fields).await {
        Ok(thread) => Ok(member.send_on(
            &thread,
            "C’est envoyé : la réponse viendra ici, et un courriel l’annoncera.",
        )),
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(&member, &id, &fields, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(sent)
}

async fn opened(member: &Member, id: &str, fields: &Fields) -> Result<String> {
    let (app, who) = (&member.app, &member.signed.principal);
    let conn = app.db.read();
    let enrolment = find::own(conn, who, id_of(id)?).await?;
    let edition = app.shelf.edition(conn, enrolment.version_id).await?;
    let kind = match fields.line("genre") {
        "error" => ThreadKind::Error,
        _ => ThreadKind::Question,
    };
    let named = |name: &str| Some(fields.line(name).to_owned()).filter(|line| !line.is_empty());
    let named = match named("question") {
        Some(question) => Named {
            lesson: None,
            attempt: Some(id_of(fields.line("tentative"))?),
            question: Some(question),
        },
        None => Named { lesson: named("lecon"), attempt: None, question: None },
    };
    let what = (kind, named.find(conn, &enrolment, &edition).await?);
    let tx = app.db.begin_write().await?;
    let of = (&enrolment, &*edition);
    let (thread, _) = open::report(&tx, who, of, what, said(fields), app.clock.now()).await?;
    tx.commit().await?;
    Ok(format!("/mes-questions/{}", thread.id))
}

fn said(fields: &Fields) -> Said {
    Said { text: fields.text("texte"), show_name: fields.get("nom").is_some() }
}

/// Shows the form of a complaint.
#[handler]
pub(super) async fn ask_complaint(member: Member) -> Response {
    let module = asked_for(&member, "module").unwrap_or_default();
    let fields = Fields::of(vec![("module".to_owned(), module)]);
    member.answer(complaint(&member, &fields, None).await)
}

async fn complaint(member: &Member, fields: &Fields, fault: Option<Fault>) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let conn = app.db.read();
    let rows = find::list(conn, who, NAMED, None).await?;
    let editions = app.shelf.editions_of(conn, rows.iter().map(|row| row.version_id)).await?;
    let named = editions.values().map(|e| (e.module.code.clone(), e.version.title.clone()));
    // One that is not in the catalogue any more is complained of by its provider's address.
    let catalogue = app.shelf.current(conn).await?;
    let mut modules: BTreeMap<String, String> = named
        .filter(|(code, _)| ModuleCode::parse(code).is_ok_and(|c| catalogue.get(&c).is_some()))
        .collect();
    let asked = ModuleCode::parse(fields.line("module")).ok();
    if let Some(edition) = asked.as_ref().and_then(|code| catalogue.get(code)) {
        modules.insert(edition.module.code.clone(), edition.version.title.clone());
    }
    let status = status(fault.as_ref());
    let page = Complain {
        around: member.around(Section::Learner),
        crumbs: vec![("/mes-questions".to_owned(), "Mes questions".to_owned())],
        token: member.signed.token.clone(),
        fault,
        modules: modules.into_iter().collect(),
        module: fields.line("module").to_owned(),
        text: fields.text("texte"),
        show_name: fields.get("nom").is_some(),
    };
    Ok(member.page(status, &page))
}

/// Receives a complaint.
#[handler]
pub(super) async fn complain(posted: Posted) -> Response {
    let Posted { member, fields } = posted;
    let sent = match complained(&member, &fields).await {
        Ok(thread) => {
            Ok(member.send_on(&thread, "Réclamation reçue : un courriel en accuse réception."))
        }
        Err(error) => match Fault::of(error) {
            Ok(fault) => complaint(&member, &fields, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(sent)
}

async fn complained(member: &Member, fields: &Fields) -> Result<String> {
    let (app, who) = (&member.app, &member.signed.principal);
    let about = match fields.line("module") {
        "" => About::Platform,
        code => {
            let code = ModuleCode::parse(code).map_err(|_| Reason::NotFound)?;
            About::Module(current_by_code(&app.shelf, app.db.read(), &code).await?)
        }
    };
    let tx = app.db.begin_write().await?;
    let (thread, _) = open::complain(&tx, who, about, said(fields), app.clock.now()).await?;
    tx.commit().await?;
    Ok(format!("/mes-questions/{}", thread.id))
}
