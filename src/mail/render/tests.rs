//! What each template says, read as a whole.

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
    let due =
        |overdue: bool| json!({"module_title": title, "due_on": "2026-11-29", "overdue": overdue});
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
    insta::assert_snapshot!("to_review_many", sample(Template::ToReview, &to_review("23", "4")));
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
    for reason in ["unknown_person", "other_organisation", "other_capacity", "no_longer", "other"] {
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
fn what_a_corrected_key_changes_reads_as_intended() {
    for (name, passed, completion) in [
        ("result_corrected_completed", true, true),
        ("result_corrected_passed", true, false),
        ("result_corrected_annulled", false, true),
        ("result_corrected_failed", false, false),
    ] {
        let own = json!({"module_title": "L'IA au quotidien", "module_code": "A1",
            "attempt": "0198c0de-7a3b-7c51-9d3e-5b1f0c2a4e6d",
            "passed": passed, "completion": completion});
        insta::assert_snapshot!(name, sample(Template::ResultCorrected, &own));
    }
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
