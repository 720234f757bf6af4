//! Saying who a provider is, how it is reached, under which regimes, with which logo.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait as _, DatabaseTransaction, EntityTrait, IntoActiveModel as _, QueryFilter,
    QuerySelect, Set,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{ProviderKind, provider, provider_contact, provider_profile, provider_regime};
use super::rules::{self, Declared, Identity, Reach};
use crate::clock;
use crate::content::{Media, MediaKind};
use crate::error::{Reason, Result};
use crate::journal;
use crate::media;
use crate::territory::{self, model::OrganisationKind};

/// Largest logo, in bytes.
pub const MAX_LOGO_BYTES: usize = 200_000;

/// A provider that nobody else changes until the transaction ends.
#[derive(Clone, Debug)]
pub struct Held {
    /// The provider.
    pub provider: provider::Model,
    /// What it said, or what its organisation says of it while it has said nothing: revision 0.
    pub profile: provider_profile::Model,
}

impl Held {
    /// What changes with every change, for an entity tag.
    pub fn stamp(&self) -> String {
        stamp(self.provider.id, self.profile.revision)
    }
}

/// The stamp of a provider at a revision of its profile.
pub fn stamp(provider_id: Uuid, revision: i32) -> String {
    format!("{}-{revision}", provider_id.simple())
}

/// Holds a provider, whose root row is locked where rows are.
///
/// # Errors
/// `not-found` when there is none.
pub async fn hold(tx: &DatabaseTransaction, provider_id: Uuid) -> Result<Held> {
    let found = provider::Entity::find_by_id(provider_id).lock_exclusive().one(tx).await?;
    let provider = found.ok_or(Reason::NotFound)?;
    let profile = match super::profile(tx, provider.id).await? {
        Some(profile) => profile,
        None => unsaid(tx, &provider).await?,
    };
    Ok(Held { provider, profile })
}

/// What an organisation says of a provider that has said nothing.
async fn unsaid(
    tx: &DatabaseTransaction,
    provider: &provider::Model,
) -> Result<provider_profile::Model> {
    let organisation = territory::by_id(tx, provider.organisation_id).await?;
    Ok(provider_profile::Model {
        provider_id: provider.id,
        name: organisation.name.clone(),
        legal_name: organisation.name,
        kind: kind_of(organisation.kind),
        siret: None,
        activity_number: None,
        address: None,
        postcode: None,
        city: None,
        insee: None,
        email: None,
        phone: None,
        website: None,
        logo: None,
        revision: 0,
        updated_at: provider.created_at,
    })
}

/// What an organisation is as a provider, until it is said.
pub fn kind_of(kind: OrganisationKind) -> ProviderKind {
    match kind {
        OrganisationKind::Cdg => ProviderKind::Cdg,
        OrganisationKind::Association => ProviderKind::ElusAssociation,
        _ => ProviderKind::TrainingBody,
    }
}

/// Says who a provider is. An organisation that no register lists takes its name.
///
/// # Errors
/// `invalid-values`; pointers begin with `at`.
pub async fn identify(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    mut held: Held,
    identity: Identity,
    (at, now): (&str, DateTime<Utc>),
) -> Result<Held> {
    identity.check(at)?;
    territory::rename_local(tx, held.provider.organisation_id, &identity.name).await?;
    let address = identity.address;
    held.profile = provider_profile::Model {
        name: identity.name,
        legal_name: identity.legal_name,
        kind: identity.kind,
        siret: identity.siret,
        activity_number: identity.activity_number,
        address: address.as_ref().map(|a| a.lines.join("\n")),
        postcode: address.as_ref().map(|a| a.postcode.clone()),
        city: address.as_ref().map(|a| a.city.clone()),
        insee: address.and_then(|a| a.insee),
        ..held.profile
    };
    keep(tx, by, held, ("provider.identify", json!({})), now).await
}

/// Says how a provider is reached. The contacts named before are forgotten.
///
/// # Errors
/// `invalid-values`.
pub async fn reach(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    mut held: Held,
    reach: Reach,
    now: DateTime<Utc>,
) -> Result<Held> {
    reach.check()?;
    let id = held.provider.id;
    provider_contact::Entity::delete_many()
        .filter(provider_contact::COLUMN.provider_id.eq(id))
        .exec(tx)
        .await?;
    let rows = (0..).zip(reach.contacts).map(|(position, contact)| provider_contact::ActiveModel {
        id: Set(clock::new_id()),
        provider_id: Set(id),
        position: Set(position),
        kind: Set(contact.kind),
        label: Set(contact.label),
        email: Set(contact.email),
        phone: Set(contact.phone),
    });
    let rows: Vec<_> = rows.collect();
    let detail = json!({ "contacts": rows.len() });
    if !rows.is_empty() {
        provider_contact::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    held.profile = provider_profile::Model {
        email: reach.email,
        phone: reach.phone,
        website: reach.website,
        ..held.profile
    };
    keep(tx, by, held, ("provider.reach", detail), now).await
}

/// Says under which regimes a provider is, and was. The journal keeps what was said before.
///
/// # Errors
/// `invalid-values`.
pub async fn declare(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    held: Held,
    periods: Vec<Declared>,
    now: DateTime<Utc>,
) -> Result<Held> {
    rules::check_regimes(&periods)?;
    let id = held.provider.id;
    let old = provider_regime::Entity::find()
        .filter(provider_regime::COLUMN.provider_id.eq(id))
        .all(tx)
        .await?;
    provider_regime::Entity::delete_many()
        .filter(provider_regime::COLUMN.provider_id.eq(id))
        .exec(tx)
        .await?;
    let before: Vec<_> =
        old.iter().map(|row| told(row.regime, row.declared_from, row.declared_until)).collect();
    let after: Vec<_> = periods.iter().map(|p| told(p.regime, p.from, p.until)).collect();
    let rows = periods.into_iter().map(|period| provider_regime::ActiveModel {
        id: Set(clock::new_id()),
        provider_id: Set(id),
        regime: Set(period.regime),
        declared_from: Set(period.from),
        declared_until: Set(period.until),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        provider_regime::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let detail = json!({ "before": before, "after": after });
    keep(tx, by, held, ("provider.declare", detail), now).await
}

fn told(regime: super::model::Regime, from: NaiveDate, until: Option<NaiveDate>) -> Value {
    use sea_orm::ActiveEnum as _;
    json!({ "regime": regime.to_value(), "from": from, "until": until })
}

/// Gives a provider its logo, whose file is durable already.
///
/// # Errors
/// `invalid-values` for what is no small image.
pub async fn show(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    mut held: Held,
    logo: Media,
    now: DateTime<Utc>,
) -> Result<Held> {
    may_be_logo(&logo)?;
    media::record(tx, [logo], now).await?;
    held.profile.logo = Some(logo.digest.to_string());
    let detail = json!({ "digest": held.profile.logo });
    keep(tx, by, held, ("provider.show", detail), now).await
}

/// Refuses what is no small image.
///
/// # Errors
/// `invalid-values`.
pub fn may_be_logo(logo: &Media) -> Result<()> {
    let image = matches!(logo.kind, Some(MediaKind::Png | MediaKind::Jpeg | MediaKind::Webp));
    let small = usize::try_from(logo.bytes).is_ok_and(|bytes| bytes <= MAX_LOGO_BYTES);
    if image && small { Ok(()) } else { Err(rules::not_a_logo().into()) }
}

/// Whether this is the logo of a provider.
///
/// # Errors
/// When the database fails.
pub async fn is_logo(conn: &impl sea_orm::ConnectionTrait, digest: &str) -> Result<bool> {
    let found =
        provider_profile::Entity::find().filter(provider_profile::COLUMN.logo.eq(digest)).one(conn);
    Ok(found.await?.is_some())
}

/// Writes the profile of a provider that is held, moves its revision, and journals why.
pub(super) async fn keep(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    mut held: Held,
    (action, detail): (&str, Value),
    now: DateTime<Utc>,
) -> Result<Held> {
    let new = held.profile.revision == 0;
    held.profile.revision += 1;
    held.profile.updated_at = now;
    let row = held.profile.clone().into_active_model().reset_all();
    if new {
        provider_profile::Entity::insert(row).exec_without_returning(tx).await?;
    } else {
        row.update(tx).await?;
    }
    journal::act(tx, by, action, ("provider", held.provider.id), detail, now).await?;
    Ok(held)
}
