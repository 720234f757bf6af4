//! Loads the referential into the database: organisations with their dated identifiers, the links
//! between them, and one dated, presumed CDG affiliation per commune and EPCI.
//!
//! The import only fills what is missing. What exists, were it closed by hand since, is a human
//! decision that it counts and leaves alone: a second run changes nothing. Each batch is a short
//! transaction that looks again before it writes, so that a killed import resumes where it stopped
//! and two imports at once are harmless.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use super::loaded;
use super::model::{
    LinkKind, Scheme, affiliation, organisation, organisation_identifier, organisation_link,
};
use super::new_rows::{affiliation_row, identifier_row, link_row, organisation_row};
use super::plan::{Key, Planned, plan};
#[cfg(test)]
use super::referential::Sources;
use super::referential::{EMBEDDED, Referential};
use crate::clock::new_id;
use crate::db::{self, Db, Lock, MOST_BOUND};
use crate::error::{Error, Reason, Refusal, Result};

/// Organisations per transaction: some tens of milliseconds, so that nobody waits.
const BATCH: usize = 500;

/// What an import did, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Organisations written.
    pub organisations_added: usize,
    /// Organisations that were already there.
    pub organisations_present: usize,
    /// Identifiers written.
    pub identifiers_added: usize,
    /// Links written.
    pub links_added: usize,
    /// Affiliations written.
    pub affiliations_added: usize,
    /// Affiliations left alone because the organisation already had one, whatever it says.
    pub affiliations_present: usize,
}

impl Report {
    /// Whether the import found everything there already.
    pub fn nothing_changed(&self) -> bool {
        self.organisations_added + self.identifiers_added == 0
            && self.links_added + self.affiliations_added == 0
    }
}

/// Loads the referential that this program carries; nothing to report when it is the one that was
/// loaded last. `again` looks at every row all the same.
///
/// # Errors
/// `content-findings` when the files have faults (nothing is then written); `conflict` when two
/// identifiers of one line belong to two organisations; a database failure.
pub async fn import(db: &Db, again: bool, now: DateTime<Utc>) -> Result<Option<Report>> {
    let digest = EMBEDDED.digest();
    if !again && loaded::last(db.read()).await?.as_ref() == Some(&digest) {
        return Ok(None);
    }
    let planned = plan(&Referential::parse(&EMBEDDED)?, None);
    load(db, &planned, Some(&digest), now).await.map(Some)
}

/// Loads given files, for the communes of some départements and their EPCI where `only` names them;
/// every région, département and CDG is loaded.
#[cfg(test)]
pub(super) async fn import_from(
    db: &Db,
    sources: &Sources<'_>,
    only: Option<&[&str]>,
    now: DateTime<Utc>,
) -> Result<Report> {
    load(db, &plan(&Referential::parse(sources)?, only), None, now).await
}

/// Writes what is missing of a plan, batch by batch; the last one remembers the digest of its files.
async fn load(
    db: &Db,
    planned: &[Planned],
    digest: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Report> {
    let mut report = Report::default();
    let mut known = HashMap::new();
    let mut batches = planned.chunks(BATCH).peekable();
    while let Some(batch) = batches.next() {
        let tx = db.begin_write().await?;
        db::lock(&tx, Lock::Import).await?;
        apply(&tx, batch, &mut known, &mut report, now).await?;
        if let (Some(digest), None) = (digest, batches.peek()) {
            loaded::remember(&tx, digest, now).await?;
        }
        tx.commit().await?;
    }
    Ok(report)
}

/// Writes what is missing of one batch; `known` gathers the id of every organisation met.
async fn apply(
    tx: &DatabaseTransaction,
    batch: &[Planned],
    known: &mut HashMap<Key, Uuid>,
    report: &mut Report,
    now: DateTime<Utc>,
) -> Result<()> {
    let existing = existing_identifiers(tx, batch).await?;
    let mut rows = Rows::default();
    let mut ids = Vec::with_capacity(batch.len());
    for one in batch {
        let found = owner(one, &existing)?;
        let id = found.unwrap_or_else(new_id);
        if found.is_none() {
            rows.organisations.push(organisation_row(id, one, now));
        }
        for key in &one.identifiers {
            known.insert(key.clone(), id);
            if !existing.contains_key(key) {
                rows.identifiers.push(identifier_row(id, key, one.source));
            }
        }
        ids.push((one, id, found.is_some()));
    }
    let old: Vec<Uuid> = ids.iter().filter(|(_, _, there)| *there).map(|(_, id, _)| *id).collect();
    let linked = existing_links(tx, &old).await?;
    let affiliated = existing_affiliations(tx, &old).await?;
    for (one, id, _) in &ids {
        for (kind, parent) in one.parents.iter().filter(|(kind, _)| !linked.contains(&(*id, *kind)))
        {
            rows.links.push(link_row(*id, known_id(known, parent)?, *kind, one.source));
        }
        match &one.affiliation {
            Some(_) if affiliated.contains(id) => report.affiliations_present += 1,
            Some((cdg, why)) => {
                rows.affiliations.push(affiliation_row(*id, known_id(known, cdg)?, why, now));
            }
            None => {}
        }
    }
    report.organisations_present += old.len();
    rows.write(tx, report).await
}

/// Everything one batch adds.
#[derive(Default)]
struct Rows {
    organisations: Vec<organisation::Model>,
    identifiers: Vec<organisation_identifier::Model>,
    links: Vec<organisation_link::Model>,
    affiliations: Vec<affiliation::Model>,
}

impl Rows {
    async fn write(self, tx: &DatabaseTransaction, report: &mut Report) -> Result<()> {
        report.organisations_added += self.organisations.len();
        report.identifiers_added += self.identifiers.len();
        report.links_added += self.links.len();
        report.affiliations_added += self.affiliations.len();
        insert::<organisation::Entity, _>(tx, self.organisations).await?;
        insert::<organisation_identifier::Entity, _>(tx, self.identifiers).await?;
        insert::<organisation_link::Entity, _>(tx, self.links).await?;
        insert::<affiliation::Entity, _>(tx, self.affiliations).await
    }
}

/// Inserts rows, as many per statement as both engines bind.
async fn insert<E, A>(tx: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A> + Send,
    A: ActiveModelTrait<Entity = E> + Send,
{
    let per_statement = MOST_BOUND / E::Column::iter().count();
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        E::insert_many(rows.by_ref().take(per_statement)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Who holds the batch's identifiers, whatever their dates; an open one has the last word.
async fn existing_identifiers(
    tx: &DatabaseTransaction,
    batch: &[Planned],
) -> Result<HashMap<Key, Uuid>> {
    let values =
        batch.iter().flat_map(|one| one.identifiers.iter().map(|(_, value)| value.as_str()));
    use organisation_identifier::Column::{OrganisationId, Scheme, ValidTo, Value};
    let mut rows: Vec<(super::model::Scheme, String, Uuid, Option<NaiveDate>)> =
        organisation_identifier::Entity::find()
            .select_only()
            .columns([Scheme, Value, OrganisationId, ValidTo])
            .filter(organisation_identifier::COLUMN.value.is_in(values))
            .into_tuple()
            .all(tx)
            .await?;
    rows.sort_by_key(|(.., valid_to)| valid_to.is_none());
    Ok(rows.into_iter().map(|(scheme, value, owner, _)| ((scheme, value), owner)).collect())
}

/// The organisation that holds a planned one's identifiers, if any does.
fn owner(one: &Planned, existing: &HashMap<Key, Uuid>) -> Result<Option<Uuid>> {
    let owners: HashSet<Uuid> =
        one.identifiers.iter().filter_map(|k| existing.get(k)).copied().collect();
    if owners.len() > 1 {
        return Err(Refusal::new(Reason::Conflict)
            .because(
                format!("Les identifiants de {} désignent deux organisations.", one.name),
                format!("The identifiers of {} name two organisations.", one.name),
            )
            .into());
    }
    Ok(owners.into_iter().next())
}

async fn existing_links(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<HashSet<(Uuid, LinkKind)>> {
    let rows: Vec<(Uuid, LinkKind)> = organisation_link::Entity::find()
        .select_only()
        .columns([organisation_link::Column::ChildId, organisation_link::Column::Kind])
        .filter(organisation_link::COLUMN.child_id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn existing_affiliations(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let rows: Vec<Uuid> = affiliation::Entity::find()
        .select_only()
        .column(affiliation::Column::OrganisationId)
        .filter(affiliation::COLUMN.organisation_id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

fn known_id(known: &HashMap<Key, Uuid>, key: &(Scheme, String)) -> Result<Uuid> {
    let missing = || anyhow::anyhow!("the plan names {key:?} before writing it");
    known.get(key).copied().ok_or_else(|| Error::Internal(missing()))
}
