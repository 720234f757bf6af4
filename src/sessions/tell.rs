//! Who is told by mail of what happens to a session, once each, in the transaction that causes it. No
//! mail holds the address of a video meeting: it is asked for where one signs in.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value, json};

use super::find::{self, Held};
use super::model::{Modality, registration, registration_event, session, session_half_day};
use super::rules::{is_on, time_of};
use super::seats;
use crate::clock;
use crate::error::Result;
use crate::mail::calendar::{self, Day, Invitation};
use crate::mail::model::{Template, mail_message};
use crate::mail::{self, Message};
use crate::text;

/// How long before a session people are reminded of it.
const REMINDED_BEFORE: Duration = Duration::days(2);

/// What is to be said of a session.
pub(super) struct News<'a> {
    /// The session.
    pub held: &'a Held,
    /// When.
    pub now: DateTime<Utc>,
}

/// What a message says besides what every one says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Says<'a> {
    /// Whether a seat was freed for them.
    pub promoted: bool,
    /// Whether they wait.
    pub waiting: bool,
    /// Whether the dates moved.
    pub dates: bool,
    /// Whether the provider refused.
    pub refused: bool,
    /// Why, in French.
    pub reason: &'a str,
    /// Days that the invitation sent before had, where it had more.
    pub days_before: usize,
}

/// What becomes of the days in somebody's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// Nothing.
    Untouched,
    /// They are put there, or moved.
    Kept,
    /// They are taken out.
    Cancelled,
}

impl News<'_> {
    /// Tells these people, each one message.
    pub(super) async fn tell(
        &self,
        tx: &DatabaseTransaction,
        template: Template,
        people: &[&registration::Model],
        (says, days): (Says<'_>, Days),
    ) -> Result<()> {
        let context = self.context(says, days)?;
        let until = self.held.session.starts_at.max(self.now + Duration::days(1));
        let message = |row: &&registration::Model| Message {
            template,
            person_id: row.person_id,
            subject_id: Some(row.id),
            context: context.clone(),
            not_before: self.now,
            expires_at: until,
        };
        let messages = people.iter().map(|row| (clock::new_id(), message(row)));
        mail::enqueue_many(tx, messages.collect(), self.now).await?;
        if days == Days::Kept { self.remind(tx, people).await } else { Ok(()) }
    }

    /// Queues the reminder of those who have a seat, two days before, unless that is past.
    async fn remind(
        &self,
        tx: &DatabaseTransaction,
        people: &[&registration::Model],
    ) -> Result<()> {
        let session = &self.held.session;
        let not_before = session.starts_at - REMINDED_BEFORE;
        if not_before <= self.now {
            return Ok(());
        }
        let mut context = self.context(Says::default(), Days::Untouched)?;
        context["round"] = json!(session.round);
        let message = |row: &&registration::Model| Message {
            template: Template::SessionReminder,
            person_id: row.person_id,
            subject_id: Some(row.id),
            context: context.clone(),
            not_before,
            expires_at: session.starts_at,
        };
        let messages = people.iter().map(|row| (clock::new_id(), message(row)));
        mail::enqueue_many(tx, messages.collect(), self.now).await
    }

    fn context(&self, says: Says<'_>, days: Days) -> Result<Value> {
        let session = &self.held.session;
        let mut context = json!({
            "session": session.id,
            "title": session.title,
            "when": when(&self.held.half_days, &session.time_zone),
            "place": place(session),
            "video": session.modality != Modality::OnSite,
            "promoted": says.promoted,
            "waiting": says.waiting,
            "dates": says.dates,
            "refused": says.refused,
            "reason": says.reason,
        });
        if days != Days::Untouched {
            let invitation = Invitation {
                sequence: session.sequence,
                stamp: self.now,
                days: self.days(days == Days::Cancelled, says.days_before),
            };
            let told = serde_json::to_value(invitation).map_err(anyhow::Error::from)?;
            context[calendar::FIELD] = told;
        }
        Ok(context)
    }

    /// The days of the session, and those that it no longer has: of these only their end is known, and
    /// a calendar takes them out by their UID.
    fn days(&self, cancelled: bool, before: usize) -> Vec<Day> {
        let mut days = days(self.held, cancelled, None);
        let Some(last) = days.last().cloned() else { return days };
        for number in days.len()..before {
            let uid = uid(&self.held.session, number + 1);
            days.push(Day { uid, cancelled: true, ..last.clone() });
        }
        days
    }
}

/// The days of a session, as a calendar shows them: each from its first half to its second. The link is
/// for feeds, whose address is secret.
pub(super) fn days(held: &Held, cancelled: bool, link: Option<&str>) -> Vec<Day> {
    let mut by_day: BTreeMap<NaiveDate, Vec<&session_half_day::Model>> = BTreeMap::new();
    for half in &held.half_days {
        by_day.entry(half.on_day).or_default().push(half);
    }
    let session = &held.session;
    let day = |(number, halves): (usize, Vec<&session_half_day::Model>)| {
        let hours: Vec<String> = halves.iter().map(|half| hours(half)).collect();
        let lines = [Some(hours.join(", ")), link.map(str::to_owned)];
        Some(Day {
            uid: uid(session, number),
            starts_at: halves.iter().map(|half| half.starts_at).min()?,
            ends_at: halves.iter().map(|half| half.ends_at).max()?,
            title: session.title.clone(),
            place: Some(place(session)).filter(|place| !place.is_empty()),
            note: lines.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            cancelled,
        })
    };
    (1..).zip(by_day.into_values()).filter_map(day).collect()
}

fn uid(session: &session::Model, number: usize) -> String {
    format!("{}-{number}", session.id)
}

/// Where a session is, empty when only by video.
fn place(session: &session::Model) -> String {
    let place = session.place.as_ref().filter(|_| session.modality != Modality::Video);
    place.cloned().unwrap_or_default()
}

/// The half-days of a session, a line for each, in its own time.
fn when(half_days: &[session_half_day::Model], zone: &str) -> String {
    let line = |half: &session_half_day::Model| {
        let day = text::french_date(half.on_day);
        format!("    {day}, {}", hours(half))
    };
    let mut lines: Vec<String> = half_days.iter().map(line).collect();
    if zone != "Europe/Paris" {
        lines.push(format!("    (heures locales : {zone})"));
    }
    lines.join("\n")
}

/// From when to when, as one says it: « de 9 h à 12 h 30 ».
pub fn hours(half: &session_half_day::Model) -> String {
    format!("de {} à {}", said(half.starts_minute), said(half.ends_minute))
}

fn said(minute: i32) -> String {
    let time = time_of(minute);
    let (hours, minutes) = time.split_once(':').unwrap_or((&time, "00"));
    let hours = hours.strip_prefix('0').unwrap_or(hours);
    if minutes == "00" { format!("{hours} h") } else { format!("{hours} h {minutes}") }
}

/// Whether the reminder of a session still has a reason when its turn comes: the person has a seat, and
/// the session takes place then and there.
///
/// # Errors
/// When the database fails.
pub async fn still_due(
    conn: &impl ConnectionTrait,
    message: &mail_message::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(id) = message.subject_id else { return Ok(false) };
    let last = registration_event::Entity::find()
        .filter(registration_event::COLUMN.registration_id.eq(id))
        .order_by_desc(registration_event::Column::Number)
        .one(conn)
        .await?;
    let Some(last) = last.filter(|event| seats::is_seated(event.state)) else { return Ok(false) };
    let held = find::by_id(conn, last.session_id).await?;
    let (session, said) = (&held.session, &message.context);
    let same = said["round"] == session.round
        && said["place"] == place(session)
        && said["title"] == session.title
        && said["video"] == (session.modality != Modality::OnSite);
    Ok(is_on(held.state()) && !held.has_begun(now) && same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_as_one_says_them() {
        assert_eq!([540, 750, 0, 1439].map(said), ["9 h", "12 h 30", "0 h", "23 h 59"]);
    }
}
