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
use super::{Line, counts, list_rules, set_enabled};
use crate::accounts::policy::{self, Action, Target};
use crate::app::App;
use crate::error::{Reason, Result};
use crate::http::Tag;
use crate::http::guards::{ReminderEditor, ReminderReader};
use crate::http::page::{Page, cursor};
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
        let (rules, next) = cut(rules, &page, |rule| rule.code.clone());
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
        let revision = revision(if_match.0.as_deref())?;
        let now = self.app.clock.now();
        let tx = self.app.db.begin_write().await?;
        let rule = set_enabled(&tx, id.0, revision, body.enabled, now).await?;
        let entry = journal::Entry {
            actor: Some(who.account_id),
            action: "reminder_rule.edit",
            subject_kind: "reminder_rule",
            subject_id: rule.id.to_string(),
            detail: json!({ "code": rule.code, "enabled": rule.enabled }),
        };
        journal::record(&tx, entry, now).await?;
        tx.commit().await?;
        let etag = format!("\"{}\"", rule.revision);
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
        let (lines, next) = cut(lines, &page, key);
        Ok(Json(ReminderCounts {
            items: lines.into_iter().map(ReminderCount::from).collect(),
            next,
        }))
    }
}

/// A page of a list short enough to be read whole: a handful of rules.
fn cut<T>(mut all: Vec<T>, page: &Page, key: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
    all.sort_by_key(|item| key(item));
    all.retain(|item| page.after.as_ref().is_none_or(|after| key(item) > *after));
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = all.len() > limit;
    all.truncate(limit);
    let next = all.last().filter(|_| more).map(|last| cursor(&key(last)));
    (all, next)
}

/// The revision that an `If-Match` names; one that is not of ours matches nothing.
fn revision(if_match: Option<&str>) -> Result<i32> {
    let tag = if_match.ok_or(Reason::PreconditionRequired)?.trim();
    let number = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    number.and_then(|n| n.parse().ok()).ok_or_else(|| Reason::Stale.into())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn an_edit_names_the_revision_it_was_made_on() {
        let reason = |tag| match revision(tag) {
            Err(Error::Refused(refusal)) => Some(refusal.reason),
            _ => None,
        };
        assert_eq!(revision(Some("\"3\"")).ok(), Some(3));
        assert_eq!(reason(None), Some(Reason::PreconditionRequired));
        for stale in ["3", "\"\"", "W/\"3\"", "*", "\"x\""] {
            assert_eq!(reason(Some(stale)), Some(Reason::Stale), "{stale}");
        }
    }

    #[test]
    fn pages_follow_one_another_without_hole_or_repeat() {
        let all = ["c", "a", "b", "e", "d"].map(str::to_owned).to_vec();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = Page::of(Some(2), after.as_deref()).expect("a page");
            let (items, next) = cut(all.clone(), &page, String::clone);
            seen.extend(items);
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.concat(), "abcde");
    }
}
