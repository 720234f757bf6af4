//! Tables and value types of `requirements`: what is required, in versions, and how far the opening of
//! obligations has come.

use sea_orm::entity::prelude::*;

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Force {
    /// A text makes it compulsory.
    #[sea_orm(string_value = "mandatory")]
    Mandatory,
    /// Advised: no text binds the person.
    #[sea_orm(string_value = "recommended")]
    Recommended,
}

/// Which versions of the module count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Counted {
    /// Any.
    #[sea_orm(string_value = "any")]
    Any,
    /// A given one, and later ones.
    #[sea_orm(string_value = "from")]
    From,
    /// The one published when the obligation opens, and later ones.
    #[sea_orm(string_value = "current")]
    Current,
}

/// What a version of a requirement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RequirementState {
    /// Nothing yet: it was written.
    #[sea_orm(string_value = "written")]
    Written,
    /// It is in force.
    #[sea_orm(string_value = "enabled")]
    Enabled,
    /// Nothing more: what it had opened is closed.
    #[sea_orm(string_value = "disabled")]
    Disabled,
}

/// Table `requirement`.
pub mod requirement {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "requirement")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub code: String,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `requirement_version` (append-only): what was written, enabled and disabled, in order.
pub mod requirement_version {
    use super::{Counted, Force, RequirementState};
    use sea_orm::entity::prelude::*;

    /// One row. `audience` is an [`Audience`](crate::requirements::audience::Audience), `due` a
    /// [`DueRule`](crate::requirements::due::DueRule); the reason is that of disabling it.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "requirement_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub requirement_id: Uuid,
        pub number: i32,
        #[sea_orm(column_type = "Text")]
        pub title_fr: String,
        #[sea_orm(column_type = "Text")]
        pub title_en: String,
        pub force: Force,
        pub module_id: Option<Uuid>,
        pub path_id: Option<Uuid>,
        #[sea_orm(column_type = "JsonBinary")]
        pub audience: Json,
        #[sea_orm(column_type = "JsonBinary")]
        pub due: Json,
        pub renewal_months: Option<i32>,
        pub renewal_window_days: Option<i32>,
        pub reference_id: Option<Uuid>,
        pub accepts_months: Option<i32>,
        pub versions: Counted,
        pub from_number: Option<i32>,
        pub agreed_only: bool,
        pub state: RequirementState,
        #[sea_orm(column_type = "Text", nullable)]
        pub reason: Option<String>,
        pub recorded_by: Option<Uuid>,
        pub recorded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `requirement_sweep`: the single row that says how far the opening of obligations has come.
pub mod requirement_sweep {
    use sea_orm::entity::prelude::*;

    /// One row. Whoever writes obligations of requirements holds it and moves `revision`, so that what
    /// was decided on an older reading is decided again. `quarter` is the quarter of a day that the walk
    /// is for, `after` the last person seen, `seen_at` until when capacities were looked at.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "requirement_sweep")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub revision: i64,
        pub quarter: i64,
        pub after: Option<Uuid>,
        pub done: bool,
        pub seen_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
