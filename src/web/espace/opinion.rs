//! What one thought of a training that is over: three questions, none of them required, and a word.

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use super::fault::{Fault, status};
use super::id_of;
use crate::enrolments::find;
use crate::error::Result;
use crate::feedback::satisfaction::{self as answers, COMMENT, Opinion, QUESTIONS};
use crate::records::{self, State};
use crate::web::form::{Fields, Posted};
use crate::web::page::{Around, Section};
use crate::web::visitor::Member;
use crate::web::words as of_pages;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "espace/opinion.html")]
struct Page {
    around: Around,
    crumbs: Vec<(String, String)>,
    token: String,
    fault: Option<Fault>,
    href: String,
    title: String,
    over: bool,
    questions: Vec<Question>,
    comment: String,
    longest: usize,
    /// Until when it may be changed, once given.
    until: Option<String>,
}

struct Question {
    code: &'static str,
    text: &'static str,
    /// The mark given, as it is typed.
    mark: String,
}

/// The marks, and how the ends are called.
const MARKS: [(&str, &str); 5] =
    [("1", "1, pas du tout"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5, tout à fait")];

/// Asks.
#[handler]
pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Response {
    member.answer(page(&member, &id, None).await)
}

/// Takes the answers.
#[handler]
pub(super) async fn send(posted: Posted, Path(id): Path<String>) -> Response {
    let Posted { member, fields } = posted;
    let sent = match given(&member, &id, &fields).await {
        Ok(href) => Ok(member.send_on(&href, "Merci : votre avis est enregistré.")),
        Err(error) => match Fault::of(error) {
            Ok(fault) => page(&member, &id, Some((fault, &fields))).await,
            Err(error) => Err(error),
        },
    };
    member.answer(sent)
}

async fn given(member: &Member, id: &str, fields: &Fields) -> Result<String> {
    let (app, who) = (&member.app, &member.signed.principal);
    // What is not a mark is told as one that is wrong.
    let mark = |(code, _): (&str, &str)| match fields.line(code) {
        "" => None,
        typed => Some(typed.parse().unwrap_or(0)),
    };
    let comment = Some(fields.text("mot").trim().to_owned()).filter(|text| !text.is_empty());
    let opinion = Opinion { marks: QUESTIONS.map(mark), comment };
    let tx = app.db.begin_write().await?;
    let row = find::own_locked(&tx, who, id_of(id)?).await?;
    answers::answer(&tx, &row, opinion, app.clock.now()).await?;
    tx.commit().await?;
    Ok(format!("/mes-formations/{}", row.id))
}

async fn page(member: &Member, id: &str, refused: Option<(Fault, &Fields)>) -> Result<Response> {
    let (app, who) = (&member.app, &member.signed.principal);
    let conn = app.db.read();
    let row = find::own(conn, who, id_of(id)?).await?;
    let edition = app.shelf.edition(conn, row.version_id).await?;
    let facts = records::read::of_enrolment(conn, row.id).await?;
    let state = records::status(&facts, app.clock.now()).state;
    let given = answers::given(conn, &row).await?;
    let until = given.as_ref().map(|given| of_pages::day(given.changeable_until));
    let opinion = given.map(|given| given.opinion).unwrap_or_default();
    let (fault, typed) = refused.unzip();
    let question = |((code, text), mark): ((&'static str, &'static str), Option<i32>)| {
        let kept = mark.map(|mark| mark.to_string()).unwrap_or_default();
        Question { code, text, mark: typed.map_or(kept, |fields| fields.line(code).to_owned()) }
    };
    let href = format!("/mes-formations/{}", row.id);
    let title = edition.version.title.clone();
    let status = status(fault.as_ref());
    let page = Page {
        around: member.around(Section::Learner),
        crumbs: vec![(href.clone(), title.clone())],
        token: member.signed.token.clone(),
        fault,
        href,
        title,
        over: matches!(state, State::Completed | State::Withdrawn),
        questions: QUESTIONS.into_iter().zip(opinion.marks).map(question).collect(),
        comment: match typed {
            Some(fields) => fields.text("mot"),
            None => opinion.comment.unwrap_or_default(),
        },
        longest: COMMENT,
        until,
    };
    Ok(member.page(status, &page))
}

impl Page {
    fn marks(&self) -> [(&'static str, &'static str); 5] {
        MARKS
    }
}
