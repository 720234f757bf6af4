//! Tables and value types of `mail`: the mail queue: who is to be told what, never a secret, never a rendered body.

use sea_orm::entity::prelude::*;

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum MailState {
    /// Waiting for its time.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// Claimed by a worker.
    #[sea_orm(string_value = "delivering")]
    Delivering,
    /// Accepted by the relay.
    #[sea_orm(string_value = "sent")]
    Sent,
    /// Given up: the relay refused for good.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Handed over, and nobody knows what became of it: the connection or the worker was lost.
    #[sea_orm(string_value = "unknown")]
    Unknown,
    /// Its time passed before it could go.
    #[sea_orm(string_value = "expired")]
    Expired,
    /// No longer due when its turn came.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Template {
    /// You are invited.
    #[sea_orm(string_value = "invitation")]
    Invitation,
    /// Choose a new password.
    #[sea_orm(string_value = "password_reset")]
    PasswordReset,
    /// A module is due.
    #[sea_orm(string_value = "reminder")]
    Reminder,
    /// You are asked to review a draft of another provider.
    #[sea_orm(string_value = "review_asked")]
    ReviewAsked,
    /// What you scheduled was not published.
    #[sea_orm(string_value = "publication_failed")]
    PublicationFailed,
    /// Modules are to be reviewed.
    #[sea_orm(string_value = "to_review")]
    ToReview,
    /// A learner reports an error or asks a question.
    #[sea_orm(string_value = "feedback_received")]
    FeedbackReceived,
    /// A report or a question was answered.
    #[sea_orm(string_value = "feedback_answered")]
    FeedbackAnswered,
    /// Your complaint was received.
    #[sea_orm(string_value = "complaint_received")]
    ComplaintReceived,
    /// Your complaint was answered.
    #[sea_orm(string_value = "complaint_answered")]
    ComplaintAnswered,
    /// A complaint is to be handled.
    #[sea_orm(string_value = "complaint_to_handle")]
    ComplaintToHandle,
    /// You asked for an account: choose its password.
    #[sea_orm(string_value = "account_requested")]
    AccountRequested,
    /// An account was asked for with your address, and you have one.
    #[sea_orm(string_value = "account_known")]
    AccountKnown,
    /// What you said to be is confirmed.
    #[sea_orm(string_value = "claim_confirmed")]
    ClaimConfirmed,
    /// What you said to be is not confirmed.
    #[sea_orm(string_value = "claim_refused")]
    ClaimRefused,
    /// An attestation of yours was revoked.
    #[sea_orm(string_value = "attestation_revoked")]
    AttestationRevoked,
    /// It is valid again.
    #[sea_orm(string_value = "attestation_reinstated")]
    AttestationReinstated,
    /// A test was marked again under a corrected key, and you pass or fail thereby.
    #[sea_orm(string_value = "result_corrected")]
    ResultCorrected,
    /// You are invited to enrol in a module or a path.
    #[sea_orm(string_value = "enrolment_invitation")]
    EnrolmentInvitation,
    /// You have a seat in a session.
    #[sea_orm(string_value = "session_seated")]
    SessionSeated,
    /// You are on the waiting list of a session.
    #[sea_orm(string_value = "session_waiting")]
    SessionWaiting,
    /// A session was moved, in time or in space.
    #[sea_orm(string_value = "session_moved")]
    SessionMoved,
    /// A session does not take place.
    #[sea_orm(string_value = "session_cancelled")]
    SessionCancelled,
    /// You have no seat any more.
    #[sea_orm(string_value = "session_left")]
    SessionLeft,
    /// A session takes place soon.
    #[sea_orm(string_value = "session_reminder")]
    SessionReminder,
}

/// The messages that hold a one-use link.
pub(super) const WITH_A_LINK: [Template; 3] =
    [Template::Invitation, Template::PasswordReset, Template::AccountRequested];

/// Table `mail_message`.
pub mod mail_message {
    use super::{MailState, Template};
    use sea_orm::entity::prelude::*;

    /// One row.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_message")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub template: Template,
        pub person_id: Uuid,
        pub subject_id: Option<Uuid>,
        #[sea_orm(column_type = "JsonBinary")]
        pub context: Json,
        pub state: MailState,
        pub not_before: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub attempts: i32,
        pub lease_until: Option<DateTimeUtc>,
        pub handed_at: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
        pub finished_at: Option<DateTimeUtc>,
        #[sea_orm(column_type = "Text", nullable)]
        pub last_error: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
