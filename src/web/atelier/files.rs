//! Adding a file to a draft, renaming and deleting one.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::{Crumbs, Refused, asked, crumbs, desk, editor};
use crate::accounts::policy::Action;
use crate::catalogue::api::code_of;
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::store;
use crate::content::{self, Begun};
use crate::error::{Fault, Reason, Refusal, Result};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// What may be added, with its word in the form.
const KINDS: [(&str, Begun, &str); 4] = [
    ("lecon", Begun::Lesson, "Une leçon, à la suite des autres"),
    ("questions", Begun::Bank, "Des questions, à la suite des autres"),
    ("figure", Begun::Figure, "Une figure (dessin SVG)"),
    ("glossaire", Begun::Glossary, "Le glossaire (son premier terme)"),
];

/// Longest name, in characters.
const NAME: usize = 100;

/// The form that adds one.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/add.html")]
struct Add {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    kinds: [(&'static str, Begun, &'static str); 4],
    kind: String,
    name: String,
}

/// The form that renames one, or the question before it is deleted.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/change_file.html")]
struct ChangeFile {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    path: String,
    /// The new name; none when it is to be deleted.
    to: Option<String>,
}

/// Asks what to add.
#[handler]
pub(super) async fn ask(member: Member, Path(code): Path<String>) -> Response {
    member.answer(add_form(&member, &code, &Fields::default(), None).await)
}

async fn add_form(
    member: &Member,
    code: &str,
    fields: &Fields,
    refused: Option<Refused>,
) -> Result<Response> {
    let desk = desk(member, code).await?;
    let page = Add {
        around: member.around(Section::Desk),
        crumbs: crumbs(&desk.module.code),
        token: member.signed.token.clone(),
        code: desk.module.code,
        kinds: KINDS,
        kind: fields.get("genre").unwrap_or("lecon").to_owned(),
        name: fields.line("nom").to_owned(),
        refused,
    };
    Ok(member.page(status(page.refused.as_ref()), &page))
}

fn status(refused: Option<&Refused>) -> StatusCode {
    refused.map_or(StatusCode::OK, |refused| refused.status)
}

/// Adds it.
#[handler]
pub(super) async fn add(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let answered = match added(&member, &code, &fields).await {
        Ok(path) => Ok(member.send_on(&editor::address(&code, &path), "Fichier ajouté.")),
        Err(error) => add_form(&member, &code, &fields, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

async fn added(member: &Member, code: &str, fields: &Fields) -> Result<String> {
    let kind = KINDS.iter().find(|(word, ..)| *word == fields.line("genre"));
    let (_, kind, _) = kind.ok_or(Reason::InvalidParameter)?;
    let name = fields.line("nom").trim();
    let mut faults = crate::error::Faults::default();
    faults.check_text(name, "/title", NAME);
    faults.refuse()?;
    let code = code_of(code)?;
    let (tx, desk) = hold(member, &code).await?;
    let tree = store::draft_tree(&tx, desk.draft.id).await?;
    let now = member.app.clock.now();
    let (path, text) = content::begun(*kind, (&code, &tree), name, now.date_naive());
    if tree.files().any(|(known, _)| known == path) {
        let fr = format!("« {path} » est déjà là : donnez un autre nom, ou modifiez-le");
        return Err(taken(fr));
    }
    draft::put_file(&tx, &member.signed.principal, desk, &path, text.into_bytes(), now).await?;
    tx.commit().await?;
    Ok(path)
}

fn taken(fr: String) -> crate::error::Error {
    let fault = Fault::new("path", fr, "a file has this path already");
    Refusal::naming(Reason::InvalidValues, vec![fault]).into()
}

/// The draft, held by somebody who may write in it.
async fn hold(
    member: &Member,
    code: &content::ModuleCode,
) -> Result<(sea_orm::DatabaseTransaction, Desk)> {
    let tx = member.app.db.begin_write().await?;
    let desk = draft::lock(&tx, &member.signed.principal, Action::WriteDraft, code).await?;
    Ok((tx, desk))
}

/// Asks for another name.
#[handler]
pub(super) async fn ask_name(member: Member, Path(code): Path<String>) -> Response {
    let path = asked(&member, "path").unwrap_or_default();
    let to = Some(path.clone());
    member.answer(change_form(&member, &code, (path, to), None).await)
}

/// Asks whether to delete it.
#[handler]
pub(super) async fn ask_delete(member: Member, Path(code): Path<String>) -> Response {
    let path = asked(&member, "path").unwrap_or_default();
    member.answer(change_form(&member, &code, (path, None), None).await)
}

async fn change_form(
    member: &Member,
    code: &str,
    (path, to): (String, Option<String>),
    refused: Option<Refused>,
) -> Result<Response> {
    let desk = desk(member, code).await?;
    if refused.is_none() {
        draft::read_file(member.app.db.read(), &desk.draft, &path).await?;
    }
    let mut crumbs = crumbs(&desk.module.code);
    crumbs.push((editor::address(&desk.module.code, &path), path.clone()));
    let page = ChangeFile {
        around: member.around(Section::Desk),
        crumbs,
        token: member.signed.token.clone(),
        code: desk.module.code,
        path,
        to,
        refused,
    };
    Ok(member.page(status(page.refused.as_ref()), &page))
}

/// Renames it.
#[handler]
pub(super) async fn rename(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let (path, to) = (fields.line("path").to_owned(), fields.line("vers").trim().to_owned());
    let renamed = async {
        let (tx, desk) = hold(&member, &code_of(&code)?).await?;
        let (who, now) = (&member.signed.principal, member.app.clock.now());
        draft::rename_file(&tx, who, desk, (&path, &to), now).await?;
        Ok(tx.commit().await?)
    };
    let answered = match renamed.await {
        Ok(()) => Ok(member.send_on(&editor::address(&code, &to), "Fichier renommé.")),
        Err(error) => {
            let refused = Some(Refused::of(error));
            change_form(&member, &code, (path.clone(), Some(to.clone())), refused).await
        }
    };
    member.answer(answered)
}

/// Deletes it.
#[handler]
pub(super) async fn delete(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let path = fields.line("path").to_owned();
    let deleted = async {
        let (tx, desk) = hold(&member, &code_of(&code)?).await?;
        let (who, now) = (&member.signed.principal, member.app.clock.now());
        draft::delete_file(&tx, who, desk, &path, now).await?;
        Ok(tx.commit().await?)
    };
    let answered = match deleted.await {
        Ok(()) => Ok(member.send_on(&format!("/atelier/{code}"), "Fichier supprimé.")),
        Err(error) => {
            let refused = Some(Refused::of(error));
            change_form(&member, &code, (path.clone(), None), refused).await
        }
    };
    member.answer(answered)
}
