//! Delivery to files and to a scripted relay.

use chrono::Duration;
use uuid::Uuid;

use super::sink::{Manner, smtp_desk};
use super::{URL, claimed, desk, now, person, queued, row};
use crate::mail::link;
use crate::mail::model::{MailState, Template};
use crate::testing::database;

#[tokio::test]
async fn an_invitation_becomes_a_readable_file_with_a_genuine_link() {
    let (_dir, db) = database().await;
    let desk = desk();
    let id = queued(&db, Template::Invitation, person(&db, false).await).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Sent));
    let files = desk.files();
    assert_eq!(files.len(), 1, "and nothing half-written beside it");
    assert_eq!(files[0].0, format!("20261122T080000.000000Z-invitation-{id}.eml"));
    let text = &files[0].1;
    assert!(!text.contains('\r'), "a link copied by a shell carries no carriage return");
    assert!(text.contains("Bonjour Anne-Élise d'Hervé, née Le Goff,\n"), "{text}");
    let url = link::url(URL, &desk.keys, Uuid::from_u128(7));
    assert!(text.lines().any(|line| line == url), "{text}");
    assert!(text.contains("valable 3 jours"), "{text}");
    let parsed = mail_parser::MessageParser::default().parse(text.as_bytes()).expect("a message");
    let to = parsed.to().and_then(|to| to.first()).expect("a recipient");
    assert_eq!(to.name(), Some("Anne-Élise d'Hervé, née Le Goff"));
    assert_eq!(to.address(), Some("anne@mairie.example"));
    let from = parsed.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!(from.name(), Some("Formation, CNFPT & associés"));
    assert_eq!(parsed.message_id(), Some(format!("{id}@formation.example").as_str()));
    assert_eq!(parsed.subject(), Some("Votre accès à la formation des élus et des agents"));
    assert_eq!(parsed.date().map(|d| d.to_timestamp()), Some(now().timestamp()));
    assert!(text.contains("Auto-Submitted: auto-generated\n"), "{text}");
}

#[tokio::test]
async fn no_link_goes_to_a_shared_mailbox_but_a_reminder_does() {
    let (_dir, db) = database().await;
    let desk = desk();
    let who = person(&db, true).await;
    let reset = queued(&db, Template::PasswordReset, who).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Failed));
    let failed = row(&db, reset).await;
    assert_eq!(failed.last_error.as_deref(), Some("only a shared address"));
    assert_eq!(failed.attempts, 0, "nothing was handed over");
    assert!(desk.files().is_empty());
    queued(&db, Template::Reminder, who).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Sent));
}

#[tokio::test]
async fn a_relay_that_says_451_is_asked_again_a_minute_later() {
    let (_dir, db) = database().await;
    let busy = Manner::Recipient("451 4.7.1 <anne@mairie.example> greylisted, try later\r\n");
    let (desk, taken) = smtp_desk(vec![busy, Manner::Take]).await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Queued));
    let waiting = row(&db, id).await;
    assert_eq!(waiting.last_error.as_deref(), Some("SMTP 451 4.7.1"), "codes only, no address");
    assert_eq!((waiting.attempts, waiting.not_before), (1, now() + Duration::minutes(1)));
    assert_eq!(desk.deliver(&db, now() + Duration::minutes(1)).await, Some(MailState::Sent));
    let sent = row(&db, id).await;
    assert_eq!((sent.state, sent.attempts, sent.last_error), (MailState::Sent, 2, None));
    let taken = taken.lock().expect("one reader").clone();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].is_ascii(), "quoted-printable passes any relay");
    let parsed = mail_parser::MessageParser::default().parse(taken[0].as_bytes()).expect("a mail");
    let body = parsed.body_text(0).expect("a body");
    assert!(body.contains("au plus tard le dimanche 29 novembre 2026"), "{body}");
    assert_eq!(parsed.message_id(), Some(format!("{id}@formation.example").as_str()));
}

#[tokio::test]
async fn a_relay_that_says_550_is_not_asked_again() {
    let (_dir, db) = database().await;
    let never = Manner::Recipient("550 5.1.1 <anne@mairie.example>: no such user\r\n");
    let (desk, _) = smtp_desk(vec![never]).await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Failed));
    assert_eq!(row(&db, id).await.last_error.as_deref(), Some("SMTP 550 5.1.1"));
}

#[tokio::test]
async fn a_relay_that_refuses_us_is_asked_again_because_the_message_is_not_at_fault() {
    let (_dir, db) = database().await;
    let (desk, _) = smtp_desk(vec![Manner::Greeting("554 5.7.1 not from you\r\n")]).await;
    queued(&db, Template::Reminder, person(&db, false).await).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Queued));
}

#[tokio::test]
async fn nobody_listening_is_a_reason_to_try_again() {
    let (_dir, db) = database().await;
    let (mut desk, _) = smtp_desk(Vec::new()).await;
    desk.mail.smtp_port = 1;
    queued(&db, Template::Reminder, person(&db, false).await).await;
    assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Queued));
}

#[tokio::test]
async fn a_connection_lost_after_the_message_leaves_an_unknown_outcome_never_sent_again() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    for manner in [Manner::CutAfterData, Manner::Silent] {
        let (desk, _) = smtp_desk(vec![manner]).await;
        let id = queued(&db, Template::Reminder, who).await;
        assert_eq!(desk.deliver(&db, now()).await, Some(MailState::Unknown));
        let unknown = row(&db, id).await;
        assert!(unknown.last_error.is_some_and(|why| why.starts_with("after DATA")));
        assert!(claimed(&db, now() + Duration::days(1)).await.is_empty());
    }
}
