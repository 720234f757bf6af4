//! The page that answers "is this attestation genuine?" to anyone who has its code.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::{page, refused};
use crate::app::App;
use crate::attestations::signed::Statement;
use crate::attestations::verify;
use crate::text::french_date;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "verify.html")]
struct Verify {
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
pub(super) async fn ask(app: Data<&App>, typed: Query<Typed>) -> Response {
    match typed.0.code {
        Some(code) => answer(&app, code).await,
        None => page(StatusCode::OK, &Verify { code: String::new(), asked: false, found: None }),
    }
}

/// Answers the code in the address.
#[handler]
pub(super) async fn show(app: Data<&App>, code: Path<String>) -> Response {
    answer(&app, code.0).await
}

async fn answer(app: &App, code: String) -> Response {
    match verify::verify(app.db.read(), &app.keys, &code).await {
        Ok(statement) => {
            let found = statement.map(|statement| Found {
                completed_on: french_date(
                    statement.completed_at.with_timezone(&chrono_tz::Europe::Paris).date_naive(),
                ),
                statement,
            });
            let code = code.chars().take(64).collect();
            page(StatusCode::OK, &Verify { code, asked: true, found })
        }
        Err(error) => refused(error),
    }
}
