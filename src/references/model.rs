//! Tables and value types of `references`: legal texts with their versions, what is to be reviewed
//! because of them, and what reviewers decided.

use sea_orm::entity::prelude::*;

use crate::content;

/// How well a text was checked: the word of `module.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Grade {
    /// Read in a dated source.
    #[sea_orm(string_value = "V")]
    V,
    /// Concordant secondary sources.
    #[sea_orm(string_value = "S")]
    S,
    /// From memory.
    #[sea_orm(string_value = "M")]
    M,
}

impl From<content::Grade> for Grade {
    fn from(grade: content::Grade) -> Self {
        match grade {
            content::Grade::V => Self::V,
            content::Grade::S => Self::S,
            content::Grade::M => Self::M,
        }
    }
}

impl From<Grade> for content::Grade {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::V => Self::V,
            Grade::S => Self::S,
            Grade::M => Self::M,
        }
    }
}

/// Why a module is to be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Cause {
    /// A text that it cites says something else now.
    #[sea_orm(string_value = "amended")]
    Amended,
    /// An end, or a successor, was recorded for a text that it cites.
    #[sea_orm(string_value = "repealed")]
    Repealed,
    /// A text that it cites is the law no more.
    #[sea_orm(string_value = "ended")]
    Ended,
    /// A text that it cites was to be read again by a day that has passed.
    #[sea_orm(string_value = "check_due")]
    CheckDue,
    /// The module itself was to be reviewed by a day that has passed.
    #[sea_orm(string_value = "review_due")]
    ReviewDue,
}

/// What a reviewer decides that the next version changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Consequence {
    /// Wording only.
    #[sea_orm(string_value = "editorial")]
    Editorial,
    /// What is taught.
    #[sea_orm(string_value = "substantive")]
    Substantive,
    /// What the law requires.
    #[sea_orm(string_value = "legal")]
    Legal,
    /// Nothing: the module stands as it is.
    #[sea_orm(string_value = "none")]
    None,
}

/// Table `legal_reference`.
pub mod legal_reference {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "legal_reference")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub slug: String,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `legal_reference_version` (append-only).
pub mod legal_reference_version {
    use super::Grade;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "legal_reference_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub reference_id: Uuid,
        pub number: i32,
        #[sea_orm(column_type = "Text")]
        pub text: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub article: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub url: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub eli: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub celex: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub legifrance: Option<String>,
        pub grade: Grade,
        pub verified_on: Date,
        pub in_force_from: Option<Date>,
        pub in_force_to: Option<Date>,
        #[sea_orm(column_type = "Text", nullable)]
        pub superseded_by: Option<String>,
        pub check_by: Option<Date>,
        #[sea_orm(column_type = "Text", nullable)]
        pub change_note: Option<String>,
        pub recorded_at: DateTimeUtc,
        pub recorded_by: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `review_item` (append-only): that a module is to be reviewed, told once.
pub mod review_item {
    use super::Cause;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_item")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub natural_key: String,
        pub module_id: Uuid,
        pub module_version_id: Uuid,
        pub module_number: i32,
        pub cause: Cause,
        #[sea_orm(column_type = "Text", nullable)]
        pub slug: Option<String>,
        pub reference_version_id: Option<Uuid>,
        pub due_on: Option<Date>,
        pub raised_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `review_decision` (append-only): what reviewers decided of an item, the highest number last.
pub mod review_decision {
    use super::Consequence;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "review_decision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item_id: Uuid,
        pub number: i32,
        pub consequence: Consequence,
        #[sea_orm(column_type = "Text")]
        pub note: String,
        pub reviewer_id: Uuid,
        pub module_number: i32,
        pub at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
