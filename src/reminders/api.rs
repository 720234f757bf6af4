//! Reminder rules, and what the ledger may say of many.

use chrono::{DateTime, Utc};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use sea_orm::ActiveEnum as _;
use serde_json::json;
use uuid::Uuid;

use super::model::reminder_rule;
use super::{Line, counts, list_rules, locked, set_enabled};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::http::Tag;
use crate::http::etag;
use crate::http::guards::{ReminderEditor, ReminderReader};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::journal;

/// Rules and ledger.
pub struct RemindersApi {
    /// The application.
    pub app: App,
}

/// A rule.
#[derive(Object)]
struct ReminderRule {
    /// Identifier.
    id: Uuid,
    /// Stable code.
    code: String,
    /// What it does, in French.
    title: String,
    /// Days from the due date: −7 is a week before, 1 the day after.
    offset_days: i32,
    /// Whether it speaks.
    enabled: bool,
    /// Its revision; `"<revision>"` is its ETag.
    revision: i32,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

/// A page of rules.
#[derive(Object)]
struct ReminderRules {
    /// Rules, in the order of their codes.
    items: Vec<ReminderRule>,
    /// Cursor of the next page.
    next: Option<String>,
}

/// What can be changed of a rule.
#[derive(Object)]
#[oai(deny_unknown_fields, example)]
struct ReminderRuleChange {
    /// Whether it speaks.
    enabled: bool,
}

impl Example for ReminderRuleChange {
    fn example() -> Self {
        Self { enabled: true }
    }
}

#[derive(ApiResponse)]
enum Changed {
    /// The rule as it is now.
    #[oai(status = 200)]
    Rule(
        Json<ReminderRule>,
        /// Its new ETag.
        #[oai(header = "ETag")]
        String,
    ),
}

/// The reminders of one rule that had one outcome.
#[derive(Object)]
struct ReminderCount {
    /// The rule's code.
    rule: String,
    /// `queued`, `missed` or `no_address`.
    outcome: String,
    /// How many; absent when they concern too few persons to be told.
    #[oai(skip_serializing_if_is_none)]
    reminders: Option<i64>,
    /// Whether the figure is withheld for statistical secrecy.
    suppressed: bool,
}

/// A page of the ledger's counts.
#[derive(Object)]
struct ReminderCounts {
    /// Counts, in the order of rules then outcomes.
    items: Vec<ReminderCount>,
    /// Cursor of the next page.
    next: Option<String>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Reminders")]
impl RemindersApi {
    /// The reminder rules
    #[oai(path = "/reminder-rules", method = "get", operation_id = "reminder_rules")]
    async fn reminder_rules(
        &self,
        _who: ReminderReader,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<ReminderRules>, Problem> {
        let page = Page::of(limit.0, after.0.as_deref())?;
        let rules = list_rules(self.app.db.read()).await?;
        let (rules, next) = page.cut(rules, |rule| rule.code.clone());
        Ok(Json(ReminderRules { items: rules.into_iter().map(ReminderRule::from).collect(), next }))
    }

    /// Turn a rule on or off; `If-Match` carries its revision as an ETag
    #[oai(path = "/reminder-rules/:id", method = "put", operation_id = "edit_reminder_rule")]
    async fn edit_reminder_rule(
        &self,
        who: ReminderEditor,
        #[oai(example = "crate::http::examples::id")] id: Path<Uuid>,
        /// The ETag of what is edited: its revision between double quotes.
        #[oai(name = "If-Match", example = "crate::http::examples::if_match")]
        if_match: Header<Option<String>>,
        body: Json<ReminderRuleChange>,
    ) -> Result<Changed, Problem> {
        policy::allow(&who, Action::EditReminderRules, &Target::National)?;
        let tx = self.app.db.begin_write().await?;
        let rule = locked(&tx, id.0).await?;
        etag::demand(if_match.0.as_deref(), &etag::quoted(rule.revision))?;
        let now = self.app.clock.now();
        let rule = set_enabled(&tx, rule, body.enabled, now).await?;
        let (who, subject) = (Some(who.account_id), ("reminder_rule", rule.id));
        let detail = json!({ "code": rule.code, "enabled": rule.enabled });
        journal::act(&tx, who, "reminder_rule.edit", subject, detail, now).await?;
        tx.commit().await?;
        let etag = etag::quoted(rule.revision);
        Ok(Changed::Rule(Json(rule.into()), etag))
    }

    /// The ledger's counts by rule and outcome, for the nation
    ///
    /// A CDG's own counts come with the statistics of perimeters; until then its administrator is
    /// answered as for any other perimeter than theirs (404).
    #[oai(path = "/reminders", method = "get", operation_id = "reminders")]
    async fn reminders(
        &self,
        who: ReminderReader,
        /// Rows at most, 1 to 200 (default 50).
        #[oai(
            example = "crate::http::examples::limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<Option<u64>>,
        /// Cursor of a previous page.
        #[oai(example = "crate::http::examples::after", validator(max_length = 100))]
        after: Query<Option<String>>,
    ) -> Result<Json<ReminderCounts>, Problem> {
        policy::allow(&who, Action::ReadReminders, &Target::National)?;
        let page = Page::of(limit.0, after.0.as_deref())?;
        let least = self.app.settings.statistics.min_persons;
        let lines = counts(self.app.db.read(), least).await?;
        let key = |line: &Line| format!("{} {}", line.rule, line.outcome.to_value());
        let (lines, next) = page.cut(lines, key);
        Ok(Json(ReminderCounts {
            items: lines.into_iter().map(ReminderCount::from).collect(),
            next,
        }))
    }
}

impl From<reminder_rule::Model> for ReminderRule {
    fn from(row: reminder_rule::Model) -> Self {
        Self {
            id: row.id,
            code: row.code,
            title: row.title,
            offset_days: row.offset_days,
            enabled: row.enabled,
            revision: row.revision,
            updated_at: row.updated_at,
        }
    }
}

impl From<Line> for ReminderCount {
    fn from(line: Line) -> Self {
        Self {
            rule: line.rule,
            outcome: line.outcome.to_value(),
            suppressed: line.reminders.is_none(),
            reminders: line.reminders,
        }
    }
}
