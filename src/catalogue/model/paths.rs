//! Tables of learning paths: the paths, and their immutable versions.

/// Table `path`: a learning path.
pub mod path {
    use crate::catalogue::model::Origin;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "path")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub code: String,
        pub provider_id: Uuid,
        pub origin: Origin,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `path_version` (append-only).
pub mod path_version {
    use crate::catalogue::model::ChangeKind;
    use sea_orm::entity::prelude::*;

    /// One row; `manifest` is the path as a value, `digest` the SHA-256 of its JSON.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "path_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub path_id: Uuid,
        pub number: i32,
        #[sea_orm(column_type = "Text")]
        pub digest: String,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub change_kind: ChangeKind,
        #[sea_orm(column_type = "Text", nullable)]
        pub change_note: Option<String>,
        #[sea_orm(column_type = "JsonBinary")]
        pub manifest: Json,
        pub published_at: DateTimeUtc,
        pub published_by: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
