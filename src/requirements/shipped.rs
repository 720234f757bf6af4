//! The requirements of the binary: data, out of force until somebody enables them.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum as _, DatabaseTransaction};
use serde::Deserialize;

use super::audience::Audience;
use super::due::DueRule;
use super::model::{Counted, Force};
use super::rules::Draft;
use super::write;
use crate::error::Result;

const SHIPPED: &str = include_str!("../../content/requirements.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requirement: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    title_fr: String,
    title_en: String,
    force: String,
    module: Option<String>,
    path: Option<String>,
    reference: Option<String>,
    accepts_months: Option<u32>,
    versions: String,
    agreed_only: bool,
    disabled_because: String,
    audience: Audience,
    due: DueRule,
    renewal: Option<Renewal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renewal {
    months: u32,
    window_days: u32,
}

/// A requirement of the binary: its code, what it says, why it is out of force.
type Shipped = (String, Draft, String);

/// What the binary ships.
///
/// # Errors
/// When the file cannot be read: a fault of the build.
pub fn embedded() -> anyhow::Result<Vec<Shipped>> {
    let file: File = toml::from_str(SHIPPED)?;
    file.requirement.into_iter().map(draft).collect()
}

fn draft(entry: Entry) -> anyhow::Result<Shipped> {
    let draft = Draft {
        title_fr: entry.title_fr,
        title_en: entry.title_en,
        force: Force::try_from_value(&entry.force)?,
        module: entry.module,
        path: entry.path,
        audience: entry.audience,
        due: entry.due,
        renewal: entry.renewal.map(|renewal| (renewal.months, renewal.window_days)),
        reference: entry.reference,
        accepts_months: entry.accepts_months,
        versions: Counted::try_from_value(&entry.versions)?,
        from_number: None,
        agreed_only: entry.agreed_only,
    };
    Ok((entry.code, draft, entry.disabled_because))
}

/// Writes those that are not known and whose path, module and text are there; answers how many.
///
/// # Errors
/// When the database fails.
pub async fn load(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let mut added = 0;
    for (code, draft, why) in embedded()? {
        added += u64::from(write::ship(tx, &code, &draft, &why, now).await?);
    }
    Ok(added)
}
