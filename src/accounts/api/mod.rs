//! Sign-in, refresh, sign-out, and the public keys of access tokens; me, people and grants beside.

pub mod grants;
pub mod me;
pub mod names;
pub mod people;
pub(crate) mod reset;
pub mod scope;

use poem::Request;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde_json::{Value, json};

use crate::accounts::session::{self, Refreshed, Session};
use crate::accounts::token;
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::context::Context;
use crate::http::problem::Problem;
use crate::keys::{KeyEntry, KeyUse};

/// Accounts.
pub struct AccountsApi {
    /// The application.
    pub app: App,
}

/// What proves an account.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct SignIn {
    /// Sign-in name, often an e-mail address.
    #[oai(validator(max_length = 254))]
    login: String,
    /// Password.
    #[oai(validator(max_length = 1024))]
    password: String,
}

impl Example for SignIn {
    fn example() -> Self {
        Self {
            login: "camille.lebrun@mairie.example".to_owned(),
            password: "une phrase dont je me souviens".to_owned(),
        }
    }
}

/// A refresh token.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct RefreshToken {
    /// The refresh token, good for one use.
    #[oai(validator(max_length = 200))]
    refresh_token: String,
}

impl Example for RefreshToken {
    fn example() -> Self {
        let token = "0198c0de7a3b7c519d3e5b1f0c2a4e6d.vCk4nP0sYb2mQ7rT1wXz9LdHfJ6gA3eU5iOoN8cBvMk";
        Self { refresh_token: token.to_owned() }
    }
}

/// Who forgot their password.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct Forgotten {
    /// Sign-in name.
    #[oai(validator(max_length = 254))]
    login: String,
}

impl Example for Forgotten {
    fn example() -> Self {
        Self { login: "camille.lebrun@mairie.example".to_owned() }
    }
}

/// Tokens of a session.
#[derive(Object)]
struct Tokens {
    /// Access token (JWT), to send as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds that the access token is good for.
    expires_in: i64,
    /// Refresh token, good for one use.
    refresh_token: String,
}

#[derive(ApiResponse)]
enum SignedOut {
    /// Signed out, or already was.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum Accepted {
    /// If the account exists, a mail is on its way.
    #[oai(status = 202)]
    Done,
}

#[OpenApi(tag = "Tag::Accounts")]
impl AccountsApi {
    /// Sign in
    #[oai(path = "/api/v1/sign-in", method = "post", operation_id = "sign_in")]
    async fn sign_in(
        &self,
        request: &Request,
        body: Json<SignIn>,
    ) -> Result<Json<Tokens>, Problem> {
        let context = request.data::<Context>().ok_or(Reason::Internal)?;
        let SignIn { login, password } = body.0;
        let name = crate::text::sign_in_name(&login);
        let now = self.app.clock.now();
        self.app.sign_in_limits.count(&name, context.address, now)?;
        let account = session::prove(self.app.db.read(), &name, password).await?;
        self.app.sign_in_limits.give_back(&name, context.address);
        let tx = self.app.db.begin_write().await?;
        let session =
            session::open(&tx, account, self.app.settings.tokens.refresh_days, now).await?;
        tx.commit().await?;
        Ok(Json(self.tokens(session)?))
    }

    /// Come back with a refresh token, and receive the next
    #[oai(path = "/api/v1/token/refresh", method = "post", operation_id = "refresh_token")]
    async fn refresh(&self, body: Json<RefreshToken>) -> Result<Json<Tokens>, Problem> {
        let now = self.app.clock.now();
        let days = self.app.settings.tokens.refresh_days;
        let tx = self.app.db.begin_write().await?;
        let refreshed = session::refresh(&tx, &body.refresh_token, days, now).await?;
        tx.commit().await?;
        match refreshed {
            Refreshed::Renewed(session) => Ok(Json(self.tokens(*session)?)),
            Refreshed::Reused => Err(Reason::InvalidRefreshToken.into()),
        }
    }

    /// Sign out: the refresh token and those that follow from it are revoked
    #[oai(path = "/api/v1/sign-out", method = "post", operation_id = "sign_out")]
    async fn sign_out(&self, body: Json<RefreshToken>) -> Result<SignedOut, Problem> {
        let tx = self.app.db.begin_write().await?;
        session::close(&tx, &body.refresh_token, self.app.clock.now()).await?;
        tx.commit().await?;
        Ok(SignedOut::Done)
    }

    /// Ask for a link to choose another password
    ///
    /// The answer is the same whether the account exists or not; the link goes by mail.
    #[oai(path = "/api/v1/password-resets", method = "post", operation_id = "ask_password_reset")]
    async fn forgotten(
        &self,
        request: &Request,
        body: Json<Forgotten>,
    ) -> Result<Accepted, Problem> {
        let context = request.data::<Context>().ok_or(Reason::Internal)?;
        reset::ask(&self.app, context.address, &body.login).await?;
        Ok(Accepted::Done)
    }

    /// Public keys of access tokens (RFC 7517), those in force
    #[oai(path = "/.well-known/jwks.json", method = "get", operation_id = "access_keys")]
    async fn access_keys(&self) -> Json<Value> {
        let in_force = self.app.keys.public(KeyUse::Access).filter(|key| key.retired_at.is_none());
        let keys: Vec<Value> = in_force.map(KeyEntry::jwk).collect();
        Json(json!({ "keys": keys }))
    }
}

impl AccountsApi {
    fn tokens(&self, session: Session) -> Result<Tokens> {
        let minutes = self.app.settings.tokens.access_minutes;
        let account = (session.account.id, session.account.generation);
        let issuer = &self.app.settings.http.public_url;
        let now = self.app.clock.now();
        Ok(Tokens {
            access_token: token::issue(&self.app.keys, issuer, account, minutes, now)?,
            token_type: "Bearer".to_owned(),
            expires_in: minutes * 60,
            refresh_token: session.refresh_token,
        })
    }
}
