//! An enrolment being studied: what every recording needs, held until commit.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::catalogue::Edition;
use crate::enrolments::enrol::fact_of;
use crate::enrolments::model::enrolment;
use crate::error::{Reason, Result};
use crate::keys::KeyRing;
use crate::records::model::fact;
use crate::records::{self, NewFact, State, Told};

/// What completing needs besides the enrolment.
#[derive(Clone, Copy, Debug)]
pub struct Attester<'a> {
    /// The keys that sign.
    pub keys: &'a KeyRing,
    /// The public URL, as issuer.
    pub issuer: &'a str,
}

/// An enrolment that the caller holds, the edition started, and who records what at which instant.
/// The instant is read once the enrolment is held: what is told in it is told one after the other.
#[derive(Clone, Debug)]
pub struct Study<'a> {
    /// The account that records; none when the program does by itself.
    pub recorded_by: Option<Uuid>,
    /// What signs an attestation.
    pub attester: Attester<'a>,
    /// The enrolment, locked until commit.
    pub enrolment: enrolment::Model,
    /// The edition that it is pinned to.
    pub edition: Arc<Edition>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Study<'_> {
    /// The facts of the enrolment, in which something may still be recorded: it was not left.
    ///
    /// # Errors
    /// `enrolment-closed`.
    pub async fn open_facts(&self, tx: &DatabaseTransaction) -> Result<Vec<fact::Model>> {
        let facts = records::read::of_enrolment(tx, self.enrolment.id).await?;
        if records::recorded(&facts).state == State::Withdrawn {
            return Err(Reason::EnrolmentClosed.into());
        }
        Ok(facts)
    }

    /// Tells a fact of this enrolment; answers it, as told now or before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell(&self, tx: &DatabaseTransaction, told: Told) -> Result<fact::Model> {
        Ok(records::append(tx, self.fact(told), self.now).await?.0)
    }

    fn fact(&self, told: Told) -> NewFact {
        fact_of(&self.enrolment, told, self.recorded_by, self.now)
    }
}
