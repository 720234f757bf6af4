//! Tables of reviewing and of leaving the catalogue: comments, reviewers lent, retirements.

use sea_orm::entity::prelude::*;

/// What a review is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ReviewKind {
    /// What is taught, and how.
    #[sea_orm(string_value = "pedagogical")]
    Pedagogical,
    /// The law in it.
    #[sea_orm(string_value = "legal")]
    Legal,
    /// Both.
    #[sea_orm(string_value = "both")]
    Both,
}

impl ReviewKind {
    /// Whether a review of this kind answers for `wanted`.
    pub fn covers(self, wanted: Self) -> bool {
        self == Self::Both || self == wanted
    }
}

/// Table `review_comment` (append-only): what a review says of one line of one file.
pub mod review_comment {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_comment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub review_id: Uuid,
        pub place: i32,
        #[sea_orm(column_type = "Text")]
        pub path: String,
        pub line: i32,
        #[sea_orm(column_type = "Text")]
        pub text: String,
        pub reviewer_id: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `review_request`: whom a provider asked to review one draft.
pub mod review_request {
    use super::ReviewKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_request")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub draft_id: Uuid,
        pub account_id: Uuid,
        pub kind: ReviewKind,
        pub asked_by: Uuid,
        pub asked_at: DateTimeUtc,
        pub withdrawn_at: Option<DateTimeUtc>,
        pub withdrawn_by: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `module_retirement` (append-only): a module left the catalogue after its version of that
/// number, until another is published.
pub mod module_retirement {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "module_retirement")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub module_id: Uuid,
        pub after_number: i32,
        #[sea_orm(column_type = "Text")]
        pub reason: String,
        pub retired_by: Uuid,
        pub retired_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
