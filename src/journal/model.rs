//! Tables and value types of `journal`: who did what, append-only.

/// Table `journal_entry` (append-only).
pub mod journal_entry {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "journal_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: DateTimeUtc,
        pub actor_id: Option<Uuid>,
        #[sea_orm(column_type = "Text")]
        pub action: String,
        #[sea_orm(column_type = "Text")]
        pub subject_kind: String,
        #[sea_orm(column_type = "Text")]
        pub subject_id: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub detail: Json,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
