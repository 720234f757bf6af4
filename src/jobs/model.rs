//! Tables and value types of `jobs`: what was asked, what was sent, what became of each row.

use sea_orm::entity::prelude::*;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum JobKind {
    /// Enrols many people in a module or a path.
    #[sea_orm(string_value = "enrolment")]
    Enrolment,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum JobState {
    /// Waiting for a worker.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// Begun.
    #[sea_orm(string_value = "running")]
    Running,
    /// Every row was dealt with, well or not.
    #[sea_orm(string_value = "done")]
    Done,
    /// Stopped before its end: `failure` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Stopped before its end by whoever asked for it.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

impl JobState {
    /// Whether nothing more will be done.
    pub const fn is_over(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }
}

/// Table `job`.
pub mod job {
    use super::{JobKind, JobState};
    use sea_orm::entity::prelude::*;

    /// One row. `total` rows were sent; the first `cursor` of them are dealt with, and `done` in all;
    /// `counts` says how many had each outcome.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "job")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: JobKind,
        pub state: JobState,
        pub asked_by: Uuid,
        pub organisation_id: Uuid,
        #[sea_orm(column_type = "JsonBinary")]
        pub terms: Json,
        pub total: i32,
        pub cursor: i32,
        pub done: i32,
        #[sea_orm(column_type = "JsonBinary")]
        pub counts: Json,
        #[sea_orm(column_type = "Text", nullable)]
        pub failure: Option<String>,
        pub asked_at: DateTimeUtc,
        pub started_at: Option<DateTimeUtc>,
        pub finished_at: Option<DateTimeUtc>,
        pub lease_by: Option<Uuid>,
        pub lease_until: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `job_part`: what was sent, some rows at a time; `first` rows were sent before these.
pub mod job_part {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "job_part")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub job_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub first: i32,
        #[sea_orm(column_type = "JsonBinary")]
        pub rows: Json,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `job_row`: what became of one row.
pub mod job_row {
    use sea_orm::entity::prelude::*;

    /// One row; `number` counts from 1, `thing_id` is what the outcome is about (an enrolment …).
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "job_row")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub job_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        #[sea_orm(column_type = "Text")]
        pub outcome: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub detail: Option<String>,
        pub person_id: Option<Uuid>,
        pub thing_id: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
