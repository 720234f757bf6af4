//! The page behind a one-use link: choosing a password.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Form, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::page;
use crate::accounts::links::{self, Open};
use crate::accounts::model::LinkKind;
use crate::accounts::password::MIN_CHARACTERS;
use crate::app::App;
use crate::error::{Error, Result};

/// The form.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "choose_password.html")]
struct Choose {
    welcome: bool,
    login: String,
    min: usize,
    fault: Option<String>,
}

/// After the password was chosen.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "password_chosen.html")]
struct Chosen {
    login: String,
}

/// What the form sends.
#[derive(Deserialize)]
struct Sent {
    password: String,
    again: String,
}

/// Shows the form; consumes nothing, however often it is looked at.
#[handler]
pub(super) async fn show(app: Data<&App>, token: Path<String>) -> Response {
    match links::look(app.db.read(), &app.keys, &token.0, app.clock.now()).await {
        Ok(open) => page(StatusCode::OK, &form(&open, None)),
        Err(error) => refused(error),
    }
}

/// Takes the password; the link is then spent.
#[handler]
pub(super) async fn choose(app: Data<&App>, token: Path<String>, sent: Form<Sent>) -> Response {
    let open = match links::look(app.db.read(), &app.keys, &token.0, app.clock.now()).await {
        Ok(open) => open,
        Err(error) => return refused(error),
    };
    if sent.password != sent.again {
        let fault = "Les deux mots de passe ne sont pas les mêmes.".to_owned();
        return page(StatusCode::UNPROCESSABLE_ENTITY, &form(&open, Some(fault)));
    }
    match take(&app, &token.0, &open, sent.0.password).await {
        Ok(login) => page(StatusCode::OK, &Chosen { login }),
        Err(Error::Refused(refusal)) if !refusal.faults.is_empty() => {
            let faults: Vec<_> = refusal.faults.into_iter().map(|fault| fault.fr).collect();
            let fault = format!("Mot de passe : {}.", faults.join(" ; "));
            page(StatusCode::UNPROCESSABLE_ENTITY, &form(&open, Some(fault)))
        }
        Err(error) => refused(error),
    }
}

async fn take(app: &App, token: &str, open: &Open, chosen: String) -> Result<String> {
    let hashed = links::hashed(open, chosen).await?;
    let tx = app.db.begin_write().await?;
    let account = links::consume(&tx, &app.keys, token, hashed, app.clock.now()).await?;
    tx.commit().await?;
    Ok(account.sign_in_name)
}

fn refused(error: Error) -> Response {
    super::refusal(error, true)
}

fn form(open: &Open, fault: Option<String>) -> Choose {
    Choose {
        welcome: open.link.kind == LinkKind::Invitation,
        login: open.account.sign_in_name.clone(),
        min: MIN_CHARACTERS,
        fault,
    }
}
