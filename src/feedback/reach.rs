//! Which threads somebody reaches: their own, or those of the providers that they answer for.

use sea_orm::{ColumnTrait as _, Condition};
use uuid::Uuid;

use super::model::{ThreadKind, feedback_thread};
use crate::accounts::policy::{self, Action, Target};
use crate::accounts::{Principal, Scope};
use crate::error::{Reason, Result};

/// The two desks at which threads are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// Reports and questions: trainers.
    Feedback,
    /// Complaints: publishers, and the nation.
    Complaints,
}

impl Desk {
    /// The kinds of threads that are answered there.
    pub const fn kinds(self) -> &'static [ThreadKind] {
        match self {
            Desk::Feedback => &[ThreadKind::Error, ThreadKind::Question],
            Desk::Complaints => &[ThreadKind::Complaint],
        }
    }

    /// What reading there asks of the policy.
    pub const fn reading(self) -> Action {
        match self {
            Desk::Feedback => Action::ReadFeedback,
            Desk::Complaints => Action::HandleComplaints,
        }
    }

    /// What answering there asks of the policy.
    pub const fn answering(self) -> Action {
        match self {
            Desk::Feedback => Action::AnswerFeedback,
            Desk::Complaints => Action::HandleComplaints,
        }
    }

    /// The threads that lie there.
    pub(super) fn lies_here(self) -> Condition {
        Condition::all().add(feedback_thread::Column::Kind.is_in(self.kinds().iter().copied()))
    }

    /// The threads there that `who` answers for.
    pub(super) fn within_reach(self, who: &Principal) -> Condition {
        let held: Vec<Scope> = who.holding(self.reading().roles()).map(|held| held.scope).collect();
        if held.contains(&Scope::National) {
            return self.lies_here();
        }
        let providers = held.into_iter().filter_map(|scope| match scope {
            Scope::Provider(id) => Some(id),
            _ => None,
        });
        let theirs = feedback_thread::Column::ProviderId.is_in(providers.collect::<Vec<Uuid>>());
        self.lies_here().add(theirs)
    }
}

/// What a thread is to whoever asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// They opened it.
    Own,
    /// They answer for it, or read those who do.
    Staff,
}

/// What a thread is to `who`, for whom anybody else's does not exist.
///
/// # Errors
/// `not-found`.
pub fn stand(who: &Principal, thread: &feedback_thread::Model, action: Action) -> Result<Stand> {
    if thread.person_id == who.person_id {
        return Ok(Stand::Own);
    }
    policy::allow(who, action, &target(thread)).map_err(|_| Reason::NotFound)?;
    Ok(Stand::Staff)
}

/// Over what a thread is.
pub fn target(thread: &feedback_thread::Model) -> Target {
    thread.provider_id.map_or(Target::National, Target::Provider)
}
