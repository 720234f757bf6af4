//! Where somebody stands in the paths that they follow: as many statements, however many paths.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::find;
use super::progress::{MemberState, Progress, check_turn, progress};
use crate::accounts::Principal;
use crate::catalogue::model::module;
use crate::catalogue::paths::{self, PathEdition};
use crate::content::ModuleCode;
use crate::enrolments::model::{enrolment, path_enrolment};
use crate::error::{Reason, Result};
use crate::records::path_status::{PathStatus, path_status};
use crate::records::{self, State};

/// Where a person stands in a module.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Not started, in progress or completed.
    pub state: MemberState,
    /// Their latest enrolment in it, if any.
    pub enrolment_id: Option<Uuid>,
}

/// Where a person stands in a path.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The enrolment.
    pub row: path_enrolment::Model,
    /// The version of the path that it is pinned to.
    pub edition: Arc<PathEdition>,
    /// What its own facts tell.
    pub status: PathStatus,
    /// Step by step.
    pub progress: Progress,
    members: Arc<BTreeMap<String, Member>>,
}

impl Standing {
    /// Where the person stands in a module.
    pub fn member(&self, code: &ModuleCode) -> Member {
        let unknown = Member { state: MemberState::NotStarted, enrolment_id: None };
        self.members.get(code.as_str()).copied().unwrap_or(unknown)
    }

    /// Enrolled, in progress, completed or withdrawn.
    pub fn state(&self) -> State {
        let begun = self.progress.steps.iter().any(|step| step.state > MemberState::NotStarted);
        match self.status {
            PathStatus { completed_at: Some(_), .. } => State::Completed,
            PathStatus { withdrawn: true, .. } => State::Withdrawn,
            _ if begun => State::InProgress,
            _ => State::Enrolled,
        }
    }
}

/// Where the signed-in person stands in each of these paths of theirs.
///
/// # Errors
/// When the database fails.
pub async fn standings(
    conn: &impl ConnectionTrait,
    who: &Principal,
    rows: Vec<path_enrolment::Model>,
    at: DateTime<Utc>,
) -> Result<Vec<Standing>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let facts = records::read::by_enrolment(conn, &ids).await?;
    let editions = paths::find::editions(conn, rows.iter().map(|row| row.version_id)).await?;
    let codes = editions.values().flat_map(|edition| edition.content.members());
    let codes: BTreeSet<&str> = codes.map(ModuleCode::as_str).collect();
    let members = Arc::new(members(conn, who, &codes, at).await?);
    let standing = |row: path_enrolment::Model| {
        let edition = editions.get(&row.version_id).ok_or(Reason::Internal)?.clone();
        let facts = facts.get(&row.id).map_or(&[][..], Vec::as_slice);
        let stands = |code: &ModuleCode| {
            members.get(code.as_str()).map_or(MemberState::NotStarted, |member| member.state)
        };
        let progress = progress(&edition.content, stands);
        let (status, members) = (path_status(facts, at), members.clone());
        Ok(Standing { row, edition, status, progress, members })
    };
    rows.into_iter().map(standing).collect()
}

/// Where a person stands in each module of which there is anything to say.
async fn members(
    conn: &impl ConnectionTrait,
    who: &Principal,
    codes: &BTreeSet<&str>,
    at: DateTime<Utc>,
) -> Result<BTreeMap<String, Member>> {
    let latest = latest(conn, who, codes).await?;
    let ids: Vec<Uuid> = latest.values().copied().collect();
    let facts = records::read::by_enrolment(conn, &ids).await?;
    let state = |enrolment: &Uuid| match facts.get(enrolment).map(|f| records::status(f, at).state)
    {
        Some(State::InProgress) => MemberState::InProgress,
        Some(State::Completed) => MemberState::Completed,
        _ => MemberState::NotStarted,
    };
    let member =
        |(code, id): (String, Uuid)| (code, Member { state: state(&id), enrolment_id: Some(id) });
    let mut members: BTreeMap<String, Member> = latest.into_iter().map(member).collect();
    for done in find::completed(conn, who.person_id).await? {
        if done.at <= at && codes.contains(done.module.as_str()) {
            let unknown = Member { state: MemberState::Completed, enrolment_id: None };
            members.entry(done.module).or_insert(unknown).state = MemberState::Completed;
        }
    }
    Ok(members)
}

/// The latest enrolment of a person in each of these modules, by code.
async fn latest(
    conn: &impl ConnectionTrait,
    who: &Principal,
    codes: &BTreeSet<&str>,
) -> Result<HashMap<String, Uuid>> {
    let rows: Vec<(Uuid, String)> = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::Id)
        .column(module::Column::Code)
        .join(JoinType::InnerJoin, module_of_enrolment())
        .filter(enrolment::COLUMN.person_id.eq(who.person_id))
        .filter(module::COLUMN.code.is_in(codes.iter().copied()))
        .order_by_asc(enrolment::Column::Cycle)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, code)| (code, id)).collect())
}

fn module_of_enrolment() -> RelationDef {
    enrolment::Entity::belongs_to(module::Entity)
        .from(enrolment::Column::ModuleId)
        .to(module::Column::Id)
        .into()
}

/// Looks at whether a module may be begun through a path of one's own.
///
/// # Errors
/// `not-found` for another's path or a module that is not of it; `enrolment-closed` once it was left;
/// `path-order`, naming what comes first.
pub async fn may_begin(
    conn: &impl ConnectionTrait,
    who: &Principal,
    id: Uuid,
    code: &ModuleCode,
) -> Result<()> {
    let row = find::own(conn, who, id).await?;
    // What is recorded counts, whatever the date on it: a clock that lags must not hide it.
    let stands = standings(conn, who, vec![row], DateTime::<Utc>::MAX_UTC).await?;
    let standing = stands.first().ok_or(Reason::Internal)?;
    if !standing.edition.content.members().any(|member| member == code) {
        return Err(Reason::NotFound.into());
    }
    if standing.status.withdrawn {
        return Err(Reason::EnrolmentClosed.into());
    }
    check_turn(&standing.edition.content, &standing.progress, code)
}
