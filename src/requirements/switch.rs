//! Putting requirements in force and out of it. Enabling quotes the digest of a preview; disabling
//! closes at once what was open.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::due::{Event, When};
use super::model::{RequirementState, requirement_version};
use super::preview::{self, Band};
use super::write::{self, Held};
use super::{force, rules, sweep};
use crate::clock;
use crate::error::{Faults, Reason, Refusal, Result};
use crate::obligations::model::{EventKind, obligation, obligation_event};

/// Puts the latest version in force: obligations open from then on. Enabling again what is enabled, as
/// its own preview shows it, changes nothing.
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
    if held.latest.state == RequirementState::Enabled {
        return Ok(held);
    }
    let row = follows(&held, RequirementState::Enabled, None, by, now);
    let held = Held { latest: write::add(tx, row).await?, ..held };
    sweep::restart(tx, now).await?;
    write::journalled(tx, &held, Some(by), "requirement.enable", now).await?;
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
    sweep::restart(tx, now).await?;
    let row = follows(&held, RequirementState::Disabled, Some(reason), by, now);
    let held = Held { latest: write::add(tx, row).await?, ..held };
    close(tx, &held, by, now).await?;
    write::journalled(tx, &held, Some(by), "requirement.disable", now).await?;
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
