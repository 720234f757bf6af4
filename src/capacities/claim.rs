//! Claiming a capacity: by somebody signed in at once, by somebody who asks for an account once their
//! address is proved. What is claimed is declared: one learns under it, and is counted apart.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait,
    QueryFilter, QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use super::find;
use super::model::capacity_claim;
use super::record::{self, Employer, Said, Settled};
use crate::accounts::Principal;
use crate::clock;
use crate::error::{Reason, Refusal, Result};
use crate::journal;
use crate::people::capacity::{self, Detail, NewCapacity};
use crate::people::detail::Span;
use crate::people::model::{Standing, capacity as row, person};

/// Claims of one person that may wait for a decision at once.
const MOST_WAITING: usize = 5;

/// Declares a capacity of one's own, and claims it of the organisation; answers it, and whether it is
/// new. The same said twice is one.
///
/// # Errors
/// `claim-pending` when too many wait already, `invalid-values`.
pub async fn declare(
    tx: &DatabaseTransaction,
    who: &Principal,
    employer: &Employer,
    said: Said,
    now: DateTime<Utc>,
) -> Result<(row::Model, bool)> {
    // Held, so that the same claim made twice at once is one.
    person::Entity::find_by_id(who.person_id).lock_exclusive().one(tx).await?;
    let new = record::settled(employer, who.person_id, said, Standing::Declared, now)?;
    let mine = capacity::of_person(who.person_id).all(tx).await?;
    let mut here = mine.into_iter().filter(|row| row.organisation_id == employer.id);
    if let Some(same) = here.find(|row| record::is_same(row, &new)) {
        return Ok((same, false));
    }
    let claims = find::claims_of(tx, who.person_id).await?;
    if claims.values().filter(|claim| claim.decision.is_none()).count() >= MOST_WAITING {
        let (fr, en) = (
            "Cinq demandes attendent déjà une décision : attendez la réponse de ces organisations.",
            "Five claims wait for a decision already: wait for what these organisations answer.",
        );
        return Err(Refusal::new(Reason::ClaimPending).because(fr, en).into());
    }
    let claim = capacity_claim::ActiveModel {
        id: Set(clock::new_id()),
        person_id: Set(who.person_id),
        organisation_id: Set(employer.id),
        kind: Set(new.kind),
        function: Set(new.detail.function.clone()),
        capacity_id: Set(None),
        claimed_at: Set(now),
    };
    let claim = claim.insert(tx).await?;
    let held = take_effect(tx, claim, new, Some(who.account_id), now).await?;
    Ok((held, true))
}

/// Gives effect to what was claimed with a request for an account: its address is proved, since
/// somebody opened the link that went there. Idempotent.
///
/// # Errors
/// When the database fails.
pub async fn proved(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    account_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let waiting = capacity_claim::Entity::find()
        .filter(capacity_claim::COLUMN.person_id.eq(person_id))
        .filter(capacity_claim::COLUMN.capacity_id.is_null())
        .lock_exclusive()
        .all(tx)
        .await?;
    for claim in waiting {
        let detail = Detail { function: claim.function.clone(), ..Detail::default() };
        let span = Span { since: now.date_naive(), until: None };
        let standing = Standing::Declared;
        let said = Settled { person_id, kind: claim.kind, detail, span, standing };
        take_effect(tx, claim, said, Some(account_id), now).await?;
    }
    Ok(())
}

async fn take_effect(
    tx: &DatabaseTransaction,
    claim: capacity_claim::Model,
    said: Settled,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<row::Model> {
    let new = NewCapacity {
        person_id: claim.person_id,
        kind: said.kind,
        organisation_id: claim.organisation_id,
        detail: said.detail,
        standing: said.standing,
        source: "person".to_owned(),
        valid_from: said.span.since,
        recorded_by: by,
    };
    let held = capacity::add_until(tx, new, (said.span.until, None), now).await?;
    let (id, organisation) = (claim.id, claim.organisation_id);
    let mut made: capacity_claim::ActiveModel = claim.into();
    made.capacity_id = Set(Some(held.id));
    made.update(tx).await?;
    let detail = json!({
        "organisation": organisation, "capacity": held.id, "kind": held.kind.to_value(),
    });
    journal::act(tx, by, "claim.make", ("claim", id), detail, now).await?;
    Ok(held)
}
