//! Revoking an attestation, and reinstating it: facts that answer one another. What was done stays
//! recorded and counted; only what attests it no longer stands.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{attestation, revocation_note};
use super::signed::Statement;
use crate::accounts::Principal;
use crate::error::{Faults, Reason, Result};
use crate::journal;
use crate::mail::model::Template;
use crate::mail::{self, Message};
use crate::records::model::{FactKind, fact};
use crate::records::told::{Revoked, Told};
use crate::records::{self, NewFact, read};

/// How long the news is worth a message.
const USEFUL: Duration = Duration::days(30);
/// Longest sentence, in characters.
pub const LONGEST: usize = 500;
/// The reason that says nothing by itself.
const OTHER: &str = "other";

/// Why, and in which words.
#[derive(Clone, Debug)]
pub struct Wish {
    /// A word from a list: a fact names nobody.
    pub reason: &'static str,
    /// A sentence to the holder, kept apart; demanded when the word says nothing.
    pub sentence: Option<String>,
}

impl Wish {
    /// Refuses what cannot be kept, before anything is looked for.
    ///
    /// # Errors
    /// `invalid-values`.
    pub fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        if let Some(text) = &self.sentence {
            faults.check_text(text, "/sentence", LONGEST);
        }
        faults.check(
            self.reason != OTHER || self.sentence.is_some(),
            "/sentence",
            "dites pourquoi : le motif « autre » ne l'apprend pas à la personne",
            "say why: the reason `other` does not tell the person",
        );
        faults.refuse()
    }
}

/// What is decided of an attestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is no longer valid.
    Revoked,
    /// It is valid again. What an annulled completion revoked is not reinstated here: it is earned again.
    Reinstated,
}

/// Revokes an attestation, or reinstates it: the holder is told once. One that is so already stays as it
/// is.
///
/// # Errors
/// `invalid-values`, or when the database fails.
pub async fn decide(
    tx: &DatabaseTransaction,
    who: &Principal,
    (row, statement): (&attestation::Model, &Statement),
    (verdict, wish): (Verdict, &Wish),
    now: DateTime<Utc>,
) -> Result<()> {
    let last = last_word(tx, row).await?;
    let revoked = last.kind == FactKind::AttestationRevoked;
    if revoked == (verdict == Verdict::Revoked) {
        return Ok(());
    }
    let answer = Revoked { attestation_id: row.id, reason: wish.reason, of_fact_id: last.id };
    let told = match verdict {
        Verdict::Revoked => Told::AttestationRevoked(answer),
        Verdict::Reinstated => Told::AttestationReinstated(answer),
    };
    tell(tx, who, (row, statement), (told, last), wish, now).await
}

/// The last fact about the attestation itself: that it was issued, revoked or reinstated.
async fn last_word(tx: &DatabaseTransaction, row: &attestation::Model) -> Result<fact::Model> {
    let told = fact::Entity::find()
        .filter(fact::COLUMN.person_id.eq(row.person_id))
        .filter(fact::Column::Kind.is_in([
            FactKind::AttestationIssued,
            FactKind::AttestationRevoked,
            FactKind::AttestationReinstated,
        ]))
        .filter(read::standing(None))
        .all(tx)
        .await?;
    let about = |fact: &fact::Model| fact.payload["attestation_id"] == json!(row.id);
    Ok(told.into_iter().find(about).ok_or(Reason::Internal)?)
}

/// Tells the fact, and what follows from it if it is new: two who revoke at the same instant do it once.
async fn tell(
    tx: &DatabaseTransaction,
    who: &Principal,
    (row, statement): (&attestation::Model, &Statement),
    (told, last): (Told, fact::Model),
    wish: &Wish,
    now: DateTime<Utc>,
) -> Result<()> {
    let revokes = told.kind() == FactKind::AttestationRevoked;
    // Dated no earlier than what it answers, whatever the clock: it holds as soon as it is known.
    let fact = NewFact {
        kind: told.kind(),
        person_id: row.person_id,
        enrolment_id: last.enrolment_id,
        module_id: last.module_id,
        version_id: last.version_id,
        organisation_id: last.organisation_id,
        occurred_at: now.max(last.occurred_at),
        recorded_by: Some(who.account_id),
        natural_key: told.natural_key(last.enrolment_id.unwrap_or_default()),
        supersedes_id: Some(last.id),
        payload: told.payload(),
    };
    let (fact, new) = records::append(tx, fact, now).await?;
    if !new {
        return Ok(());
    }
    if let Some(text) = &wish.sentence {
        let (fact_id, person_id) = (Set(fact.id), Set(row.person_id));
        let text = Set(text.trim().to_owned());
        revocation_note::ActiveModel { fact_id, person_id, text }.insert(tx).await?;
    }
    let (action, template) = match revokes {
        true => ("attestation.revoke", Template::AttestationRevoked),
        false => ("attestation.reinstate", Template::AttestationReinstated),
    };
    let (by, detail) = (Some(who.account_id), json!({ "reason": wish.reason, "fact": fact.id }));
    journal::act(tx, by, action, ("attestation", row.id), detail, now).await?;
    let message = Message {
        template,
        person_id: row.person_id,
        subject_id: Some(row.id),
        context: context(statement, wish.reason),
        not_before: now,
        expires_at: now + USEFUL,
    };
    mail::queue::enqueue(tx, message, now).await?;
    Ok(())
}

fn context(statement: &Statement, reason: &str) -> Value {
    let day = statement.completed_at.with_timezone(&chrono_tz::Europe::Paris).date_naive();
    json!({
        "module_title": statement.title, "module_code": statement.module, "completed_on": day,
        "reason": reason,
    })
}

/// The sentences that go with those facts, by fact, but for those that were erased.
///
/// # Errors
/// When the database fails.
pub async fn sentences(
    conn: &impl ConnectionTrait,
    facts: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>> {
    if facts.is_empty() {
        return Ok(HashMap::new());
    }
    let notes = revocation_note::Entity::find()
        .filter(revocation_note::COLUMN.fact_id.is_in(facts))
        .all(conn)
        .await?;
    Ok(notes.into_iter().map(|note| (note.fact_id, note.text)).collect())
}
