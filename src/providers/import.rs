//! What `providers.toml` says of `local:` providers, told once: what people say later is left alone.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum, DatabaseTransaction};

use super::model::{ContactKind, ProviderKind, Regime};
use super::rules::{Address, Contact, Declared, Granted, Identity, Reach};
use super::{agrement, save};
use crate::content::ProviderSheet;
use crate::error::Result;

/// Tells what these sheets say of providers of which nothing was said; answers the names of those.
///
/// # Errors
/// When the database fails, or for a sheet that [`crate::content::read_providers`] found at fault.
pub async fn import(
    tx: &DatabaseTransaction,
    sheets: &[ProviderSheet],
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let mut told = Vec::new();
    for sheet in sheets {
        let provider = super::ensure(tx, &sheet.reference, now).await?;
        let held = save::hold(tx, provider.id).await?;
        if held.profile.revision > 0 {
            continue;
        }
        let held = save::identify(tx, None, held, identity(sheet)?, ("", now)).await?;
        let held = save::reach(tx, None, held, reach(sheet)?, now).await?;
        let mut held = save::declare(tx, None, held, regimes(sheet)?, now).await?;
        for granted in &sheet.agrements {
            let granted = Granted {
                number: granted.number.clone(),
                granted_on: granted.granted_on,
                valid_from: granted.valid_from,
                valid_to: granted.valid_to,
            };
            (held, _) = agrement::grant(tx, None, held, granted, now).await?;
        }
        told.push(held.profile.name);
    }
    Ok(told)
}

/// The words of the files are those of the tables.
fn word<T: ActiveEnum<Value = String>>(word: &str) -> Result<T> {
    Ok(T::try_from_value(&word.to_owned()).context("a word that no table has")?)
}

fn identity(sheet: &ProviderSheet) -> Result<Identity> {
    let address = sheet.address.clone().map(|(lines, postcode, city, insee)| Address {
        lines,
        postcode,
        city,
        insee,
    });
    Ok(Identity {
        name: sheet.name.clone(),
        legal_name: sheet.legal_name.clone(),
        kind: word::<ProviderKind>(sheet.kind.as_str())?,
        siret: sheet.siret.clone(),
        activity_number: sheet.activity_number.clone(),
        address,
    })
}

fn reach(sheet: &ProviderSheet) -> Result<Reach> {
    let contacts = sheet.contacts.iter().map(|contact| {
        Ok(Contact {
            kind: word::<ContactKind>(contact.kind.as_str())?,
            label: contact.label.clone(),
            email: contact.email.clone(),
            phone: contact.phone.clone(),
        })
    });
    Ok(Reach {
        email: sheet.email.clone(),
        phone: sheet.phone.clone(),
        website: sheet.website.clone(),
        contacts: contacts.collect::<Result<_>>()?,
    })
}

fn regimes(sheet: &ProviderSheet) -> Result<Vec<Declared>> {
    let period = |(regime, from, until): &(crate::content::RegimeWord, _, _)| {
        Ok(Declared { regime: word::<Regime>(regime.as_str())?, from: *from, until: *until })
    };
    sheet.regimes.iter().map(period).collect()
}
