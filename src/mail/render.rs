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

fn source(template: Template) -> (&'static str, &'static str) {
    match template {
        Template::Invitation => ("invitation", include_str!("templates/invitation.txt")),
        Template::PasswordReset => ("password_reset", include_str!("templates/password_reset.txt")),
        Template::Reminder => ("reminder", include_str!("templates/reminder.txt")),
        Template::ReviewAsked => ("review_asked", include_str!("templates/review_asked.txt")),
        Template::PublicationFailed => {
            ("publication_failed", include_str!("templates/publication_failed.txt"))
        }
        Template::ToReview => ("to_review", include_str!("templates/to_review.txt")),
        Template::FeedbackReceived => {
            ("feedback_received", include_str!("templates/feedback_received.txt"))
        }
        Template::FeedbackAnswered => {
            ("feedback_answered", include_str!("templates/feedback_answered.txt"))
        }
        Template::ComplaintReceived => {
            ("complaint_received", include_str!("templates/complaint_received.txt"))
        }
        Template::ComplaintAnswered => {
            ("complaint_answered", include_str!("templates/complaint_answered.txt"))
        }
        Template::ComplaintToHandle => {
            ("complaint_to_handle", include_str!("templates/complaint_to_handle.txt"))
        }
        Template::AccountRequested => {
            ("account_requested", include_str!("templates/account_requested.txt"))
        }
        Template::AccountKnown => ("account_known", include_str!("templates/account_known.txt")),
        Template::ClaimConfirmed => {
            ("claim_confirmed", include_str!("templates/claim_confirmed.txt"))
        }
        Template::ClaimRefused => ("claim_refused", include_str!("templates/claim_refused.txt")),
        Template::AttestationRevoked => {
            ("attestation_revoked", include_str!("templates/attestation_revoked.txt"))
        }
        Template::AttestationReinstated => {
            ("attestation_reinstated", include_str!("templates/attestation_reinstated.txt"))
        }
        Template::EnrolmentInvitation => {
            ("enrolment_invitation", include_str!("templates/enrolment_invitation.txt"))
        }
        Template::SessionSeated => ("session_seated", include_str!("templates/session_seated.txt")),
        Template::SessionWaiting => {
            ("session_waiting", include_str!("templates/session_waiting.txt"))
        }
        Template::SessionMoved => ("session_moved", include_str!("templates/session_moved.txt")),
        Template::SessionCancelled => {
            ("session_cancelled", include_str!("templates/session_cancelled.txt"))
        }
        Template::SessionLeft => ("session_left", include_str!("templates/session_left.txt")),
        Template::SessionReminder => {
            ("session_reminder", include_str!("templates/session_reminder.txt"))
        }
    }
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
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde_json::json;

    /// Every template with a sample of what it is given.
    fn sample(template: Template, own: &serde_json::Value) -> String {
        let link = ("https://formation.example/liens/0198.AbC".to_owned(), Duration::days(14));
        let common = Common {
            name: "Anne-Élise d'Hervé, née Le Goff",
            sender: "Formation des collectivités",
            public_url: "https://formation.example",
            link: crate::mail::deliver::opens_an_account(template).then_some(link),
        };
        let text = render(template, own, &common).expect("a rendering");
        format!("Objet : {}\n{}", text.subject, text.body)
    }

    #[test]
    fn every_template_reads_as_intended() {
        insta::assert_snapshot!("invitation", sample(Template::Invitation, &json!({})));
        insta::assert_snapshot!("password_reset", sample(Template::PasswordReset, &json!({})));
        let title = "Vérifier la donnée : « sources », date & périmètre";
        let due = |overdue: bool| json!({"module_title": title, "due_on": "2026-11-29", "overdue": overdue});
        insta::assert_snapshot!("reminder", sample(Template::Reminder, &due(false)));
        insta::assert_snapshot!("reminder_overdue", sample(Template::Reminder, &due(true)));
        let mut legal = due(false);
        legal["legal_change"] = json!(true);
        insta::assert_snapshot!("reminder_legal", sample(Template::Reminder, &legal));
        let asked = json!({"module_code": "E1", "module_title": title, "kind": "legal"});
        insta::assert_snapshot!("review_asked", sample(Template::ReviewAsked, &asked));
        let failed = json!({"module_code": "E1", "module_title": title, "planned_on": "2026-12-01",
            "lines": "- un titre — écrivez-le\n- une licence — écrivez-la"});
        insta::assert_snapshot!("publication_failed", sample(Template::PublicationFailed, &failed));
        let lines = format!("    C1 : {title}\n      (un texte cité a été modifié)");
        let to_review = |count: &str, more: &str| json!({"count": count, "several": count != "1", "modules": lines, "more": more});
        insta::assert_snapshot!("to_review", sample(Template::ToReview, &to_review("1", "")));
        insta::assert_snapshot!(
            "to_review_many",
            sample(Template::ToReview, &to_review("23", "4"))
        );
    }

    #[test]
    fn every_notice_of_feedback_reads_as_intended() {
        let thread = "0198c0de-7a3b-7c51-9d3e-5b1f0c2a4e6d";
        let title = "Vérifier la donnée : « sources », date & périmètre";
        let received = |is_error: bool| {
            let place = "leçon « Trois histoires »";
            json!({"module_title": title, "place": place, "is_error": is_error, "thread": thread})
        };
        let named = json!({"module_title": title, "thread": thread});
        let day = json!({"received_on": "2026-11-29", "thread": thread});
        let (error, question) = (received(true), received(false));
        for (name, template, own) in [
            ("feedback_received_error", Template::FeedbackReceived, &error),
            ("feedback_received_question", Template::FeedbackReceived, &question),
            ("feedback_answered", Template::FeedbackAnswered, &named),
            ("complaint_received", Template::ComplaintReceived, &day),
            ("complaint_answered", Template::ComplaintAnswered, &day),
            ("complaint_to_handle", Template::ComplaintToHandle, &day),
        ] {
            insta::assert_snapshot!(name, sample(template, own));
        }
    }

    #[test]
    fn what_is_told_of_accounts_asked_for_and_of_claims_reads_as_intended() {
        let at = json!({"organisation": "L'Haÿ-les-Roses"});
        insta::assert_snapshot!("account_requested", sample(Template::AccountRequested, &at));
        insta::assert_snapshot!("account_known", sample(Template::AccountKnown, &json!({})));
        insta::assert_snapshot!("claim_confirmed", sample(Template::ClaimConfirmed, &at));
        for reason in
            ["unknown_person", "other_organisation", "other_capacity", "no_longer", "other"]
        {
            let own = json!({"organisation": "L'Haÿ-les-Roses", "reason": reason});
            insta::assert_snapshot!(
                format!("claim_refused_{reason}"),
                sample(Template::ClaimRefused, &own)
            );
        }
    }

    #[test]
    fn what_becomes_of_an_attestation_reads_as_intended() {
        let about = |reason: &str| {
            json!({"module_title": "L'IA au quotidien", "module_code": "A1",
                "completed_on": "2026-11-29", "reason": reason})
        };
        for reason in ["error", "another_person", "fraud", "decision", "other"] {
            insta::assert_snapshot!(
                format!("attestation_revoked_{reason}"),
                sample(Template::AttestationRevoked, &about(reason))
            );
        }
        let own = about("error");
        insta::assert_snapshot!(
            "attestation_reinstated",
            sample(Template::AttestationReinstated, &own)
        );
    }

    #[test]
    fn what_an_elu_is_invited_to_reads_as_intended() {
        let invited = |due_on: &str, is_path: bool, by_cdg: bool| {
            json!({
                "organisation": "L'Haÿ-les-Roses", "title": "Vérifier « tout »", "due_on": due_on,
                "is_path": is_path, "by_cdg": by_cdg,
                "invitation": "0198c0de-7a3b-7c51-9d3e-5b1f0c2a4e6d",
            })
        };
        let invitation = Template::EnrolmentInvitation;
        let module = invited("2026-11-29", false, false);
        insta::assert_snapshot!("enrolment_invitation", sample(invitation, &module));
        let path = invited("", true, true);
        insta::assert_snapshot!("enrolment_invitation_path", sample(invitation, &path));
    }

    #[test]
    fn every_message_about_a_session_reads_as_intended() {
        let when = "    mardi 1er décembre 2026, de 9 h à 12 h\n    mardi 1er décembre 2026, de 14 h à 17 h 30";
        let own = json!({"title": "L'IA en mairie : décider", "when": when, "video": false,
            "place": "Salle du conseil, Beaucé", "promoted": false, "waiting": false,
            "dates": true, "refused": false, "reason": ""});
        let with = |field: &str, value: serde_json::Value| {
            let mut own = own.clone();
            own[field] = value;
            own
        };
        for (name, template, own) in [
            ("session_seated", Template::SessionSeated, own.clone()),
            ("session_promoted", Template::SessionSeated, with("promoted", json!(true))),
            ("session_waiting", Template::SessionWaiting, own.clone()),
            ("session_postponed", Template::SessionMoved, own.clone()),
            ("session_postponed_waiting", Template::SessionMoved, with("waiting", json!(true))),
            ("session_moved_place", Template::SessionMoved, with("dates", json!(false))),
            (
                "session_cancelled",
                Template::SessionCancelled,
                with("reason", json!("La formatrice est souffrante.")),
            ),
            ("session_left", Template::SessionLeft, own.clone()),
            ("session_refused", Template::SessionLeft, {
                let mut refused = with("refused", json!(true));
                refused["reason"] = json!("vous suivez déjà une autre session.");
                refused
            }),
            ("session_reminder_video", Template::SessionReminder, with("video", json!(true))),
        ] {
            insta::assert_snapshot!(name, sample(template, &own));
        }
    }

    #[test]
    fn a_missing_variable_is_an_error_and_not_a_blank() {
        let common = Common { name: "N", sender: "S", public_url: "U", link: None };
        assert!(render(Template::Reminder, &json!({"overdue": false}), &common).is_err());
    }

    #[test]
    fn a_subject_is_one_line_whatever_the_title() {
        let own = json!({"module_title": "A\r\nBcc: x@y.example", "due_on": "2026-11-29",
            "overdue": true});
        let common = Common { name: "N", sender: "S", public_url: "U", link: None };
        let text = render(Template::Reminder, &own, &common).expect("a rendering");
        assert!(!text.subject.contains(['\r', '\n']), "{}", text.subject);
    }

    #[test]
    fn dates_and_durations_read_as_french() {
        let date = |y, m, d| text::french_date(NaiveDate::from_ymd_opt(y, m, d).expect("a date"));
        assert_eq!(date(2026, 11, 29), "dimanche 29 novembre 2026");
        assert_eq!(date(2026, 12, 1), "mardi 1er décembre 2026");
        assert_eq!(date(2028, 2, 29), "mardi 29 février 2028");
        assert_eq!(duration_fr(Duration::days(14)), "14 jours");
        assert_eq!(duration_fr(Duration::minutes(60)), "1 heure");
        assert_eq!(duration_fr(Duration::minutes(90)), "90 minutes");
    }
}
