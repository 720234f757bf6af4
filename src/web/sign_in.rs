//! Signing in and out with a browser: by the same proof, the same limits and in the same time as the
//! API.

use askama::Template;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Query;
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::cookie;
use super::form::{Posted, Sent};
use super::page::{Around, Section, redirect};
use super::visitor::{SESSION, Visitor, local};
use crate::accounts::{session, web_session};
use crate::app::App;
use crate::error::{Error, Kind, Reason, Refusal, Result};
use crate::http::context::Context;
use crate::http::problem;
use crate::text;

/// The form.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sign_in.html")]
struct SignIn {
    around: Around,
    login: String,
    retour: String,
    fault: Option<String>,
}

/// Where to come back to.
#[derive(Deserialize)]
pub(super) struct Asked {
    retour: Option<String>,
}

/// Shows the form; whoever is signed in already is sent where they were going.
#[handler]
pub(super) async fn ask(visitor: Visitor, asked: Query<Asked>) -> Response {
    let retour = local(asked.0.retour.as_deref().unwrap_or("/")).to_owned();
    if visitor.signed.is_some() {
        return redirect(&retour);
    }
    form(&visitor, StatusCode::OK, "", &retour, None)
}

/// Takes a sign-in name and a password.
#[handler]
pub(super) async fn sign_in(request: &Request, sent: Sent) -> Response {
    let (visitor, fields) = (&sent.visitor, &sent.fields);
    let login = fields.line("login");
    let retour = local(fields.line("retour"));
    match open(request, visitor, login, fields.line("password").to_owned()).await {
        Ok(secret) => {
            let mut response = redirect(retour);
            let seconds = web_session::LIFE_HOURS * 3_600;
            let secure = visitor.app.is_https();
            cookie::set(response.headers_mut(), SESSION, &secret, seconds, secure);
            response
        }
        Err(error) => again(visitor, login, retour, error),
    }
}

/// Proves the account and opens a session, always a new one; the one at hand ends with it.
async fn open(
    request: &Request,
    visitor: &Visitor,
    login: &str,
    password: String,
) -> Result<String> {
    let app: &App = &visitor.app;
    let context = request.data::<Context>().ok_or(Reason::Internal)?;
    if login.chars().count() > 254 || password.chars().count() > 1024 {
        return Err(Reason::InvalidCredentials.into());
    }
    let (name, now) = (text::sign_in_name(login), app.clock.now());
    app.sign_in_limits.count(&name, context.address, now)?;
    let account = session::prove(app.db.read(), &name, password).await?;
    app.sign_in_limits.give_back(&name, context.address);
    let tx = app.db.begin_write().await?;
    let secret = web_session::open(&tx, &account, now).await?;
    if let Some(signed) = &visitor.signed {
        web_session::close(&tx, &signed.secret).await?;
    }
    tx.commit().await?;
    Ok(secret)
}

/// The form again, with what is wrong; what is not about the form is a page of its own.
fn again(visitor: &Visitor, login: &str, retour: &str, error: Error) -> Response {
    let refusal = problem::refusal_of(error);
    let Refusal { reason, ref detail, retry_after_seconds, .. } = refusal;
    let status = match reason.kind() {
        // Not 401, which asks for a header that no form sends.
        Kind::Unauthenticated => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        _ => return visitor.refused(refusal.into()),
    };
    let fault = detail.as_ref().map_or(reason.title().0, |(fr, _)| fr).to_owned();
    let login: String = login.chars().take(254).collect();
    let mut response = form(visitor, status, &login, retour, Some(fault));
    let wait = retry_after_seconds.map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
    response.headers_mut().extend(wait);
    response
}

fn form(
    visitor: &Visitor,
    status: StatusCode,
    login: &str,
    retour: &str,
    fault: Option<String>,
) -> Response {
    let around = visitor.around(Section::Account);
    let (login, retour) = (login.to_owned(), retour.to_owned());
    visitor.page(status, &SignIn { around, login, retour, fault })
}

/// Signs out.
#[handler]
pub(super) async fn sign_out(posted: Posted) -> Response {
    let visitor = &posted.member.visitor;
    let closed = close(&visitor.app, &posted.member.signed.secret).await;
    visitor.answer(closed.map(|()| {
        let mut response = visitor.send_on("/", "Vous êtes déconnecté.");
        cookie::set(response.headers_mut(), SESSION, "", 0, visitor.app.is_https());
        response
    }))
}

async fn close(app: &App, secret: &str) -> Result<()> {
    let tx = app.db.begin_write().await?;
    web_session::close(&tx, secret).await?;
    Ok(tx.commit().await?)
}
