//! Tables and value types of `catalogue`: modules, immutable versions as content-addressed trees, drafts and their reviews.

mod paths;
mod review;

use sea_orm::entity::prelude::*;

pub use paths::{path, path_version};
pub use review::{ReviewKind, module_retirement, review_comment, review_request};

/// Where a module is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Origin {
    /// Imported from a folder.
    #[sea_orm(string_value = "files")]
    Files,
    /// Written through the API.
    #[sea_orm(string_value = "api")]
    Api,
}

/// What a new version changes, as its publisher declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ChangeKind {
    /// The first version.
    #[sea_orm(string_value = "first")]
    First,
    /// Wording only.
    #[sea_orm(string_value = "editorial")]
    Editorial,
    /// What is taught.
    #[sea_orm(string_value = "substantive")]
    Substantive,
    /// What the law requires.
    #[sea_orm(string_value = "legal")]
    Legal,
}

/// Where a draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum DraftState {
    /// Being written.
    #[sea_orm(string_value = "writing")]
    Writing,
    /// Frozen for review.
    #[sea_orm(string_value = "submitted")]
    Submitted,
    /// Accepted as it stands.
    #[sea_orm(string_value = "reviewed")]
    Reviewed,
}

/// What a reviewer concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Verdict {
    /// Fit to be published.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// To be amended.
    #[sea_orm(string_value = "changes_requested")]
    ChangesRequested,
}

/// Table `blob` (append-only).
pub mod blob {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "blob")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        #[sea_orm(column_type = "Blob")]
        pub bytes: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `module`.
pub mod module {
    use super::Origin;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "module")]
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

/// Table `module_version` (append-only).
pub mod module_version {
    use super::ChangeKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "module_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub module_id: Uuid,
        pub number: i32,
        #[sea_orm(column_type = "Text")]
        pub tree_digest: String,
        #[sea_orm(column_type = "Text")]
        pub status: String,
        #[sea_orm(column_type = "Text")]
        pub level: String,
        #[sea_orm(column_type = "Text")]
        pub language: String,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub duration_minutes: i32,
        pub pass_mark_percent: i32,
        pub attempt_limit: Option<i32>,
        pub change_kind: ChangeKind,
        #[sea_orm(column_type = "Text", nullable)]
        pub change_note: Option<String>,
        #[sea_orm(column_type = "JsonBinary")]
        pub manifest: Json,
        pub published_at: DateTimeUtc,
        pub published_by: Option<Uuid>,
        pub reviewed_by: Option<Uuid>,
        pub renewal_months: Option<i32>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `module_version_file` (append-only).
pub mod module_version_file {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "module_version_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub path: String,
        #[sea_orm(column_type = "Text")]
        pub blob_digest: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `draft`.
pub mod draft {
    use super::DraftState;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub module_id: Uuid,
        pub author_id: Uuid,
        pub state: DraftState,
        pub revision: i32,
        #[sea_orm(column_type = "Text", nullable)]
        pub submitted_digest: Option<String>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
        pub closed_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `draft_author`: every account that wrote in a draft; none of them may review or publish it.
pub mod draft_author {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_author")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub draft_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `draft_file`.
pub mod draft_file {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_file")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub draft_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub path: String,
        #[sea_orm(column_type = "Text")]
        pub blob_digest: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `draft_review` (append-only).
pub mod draft_review {
    use super::{ReviewKind, Verdict};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "draft_review")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub draft_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub tree_digest: String,
        pub reviewer_id: Uuid,
        pub verdict: Verdict,
        #[sea_orm(column_type = "Text")]
        pub comment: String,
        pub at: DateTimeUtc,
        pub kind: Option<ReviewKind>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `synonyms`: the single row that holds the synonyms imported last.
pub mod synonyms {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "synonyms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        #[sea_orm(column_type = "Text")]
        pub content: String,
        pub kept_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
