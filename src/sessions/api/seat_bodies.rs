//! What is asked about seats, and who was there.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

use crate::sessions::attendance::Mark;

/// Under which capacity somebody registers.
#[derive(Object, Default)]
#[oai(deny_unknown_fields, example)]
pub struct RegistrationIn {
    /// One of one's capacities in force; the first if absent.
    #[oai(default)]
    pub capacity_id: Option<Uuid>,
}

impl Example for RegistrationIn {
    fn example() -> Self {
        Self::default()
    }
}

/// Why somebody who registered is refused: a word from a list, which names nobody.
#[derive(Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
pub enum RefusalWord {
    /// The session is for others.
    OtherAudience,
    /// Something is to be followed first.
    PrerequisiteMissing,
    /// They follow another session of it.
    OtherSession,
    /// Their employer asked for it.
    Employer,
    /// Another reason.
    Other,
}

impl RefusalWord {
    /// The word that is kept, and what the person reads.
    pub const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::OtherAudience => ("other_audience", "cette session s'adresse à un autre public."),
            Self::PrerequisiteMissing => {
                ("prerequisite_missing", "une formation préalable est nécessaire.")
            }
            Self::OtherSession => ("other_session", "vous suivez déjà une autre session."),
            Self::Employer => ("employer", "votre employeur l'a demandé."),
            Self::Other => ("other", "adressez-vous à l'organisme pour en savoir plus."),
        }
    }
}

/// A refusal.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct RefusalIn {
    /// Why.
    pub reason: RefusalWord,
}

impl Example for RefusalIn {
    fn example() -> Self {
        Self { reason: RefusalWord::OtherAudience }
    }
}

/// How long somebody was there.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct MarkIn {
    /// The registration.
    registration_id: Uuid,
    /// Minutes of training; 0 for absent.
    #[oai(validator(minimum(value = "0"), maximum(value = "720")))]
    minutes: i32,
}

impl Example for MarkIn {
    fn example() -> Self {
        Self { registration_id: crate::http::examples::id(), minutes: 180 }
    }
}

/// Who was at a half-day.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
pub struct AttendanceIn {
    /// The half-day.
    pub half_day_id: Uuid,
    /// Those whom it says something of; of the others nothing changes.
    #[oai(validator(min_items = 1, max_items = 1000))]
    attended: Vec<MarkIn>,
}

impl AttendanceIn {
    /// The marks.
    pub fn marks(&self) -> Vec<Mark> {
        let mark = |m: &MarkIn| Mark { registration_id: m.registration_id, minutes: m.minutes };
        self.attended.iter().map(mark).collect()
    }
}

impl Example for AttendanceIn {
    fn example() -> Self {
        Self { half_day_id: crate::http::examples::id(), attended: vec![MarkIn::example()] }
    }
}
