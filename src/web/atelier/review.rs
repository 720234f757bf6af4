//! Reviewing a draft: its files with their lines, comments gathered on the page, a verdict.
//!
//! Until the review is sent, its comments live in the form: every button of it sends them along, so
//! that nothing is kept for somebody who goes away, and nothing typed is lost for somebody who stays.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::lines::{Line, Note, numbered};
use super::reviewed::{self, Review};
use super::typed::{KINDS, Typed, VERDICTS, text_of};
use super::{Crumbs, Refused, asked, crumbs, desk, tell_keys};
use crate::accounts::policy::Action;
use crate::catalogue::api::code_of;
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::model::{DraftState, ReviewKind, Verdict};
use crate::catalogue::store;
use crate::content::QUIZ_FOLDER;
use crate::error::{Reason, Result, found};
use crate::publication::review;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/review.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    reviews: Vec<Review>,
    /// Whether the form is there, and why not.
    open: bool,
    closed: &'static str,
    typed: Typed,
    digest: String,
    paths: Vec<String>,
    lines: Vec<Line>,
    kinds: [(&'static str, ReviewKind, &'static str); 3],
    verdicts: [(&'static str, Verdict, &'static str); 2],
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    let path = asked(&member, "path").unwrap_or_default();
    let typed = Typed { path, ..Typed::default() };
    member.answer(page(&member, &code, typed, None).await)
}

/// Reads on, keeps a comment, or sends the review.
#[handler]
pub(super) async fn send(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let mut typed = Typed::of(&fields);
    let answered = match fields.line("faire") {
        "rendre" => sent(&member, &code, &fields).await,
        "commenter" => match comment(&member, &code, &mut typed).await {
            Ok(()) => page(&member, &code, typed, None).await,
            Err(error) => page(&member, &code, typed, Some(Refused::of(error))).await,
        },
        _ => page(&member, &code, typed, None).await,
    };
    member.answer(answered)
}

async fn comment(member: &Member, code: &str, typed: &mut Typed) -> Result<()> {
    let desk = desk(member, code).await?;
    typed.keep(&store::draft_tree(member.app.db.read(), desk.draft.id).await?)
}

async fn sent(member: &Member, code: &str, fields: &Fields) -> Result<Response> {
    let given = async {
        let (opinion, code) = (Typed::of(fields).opinion()?, code_of(code)?);
        let tx = member.app.db.begin_write().await?;
        let now = member.app.clock.now();
        review::review(&tx, &member.signed.principal, &code, opinion, now).await?;
        Ok(tx.commit().await?)
    };
    match given.await {
        Ok(()) => Ok(member.send_on(&format!("/atelier/{code}"), "Relecture rendue.")),
        Err(error) => page(member, code, Typed::of(fields), Some(Refused::of(error))).await,
    }
}

async fn page(
    member: &Member,
    code: &str,
    mut typed: Typed,
    refused: Option<Refused>,
) -> Result<Response> {
    let desk = desk(member, code).await?;
    let conn = member.app.db.read();
    let tree = store::draft_tree(conn, desk.draft.id).await?;
    let closed = closed(member, &desk).await?;
    let paths: Vec<String> = tree.iter().map(|(path, _)| path.to_owned()).collect();
    if !paths.contains(&typed.path) {
        let first = paths.iter().find(|path| path.starts_with("lessons/")).or(paths.first());
        typed.path = first.cloned().unwrap_or_default();
    }
    let mut lines = Vec::new();
    if closed.is_empty() {
        if typed.path.starts_with(QUIZ_FOLDER) {
            tell_keys(member, &desk, Some(&typed.path)).await?;
        }
        let own = typed.remarks.iter().filter(|remark| remark.path == typed.path);
        let notes: Vec<Note> = own.map(|r| Note::of_review(r.line, &r.text)).collect();
        lines = numbered(&text_of(&tree, &typed.path).unwrap_or_default(), &notes);
    }
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        token: member.signed.token.clone(),
        refused,
        reviews: reviewed::all(conn, &desk).await?,
        code: desk.module.code,
        open: closed.is_empty(),
        closed,
        // What was read first is what the review is about, until the page is opened anew.
        digest: match typed.digest.is_empty() {
            true => desk.draft.submitted_digest.unwrap_or_default(),
            false => typed.digest.clone(),
        },
        typed,
        paths,
        lines,
        kinds: KINDS,
        verdicts: VERDICTS,
    };
    Ok(member.page(status, &page))
}

/// Why they cannot review it now; empty when they can.
async fn closed(member: &Member, desk: &Desk) -> Result<&'static str> {
    let (conn, who) = (member.app.db.read(), &member.signed.principal);
    let code = code_of(&desk.module.code)?;
    let look = draft::look(conn, who, Action::ReviewDraft, &code).await;
    let allowed = match look {
        Err(error) if is_forbidden(&error) => None,
        look => found(look)?,
    };
    Ok(match allowed {
        None => "Vous lisez ce brouillon sans le relire : il y faut le rôle de relecture.",
        Some(_) if desk.draft.state == DraftState::Writing => {
            "Le brouillon est en cours d’écriture : il se relit une fois soumis."
        }
        Some(_) if draft::authors(conn, &desk.draft).await?.contains(&who.account_id) => {
            "Vous avez écrit dans ce brouillon : quelqu’un d’autre le relit."
        }
        Some(_) => "",
    })
}

fn is_forbidden(error: &crate::error::Error) -> bool {
    matches!(error, crate::error::Error::Refused(refusal) if refusal.reason == Reason::Forbidden)
}
