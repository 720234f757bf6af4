//! From a claimed row to a letter handed over: who it is for, what it says, and what became of it.

use std::path::Path;
use std::str::FromStr as _;
use std::time::{Duration as StdDuration, Instant};

use chrono::{DateTime, Duration, Utc};
use lettre::Address;
use lettre::message::Mailbox;
use sea_orm::ConnectionTrait;

use super::letter::{Letter, host};
use super::model::mail_message::Model;
use super::model::{MailState, Template, WITH_A_LINK};
use super::queue::{self, Outcome};
use super::render::{Common, render};
use super::{Transport, address, calendar, link};
use crate::config::{ConfigError, MailSettings};
use crate::db::Db;
use crate::error::{self, Error, Result};
use crate::keys::KeyRing;
use crate::people::identity;
use crate::people::model::contact_address;

/// How long an outcome that could not be recorded is remembered, and how often it is tried again.
const MEMORY: StdDuration = StdDuration::from_secs(30);
const PAUSE: StdDuration = StdDuration::from_millis(500);

/// What sending takes beside the message: transport, sender, public address, patience.
#[derive(Clone, Debug)]
pub struct Office {
    transport: Transport,
    from: Mailbox,
    public_url: String,
    timeout_seconds: u64,
    max_attempts: i32,
}

impl Office {
    /// Prepares delivery as the settings say; nothing is contacted yet.
    ///
    /// # Errors
    /// A sender address or a relay that cannot be used.
    pub fn new(
        settings: &MailSettings,
        data_dir: &Path,
        public_url: &str,
    ) -> Result<Self, ConfigError> {
        let address = Address::from_str(&settings.from_address)
            .map_err(|error| ConfigError::Value(format!("mail.from_address: {error}")))?;
        let name = Some(settings.from_name.clone()).filter(|name| !name.trim().is_empty());
        Ok(Self {
            transport: Transport::new(settings, data_dir, public_url)?,
            from: Mailbox::new(name, address),
            public_url: public_url.to_owned(),
            timeout_seconds: settings.timeout_seconds,
            max_attempts: settings.max_attempts,
        })
    }

    /// How long a claim must hold for a delivery not to outlive it: both halves of a conversation,
    /// and a minute for the database.
    pub fn lease(&self) -> Duration {
        let seconds = i64::try_from(self.timeout_seconds).unwrap_or(i64::MAX / 4000);
        Duration::seconds(2 * seconds + 60)
    }

    /// Records an outcome decided above: a message no longer due, for instance.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(
        &self,
        db: &Db,
        message: &Model,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Option<MailState>> {
        queue::finish(db, message, outcome, self.max_attempts, now).await
    }
}

/// Delivers a claimed message and records the outcome; no transaction is open while the transport
/// works. Answers the new state, or `None` when another worker holds the message.
///
/// # Errors
/// When the database fails: before the hand-over, the message goes back to the queue once its lease
/// has passed; after it, the message is reported `unknown`.
pub async fn deliver(
    db: &Db,
    office: &Office,
    keys: &KeyRing,
    message: Model,
    now: DateTime<Utc>,
) -> Result<Option<MailState>> {
    let letter = match compose(db.read(), office, keys, &message, now).await? {
        Ok(letter) => letter,
        Err(outcome) => return office.finish(db, &message, outcome, now).await,
    };
    let Some(message) = queue::hand_over(db, message, now, office.lease()).await? else {
        return Ok(None);
    };
    let outcome = office.transport.send(&letter).await;
    record(db, office, &message, outcome, now).await
}

/// Records what became of a message that was handed over, asking again while the database is away:
/// what is known now would be `unknown` later.
async fn record(
    db: &Db,
    office: &Office,
    message: &Model,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<Option<MailState>> {
    let begun = Instant::now();
    loop {
        match office.finish(db, message, outcome.clone(), now).await {
            Err(Error::Database(error)) if begun.elapsed() < MEMORY => {
                tracing::warn!(message = %message.id, %error, "the outcome is not recorded yet");
                tokio::time::sleep(PAUSE).await;
            }
            recorded => return recorded,
        }
    }
}

/// The letter, or why there is none to send.
async fn compose(
    conn: &impl ConnectionTrait,
    office: &Office,
    keys: &KeyRing,
    message: &Model,
    now: DateTime<Utc>,
) -> Result<Result<Letter, Outcome>> {
    if message.expires_at <= now {
        return Ok(Err(Outcome::Expired));
    }
    let to = match recipient(conn, message, now).await? {
        Ok(address) => address,
        Err(why) => return Ok(Err(Outcome::Failed(why.to_owned()))),
    };
    let name = full_name(conn, message).await?;
    Ok(write(office, keys, message, name, &to.address, now).map_err(Outcome::Failed))
}

/// The address to write to, or why none will do.
async fn recipient(
    conn: &impl ConnectionTrait,
    message: &Model,
    now: DateTime<Utc>,
) -> Result<Result<contact_address::Model, &'static str>> {
    let own_only = opens_an_account(message.template) || is_confidential(message.template);
    if let Some(best) = address::best(conn, message.person_id, own_only, now).await? {
        return Ok(Ok(best));
    }
    let shared = address::best(conn, message.person_id, false, now).await?.is_some();
    Ok(Err(if shared { "only a shared address" } else { "no address" }))
}

/// Whether a message holds a one-use link.
pub(super) fn opens_an_account(template: Template) -> bool {
    WITH_A_LINK.contains(&template)
}

/// Whether nobody else who reads the mailbox is to know of it: a complaint, which may be about them, or
/// what an employer says of the person.
fn is_confidential(template: Template) -> bool {
    matches!(
        template,
        Template::ComplaintReceived
            | Template::ComplaintAnswered
            | Template::AccountKnown
            | Template::ClaimConfirmed
            | Template::ClaimRefused
            | Template::AttestationRevoked
            | Template::AttestationReinstated
            | Template::ResultCorrected
    )
}

/// How the person is called now; nothing once their identity is erased.
async fn full_name(conn: &impl ConnectionTrait, message: &Model) -> Result<Option<String>> {
    let current = error::found(identity::current(conn, message.person_id).await)?;
    Ok(current.map(|who| format!("{} {}", who.given_name, who.family_name)))
}

fn write(
    office: &Office,
    keys: &KeyRing,
    message: &Model,
    name: Option<String>,
    to: &str,
    now: DateTime<Utc>,
) -> Result<Letter, String> {
    let name = name.ok_or("no current identity")?;
    let to = Address::from_str(to).map_err(|_| "the address cannot be written to")?;
    let link = match (opens_an_account(message.template), message.subject_id) {
        (false, _) => None,
        (true, None) => return Err("no link to send".to_owned()),
        (true, Some(id)) => {
            Some((link::url(&office.public_url, keys, id), message.expires_at - message.created_at))
        }
    };
    let common = Common {
        name: &name,
        sender: office.from.name.as_deref().unwrap_or(&office.public_url),
        public_url: &office.public_url,
        link,
    };
    let text = render(message.template, &message.context, &common)
        .map_err(|error| format!("the template: {}", error.kind()))?;
    let (host, to) = (host(&office.public_url), Mailbox::new(Some(name), to));
    let calendar = calendar::attached(&message.context, host, &office.from, &to)?;
    Ok(Letter {
        id: message.id,
        template: message.template,
        created_at: message.created_at,
        date: now,
        host: host.to_owned(),
        from: office.from.clone(),
        to,
        text,
        calendar,
    })
}
