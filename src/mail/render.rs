//! What messages say: templates in French, embedded, rendered with every variable required.

use std::sync::LazyLock;

use chrono::Duration;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value, context};
use sea_orm::Iterable as _;

use super::model::Template;
use crate::text;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.add_filter("date_fr", date_filter);
    for template in Template::iter() {
        let (name, source) = source(template);
        env.add_template(name, source).expect("the embedded templates are compiled by a test");
    }
    env
});

/// Each template by the name of its file.
macro_rules! sources {
    ($($template:ident => $name:literal),* $(,)?) => {
        fn source(template: Template) -> (&'static str, &'static str) {
            match template {
                $(Template::$template => {
                    ($name, include_str!(concat!("templates/", $name, ".txt")))
                })*
            }
        }
    };
}

sources! {
    Invitation => "invitation",
    PasswordReset => "password_reset",
    Reminder => "reminder",
    ReviewAsked => "review_asked",
    PublicationFailed => "publication_failed",
    ToReview => "to_review",
    FeedbackReceived => "feedback_received",
    FeedbackAnswered => "feedback_answered",
    ComplaintReceived => "complaint_received",
    ComplaintAnswered => "complaint_answered",
    ComplaintToHandle => "complaint_to_handle",
    AccountRequested => "account_requested",
    AccountKnown => "account_known",
    ClaimConfirmed => "claim_confirmed",
    ClaimRefused => "claim_refused",
    AttestationRevoked => "attestation_revoked",
    AttestationReinstated => "attestation_reinstated",
    ResultCorrected => "result_corrected",
    EnrolmentInvitation => "enrolment_invitation",
    SessionSeated => "session_seated",
    SessionWaiting => "session_waiting",
    SessionMoved => "session_moved",
    SessionCancelled => "session_cancelled",
    SessionLeft => "session_left",
    SessionReminder => "session_reminder",
}

/// The name of a template, as files and logs show it.
pub(super) fn name(template: Template) -> &'static str {
    source(template).0
}

/// A message ready to be put in an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub subject: String,
    pub body: String,
}

/// What every template may use, beside the message's own context.
pub(super) struct Common<'a> {
    pub name: &'a str,
    pub sender: &'a str,
    pub public_url: &'a str,
    /// The one-use link and for how long it is good, where the template has one.
    pub link: Option<(String, Duration)>,
}

/// Renders a template.
///
/// # Errors
/// When the message's context lacks what the template needs.
pub(super) fn render(
    template: Template,
    own: &serde_json::Value,
    common: &Common<'_>,
) -> Result<Text, Error> {
    let (link, valid_for) = match &common.link {
        Some((link, good_for)) => (Some(link), Some(duration_fr(*good_for))),
        None => (None, None),
    };
    let values = context! {
        name => common.name,
        sender => common.sender,
        public_url => common.public_url,
        link => link,
        valid_for => valid_for,
        ..flat(own)
    };
    let text = TEMPLATES.get_template(name(template))?.render(values)?;
    let (first, body) = text.split_once('\n').unwrap_or((&text, ""));
    let subject = first
        .strip_prefix("Objet : ")
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no subject on the first line"))?;
    // A title may hold any space; a subject is one line.
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Text { subject, body: body.to_owned() })
}

/// A message's own context: a flat object of texts and flags.
fn flat(own: &serde_json::Value) -> Value {
    let fields = own.as_object().into_iter().flatten();
    Value::from_pairs(fields.map(|(key, value)| {
        let value = match value {
            serde_json::Value::Bool(flag) => Value::from(*flag),
            serde_json::Value::String(text) => Value::from(text.as_str()),
            other => Value::from(other.to_string()),
        };
        (key.as_str(), value)
    }))
}

fn date_filter(iso: &str) -> Result<String, Error> {
    iso.parse()
        .map(text::french_date)
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "not a date"))
}

/// A duration as one says it, in the largest unit that is exact: days, hours, then minutes.
fn duration_fr(duration: Duration) -> String {
    let minutes = duration.num_minutes();
    let (count, unit) = match minutes {
        m if m >= 1440 && m % 1440 == 0 => (m / 1440, "jour"),
        m if m >= 60 && m % 60 == 0 => (m / 60, "heure"),
        m => (m, "minute"),
    };
    format!("{count} {unit}{}", if count > 1 { "s" } else { "" })
}

#[cfg(test)]
mod tests;
