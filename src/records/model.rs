//! Tables and value types of `records`: the append-only facts of learning, and the seal that will order them.

use sea_orm::entity::prelude::*;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum FactKind {
    /// A person enrolled.
    #[sea_orm(string_value = "enrolled")]
    Enrolled,
    /// A person withdrew.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
    /// A lesson was read.
    #[sea_orm(string_value = "lesson_done")]
    LessonDone,
    /// A quiz attempt was graded.
    #[sea_orm(string_value = "attempt_submitted")]
    AttemptSubmitted,
    /// The key of an attempt was wrong: what it is worth under the right one.
    #[sea_orm(string_value = "attempt_regraded")]
    AttemptRegraded,
    /// A module was completed.
    #[sea_orm(string_value = "completed")]
    Completed,
    /// What a person had learnt before was recognised as a module.
    #[sea_orm(string_value = "recognised")]
    Recognised,
    /// An attestation was issued.
    #[sea_orm(string_value = "attestation_issued")]
    AttestationIssued,
    /// An attestation was revoked: it stays, and says so.
    #[sea_orm(string_value = "attestation_revoked")]
    AttestationRevoked,
    /// A revoked attestation is valid again.
    #[sea_orm(string_value = "attestation_reinstated")]
    AttestationReinstated,
    /// A person enrolled in a path.
    #[sea_orm(string_value = "path_enrolled")]
    PathEnrolled,
    /// A person left a path.
    #[sea_orm(string_value = "path_withdrawn")]
    PathWithdrawn,
    /// Something had been recorded wrongly: what is superseded counts for nothing any more.
    #[sea_orm(string_value = "annulled")]
    Annulled,
    /// The last mandatory step of a path was completed.
    #[sea_orm(string_value = "path_completed")]
    PathCompleted,
    /// A person was at a half-day of a session.
    #[sea_orm(string_value = "attended")]
    Attended,
}

impl FactKind {
    /// What counts as a completion wherever it is asked whether somebody has completed a module.
    pub const COMPLETING: [Self; 2] = [Self::Completed, Self::Recognised];

    /// What says what an attempt was worth.
    pub const RESULTS: [Self; 2] = [Self::AttemptSubmitted, Self::AttemptRegraded];

    /// Whether it says that a module is completed.
    pub fn completes(self) -> bool {
        Self::COMPLETING.contains(&self)
    }

    /// Whether it says what an attempt was worth.
    pub fn is_result(self) -> bool {
        Self::RESULTS.contains(&self)
    }
}

/// Table `fact` (append-only).
pub mod fact {
    use super::FactKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: FactKind,
        pub person_id: Uuid,
        pub enrolment_id: Option<Uuid>,
        pub module_id: Option<Uuid>,
        pub version_id: Option<Uuid>,
        pub organisation_id: Option<Uuid>,
        pub occurred_at: DateTimeUtc,
        pub recorded_at: DateTimeUtc,
        pub recorded_by: Option<Uuid>,
        #[sea_orm(column_type = "Text")]
        pub natural_key: String,
        pub supersedes_id: Option<Uuid>,
        #[sea_orm(column_type = "JsonBinary")]
        pub payload: Json,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `fact_seal` (append-only).
pub mod fact_seal {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact_seal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub fact_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub leaf: String,
        pub sealed_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
