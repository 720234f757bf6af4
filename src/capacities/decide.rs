//! What an employer answers to a claim: once, told once.

use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveEnum as _, ActiveModelTrait, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder as _,
};
use serde_json::json;
use uuid::Uuid;

use super::find::{self, Claim};
use super::model::{RefusalReason, Verdict, claim_decision, claim_note};
use super::record;
use crate::clock;
use crate::error::{Faults, Reason, Result};
use crate::journal;
use crate::mail::model::Template;
use crate::mail::{self, Message};
use crate::people::capacity::{self, NewCapacity};
use crate::people::model::{Standing, capacity as row};
use crate::records::model::{FactKind, fact};
use crate::records::{self, NewFact};

/// Why the declared row ended.
const CONFIRMED: &str = "confirmed";
const REFUSED: &str = "refused";

/// How long what was decided is worth a message.
const USEFUL: Duration = Duration::days(30);

/// Longest sentence of a refusal, in characters.
const LONGEST: usize = 500;

/// Who decides, where.
#[derive(Clone, Debug)]
pub struct Decider {
    /// The account.
    pub by: Uuid,
    /// The organisation.
    pub organisation_id: Uuid,
    /// Its name, for the message.
    pub name: String,
}

/// Why a claim is refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// A word from the list.
    pub reason: RefusalReason,
    /// A sentence to the person; demanded when the word says nothing.
    pub sentence: Option<String>,
}

/// Confirms a claim: a confirmed row replaces the declared one from its first day, and what the
/// person enrolled in under it is counted as confirmed from now on. Idempotent.
///
/// # Errors
/// `not-found`, `claim-decided` when it was refused.
pub async fn confirm(
    tx: &DatabaseTransaction,
    who: &Decider,
    claim_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Claim> {
    let claim = find::hold_claim(tx, who.organisation_id, claim_id).await?;
    if !decide(tx, who, &claim, (Verdict::Confirmed, None), now).await? {
        return Ok(claim);
    }
    let declared = claim.row.capacity_id.ok_or(Reason::Internal)?;
    let held = find::hold(tx, who.organisation_id, declared).await?;
    let new = NewCapacity {
        person_id: held.person_id,
        kind: held.kind,
        organisation_id: held.organisation_id,
        detail: record::detail_of(&held),
        standing: Standing::Confirmed,
        source: "organisation".to_owned(),
        valid_from: held.valid_from,
        recorded_by: Some(who.by),
    };
    let until = held.valid_to;
    let first = held.valid_from;
    let before = capacity::end(tx, held, first, Some(CONFIRMED.to_owned())).await?;
    let held = capacity::add_until(tx, new, (until, Some(before.id)), now).await?;
    count_as_confirmed(tx, who.by, before.id, &held, now).await?;
    let context = json!({ "organisation": who.name });
    tell(tx, &claim, Template::ClaimConfirmed, context, now).await?;
    find::hold_claim(tx, who.organisation_id, claim_id).await
}

/// Refuses a claim: the declared capacity ends today, what was learnt stays, and the person is told
/// why and what to do. Idempotent.
///
/// # Errors
/// `not-found`, `claim-decided` when it was confirmed, `invalid-values`.
pub async fn refuse(
    tx: &DatabaseTransaction,
    who: &Decider,
    claim_id: Uuid,
    why: Refused,
    now: DateTime<Utc>,
) -> Result<Claim> {
    why.check()?;
    let claim = find::hold_claim(tx, who.organisation_id, claim_id).await?;
    if !decide(tx, who, &claim, (Verdict::Refused, Some(why.reason)), now).await? {
        return Ok(claim);
    }
    let declared = claim.row.capacity_id.ok_or(Reason::Internal)?;
    let held = find::hold(tx, who.organisation_id, declared).await?;
    let today = now.date_naive().max(held.valid_from);
    capacity::end(tx, held, today, Some(REFUSED.to_owned())).await?;
    if let Some(text) = why.sentence {
        let note = claim_note::ActiveModel {
            id: Set(clock::new_id()),
            claim_id: Set(claim.row.id),
            person_id: Set(claim.row.person_id),
            text: Set(text.trim().to_owned()),
        };
        note.insert(tx).await?;
    }
    let context = json!({ "organisation": who.name, "reason": why.reason.to_value() });
    tell(tx, &claim, Template::ClaimRefused, context, now).await?;
    find::hold_claim(tx, who.organisation_id, claim_id).await
}

impl Refused {
    fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        if let Some(text) = &self.sentence {
            faults.check_text(text, "/sentence", LONGEST);
        }
        faults.check(
            self.reason != RefusalReason::Other || self.sentence.is_some(),
            "/sentence",
            "dites pourquoi : le motif « autre » ne l'apprend pas à la personne",
            "say why: the reason `other` does not tell the person",
        );
        faults.refuse()
    }
}

/// Writes a decision; whether it was written now. The claim is held.
async fn decide(
    tx: &DatabaseTransaction,
    who: &Decider,
    claim: &Claim,
    (verdict, reason): (Verdict, Option<RefusalReason>),
    now: DateTime<Utc>,
) -> Result<bool> {
    match claim.decision.as_ref().map(|decision| decision.verdict) {
        Some(decided) if decided == verdict => return Ok(false),
        Some(_) => return Err(Reason::ClaimDecided.into()),
        None => {}
    }
    let row = claim_decision::ActiveModel {
        id: Set(clock::new_id()),
        claim_id: Set(claim.row.id),
        verdict: Set(verdict),
        reason: Set(reason),
        decided_by: Set(who.by),
        decided_at: Set(now),
    };
    let once = OnConflict::column(claim_decision::Column::ClaimId).do_nothing().to_owned();
    let added =
        claim_decision::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    if added == 0 {
        return Err(Reason::Conflict.into());
    }
    let action = match verdict {
        Verdict::Confirmed => "claim.confirm",
        Verdict::Refused => "claim.refuse",
    };
    let detail = json!({ "organisation": who.organisation_id, "person": claim.row.person_id });
    journal::act(tx, Some(who.by), action, ("claim", claim.row.id), detail, now).await?;
    Ok(true)
}

async fn tell(
    tx: &DatabaseTransaction,
    claim: &Claim,
    template: Template,
    context: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let message = Message {
        template,
        person_id: claim.row.person_id,
        subject_id: Some(claim.row.id),
        context,
        not_before: now,
        expires_at: now + USEFUL,
    };
    mail::enqueue(tx, message, now).await?;
    Ok(())
}

/// Tells again, as confirmed, the enrolments made under a declared capacity: facts that supersede
/// those told then, which stay. Figures of a day before are what they were.
async fn count_as_confirmed(
    tx: &DatabaseTransaction,
    by: Uuid,
    declared: Uuid,
    held: &row::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    let told = fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(held.person_id))
        .filter(fact::Column::Kind.eq(FactKind::Enrolled))
        .filter(records::read::standing(None))
        .order_by_asc(fact::Column::Id)
        .all(tx)
        .await?;
    for fact in told {
        if fact.payload["capacity_id"] != json!(declared) {
            continue;
        }
        let mut payload = fact.payload;
        payload["standing"] = json!(Standing::Confirmed.to_value());
        payload["capacity_id"] = json!(held.id);
        let again = NewFact {
            kind: fact.kind,
            person_id: fact.person_id,
            enrolment_id: fact.enrolment_id,
            module_id: fact.module_id,
            version_id: fact.version_id,
            organisation_id: fact.organisation_id,
            occurred_at: now.max(fact.occurred_at),
            recorded_by: Some(by),
            natural_key: format!("{}:{}", fact.natural_key, held.id),
            supersedes_id: Some(fact.id),
            payload,
        };
        records::append(tx, again, now).await?;
    }
    Ok(())
}
