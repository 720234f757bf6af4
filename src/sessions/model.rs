//! Tables and value types of `sessions`: dated sessions, their half-days, who registered, who was there.

use sea_orm::entity::prelude::*;

/// How a session is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Modality {
    /// In a room.
    #[sea_orm(string_value = "on_site")]
    OnSite,
    /// By video.
    #[sea_orm(string_value = "video")]
    Video,
    /// In a room for some, by video for others.
    #[sea_orm(string_value = "mixed")]
    Mixed,
}

/// Where a session stands after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SessionState {
    /// Being planned: nobody else sees it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// People may register.
    #[sea_orm(string_value = "open")]
    Open,
    /// It takes place, and nobody registers any more.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// It does not take place.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// Its dates have moved; people may register.
    #[sea_orm(string_value = "postponed")]
    Postponed,
}

/// Which half of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Half {
    /// Morning.
    #[sea_orm(string_value = "morning")]
    Morning,
    /// Afternoon.
    #[sea_orm(string_value = "afternoon")]
    Afternoon,
}

/// Where a registration stands after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RegistrationState {
    /// There was a seat.
    #[sea_orm(string_value = "seated")]
    Seated,
    /// There was none yet.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// A seat was freed, and it was their turn.
    #[sea_orm(string_value = "promoted")]
    Promoted,
    /// They withdrew.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
    /// The provider refused.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// They had a seat and were at no half-day.
    #[sea_orm(string_value = "no_show")]
    NoShow,
}

/// Table `session`.
pub mod session {
    use super::Modality;
    use sea_orm::entity::prelude::*;

    /// One row; what moves is under its lock.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub provider_id: Uuid,
        pub module_id: Option<Uuid>,
        pub path_id: Option<Uuid>,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub modality: Modality,
        #[sea_orm(column_type = "Text", nullable)]
        pub place: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub link: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub time_zone: String,
        pub capacity: i32,
        pub opens_at: Option<DateTimeUtc>,
        pub closes_at: DateTimeUtc,
        pub elus_on_public_funds: bool,
        pub starts_at: DateTimeUtc,
        pub ends_at: DateTimeUtc,
        /// The round of its half-days: each postponement is another.
        pub round: i32,
        /// What `If-Match` compares: moves with what its provider changes.
        pub revision: i32,
        /// The SEQUENCE of the last invitation that was sent (RFC 5545, 3.8.7.4).
        pub sequence: i32,
        /// The number given to the last who registered.
        pub registered: i32,
        pub created_at: DateTimeUtc,
        pub created_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `session_event` (append-only).
pub mod session_event {
    use super::SessionState;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub session_id: Uuid,
        pub number: i32,
        pub state: SessionState,
        #[sea_orm(column_type = "Text", nullable)]
        pub reason: Option<String>,
        pub at: DateTimeUtc,
        pub recorded_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `session_half_day` (append-only).
pub mod session_half_day {
    use super::Half;
    use sea_orm::entity::prelude::*;

    /// One row; its minutes are those of training, without the breaks.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session_half_day")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub session_id: Uuid,
        pub round: i32,
        pub on_day: Date,
        pub half: Half,
        pub starts_minute: i32,
        pub ends_minute: i32,
        pub minutes: i32,
        pub starts_at: DateTimeUtc,
        pub ends_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `registration` (append-only).
pub mod registration {
    use sea_orm::entity::prelude::*;

    /// One row; who comes back after withdrawing has another, at the end of the list.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "registration")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub session_id: Uuid,
        pub number: i32,
        pub person_id: Uuid,
        pub capacity_id: Uuid,
        pub organisation_id: Uuid,
        pub enrolment_id: Option<Uuid>,
        pub asked_at: DateTimeUtc,
        pub asked_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `registration_event` (append-only).
pub mod registration_event {
    use super::RegistrationState;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "registration_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub session_id: Uuid,
        pub registration_id: Uuid,
        pub number: i32,
        pub state: RegistrationState,
        #[sea_orm(column_type = "Text", nullable)]
        pub reason: Option<String>,
        pub at: DateTimeUtc,
        pub recorded_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `attendance` (append-only).
pub mod attendance {
    use sea_orm::entity::prelude::*;

    /// One row; the last one of a registration and a half-day counts.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attendance")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub session_id: Uuid,
        pub registration_id: Uuid,
        pub half_day_id: Uuid,
        pub number: i32,
        pub minutes: i32,
        pub fact_id: Option<Uuid>,
        pub supersedes_id: Option<Uuid>,
        pub recorded_at: DateTimeUtc,
        pub recorded_by: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `calendar_feed`.
pub mod calendar_feed {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "calendar_feed")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub secret_digest: String,
        pub created_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
