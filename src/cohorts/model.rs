//! Tables and value types of `cohorts`: élus invited to enrol, and what they answered.

use sea_orm::entity::prelude::*;

/// What an élu answered to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum InvitationAnswer {
    /// They enrolled.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// They did not.
    #[sea_orm(string_value = "declined")]
    Declined,
}

/// On whose behalf people are enrolled or invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum OnBehalf {
    /// Their employer, or the organisation of which they are élus.
    #[sea_orm(string_value = "employer")]
    Employer,
    /// The CDG of that organisation, to which it granted names.
    #[sea_orm(string_value = "cdg")]
    Cdg,
}

/// Table `enrolment_invitation`: an élu invited to enrol in a module or in a path.
pub mod enrolment_invitation {
    use super::{InvitationAnswer, OnBehalf};
    use sea_orm::entity::prelude::*;

    /// One row; answered once.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "enrolment_invitation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub organisation_id: Uuid,
        pub module_id: Option<Uuid>,
        pub path_id: Option<Uuid>,
        pub due_on: Option<Date>,
        pub invited_by: Uuid,
        pub invited_for: OnBehalf,
        pub invited_at: DateTimeUtc,
        #[sea_orm(column_type = "Text")]
        pub natural_key: String,
        pub answer: Option<InvitationAnswer>,
        pub answered_at: Option<DateTimeUtc>,
        pub enrolment_id: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
