//! Tables and value types of `providers`: who has the part of provider, what is known of them, the
//! regimes that they declare, their agréments, their contacts.

use sea_orm::entity::prelude::*;

/// What a provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ProviderKind {
    /// A delegation of the CNFPT, or its institutes.
    #[sea_orm(string_value = "cnfpt_delegation")]
    CnfptDelegation,
    /// A centre de gestion.
    #[sea_orm(string_value = "cdg")]
    Cdg,
    /// An association of élus.
    #[sea_orm(string_value = "elus_association")]
    ElusAssociation,
    /// Any other training body.
    #[sea_orm(string_value = "training_body")]
    TrainingBody,
}

/// A regime that a provider declares itself under, which asks more of what it publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Regime {
    /// Qualiopi, the national quality referential (Code du travail, L6316-1).
    #[sea_orm(string_value = "qualiopi")]
    Qualiopi,
    /// Training wholly or partly at a distance (Code du travail, D6313-3-1).
    #[sea_orm(string_value = "distance")]
    Distance,
    /// Publication in LHEO, the State's language for the offer of training.
    #[sea_orm(string_value = "lheo")]
    Lheo,
}

/// What a contact answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ContactKind {
    /// Référent handicap (LHEO contact 1).
    #[sea_orm(string_value = "disability")]
    Disability,
    /// Référent pédagogique (LHEO contact 3).
    #[sea_orm(string_value = "pedagogy")]
    Pedagogy,
    /// Référent FOAD: assistance at a distance (LHEO contact 12).
    #[sea_orm(string_value = "distance")]
    Distance,
    /// Anything else.
    #[sea_orm(string_value = "general")]
    General,
}

/// Table `provider`.
pub mod provider {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub created_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `provider_profile`: one row per provider that has said who it is.
pub mod provider_profile {
    use super::ProviderKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_profile")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub name: String,
        #[sea_orm(column_type = "Text")]
        pub legal_name: String,
        pub kind: ProviderKind,
        #[sea_orm(column_type = "Text", nullable)]
        pub siret: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub activity_number: Option<String>,
        /// Lines, separated by line feeds.
        #[sea_orm(column_type = "Text", nullable)]
        pub address: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub postcode: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub city: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub insee: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub email: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub phone: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub website: Option<String>,
        /// Digest of a medium.
        #[sea_orm(column_type = "Text", nullable)]
        pub logo: Option<String>,
        /// Moves with every change to the profile, the regimes, the agréments or the contacts.
        pub revision: i32,
        pub updated_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `provider_regime`: when a provider was under which regime.
pub mod provider_regime {
    use super::Regime;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_regime")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub provider_id: Uuid,
        pub regime: Regime,
        pub declared_from: Date,
        /// First day on which it no longer holds.
        pub declared_until: Option<Date>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `provider_agrement` (append-only): the ministerial agréments for the training of élus
/// (CGCT, L1221-3 and R1221-12), and their withdrawals.
pub mod provider_agrement {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_agrement")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub provider_id: Uuid,
        /// Reference of the decision.
        #[sea_orm(column_type = "Text")]
        pub number: String,
        pub granted_on: Date,
        /// First day; of a withdrawal, the first on which the agrément no longer holds.
        pub valid_from: Date,
        /// First day on which it no longer holds.
        pub valid_to: Date,
        /// The row that this one ends, when it is a withdrawal.
        pub withdraws: Option<Uuid>,
        #[sea_orm(column_type = "Text", nullable)]
        pub reason: Option<String>,
        pub recorded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `provider_contact`: whom to ask, in the order that the provider gives.
pub mod provider_contact {
    use super::ContactKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_contact")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub provider_id: Uuid,
        pub position: i32,
        pub kind: ContactKind,
        #[sea_orm(column_type = "Text")]
        pub label: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub email: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub phone: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
