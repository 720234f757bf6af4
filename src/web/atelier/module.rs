//! One module at the workbench: where it stands, what it is made of, what blocks.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use super::plan::moment;
use super::{Crumbs, Refused, bench, may, words};
use crate::accounts::policy::Action;
use crate::catalogue::api::code_of;
use crate::catalogue::draft::{self, Desk, Reading};
use crate::catalogue::find;
use crate::catalogue::model::{DraftState, Origin, module as row};
use crate::content::{Finding, Severity};
use crate::error::Result;
use crate::publication::schedule;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "atelier/module.html")]
struct Page {
    around: Around,
    crumbs: Crumbs,
    token: String,
    refused: Option<Refused>,
    code: String,
    title: String,
    published: Option<String>,
    from_files: bool,
    draft: Option<Draft>,
    writes: bool,
    reviews: bool,
    publishes: bool,
}

/// Its draft.
struct Draft {
    state: &'static str,
    next: &'static str,
    writing: bool,
    submitted: bool,
    coming: Option<String>,
    groups: Vec<(&'static str, Vec<File>)>,
    errors: usize,
    dues: usize,
    /// Findings of no file that is there.
    elsewhere: Vec<String>,
}

/// A file of it.
struct File {
    path: String,
    href: String,
    size: String,
    errors: usize,
    dues: usize,
}

impl Page {
    /// Whether the state of the draft leaves them something to do.
    fn acts(&self, draft: &Draft) -> bool {
        self.publishes || if draft.writing { self.writes } else { self.reviews }
    }
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, Path(code): Path<String>) -> Response {
    member.answer(page(&member, &code, None).await)
}

/// Opens the draft of the version to come.
#[handler]
pub(super) async fn open(posted: Posted, Path(code): Path<String>) -> Response {
    let member = &posted.member;
    let opened = async {
        let (code, tx) = (code_of(&code)?, member.app.db.begin_write().await?);
        let now = member.app.clock.now();
        draft::open_draft(&tx, &member.signed.principal, &code, now).await?;
        Ok(tx.commit().await?)
    };
    let answered = match opened.await {
        Ok(()) => Ok(member.send_on(&format!("/atelier/{code}"), "Brouillon ouvert.")),
        Err(error) => page(member, &code, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

/// Submits the draft.
#[handler]
pub(super) async fn submit(posted: Posted, Path(code): Path<String>) -> Response {
    let member = &posted.member;
    let answered = match submitted(member, &code).await {
        Ok(()) => {
            let said = "Brouillon soumis : il est figé jusqu’à l’avis de qui relit.";
            Ok(member.send_on(&format!("/atelier/{code}"), said))
        }
        Err(error) => page(member, &code, Some(Refused::of(error))).await,
    };
    member.answer(answered)
}

async fn submitted(member: &Member, code: &str) -> Result<()> {
    let (code, conn, who) = (code_of(code)?, member.app.db.read(), &member.signed.principal);
    // What takes long is done before the draft is held.
    let desk = draft::look(conn, who, Action::WriteDraft, &code).await?;
    desk.must_be_writing()?;
    draft::reading(conn, &desk, member.app.clock.now().date_naive()).await?;
    let tx = member.app.db.begin_write().await?;
    let desk = draft::lock(&tx, who, Action::WriteDraft, &code).await?;
    draft::submit(&tx, who, desk, member.app.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn page(member: &Member, code: &str, refused: Option<Refused>) -> Result<Response> {
    let (module, desk) = bench(member, code).await?;
    let conn = member.app.db.read();
    let latest = find::latest(conn, module.id).await?;
    let draft = match &desk {
        Some(desk) => Some(drafted(member, desk).await?),
        None => None,
    };
    let title = draft.as_ref().and_then(|(_, title)| title.clone());
    let title = title.or_else(|| latest.as_ref().map(|version| version.title.clone()));
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let page = Page {
        around: member.around(Section::Desk),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        refused,
        title: title.unwrap_or_else(|| module.code.clone()),
        published: latest.map(|version| {
            let day = of_pages::day(version.published_at);
            format!("Version {} publiée le {day}", version.number)
        }),
        from_files: module.origin == Origin::Files,
        draft: draft.map(|(draft, _)| draft),
        writes: may(member, Action::WriteDraft, &module),
        reviews: reviews(member, &module),
        publishes: may(member, Action::Publish, &module),
        code: module.code,
    };
    Ok(member.page(status, &page))
}

/// Whether they review this draft: at its provider, or asked from another; the page of the review
/// asks the policy again.
fn reviews(member: &Member, module: &row::Model) -> bool {
    may(member, Action::ReviewDraft, module) || !may(member, Action::ReadDraft, module)
}

async fn drafted(member: &Member, desk: &Desk) -> Result<(Draft, Option<String>)> {
    let conn = member.app.db.read();
    let reading = draft::reading(conn, desk, member.app.clock.now().date_naive()).await?;
    let plans = schedule::coming_of(conn, [desk.draft.id]).await?;
    let title = reading.content.as_ref().map(|content| content.manifest.title.clone());
    let (state, next) = words::state(desk.draft.state);
    let draft = Draft {
        state,
        next,
        writing: desk.draft.state == DraftState::Writing,
        submitted: desk.draft.state == DraftState::Submitted,
        coming: plans.into_iter().next().map(|plan| moment(plan.at)),
        groups: groups(&desk.module.code, &reading),
        errors: count(&reading.findings, Severity::Error),
        dues: count(&reading.findings, Severity::Due),
        elsewhere: elsewhere(&reading),
    };
    Ok((draft, title))
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}

fn groups(code: &str, reading: &Reading) -> Vec<(&'static str, Vec<File>)> {
    let mut groups: Vec<(&'static str, Vec<File>)> =
        words::KINDS.iter().map(|name| (*name, Vec::new())).collect();
    for (path, body) in reading.tree.files() {
        let of = |severity| {
            let own = |f: &&Finding| f.path == path && f.severity == severity;
            reading.findings.iter().filter(own).count()
        };
        groups[words::kind(path)].1.push(File {
            path: path.to_owned(),
            href: super::editor::address(code, path),
            size: words::size(body.bytes()),
            errors: of(Severity::Error),
            dues: of(Severity::Due),
        });
    }
    groups.retain(|(_, files)| !files.is_empty());
    groups
}

fn elsewhere(reading: &Reading) -> Vec<String> {
    let there = |path: &str| reading.tree.files().any(|(known, _)| known == path);
    let lost = reading.findings.iter().filter(|finding| !there(&finding.path));
    lost.map(|f| format!("{} : {} — {}", f.path, f.what, f.remedy)).collect()
}
