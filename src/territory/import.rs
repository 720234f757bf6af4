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
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, Iterable, QueryFilter, QuerySelect, Statement,
};
use uuid::Uuid;

use super::model::{
    AffiliationKind, LinkKind, Scheme, affiliation, organisation, organisation_identifier,
    organisation_link,
};
use super::plan::{Key, Planned, plan};
use super::referential::{EMBEDDED, Referential, Sources};
use crate::clock::new_id;
use crate::db::Db;
use crate::error::{Error, Reason, Refusal, Result};

/// Organisations per transaction: some tens of milliseconds, so that nobody waits.
const BATCH: usize = 500;
/// Values bound by one statement: under SQLite's 32,766 and PostgreSQL's 65,535.
const MOST_VALUES: usize = 30_000;
/// The advisory lock that serialises imports on PostgreSQL ("territor" in ASCII).
const IMPORT_LOCK: i64 = 0x7465_7272_6974_6f72;

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

/// Loads the referential that this program carries. Idempotent.
///
/// # Errors
/// `content-findings` when the files have faults (nothing is then written); `conflict` when two
/// identifiers of one line belong to two organisations; a database failure.
pub async fn import(db: &Db, now: DateTime<Utc>) -> Result<Report> {
    import_from(db, &EMBEDDED, None, now).await
}

/// The same for the communes of some départements and their EPCI; every région, département and CDG
/// is loaded.
///
/// # Errors
/// As [`import`].
pub async fn import_departements(db: &Db, only: &[&str], now: DateTime<Utc>) -> Result<Report> {
    import_from(db, &EMBEDDED, Some(only), now).await
}

/// Loads given files.
///
/// # Errors
/// As [`import`].
pub async fn import_from(
    db: &Db,
    sources: &Sources<'_>,
    only: Option<&[&str]>,
    now: DateTime<Utc>,
) -> Result<Report> {
    let planned = plan(&Referential::parse(sources)?, only);
    let mut report = Report::default();
    let mut known = HashMap::new();
    for batch in planned.chunks(BATCH) {
        let tx = db.begin_write().await?;
        if db.backend() == DbBackend::Postgres {
            let lock = format!("SELECT pg_advisory_xact_lock({IMPORT_LOCK})");
            tx.execute_raw(Statement::from_string(DbBackend::Postgres, lock)).await?;
        }
        apply(&tx, batch, &mut known, &mut report, now).await?;
        tx.commit().await?;
    }
    Ok(report)
}

/// The day from which everything in these files holds: the COG's.
fn valid_from() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).expect("1 January 2025 exists")
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
    let per_statement = MOST_VALUES / E::Column::iter().count();
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
    let mut rows = organisation_identifier::Entity::find()
        .filter(organisation_identifier::COLUMN.value.is_in(values))
        .all(tx)
        .await?;
    rows.sort_by_key(|row| row.valid_to.is_none());
    Ok(rows.into_iter().map(|row| ((row.scheme, row.value), row.organisation_id)).collect())
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

fn organisation_row(id: Uuid, one: &Planned, now: DateTime<Utc>) -> organisation::Model {
    organisation::Model {
        id,
        kind: one.kind,
        name: one.name.clone(),
        name_folded: crate::text::folded(&one.name),
        population: one.population,
        zone: one.zone.clone(),
        time_zone: one.time_zone.name().to_owned(),
        source: one.source.to_owned(),
        recorded_at: now,
    }
}

fn identifier_row(owner: Uuid, key: &Key, source: &str) -> organisation_identifier::Model {
    organisation_identifier::Model {
        id: new_id(),
        organisation_id: owner,
        scheme: key.0,
        value: key.1.clone(),
        valid_from: valid_from(),
        valid_to: None,
        source: source.to_owned(),
    }
}

fn link_row(child: Uuid, parent: Uuid, kind: LinkKind, source: &str) -> organisation_link::Model {
    organisation_link::Model {
        id: new_id(),
        child_id: child,
        parent_id: parent,
        kind,
        valid_from: valid_from(),
        valid_to: None,
        source: source.to_owned(),
    }
}

fn affiliation_row(who: Uuid, cdg: Uuid, why: &str, now: DateTime<Utc>) -> affiliation::Model {
    affiliation::Model {
        id: new_id(),
        organisation_id: who,
        cdg_id: Some(cdg),
        kind: AffiliationKind::Presumed,
        valid_from: valid_from(),
        valid_to: None,
        source: why.to_owned(),
        recorded_at: now,
    }
}
