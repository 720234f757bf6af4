//! Tables and value types of `enrolments`: who learns what, pinned to the version started.

/// Table `enrolment`.
pub mod enrolment {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "enrolment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub module_id: Uuid,
        pub version_id: Uuid,
        pub capacity_id: Option<Uuid>,
        pub organisation_id: Option<Uuid>,
        pub cycle: i32,
        pub due_on: Option<Date>,
        #[sea_orm(column_type = "Text")]
        pub time_zone: String,
        pub enrolled_at: DateTimeUtc,
        pub enrolled_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `path_enrolment`: who follows which path.
pub mod path_enrolment {
    use sea_orm::entity::prelude::*;

    /// One row; `version_id` is the version of the path that was begun.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "path_enrolment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub path_id: Uuid,
        pub version_id: Uuid,
        pub capacity_id: Uuid,
        pub organisation_id: Uuid,
        pub cycle: i32,
        pub enrolled_at: DateTimeUtc,
        pub enrolled_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
