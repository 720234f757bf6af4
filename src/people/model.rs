//! Tables and value types of `people`: persons by id only, their erasable identities and addresses, their dated capacities.

use sea_orm::entity::prelude::*;

/// What an identity row serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum IdentityPurpose {
    /// How the person is addressed now.
    #[sea_orm(string_value = "current")]
    Current,
    /// The name frozen on one document.
    #[sea_orm(string_value = "document")]
    Document,
}

/// In what capacity a person learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CapacityKind {
    /// Elected official.
    #[sea_orm(string_value = "elu")]
    Elu,
    /// Agent of the fonction publique territoriale.
    #[sea_orm(string_value = "agent")]
    Agent,
}

/// How sure we are of a capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Standing {
    /// Said by the person.
    #[sea_orm(string_value = "declared")]
    Declared,
    /// Confirmed by the organisation or a register.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
}

/// Table `person`.
pub mod person {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub recorded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `identity`.
pub mod identity {
    use super::IdentityPurpose;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub purpose: IdentityPurpose,
        #[sea_orm(column_type = "Text")]
        pub given_name: String,
        #[sea_orm(column_type = "Text")]
        pub family_name: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub salt: Option<String>,
        pub valid_from: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `contact_address`.
pub mod contact_address {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_address")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub address: String,
        pub shared: bool,
        pub valid_from: DateTimeUtc,
        pub valid_to: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `capacity`.
pub mod capacity {
    use super::{CapacityKind, Standing};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "capacity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub kind: CapacityKind,
        pub organisation_id: Uuid,
        #[sea_orm(column_type = "Text", nullable)]
        pub mandate: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub function: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub category: Option<String>,
        pub manager: bool,
        #[sea_orm(column_type = "Text", nullable)]
        pub delegation: Option<String>,
        pub delegation_on: Option<Date>,
        #[sea_orm(column_type = "Text", nullable)]
        pub employment: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub filiere: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub cadre_emplois: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub functional_post: Option<String>,
        pub standing: Standing,
        #[sea_orm(column_type = "Text")]
        pub source: String,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        pub recorded_at: DateTimeUtc,
        pub recorded_by: Option<Uuid>,
        pub replaces_id: Option<Uuid>,
        #[sea_orm(column_type = "Text", nullable)]
        pub end_reason: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
