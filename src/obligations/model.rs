//! Tables and value types of `obligations`: what a person owes: one row per person, origin and cycle.

use sea_orm::entity::prelude::*;

/// Why an obligation exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ObligationOrigin {
    /// A due date given at enrolment.
    #[sea_orm(string_value = "enrolment")]
    Enrolment,
    /// A requirement that applies to the person.
    #[sea_orm(string_value = "requirement")]
    Requirement,
    /// A change of the law, after a completion.
    #[sea_orm(string_value = "legal_change")]
    LegalChange,
}

/// Why an obligation of a requirement is due on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Basis {
    /// A civil date, the same for everybody.
    #[sea_orm(string_value = "date")]
    Date,
    /// So long after an élu took office.
    #[sea_orm(string_value = "office")]
    Office,
    /// So long after an élu received a delegation.
    #[sea_orm(string_value = "delegation")]
    Delegation,
    /// So long after an agent was hired.
    #[sea_orm(string_value = "hiring")]
    Hiring,
    /// So long after the requirement was published.
    #[sea_orm(string_value = "publication")]
    Publication,
    /// So long after the law came into force.
    #[sea_orm(string_value = "legal_change")]
    LegalChange,
    /// So long after it was last satisfied.
    #[sea_orm(string_value = "renewal")]
    Renewal,
}

/// What happened to an obligation besides learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EventKind {
    /// The employer exempted the person, for a reason and perhaps until a day.
    #[sea_orm(string_value = "exempted")]
    Exempted,
    /// That exemption was lifted.
    #[sea_orm(string_value = "lifted")]
    Lifted,
    /// Another obligation took its place.
    #[sea_orm(string_value = "superseded")]
    Superseded,
    /// The person is no longer among those whom the requirement concerns.
    #[sea_orm(string_value = "left_audience")]
    LeftAudience,
    /// They are again.
    #[sea_orm(string_value = "reentered")]
    Reentered,
    /// It is owed under another capacity, the one that opened it having ended.
    #[sea_orm(string_value = "moved")]
    Moved,
    /// The requirement was disabled: nothing that it had opened is owed any more.
    #[sea_orm(string_value = "disabled")]
    Disabled,
}

/// Table `obligation`.
pub mod obligation {
    use super::{Basis, ObligationOrigin};
    use sea_orm::entity::prelude::*;

    /// One row. What a requirement asks is copied here when it opens, so that where it stands is read
    /// from this row, its events and completions alone: `from_version` is the least version of the
    /// module, `path_version` the version of the path whose steps are asked; completions before
    /// `accepts_from` do not count, nor, when `agreed_only`, those of a provider without an agrément
    /// that day. It is due that day because of `basis`, reckoned from `anchor_on`.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "obligation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub module_id: Option<Uuid>,
        pub enrolment_id: Option<Uuid>,
        pub origin: ObligationOrigin,
        pub cycle: i32,
        pub opened_at: DateTimeUtc,
        pub due_on: Date,
        #[sea_orm(column_type = "Text")]
        pub time_zone: String,
        pub due_at: DateTimeUtc,
        #[sea_orm(column_type = "Text")]
        pub natural_key: String,
        pub from_version: Option<i32>,
        pub requirement_id: Option<Uuid>,
        pub requirement_version_id: Option<Uuid>,
        pub path_id: Option<Uuid>,
        pub path_version: Option<i32>,
        pub capacity_id: Option<Uuid>,
        pub organisation_id: Option<Uuid>,
        pub basis: Option<Basis>,
        pub anchor_on: Option<Date>,
        pub accepts_from: Option<DateTimeUtc>,
        pub agreed_only: bool,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `obligation_event` (append-only): what happened to an obligation besides learning.
pub mod obligation_event {
    use super::EventKind;
    use sea_orm::entity::prelude::*;

    /// One row: of one obligation, or, for `disabled`, of all those that a requirement had opened until
    /// then. `until_at` is the instant at which an exemption ends, the first after the day `until`.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "obligation_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub obligation_id: Option<Uuid>,
        pub requirement_id: Option<Uuid>,
        pub kind: EventKind,
        #[sea_orm(column_type = "Text", nullable)]
        pub reason: Option<String>,
        pub until: Option<Date>,
        pub until_at: Option<DateTimeUtc>,
        #[sea_orm(column_type = "Text", nullable)]
        pub document_digest: Option<String>,
        pub capacity_id: Option<Uuid>,
        pub organisation_id: Option<Uuid>,
        pub successor_id: Option<Uuid>,
        pub recorded_by: Option<Uuid>,
        pub at: DateTimeUtc,
        #[sea_orm(column_type = "Text")]
        pub natural_key: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
