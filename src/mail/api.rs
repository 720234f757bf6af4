//! What an operator may see of the queue: how full it is, never what it says or to whom.

use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;

use super::queue::{self, Depth};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::http::Tag;
use crate::http::guards::QueueReader;
use crate::http::problem::Problem;

/// The mail queue.
pub struct MailApi {
    /// The application.
    pub app: App,
}

/// How full the mail queue is.
#[derive(Object)]
struct MailQueue {
    /// Messages in each state that occurs.
    states: Vec<StateCount>,
    /// Seconds since the oldest queued message was created; 0 when none is queued.
    oldest_queued_seconds: i64,
}

/// Messages in one state.
#[derive(Object)]
struct StateCount {
    /// `queued`, `delivering`, `sent`, `failed`, `unknown`, `expired` or `cancelled`.
    state: String,
    /// How many.
    messages: i64,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Mail")]
impl MailApi {
    /// How full the mail queue is: counts and age, no body and no address
    #[oai(path = "/queues/mail", method = "get", operation_id = "mail_queue")]
    async fn mail_queue(&self, who: QueueReader) -> Result<Json<MailQueue>, Problem> {
        policy::allow(&who, Action::ReadQueues, &Target::Machine)?;
        let depth = queue::depth(self.app.db.read(), self.app.clock.now()).await?;
        Ok(Json(depth.into()))
    }
}

impl From<Depth> for MailQueue {
    fn from(depth: Depth) -> Self {
        let states = depth.by_state.into_iter();
        Self {
            states: states
                .map(|(state, messages)| StateCount { state: state.to_value(), messages })
                .collect(),
            oldest_queued_seconds: depth.oldest_seconds,
        }
    }
}
