//! Publishing: the checklist, what it would do to people and to the text, then the act that quotes it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::differences::{self, Told};
use super::plan::moment;
use super::wanted::Wanted;
use super::{Crumbs, Refused, asked, crumbs, may, words};
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::api::code_of;
use crate::catalogue::draft::{self, Desk};
use crate::catalogue::find;
use crate::catalogue::model::ChangeKind;
use crate::content::{Passage, Piece};
use crate::error::{Error, Reason, Result};
use crate::publication::checklist::Check;
use crate::publication::preview::{Change, House, Preview, consider};
use crate::publication::publish::{self, Request};
use crate::publication::schedule;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/publish.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    wanted: Wanted,
    changes: [(ChangeKind, &'static str, &'static str); 3],
    missing: Vec<Line>,
    held: Vec<Line>,
    advised: Vec<Line>,
    seen: Vec<(&'static str, String)>,
    /// What is not as the form had seen it.
    moved: Vec<String>,
    digest: String,
    told: Told,
    coming: Option<String>,
    publishes: bool,
    next: i32,
}

/// A line of the checklist.
struct Line {
    asks: &'static str,
    remedy: &'static str,
    found: Option<String>,
    mend: Option<String>,
}

/// Shows what publishing would do.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    let wanted = Wanted::of(|name| asked(&member, name));
    member.answer(page(&member, &code, wanted, (None, None)).await)
}

/// Publishes, or schedules it.
#[handler]
pub(super) async fn send(posted: Posted, Path(code): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let wanted = Wanted::of(|name| fields.get(name).map(str::to_owned));
    let answered = match published(&member, &code, &wanted, &fields).await {
        Ok(said) => Ok(member.send_on(&format!("/atelier/{code}"), &said)),
        Err(error) => {
            let refused = Refused::of(error);
            let again = page(&member, &code, wanted, (Some(refused), Some(&fields))).await;
            match again {
                // The draft is gone: published meanwhile, most often.
                Err(error) => already(&member, &code, error).await,
                shown => shown,
            }
        }
    };
    member.answer(answered)
}

/// Says that what is asked again was done; `error` where it was not.
async fn already(member: &Member, code: &str, error: Error) -> Result<Response> {
    match &error {
        Error::Refused(refusal) if refusal.reason == Reason::NotFound => {}
        _ => return Err(error),
    }
    let (conn, code) = (member.app.db.read(), code_of(code)?);
    let module = find::by_code(conn, &code).await?;
    let target = Target::Provider(module.provider_id);
    policy::allow(&member.signed.principal, Action::Publish, &target)?;
    let Some(latest) = find::latest(conn, module.id).await? else { return Err(error) };
    let day = of_pages::day(latest.published_at);
    let said = format!("Déjà fait : la version {} est publiée depuis le {day}.", latest.number);
    Ok(member.send_on(&format!("/atelier/{code}"), &said))
}

async fn published(
    member: &Member,
    code: &str,
    wanted: &Wanted,
    fields: &Fields,
) -> Result<String> {
    let (app, who) = (&member.app, &member.signed.principal);
    let (code, now) = (code_of(code)?, app.clock.now());
    let digest = fields.line("empreinte").to_owned();
    let request = Request { change: wanted.change()?, digest, note: wanted.note() };
    let (at, house) = (wanted.at()?, House::of(app.db.read(), &app.settings).await?);
    if let Ok(desk) = draft::look(app.db.read(), who, Action::Publish, &code).await {
        // What takes long is done before the draft is held.
        draft::reading(app.db.read(), &desk, now.date_naive()).await?;
    }
    let tx = app.db.begin_write().await?;
    if let Some(at) = at {
        let row = schedule::schedule(&tx, who, &code, request, at, house, now).await?;
        tx.commit().await?;
        return Ok(format!("Publication programmée le {}.", moment(row.at)));
    }
    let version = publish::publish(&tx, who, &code, request, house, now).await?;
    tx.commit().await?;
    refresh(member).await;
    Ok(format!("Version {} publiée : elle est au catalogue.", version.number))
}

/// It is done whatever happens now: the watch will see it if this look fails.
pub(super) async fn refresh(member: &Member) {
    if let Err(error) = member.app.shelf.refresh_if_moved(member.app.db.read()).await {
        tracing::warn!(%error, "the catalogue could not be refreshed");
    }
}

/// Cancels the publication to come.
#[handler]
pub(super) async fn cancel(posted: Posted, Path(code): Path<String>) -> Response {
    let member = &posted.member;
    let cancelled = async {
        let (code, now) = (code_of(&code)?, member.app.clock.now());
        let tx = member.app.db.begin_write().await?;
        schedule::cancel(&tx, &member.signed.principal, &code, now).await?;
        Ok(tx.commit().await?)
    };
    let answered = cancelled.await.map(|()| {
        let said = "Publication annulée : le brouillon reste tel qu’il est.";
        member.send_on(&format!("/atelier/{code}/publier"), said)
    });
    member.answer(answered)
}

/// The page, after a refusal and the form refused if there was one.
async fn page(
    member: &Member,
    code: &str,
    wanted: Wanted,
    (refused, form): (Option<Refused>, Option<&Fields>),
) -> Result<Response> {
    let desk = super::desk(member, code).await?;
    let (app, who) = (&member.app, &member.signed.principal);
    policy::allow(who, Action::Publish, &Target::Provider(desk.module.provider_id))?;
    let (conn, now) = (app.db.read(), app.clock.now());
    let house = House::of(conn, &app.settings).await?;
    // A choice that means nothing is told, and the page shows another.
    let (change, refused) = match wanted.change() {
        Ok(change) => (change, refused),
        Err(error) => {
            let usual = Change::declared(ChangeKind::Substantive, None)?;
            (usual, refused.or_else(|| Some(Refused::of(error))))
        }
    };
    let preview = consider(conn, &desk, change, house, now).await?.preview;
    super::tell_keys(member, &desk, None).await?;
    let told = differences::told(member, &desk).await?;
    let seen = seen(&preview, house);
    let moved = form.map(|form| moved(form, &seen)).unwrap_or_default();
    let page =
        Page { refused, moved, ..Page::of(member, &desk, wanted, (preview, seen, told)).await? };
    let status = page.refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    Ok(member.page(status, &page))
}

impl Page {
    /// The page of what publishing would do, nothing being refused.
    async fn of(
        member: &Member,
        desk: &Desk,
        wanted: Wanted,
        (preview, seen, told): (Preview, Vec<(&'static str, String)>, Told),
    ) -> Result<Self> {
        let coming = schedule::coming_of(member.app.db.read(), [desk.draft.id]).await?;
        let publishes = may(member, Action::Publish, &desk.module) && !writes(member, desk).await?;
        Ok(Self {
            around: member.around(Section::Desk),
            crumbs: crumbs(&desk.module.code),
            token: member.signed.token.clone(),
            refused: None,
            moved: Vec::new(),
            publishes,
            missing: lines(desk, &preview.checks, Check::stops),
            held: lines(desk, &preview.checks, |check| check.holds),
            advised: lines(desk, &preview.checks, |check| !check.holds && !check.blocks),
            coming: coming.first().map(|row| moment(row.at)),
            code: desk.module.code.clone(),
            wanted,
            changes: words::CHANGES,
            seen,
            digest: preview.digest,
            told,
            next: preview.next,
        })
    }
}

/// Whether they are among the authors, who do not publish.
async fn writes(member: &Member, desk: &Desk) -> Result<bool> {
    let authors = draft::authors(member.app.db.read(), &desk.draft).await?;
    Ok(authors.contains(&member.signed.principal.account_id))
}

/// The numbers of a preview, in words; the form quotes them so that what moves can be told.
fn seen(preview: &Preview, house: House) -> Vec<(&'static str, String)> {
    let told = |persons| words::persons(persons, house.min_persons);
    let current = preview.current.map_or("aucune".to_owned(), |number| number.to_string());
    let owing = preview
        .would_owe
        .map(|persons| ("Personnes qui devront suivre la nouvelle version", told(persons)));
    [
        ("Version publiée aujourd’hui", current),
        ("Personnes en cours de formation (elles gardent leur version)", told(preview.in_progress)),
        (
            "Personnes qui ont achevé ce module (elles gardent leur attestation)",
            told(preview.completed),
        ),
    ]
    .into_iter()
    .chain(owing)
    .collect()
}

/// What is not any more as the form had seen it.
fn moved(form: &Fields, seen: &[(&'static str, String)]) -> Vec<String> {
    let before: Vec<&str> = form.all("vu").collect();
    let pairs = seen.iter().zip(before).filter(|((_, now), before)| now != before);
    pairs.map(|((label, now), before)| format!("{label} : {before}, maintenant {now}")).collect()
}

fn lines(desk: &Desk, checks: &[Check], wanted: impl Fn(&Check) -> bool) -> Vec<Line> {
    let code = &desk.module.code;
    let line = |check: &Check| Line {
        asks: check.asks.0,
        remedy: check.remedy.0,
        found: check.found.clone(),
        mend: mend(code, check.code),
    };
    checks.iter().filter(|check| wanted(check)).map(line).collect()
}

/// Where to mend what a line of the checklist asks.
fn mend(code: &str, check: &str) -> Option<String> {
    match check {
        "no-findings" | "references" => Some(format!("/atelier/{code}#fichiers")),
        "reviewed" | "legal-review" => Some(format!("/atelier/{code}/relecture")),
        "changed" => Some(format!("/atelier/{code}/differences")),
        "title"
        | "objectives"
        | "duration"
        | "licence"
        | "accessibility"
        | "contact"
        | "review-by-ahead"
        | "prerequisites"
        | "prerequisites-circle" => {
            Some(super::editor::address(code, crate::content::MANIFEST_PATH))
        }
        _ => None,
    }
}
