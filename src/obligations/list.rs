//! Reading obligations with where they stand, in a constant number of statements.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::known::Known;
use super::model::{EventKind, ObligationOrigin, obligation, obligation_event};
use super::renewed;
use super::rules::{self, Status, status};
use super::satisfied::Completion;
use crate::catalogue::find::{self, ModuleName};
use crate::catalogue::model::{path, path_version};
use crate::error::Result;
use crate::records;

/// What an obligation asks to complete, as it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A module.
    Module(ModuleName),
    /// A learning path; its name is made like a module's.
    Path(ModuleName),
}

impl Subject {
    /// How it is called.
    pub const fn name(&self) -> &ModuleName {
        match self {
            Self::Module(name) | Self::Path(name) => name,
        }
    }
}

/// An obligation, what it is about, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The row.
    pub obligation: obligation::Model,
    /// What is to be completed.
    pub subject: Subject,
    /// Where it stands.
    pub status: Status,
}

/// At most `limit` obligations of a person with their status at `at`, the earliest deadline first,
/// after the one whose `(due_at, id)` is given.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    conn: &impl ConnectionTrait,
    person_id: Uuid,
    limit: u64,
    after: Option<(DateTime<Utc>, Uuid)>,
    at: DateTime<Utc>,
) -> Result<Vec<Owed>> {
    use obligation::Column::{DueAt, Id, PersonId};
    let beyond = after.map(|(due_at, id)| {
        Condition::any()
            .add(DueAt.gt(due_at))
            .add(Condition::all().add(DueAt.eq(due_at)).add(Id.gt(id)))
    });
    let rows = obligation::Entity::find()
        .filter(PersonId.eq(person_id))
        .filter(Condition::all().add_option(beyond))
        .order_by_asc(DueAt)
        .order_by_asc(Id)
        .limit(limit)
        .all(conn)
        .await?;
    let statuses = statuses(conn, &rows, at).await?;
    let subjects = subjects(conn, &rows).await?;
    let owed = |((obligation, status), subject)| Owed { obligation, subject, status };
    Ok(rows.into_iter().zip(statuses).zip(subjects).map(owed).collect())
}

/// What each of these obligations asks to complete, in their order; four statements at most.
///
/// # Errors
/// When the database fails.
pub async fn subjects(
    conn: &impl ConnectionTrait,
    rows: &[obligation::Model],
) -> Result<Vec<Subject>> {
    let modules = find::names(conn, rows.iter().filter_map(|row| row.module_id)).await?;
    let paths = path_names(conn, rows.iter().filter_map(|row| row.path_id).collect()).await?;
    let subject = |row: &obligation::Model| match (row.module_id, row.path_id) {
        (None, Some(path)) => Subject::Path(paths.get(&path).cloned().unwrap_or_default()),
        (module, _) => {
            let name = module.and_then(|module| modules.get(&module));
            Subject::Module(name.cloned().unwrap_or_default())
        }
    };
    Ok(rows.iter().map(subject).collect())
}

/// How these paths are called: their codes, and the titles of their latest versions.
async fn path_names(
    conn: &impl ConnectionTrait,
    ids: HashSet<Uuid>,
) -> Result<HashMap<Uuid, ModuleName>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let codes = path::Entity::find().filter(path::COLUMN.id.is_in(ids.iter().copied()));
    let codes = codes.all(conn).await?;
    let titles: Vec<(Uuid, String)> = path_version::Entity::find()
        .select_only()
        .columns([path_version::Column::PathId, path_version::Column::Title])
        .filter(path_version::Column::PathId.is_in(ids))
        .order_by_asc(path_version::Column::Number)
        .into_tuple()
        .all(conn)
        .await?;
    let titles: HashMap<Uuid, String> = titles.into_iter().collect();
    let name = |row: path::Model| {
        let title = titles.get(&row.id).cloned().unwrap_or_else(|| row.code.clone());
        (row.id, ModuleName { code: row.code, title })
    };
    Ok(codes.into_iter().map(name).collect())
}

/// The status of each of these obligations at `at`, in their order.
///
/// # Errors
/// When the database fails.
pub async fn statuses(
    conn: &impl ConnectionTrait,
    obligations: &[obligation::Model],
    at: DateTime<Utc>,
) -> Result<Vec<Status>> {
    let enrolments: HashSet<Uuid> = obligations.iter().filter_map(|o| o.enrolment_id).collect();
    let enrolments: Vec<Uuid> = enrolments.into_iter().collect();
    let facts = records::read::by_enrolment(conn, &enrolments).await?;
    let completed = renewed::completed_versions(conn, obligations, at).await?;
    let left = renewed::left(conn, obligations, at).await?;
    let has_left = |o: &obligation::Model| o.module_id.is_some_and(|id| left.contains(&id));
    let known = Known::about(conn, &obligations.iter().collect::<Vec<_>>(), at).await?;
    let of = |o: &obligation::Model| match o.origin {
        ObligationOrigin::Requirement => of_requirement(&known, o, has_left(o), at),
        ObligationOrigin::LegalChange => {
            let asked = o.from_version.unwrap_or_default();
            let completed = o.module_id.and_then(|id| completed.get(&(o.person_id, id)).copied());
            unless_exempted(
                status(renewed::state(asked, completed, has_left(o)), o.due_at, at),
                &known,
                o,
                at,
            )
        }
        ObligationOrigin::Enrolment => {
            let facts = o.enrolment_id.and_then(|id| facts.get(&id));
            let learnt = records::status::status(facts.map_or(&[], Vec::as_slice), at);
            unless_exempted(status(learnt.state, o.due_at, at), &known, o, at)
        }
    };
    Ok(obligations.iter().map(of).collect())
}

/// Where an obligation of a requirement stands; nobody owes a module that has left the catalogue.
pub(super) fn of_requirement(
    known: &Known,
    owed: &obligation::Model,
    has_left: bool,
    at: DateTime<Utc>,
) -> Status {
    let satisfied = known.satisfied(owed).map(|completion| completion.at);
    let found = rules::stands(satisfied, &known.happened(owed), owed.due_at, at);
    if found.is_owed() && has_left { Status::Closed } else { found }
}

/// What is owed is not asked of whom the employer exempted, whatever opened it.
fn unless_exempted(
    found: Status,
    known: &Known,
    owed: &obligation::Model,
    at: DateTime<Utc>,
) -> Status {
    let exempted = found.is_owed() && rules::is_exempted(&known.happened(owed), at);
    if exempted { Status::Exempted } else { found }
}

/// Where an obligation of a requirement stands, and what that comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Where it stands.
    pub status: Status,
    /// Whether the person is outside the audience.
    pub is_out: bool,
    /// Whether disabling the requirement closed it.
    pub is_final: bool,
    /// The capacity and the organisation under which it is owed now.
    pub under: (Option<Uuid>, Option<Uuid>),
    /// What happened to it, in order.
    pub events: Vec<obligation_event::Model>,
    /// The completion that satisfied it.
    pub satisfied: Option<Completion>,
    /// Since when what it asks is fresh.
    pub fresh_since: Option<DateTime<Utc>>,
}

/// How each of these obligations of requirements stands at `at`, in their order.
///
/// # Errors
/// When the database fails.
pub async fn standings(
    conn: &impl ConnectionTrait,
    rows: &[obligation::Model],
    at: DateTime<Utc>,
) -> Result<Vec<Standing>> {
    let left = renewed::left(conn, rows, at).await?;
    let known = Known::about(conn, &rows.iter().collect::<Vec<_>>(), at).await?;
    let of = |row: &obligation::Model| {
        let happened = known.happened(row);
        let has_left = row.module_id.is_some_and(|id| left.contains(&id));
        let events: Vec<_> = known.events(row).into_iter().cloned().collect();
        let moved = events.iter().rev().find(|event| event.capacity_id.is_some());
        let opened = (row.capacity_id, row.organisation_id);
        Standing {
            status: of_requirement(&known, row, has_left, at),
            is_out: rules::is_out(&happened, at),
            is_final: happened.iter().any(|event| event.kind == EventKind::Disabled),
            under: moved.map_or(opened, |event| (event.capacity_id, event.organisation_id)),
            events,
            satisfied: known.satisfied(row).cloned(),
            fresh_since: known.fresh_since(row),
        }
    };
    Ok(rows.iter().map(of).collect())
}
