//! The database that is measured: the real territory, 50 modules, and as many people as asked, each
//! with an account, a capacity in a commune, and one enrolment already begun.

use std::path::Path;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use maitrise::accounts::model::account;
use maitrise::accounts::password;
use maitrise::accounts::token;
use maitrise::boot::{self, Purpose};
use maitrise::catalogue::import::{self, Folder};
use maitrise::catalogue::model::{ChangeKind, module_version};
use maitrise::clock::{self, Clock};
use maitrise::config::{self, Mode, Settings};
use maitrise::content;
use maitrise::db::Db;
use maitrise::enrolments::model::enrolment;
use maitrise::keys::{self, KeyRing};
use maitrise::people::model::{
    CapacityKind, IdentityPurpose, Standing, capacity, contact_address, identity, person,
};
use maitrise::records::model::{FactKind, fact};
use maitrise::territory;
use maitrise::territory::model::{OrganisationKind, organisation};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

/// Modules in the catalogue.
pub const MODULES: usize = 50;
/// The password of everyone whose account has one.
pub const PASSWORD: &str = "une phrase entière convient";
/// People whose account has a password: enough for sign-ins that never meet.
pub const WITH_PASSWORD: usize = 500;
/// People written in one transaction.
const BATCH: usize = 1_000;

/// Someone to enrol.
#[derive(Clone, Copy, Debug)]
pub struct Learner {
    /// Their account.
    pub account_id: Uuid,
    /// Their enrolment in the first module.
    pub enrolment_id: Uuid,
}

/// A database ready to be served.
pub struct Population {
    /// Settings under which it is served.
    pub settings: Settings,
    /// Signing keys.
    pub keys: KeyRing,
    /// Everyone.
    pub learners: Vec<Learner>,
    /// Slugs of the lessons of the first module.
    pub lessons: Vec<String>,
}

impl Population {
    /// Creates everything in a folder, and in the database at `url` (SQLite in the folder if empty).
    pub async fn create(folder: &Path, url: String, people: usize) -> anyhow::Result<Self> {
        let settings = settings(folder, url)?;
        let now = Clock::default().now();
        keys::create_missing(&settings.keys.directory, now)?;
        let keys = KeyRing::load(&settings.keys.directory)?;
        let db = boot::open(&settings, Purpose::Operate, now).await?.db;
        territory::import(&db, false, now).await?;
        let lessons = publish(&db, now).await?;
        let learners = admit(&db, people, now).await?;
        db.close().await?;
        Ok(Self { settings, keys, learners, lessons })
    }

    /// The code of a module of the catalogue, by its rank.
    pub fn code(rank: usize) -> String {
        format!("BANC-{rank:02}")
    }

    /// The sign-in name of someone, by their rank.
    pub fn login(rank: usize) -> String {
        format!("apprenant-{rank:06}@banc.example")
    }

    /// An access token of someone, signed now.
    pub fn token(&self, learner: &Learner) -> anyhow::Result<String> {
        let issuer = &self.settings.http.public_url;
        let who = (learner.account_id, 1);
        Ok(token::issue(&self.keys, issuer, who, 60, Clock::default().now())?)
    }
}

fn settings(folder: &Path, url: String) -> anyhow::Result<Settings> {
    let mut settings = config::load(None, Some(folder))?;
    settings.mode = Mode::Development;
    if !url.is_empty() {
        settings.database.url = url;
    }
    Ok(settings)
}

/// Publishes the shipped module E1 under fifty codes; answers the slugs of its lessons.
async fn publish(db: &Db, now: DateTime<Utc>) -> anyhow::Result<Vec<String>> {
    let embedded = import::embedded()?;
    let (_, model) = embedded.iter().find(|(name, _)| name == "E1").context("module E1")?;
    let manifest = model.get("module.toml").context("module.toml")?;
    let manifest = String::from_utf8(manifest.to_vec())?;
    ensure!(manifest.contains("\"E1\""), "the manifest of E1 names its code");
    let mut folders: Vec<Folder> = Vec::new();
    for rank in 0..MODULES {
        let code = Population::code(rank);
        let mut tree = model.clone();
        tree.remove("module.toml");
        let renamed = manifest.replacen("\"E1\"", &format!("\"{code}\""), 1);
        tree.insert("module.toml", renamed.into_bytes())?;
        folders.push((code, tree));
    }
    let lessons =
        content::read(&folders[0].1).map_err(|found| anyhow::anyhow!("{found:?}"))?.lessons;
    let checked =
        import::check(folders, now.date_naive()).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    let tx = db.begin_write().await?;
    let report = import::import(&tx, &checked, ChangeKind::Editorial, now).await?;
    tx.commit().await?;
    ensure!(report.published.len() == MODULES, "not every module was published: {report:?}");
    Ok(lessons.into_iter().map(|lesson| lesson.slug).collect())
}

async fn admit(db: &Db, people: usize, now: DateTime<Utc>) -> anyhow::Result<Vec<Learner>> {
    let communes: Vec<organisation::Model> = organisation::Entity::find()
        .filter(organisation::Column::Kind.eq(OrganisationKind::Commune))
        .order_by_asc(organisation::Column::Id)
        .all(db.read())
        .await?;
    let first = module_version::Entity::find()
        .order_by_asc(module_version::Column::Id)
        .all(db.read())
        .await?;
    let first = first.first().context("a published version")?;
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let mut learners = Vec::with_capacity(people);
    for start in (0..people).step_by(BATCH) {
        let mut rows = Rows::default();
        for rank in start..people.min(start + BATCH) {
            let hash = (rank < WITH_PASSWORD).then(|| hash.clone());
            learners.push(rows.add(rank, hash, &communes[rank % communes.len()], first, now));
        }
        let tx = db.begin_write().await?;
        rows.write(&tx).await?;
        tx.commit().await?;
    }
    Ok(learners)
}

/// The rows of a batch of people.
#[derive(Default)]
struct Rows {
    persons: Vec<person::Model>,
    identities: Vec<identity::Model>,
    addresses: Vec<contact_address::Model>,
    accounts: Vec<account::Model>,
    capacities: Vec<capacity::Model>,
    enrolments: Vec<enrolment::Model>,
    facts: Vec<fact::Model>,
}

impl Rows {
    fn add(
        &mut self,
        rank: usize,
        password_hash: Option<String>,
        commune: &organisation::Model,
        version: &module_version::Model,
        now: DateTime<Utc>,
    ) -> Learner {
        let person_id = clock::new_id();
        let login = Population::login(rank);
        self.person(person_id, rank, &login, now);
        let account_id = clock::new_id();
        self.accounts.push(account::Model {
            id: account_id,
            person_id,
            sign_in_name: login,
            password_hash,
            generation: 1,
            created_at: now,
            disabled_at: None,
        });
        let capacity_id = self.capacity(person_id, rank, commune.id, now);
        let enrolment_id = clock::new_id();
        self.enrolments.push(enrolment::Model {
            id: enrolment_id,
            person_id,
            module_id: version.module_id,
            version_id: version.id,
            capacity_id: Some(capacity_id),
            organisation_id: Some(commune.id),
            cycle: 1,
            due_on: None,
            time_zone: commune.time_zone.clone(),
            enrolled_at: now,
            enrolled_by: account_id,
        });
        self.facts.push(fact::Model {
            id: clock::new_id(),
            kind: FactKind::Enrolled,
            person_id,
            enrolment_id: Some(enrolment_id),
            module_id: Some(version.module_id),
            version_id: Some(version.id),
            organisation_id: Some(commune.id),
            occurred_at: now,
            recorded_at: now,
            recorded_by: Some(account_id),
            natural_key: format!("enrolled:{enrolment_id}"),
            supersedes_id: None,
            payload: json!({ "audience": "elu", "capacity_id": capacity_id }),
        });
        Learner { account_id, enrolment_id }
    }

    fn person(&mut self, id: Uuid, rank: usize, address: &str, now: DateTime<Utc>) {
        self.persons.push(person::Model { id, recorded_at: now });
        self.identities.push(identity::Model {
            id: clock::new_id(),
            person_id: id,
            purpose: IdentityPurpose::Current,
            given_name: "Dominique".to_owned(),
            family_name: format!("Banc-{rank:06}"),
            salt: None,
            valid_from: now,
        });
        self.addresses.push(contact_address::Model {
            id: clock::new_id(),
            person_id: id,
            address: address.to_owned(),
            shared: false,
            valid_from: now,
            valid_to: None,
        });
    }

    fn capacity(
        &mut self,
        person_id: Uuid,
        rank: usize,
        organisation_id: Uuid,
        now: DateTime<Utc>,
    ) -> Uuid {
        let kind = if rank.is_multiple_of(2) { CapacityKind::Elu } else { CapacityKind::Agent };
        let held = held(person_id, kind, organisation_id, now);
        let id = held.id;
        self.capacities.push(held);
        id
    }

    async fn write(self, tx: &DatabaseTransaction) -> anyhow::Result<()> {
        insert::<person::Entity, _>(tx, self.persons).await?;
        insert::<identity::Entity, _>(tx, self.identities).await?;
        insert::<contact_address::Entity, _>(tx, self.addresses).await?;
        insert::<account::Entity, _>(tx, self.accounts).await?;
        insert::<capacity::Entity, _>(tx, self.capacities).await?;
        insert::<enrolment::Entity, _>(tx, self.enrolments).await?;
        insert::<fact::Entity, _>(tx, self.facts).await
    }
}

/// Inserts rows as they stand.
async fn insert<E, A>(tx: &DatabaseTransaction, rows: Vec<E::Model>) -> anyhow::Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let rows = rows.into_iter().map(|row| {
        // A row read back counts as unchanged: each of its columns is to be written.
        row.into_active_model().reset_all()
    });
    E::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// A confirmed capacity, from today on, of which nothing more is known.
pub fn held(
    person_id: Uuid,
    kind: CapacityKind,
    organisation_id: Uuid,
    now: DateTime<Utc>,
) -> capacity::Model {
    capacity::Model {
        id: clock::new_id(),
        person_id,
        kind,
        organisation_id,
        mandate: None,
        function: None,
        category: None,
        manager: false,
        delegation: None,
        delegation_on: None,
        employment: None,
        filiere: None,
        cadre_emplois: None,
        functional_post: None,
        standing: Standing::Confirmed,
        source: "banc d'essai".to_owned(),
        valid_from: now.date_naive(),
        valid_to: None,
        // What was recorded within seconds is looked at twice by the walk over people.
        recorded_at: now - chrono::Duration::hours(1),
        recorded_by: None,
        replaces_id: None,
        end_reason: None,
    }
}
