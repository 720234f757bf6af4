//! Tables and value types of `learning`: quiz attempts while they are open; what was submitted is a fact.

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
