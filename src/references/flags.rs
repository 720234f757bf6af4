//! Asking for reviews: every question that stands and was never asked becomes an item, and mail to those
//! who answer for the module. The item's unique key decides between two who ask at once; the loser
//! tells nobody.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::model::review_item;
use super::rules::{self, Citing, Due, Texts, paris_day};
use super::{citing, tell, texts};
use crate::clock;
use crate::db::{Db, MOST_BOUND};
use crate::error::Result;

/// What a look asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// Items.
    pub items: u64,
    /// Messages queued.
    pub messages: u64,
}

/// Asks for everything that is to be reviewed at `now`: what the calendar says, and what was published
/// since on a text that had changed. Any number of processes may look at once.
///
/// # Errors
/// When the database fails; nothing was asked then.
pub async fn look(db: &Db, now: DateTime<Utc>) -> Result<Raised> {
    let (modules, fresh) = unasked(db.read(), Scope::Everything, now).await?;
    if fresh.is_empty() {
        return Ok(Raised::default());
    }
    let tx = db.begin_write().await?;
    let ours = raise(&tx, &modules, fresh, now).await?;
    let messages = tell::tell(&tx, &ours, now).await?;
    tx.commit().await?;
    Ok(Raised { items: ours.len() as u64, messages })
}

/// Asks for the review of every module that cites these texts, which have just changed. Answers how
/// many items that makes.
///
/// # Errors
/// When the database fails.
pub(super) async fn changed(
    tx: &DatabaseTransaction,
    slugs: &[String],
    now: DateTime<Utc>,
) -> Result<u64> {
    if slugs.is_empty() {
        return Ok(0);
    }
    let (modules, fresh) = unasked(tx, Scope::Texts(slugs), now).await?;
    let ours = raise(tx, &modules, fresh, now).await?;
    tell::tell(tx, &ours, now).await?;
    Ok(ours.len() as u64)
}

/// Asks for everything that is to be reviewed at `now`, and tells nobody: for a database restored from a
/// backup, which does not know what was said since. Answers how many items that makes.
///
/// # Errors
/// When the database fails.
pub async fn pass_over(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<u64> {
    let (modules, fresh) = unasked(tx, Scope::Everything, now).await?;
    Ok(raise(tx, &modules, fresh, now).await?.len() as u64)
}

/// Of what is asked.
#[derive(Clone, Copy)]
enum Scope<'s> {
    Everything,
    /// Of what these texts say.
    Texts(&'s [String]),
}

/// The modules, and the questions about them that stand and were never asked.
async fn unasked(
    conn: &impl ConnectionTrait,
    scope: Scope<'_>,
    now: DateTime<Utc>,
) -> Result<(Vec<Citing>, Vec<Due>)> {
    let modules = citing::published(conn).await?;
    let texts: Texts = match scope {
        Scope::Everything => texts::all(conn).await?,
        Scope::Texts(slugs) => texts::named(conn, slugs).await?,
    };
    let mut due = rules::due(&texts, &modules, paris_day(now));
    if let Scope::Texts(slugs) = scope {
        due.retain(|due| due.slug.as_ref().is_some_and(|slug| slugs.contains(slug)));
    }
    let asked = asked(conn, &due).await?;
    due.retain(|due| !asked.contains(&due.key()));
    Ok((modules, due))
}

/// Those of the keys that are known.
async fn asked(conn: &impl ConnectionTrait, due: &[Due]) -> Result<HashSet<String>> {
    let mut known = HashSet::new();
    for some in due.chunks(MOST_BOUND) {
        let keys: Vec<String> = review_item::Entity::find()
            .select_only()
            .column(review_item::Column::NaturalKey)
            .filter(review_item::COLUMN.natural_key.is_in(some.iter().map(Due::key)))
            .into_tuple()
            .all(conn)
            .await?;
        known.extend(keys);
    }
    Ok(known)
}

/// Writes the items; answers those that were not there, with their modules.
async fn raise<'m>(
    tx: &DatabaseTransaction,
    modules: &'m [Citing],
    mut due: Vec<Due>,
    now: DateTime<Utc>,
) -> Result<Vec<(&'m Citing, Due)>> {
    // Two processes write them in the same order: one waits for the other, and neither for itself.
    due.sort_by_key(Due::key);
    let mut ours = Vec::new();
    // A row has ten values.
    for some in due.chunks(MOST_BOUND / 10) {
        let of = |due: &Due| modules.iter().find(|module| module.module_id == due.module_id);
        let asked: Vec<(Uuid, &Citing, &Due)> =
            some.iter().filter_map(|due| Some((clock::new_id(), of(due)?, due))).collect();
        let rows = asked.iter().map(|(id, module, due)| row(*id, module, due, now));
        review_item::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::column(review_item::Column::NaturalKey).do_nothing().to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
        let written: Vec<Uuid> = review_item::Entity::find()
            .select_only()
            .column(review_item::Column::Id)
            .filter(review_item::COLUMN.id.is_in(asked.iter().map(|(id, ..)| *id)))
            .into_tuple()
            .all(tx)
            .await?;
        let written: HashSet<Uuid> = written.into_iter().collect();
        let kept = asked.into_iter().filter(|(id, ..)| written.contains(id));
        ours.extend(kept.map(|(_, module, due)| (module, due.clone())));
    }
    Ok(ours)
}

fn row(id: Uuid, module: &Citing, due: &Due, now: DateTime<Utc>) -> review_item::ActiveModel {
    review_item::ActiveModel {
        id: Set(id),
        natural_key: Set(due.key()),
        module_id: Set(module.module_id),
        module_version_id: Set(module.version_id),
        module_number: Set(module.number),
        cause: Set(due.cause),
        slug: Set(due.slug.clone()),
        reference_version_id: Set(due.version_id),
        due_on: Set(due.on),
        raised_at: Set(now),
    }
}
