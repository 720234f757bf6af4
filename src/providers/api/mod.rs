//! Providers over HTTP: who they are for anyone, what is said of them for those who may say it.

mod bodies;
pub mod edit;
mod wishes;

use std::collections::HashMap;

use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use bodies::{Made, Parts, Providers, Stands, detail, item, tag};
use wishes::{Identity, NewProvider};

use crate::accounts::model::Role;
use crate::accounts::policy::{self, Action, Target};
use crate::accounts::{Principal, grants};
use crate::app::App;
use crate::catalogue::revision;
use crate::error::{Reason, Result};
use crate::http::guards::{ProviderKeeper, ProviderManager};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::{Tag, etag};
use crate::providers;
use crate::providers::save::{self, Held};

/// Providers.
pub struct ProvidersApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Providers")]
impl ProvidersApi {
    /// Who provides modules: regimes and agrément of today, number of modules published
    #[oai(path = "/providers", method = "get", operation_id = "list_providers")]
    async fn list_providers(
        &self,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Providers>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let today = self.app.clock.now().date_naive();
        let counts = counts(&self.app).await?;
        let known = providers::all(self.app.db.read()).await?;
        let count = |id| counts.get(&id).copied().unwrap_or_default();
        let items = known.iter().map(|k| item(k, count(k.provider.id), today)).collect();
        let (items, next) = page.cut(items, |item| item.reference.clone());
        Ok(Json(Providers { items, next }))
    }

    /// Give an organisation the part of provider, and say who it is
    #[oai(path = "/providers", method = "post", operation_id = "create_provider")]
    async fn create_provider(
        &self,
        who: ProviderManager,
        body: Json<NewProvider>,
    ) -> Result<Made, Problem> {
        let now = self.app.clock.now();
        let NewProvider { reference, profile } = body.0;
        let tx = self.app.db.begin_write().await?;
        let row = providers::ensure(&tx, &reference, now).await?;
        let held = save::hold(&tx, row.id).await?;
        if held.profile.revision > 0 {
            return Err(Reason::ProviderExists.into());
        }
        let by = Some(who.account_id);
        save::identify(&tx, by, held, profile.into(), ("/profile", now)).await?;
        settle(&self.app, tx).await?;
        Ok(made(&self.app, row.id).await?)
    }

    /// A provider: identity, contacts, logo, regimes and agréments with their dates
    #[oai(path = "/providers/:ref", method = "get", operation_id = "get_provider")]
    async fn get_provider(
        &self,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
    ) -> Result<Stands, Problem> {
        Ok(stands(&self.app, find(&self.app, &reference).await?).await?)
    }

    /// Say who a provider is; `If-Match` is the provider's tag
    #[oai(path = "/providers/:ref", method = "put", operation_id = "identify_provider")]
    async fn identify_provider(
        &self,
        who: ProviderManager,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        /// Tag of the provider as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<Identity>,
    ) -> Result<Stands, Problem> {
        let (tx, held) = hold(&self.app, &who, Action::ManageProviders, &reference).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(held.stamp()))?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let held = save::identify(&tx, by, held, body.0.into(), ("", now)).await?;
        told(&self.app, tx, held).await
    }

    /// Who writes, reviews and publishes for a provider, by account
    #[oai(path = "/providers/:ref/people", method = "get", operation_id = "provider_people")]
    async fn provider_people(
        &self,
        who: ProviderKeeper,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Parts>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let provider = find(&self.app, &reference).await?;
        policy::allow(&who, Action::KeepProvider, &Target::Provider(provider))?;
        let (roles, cut) = (&ROLES, (page.limit, page.before()?));
        let (conn, now) = (self.app.db.read(), self.app.clock.now());
        let rows = grants::over_provider(conn, roles, provider, now, cut).await?;
        let next = page.next(&rows, |row| row.id);
        Ok(Json(Parts { items: rows.into_iter().map(Into::into).collect(), next }))
    }
}

/// The roles that a provider has people for.
const ROLES: [Role; 3] = [Role::Trainer, Role::Reviewer, Role::Publisher];

/// The provider that a path names.
async fn find(app: &App, reference: &str) -> Result<Uuid> {
    let found = providers::by_ref(app.db.read(), reference).await?;
    Ok(found.ok_or(Reason::NotFound)?.id)
}

/// How many modules each provider has published.
async fn counts(app: &App) -> Result<HashMap<Uuid, u32>> {
    let catalogue = app.shelf.current(app.db.read()).await?;
    let mut counts = HashMap::new();
    for edition in catalogue.editions() {
        *counts.entry(edition.module.provider_id).or_default() += 1;
    }
    Ok(counts)
}

/// A provider held for somebody who may do this to it.
async fn hold(
    app: &App,
    who: &Principal,
    action: Action,
    reference: &str,
) -> Result<(DatabaseTransaction, Held)> {
    let provider = find(app, reference).await?;
    policy::allow(who, action, &Target::Provider(provider))?;
    let tx = app.db.begin_write().await?;
    let held = save::hold(&tx, provider).await?;
    Ok((tx, held))
}

/// Commits what was said of a provider, and answers it.
async fn told(app: &App, tx: DatabaseTransaction, held: Held) -> Result<Stands, Problem> {
    settle(app, tx).await?;
    Ok(stands(app, held.provider.id).await?)
}

/// Commits what was said of a provider; the catalogue, which shows it, moves with it.
async fn settle(app: &App, tx: DatabaseTransaction) -> Result<()> {
    revision::bump(&tx).await?;
    tx.commit().await?;
    app.shelf.refresh_if_moved(app.db.read()).await?;
    Ok(())
}

/// Answers a provider as it is now.
async fn stands(app: &App, id: Uuid) -> Result<Stands> {
    let known = providers::by_id(app.db.read(), id).await?;
    let modules = counts(app).await?.get(&id).copied().unwrap_or_default();
    let body = detail(&known, modules, app.clock.now().date_naive());
    Ok(Stands::Now(Json(body), tag(&known)))
}

/// The same, just made.
async fn made(app: &App, id: Uuid) -> Result<Made> {
    let known = providers::by_id(app.db.read(), id).await?;
    let location = format!("/api/v1/providers/{}", known.reference);
    let Stands::Now(body, tag) = stands(app, id).await?;
    Ok(Made::New(body, location, tag))
}
