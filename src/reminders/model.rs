//! Tables and value types of `reminders`: rules as data, and the ledger that makes mail go out once.

use sea_orm::entity::prelude::*;

/// What planning decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ReminderOutcome {
    /// A message was queued.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// Its time had passed, during an outage for instance.
    #[sea_orm(string_value = "missed")]
    Missed,
    /// The person has no address.
    #[sea_orm(string_value = "no_address")]
    NoAddress,
}

/// How a reminder travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Channel {
    /// By e-mail.
    #[sea_orm(string_value = "mail")]
    Mail,
}

/// Table `reminder_rule`.
pub mod reminder_rule {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reminder_rule")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub code: String,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub offset_days: i32,
        pub enabled: bool,
        pub revision: i32,
        pub updated_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `reminder` (append-only).
pub mod reminder {
    use super::{Channel, ReminderOutcome};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reminder")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub obligation_id: Uuid,
        pub rule_id: Uuid,
        pub occurrence: i32,
        pub channel: Channel,
        pub person_id: Uuid,
        pub due_at: DateTimeUtc,
        pub planned_at: DateTimeUtc,
        pub outcome: ReminderOutcome,
        pub message_id: Option<Uuid>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
