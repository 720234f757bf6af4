//! Tables and value types of `attestations`: signed records of completion facts, each with an unguessable verification code.

/// Table `attestation` (append-only).
pub mod attestation {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attestation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub completion_fact_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub code: String,
        pub identity_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub kid: String,
        #[sea_orm(column_type = "Text")]
        pub signed: String,
        pub issued_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `status_entry` (append-only): the place of an attestation in the status lists.
pub mod status_entry {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "status_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attestation_id: Uuid,
        pub list: i32,
        pub position: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `credential`: the two signed forms that carry a salted digest of the holder's name with its
/// salt, so that they are erased with that name.
pub mod credential {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credential")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attestation_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub kid: String,
        #[sea_orm(column_type = "Text")]
        pub jwt: String,
        #[sea_orm(column_type = "Text")]
        pub proof: String,
        pub made_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `revocation_note`: the sentence of a revocation or of its end, apart, so that it may be erased.
pub mod revocation_note {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revocation_note")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub fact_id: Uuid,
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub text: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
