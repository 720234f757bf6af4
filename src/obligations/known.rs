//! What is known about obligations of requirements: what they ask, what happened to them, what their
//! people completed. A constant number of statements, however many there are.

use std::collections::{HashMap, HashSet};

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::model::{EventKind, obligation, obligation_event};
use super::rules::Happened;
use super::satisfied::{Asked, Completion, day_in};
use crate::catalogue::model::{module, module_version, path_version};
use crate::content::LearningPath;
use crate::db::MOST_BOUND;
use crate::error::Result;
use crate::providers;
use crate::records;
use crate::records::model::{FactKind, fact};

/// What is known about some obligations of requirements at an instant.
#[derive(Debug, Default)]
pub struct Known {
    steps: HashMap<(Uuid, i32), Vec<Vec<Uuid>>>,
    events: HashMap<Uuid, Vec<obligation_event::Model>>,
    disabled: HashMap<Uuid, Vec<obligation_event::Model>>,
    completions: HashMap<Uuid, Vec<Completion>>,
    agrements: Agrements,
}

/// The agréments of the providers of some modules.
#[derive(Debug, Default)]
struct Agrements {
    providers: HashMap<Uuid, Uuid>,
    told: HashMap<Uuid, providers::Told>,
}

impl Known {
    /// Reads what is known about these rows, completions as they were known at `at`.
    ///
    /// # Errors
    /// When the database fails, or a path cannot be read any more.
    pub async fn about(
        conn: &impl ConnectionTrait,
        rows: &[&obligation::Model],
        at: DateTime<Utc>,
    ) -> Result<Self> {
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let steps = steps(conn, rows).await?;
        let (events, disabled) = events(conn, rows).await?;
        let mut known = Self { steps, events, disabled, ..Self::default() };
        let modules: HashSet<Uuid> =
            rows.iter().flat_map(|row| known.asked(row).steps.into_iter().flatten()).collect();
        let persons: HashSet<Uuid> = rows.iter().map(|row| row.person_id).collect();
        for done in completions(conn, &persons, &modules, at).await? {
            known.completions.entry(done.person_id).or_default().push(done);
        }
        let agreed_only = |row: &&obligation::Model| row.agreed_only;
        if rows.iter().any(agreed_only) {
            known.agrements = Agrements::of(conn, &modules).await?;
        }
        Ok(known)
    }

    /// What a row asks.
    pub fn asked(&self, row: &obligation::Model) -> Asked {
        let path = row.path_id.zip(row.path_version);
        let steps = path.and_then(|path| self.steps.get(&path)).map_or(&[][..], Vec::as_slice);
        Asked::of(row, steps)
    }

    /// The events of a row, in their order.
    pub fn events(&self, row: &obligation::Model) -> Vec<&obligation_event::Model> {
        let own = self.events.get(&row.id).into_iter().flatten();
        let shared = row.requirement_id.and_then(|id| self.disabled.get(&id));
        let shared = shared.into_iter().flatten().filter(|event| row.opened_at <= event.at);
        let mut all: Vec<_> = own.chain(shared).collect();
        all.sort_by_key(|event| (event.at, event.id));
        all
    }

    /// The same as the status reads them.
    pub fn happened(&self, row: &obligation::Model) -> Vec<Happened> {
        let happened =
            |e: &obligation_event::Model| Happened { kind: e.kind, at: e.at, until: e.until_at };
        self.events(row).into_iter().map(happened).collect()
    }

    /// The completion that satisfied a row.
    pub fn satisfied(&self, row: &obligation::Model) -> Option<&Completion> {
        self.asked(row).satisfied(self.completed(row), self.agreed(row))
    }

    /// Since when what a row asks is fresh.
    pub fn fresh_since(&self, row: &obligation::Model) -> Option<DateTime<Utc>> {
        self.asked(row).fresh_since(self.completed(row), self.agreed(row))
    }

    /// Whether this completion would bring a row nearer to its end.
    pub fn lacks(&self, row: &obligation::Model, new: &Completion) -> bool {
        self.asked(row).lacks(new, self.completed(row), self.agreed(row))
    }

    fn completed(&self, row: &obligation::Model) -> &[Completion] {
        self.completions.get(&row.person_id).map_or(&[], Vec::as_slice)
    }

    fn agreed<'k>(&'k self, row: &'k obligation::Model) -> impl Fn(Uuid, DateTime<Utc>) -> bool {
        move |module, at| {
            let provider = self.agrements.providers.get(&module);
            let told = provider.and_then(|provider| self.agrements.told.get(provider));
            told.is_some_and(|told| told.agrement_on(day_in(&row.time_zone, at)).is_some())
        }
    }
}

impl Agrements {
    async fn of(conn: &impl ConnectionTrait, modules: &HashSet<Uuid>) -> Result<Self> {
        let providers: Vec<(Uuid, Uuid)> = module::Entity::find()
            .select_only()
            .columns([module::Column::Id, module::Column::ProviderId])
            .filter(module::Column::Id.is_in(modules.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        let told = providers::told(conn, providers.iter().map(|(_, provider)| *provider)).await?;
        Ok(Self { providers: providers.into_iter().collect(), told })
    }
}

/// The mandatory steps of the path versions that these rows ask, as ids of modules.
async fn steps(
    conn: &impl ConnectionTrait,
    rows: &[&obligation::Model],
) -> Result<HashMap<(Uuid, i32), Vec<Vec<Uuid>>>> {
    let paths: HashSet<Uuid> = rows.iter().filter_map(|row| row.path_id).collect();
    if paths.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: HashSet<(Uuid, i32)> =
        rows.iter().filter_map(|row| row.path_id.zip(row.path_version)).collect();
    let versions = path_version::Entity::find()
        .filter(path_version::Column::PathId.is_in(paths))
        .all(conn)
        .await?;
    let mut contents = Vec::new();
    for version in versions.into_iter().filter(|v| asked.contains(&(v.path_id, v.number))) {
        let path: LearningPath = serde_json::from_value(version.manifest)
            .with_context(|| format!("path version {} cannot be read", version.id))?;
        contents.push(((version.path_id, version.number), path));
    }
    let codes: HashSet<&str> =
        contents.iter().flat_map(|(_, path)| path.members()).map(|code| code.as_str()).collect();
    let ids: Vec<(String, Uuid)> = module::Entity::find()
        .select_only()
        .columns([module::Column::Code, module::Column::Id])
        .filter(module::Column::Code.is_in(codes))
        .into_tuple()
        .all(conn)
        .await?;
    let ids: HashMap<String, Uuid> = ids.into_iter().collect();
    let mandatory = |path: &LearningPath| {
        let steps = path.steps.iter().filter(|step| !step.optional);
        let known = |code: &crate::content::ModuleCode| ids.get(code.as_str()).copied();
        steps.map(|step| step.any_of.iter().filter_map(known).collect()).collect()
    };
    Ok(contents.iter().map(|(key, path)| (*key, mandatory(path))).collect())
}

type Events = HashMap<Uuid, Vec<obligation_event::Model>>;

/// The events of these rows, by obligation, and those of their requirements, by requirement.
async fn events(
    conn: &impl ConnectionTrait,
    rows: &[&obligation::Model],
) -> Result<(Events, Events)> {
    use obligation_event::Column::{ObligationId, RequirementId};
    let requirements: HashSet<Uuid> = rows.iter().filter_map(|row| row.requirement_id).collect();
    let (mut own, mut shared) = (Events::new(), Events::new());
    for some in rows.chunks(MOST_BOUND / 2) {
        let found = obligation_event::Entity::find()
            .filter(
                Condition::any()
                    .add(ObligationId.is_in(some.iter().map(|row| row.id)))
                    .add(RequirementId.is_in(requirements.iter().copied())),
            )
            .order_by_asc(obligation_event::Column::At)
            .all(conn)
            .await?;
        for event in found {
            match (event.obligation_id, event.requirement_id) {
                (Some(id), _) => own.entry(id).or_default().push(event),
                (None, Some(id)) => shared.entry(id).or_default().push(event),
                (None, None) => {}
            }
        }
    }
    for events in shared.values_mut() {
        events.retain(|event| event.kind == EventKind::Disabled);
        events.dedup_by_key(|event| event.id);
    }
    Ok((own, shared))
}

/// A completion as it is read: its fact, the person, the module, the number of the version, when, and
/// whether it was followed or recognised.
type Row = (Uuid, Uuid, Option<Uuid>, Option<i32>, DateTime<Utc>, FactKind);

/// What these persons had completed of these modules by `at`; a superseded completion is none.
///
/// # Errors
/// When the database fails.
pub async fn completions(
    conn: &impl ConnectionTrait,
    persons: &HashSet<Uuid>,
    modules: &HashSet<Uuid>,
    at: DateTime<Utc>,
) -> Result<Vec<Completion>> {
    // What happened at that very instant counts; `standing` asks for what came before.
    let after = at.checked_add_signed(Duration::microseconds(1)).unwrap_or(at);
    let persons: Vec<Uuid> = persons.iter().copied().collect();
    let mut all = Vec::new();
    for some in persons.chunks(MOST_BOUND / 2) {
        let found: Vec<Row> = fact::Entity::find()
            .select_only()
            .columns([fact::Column::Id, fact::Column::PersonId, fact::Column::ModuleId])
            .column(module_version::Column::Number)
            .columns([fact::Column::OccurredAt, fact::Column::Kind])
            .join(JoinType::LeftJoin, version_of_fact())
            .filter(fact::Column::PersonId.is_in(some.iter().copied()))
            .filter(fact::Column::ModuleId.is_in(modules.iter().copied()))
            .filter(fact::Column::Kind.is_in(FactKind::COMPLETING))
            .filter(fact::Column::OccurredAt.lte(at))
            .filter(records::read::standing(Some(after)))
            .into_tuple()
            .all(conn)
            .await?;
        all.extend(found.into_iter().filter_map(
            |(fact_id, person_id, module, number, at, kind)| {
                let recognised = kind == FactKind::Recognised;
                Some(Completion { fact_id, person_id, module_id: module?, number, at, recognised })
            },
        ));
    }
    Ok(all)
}

fn version_of_fact() -> RelationDef {
    fact::Entity::belongs_to(module_version::Entity)
        .from(fact::Column::VersionId)
        .to(module_version::Column::Id)
        .into()
}
