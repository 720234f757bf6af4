//! Leaving, and why.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};

/// Why a learner leaves: a word from a list, because what is kept for ever must name nobody.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
pub(crate) enum WithdrawalReason {
    /// The mandate has ended.
    MandateEnded,
    /// The person has left the employer.
    LeftEmployer,
    /// No time for it now.
    NoTime,
    /// Not what was expected, or known already.
    NotRelevant,
    /// Enrolled by mistake.
    Mistake,
    /// Any other.
    Other,
}

/// A withdrawal.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub(crate) struct Withdrawal {
    /// The reason.
    pub(crate) reason: WithdrawalReason,
}

impl Example for Withdrawal {
    fn example() -> Self {
        Self { reason: WithdrawalReason::NoTime }
    }
}

impl WithdrawalReason {
    /// The word that the fact keeps.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::MandateEnded => "mandate_ended",
            Self::LeftEmployer => "left_employer",
            Self::NoTime => "no_time",
            Self::NotRelevant => "not_relevant",
            Self::Mistake => "mistake",
            Self::Other => "other",
        }
    }
}
