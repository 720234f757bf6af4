//! Saying what is so of a provider: the nation says what others rely on, its publishers how to reach it.

use bytes::Bytes;
use futures_util::stream;
use poem::Body;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::{Binary, Json};
use uuid::Uuid;

use super::bodies::{Made, Stands};
use super::wishes::{AgrementWithdrawal, NewAgrement, Reach, Regimes};
use super::{find, hold, made, settle, told};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::content::Media;
use crate::error::Result;
use crate::http::guards::{ProviderKeeper, ProviderManager};
use crate::http::problem::Problem;
use crate::http::{Tag, etag, upload};
use crate::media::PutError;
use crate::providers::save::{self, MAX_LOGO_BYTES};
use crate::providers::{agrement, rules};

/// What is said of providers.
pub struct EditApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Providers")]
impl EditApi {
    /// Say how a provider is reached: addresses, site, contacts; `If-Match` is the provider's tag
    #[oai(path = "/providers/:ref/contacts", method = "put", operation_id = "reach_provider")]
    async fn reach_provider(
        &self,
        who: ProviderKeeper,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        /// Tag of the provider as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<Reach>,
    ) -> Result<Stands, Problem> {
        let (tx, held) = hold(&self.app, &who, Action::KeepProvider, &reference).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(held.stamp()))?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let held = save::reach(&tx, by, held, body.0.into(), now).await?;
        told(&self.app, tx, held).await
    }

    /// Say under which regimes a provider is and was; `If-Match` is the provider's tag
    #[oai(path = "/providers/:ref/regimes", method = "put", operation_id = "declare_provider")]
    async fn declare_provider(
        &self,
        who: ProviderManager,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        /// Tag of the provider as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<Regimes>,
    ) -> Result<Stands, Problem> {
        let (tx, held) = hold(&self.app, &who, Action::ManageProviders, &reference).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(held.stamp()))?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let held = save::declare(&tx, by, held, body.0.into(), now).await?;
        told(&self.app, tx, held).await
    }

    /// Give a provider its logo: PNG, JPEG or WebP, 200 KB at most; `If-Match` is the provider's tag
    #[oai(path = "/providers/:ref/logo", method = "put", operation_id = "put_provider_logo")]
    async fn put_provider_logo(
        &self,
        who: ProviderKeeper,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        /// Tag of the provider as it was read.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Binary<Body>,
    ) -> Result<Stands, Problem> {
        // Nothing is received for what would be refused.
        let target = Target::Provider(find(&self.app, &reference).await?);
        policy::allow(&who, Action::KeepProvider, &target)?;
        let logo = self.receive(body.0).await?;
        let (tx, held) = hold(&self.app, &who, Action::KeepProvider, &reference).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(held.stamp()))?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let held = save::show(&tx, by, held, logo, now).await?;
        told(&self.app, tx, held).await
    }

    /// Record a ministerial agrément for the training of élus
    #[oai(path = "/providers/:ref/agrements", method = "post", operation_id = "grant_agrement")]
    async fn grant_agrement(
        &self,
        who: ProviderManager,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        body: Json<NewAgrement>,
    ) -> Result<Made, Problem> {
        let (tx, held) = hold(&self.app, &who, Action::ManageProviders, &reference).await?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let (held, _) = agrement::grant(&tx, by, held, body.0.into(), now).await?;
        settle(&self.app, tx).await?;
        Ok(made(&self.app, held.provider.id).await?)
    }

    /// Withdraw an agrément from a day on; one that is withdrawn stays as it was
    #[oai(
        path = "/providers/:ref/agrements/:id/withdraw",
        method = "post",
        operation_id = "withdraw_agrement"
    )]
    async fn withdraw_agrement(
        &self,
        who: ProviderManager,
        /// Organisation reference, such as `local:maitrise`.
        #[oai(name = "ref", example = "crate::http::examples::provider_ref")]
        reference: Path<String>,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        body: Json<AgrementWithdrawal>,
    ) -> Result<Stands, Problem> {
        let (tx, held) = hold(&self.app, &who, Action::ManageProviders, &reference).await?;
        let (by, now) = (Some(who.account_id), self.app.clock.now());
        let why = (body.from, body.reason.as_str());
        let held = agrement::withdraw(&tx, by, held, id.0, why, now).await?;
        told(&self.app, tx, held).await
    }
}

impl EditApi {
    /// Receives a logo, durable under its digest when this returns.
    async fn receive(&self, body: Body) -> Result<Media> {
        let bytes = Bytes::from(upload::read(body, MAX_LOGO_BYTES).await?);
        let logo = Media::of(&bytes);
        save::may_be_logo(&logo)?;
        let kind = logo.kind.ok_or_else(rules::not_a_logo)?;
        match self.app.media.put(stream::iter([Ok(bytes)]), kind).await {
            Ok(kept) => Ok(kept),
            Err(PutError::TooLarge | PutError::OtherKind(_)) => Err(rules::not_a_logo().into()),
            Err(error) => Err(anyhow::Error::from(error).into()),
        }
    }
}
