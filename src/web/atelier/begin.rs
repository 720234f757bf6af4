//! A new module: a code, an organisation, a title; its draft begins with one of everything.

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::{Crumbs, Refused, must_work};
use crate::accounts::model::Role;
use crate::catalogue::draft;
use crate::catalogue::workbench::{self, Benches, House};
use crate::content::ModuleCode;
use crate::error::{Error, Fault, Reason, Refusal, Result};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;

/// Most organisations to choose from.
const MOST_HOUSES: u64 = 200;

/// The form.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/begin.html")]
struct Begin {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    houses: Vec<House>,
    code: String,
    provider: String,
    title: String,
}

/// Asks.
#[handler]
pub(super) async fn ask(member: Member) -> Response {
    let page = form(&member, &Fields::default(), None).await;
    member.answer(page)
}

/// Begins it.
#[handler]
pub(super) async fn begin(posted: Posted) -> Response {
    let Posted { member, fields } = posted;
    let page = match create(&member, &fields).await {
        Ok(code) => Ok(member.send_on(
            &format!("/atelier/{code}"),
            "Module créé : son brouillon contient un exemple de chaque fichier, à compléter.",
        )),
        Err(error) => form(&member, &fields, Some(Refused::of(error))).await,
    };
    member.answer(page)
}

async fn create(member: &Member, fields: &Fields) -> Result<ModuleCode> {
    must_work(member)?;
    let code = ModuleCode::parse(fields.line("code").trim()).map_err(|_| bad_code())?;
    let of = (fields.line("fournisseur"), fields.line("titre").trim());
    let tx = member.app.db.begin_write().await?;
    let now = member.app.clock.now();
    draft::begin_module(&tx, &member.signed.principal, &code, of, now).await?;
    tx.commit().await?;
    Ok(code)
}

fn bad_code() -> Error {
    let fr = "code : une majuscule, puis des majuscules, des chiffres ou des traits d’union, 24 caractères au plus";
    let en = "a capital, then capitals, digits or hyphens, 24 characters at most";
    Refusal::naming(Reason::InvalidValues, vec![Fault::new("code", fr, en)]).into()
}

async fn form(member: &Member, fields: &Fields, refused: Option<Refused>) -> Result<Response> {
    must_work(member)?;
    if !member.holds(&[Role::Trainer]) {
        return Err(Reason::Forbidden.into());
    }
    let benches = Benches::of(&member.signed.principal, &[Role::Trainer]);
    let houses = workbench::houses(member.app.db.read(), &benches, MOST_HOUSES).await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Begin {
        around: member.around(Section::Desk),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        refused,
        houses,
        code: fields.line("code").to_owned(),
        provider: fields.line("fournisseur").to_owned(),
        title: fields.line("titre").to_owned(),
    };
    Ok(member.page(status, &page))
}
