//! Requirements as they are told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use poem_openapi::Object;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::audience::AudienceShown;
use super::bodies::{BandShown, CountedShown, DueShown, ForceShown, RenewalShown};
use crate::catalogue::model::{module, path};
use crate::error::Result;
use crate::http::shown::shown as told;
use crate::publication::preview::Persons;
use crate::references::model::legal_reference;
use crate::requirements::force;
use crate::requirements::model::{RequirementState, requirement_version};
use crate::requirements::preview::Preview;
use crate::requirements::write::{self, Held};

told! {
    /// What a version of a requirement does.
    #[oai(rename = "RequirementState")]
    pub(super) StateShown of RequirementState {
        /// Nothing yet: it was written.
        Written,
        /// It is in force.
        Enabled,
        /// Nothing more.
        Disabled,
    }
}

/// A requirement as it was written last.
#[derive(Object)]
pub(super) struct RequirementShown {
    /// Its code.
    code: String,
    /// Number of the latest version; its ETag.
    number: i32,
    /// What that version does. What was enabled before one that is `written` is still in force.
    state: StateShown,
    /// Why it was disabled.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// Its title in French.
    title_fr: String,
    /// Its title in English.
    title_en: String,
    /// How binding it is.
    force: ForceShown,
    /// The module to complete.
    #[oai(skip_serializing_if_is_none)]
    module: Option<String>,
    /// The learning path to complete.
    #[oai(skip_serializing_if_is_none)]
    path: Option<String>,
    /// For whom.
    audience: AudienceShown,
    /// By when.
    due: DueShown,
    /// How often.
    #[oai(skip_serializing_if_is_none)]
    renewal: Option<RenewalShown>,
    /// The text that it rests on.
    #[oai(skip_serializing_if_is_none)]
    reference: Option<String>,
    /// Completions older than so many months do not count.
    #[oai(skip_serializing_if_is_none)]
    accepts_months: Option<i32>,
    /// Which versions of the module count.
    versions: CountedShown,
    /// The least version.
    #[oai(skip_serializing_if_is_none)]
    from_number: Option<i32>,
    /// Whether the provider must hold an agrément.
    agreed_only: bool,
    /// When that version was recorded.
    recorded_at: DateTime<Utc>,
}

/// A page of requirements.
#[derive(Object)]
pub(super) struct Requirements {
    /// Requirements, in the order of their codes.
    pub(super) items: Vec<RequirementShown>,
    /// Cursor of the next page.
    pub(super) next: Option<String>,
}

/// A requirement with all that was written of it.
#[derive(Object)]
pub(super) struct RequirementDetail {
    /// As it was written last.
    #[oai(flatten)]
    requirement: RequirementShown,
    /// Every version, latest first: what was written, enabled and disabled.
    history: Vec<RequirementShown>,
}

impl RequirementDetail {
    pub(super) async fn of(conn: &impl ConnectionTrait, held: Held) -> Result<Self> {
        let versions = write::history(conn, held.requirement.id).await?;
        let row = |latest| Held { requirement: held.requirement.clone(), latest };
        let mut rows: Vec<Held> = versions.into_iter().rev().map(row).collect();
        rows.insert(0, held.clone());
        let mut shown = shown(conn, rows).await?;
        let requirement = shown.remove(0);
        Ok(Self { requirement, history: shown })
    }
}

/// Versions as they are told, in their order; three statements.
pub(super) async fn shown(
    conn: &impl ConnectionTrait,
    all: Vec<Held>,
) -> Result<Vec<RequirementShown>> {
    let rows = || all.iter().map(|held| &held.latest);
    let modules = module::Entity::find()
        .filter(module::COLUMN.id.is_in(rows().filter_map(|row| row.module_id)))
        .all(conn)
        .await?;
    let paths = path::Entity::find()
        .filter(path::COLUMN.id.is_in(rows().filter_map(|row| row.path_id)))
        .all(conn)
        .await?;
    let texts = legal_reference::Entity::find()
        .filter(legal_reference::COLUMN.id.is_in(rows().filter_map(|row| row.reference_id)))
        .all(conn)
        .await?;
    let mut names: HashMap<Uuid, String> = modules.into_iter().map(|m| (m.id, m.code)).collect();
    names.extend(paths.into_iter().map(|path| (path.id, path.code)));
    names.extend(texts.into_iter().map(|text| (text.id, text.slug)));
    all.into_iter().map(|held| one(held.requirement.code, held.latest, &names)).collect()
}

fn one(
    code: String,
    row: requirement_version::Model,
    names: &HashMap<Uuid, String>,
) -> Result<RequirementShown> {
    let (audience, due) = force::read(&row)?;
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
    let positive = |n: i32| u32::try_from(n).unwrap_or(0);
    let renewal = row.renewal_months.map(|months| RenewalShown {
        months: positive(months),
        window_days: row.renewal_window_days.map_or(0, positive),
    });
    Ok(RequirementShown {
        code,
        number: row.number,
        state: row.state.into(),
        title_fr: row.title_fr,
        title_en: row.title_en,
        force: row.force.into(),
        module: name(row.module_id),
        path: name(row.path_id),
        audience: audience.into(),
        due: due.into(),
        renewal,
        reference: name(row.reference_id),
        accepts_months: row.accepts_months,
        versions: row.versions.into(),
        from_number: row.from_number,
        agreed_only: row.agreed_only,
        reason: row.reason,
        recorded_at: row.recorded_at,
    })
}

/// Whom a version would concern.
#[derive(Object)]
#[oai(rename = "RequirementPreview")]
pub(super) struct PreviewShown {
    /// The version.
    number: i32,
    /// Persons whom it concerns today; absent when so few that no number is given.
    #[oai(skip_serializing_if_is_none)]
    persons: Option<u64>,
    /// Whether the number is withheld for statistical secrecy, none included.
    suppressed: bool,
    /// How many, roughly.
    band: BandShown,
    /// Whether it concerns everybody.
    everyone: bool,
    /// Whether `confirmed_persons` must repeat the band: hardly anybody is concerned, or everybody.
    to_confirm: bool,
    /// To be quoted when enabling.
    digest: String,
}

impl From<Preview> for PreviewShown {
    fn from(seen: Preview) -> Self {
        let persons = match seen.persons {
            Persons::TooFew => None,
            Persons::Count(count) => Some(count),
        };
        Self {
            number: seen.number,
            persons,
            suppressed: persons.is_none(),
            band: seen.band.into(),
            everyone: seen.everyone,
            to_confirm: seen.to_confirm,
            digest: seen.digest,
        }
    }
}
