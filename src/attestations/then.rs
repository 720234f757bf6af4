//! Who provided a training, as of the day on which it was completed: what proofs go on saying when the
//! provider has another name, address or logo.

use chrono::NaiveDate;
use chrono_tz::Tz;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::signed::Statement;
use crate::error::{Reason, Result};
use crate::providers;
use crate::records::model::fact;
use crate::records::told::ProviderThen;
use crate::territory;

/// What is known of a provider now, under `name`, with the agrément that holds on a day: what a
/// completion of that day keeps.
///
/// # Errors
/// When there is no such provider, or the database fails.
pub async fn provider_on(
    conn: &impl ConnectionTrait,
    provider_id: Uuid,
    day: NaiveDate,
    name: &str,
) -> Result<ProviderThen> {
    let told = providers::by_id(conn, provider_id).await?.told;
    let agrement = told.agrement_on(day).map(|row| row.number.clone());
    let address = told.profile.as_ref().and_then(providers::rules::address_of);
    let address = address.map(|a| [a.lines, vec![format!("{} {}", a.postcode, a.city)]].concat());
    let profile = told.profile;
    Ok(ProviderThen {
        name: name.to_owned(),
        legal_name: profile.as_ref().map(|said| said.legal_name.clone()),
        address: address.unwrap_or_default(),
        siret: profile.as_ref().and_then(|said| said.siret.clone()),
        activity_number: profile.as_ref().and_then(|said| said.activity_number.clone()),
        agrement,
        logo: profile.and_then(|said| said.logo),
    })
}

/// Who provided what was completed: what the fact keeps, or, of facts told before they kept it, what is
/// known now, under the name that was signed.
///
/// # Errors
/// When the database fails.
pub async fn provider_of(
    conn: &impl ConnectionTrait,
    completion: &fact::Model,
    statement: &Statement,
    zone: Tz,
) -> Result<ProviderThen> {
    if let Some(kept) = completion.payload.get("provider")
        && let Ok(then) = serde_json::from_value(kept.clone())
    {
        return Ok(then);
    }
    let day = completion.occurred_at.with_timezone(&zone).date_naive();
    provider_on(conn, provider_id(completion)?, day, &statement.provider).await
}

/// The provider of what was completed.
///
/// # Errors
/// When the fact names none, which is a fault of ours.
pub fn provider_id(completion: &fact::Model) -> Result<Uuid> {
    let id = completion.payload["provider_id"].as_str().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Reason::Internal.into())
}

/// The name of the organisation in whose service a person completed, and the zone of its civil days:
/// what the fact keeps, or, of facts told before they kept it, what is known now.
///
/// # Errors
/// When the database fails.
pub async fn organisation_of(
    conn: &impl ConnectionTrait,
    completion: &fact::Model,
) -> Result<(Option<String>, Tz)> {
    let kept = &completion.payload;
    let name = kept["capacity"]["organisation"].as_str().map(str::to_owned);
    let zone = kept["time_zone"].as_str().and_then(|zone| zone.parse().ok());
    match (name, zone, completion.organisation_id) {
        (Some(name), Some(zone), _) => Ok((Some(name), zone)),
        (name, zone, None) => Ok((name, zone.unwrap_or(Tz::Europe__Paris))),
        (name, zone, Some(id)) => {
            let found = territory::find::by_id(conn, id).await?;
            let known = found.time_zone.parse().unwrap_or(Tz::Europe__Paris);
            Ok((name.or(Some(found.name)), zone.unwrap_or(known)))
        }
    }
}
