//! Whoever asks for a page: somebody signed in, or anybody.
//!
//! [`Visitor`] is the first parameter of every page, [`Member`] of those that ask for an account. The
//! account and its grants are read afresh each time; without a cookie nothing is read at all, and whoever
//! has one is anybody while it cannot be read, so that public pages are served whatever becomes of the
//! database.

use poem::http::header;
use poem::{FromRequest, Request, RequestBody, Response};

use super::page::{Around, Section, redirect};
use super::{cookie, flash};
use crate::accounts::model::{Role, web_session as row};
use crate::accounts::policy::Action;
use crate::accounts::{Principal, web_session};
use crate::app::App;
use crate::error::{self, Error, Reason, Refusal, Result};
use crate::http::problem::Problem;
use crate::http::query;

/// The cookie of a session.
pub(super) const SESSION: &str = "session";

/// Somebody asking for a page.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The application.
    pub app: App,
    /// Who they are, if they are signed in.
    pub signed: Option<Signed>,
    /// What the page is to say once, of what was done before.
    pub flash: Option<String>,
    /// The path that they asked for, with its query.
    pub asked: String,
    /// The tags of what they have at hand (`If-None-Match`).
    pub known: Option<String>,
    /// Whether they may be signed in, and the database could not say.
    pub unread: bool,
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account, and what it may do now.
    pub principal: Principal,
    /// What every form of theirs carries.
    pub token: String,
    /// The secret of their session.
    pub(super) secret: String,
}

impl Visitor {
    /// Whoever asks, as far as the database says.
    ///
    /// # Errors
    /// When it says nothing.
    pub(super) async fn of(request: &Request) -> Result<Self> {
        let (mut visitor, secret) = Self::unsigned(request)?;
        if let Some(secret) = secret {
            visitor.signed = signed(&visitor.app, secret).await?;
        }
        Ok(visitor)
    }

    /// The same of a page that anybody may read: it is read as by anybody when the database fails.
    async fn of_anybody(request: &Request) -> Result<Self> {
        match Self::of(request).await {
            Err(Error::Database(error)) => {
                tracing::warn!(%error, "a session cannot be read: the page is shown as to anybody");
                Ok(Self { unread: true, ..Self::unsigned(request)?.0 })
            }
            read => read,
        }
    }

    /// Somebody asking, and the secret of the session that they say they have.
    fn unsigned(request: &Request) -> Result<(Self, Option<&str>)> {
        let app = request.data::<App>().ok_or(Reason::Internal)?.clone();
        let headers = request.headers();
        let flash = cookie::read(headers, flash::COOKIE, app.is_https());
        let flash = flash.and_then(|value| flash::opened(&app.keys, value));
        let secret = cookie::read(headers, SESSION, app.is_https());
        let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
        let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
        let known = known.map(str::to_owned);
        Ok((Self { known, app, signed: None, flash, asked, unread: false }, secret))
    }

    /// What stands around a page of theirs.
    pub fn around(&self, section: Section) -> Around {
        Around {
            section,
            token: self.signed.as_ref().map(|signed| signed.token.clone()),
            desk: self.holds(&[Role::Trainer, Role::Reviewer, Role::Publisher])
                || self.holds(Action::HandleComplaints.roles()),
            flash: self.flash.clone(),
            known: true,
        }
    }

    /// Whether they hold one of these roles, somewhere.
    pub fn holds(&self, roles: &[Role]) -> bool {
        let signed = self.signed.as_ref();
        signed.is_some_and(|signed| signed.principal.holding(roles).next().is_some())
    }

    /// Sends the browser on to a path of ours, where the page says `sentence` once.
    pub fn send_on(&self, path: &str, sentence: &str) -> Response {
        let mut response = redirect(path);
        let value = flash::sealed(&self.app.keys, sentence);
        let secure = self.app.is_https();
        cookie::set(response.headers_mut(), flash::COOKIE, &value, flash::SECONDS, secure);
        response
    }

    /// The page of a result: its own, or the one that says why not.
    pub fn answer(&self, result: Result<Response>) -> Response {
        result.unwrap_or_else(|error| self.refused(error))
    }

    /// The page that says why something is refused, and how to mend it.
    pub fn refused(&self, error: Error) -> Response {
        super::refusal::page_of(self, crate::http::problem::refusal_of(error))
    }
}

/// Reads a session, its account and its grants; none when it is not one any more.
async fn signed(app: &App, secret: &str) -> Result<Option<Signed>> {
    let now = app.clock.now();
    let Some(session) = web_session::find(app.db.read(), secret, now).await? else {
        return Ok(None);
    };
    let loaded = Principal::load(app.db.read(), session.account_id, session.generation, now).await;
    let principal = match loaded {
        Err(Error::Refused(Refusal { reason: Reason::Unauthenticated, .. })) => return Ok(None),
        loaded => loaded?,
    };
    tracing::Span::current().record("account", tracing::field::display(principal.account_id));
    if web_session::is_to_be_seen(&session, now) {
        see(app, &session).await;
    }
    let code = app.keys.link_code(format!("form:v1:{}", session.secret_digest).as_bytes());
    let token = crate::text::hex(&code[..16]);
    Ok(Some(Signed { principal, token, secret: secret.to_owned() }))
}

/// Writes the last request down. A database that only reads for a while signs nobody out.
async fn see(app: &App, session: &row::Model) {
    let seen = async {
        let tx = app.db.begin_write().await?;
        web_session::see(&tx, session, app.clock.now()).await?;
        Ok::<_, error::Error>(tx.commit().await?)
    };
    if let Err(error) = seen.await {
        tracing::warn!(%error, "a session could not be written as used");
    }
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of_anybody(request).await.map_err(Problem::from)?)
    }
}

/// Somebody signed in; anybody else is sent to sign in, and comes back.
#[derive(Clone, Debug)]
pub struct Member {
    /// The visitor.
    pub visitor: Visitor,
    /// Who they are.
    pub signed: Signed,
}

impl std::ops::Deref for Member {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl<'a> FromRequest<'a> for Member {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let visitor = Visitor::of(request).await.map_err(Problem::from)?;
        match visitor.signed.clone() {
            Some(signed) => Ok(Self { visitor, signed }),
            None => Err(poem::Error::from_response(redirect(&sign_in_path(&visitor.asked)))),
        }
    }
}

/// Where to sign in, to come back to `asked`.
pub(super) fn sign_in_path(asked: &str) -> String {
    match local(asked) {
        "/" => "/connexion".to_owned(),
        path => format!("/connexion?retour={}", query::encoded(path)),
    }
}

/// A path of ours to come back to, or the root: nobody is sent elsewhere by an address of ours.
pub(super) fn local(path: &str) -> &str {
    let plain = path.len() <= 500
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let pointless = ["/connexion", "/deconnexion"].iter().any(|start| path.starts_with(start));
    if plain && !pointless { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_a_path_of_ours_and_nowhere_else() {
        for path in ["/atelier", "/catalogue?q=l%27%C3%A9lue&page=2", "/modules/E1/lecons/01-a"] {
            assert_eq!(local(path), path);
        }
        let long = format!("/{}", "a".repeat(500));
        for away in [
            "",
            "atelier",
            "//ailleurs.example",
            "/\\ailleurs.example",
            "https://ailleurs.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: b",
            "/\t/ailleurs.example",
            "/é",
            "/connexion?retour=/",
            "/deconnexion",
            &long,
        ] {
            assert_eq!(local(away), "/", "{away}");
        }
    }
}
