//! Tables and value types of `learning`: quiz attempts while they are open (what was submitted is a
//! fact), what is arranged for a learner, and keys that were wrong.

/// Table `attempt`.
pub mod attempt {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub enrolment_id: Uuid,
        pub number: i32,
        pub seed: i64,
        pub started_at: DateTimeUtc,
        pub submitted_at: Option<DateTimeUtc>,
        pub due_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `attempt_answer`.
pub mod attempt_answer {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt_answer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attempt_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub question_id: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub choices: Json,
        pub answered_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `accommodation` (append-only): what is arranged for a learner in an enrolment; the latest
/// row holds. It says what, never why: the reason is often the person's health.
pub mod accommodation {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "accommodation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub enrolment_id: Uuid,
        pub number: i32,
        pub extra_time_percent: i32,
        pub extra_minutes: i32,
        pub extra_attempts: i32,
        pub granted_at: DateTimeUtc,
        pub granted_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `time_spent`: what was measured, folded by enrolment, lesson and day in Paris.
pub mod time_spent {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "time_spent")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub enrolment_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub lesson: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: Date,
        pub seconds: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `presence`: where a person was last; forgotten after a day.
pub mod presence {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "presence")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub enrolment_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub lesson: String,
        pub at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `key_correction` (append-only): the right answers of a question of a published version, in the
/// place of its author's; the one of the highest number holds.
pub mod key_correction {
    use sea_orm::entity::prelude::*;

    /// One row. `number` is that of the regrade, in its version.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "key_correction")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub question_id: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub right_answers: Json,
        #[sea_orm(column_type = "Text")]
        pub reason: String,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
