//! Tables and value types of `capacities`: what people claim to be, what is decided of it, and in which
//! words.

use sea_orm::entity::prelude::*;

/// What an employer decides of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Verdict {
    /// The person is what they say.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
    /// They are not.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// Why a claim is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RefusalReason {
    /// Nobody here knows the person.
    #[sea_orm(string_value = "unknown_person")]
    UnknownPerson,
    /// They belong to another organisation.
    #[sea_orm(string_value = "other_organisation")]
    OtherOrganisation,
    /// They are here, and something else than they say.
    #[sea_orm(string_value = "other_capacity")]
    OtherCapacity,
    /// They are no longer here.
    #[sea_orm(string_value = "no_longer")]
    NoLonger,
    /// Something else, which the sentence says.
    #[sea_orm(string_value = "other")]
    Other,
}

/// Why a capacity ends, when somebody says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EndReason {
    /// The mandate came to its end.
    #[sea_orm(string_value = "mandate_ended")]
    MandateEnded,
    /// The person resigned.
    #[sea_orm(string_value = "resigned")]
    Resigned,
    /// The agent left for another employer.
    #[sea_orm(string_value = "left")]
    Left,
    /// The contract came to its end.
    #[sea_orm(string_value = "contract_ended")]
    ContractEnded,
    /// The agent retired.
    #[sea_orm(string_value = "retired")]
    Retired,
    /// Something else.
    #[sea_orm(string_value = "other")]
    Other,
}

/// Table `capacity_claim`: what a person claims to be, until an employer decides.
pub mod capacity_claim {
    use crate::people::model::CapacityKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "capacity_claim")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub organisation_id: Uuid,
        pub kind: CapacityKind,
        #[sea_orm(column_type = "Text", nullable)]
        pub function: Option<String>,
        pub capacity_id: Option<Uuid>,
        pub claimed_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `claim_decision` (append-only).
pub mod claim_decision {
    use super::{RefusalReason, Verdict};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "claim_decision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub claim_id: Uuid,
        pub verdict: Verdict,
        pub reason: Option<RefusalReason>,
        pub decided_by: Uuid,
        pub decided_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `claim_note`: the sentence of a refusal, apart, so that it may be erased.
pub mod claim_note {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "claim_note")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub claim_id: Uuid,
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub text: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
