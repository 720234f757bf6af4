//! The queue against a real database, and both transports.

mod delivery;
mod queue;
mod sink;

use chrono::{DateTime, Duration, Utc};
use sea_orm::EntityTrait as _;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::model::{MailState, Template, mail_message};
use super::queue::claim;
use super::{Message, Office, deliver, enqueue};
use crate::config::{MailSettings, MailTransport, load};
use crate::db::Db;
use crate::keys::{self, KeyRing};
use crate::people::identity::{NewPerson, create};

pub(super) const URL: &str = "https://formation.example";

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-22T08:00:00Z".parse().expect("an instant")
}

pub(super) fn lease() -> Duration {
    Duration::minutes(2)
}

/// A person named with everything that breaks naive headers, their mailbox shared or not.
pub(super) async fn person(db: &Db, shared: bool) -> Uuid {
    let tx = db.begin_write().await.expect("a transaction");
    let new = NewPerson {
        given_name: "Anne-Élise".to_owned(),
        family_name: "d'Hervé, née Le Goff".to_owned(),
        address: "anne@mairie.example".to_owned(),
        shared,
    };
    let person = create(&tx, &new, now() - Duration::days(1)).await.expect("a person");
    tx.commit().await.expect("committed");
    person
}

pub(super) async fn queued(db: &Db, template: Template, person_id: Uuid) -> Uuid {
    let message = Message {
        template,
        person_id,
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

pub(super) async fn row(db: &Db, id: Uuid) -> mail_message::Model {
    mail_message::Entity::find_by_id(id).one(db.read()).await.expect("read").expect("a message")
}

pub(super) async fn claimed(db: &Db, at: DateTime<Utc>) -> Vec<mail_message::Model> {
    claim(db, at, 10, lease()).await.expect("a claim")
}

/// Settings, keys and a folder to deliver with.
pub(super) struct Desk {
    pub(super) dir: TempDir,
    pub(super) keys: KeyRing,
    pub(super) mail: MailSettings,
}

pub(super) fn desk() -> Desk {
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
    pub(super) async fn deliver(&self, db: &Db, at: DateTime<Utc>) -> Option<MailState> {
        let office = Office::new(&self.mail, self.dir.path(), URL).expect("an office");
        let message = claim(db, at, 1, office.lease()).await.expect("a claim").remove(0);
        deliver(db, &office, &self.keys, message, at).await.expect("delivered")
    }

    pub(super) fn files(&self) -> Vec<(String, String)> {
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
