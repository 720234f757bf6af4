//! Writing requirements: a new one, a new version, enabling, disabling. Nothing is asked of anybody
//! before a version is enabled, which quotes the digest of its preview.

use std::collections::HashMap;
use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::due::{Event, When};
use super::enter;
use super::force::{self, territories};
use super::model::{RequirementState, requirement, requirement_version};
use super::preview::{self, Band};
use super::rules::{self, Draft};
use crate::catalogue::{find, paths};
use crate::clock;
use crate::content::ModuleCode;
use crate::error::{Error, Faults, Reason, Refusal, Result, found};
use crate::journal;
use crate::obligations::model::{EventKind, obligation, obligation_event};
use crate::references::rules::paris_day;
use crate::references::texts;

/// A requirement with its latest version.
#[derive(Clone, Debug)]
pub struct Held {
    /// The requirement.
    pub requirement: requirement::Model,
    /// Its latest version.
    pub latest: requirement_version::Model,
}

/// What a draft names, found.
struct Resolved {
    module_id: Option<Uuid>,
    path_id: Option<Uuid>,
    reference_id: Option<Uuid>,
}

/// Writes a requirement that was not known, as its version 1; nobody owes anything by it yet.
///
/// # Errors
/// `invalid-values`; `requirement-code-taken`.
pub async fn create(
    tx: &DatabaseTransaction,
    by: Option<Uuid>,
    code: &str,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Held> {
    let mut faults = Faults::default();
    faults.check(
        rules::is_code(code),
        "/code",
        "de 1 à 60 lettres minuscules, chiffres et tirets",
        "1 to 60 lower-case letters, digits and hyphens",
    );
    faults.refuse()?;
    rules::check(draft, paris_day(now)).map_err(in_version)?;
    let resolved = resolve(tx, draft).await.map_err(in_version)?;
    let row = requirement::Model { id: clock::new_id(), code: code.to_owned(), created_at: now };
    let once = OnConflict::column(requirement::Column::Code).do_nothing().to_owned();
    let added = requirement::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    if added == 0 {
        return Err(Reason::RequirementCodeTaken.into());
    }
    let latest = add(tx, written(row.id, 1, draft, &resolved, by, now)).await?;
    let held = Held { requirement: row, latest };
    journalled(tx, &held, by, "requirement.create", now).await?;
    Ok(held)
}

/// What is at fault in a version that comes with a code stands under it in the body.
fn in_version(error: Error) -> Error {
    match error {
        Error::Refused(mut refusal) => {
            for fault in &mut refusal.faults {
                fault.at = format!("/version{}", fault.at);
            }
            Error::Refused(refusal)
        }
        other => other,
    }
}

/// Writes a requirement of the binary that is not known: out of force, for a reason. One whose module,
/// path, text or territory is not there is left out; answers whether it was written.
///
/// # Errors
/// When the database fails.
pub(super) async fn ship(
    tx: &DatabaseTransaction,
    code: &str,
    draft: &Draft,
    why: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let known = requirement::Entity::find().filter(requirement::COLUMN.code.eq(code)).one(tx);
    if known.await?.is_some() {
        return Ok(false);
    }
    let resolved = match resolve(tx, draft).await {
        Err(Error::Refused(_)) => return Ok(false),
        resolved => resolved?,
    };
    let row = requirement::Model { id: clock::new_id(), code: code.to_owned(), created_at: now };
    row.clone().into_active_model().reset_all().insert(tx).await?;
    let version = requirement_version::Model {
        state: RequirementState::Disabled,
        reason: Some(why.to_owned()),
        ..written(row.id, 1, draft, &resolved, None, now)
    };
    let held = Held { requirement: row, latest: add(tx, version).await? };
    journalled(tx, &held, None, "requirement.create", now).await?;
    Ok(true)
}

/// A requirement, kept from changing until the transaction ends, with its latest version.
///
/// # Errors
/// `not-found`.
pub async fn locked(tx: &DatabaseTransaction, code: &str) -> Result<Held> {
    let requirement = requirement::Entity::find()
        .filter(requirement::COLUMN.code.eq(code))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Reason::NotFound)?;
    let latest = history(tx, requirement.id).await?.pop().ok_or(Reason::Internal)?;
    Ok(Held { requirement, latest })
}

/// A requirement with its latest version.
///
/// # Errors
/// `not-found`.
pub async fn by_code(conn: &impl ConnectionTrait, code: &str) -> Result<Held> {
    let found = requirement::Entity::find().filter(requirement::COLUMN.code.eq(code)).one(conn);
    let requirement = found.await?.ok_or(Reason::NotFound)?;
    let latest = history(conn, requirement.id).await?.pop().ok_or(Reason::Internal)?;
    Ok(Held { requirement, latest })
}

/// Every requirement with its latest version.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Held>> {
    let rows = requirement_version::Entity::find()
        .order_by_asc(requirement_version::Column::Number)
        .all(conn)
        .await?;
    let mut latest: HashMap<Uuid, requirement_version::Model> =
        rows.into_iter().map(|row| (row.requirement_id, row)).collect();
    let requirements = requirement::Entity::find().all(conn).await?;
    let held = |requirement: requirement::Model| {
        let latest = latest.remove(&requirement.id)?;
        Some(Held { requirement, latest })
    };
    Ok(requirements.into_iter().filter_map(held).collect())
}

/// The versions of a requirement, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn history(
    conn: &impl ConnectionTrait,
    requirement_id: Uuid,
) -> Result<Vec<requirement_version::Model>> {
    Ok(requirement_version::Entity::find()
        .filter(requirement_version::COLUMN.requirement_id.eq(requirement_id))
        .order_by_asc(requirement_version::Column::Number)
        .all(conn)
        .await?)
}

/// Writes a new version of a requirement that is held. What is in force stays so until the new version
/// is enabled.
///
/// # Errors
/// `invalid-values`.
pub async fn revise(
    tx: &DatabaseTransaction,
    by: Uuid,
    held: Held,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Held> {
    rules::check(draft, paris_day(now))?;
    let resolved = resolve(tx, draft).await?;
    let number = held.latest.number + 1;
    let row = written(held.requirement.id, number, draft, &resolved, Some(by), now);
    let held = Held { latest: add(tx, row).await?, ..held };
    journalled(tx, &held, Some(by), "requirement.revise", now).await?;
    Ok(held)
}

/// Puts the latest version in force: obligations open from then on. Enabling what is enabled changes
/// nothing.
///
/// # Errors
/// `invalid-values` while it lacks a module, or its text a date; `preview-outdated` when the digest is not that of the preview now; `audience-unconfirmed` when the
/// preview asks for its count to be confirmed and it is not.
pub async fn enable(
    tx: &DatabaseTransaction,
    by: Uuid,
    held: Held,
    (digest, confirmed): (&str, Option<Band>),
    min_persons: u64,
    now: DateTime<Utc>,
) -> Result<Held> {
    if held.latest.state == RequirementState::Enabled {
        return Ok(held);
    }
    can_be_enabled(tx, &held).await?;
    let seen = preview::of(tx, &held, min_persons, now).await?;
    if seen.digest != digest {
        return Err(Reason::PreviewOutdated.into());
    }
    if confirmed.map_or(seen.to_confirm, |band| band != seen.band) {
        let band = seen.band.word();
        let (fr, en) = (
            format!("Confirmez combien de personnes sont visées : confirmed_persons = « {band} »."),
            format!("Confirm how many persons are concerned: confirmed_persons = `{band}`."),
        );
        return Err(Refusal::new(Reason::AudienceUnconfirmed).because(fr, en).into());
    }
    let row = follows(&held, RequirementState::Enabled, None, by, now);
    let held = Held { latest: add(tx, row).await?, ..held };
    enter::restart(tx, now).await?;
    journalled(tx, &held, Some(by), "requirement.enable", now).await?;
    Ok(held)
}

/// A requirement that was shipped may wait for a module, or for a text to be promulgated.
async fn can_be_enabled(conn: &impl ConnectionTrait, held: &Held) -> Result<()> {
    let latest = &held.latest;
    let ready = force::ready(conn, vec![(latest.clone(), None)]).await?.pop();
    let ready = ready.ok_or(Reason::Internal)?;
    let mut faults = Faults::default();
    faults.check(
        latest.module_id.is_some() || latest.path_id.is_some(),
        "/module",
        "l'exigence n'a encore ni module ni parcours : donnez-lui-en un",
        "the requirement has no module and no path yet: give it one",
    );
    let by_law = matches!(&ready.due.when, When::After(after) if after.event == Event::LegalChange);
    faults.check(
        !by_law || ready.milestones.legal_on.is_some(),
        "/reference",
        "le texte n'a pas de date d'entrée en vigueur : enregistrez-la d'abord au registre",
        "the text has no date of coming into force: record it in the register first",
    );
    faults.refuse()
}

/// Puts a requirement out of force: no obligation opens any more, and those that it had opened and that
/// are not satisfied are closed from that instant. Disabling what is disabled changes nothing.
///
/// # Errors
/// `invalid-values` for the reason.
pub async fn disable(
    tx: &DatabaseTransaction,
    by: Uuid,
    held: Held,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Held> {
    let mut faults = Faults::default();
    faults.check_text(reason, "/reason", rules::MAX_REASON);
    faults.refuse()?;
    if held.latest.state == RequirementState::Disabled {
        return Ok(held);
    }
    // Whoever opens obligations holds the walk: none is opened after this by what was in force.
    enter::restart(tx, now).await?;
    let row = follows(&held, RequirementState::Disabled, Some(reason), by, now);
    let held = Held { latest: add(tx, row).await?, ..held };
    close(tx, &held, by, now).await?;
    journalled(tx, &held, Some(by), "requirement.disable", now).await?;
    Ok(held)
}

/// Tells once that all that a requirement had opened is closed.
async fn close(tx: &DatabaseTransaction, held: &Held, by: Uuid, now: DateTime<Utc>) -> Result<()> {
    // Another process, whose clock is ahead, may have opened some a moment ago.
    let opened: Option<DateTime<Utc>> = obligation::Entity::find()
        .select_only()
        .expr(obligation::Column::OpenedAt.max())
        .filter(obligation::COLUMN.requirement_id.eq(held.requirement.id))
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(tx)
        .await?
        .flatten();
    let row = obligation_event::ActiveModel {
        id: Set(clock::new_id()),
        obligation_id: Set(None),
        requirement_id: Set(Some(held.requirement.id)),
        kind: Set(EventKind::Disabled),
        reason: Set(None),
        until: Set(None),
        until_at: Set(None),
        document_digest: Set(None),
        capacity_id: Set(None),
        organisation_id: Set(None),
        successor_id: Set(None),
        recorded_by: Set(Some(by)),
        at: Set(opened.map_or(now, |opened| Ord::max(opened, now))),
        natural_key: Set(format!("disabled:{}", held.latest.id)),
    };
    row.insert(tx).await?;
    Ok(())
}

async fn add(
    tx: &DatabaseTransaction,
    row: requirement_version::Model,
) -> Result<requirement_version::Model> {
    Ok(row.into_active_model().reset_all().insert(tx).await?)
}

async fn journalled(
    tx: &DatabaseTransaction,
    held: &Held,
    by: Option<Uuid>,
    action: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let detail = json!({ "number": held.latest.number });
    journal::act(tx, by, action, ("requirement", &held.requirement.code), detail, now).await
}

/// The next version, which says the same and does something else.
fn follows(
    held: &Held,
    state: RequirementState,
    reason: Option<&str>,
    by: Uuid,
    now: DateTime<Utc>,
) -> requirement_version::Model {
    requirement_version::Model {
        id: clock::new_id(),
        number: held.latest.number + 1,
        state,
        reason: reason.map(str::to_owned),
        recorded_by: Some(by),
        recorded_at: now,
        ..held.latest.clone()
    }
}

fn written(
    requirement_id: Uuid,
    number: i32,
    draft: &Draft,
    resolved: &Resolved,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> requirement_version::Model {
    let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    requirement_version::Model {
        id: clock::new_id(),
        requirement_id,
        number,
        title_fr: draft.title_fr.clone(),
        title_en: draft.title_en.clone(),
        force: draft.force,
        module_id: resolved.module_id,
        path_id: resolved.path_id,
        audience: json!(draft.audience),
        due: json!(draft.due),
        renewal_months: draft.renewal.map(|(months, _)| whole(months)),
        renewal_window_days: draft.renewal.map(|(_, days)| whole(days)),
        reference_id: resolved.reference_id,
        accepts_months: draft.accepts_months.map(whole),
        versions: draft.versions,
        from_number: draft.from_number,
        agreed_only: draft.agreed_only,
        state: RequirementState::Written,
        reason: None,
        recorded_by: by,
        recorded_at: now,
    }
}

/// Finds what a draft names.
///
/// # Errors
/// `invalid-values`: everything that is not there, at once.
async fn resolve(conn: &impl ConnectionTrait, draft: &Draft) -> Result<Resolved> {
    let mut faults = Faults::default();
    let module_id = match &draft.module {
        Some(code) => module(conn, code, draft.from_number, &mut faults).await?,
        None => None,
    };
    let path_id = match &draft.path {
        Some(code) => {
            let known = found(paths::find::by_code(conn, code).await)?;
            faults.check(known.is_some(), "/path", "parcours inconnu", "unknown path");
            known.map(|path| path.id)
        }
        None => None,
    };
    let reference_id = match &draft.reference {
        Some(slug) => {
            let known = found(texts::history(conn, slug).await)?;
            let (fr, en) = ("texte absent du registre", "not in the register of texts");
            faults.check(known.is_some(), "/reference", fr, en);
            known.map(|(text, _)| text.id)
        }
        None => None,
    };
    let named = draft.audience.references();
    let known = territories(conn, &named).await?;
    for (nth, condition) in draft.audience.any_of.iter().enumerate() {
        for (place, reference) in condition.within.iter().enumerate() {
            let at = format!("/audience/any_of/{nth}/within/{place}");
            let fine = known.contains_key(reference);
            faults.check(fine, &at, "organisation inconnue", "unknown organisation");
        }
    }
    faults.refuse()?;
    Ok(Resolved { module_id, path_id, reference_id })
}

/// A module of the catalogue that has such a version.
async fn module(
    conn: &impl ConnectionTrait,
    code: &str,
    number: Option<i32>,
    faults: &mut Faults,
) -> Result<Option<Uuid>> {
    let parsed = ModuleCode::from_str(code).ok();
    let published = match &parsed {
        Some(code) => find::published_codes(conn, std::slice::from_ref(code)).await?.pop_first(),
        None => None,
    };
    let (fr, en) = ("aucun module de ce code au catalogue", "no module of the catalogue has it");
    faults.check(published.is_some(), "/module", fr, en);
    let (Some(code), true) = (parsed, published.is_some()) else { return Ok(None) };
    let id = find::by_code(conn, &code).await?.id;
    if let Some(number) = number {
        let known = found(find::version(conn, id, number).await)?;
        let (fr, en) = ("ce module n'a pas cette version", "the module has no such version");
        faults.check(known.is_some(), "/from_number", fr, en);
    }
    Ok(Some(id))
}
