//! The queue against a real database, and both transports.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use sea_orm::EntityTrait as _;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::model::{MailState, Template, mail_message};
use super::queue::{self, Depth, Outcome, claim, finish, hand_over};
use super::{Message, Office, deliver, enqueue, link};
use crate::config::{MailSettings, MailTransport, SmtpSecurity, load};
use crate::db::Db;
use crate::keys::{self, KeyRing};
use crate::people::identity::{NewPerson, create};
use crate::testing::database;

const URL: &str = "https://formation.example";

fn now() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

fn lease() -> Duration {
    Duration::minutes(2)
}

/// A person named with everything that breaks naive headers, their mailbox shared or not.
async fn person(db: &Db, shared: bool) -> Uuid {
    let tx = db.begin_write().await.expect("a transaction");
    let new = NewPerson {
        given_name: "Anne-Élise".to_owned(),
        family_name: "d'Hervé, née Le Goff".to_owned(),
        address: "anne@mairie.example".to_owned(),
        shared,
    };
    let (person, _) = create(&tx, &new, now() - Duration::days(1)).await.expect("a person");
    tx.commit().await.expect("committed");
    person
}

async fn queued(db: &Db, template: Template, person_id: Uuid) -> Uuid {
    let message = Message {
        template,
        person_id,
        address_id: None,
        subject_id: Some(Uuid::from_u128(7)),
        context: json!({"module_title": "L'IA & vous", "due_on": "2026-11-29", "overdue": false}),
        not_before: now(),
        expires_at: now() + Duration::days(3),
    };
    let tx = db.begin_write().await.expect("a transaction");
    let id = enqueue(&tx, message, now()).await.expect("queued");
    tx.commit().await.expect("committed");
    id
}

async fn row(db: &Db, id: Uuid) -> mail_message::Model {
    mail_message::Entity::find_by_id(id).one(db.read()).await.expect("read").expect("a message")
}

async fn claimed(db: &Db, at: DateTime<Utc>) -> Vec<mail_message::Model> {
    claim(db, at, 10, lease()).await.expect("a claim")
}

#[tokio::test]
async fn two_workers_never_hold_the_same_message() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    for _ in 0..30 {
        queued(&db, Template::Reminder, who).await;
    }
    let claims = (0..6).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { claimed(&db, now()).await })
    });
    let mut ids = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        ids.extend(claim.await.expect("no panic").into_iter().map(|m| m.id));
    }
    ids.extend(claimed(&db, now()).await.into_iter().map(|m| m.id));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), count), (30, 30));
}

#[tokio::test]
async fn a_claim_that_lapsed_comes_back_unless_it_was_handed_over() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    let (kept, given) =
        (queued(&db, Template::Reminder, who).await, queued(&db, Template::Reminder, who).await);
    let both = claimed(&db, now()).await;
    let given_row = both.iter().find(|m| m.id == given).expect("claimed").clone();
    let kept_row = both.iter().find(|m| m.id == kept).expect("claimed").clone();
    let handed = hand_over(&db, given_row.clone(), now(), lease()).await.expect("noted");
    let handed = handed.expect("ours");
    assert!(hand_over(&db, given_row, now(), lease()).await.expect("asked").is_none(), "once");
    assert!(claimed(&db, now() + Duration::seconds(119)).await.is_empty(), "still leased");
    let again = claimed(&db, now() + lease()).await;
    assert_eq!(again.iter().map(|m| m.id).collect::<Vec<_>>(), [kept]);
    let unknown = row(&db, given).await;
    assert_eq!((unknown.state, unknown.attempts), (MailState::Unknown, 1));
    assert!(unknown.finished_at.is_some() && unknown.last_error.is_some());
    // The first worker was late, not dead: it may not send what another holds, and it does know
    // what became of the message it had handed over.
    assert!(hand_over(&db, kept_row.clone(), now(), lease()).await.expect("asked").is_none());
    let lost = finish(&db, &kept_row, Outcome::Sent, 8, now()).await.expect("asked");
    assert_eq!(lost, None);
    let told = finish(&db, &handed, Outcome::Sent, 8, now()).await.expect("told");
    assert_eq!(told, Some(MailState::Sent));
    assert_eq!(row(&db, given).await.state, MailState::Sent);
}

#[tokio::test]
async fn transient_failures_wait_longer_each_time_then_give_up() {
    let (_dir, db) = database().await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    let mut at = now();
    for pause in [1, 2] {
        let message = claimed(&db, at).await.remove(0);
        let message = hand_over(&db, message, at, lease()).await.expect("noted").expect("ours");
        let retry = Outcome::Retry("SMTP 451".to_owned());
        let state = finish(&db, &message, retry, 3, at).await.expect("recorded");
        assert_eq!(state, Some(MailState::Queued));
        at += Duration::minutes(pause);
        assert_eq!(row(&db, id).await.not_before, at);
        assert!(claimed(&db, at - Duration::seconds(1)).await.is_empty());
    }
    let message = claimed(&db, at).await.remove(0);
    let message = hand_over(&db, message, at, lease()).await.expect("noted").expect("ours");
    let retry = Outcome::Retry("SMTP 451".to_owned());
    assert_eq!(finish(&db, &message, retry, 3, at).await.expect("told"), Some(MailState::Failed));
    assert_eq!(
        row(&db, id).await.last_error.as_deref(),
        Some("given up after 3 attempts: SMTP 451")
    );
}

#[tokio::test]
async fn what_waited_too_long_expires_unsent() {
    let (_dir, db) = database().await;
    let id = queued(&db, Template::Reminder, person(&db, false).await).await;
    assert!(claimed(&db, now() + Duration::days(3)).await.is_empty());
    assert_eq!(row(&db, id).await.state, MailState::Expired);
    let depth = queue::depth(db.read(), now()).await.expect("depth");
    let by_state = vec![(MailState::Expired, 1)];
    assert_eq!(depth, Depth { by_state, ..Depth::default() });
}

#[tokio::test]
async fn claims_given_back_can_be_taken_at_once_and_the_queue_tells_its_depth() {
    let (_dir, db) = database().await;
    let who = person(&db, false).await;
    queued(&db, Template::Reminder, who).await;
    queued(&db, Template::Reminder, who).await;
    let held = claimed(&db, now()).await;
    queue::put_back(&db, &held).await.expect("given back");
    let at = now() + Duration::seconds(90);
    assert_eq!(claim(&db, at, 1, lease()).await.expect("a claim").len(), 1);
    let depth = queue::depth(db.read(), at).await.expect("depth");
    assert_eq!(depth.by_state, [(MailState::Queued, 1), (MailState::Delivering, 1)]);
    assert_eq!((depth.waiting, depth.oldest_seconds, depth.given_up), (2, 90, 0));
}

/// Settings, keys and a folder to deliver with.
struct Desk {
    dir: TempDir,
    keys: KeyRing,
    mail: MailSettings,
}

fn desk() -> Desk {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = load(None, Some(dir.path())).expect("the default settings");
    keys::create_missing(dir.path(), now()).expect("keys");
    let keys = KeyRing::load(dir.path()).expect("a ring");
    let mut mail = settings.mail;
    mail.transport = MailTransport::File;
    mail.from_name = "Formation, CNFPT & associés".to_owned();
    mail.timeout_seconds = 2;
    Desk { dir, keys, mail }
}

impl Desk {
    async fn deliver(&self, db: &Db, at: DateTime<Utc>) -> Option<MailState> {
        let office = Office::new(&self.mail, self.dir.path(), URL).expect("an office");
        let message = claim(db, at, 1, office.lease()).await.expect("a claim").remove(0);
        deliver(db, &office, &self.keys, message, at).await.expect("delivered")
    }

    fn files(&self) -> Vec<(String, String)> {
        let Ok(files) = std::fs::read_dir(self.dir.path().join("mail")) else { return Vec::new() };
        let mut files: Vec<_> = files
            .map(|file| {
                let path = file.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).expect("UTF-8"))
            })
            .collect();
        files.sort();
        files
    }
}

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

/// How the sink answers one conversation.
#[derive(Clone, Copy)]
enum Manner {
    /// Takes everything.
    Take,
    /// This answer to the recipient, then as usual.
    Recipient(&'static str),
    /// This answer to AUTH or EHLO.
    Greeting(&'static str),
    /// Reads the message, then hangs up without a word.
    CutAfterData,
    /// Reads the message, then says nothing for long.
    Silent,
}

/// A relay that treats each conversation in its turn as scripted, and keeps what it took.
async fn sink(script: Vec<Manner>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = taken.clone();
    tokio::spawn(async move {
        for manner in script {
            let (stream, _) = listener.accept().await.expect("a client");
            let _ = converse(stream, manner, &kept).await;
        }
    });
    (port, taken)
}

async fn converse(
    mut stream: tokio::net::TcpStream,
    manner: Manner,
    kept: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    if let Manner::Greeting(answer) = manner {
        return write.write_all(answer.as_bytes()).await;
    }
    write.write_all(b"220 sink\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer = match (line.split(' ').next().unwrap_or_default(), manner) {
            ("EHLO", _) => "250-sink\r\n250 8BITMIME\r\n",
            ("RCPT", Manner::Recipient(answer)) => answer,
            ("DATA", _) => "354 go on\r\n",
            ("QUIT", _) => return write.write_all(b"221 bye\r\n").await,
            _ => "250 ok\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
        if line != "DATA" {
            continue;
        }
        let mut message = String::new();
        while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
            message.push_str(&line);
            message.push_str("\r\n");
        }
        match manner {
            Manner::CutAfterData => return Ok(()),
            Manner::Silent => tokio::time::sleep(std::time::Duration::from_secs(20)).await,
            _ => {}
        }
        kept.lock().expect("one writer").push(message);
        write.write_all(b"250 taken\r\n").await?;
    }
    Ok(())
}

async fn smtp_desk(script: Vec<Manner>) -> (Desk, Arc<Mutex<Vec<String>>>) {
    let (port, taken) = sink(script).await;
    let mut desk = desk();
    desk.mail.transport = MailTransport::Smtp;
    desk.mail.smtp_host = "127.0.0.1".to_owned();
    desk.mail.smtp_port = port;
    desk.mail.smtp_security = SmtpSecurity::None;
    (desk, taken)
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
