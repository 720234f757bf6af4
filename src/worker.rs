//! The loop that publishes what is due, opens what requirements ask, plans reminders and delivers mail.
//!
//! Any number of processes may run it: the ledger's key, the leases of the queue and the heartbeat
//! rows are all that they share. A round that fails is logged once and the next one begins afresh.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::accounts::{links, session, web_session};
use crate::app::App;
use crate::capacities;
use crate::catalogue::{Shelf, revision};
use crate::clock::{self, Clock};
use crate::cohorts;
use crate::config::{ConfigError, Settings};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::feedback;
use crate::instance;
use crate::jobs;
use crate::keys::KeyRing;
use crate::learning::study::Attester;
use crate::learning::{hand_in, presence};
use crate::mail::model::mail_message;
use crate::mail::model::{MailState, Template};
use crate::mail::queue::{self, Outcome};
use crate::mail::{self, Office};
use crate::publication::{self, preview::House};
use crate::references::{flags, rules::paris_day};
use crate::regrades::{self, run::Means};
use crate::reminders::{self, Planned};
use crate::requirements::{self, Entered};
use crate::sessions;

/// Messages claimed at a time: what a worker that dies keeps from the others for one lease.
const HANDFUL: u64 = 20;

/// A round that lasts beats at least this often.
const BEAT_EVERY: chrono::Duration = chrono::Duration::seconds(10);

/// How often what serves no more is forgotten.
const TIDY_EVERY: chrono::Duration = chrono::Duration::days(1);

/// Days after which the heartbeat of a worker that stopped is forgotten.
const FORGOTTEN_DAYS: i64 = 7;

/// A worker of this process.
#[derive(Debug)]
pub struct Worker {
    id: Uuid,
    db: Db,
    keys: Arc<KeyRing>,
    clock: Clock,
    office: Office,
    tick: Duration,
    plan_every: chrono::Duration,
    settings: Settings,
    shelf: Shelf,
    nudge: Arc<Notify>,
    shutdown: watch::Receiver<bool>,
}

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// How many scheduled publications were settled.
    pub published: u64,
    /// What requirements made people owe.
    pub entered: Entered,
    /// How many attempts were ended by their time.
    pub ended: u64,
    /// How many results were marked again under a corrected key.
    pub regraded: u64,
    /// What was written in the ledger.
    pub planned: Planned,
    /// The new state of each message taken in hand.
    pub finished: Vec<MailState>,
    /// Whether more messages were waiting than one round takes.
    pub more: bool,
}

/// When and after which publication a worker looked for what is to be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    /// The day in Paris.
    day: NaiveDate,
    /// The catalogue's revision.
    revision: i64,
}

/// Runs a worker until `shutdown` turns true, finishing the message in hand.
///
/// # Errors
/// Mail settings that cannot be used; nothing has run then.
pub async fn run(app: App, shutdown: watch::Receiver<bool>) -> Result<(), ConfigError> {
    let parts = (app.db, app.keys, app.clock);
    let worker = Worker::new(&app.settings, parts, shutdown)?;
    Worker { shelf: app.shelf, nudge: app.nudge, ..worker }.run().await;
    Ok(())
}

impl Worker {
    /// Prepares a worker.
    ///
    /// # Errors
    /// Mail settings that cannot be used.
    pub fn new(
        settings: &Settings,
        (db, keys, clock): (Db, Arc<KeyRing>, Clock),
        shutdown: watch::Receiver<bool>,
    ) -> Result<Self, ConfigError> {
        let office = Office::new(&settings.mail, &settings.data.dir, &settings.http.public_url)?;
        let tick = Duration::from_secs(settings.worker.tick_seconds);
        let plan_every = i64::try_from(settings.worker.plan_seconds).unwrap_or(i64::from(u32::MAX));
        let plan_every = chrono::Duration::seconds(plan_every);
        let id = clock::new_id();
        let settings = settings.clone();
        let (shelf, nudge) = (Shelf::default(), Arc::default());
        Ok(Self { id, db, keys, clock, office, tick, plan_every, settings, shelf, nudge, shutdown })
    }

    /// Rounds until shutdown, at each tick or at once while more is waiting; not every round plans.
    async fn run(mut self) {
        let (mut tidied, mut planned, mut looked) = (None, None, None);
        while !self.stopping() {
            let now = self.clock.now();
            if is_due(tidied, TIDY_EVERY, now) {
                match self.tidy().await {
                    Ok(()) => tidied = Some(now),
                    Err(error) => tracing::error!(%error, "the worker could not tidy"),
                }
            }
            looked = self.look_at_the_law(looked, now).await;
            let plan = is_due(planned, self.plan_every, now);
            if plan {
                planned = Some(now);
            }
            let more = match self.round_of(plan).await {
                Ok(round) => round.more,
                Err(error) => {
                    tracing::error!(%error, "the worker's round failed");
                    false
                }
            };
            if !more {
                let tick = tokio::time::sleep(self.tick);
                tokio::select! {
                    () = tick => {}
                    () = self.nudge.notified() => {}
                    // The sender gone is a shutdown too: nobody is left to ask for one.
                    changed = self.shutdown.changed() => if changed.is_err() { break },
                }
            }
        }
        // What it has in hand is another's at once, rather than when its lease has passed.
        if let Err(error) = jobs::queue::put_down(&self.db, self.id).await {
            tracing::error!(%error, "the worker could not put its jobs down");
        }
    }

    fn stopping(&self) -> bool {
        *self.shutdown.borrow()
    }

    /// Makes sure that there are rules, and forgets what serves no more: workers long gone, refresh
    /// tokens, one-use links and sessions of the web that have expired, accounts asked for that nobody
    /// opened, where people were last, and what was sent to jobs that are over.
    async fn tidy(&self) -> Result<()> {
        let now = self.clock.now();
        let tx = self.db.begin_write().await?;
        reminders::seed(&tx, now).await?;
        instance::forget_beats(&tx, now - chrono::Duration::days(FORGOTTEN_DAYS)).await?;
        session::forget_expired(&tx, now).await?;
        links::forget_expired(&tx, now).await?;
        web_session::forget_expired(&tx, now).await?;
        capacities::tidy::forget_unproved(&tx, now).await?;
        presence::forget(&tx, now).await?;
        jobs::tidy::forget(&tx, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks for what is to be reviewed when it starts, once the day has changed in Paris, and once
    /// something was published: it may cite a text that had changed before. Answers the last look that
    /// succeeded.
    async fn look_at_the_law(&self, looked: Option<Look>, now: DateTime<Utc>) -> Option<Look> {
        let look = async {
            // Read first: what is published during the look is the next one's.
            let seen =
                Look { day: paris_day(now), revision: revision::current(self.db.read()).await? };
            if looked == Some(seen) {
                return Ok(seen);
            }
            let raised = flags::look(&self.db, now).await?;
            if raised.items > 0 {
                tracing::info!(items = raised.items, messages = raised.messages, "to be reviewed");
            }
            Ok::<_, Error>(seen)
        };
        match look.await {
            Ok(seen) => Some(seen),
            Err(error) => {
                tracing::error!(%error, "the worker could not look for what is to be reviewed");
                looked
            }
        }
    }

    /// One round: publish, open what is owed, end attempts, enrol in bulk, plan, deliver, beat. What can be done is
    /// done, whatever fails beside it; the beat
    /// says that this worker lives, not that all went well.
    ///
    /// # Errors
    /// The first failure of the round.
    pub async fn round(&self) -> Result<Round> {
        self.round_of(true).await
    }

    async fn round_of(&self, plan: bool) -> Result<Round> {
        let published = self.publish().await;
        let entered = requirements::enter(&self.db, self.clock.now()).await;
        let ended = self.end_attempts().await;
        let regraded = self.regrade().await;
        let enrolled = cohorts::work::work(&self.db, &self.shelf, self.id, &self.clock).await;
        let planned = match plan {
            true => reminders::plan(&self.db, self.clock.now()).await,
            false => Ok(Planned::default()),
        };
        let mut round = Round::default();
        let delivered = self.deliver(&mut round).await;
        let beaten = self.beat(self.clock.now()).await;
        round.published = published?;
        round.entered = entered?;
        round.more |= round.entered.more;
        round.ended = ended?;
        let regraded = regraded?;
        round.regraded = regraded.told;
        round.more |= regraded.more;
        round.more |= enrolled?;
        round.planned = planned?;
        delivered.and(beaten).map(|()| round)
    }

    /// Settles the publications whose time has come.
    async fn publish(&self) -> Result<u64> {
        let house = House::of(self.db.read(), &self.settings).await?;
        publication::publish_due(&self.db, house, self.clock.now()).await
    }

    /// Ends the attempts whose time is over.
    async fn end_attempts(&self) -> Result<u64> {
        let issuer = &self.settings.http.public_url;
        let attester = Attester { keys: &self.keys, issuer };
        hand_in::close_due(&self.db, attester, self.clock.now()).await
    }

    /// Goes on with what corrected keys change.
    async fn regrade(&self) -> Result<regrades::run::Step> {
        let attester = Attester { keys: &self.keys, issuer: &self.settings.http.public_url };
        let (db, clock) = (&self.db, &self.clock);
        let means = Means { db, shelf: &self.shelf, attester, clock };
        regrades::advance(means, regrades::run::PAGE).await
    }

    async fn deliver(&self, round: &mut Round) -> Result<()> {
        let lease = self.office.lease();
        let mut claimed = queue::claim(&self.db, self.clock.now(), HANDFUL, lease).await?;
        round.more = claimed.len() as u64 == HANDFUL;
        claimed.reverse();
        let (mut failure, mut left) = (None, Vec::new());
        let mut beaten = self.clock.now();
        while let Some(message) = claimed.pop() {
            if self.stopping() {
                claimed.push(message);
                break;
            }
            match self.handle(message.clone()).await {
                Ok(state) => round.finished.extend(state),
                Err(error) => {
                    failure = failure.or(Some(error));
                    left.push(message);
                }
            }
            // A slow relay is no dead worker.
            let now = self.clock.now();
            if now - beaten >= BEAT_EVERY {
                if let Err(error) = self.beat(now).await {
                    failure = failure.or(Some(error));
                }
                beaten = now;
            }
        }
        // Those that failed before they were handed over need not wait for their lease either.
        claimed.append(&mut left);
        queue::put_back(&self.db, &claimed).await?;
        failure.map_or(Ok(()), Err)
    }

    async fn handle(&self, message: mail_message::Model) -> Result<Option<MailState>> {
        let now = self.clock.now();
        let id = message.id;
        let due = match message.template {
            Template::Reminder => reminders::still_due(self.db.read(), &message, now).await?,
            Template::SessionReminder => sessions::still_due(self.db.read(), &message, now).await?,
            Template::FeedbackReceived | Template::ComplaintToHandle => {
                feedback::still_due(self.db.read(), &message, now).await?
            }
            Template::EnrolmentInvitation => {
                cohorts::invitations::still_due(self.db.read(), &message).await?
            }
            _ => true,
        };
        let state = if due {
            mail::deliver(&self.db, &self.office, &self.keys, message, now).await?
        } else {
            self.office.finish(&self.db, &message, Outcome::Cancelled, now).await?
        };
        tracing::info!(message = %id, ?state, "mail handled");
        Ok(state)
    }

    async fn beat(&self, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db.begin_write().await?;
        instance::beat(&tx, self.id, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether what is done from time to time is to be done now: the first time, then each time that its
/// interval has passed.
fn is_due(last: Option<DateTime<Utc>>, every: chrono::Duration, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| every <= now - last || now < last)
}

#[cfg(test)]
mod tests;
