//! Tables and value types of `publication`: publications to come, and what became of them.

use sea_orm::entity::prelude::*;

/// What became of a publication that was scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ScheduleState {
    /// Still to come.
    #[sea_orm(string_value = "scheduled")]
    Scheduled,
    /// It happened.
    #[sea_orm(string_value = "published")]
    Published,
    /// At its time, the checklist did not hold any more.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Somebody cancelled it.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// Table `scheduled_publication`.
pub mod scheduled_publication {
    use super::ScheduleState;
    use crate::catalogue::model::ChangeKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "scheduled_publication")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub draft_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub tree_digest: String,
        pub change_kind: ChangeKind,
        pub due_in_months: Option<i32>,
        #[sea_orm(column_type = "Text", nullable)]
        pub note: Option<String>,
        pub at: DateTimeUtc,
        pub state: ScheduleState,
        pub scheduled_by: Uuid,
        pub scheduled_at: DateTimeUtc,
        pub settled_at: Option<DateTimeUtc>,
        #[sea_orm(column_type = "Text", nullable)]
        pub failed_checks: Option<String>,
        pub failures: Option<i32>,
        pub retry_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
