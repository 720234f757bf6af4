//! A lesson of the version begun: read, told as read, and the way on.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{IntoResponse as _, Response, handler};

use super::id_of;
use crate::content::{self, computed_minutes};
use crate::enrolments::find;
use crate::error::{Reason, Result};
use crate::learning::api::held;
use crate::learning::{lessons, presence as spent};
use crate::records::{self, State};
use crate::web::form::{Fields, Posted};
use crate::web::lesson::with_scrolling_tables;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/lesson.html")]
struct Page<'m> {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    href: String,
    here: String,
    slug: &'m str,
    title: &'m str,
    place: (usize, usize),
    minutes: String,
    /// Sanitised where it was rendered.
    html: String,
    read: bool,
    open: bool,
    before: Option<&'m content::Lesson>,
    after: Option<&'m content::Lesson>,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, address: Path<(String, String)>) -> Response {
    let (id, slug) = address.0;
    member.answer(page(&member, &id, &slug).await)
}

async fn page(member: &Member, id: &str, slug: &str) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let conn = app.db.read();
    let row = find::own(conn, who, id_of(id)?).await?;
    let edition = app.shelf.edition(conn, row.version_id).await?;
    let all = &edition.content.lessons;
    let rank = all.iter().position(|one| one.slug == slug).ok_or(Reason::NotFound)?;
    let html = app.shelf.page(&edition, slug).await?.ok_or(Reason::NotFound)?;
    let facts = records::read::of_enrolment(conn, row.id).await?;
    let status = records::status(&facts, app.clock.now());
    let lesson = &all[rank];
    let href = format!("/mes-formations/{}", row.id);
    let page = Page {
        around: member.around(Section::Learner),
        crumbs: vec![(href.clone(), edition.version.title.clone())],
        token: member.signed.token.clone(),
        here: format!("{href}/lecons/{slug}"),
        href,
        slug: &lesson.slug,
        title: &lesson.title,
        place: (rank + 1, all.len()),
        minutes: of_pages::minutes(computed_minutes(lesson.words, 0, lesson.activity_minutes)),
        html: with_scrolling_tables(&html),
        read: status.lessons_done.contains(slug),
        open: status.state != State::Withdrawn,
        before: rank.checked_sub(1).map(|before| &all[before]),
        after: all.get(rank + 1),
    };
    Ok(member.scripted(StatusCode::OK, &page))
}

/// Tells that it was read, and leads on.
#[handler]
pub(super) async fn done(posted: Posted, address: Path<(String, String)>) -> Response {
    let (member, (id, slug)) = (&posted.member, address.0);
    member.answer(told(member, &id, &slug).await)
}

async fn told(member: &Member, id: &str, slug: &str) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    let study = held::study(app, &tx, who, id_of(id)?).await?;
    let status = lessons::done(&tx, &study, slug).await?;
    tx.commit().await?;
    let href = format!("/mes-formations/{}", study.enrolment.id);
    if status.state == State::Completed {
        let said = "Formation achevée : votre attestation est prête.";
        return Ok(member.send_on(&href, said));
    }
    let all = &study.edition.content.lessons;
    let next = all.iter().skip_while(|one| one.slug != slug).nth(1);
    let (to, said) = match next {
        Some(next) => (format!("{href}/lecons/{}", next.slug), "Leçon notée comme lue."),
        None if all.iter().any(|one| !status.lessons_done.contains(&one.slug)) => {
            (href, "Leçon notée comme lue. D’autres leçons restent à lire.")
        }
        None => (format!("{href}#test"), "Toutes les leçons sont lues : il reste le test."),
    };
    Ok(member.send_on(&to, said))
}

/// The page says that it is being read.
#[handler]
pub(super) async fn presence(posted: Posted, address: Path<(String, String)>) -> Response {
    let (member, (id, slug)) = (&posted.member, address.0);
    member.answer(beat(member, &id, &slug, &posted.fields).await)
}

async fn beat(member: &Member, id: &str, slug: &str, fields: &Fields) -> Result<Response> {
    let seconds = fields.line("secondes").parse::<u32>().ok();
    let seconds = seconds.filter(|s| (1..=spent::MOST_SECONDS).contains(s));
    let seconds = seconds.ok_or(Reason::InvalidParameter)?;
    let (app, who) = (&member.app, &member.signed.principal);
    let tx = app.db.begin_write().await?;
    let study = held::study(app, &tx, who, id_of(id)?).await?;
    spent::beat(&tx, &study, slug, seconds).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
