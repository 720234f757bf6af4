//! What the caller owes.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use sea_orm::ActiveEnum as _;
use uuid::Uuid;

use super::{Owed, Status, Subject, of_person};
use crate::app::App;
use crate::catalogue::find::ModuleName;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::SignedIn;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::shown::shown;

/// Obligations.
pub struct ObligationsApi {
    /// The application.
    pub app: App,
}

shown! {
    /// Where an obligation stands.
    #[oai(rename = "ObligationStatus")]
    StatusShown of Status {
        /// Owed, with time left.
        Open,
        /// Owed, past its date.
        Overdue,
        /// Completed.
        Satisfied,
        /// The employer exempted the person, for the time being.
        Exempted,
        /// Another obligation took its place.
        Superseded,
        /// Nothing is asked any more: the person withdrew or is no longer concerned, the module has
        /// left the catalogue, the requirement was disabled.
        Closed,
    }
}

/// Something owed.
#[derive(Object)]
struct Obligation {
    /// Identifier.
    id: Uuid,
    /// The module to complete, unless it is a path.
    #[oai(skip_serializing_if_is_none)]
    module_code: Option<String>,
    /// Its title.
    #[oai(skip_serializing_if_is_none)]
    module_title: Option<String>,
    /// The learning path to complete, where that is what is asked.
    #[oai(skip_serializing_if_is_none)]
    path_code: Option<String>,
    /// Its title.
    #[oai(skip_serializing_if_is_none)]
    path_title: Option<String>,
    /// The enrolment it hangs on.
    #[oai(skip_serializing_if_is_none)]
    enrolment_id: Option<Uuid>,
    /// Why: `enrolment` (a date given at enrolment), `requirement` (see `/obligations/{id}/explain`),
    /// or `legal_change` (the law has changed since the module was completed: enrol again).
    origin: String,
    /// Number of the version that must be completed, or any later one; absent when any will do.
    #[oai(skip_serializing_if_is_none)]
    from_version: Option<i32>,
    /// When it became owed.
    opened_at: DateTime<Utc>,
    /// The last civil day on which it is not late.
    due_on: NaiveDate,
    /// The zone of that day.
    time_zone: String,
    /// Where it stands now.
    status: StatusShown,
}

/// A page of obligations.
#[derive(Object)]
struct Obligations {
    /// Obligations, the earliest due date first.
    items: Vec<Obligation>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Obligations")]
impl ObligationsApi {
    /// What I owe, and where it stands
    #[oai(path = "/me/obligations", method = "get", operation_id = "my_obligations")]
    async fn my_obligations(
        &self,
        who: SignedIn,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<Obligations>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let after = page.after.as_deref().map(position).transpose()?;
        let now = self.app.clock.now();
        let owed = of_person(self.app.db.read(), who.person_id, page.limit, after, now).await?;
        let next = page.next_by(&owed, key);
        Ok(Json(Obligations { items: owed.into_iter().map(Obligation::from).collect(), next }))
    }
}

fn key(owed: &Owed) -> String {
    let due_at = owed.obligation.due_at.to_rfc3339_opts(SecondsFormat::Micros, true);
    format!("{due_at} {}", owed.obligation.id)
}

fn position(key: &str) -> Result<(DateTime<Utc>, Uuid)> {
    let parts = key.split_once(' ').and_then(|(at, id)| {
        let at = DateTime::parse_from_rfc3339(at).ok()?;
        Some((at.with_timezone(&Utc), Uuid::try_parse(id).ok()?))
    });
    parts.ok_or_else(|| Reason::InvalidParameter.into())
}

impl From<Owed> for Obligation {
    fn from(owed: Owed) -> Self {
        let row = owed.obligation;
        let (module, path) = match owed.subject {
            Subject::Module(name) => (Some(name), None),
            Subject::Path(name) => (None, Some(name)),
        };
        let named = |name: Option<ModuleName>| name.map(|name| (name.code, name.title)).unzip();
        let ((module_code, module_title), (path_code, path_title)) = (named(module), named(path));
        Self {
            id: row.id,
            module_code,
            module_title,
            path_code,
            path_title,
            enrolment_id: row.enrolment_id,
            origin: row.origin.to_value(),
            from_version: row.from_version,
            opened_at: row.opened_at,
            due_on: row.due_on,
            time_zone: row.time_zone,
            status: owed.status.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn a_cursor_that_is_not_ours_is_refused() {
        let id = "0198a5f0-0000-7000-8000-000000000000";
        assert!(position(&format!("2026-11-29T23:00:00.000000Z {id}")).is_ok());
        for bad in ["", " ", id, "2026-11-29 x", &format!("yesterday {id}")] {
            assert!(position(bad).is_err(), "{bad:?}");
        }
    }
}
