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
