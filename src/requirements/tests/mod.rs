//! Requirements: decisions as pure functions, and the walk over people against a real database.

mod model;
mod pure;
mod stories;
mod walk;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, DatabaseTransaction, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::audience::{Audience, Condition};
use super::due::{After, DueRule, Event, When};
use super::enter::enter;
use super::model::{Counted, Force};
use super::rules::Draft;
use super::{preview, switch, write};
use crate::clock;
use crate::db::Db;
use crate::obligations::model::obligation;
use crate::obligations::tests::{module, person};
use crate::obligations::{Standing, Status, standings};
use crate::people::capacity::{self, Detail, NewCapacity};
use crate::people::model::{CapacityKind, Standing as Known, capacity as capacity_row};
use crate::records::model::FactKind;
use crate::records::{NewFact, append};
use crate::territory::model::{OrganisationKind, organisation};
use crate::testing::database;

/// Noon in Paris on a day.
pub(crate) fn noon(day: &str) -> DateTime<Utc> {
    format!("{day}T11:00:00Z").parse().expect("an instant")
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// What is required: the module `E1`, of everybody, a year after taking office.
pub(crate) fn draft() -> Draft {
    Draft {
        title_fr: "Comprendre l’IA".to_owned(),
        title_en: "Understand AI".to_owned(),
        force: Force::Mandatory,
        module: Some("E1".to_owned()),
        path: None,
        audience: Audience { any_of: vec![Condition::default()] },
        due: DueRule { when: after(Event::Office, 12), notice_days: 0 },
        renewal: None,
        reference: None,
        accepts_months: None,
        versions: Counted::Any,
        from_number: None,
        agreed_only: false,
    }
}

pub(crate) fn after(event: Event, months: u32) -> When {
    When::After(After { event, months, days: 0 })
}

/// A database with a module, and one person whose story is told.
pub(crate) struct Story {
    _folder: TempDir,
    pub(crate) db: Db,
    pub(super) module: Uuid,
    pub(super) who: Uuid,
}

impl Story {
    /// The module `E1` and somebody, before anything is required of them.
    pub(crate) async fn begin() -> Self {
        let (folder, db) = database().await;
        let tx = db.begin_write().await.expect("a transaction");
        let (module, who) = (module(&tx, "E1").await, person(&tx, "Le Goff").await);
        tx.commit().await.expect("committed");
        Self { _folder: folder, db, module, who }
    }

    pub(crate) async fn tx(&self) -> DatabaseTransaction {
        self.db.begin_write().await.expect("a transaction")
    }

    /// Puts a requirement in force; answers its id.
    pub(crate) async fn require(&self, draft: &Draft, on: &str) -> Uuid {
        let (tx, now) = (self.tx().await, noon(on));
        let held = write::create(&tx, None, "essai", draft, now).await.expect("written");
        let id = held.requirement.id;
        self.put_in_force(&tx, held, now).await;
        tx.commit().await.expect("committed");
        id
    }

    async fn put_in_force(&self, tx: &DatabaseTransaction, held: write::Held, now: DateTime<Utc>) {
        let seen = preview::of(tx, &held, 5, now).await.expect("a preview");
        let quoted = (seen.digest.as_str(), Some(seen.band));
        switch::enable(tx, clock::new_id(), held, quoted, 5, now).await.expect("enabled");
    }

    /// Puts it in force again.
    pub(super) async fn enable(&self, on: &str) {
        let (tx, now) = (self.tx().await, noon(on));
        let held = write::locked(&tx, "essai").await.expect("held");
        self.put_in_force(&tx, held, now).await;
        tx.commit().await.expect("committed");
    }

    /// Puts it out of force.
    pub(super) async fn disable(&self, on: &str) {
        let tx = self.tx().await;
        let held = write::locked(&tx, "essai").await.expect("held");
        let by = clock::new_id();
        switch::disable(&tx, by, held, "Un essai.", noon(on)).await.expect("disabled");
        tx.commit().await.expect("committed");
    }

    /// Makes them an élu of a new commune from a day on; answers the capacity.
    pub(crate) async fn elected(&self, since: &str) -> Uuid {
        let tx = self.tx().await;
        let place = commune(&tx, "Beaucé", Some(1_300)).await;
        let held = hold(&tx, self.who, place, CapacityKind::Elu, since, Detail::default()).await;
        tx.commit().await.expect("committed");
        held
    }

    /// Ends a capacity: that day is the first on which it no longer holds.
    pub(super) async fn ended(&self, capacity: Uuid, on: &str) {
        let tx = self.tx().await;
        let row = capacity_row::Entity::find_by_id(capacity).one(&tx).await.expect("read");
        let mut row = row.expect("a capacity").into_active_model();
        row.valid_to = Set(Some(day(on)));
        row.update(&tx).await.expect("ended");
        tx.commit().await.expect("committed");
    }

    /// A completion of the module in its version 1.
    pub(super) async fn completed(&self, on: &str) {
        let tx = self.tx().await;
        completed(&tx, self.who, self.module, noon(on)).await;
        tx.commit().await.expect("committed");
    }

    /// Lets people be walked over on a day, and answers how each obligation of theirs stands, the first
    /// cycle first.
    pub(super) async fn on(&self, on: &str) -> Vec<(obligation::Model, Standing)> {
        while enter(&self.db, noon(on)).await.expect("entered").more {}
        self.read(on).await
    }

    /// The same without walking.
    pub(super) async fn read(&self, on: &str) -> Vec<(obligation::Model, Standing)> {
        let rows = obligation::Entity::find()
            .filter(obligation::COLUMN.person_id.eq(self.who))
            .order_by_asc(obligation::Column::Cycle)
            .all(self.db.read())
            .await
            .expect("rows");
        let found = standings(self.db.read(), &rows, noon(on)).await.expect("standings");
        rows.into_iter().zip(found).collect()
    }
}

/// The statuses of a story, in the order of cycles.
pub(super) fn statuses(told: &[(obligation::Model, Standing)]) -> Vec<Status> {
    told.iter().map(|(_, standing)| standing.status).collect()
}

pub(super) async fn commune(tx: &DatabaseTransaction, name: &str, population: Option<i32>) -> Uuid {
    let row = organisation::ActiveModel {
        id: Set(clock::new_id()),
        kind: Set(OrganisationKind::Commune),
        name: Set(name.to_owned()),
        name_folded: Set(crate::text::folded(name)),
        population: Set(population),
        zone: Set(None),
        time_zone: Set("Europe/Paris".to_owned()),
        source: Set("test".to_owned()),
        recorded_at: Set(noon("2020-01-01")),
    };
    row.insert(tx).await.expect("an organisation").id
}

pub(super) async fn hold(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    organisation_id: Uuid,
    kind: CapacityKind,
    since: &str,
    detail: Detail,
) -> Uuid {
    let new = NewCapacity {
        person_id,
        kind,
        organisation_id,
        detail,
        standing: Known::Confirmed,
        source: "test".to_owned(),
        valid_from: day(since),
        recorded_by: None,
    };
    capacity::add(tx, new, noon(since)).await.expect("a capacity").id
}

pub(super) async fn completed(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    module_id: Uuid,
    at: DateTime<Utc>,
) {
    let new = NewFact {
        kind: FactKind::Completed,
        person_id,
        enrolment_id: None,
        module_id: Some(module_id),
        version_id: None,
        organisation_id: None,
        occurred_at: at,
        recorded_by: None,
        natural_key: format!("completed:{person_id}:{at}"),
        supersedes_id: None,
        payload: json!({}),
    };
    append(tx, new, at + Duration::seconds(1)).await.expect("a fact");
}
