//! What each kind of fact says: the shape that must still be readable in ten years, and the key under
//! which telling it twice is telling it once.
//!
//! A field may be added; none is renamed, removed or given another meaning. `statistics` reads
//! `audience`, `standing` and `duration_minutes` in SQL.

mod shapes;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::model::FactKind;
pub use shapes::*;

/// What happened in an enrolment.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Told {
    /// A person enrolled.
    Enrolled(Enrolled),
    /// A person withdrew.
    Withdrawn {
        /// A word from a list: a fact names nobody.
        reason: &'static str,
    },
    /// A person left a version for a later one: a withdrawal for that reason.
    Moved(Moved),
    /// A lesson was read.
    LessonDone {
        /// Its slug, in the version started.
        lesson: String,
        /// The fact of an earlier enrolment that says so of the same text, for whoever moved.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_from: Option<Uuid>,
    },
    /// A quiz attempt was graded.
    AttemptSubmitted(Graded),
    /// An attempt was marked again, a key having been wrong.
    AttemptRegraded(Box<Regraded>),
    /// A module was completed.
    Completed(Box<Completed>),
    /// What a person had learnt before was recognised.
    Recognised(Box<Recognised>),
    /// An attestation was issued.
    AttestationIssued {
        /// The attestation.
        attestation_id: Uuid,
        /// The fact that it attests.
        completion_fact_id: Uuid,
    },
    /// An attestation was revoked.
    AttestationRevoked(Revoked),
    /// A revoked attestation is valid again.
    AttestationReinstated(Revoked),
    /// Something had been recorded wrongly.
    Annulled(Annulled),
    /// A person enrolled in a path.
    PathEnrolled(PathEnrolled),
    /// A person left a path.
    PathWithdrawn {
        /// A word from a list: a fact names nobody.
        reason: &'static str,
    },
    /// A path was completed.
    PathCompleted(Box<PathCompleted>),
    /// A person was at a half-day of a session, or was not after all.
    Attended(Box<Attended>),
}

impl Told {
    /// The kind of fact.
    pub const fn kind(&self) -> FactKind {
        match self {
            Self::Enrolled(_) => FactKind::Enrolled,
            Self::Withdrawn { .. } | Self::Moved(_) => FactKind::Withdrawn,
            Self::LessonDone { .. } => FactKind::LessonDone,
            Self::AttemptSubmitted(_) => FactKind::AttemptSubmitted,
            Self::AttemptRegraded(_) => FactKind::AttemptRegraded,
            Self::Completed(_) => FactKind::Completed,
            Self::Recognised(_) => FactKind::Recognised,
            Self::AttestationIssued { .. } => FactKind::AttestationIssued,
            Self::AttestationRevoked(_) => FactKind::AttestationRevoked,
            Self::AttestationReinstated(_) => FactKind::AttestationReinstated,
            Self::Annulled(_) => FactKind::Annulled,
            Self::PathEnrolled(_) => FactKind::PathEnrolled,
            Self::PathWithdrawn { .. } => FactKind::PathWithdrawn,
            Self::PathCompleted(_) => FactKind::PathCompleted,
            Self::Attended(_) => FactKind::Attended,
        }
    }

    /// What makes this the same as another telling of it, in an enrolment in a module or in a path; or,
    /// of an attendance, in a registration.
    pub fn natural_key(&self, enrolment_id: Uuid) -> String {
        match self {
            Self::Enrolled(_) => format!("enrolled:{enrolment_id}"),
            Self::Withdrawn { .. } | Self::Moved(_) => format!("withdrawn:{enrolment_id}"),
            Self::LessonDone { lesson, .. } => format!("lesson:{enrolment_id}:{lesson}"),
            Self::AttemptSubmitted(graded) => format!("attempt:{}", graded.attempt_id),
            Self::AttemptRegraded(again) => {
                let keys = again.graded.keys.unwrap_or_default();
                format!("regraded:{}:{keys}", again.graded.attempt_id)
            }
            Self::Completed(_) => format!("completed:{enrolment_id}"),
            Self::Recognised(_) => format!("recognised:{enrolment_id}"),
            Self::AttestationIssued { attestation_id, .. } => {
                format!("attestation:{attestation_id}")
            }
            Self::AttestationRevoked(revoked) => {
                format!("attestation-revoked:{}", revoked.of_fact_id)
            }
            Self::AttestationReinstated(revoked) => {
                format!("attestation-reinstated:{}", revoked.of_fact_id)
            }
            Self::Annulled(annulled) => format!("annulled:{}", annulled.fact_id),
            Self::PathEnrolled(_) => format!("path-enrolled:{enrolment_id}"),
            Self::PathWithdrawn { .. } => format!("path-withdrawn:{enrolment_id}"),
            Self::PathCompleted(_) => format!("path-completed:{enrolment_id}"),
            Self::Attended(attended) => {
                format!("attended:{enrolment_id}:{}:{}", attended.half_day_id, attended.number)
            }
        }
    }

    /// The snapshot, as it is kept.
    pub fn payload(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
