//! The page that answers "is this attestation genuine?" to anyone who has its code.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::page::{Around, Section, discreet};
use super::visitor::Visitor;
use crate::attestations::signed::Statement;
use crate::attestations::verify;
use crate::text::french_date;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "verify.html")]
struct Verify {
    around: Around,
    code: String,
    asked: bool,
    found: Option<Found>,
}

/// What a genuine attestation says.
struct Found {
    statement: Statement,
    completed_on: String,
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
        Some(code) => answer(&visitor, code).await,
        None => {
            let around = visitor.around(Section::Other);
            let page = Verify { around, code: String::new(), asked: false, found: None };
            visitor.page(StatusCode::OK, &page)
        }
    }
}

/// Answers the code in the address.
#[handler]
pub(super) async fn show(visitor: Visitor, code: Path<String>) -> Response {
    answer(&visitor, code.0).await
}

async fn answer(visitor: &Visitor, code: String) -> Response {
    let app = &visitor.app;
    match verify::verify(app.db.read(), &app.keys, &code).await {
        Ok(statement) => {
            let found = statement.map(|statement| Found {
                completed_on: french_date(
                    statement.completed_at.with_timezone(&chrono_tz::Europe::Paris).date_naive(),
                ),
                statement,
            });
            let (around, code) = (visitor.around(Section::Other), code.chars().take(64).collect());
            discreet(visitor.page(StatusCode::OK, &Verify { around, code, asked: true, found }))
        }
        Err(error) => visitor.refused(error),
    }
}
