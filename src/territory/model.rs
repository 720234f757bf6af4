//! Tables and value types of `territory`: organisations as UUIDs with dated identifiers, the links between them, and their dated CDG affiliations.

use sea_orm::entity::prelude::*;

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum OrganisationKind {
    /// A commune.
    #[sea_orm(string_value = "commune")]
    Commune,
    /// An EPCI à fiscalité propre.
    #[sea_orm(string_value = "epci")]
    Epci,
    /// A département.
    #[sea_orm(string_value = "departement")]
    Departement,
    /// A région.
    #[sea_orm(string_value = "region")]
    Region,
    /// A centre de gestion.
    #[sea_orm(string_value = "cdg")]
    Cdg,
    /// An association of élus.
    #[sea_orm(string_value = "association")]
    Association,
    /// A body that provides training.
    #[sea_orm(string_value = "training_body")]
    TrainingBody,
    /// Any other.
    #[sea_orm(string_value = "other")]
    Other,
}

/// The register that gave an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Scheme {
    /// SIREN (9 digits).
    #[sea_orm(string_value = "siren")]
    Siren,
    /// INSEE commune code.
    #[sea_orm(string_value = "insee")]
    Insee,
    /// Département code.
    #[sea_orm(string_value = "dep")]
    Dep,
    /// Région code.
    #[sea_orm(string_value = "reg")]
    Reg,
    /// Code of a centre de gestion.
    #[sea_orm(string_value = "cdg")]
    Cdg,
    /// Given here.
    #[sea_orm(string_value = "local")]
    Local,
}

/// What links a child organisation to its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum LinkKind {
    /// A commune in its EPCI.
    #[sea_orm(string_value = "epci_member")]
    EpciMember,
    /// Located in a département.
    #[sea_orm(string_value = "in_departement")]
    InDepartement,
    /// Located in a région.
    #[sea_orm(string_value = "in_region")]
    InRegion,
}

/// How an organisation is affiliated to a CDG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AffiliationKind {
    /// Derived at import, to be confirmed.
    #[sea_orm(string_value = "presumed")]
    Presumed,
    /// Under 350 civil servants (CGFP L452-14).
    #[sea_orm(string_value = "mandatory")]
    Mandatory,
    /// By choice.
    #[sea_orm(string_value = "voluntary")]
    Voluntary,
    /// Socle commun of missions only.
    #[sea_orm(string_value = "socle")]
    Socle,
    /// Not affiliated.
    #[sea_orm(string_value = "none")]
    None,
}

/// Table `organisation`.
pub mod organisation {
    use super::OrganisationKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: OrganisationKind,
        #[sea_orm(column_type = "Text")]
        pub name: String,
        #[sea_orm(column_type = "Text")]
        pub name_folded: String,
        pub population: Option<i32>,
        #[sea_orm(column_type = "Text", nullable)]
        pub zone: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub time_zone: String,
        #[sea_orm(column_type = "Text")]
        pub source: String,
        pub recorded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `organisation_identifier`.
pub mod organisation_identifier {
    use super::Scheme;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation_identifier")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub scheme: Scheme,
        #[sea_orm(column_type = "Text")]
        pub value: String,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        #[sea_orm(column_type = "Text")]
        pub source: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `organisation_link`.
pub mod organisation_link {
    use super::LinkKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub child_id: Uuid,
        pub parent_id: Uuid,
        pub kind: LinkKind,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        #[sea_orm(column_type = "Text")]
        pub source: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `affiliation`.
pub mod affiliation {
    use super::AffiliationKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "affiliation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub cdg_id: Option<Uuid>,
        pub kind: AffiliationKind,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        #[sea_orm(column_type = "Text")]
        pub source: String,
        pub recorded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `referential_load`: the single row that says which reference data were loaded last.
pub mod referential_load {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "referential_load")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        #[sea_orm(column_type = "Text")]
        pub digest: String,
        pub loaded_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
