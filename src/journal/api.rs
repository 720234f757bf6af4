//! Reading the journal.

use chrono::{DateTime, Utc};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;
use uuid::Uuid;

use super::model::journal_entry;
use super::record;
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::http::Tag;
use crate::http::guards::JournalReader;
use crate::http::page::Page;
use crate::http::problem::Problem;

/// The journal.
pub struct JournalApi {
    /// The application.
    pub app: App,
}

/// One act.
#[derive(Object)]
struct Act {
    /// Identifier.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// The account that acted; absent for the program itself.
    #[oai(skip_serializing_if_is_none)]
    actor_id: Option<Uuid>,
    /// What was done.
    action: String,
    /// The kind of thing it was done to.
    subject_kind: String,
    /// Its identifier.
    subject_id: String,
    /// What else was kept.
    detail: Value,
}

/// A page of the journal.
#[derive(Object)]
struct Acts {
    /// Acts, latest first.
    items: Vec<Act>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Journal")]
impl JournalApi {
    /// The journal, latest first: for auditors of the nation
    #[oai(path = "/journal", method = "get", operation_id = "journal")]
    async fn journal(
        &self,
        who: JournalReader,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Acts>, Problem> {
        policy::allow(&who, Action::ReadJournal, &Target::National)?;
        let page = Page::of(limit.0, after.0.as_deref())?;
        let rows = record::list(self.app.db.read(), page.limit, page.before()?).await?;
        let next = page.next(&rows, |row| row.id);
        Ok(Json(Acts { items: rows.into_iter().map(Act::from).collect(), next }))
    }
}

impl From<journal_entry::Model> for Act {
    fn from(row: journal_entry::Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor_id: row.actor_id,
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            detail: row.detail,
        }
    }
}
