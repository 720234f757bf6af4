//! The tables as they were left: no story is half-written, and none is told twice.

use std::collections::{BTreeMap, BTreeSet};

use maitrise::accounts::model::{access_grant, account, one_use_link};
use maitrise::attestations::model::attestation;
use maitrise::db::Db;
use maitrise::enrolments::model::enrolment;
use maitrise::learning::model::attempt;
use maitrise::mail::model::{MailState, Template, mail_message};
use maitrise::obligations::model::obligation;
use maitrise::records::model::{FactKind, fact};
use maitrise::reminders::model::{ReminderOutcome, reminder};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use uuid::Uuid;

use super::staff::Office;

/// Every row that a story leaves.
pub struct Tables {
    facts: Vec<fact::Model>,
    enrolments: Vec<enrolment::Model>,
    attempts: Vec<attempt::Model>,
    attestations: Vec<attestation::Model>,
    obligations: Vec<obligation::Model>,
    reminders: Vec<reminder::Model>,
    pub messages: Vec<mail_message::Model>,
    links: Vec<one_use_link::Model>,
    accounts: Vec<account::Model>,
    grants: Vec<access_grant::Model>,
}

impl Tables {
    /// Reads them.
    pub async fn of(db: &Db) -> Self {
        let conn = db.read();
        Self {
            facts: fact::Entity::find().all(conn).await.expect("facts"),
            enrolments: enrolment::Entity::find().all(conn).await.expect("enrolments"),
            attempts: attempt::Entity::find().all(conn).await.expect("attempts"),
            attestations: attestation::Entity::find().all(conn).await.expect("attestations"),
            obligations: obligation::Entity::find().all(conn).await.expect("obligations"),
            reminders: reminder::Entity::find().all(conn).await.expect("reminders"),
            messages: mail_message::Entity::find().all(conn).await.expect("messages"),
            links: one_use_link::Entity::find().all(conn).await.expect("links"),
            accounts: account::Entity::find().all(conn).await.expect("accounts"),
            grants: access_grant::Entity::find().all(conn).await.expect("grants"),
        }
    }

    /// Panics with every story that is half-written or told twice.
    pub fn are_whole(&self) {
        let mut faults = Vec::new();
        self.enrolments_and_attempts(&mut faults);
        self.ends(&mut faults);
        self.mail(&mut faults);
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }

    /// How many facts there are.
    pub fn facts(&self) -> usize {
        self.facts.len()
    }

    fn enrolments_and_attempts(&self, faults: &mut Vec<String>) {
        let told = self.keys(faults);
        let mut expected = BTreeSet::new();
        for row in &self.enrolments {
            expected.insert((FactKind::Enrolled, format!("enrolled:{}", row.id)));
        }
        for row in self.attempts.iter().filter(|row| row.submitted_at.is_some()) {
            expected.insert((FactKind::AttemptSubmitted, format!("attempt:{}", row.id)));
        }
        for row in &self.attestations {
            expected.insert((FactKind::AttestationIssued, format!("attestation:{}", row.id)));
        }
        let rows = [FactKind::Enrolled, FactKind::AttemptSubmitted, FactKind::AttestationIssued];
        let found = told.iter().filter(|(kind, _)| rows.contains(kind)).cloned().collect();
        for (kind, key) in expected.symmetric_difference(&found) {
            faults
                .push(format!("{kind:?} {key}: a row without its fact, or a fact without its row"));
        }
        let mut open = BTreeSet::new();
        for row in self.attempts.iter().filter(|row| row.submitted_at.is_none()) {
            if !open.insert(row.enrolment_id) {
                faults.push(format!("two open attempts in enrolment {}", row.enrolment_id));
            }
        }
    }

    /// The kinds and keys of all facts, each told once.
    fn keys(&self, faults: &mut Vec<String>) -> BTreeSet<(FactKind, String)> {
        let mut told = BTreeSet::new();
        let enrolments: BTreeSet<Uuid> = self.enrolments.iter().map(|row| row.id).collect();
        for fact in &self.facts {
            if !told.insert((fact.kind, fact.natural_key.clone())) {
                faults.push(format!("told twice: {}", fact.natural_key));
            }
            if fact.enrolment_id.is_none_or(|id| !enrolments.contains(&id)) {
                faults.push(format!("of no enrolment: {}", fact.natural_key));
            }
        }
        told
    }

    /// Completions and withdrawals: never both, never twice, and every completion is attested.
    fn ends(&self, faults: &mut Vec<String>) {
        let mut ended = BTreeSet::new();
        let mut attested: BTreeMap<Uuid, usize> = BTreeMap::new();
        for row in &self.attestations {
            *attested.entry(row.completion_fact_id).or_default() += 1;
        }
        for fact in &self.facts {
            let completed = fact.kind == FactKind::Completed;
            if (completed || fact.kind == FactKind::Withdrawn) && !ended.insert(fact.enrolment_id) {
                faults.push(format!("ended twice: {}", fact.natural_key));
            }
            if attested.remove(&fact.id).unwrap_or(0) != usize::from(completed) {
                faults.push(format!("not attested once: {}", fact.natural_key));
            }
        }
        for fact in attested.keys() {
            faults.push(format!("an attestation of nothing: {fact}"));
        }
    }

    /// What is owed, planned and queued.
    fn mail(&self, faults: &mut Vec<String>) {
        let owed: BTreeSet<_> = self.obligations.iter().map(|row| &row.natural_key).collect();
        for row in self.enrolments.iter().filter(|row| row.due_on.is_some()) {
            if !owed.contains(&format!("enrolment:{}:1", row.id)) {
                faults.push(format!("enrolment {} has a date and no obligation", row.id));
            }
        }
        let queued = self.reminders.iter().filter(|row| row.outcome == ReminderOutcome::Queued);
        let mut planned: BTreeSet<Uuid> = queued.filter_map(|row| row.message_id).collect();
        let mut links: BTreeSet<Uuid> = self.links.iter().map(|row| row.id).collect();
        for message in &self.messages {
            let known = match message.template {
                Template::Reminder => planned.remove(&message.id),
                // Nobody is asked to review, and nothing is scheduled, where this is looked at.
                Template::ReviewAsked | Template::PublicationFailed => false,
                _ => message.subject_id.is_some_and(|link| links.remove(&link)),
            };
            if !known {
                faults.push(format!("message {} is in no ledger", message.id));
            }
            let going = [MailState::Queued, MailState::Delivering].contains(&message.state);
            if going != message.finished_at.is_none() {
                faults.push(format!("message {}: {:?}, half", message.id, message.state));
            }
        }
        for left in planned.into_iter().chain(links) {
            faults.push(format!("reminder or link {left} has no message"));
        }
    }

    /// That those invited are there with their invitation, and grants stand as they were told.
    pub fn hold(&self, told: &Office) {
        for name in &told.invited {
            let account = self.accounts.iter().find(|row| row.sign_in_name == *name);
            let account = account.unwrap_or_else(|| panic!("{name} was invited, and is not there"));
            let link = self.links.iter().filter(|row| row.account_id == account.id).count();
            assert_eq!(link, 1, "{name} has one invitation");
        }
        for (id, revoked) in &told.grants {
            let grant = self.grants.iter().find(|row| row.id.to_string() == *id);
            let grant = grant.unwrap_or_else(|| panic!("grant {id} was given, and is not there"));
            assert!(!revoked || grant.revoked_at.is_some(), "grant {id} was taken back");
        }
    }
}

/// That SQLite finds its file sound; PostgreSQL has no such question.
pub async fn is_sound(db: &Db) {
    if db.backend() != DbBackend::Sqlite {
        return;
    }
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
    let row = db.read().query_one_raw(check).await.expect("an answer").expect("a row");
    assert_eq!(row.try_get_by_index::<String>(0).expect("a text"), "ok");
}
