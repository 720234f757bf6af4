//! Opening what requirements ask, and following those whom they concern: a walk over people.
//!
//! What becomes of some hundreds of people is read and decided while nothing is held, then written in
//! one short transaction that begins by holding the row of the walk: if anybody has written meanwhile,
//! it is decided again. The row says where the walk is, so that one which is killed goes on from there.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use uuid::Uuid;

use super::decide::{Last, decide};
use super::force::{self, Ready};
use super::load::{self, Places};
use super::model::requirement_sweep;
use super::rows::{Planned, write};
use super::sweep;
use crate::db::Db;
use crate::error::Result;
use crate::obligations;
use crate::obligations::model::obligation;

/// People looked at, and written about, at a time: a transaction of some milliseconds.
const BATCH: u64 = 200;

/// Batches of one call: the worker has other things to do.
const BATCHES: usize = 32;

/// Seconds that a transaction may take between dating a capacity and committing it.
const OVERLAP_SECONDS: i64 = 15;

/// Seconds of a quarter of a day: how often people are walked over because days begin, where they are.
const QUARTER_SECONDS: i64 = 6 * 60 * 60;

/// What a call did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Obligations opened.
    pub opened: u64,
    /// Events told.
    pub events: u64,
    /// Whether there is more to walk over.
    pub more: bool,
}

/// Goes on with the walk over people, if there is one to be made at `now`.
///
/// # Errors
/// When the database fails; what is written stays, and the next call goes on from there.
pub async fn enter(db: &Db, now: DateTime<Utc>) -> Result<Entered> {
    let mut all = Entered::default();
    let mut places = Places::new();
    for _ in 0..BATCHES {
        let Some(step) = step(db, &mut places, now).await? else { return Ok(all) };
        all.opened += step.opened;
        all.events += step.events;
    }
    all.more = true;
    Ok(all)
}

/// Follows one person at once, in the transaction that changes who they are.
///
/// # Errors
/// When the database fails.
pub async fn enter_person(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Entered> {
    let held = sweep::locked(tx, now).await?;
    let requirements = force::in_force(tx).await?;
    let plan = plan(tx, &requirements, &[person_id], &mut Places::new(), now).await?;
    let written = write(tx, &requirements, plan, now).await?;
    sweep::moved(tx, held, |_| ()).await?;
    Ok(written)
}

/// Walks over everybody within one transaction: for a database that nobody is served from yet.
///
/// # Errors
/// When the database fails.
pub async fn enter_everyone(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Entered> {
    let held = sweep::locked(tx, now).await?;
    let requirements = force::in_force(tx).await?;
    let (mut all, mut places, mut after) = (Entered::default(), Places::new(), None);
    while !requirements.is_empty() {
        let some = load::persons_after(tx, after, BATCH).await?;
        let Some(last) = some.last().copied() else { break };
        after = Some(last);
        let plan = plan(tx, &requirements, &some, &mut places, now).await?;
        let written = write(tx, &requirements, plan, now).await?;
        all.opened += written.opened;
        all.events += written.events;
    }
    sweep::moved(tx, held, |row| row.seen_at = Set(now)).await?;
    Ok(all)
}

/// One batch; nothing when there is nothing to look at.
async fn step(db: &Db, places: &mut Places, now: DateTime<Utc>) -> Result<Option<Entered>> {
    let quarter = now.timestamp().div_euclid(QUARTER_SECONDS);
    let look = db.begin_look().await?;
    let known = requirement_sweep::Entity::find_by_id(sweep::ROW).one(&look).await?;
    let sweep = known.unwrap_or_else(|| sweep::unknown(now));
    let seen_at = Ord::max(sweep.seen_at, now - Duration::seconds(OVERLAP_SECONDS));
    if sweep.done && sweep.quarter == quarter {
        let some = load::recorded_after(&look, sweep.seen_at, BATCH + 1).await?;
        if some.is_empty() {
            return Ok(None);
        }
        let many = some.len() as u64 > BATCH;
        let change = move |row: &mut requirement_sweep::ActiveModel| {
            row.seen_at = Set(seen_at);
            if many {
                row.after = Set(None);
                row.done = Set(false);
            }
        };
        let those = if many { &[][..] } else { &some[..] };
        let requirements = force::in_force(&look).await?;
        let plan = plan(&look, &requirements, those, places, now).await?;
        look.commit().await?;
        let written = decided(db, &sweep, (&requirements, plan), change, now).await?;
        // What is looked at again for some seconds is no reason to go on at once.
        let idle = !many && written == Entered::default();
        return Ok((!idle).then_some(written));
    }
    let after = sweep.after.filter(|_| !sweep.done && sweep.quarter == quarter);
    let requirements = force::in_force(&look).await?;
    let some = match requirements.is_empty() {
        true => Vec::new(),
        false => load::persons_after(&look, after, BATCH).await?,
    };
    let plan = plan(&look, &requirements, &some, places, now).await?;
    look.commit().await?;
    let last = some.last().copied().filter(|_| some.len() as u64 == BATCH);
    let begins = after.is_none();
    let change = move |row: &mut requirement_sweep::ActiveModel| {
        row.quarter = Set(quarter);
        row.after = Set(last);
        row.done = Set(last.is_none());
        if begins {
            row.seen_at = Set(seen_at);
        }
    };
    decided(db, &sweep, (&requirements, plan), change, now).await.map(Some)
}

/// Writes what was decided of some people while nothing was held, unless somebody else has written
/// meanwhile: then nothing is done.
async fn decided(
    db: &Db,
    sweep: &requirement_sweep::Model,
    (requirements, plan): (&[Ready], Vec<Planned>),
    change: impl FnOnce(&mut requirement_sweep::ActiveModel),
    now: DateTime<Utc>,
) -> Result<Entered> {
    let tx = db.begin_write().await?;
    let held = sweep::locked(&tx, now).await?;
    if held.revision != sweep.revision {
        tx.rollback().await?;
        return Ok(Entered::default());
    }
    let written = write(&tx, requirements, plan, now).await?;
    sweep::moved(&tx, held, change).await?;
    tx.commit().await?;
    Ok(written)
}

/// What is to be written about these people, by every requirement.
async fn plan(
    conn: &impl ConnectionTrait,
    requirements: &[Ready],
    persons: &[Uuid],
    places: &mut Places,
    now: DateTime<Utc>,
) -> Result<Vec<Planned>> {
    if requirements.is_empty() || persons.is_empty() {
        return Ok(Vec::new());
    }
    let people = load::people(conn, persons, places).await?;
    let lasts = lasts(conn, requirements, persons, now).await?;
    let mut plan = Vec::new();
    for (nth, requirement) in requirements.iter().enumerate() {
        for person_id in persons {
            let held = people.get(person_id).map_or(&[][..], Vec::as_slice);
            let entries = load::entries(requirement, held, places, now);
            let last = lasts.get(&(requirement.version.requirement_id, *person_id));
            let act = decide(&requirement.terms, &entries, last.map(|(last, _)| last));
            let told = last.map_or(0, |(_, told)| *told);
            let planned = |act| Planned { requirement: nth, person_id: *person_id, act, told };
            plan.extend(act.map(planned));
        }
    }
    Ok(plan)
}

type Lasts = HashMap<(Uuid, Uuid), (Last, usize)>;

/// The latest obligation of each of these people by each of these requirements, with how many events
/// were told of it.
async fn lasts(
    conn: &impl ConnectionTrait,
    requirements: &[Ready],
    persons: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Lasts> {
    let rows = obligation::Entity::find()
        .filter(
            obligation::Column::RequirementId
                .is_in(requirements.iter().map(|ready| ready.version.requirement_id)),
        )
        .filter(load::of_persons(obligation::Column::PersonId, persons))
        .all(conn)
        .await?;
    let mut latest: HashMap<(Uuid, Uuid), obligation::Model> = HashMap::new();
    for row in rows {
        let Some(requirement) = row.requirement_id else { continue };
        let key = (requirement, row.person_id);
        if latest.get(&key).is_none_or(|known| known.cycle < row.cycle) {
            latest.insert(key, row);
        }
    }
    let (keys, rows): (Vec<_>, Vec<_>) = latest.into_iter().unzip();
    let standings = obligations::standings(conn, &rows, now).await?;
    let last = |(row, standing): (obligation::Model, obligations::Standing)| {
        let told = standing.events.len();
        let last = Last {
            row,
            status: standing.status,
            is_out: standing.is_out,
            is_final: standing.is_final,
            capacity_id: standing.under.0,
            fresh_since: standing.fresh_since,
        };
        (last, told)
    };
    Ok(keys.into_iter().zip(rows.into_iter().zip(standings).map(last)).collect())
}
