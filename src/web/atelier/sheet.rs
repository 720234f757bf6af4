//! The draft as learners would see it, marked as a draft; and its questions with their keys.

use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::{Crumbs, crumbs, desk, tell_keys};
use crate::catalogue::draft::Desk;
use crate::catalogue::store;
use crate::content::{self, Kind, Module, Tree};
use crate::error::{Reason, Result};
use crate::web::page::{Around, Section};
use crate::web::preview::{self, Sheet};
use crate::web::visitor::Member;

/// The module.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/sheet.html")]
struct Whole<'r> {
    around: Around,
    crumbs: Crumbs,
    title: String,
    sheet: Sheet<'r>,
}

/// A lesson.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/lesson.html")]
struct Lesson {
    around: Around,
    crumbs: Crumbs,
    code: String,
    title: String,
    html: String,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
}

/// Shows the module.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    member.answer(whole(&member, &code).await)
}

async fn whole(member: &Member, code: &str) -> Result<Response> {
    let desk = desk(member, code).await?;
    tell_keys(member, &desk, None).await?;
    let (tree, module) = read(member, &desk).await?;
    let title = module.as_ref().as_ref().map(|module| module.manifest.title.clone());
    let code = desk.module.code;
    let page = Whole {
        around: member.around(Section::Desk),
        crumbs: crumbs(&code),
        sheet: Sheet::of(module.as_ref().as_ref(), &tree, &format!("/atelier/{code}/apercu")),
        title: title.unwrap_or(code),
    };
    Ok(member.page(StatusCode::OK, &page))
}

/// Shows a lesson.
#[handler]
pub(super) async fn lesson(member: Member, Path((code, slug)): Path<(String, String)>) -> Response {
    member.answer(one(&member, &code, slug).await)
}

async fn one(member: &Member, code: &str, slug: String) -> Result<Response> {
    let desk = desk(member, code).await?;
    let (tree, module) = read(member, &desk).await?;
    let all = preview::lessons(module.as_ref().as_ref(), &tree);
    let at = all.iter().position(|(known, _)| *known == slug).ok_or(Reason::NotFound)?;
    let code = desk.module.code;
    let mut crumbs = crumbs(&code);
    crumbs.push((format!("/atelier/{code}/apercu"), "Aperçu".to_owned()));
    let rendered =
        tokio::task::spawn_blocking(move || preview::html(module.as_ref().as_ref(), &tree, &slug));
    let html = rendered.await.context("a lesson")?;
    let page = Lesson {
        around: member.around(Section::Desk),
        crumbs,
        title: all[at].1.clone(),
        // Media of drafts are shown to who may read the draft, and to nobody else.
        html: html.replace("=\"/media/", &format!("=\"/atelier/{code}/media/")),
        before: at.checked_sub(1).and_then(|before| all.get(before).cloned()),
        after: all.get(at + 1).cloned(),
        code,
    };
    Ok(member.page(StatusCode::OK, &page))
}

/// The files, and the module that can be made of them whatever is said against it; off the threads
/// that serve.
async fn read(member: &Member, desk: &Desk) -> Result<(Tree, Arc<Option<Module>>)> {
    let tree = store::draft_tree(member.app.db.read(), desk.draft.id).await?;
    let files = tree.clone();
    let recalled = tokio::task::spawn_blocking(move || content::recall(&files).ok());
    Ok((tree, Arc::new(recalled.await.context("a draft")?)))
}
