//! Tables and value types of `accounts`: sign-in names, grants, rotating refresh tokens, one-use links and
//! sessions of the web.

use sea_orm::entity::prelude::*;

/// What a grant lets do; everyone signed in is a learner besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Role {
    /// Writes drafts.
    #[sea_orm(string_value = "trainer")]
    Trainer,
    /// Reviews drafts.
    #[sea_orm(string_value = "reviewer")]
    Reviewer,
    /// Publishes.
    #[sea_orm(string_value = "publisher")]
    Publisher,
    /// Manages one organisation.
    #[sea_orm(string_value = "employer_manager")]
    EmployerManager,
    /// Administers a CDG.
    #[sea_orm(string_value = "cdg_admin")]
    CdgAdmin,
    /// CNFPT or an association: the nation.
    #[sea_orm(string_value = "national_admin")]
    NationalAdmin,
    /// Reads evidence and journal.
    #[sea_orm(string_value = "auditor")]
    Auditor,
    /// Runs the machine; sees no personal data.
    #[sea_orm(string_value = "operator")]
    Operator,
}

/// What a grant extends over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ScopeKind {
    /// One provider.
    #[sea_orm(string_value = "provider")]
    Provider,
    /// One organisation.
    #[sea_orm(string_value = "organisation")]
    Organisation,
    /// A CDG's perimeter.
    #[sea_orm(string_value = "perimeter")]
    Perimeter,
    /// Everything.
    #[sea_orm(string_value = "national")]
    National,
    /// The installation itself.
    #[sea_orm(string_value = "machine")]
    Machine,
}

impl Role {
    /// Whether the role has a meaning over a scope of this kind: nobody is the employer manager of a
    /// whole perimeter, nor the trainer of the nation. What an auditor may read belongs to a provider,
    /// to an organisation (what stands behind its attestations) or to the nation.
    pub const fn fits(self, kind: ScopeKind) -> bool {
        match self {
            Role::Trainer | Role::Reviewer | Role::Publisher => {
                matches!(kind, ScopeKind::Provider)
            }
            Role::EmployerManager => matches!(kind, ScopeKind::Organisation),
            Role::CdgAdmin => matches!(kind, ScopeKind::Perimeter),
            Role::NationalAdmin => matches!(kind, ScopeKind::National),
            Role::Auditor => {
                matches!(kind, ScopeKind::Provider | ScopeKind::Organisation | ScopeKind::National)
            }
            Role::Operator => matches!(kind, ScopeKind::Machine),
        }
    }
}

/// What a one-use link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum LinkKind {
    /// Choosing a first password.
    #[sea_orm(string_value = "invitation")]
    Invitation,
    /// Choosing another password.
    #[sea_orm(string_value = "password_reset")]
    PasswordReset,
    /// Choosing a first password, for an account that its person asked for.
    #[sea_orm(string_value = "account_request")]
    AccountRequest,
}

/// Table `account`.
pub mod account {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub sign_in_name: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub password_hash: Option<String>,
        pub generation: i32,
        pub created_at: DateTimeUtc,
        pub disabled_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `access_grant`.
pub mod access_grant {
    use super::{Role, ScopeKind};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub role: Role,
        pub scope_kind: ScopeKind,
        pub scope_id: Option<Uuid>,
        pub valid_from: DateTimeUtc,
        pub valid_to: Option<DateTimeUtc>,
        pub granted_by: Option<Uuid>,
        pub granted_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
        pub revoked_by: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `names_grant`: the names of an organisation's people, which a CDG may read.
pub mod names_grant {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "names_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub cdg_id: Uuid,
        pub valid_from: DateTimeUtc,
        pub valid_to: Option<DateTimeUtc>,
        pub granted_by: Uuid,
        pub revoked_at: Option<DateTimeUtc>,
        pub revoked_by: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `refresh_token`.
pub mod refresh_token {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refresh_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub family_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub secret_digest: String,
        pub issued_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub spent_at: Option<DateTimeUtc>,
        pub revoked_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `one_use_link`.
pub mod one_use_link {
    use super::LinkKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "one_use_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub kind: LinkKind,
        pub created_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub consumed_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `web_session`: who is signed in with a browser.
pub mod web_session {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "web_session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub secret_digest: String,
        pub account_id: Uuid,
        pub generation: i32,
        pub created_at: DateTimeUtc,
        pub seen_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
