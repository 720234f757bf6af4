//! What answers about providers are made of.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object};
use uuid::Uuid;

use super::wishes::{Address, Contact, ContactShown, KindShown, Period, RegimeShown};
use crate::accounts::model::access_grant;
use crate::http::etag;
use crate::providers::model::provider_agrement;
use crate::providers::{Known, Told, rules, save};

/// An agrément for the training of élus.
#[derive(Object)]
#[oai(rename = "ProviderAgrement")]
pub(super) struct Agrement {
    /// Identifier.
    id: Uuid,
    /// Reference of the decision.
    number: String,
    /// Day of the decision.
    granted_on: NaiveDate,
    /// First day.
    valid_from: NaiveDate,
    /// First day on which it no longer holds, as granted.
    valid_to: NaiveDate,
    /// First day on which it no longer holds, when it was withdrawn.
    #[oai(skip_serializing_if_is_none)]
    withdrawn_from: Option<NaiveDate>,
    /// Why it was withdrawn.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
}

/// A provider.
#[derive(Object)]
#[oai(rename = "ProviderItem")]
pub(super) struct Item {
    /// Organisation reference.
    #[oai(rename = "ref")]
    pub(super) reference: String,
    /// Public name.
    name: String,
    /// What it is.
    kind: KindShown,
    /// SIRET.
    #[oai(skip_serializing_if_is_none)]
    siret: Option<String>,
    /// *Numéro de déclaration d'activité*.
    #[oai(skip_serializing_if_is_none)]
    activity_number: Option<String>,
    /// The regimes that it is under today.
    regimes: Vec<RegimeShown>,
    /// The agrément for the training of élus that it holds today.
    #[oai(skip_serializing_if_is_none)]
    agrement: Option<Agrement>,
    /// How many modules it has published.
    modules: u32,
}

/// A page of providers.
#[derive(Object)]
pub(super) struct Providers {
    /// Providers, in the order of their references.
    pub(super) items: Vec<Item>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// A provider and what is known of it.
#[derive(Object)]
pub(super) struct Provider {
    /// Its summary.
    #[oai(flatten)]
    item: Item,
    /// Legal name.
    #[oai(skip_serializing_if_is_none)]
    legal_name: Option<String>,
    /// Where it is.
    #[oai(skip_serializing_if_is_none)]
    address: Option<Address>,
    /// E-mail address.
    #[oai(skip_serializing_if_is_none)]
    email: Option<String>,
    /// Telephone.
    #[oai(skip_serializing_if_is_none)]
    phone: Option<String>,
    /// Web site.
    #[oai(skip_serializing_if_is_none)]
    website: Option<String>,
    /// Path of its logo.
    #[oai(skip_serializing_if_is_none)]
    logo: Option<String>,
    /// Whom to ask, in its order.
    contacts: Vec<Contact>,
    /// The periods of its regimes, oldest first.
    periods: Vec<Period>,
    /// Its agréments, oldest first.
    agrements: Vec<Agrement>,
    /// When something was last said of it.
    #[oai(skip_serializing_if_is_none)]
    updated_at: Option<DateTime<Utc>>,
}

/// A part that somebody has at a provider: who it is goes by the account alone.
#[derive(Object)]
#[oai(rename = "ProviderPart")]
pub(super) struct Part {
    /// The grant.
    grant_id: Uuid,
    /// The account that holds it.
    account_id: Uuid,
    /// `trainer`, `reviewer` or `publisher`.
    role: String,
    /// From when.
    valid_from: DateTime<Utc>,
    /// Until when; for ever if absent.
    #[oai(skip_serializing_if_is_none)]
    valid_to: Option<DateTime<Utc>>,
}

/// A page of parts.
#[derive(Object)]
#[oai(rename = "ProviderParts")]
pub(super) struct Parts {
    /// Parts, latest first.
    pub(super) items: Vec<Part>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

#[derive(ApiResponse)]
pub(super) enum Stands {
    /// The provider as it is.
    #[oai(status = 200)]
    Now(
        Json<Provider>,
        /// Entity tag, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
pub(super) enum Made {
    /// Given the part, or recorded.
    #[oai(status = 201)]
    New(
        Json<Provider>,
        /// The provider.
        #[oai(header = "Location")]
        String,
        /// Entity tag, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

/// The entity tag of a provider.
pub(super) fn tag(known: &Known) -> String {
    etag::quoted(save::stamp(known.provider.id, known.revision()))
}

/// A provider's summary on a day.
pub(super) fn item(known: &Known, modules: u32, today: NaiveDate) -> Item {
    let profile = known.told.profile.as_ref();
    let holds = known.told.agrement_on(today);
    Item {
        reference: known.reference.to_string(),
        name: known.name().to_owned(),
        kind: known.kind().into(),
        siret: profile.and_then(|p| p.siret.clone()),
        activity_number: profile.and_then(|p| p.activity_number.clone()),
        regimes: known.told.regimes_on(today).into_iter().map(Into::into).collect(),
        agrement: holds.map(|row| agrement(&known.told, row)),
        modules,
    }
}

/// All that is known of a provider, on a day.
pub(super) fn detail(known: &Known, modules: u32, today: NaiveDate) -> Provider {
    let (told, profile) = (&known.told, known.told.profile.as_ref());
    let contacts = told.contacts.iter().map(|row| Contact {
        kind: ContactShown::from(row.kind),
        label: row.label.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
    });
    let periods = told.regimes.iter().map(|row| Period {
        regime: row.regime.into(),
        declared_from: row.declared_from,
        declared_until: row.declared_until,
    });
    Provider {
        item: item(known, modules, today),
        legal_name: profile.map(|p| p.legal_name.clone()),
        address: profile.and_then(rules::address_of).map(Into::into),
        email: profile.and_then(|p| p.email.clone()),
        phone: profile.and_then(|p| p.phone.clone()),
        website: profile.and_then(|p| p.website.clone()),
        logo: profile.and_then(|p| p.logo.as_ref()).map(|digest| format!("/media/{digest}")),
        contacts: contacts.collect(),
        periods: periods.collect(),
        agrements: told.granted().map(|row| agrement(told, row)).collect(),
        updated_at: profile.map(|p| p.updated_at),
    }
}

fn agrement(told: &Told, row: &provider_agrement::Model) -> Agrement {
    let withdrawal = told.withdrawal(row);
    Agrement {
        id: row.id,
        number: row.number.clone(),
        granted_on: row.granted_on,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        withdrawn_from: withdrawal.map(|w| w.valid_from),
        reason: withdrawal.and_then(|w| w.reason.clone()),
    }
}

impl From<access_grant::Model> for Part {
    fn from(row: access_grant::Model) -> Self {
        use sea_orm::ActiveEnum as _;
        Self {
            grant_id: row.id,
            account_id: row.account_id,
            role: row.role.to_value(),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}
