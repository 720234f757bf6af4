//! A training of one's own: its lessons in the version begun, its test, what may be done next.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use super::followed::{Followed, Next, followed};
use super::{id_of, words};
use crate::app::App;
use crate::content::{Module, computed_minutes};
use crate::enrolments::find;
use crate::error::{Error, Reason, Result};
use crate::learning::api::{LearningApi, held};
use crate::learning::model::attempt;
use crate::learning::{accommodation, attempts, rules};
use crate::records::graded;
use crate::web::form::Posted;
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/course.html")]
struct Course {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    href: String,
    code: String,
    title: String,
    line: String,
    state: &'static str,
    open: bool,
    completed: bool,
    due: Option<String>,
    next: Option<Next>,
    newer: Option<String>,
    lessons: Vec<Lesson>,
    read: usize,
    test: Option<Test>,
}

struct Lesson {
    href: String,
    title: String,
    minutes: String,
    read: bool,
}

/// The test, as far as it went.
struct Test {
    /// What it asks, and under which rules.
    rules: Vec<String>,
    past: Vec<Past>,
    /// The attempt that is open.
    open: Option<String>,
    passed: bool,
    /// Why another may not begin now.
    closed: Option<String>,
}

/// An attempt that was handed in.
struct Past {
    href: String,
    number: i32,
    said: String,
    passed: bool,
}

/// Shows it.
#[handler]
pub(super) async fn show(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id, None).await)
}

/// Begins an attempt at the test, or goes on with the one that is open.
#[handler]
pub(super) async fn begin_test(posted: Posted, Path(id): Path<String>) -> Response {
    let member = &posted.member;
    let begun = match begin(member, &id).await {
        Ok(attempt) => Ok(crate::web::page::redirect(&format!("/mes-tests/{attempt}/1"))),
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(member, &id, Some(fault)).await,
            Err(error) => Err(error),
        },
    };
    member.answer(begun)
}

async fn begin(member: &Member, id: &str) -> Result<uuid::Uuid> {
    let (app, who, id) = (&member.app, &member.signed.principal, id_of(id)?);
    LearningApi { app: app.clone() }.close_overdue(who, id).await?;
    let tx = app.db.begin_write().await?;
    let study = held::study(app, &tx, who, id).await?;
    let (attempt, _) = attempts::start(&tx, &study).await?;
    tx.commit().await?;
    Ok(attempt.id)
}

async fn page(member: &Member, id: &str, fault: Option<Fault>) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let row = find::own(app.db.read(), who, id_of(id)?).await?;
    let mine = followed(app, vec![row], app.clock.now()).await?;
    let one = mine.into_iter().next().ok_or(Reason::Internal)?;
    let status = status(fault.as_ref());
    let test = match one.edition.content.quiz.is_empty() {
        true => None,
        false => Some(test(app, &one).await?),
    };
    let newer =
        one.newer.map(|(number, change)| format!("version {number} : {}", words::newer(change)));
    let (edition, open) = (&one.edition, one.is_open());
    let page = Course {
        around: member.around(Section::Learner),
        crumbs: Vec::new(),
        token: member.signed.token.clone(),
        fault,
        href: one.href(),
        code: edition.module.code.clone(),
        title: edition.version.title.clone(),
        line: line(&one),
        state: words::state(one.status.state),
        open,
        completed: one.status.completed_at.is_some(),
        due: one.row.due_on.filter(|_| open).map(words::by),
        next: one.next(),
        newer,
        lessons: lessons(&one),
        read: one.read(),
        test,
    };
    Ok(member.page(status, &page))
}

/// How long it is announced, its version, and the time that was measured.
fn line(one: &Followed) -> String {
    let edition = &one.edition;
    let announced = of_pages::minutes(edition.content.manifest.duration_minutes);
    let mut line = format!("{announced} · version {}", edition.version.number);
    if one.minutes > 0 {
        line += &format!(" · temps mesuré sur les leçons : {}", of_pages::minutes(one.minutes));
    }
    line
}

fn lessons(one: &Followed) -> Vec<Lesson> {
    let lesson = |lesson: &crate::content::Lesson| Lesson {
        href: format!("{}/lecons/{}", one.href(), lesson.slug),
        title: lesson.title.clone(),
        minutes: of_pages::minutes(computed_minutes(lesson.words, 0, lesson.activity_minutes)),
        read: one.status.lessons_done.contains(&lesson.slug),
    };
    one.edition.content.lessons.iter().map(lesson).collect()
}

async fn test(app: &App, one: &Followed) -> Result<Test> {
    let (conn, now) = (app.db.read(), app.clock.now());
    let made = attempts::of_enrolment(conn, one.row.id).await?;
    let manifest = &one.edition.content.manifest;
    let arranged = accommodation::of(conn, one.row.id).await?;
    let zone = words::zone(&one.row.time_zone);
    let open = made.iter().find(|attempt| attempt.submitted_at.is_none());
    let number = u32::try_from(made.len()).unwrap_or(0) + 1;
    let ended = made.iter().filter_map(|attempt| attempt.submitted_at).max();
    let free = rules::check_number(manifest, arranged, number)
        .and_then(|()| rules::check_pause(manifest, ended, zone, now));
    Ok(Test {
        rules: rules_of(&one.edition.content, arranged, number - 1),
        past: made.iter().filter_map(|attempt| past(one, attempt)).collect(),
        open: open.map(|attempt| format!("/mes-tests/{}", attempt.id)),
        passed: one.status.passed,
        closed: free.err().and_then(said),
    })
}

fn said(error: Error) -> Option<String> {
    let refusal = crate::http::problem::refusal_of(error);
    refusal.detail.map(|(fr, _)| fr)
}

fn past(one: &Followed, attempt: &attempt::Model) -> Option<Past> {
    attempt.submitted_at?;
    let told = graded::result_of(&one.facts, attempt.id);
    let said = match told {
        Some(told) => format!("{}\u{a0}%", told.percent),
        None => "annulée".to_owned(),
    };
    Some(Past {
        href: format!("/mes-tests/{}", attempt.id),
        number: attempt.number,
        said,
        passed: told.is_some_and(|told| told.passed),
    })
}

/// What the test asks, and under which rules, those arranged for this person included.
fn rules_of(content: &Module, arranged: rules::Arranged, made: u32) -> Vec<String> {
    let manifest = &content.manifest;
    let asked = usize::try_from(content.quiz.asked()).unwrap_or(0);
    let mut said = vec![format!(
        "{} ; il en faut {}\u{a0}% de justes.",
        of_pages::count(asked, "question", "questions"),
        manifest.pass_mark_percent
    )];
    match manifest.attempt_limit {
        Some(limit) => {
            let left = limit.saturating_add(arranged.extra_attempts).saturating_sub(made);
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            said.push(format!(
                "Il vous reste {}.",
                of_pages::count(left, "tentative", "tentatives")
            ));
        }
        None => said.push("Autant de tentatives que vous voulez ; la meilleure compte.".to_owned()),
    }
    let epoch = chrono::DateTime::UNIX_EPOCH;
    if let Some(due_at) = rules::due_at(manifest, arranged, epoch) {
        let minutes = u32::try_from((due_at - epoch).num_minutes()).unwrap_or(u32::MAX);
        said.push(format!(
            "Une tentative dure {} au plus ; ce qui est répondu à temps est corrigé.",
            of_pages::minutes(minutes)
        ));
    }
    if let Some(pause) = manifest.attempt_pause_minutes {
        said.push(format!("Entre deux tentatives : {} au moins.", of_pages::minutes(pause)));
    }
    said
}
