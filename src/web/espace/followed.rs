//! Enrolments of one's own with where they stand: what my day and the page of a training share.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::words;
use crate::app::App;
use crate::catalogue::Edition;
use crate::catalogue::model::ChangeKind;
use crate::enrolments::api::going_on::GoingOn;
use crate::enrolments::model::enrolment;
use crate::error::{Reason, Result};
use crate::learning::resume::Resume;
use crate::records::model::fact;
use crate::records::{self, State, Status};

/// An enrolment, the version that it is pinned to, and where it stands.
pub(super) struct Followed {
    /// The enrolment.
    pub(super) row: enrolment::Model,
    /// The version begun.
    pub(super) edition: Arc<Edition>,
    /// What its facts say now.
    pub(super) status: Status,
    /// Its facts.
    pub(super) facts: Vec<fact::Model>,
    /// Where to go on.
    pub(super) place: Option<Resume>,
    /// The version published since, and the strongest change.
    pub(super) newer: Option<(i32, ChangeKind)>,
    /// Whole minutes that were measured on its lessons.
    pub(super) minutes: u32,
}

/// What a link of a page leads to, and says.
pub(super) struct Next {
    /// Its address.
    pub(super) href: String,
    /// Its words.
    pub(super) label: String,
}

/// These enrolments with where they stand: as many statements, however many.
///
/// # Errors
/// When the database fails.
pub(super) async fn followed(
    app: &App,
    rows: Vec<enrolment::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<Followed>> {
    let conn = app.db.read();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut facts = records::read::by_enrolment(conn, &ids).await?;
    let editions = app.shelf.editions_of(conn, rows.iter().map(|row| row.version_id)).await?;
    let enrolled = rows.iter().filter_map(|r| Some((r.id, &**editions.get(&r.version_id)?)));
    let going_on = GoingOn::of(app, enrolled).await?;
    rows.into_iter()
        .map(|row| {
            let edition = editions.get(&row.version_id).ok_or(Reason::Internal)?.clone();
            let facts = facts.remove(&row.id).unwrap_or_default();
            let status = records::status(&facts, now);
            let place = going_on.place(row.id, &edition.content, &status);
            let newer = going_on.since(row.id, &status);
            let minutes = going_on.spent_minutes(row.id);
            Ok(Followed { row, edition, status, facts, place, newer, minutes })
        })
        .collect()
}

impl Followed {
    /// Its own page.
    pub(super) fn href(&self) -> String {
        format!("/mes-formations/{}", self.row.id)
    }

    /// Whether something may still be recorded in it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.status.state, State::Enrolled | State::InProgress)
    }

    /// Where to go on.
    pub(super) fn next(&self) -> Option<Next> {
        let place = self.place.as_ref()?;
        let href = match place {
            Resume::Attempt(id) => format!("/mes-tests/{id}"),
            Resume::Lesson(slug) => format!("{}/lecons/{slug}", self.href()),
            Resume::Quiz => format!("{}#test", self.href()),
        };
        let lessons = &self.edition.content.lessons;
        let title = |slug: &str| lessons.iter().find(|l| l.slug == slug).map(|l| l.title.clone());
        Some(Next { href, label: words::resume(place, title) })
    }

    /// How many of its lessons were read.
    pub(super) fn read(&self) -> usize {
        let lessons = self.edition.content.lessons.iter();
        lessons.filter(|lesson| self.status.lessons_done.contains(&lesson.slug)).count()
    }
}
