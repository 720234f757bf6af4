//! The page that answers "is this attestation genuine?" to anyone who has its code, and whether it is that
//! of the person named. With a script of ours it reads the proof after `#` in the address, which no server
//! ever receives, or a document dropped on it, and checks the signature in the browser.

use std::sync::LazyLock;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::form::Sent;
use super::page::{Around, Section, addressed, discreet};
use super::visitor::Visitor;
use crate::attestations::signed::Statement;
use crate::attestations::verify::{self, Verified};
use crate::error::Result;
use crate::text::french_date;

/// The script of the page.
pub(super) const SCRIPT: &str = include_str!("verify.js");
/// Longest code and name read, in characters.
const LONGEST: (usize, usize) = (64, 200);

/// The address of the script.
static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| addressed("/verifier.js", SCRIPT));

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "verify.html")]
struct Verify {
    around: Around,
    code: String,
    asked: bool,
    found: Option<Found>,
    script: &'static str,
}

/// What a genuine attestation says.
struct Found {
    statement: Statement,
    completed_on: String,
    /// `genuine`, `superseded` or `revoked`, and since when.
    status: &'static str,
    since: String,
    /// The name that was typed, and whether it is the holder's.
    name: String,
    named: Named,
}

/// What is known of a name that was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    NotAsked,
    Theirs,
    Another,
    Erased,
}

/// The code typed into the form.
#[derive(Deserialize)]
struct Typed {
    code: Option<String>,
}

/// Asks for a code, or answers the one typed into the form.
#[handler]
pub(super) async fn ask(visitor: Visitor, typed: Query<Typed>) -> Response {
    match typed.0.code {
        Some(code) => answer(&visitor, code, None).await,
        None => shown(&visitor, String::new(), None, false),
    }
}

/// Answers the code in the address.
#[handler]
pub(super) async fn show(visitor: Visitor, code: Path<String>) -> Response {
    answer(&visitor, code.0, None).await
}

/// Says whether a name is that of the holder. The name comes in a form, never in an address.
#[handler]
pub(super) async fn compare(sent: Sent) -> Response {
    let (code, name) = (sent.fields.line("code"), sent.fields.line("nom").trim());
    let name = name.chars().take(LONGEST.1).collect();
    answer(&sent.visitor, code.to_owned(), Some(name)).await
}

async fn answer(visitor: &Visitor, code: String, name: Option<String>) -> Response {
    match found(visitor, &code, name).await {
        Ok(found) => discreet(shown(visitor, code, found, true)),
        Err(error) => visitor.refused(error),
    }
}

async fn found(visitor: &Visitor, code: &str, name: Option<String>) -> Result<Option<Found>> {
    let app = &visitor.app;
    let Some(verified) = verify::verify(app.db.read(), &app.keys, code).await? else {
        return Ok(None);
    };
    let name = name.filter(|name| !name.is_empty());
    let named = match &name {
        None => Named::NotAsked,
        Some(name) => match verify::is_of(app.db.read(), &verified.row, name).await? {
            Some(true) => Named::Theirs,
            Some(false) => Named::Another,
            None => Named::Erased,
        },
    };
    Ok(Some(Found::of(verified, (name.unwrap_or_default(), named))))
}

impl Found {
    fn of(verified: Verified, (name, named): (String, Named)) -> Self {
        let day = |at: chrono::DateTime<chrono::Utc>| {
            french_date(at.with_timezone(&chrono_tz::Europe::Paris).date_naive())
        };
        Self {
            completed_on: day(verified.statement.completed_at),
            status: verified.standing.word(),
            since: verified.standing.since().map(day).unwrap_or_default(),
            statement: verified.statement,
            name,
            named,
        }
    }

    fn is(&self, named: &str) -> bool {
        match self.named {
            Named::NotAsked => false,
            Named::Theirs => named == "theirs",
            Named::Another => named == "another",
            Named::Erased => named == "erased",
        }
    }
}

fn shown(visitor: &Visitor, code: String, found: Option<Found>, asked: bool) -> Response {
    let (around, code) = (visitor.around(Section::Other), code.chars().take(LONGEST.0).collect());
    let page = Verify { around, code, asked, found, script: &SCRIPT_PATH };
    visitor.scripted(StatusCode::OK, &page)
}
