//! A password that is forgotten: asking for a link, by the same limits and in the same time as the API,
//! with the same answer whether the account exists or not.

use askama::Template;
use poem::http::StatusCode;
use poem::{Request, Response, handler};

use super::form::Sent;
use super::page::{Around, Section};
use super::visitor::Visitor;
use crate::accounts::api::reset;
use crate::error::{Reason, Result};
use crate::http::context::Context;

/// Longest sign-in name, in characters; the API's own bound.
const LONGEST: usize = 254;
/// What is said in every case.
const SAID: &str = "Si un compte porte cet identifiant, un lien pour choisir un autre mot de passe lui \
                    est envoyé par courriel. Pensez à regarder dans les indésirables.";

/// The form.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "forgotten.html")]
struct Forgotten {
    around: Around,
    longest: usize,
    fault: bool,
}

/// Shows the form.
#[handler]
pub(super) async fn ask(visitor: Visitor) -> Response {
    form(&visitor, StatusCode::OK, false)
}

/// Takes a sign-in name.
#[handler]
pub(super) async fn send(request: &Request, sent: Sent) -> Response {
    let (visitor, login) = (&sent.visitor, sent.fields.line("login").trim());
    // What no account can be called says nothing of any account.
    if login.is_empty() || login.chars().count() > LONGEST {
        return form(visitor, StatusCode::UNPROCESSABLE_ENTITY, true);
    }
    let asked = asked(request, visitor, login).await;
    visitor.answer(asked.map(|()| visitor.send_on("/connexion", SAID)))
}

async fn asked(request: &Request, visitor: &Visitor, login: &str) -> Result<()> {
    let context = request.data::<Context>().ok_or(Reason::Internal)?;
    reset::ask(&visitor.app, context.address, login).await
}

fn form(visitor: &Visitor, status: StatusCode, fault: bool) -> Response {
    let around = visitor.around(Section::Account);
    visitor.page(status, &Forgotten { around, longest: LONGEST, fault })
}
