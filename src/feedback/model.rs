//! Tables and value types of `feedback`: threads between one person and those who answer, and satisfaction.

use sea_orm::entity::prelude::*;

/// What a thread is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ThreadKind {
    /// Something in a module is wrong.
    #[sea_orm(string_value = "error")]
    Error,
    /// A question to the trainers.
    #[sea_orm(string_value = "question")]
    Question,
    /// A complaint, about a module, a provider or the platform.
    #[sea_orm(string_value = "complaint")]
    Complaint,
}

/// Where a thread stands after an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ThreadState {
    /// A report or question that waits for an answer.
    #[sea_orm(string_value = "open")]
    Open,
    /// A complaint that was received and that nobody has taken in hand.
    #[sea_orm(string_value = "received")]
    Received,
    /// A complaint in hand.
    #[sea_orm(string_value = "in_progress")]
    InProgress,
    /// Those who answer spoke last.
    #[sea_orm(string_value = "answered")]
    Answered,
    /// What was reported is mended, or what was asked is settled.
    #[sea_orm(string_value = "resolved")]
    Resolved,
    /// Nothing will be changed, and it was said why.
    #[sea_orm(string_value = "rejected")]
    Rejected,
    /// A complaint that is over.
    #[sea_orm(string_value = "closed")]
    Closed,
}

/// Which side of a thread speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Side {
    /// The person who opened it.
    #[sea_orm(string_value = "asker")]
    Asker,
    /// Those who answer.
    #[sea_orm(string_value = "staff")]
    Staff,
}

/// Table `feedback_thread` (append-only): the head, which never changes.
pub mod feedback_thread {
    use super::ThreadKind;
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "feedback_thread")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: ThreadKind,
        pub person_id: Uuid,
        pub provider_id: Option<Uuid>,
        pub module_id: Option<Uuid>,
        pub version_id: Option<Uuid>,
        pub enrolment_id: Option<Uuid>,
        #[sea_orm(column_type = "Text", nullable)]
        pub lesson: Option<String>,
        pub attempt_id: Option<Uuid>,
        #[sea_orm(column_type = "Text", nullable)]
        pub question: Option<String>,
        pub show_name: bool,
        pub opened_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `feedback_entry` (append-only): a message, a change of state, or both.
pub mod feedback_entry {
    use super::{Side, ThreadState};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "feedback_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub thread_id: Uuid,
        pub number: i32,
        pub side: Side,
        pub account_id: Uuid,
        pub text_id: Option<Uuid>,
        pub state: ThreadState,
        pub at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `feedback_text`: what was written, erasable without moving an entry.
pub mod feedback_text {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "feedback_text")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub text: String,
        pub written_at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `feedback_notice` (append-only): which mail was queued for which hour.
pub mod feedback_notice {
    use sea_orm::entity::prelude::*;

    /// One row; its id is that of the message.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "feedback_notice")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(column_type = "Text")]
        pub natural_key: String,
        pub person_id: Uuid,
        pub at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Table `satisfaction` (append-only): what a person answered, the latest of which counts.
pub mod satisfaction {
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "satisfaction")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub enrolment_id: Uuid,
        pub person_id: Uuid,
        pub module_id: Uuid,
        pub version_id: Uuid,
        pub number: i32,
        pub useful: Option<i32>,
        pub clear: Option<i32>,
        pub applicable: Option<i32>,
        pub text_id: Option<Uuid>,
        pub at: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
