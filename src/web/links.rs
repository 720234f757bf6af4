//! The page behind a one-use link: choosing a password.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::Deserialize;

use super::page::{Around, Section, discreet};
use super::refusal;
use super::visitor::Visitor;
use crate::accounts::links::{self, Open};
use crate::accounts::model::LinkKind;
use crate::accounts::password::MIN_CHARACTERS;
use crate::app::App;
use crate::capacities::claim;
use crate::error::{Error, Result};
use crate::http::problem;

/// The form.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "choose_password.html")]
struct Choose {
    around: Around,
    welcome: bool,
    login: String,
    min: usize,
    fault: Option<String>,
}

/// After the password was chosen.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "password_chosen.html")]
struct Chosen {
    around: Around,
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
pub(super) async fn show(visitor: Visitor, token: Path<String>) -> Response {
    let app = &visitor.app;
    match links::look(app.db.read(), &app.keys, &token.0, app.clock.now()).await {
        Ok(open) => form(&visitor, StatusCode::OK, &open, None),
        Err(error) => refused(&visitor, error),
    }
}

/// Takes the password; the link is then spent. The address holds a secret, which no other site knows:
/// the form needs no other proof.
#[handler]
pub(super) async fn choose(visitor: Visitor, token: Path<String>, sent: Form<Sent>) -> Response {
    let app = &visitor.app;
    let open = match links::look(app.db.read(), &app.keys, &token.0, app.clock.now()).await {
        Ok(open) => open,
        Err(error) => return refused(&visitor, error),
    };
    if sent.password != sent.again {
        let fault = "Les deux mots de passe ne sont pas les mêmes.".to_owned();
        return form(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &open, Some(fault));
    }
    match take(app, &token.0, &open, sent.0.password).await {
        Ok(login) => {
            let around = visitor.around(Section::Account);
            discreet(visitor.page(StatusCode::OK, &Chosen { around, login }))
        }
        Err(Error::Refused(refusal)) if !refusal.faults.is_empty() => {
            let faults: Vec<_> = refusal.faults.into_iter().map(|fault| fault.fr).collect();
            let fault = format!("Mot de passe : {}.", faults.join(" ; "));
            form(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &open, Some(fault))
        }
        Err(error) => refused(&visitor, error),
    }
}

async fn take(app: &App, token: &str, open: &Open, chosen: String) -> Result<String> {
    let hashed = links::hashed(open, chosen).await?;
    let tx = app.db.begin_write().await?;
    let now = app.clock.now();
    let account = links::consume(&tx, &app.keys, token, hashed, now).await?;
    // The link was read in that mailbox: what was claimed with the account takes effect.
    claim::proved(&tx, account.person_id, account.id, now).await?;
    tx.commit().await?;
    Ok(account.sign_in_name)
}

fn refused(visitor: &Visitor, error: Error) -> Response {
    discreet(refusal::page_of_link(visitor, problem::refusal_of(error)))
}

fn form(visitor: &Visitor, status: StatusCode, open: &Open, fault: Option<String>) -> Response {
    let form = Choose {
        around: visitor.around(Section::Account),
        welcome: open.link.kind != LinkKind::PasswordReset,
        login: open.account.sign_in_name.clone(),
        min: MIN_CHARACTERS,
        fault,
    };
    discreet(visitor.page(status, &form))
}
