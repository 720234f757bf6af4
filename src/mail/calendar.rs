//! Calendars (RFC 5545): invitations that travel with a message (RFC 5546), and feeds.
//!
//! One event for each day, in UTC. Each day of an invitation is an object of its own, because all the
//! components of one must have the same UID (RFC 5546, 3.2.2), and clients do not follow dates that
//! are no recurrence.

use chrono::{DateTime, Utc};
use icalendar::{
    Calendar, CalendarDateTime, Component as _, Event, EventLike as _, EventStatus, Property,
};
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The field of a message's context that holds an invitation.
pub const FIELD: &str = "calendar";

/// What takes place on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// What makes it the same day when it is moved; the host is added to it.
    pub uid: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// What it is.
    pub title: String,
    /// Where.
    pub place: Option<String>,
    /// What else is worth knowing.
    pub note: String,
    /// Whether it does not take place, or not for this person.
    pub cancelled: bool,
}

/// What people keep in their calendar, as it stands at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Grows each time that something is sent about these days: the greatest counts.
    pub sequence: i32,
    /// When it was decided.
    pub stamp: DateTime<Utc>,
    /// The days.
    pub days: Vec<Day>,
}

/// A calendar object to attach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attached {
    /// Name of the file.
    pub name: String,
    /// `REQUEST` or `CANCEL`.
    pub method: &'static str,
    /// The object.
    pub text: String,
}

/// The objects to attach to a message, from its context; none for most messages.
pub(super) fn attached(
    context: &Value,
    host: &str,
    from: &Mailbox,
    to: &Mailbox,
) -> Result<Vec<Attached>, String> {
    let Some(told) = context.get(FIELD) else { return Ok(Vec::new()) };
    let told = Invitation::deserialize(told).map_err(|_| "the invitation cannot be read")?;
    let of_day = |(day, number): (&Day, usize)| {
        let method = if day.cancelled { "CANCEL" } else { "REQUEST" };
        let mut event = event(day, (told.sequence, told.stamp), host);
        event.append_property(person("ORGANIZER", from).done());
        let mut attendee = person("ATTENDEE", to);
        attendee.add_parameter("ROLE", "REQ-PARTICIPANT").add_parameter("PARTSTAT", "ACCEPTED");
        event.append_property(attendee.add_parameter("RSVP", "FALSE").done());
        let mut calendar = calendar();
        calendar.append_property(("METHOD", method)).push(event.done());
        Attached { name: format!("session-{number}.ics"), method, text: calendar.to_string() }
    };
    Ok(told.days.iter().zip(1..).map(of_day).collect())
}

/// A feed: every day, with the sequence and the instant of what was last said of it.
pub fn feed(name: &str, host: &str, days: &[(Day, i32, DateTime<Utc>)]) -> String {
    let mut calendar = calendar();
    calendar.append_property(("METHOD", "PUBLISH")).name(name);
    for (day, sequence, stamp) in days {
        calendar.push(event(day, (*sequence, *stamp), host).done());
    }
    calendar.to_string()
}

fn calendar() -> Calendar {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//maitrise//sessions//FR"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar
}

fn event(day: &Day, (sequence, stamp): (i32, DateTime<Utc>), host: &str) -> Event {
    let status = if day.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed };
    let mut event = Event::new();
    event
        .uid(&format!("{}@{host}", day.uid))
        .timestamp(stamp)
        .sequence(u32::try_from(sequence).unwrap_or_default())
        .starts(CalendarDateTime::Utc(day.starts_at))
        .ends(CalendarDateTime::Utc(day.ends_at))
        .summary(&plain(&day.title))
        .status(status);
    if let Some(place) = &day.place {
        event.location(&plain(place));
    }
    if !day.note.is_empty() {
        event.description(&plain(&day.note));
    }
    event
}

/// A text without what a calendar cannot hold: carriage returns.
fn plain(text: &str) -> String {
    text.replace('\r', "")
}

fn person(key: &str, who: &Mailbox) -> Property {
    let mut property = Property::new(key, format!("mailto:{}", who.email));
    if let Some(name) = &who.name {
        // A parameter cannot hold a double quote, nor a control character (RFC 5545, 3.1).
        let name: String = name.chars().filter(|c| *c != '"' && !c.is_control()).collect();
        property.add_parameter("CN", &name);
    }
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn day(number: usize, cancelled: bool) -> Day {
        Day {
            uid: format!("0198-{number}"),
            starts_at: at("2026-12-01T08:00:00Z"),
            ends_at: at("2026-12-01T16:30:00Z"),
            title: "Décider avec l'IA ; premiers pas, l'essentiel".to_owned(),
            place: Some("Salle du conseil,\r\n1 place de la Mairie".to_owned()),
            note: "Matin : 9 h\nAprès-midi : 14 h".to_owned(),
            cancelled,
        }
    }

    fn mailbox(name: &str, address: &str) -> Mailbox {
        Mailbox::new(Some(name.to_owned()), address.parse().expect("an address"))
    }

    #[test]
    fn each_day_of_an_invitation_is_an_object_whose_lines_are_folded_and_escaped() {
        let told = Invitation {
            sequence: 3,
            stamp: at("2026-11-24T10:00:00Z"),
            days: vec![day(1, false), day(2, true)],
        };
        let context = serde_json::json!({ FIELD: told });
        let (from, to) = (
            mailbox("Formation", "formation@cdg.example"),
            mailbox("Anne \"Élise\"\r\nX-EVIL:1", "anne@mairie.example"),
        );
        let attached = attached(&context, "formation.example", &from, &to).expect("objects");
        assert_eq!(attached.iter().map(|a| a.method).collect::<Vec<_>>(), ["REQUEST", "CANCEL"]);
        for object in &attached {
            assert!(object.text.split("\r\n").all(|line| line.len() <= 75), "{}", object.text);
            assert!(!object.text.replace("\r\n", "").contains(['\r', '\n']), "bare ends of lines");
        }
        insta::assert_snapshot!(attached[0].text.replace("\r\n", "\n"));
        assert!(attached[1].text.contains("STATUS:CANCELLED\r\n"));
    }

    #[test]
    fn a_message_without_an_invitation_has_nothing_attached_and_a_broken_one_does_not_go() {
        let who = mailbox("N", "n@mairie.example");
        let none = attached(&serde_json::json!({}), "h", &who, &who);
        assert_eq!(none.expect("nothing"), []);
        let broken = serde_json::json!({ FIELD: { "days": 3 } });
        assert!(attached(&broken, "h", &who, &who).is_err());
    }

    #[test]
    fn a_feed_is_one_calendar_of_all_its_days() {
        let stamp = at("2026-11-24T10:00:00Z");
        let text = feed(
            "Mes sessions",
            "h.example",
            &[(day(1, false), 2, stamp), (day(2, true), 5, stamp)],
        );
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
        assert_eq!(text.matches("BEGIN:VCALENDAR").count(), 1);
        assert!(text.contains("SEQUENCE:5\r\n") && text.contains("METHOD:PUBLISH\r\n"));
        assert!(!text.contains("ATTENDEE"));
    }
}
