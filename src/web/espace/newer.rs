//! A version superseded while one follows it: finish, or move to the one published now.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use super::followed::followed;
use super::{id_of, words};
use crate::catalogue::find::last_by_code;
use crate::enrolments::find;
use crate::error::{Reason, Result};
use crate::learning::api::held;
use crate::learning::moving;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/newer.html")]
struct Newer {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    href: String,
    title: String,
    began: i32,
    /// The number of the newer one, and what it changes; none when there is none.
    newer: Option<(i32, &'static str)>,
}

/// Says what moving does.
#[handler]
pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id, None).await)
}

async fn page(member: &Member, id: &str, fault: Option<Fault>) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let row = find::own(app.db.read(), who, id_of(id)?).await?;
    let one = followed(app, vec![row], app.clock.now()).await?;
    let one = one.into_iter().next().ok_or(Reason::Internal)?;
    let (href, title) = (one.href(), one.edition.version.title.clone());
    let status: StatusCode = status(fault.as_ref());
    let page = Newer {
        around: member.around(Section::Learner),
        crumbs: vec![(href.clone(), title.clone())],
        token: member.signed.token.clone(),
        fault,
        href,
        title,
        began: one.edition.version.number,
        newer: one.newer.map(|(number, change)| (number, words::newer(change))),
    };
    Ok(member.page(status, &page))
}

/// Moves.
#[handler]
pub(super) async fn go(posted: Posted, Path(id): Path<String>) -> Response {
    let member = &posted.member;
    let moved = match moved(member, &id).await {
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(member, &id, Some(fault)).await,
            Err(error) => Err(error),
        },
        done => done,
    };
    member.answer(moved)
}

async fn moved(member: &Member, id: &str) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    let study = held::study(app, &tx, who, id_of(id)?).await?;
    let (current, retired) = last_by_code(&app.shelf, &tx, study.edition.code()).await?;
    if retired {
        return Err(Reason::ModuleRetired.into());
    }
    let moved = moving::move_to(&tx, who, &study, current).await?;
    tx.commit().await?;
    let kept = of_pages::count(moved.kept.len(), "leçon reste lue", "leçons restent lues");
    let said = format!("Vous suivez maintenant la version {} ; {kept}.", moved.version);
    Ok(member.send_on(&format!("/mes-formations/{}", moved.enrolment_id), &said))
}
