//! Deciding that keys were wrong: one transaction, one winner.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    IntoActiveModel as _,
};
use serde_json::json;

use super::model::regrade;
use super::preview::{self, Marker, Preview};
use super::rules::Numbers;
use super::wish::Wish;
use crate::accounts::Principal;
use crate::accounts::policy::{self, Action, Target};
use crate::catalogue::{Edition, version};
use crate::clock;
use crate::error::{Reason, Result};
use crate::journal;
use crate::learning::mended::Corrections;
use crate::learning::model::key_correction;
use crate::publication::preview::Persons;

/// What was counted before anything was held, and how much was known then.
#[derive(Clone, Debug)]
pub struct Considered {
    /// What is told.
    pub preview: Preview,
    numbers: Numbers,
    told: u64,
    last: Option<i32>,
}

/// Counts whom a wish would touch. Reads every result of the version: nothing is to be held.
///
/// # Errors
/// `not-found` or `forbidden` for whoever does not publish for the provider; `invalid-values`.
pub async fn consider(
    conn: &impl ConnectionTrait,
    who: &Principal,
    edition: &Edition,
    wish: &Wish,
    min_persons: u64,
    now: DateTime<Utc>,
) -> Result<Considered> {
    policy::allow(who, Action::Publish, &Target::Provider(edition.module.provider_id))?;
    let known = Corrections::of(conn, edition.version.id).await?;
    let (last, number) = (known.number(), next(&known));
    let rows = wish.rows(edition, &known, number, who.account_id, now)?;
    // Counted first: what is told meanwhile shows when it is counted again.
    let told = preview::told(conn, edition).await?;
    let numbers = count(conn, edition, known, &rows).await?;
    let preview = preview::tell(numbers, edition, &rows, min_persons);
    Ok(Considered { preview, numbers, told, last })
}

/// The number of the regrade to come.
fn next(known: &Corrections) -> i32 {
    known.number().unwrap_or(0) + 1
}

async fn count(
    conn: &impl ConnectionTrait,
    edition: &Edition,
    known: Corrections,
    rows: &[key_correction::Model],
) -> Result<Numbers> {
    let number = next(&known);
    let with = known.and(rows);
    preview::count(conn, &Marker::new(edition, &with, number, false)).await
}

/// Decides it: writes the corrections, and that the results are to be marked again. From the commit on
/// every attempt is marked under the new keys; those of before are what `run` goes through.
///
/// # Errors
/// As [`consider`], and `preview-outdated` when what it told has moved, another regrade included.
pub async fn decide(
    tx: &DatabaseTransaction,
    who: &Principal,
    edition: &Edition,
    wish: &Wish,
    (considered, digest, min_persons): (&Considered, &str, u64),
    now: DateTime<Utc>,
) -> Result<regrade::Model> {
    // Alone: whatever was being marked under the old keys is told by now, and seen here.
    version::lock_module(tx, edition.module.id).await?;
    let known = Corrections::of(tx, edition.version.id).await?;
    if known.number() != considered.last {
        return Err(Reason::PreviewOutdated.into());
    }
    let rows = wish.rows(edition, &known, next(&known), who.account_id, now)?;
    let moved = preview::told(tx, edition).await? != considered.told;
    let numbers = if moved { count(tx, edition, known, &rows).await? } else { considered.numbers };
    let seen = preview::tell(numbers, edition, &rows, min_persons);
    if seen.digest != digest || !quoted(wish, seen.failing) {
        return Err(Reason::PreviewOutdated.into());
    }
    write(tx, who, edition, wish, rows, now).await
}

/// Whether the decision to lower quotes how many would fail.
fn quoted(wish: &Wish, failing: Persons) -> bool {
    let told = match failing {
        Persons::TooFew => None,
        Persons::Count(count) => Some(count),
    };
    wish.lower.as_ref().is_none_or(|lower| lower.persons == told)
}

async fn write(
    tx: &DatabaseTransaction,
    who: &Principal,
    edition: &Edition,
    wish: &Wish,
    rows: Vec<key_correction::Model>,
    now: DateTime<Utc>,
) -> Result<regrade::Model> {
    let questions: Vec<String> = rows.iter().map(|row| row.question_id.clone()).collect();
    let row = regrade::Model {
        id: clock::new_id(),
        version_id: edition.version.id,
        number: rows.first().ok_or(Reason::Internal)?.number,
        lower: wish.lower.is_some(),
        lower_reason: wish.lower.as_ref().map(|lower| lower.reason.trim().to_owned()),
        decided_by: who.account_id,
        decided_at: now,
        cursor: None,
        finished_at: None,
    };
    let row = row.into_active_model().reset_all().insert(tx).await?;
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    key_correction::Entity::insert_many(rows).exec_without_returning(tx).await?;
    let detail = json!({
        "module": edition.module.code, "version": edition.version.number, "number": row.number,
        "questions": questions, "lower": row.lower,
    });
    let by = Some(who.account_id);
    journal::act(tx, by, "key.correct", ("regrade", row.id), detail, now).await?;
    Ok(row)
}
