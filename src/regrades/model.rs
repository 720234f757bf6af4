//! The table of `regrades`: what was decided about the keys of a version, and how far it got.

/// Table `regrade`.
pub mod regrade {
    use sea_orm::entity::prelude::*;

    /// One row; `number` is 1, 2, 3 … in its version. What was decided does not change: only `cursor`, the
    /// last fact looked at, and `finished_at` move.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "regrade")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version_id: Uuid,
        pub number: i32,
        pub lower: bool,
        #[sea_orm(column_type = "Text", nullable)]
        pub lower_reason: Option<String>,
        pub decided_by: Uuid,
        pub decided_at: DateTimeUtc,
        pub cursor: Option<Uuid>,
        pub finished_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
