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

/// Table `obligation`.
pub mod obligation {
    use super::ObligationOrigin;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "obligation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub module_id: Uuid,
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
    }

    impl ActiveModelBehavior for ActiveModel {}
}
