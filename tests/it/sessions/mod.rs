//! Dated sessions: seats, waiting lists, attendance, calendars, and what is told of them.

mod attendance;
mod calendar;
mod planning;
mod seats;
mod told;

use chrono::{Duration, NaiveDate};
use maitrise::accounts::model::Role;
use maitrise::accounts::{Principal, Scope};
use maitrise::mail::model::mail_message;
use maitrise::sessions::model::{Half, Modality};
use maitrise::sessions::plan::Of;
use maitrise::sessions::rules::{Plan, WishedHalfDay};
use maitrise::sessions::{book, plan as planning_verbs, register, switch};
use maitrise::worker::Worker;
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use crate::newcomers::Newcomer;
use crate::support::{Answer, Call};
use crate::world::World;

/// The provider of the demonstration.
pub const HERE: &str = "local:demonstration";

/// The civil day so many days from now.
pub fn in_days(world: &World, days: i64) -> NaiveDate {
    (world.app.clock.now() + Duration::days(days)).date_naive()
}

/// A day with a morning of 180 minutes and an afternoon of 210, of which 200 of training.
pub fn day(on: NaiveDate) -> Value {
    json!([
        { "on": on, "half": "morning", "starts": "09:00", "ends": "12:00" },
        { "on": on, "half": "afternoon", "starts": "14:00", "ends": "17:30", "minutes": 200 },
    ])
}

/// A session that takes place in so many days, with so many seats.
pub fn plan(world: &World, days: i64, capacity: i32) -> Value {
    plan_on(in_days(world, days), capacity)
}

/// A session of that day, with so many seats.
pub fn plan_on(on: NaiveDate, capacity: i32) -> Value {
    json!({
        "title": "L'IA en mairie", "modality": "mixed", "place": "Salle du conseil, Beaucé",
        "link": "https://video.example/salle-42", "capacity": capacity, "half_days": day(on),
    })
}

/// What creating a session of a provider about E1 asks.
pub fn new_session(provider: &str, plan: Value) -> Value {
    json!({ "provider": provider, "module": "E1", "plan": plan })
}

/// Has the trainer of the demonstration teach at another provider too.
pub async fn teach_at(world: &World, provider: &str) {
    let scope = world.provider(provider).await;
    let trainer = world.known("formatrice@demonstration.example").await;
    world.give(trainer.account_id, Role::Trainer, scope, None).await;
}

/// Asks for a seat.
pub fn registered(world: &World, token: &str, session: &str) -> Call {
    let path = format!("/api/v1/sessions/{session}/registrations");
    world.api.post(&path).bearer(token).json(&json!({}))
}

/// A session of a provider about E1 that was held ten days ago, with the learner in it: the session, its
/// half-day of 180 minutes, and the registration.
pub async fn held_in_the_past(
    world: &World,
    provider: &str,
    learner: &str,
    trainer: &str,
) -> (Uuid, Uuid, Uuid) {
    let Scope::Provider(provider_id) = world.provider(provider).await else { panic!("a provider") };
    let now = world.app.clock.now() - Duration::days(20);
    let catalogue = world.app.shelf.current(world.app.db.read()).await.expect("a catalogue");
    let code = maitrise::content::ModuleCode::parse("E1").expect("a code");
    let module_id = Some(catalogue.get(&code).expect("a module").module.id);
    let on = in_days(world, -10);
    let half = WishedHalfDay {
        on,
        half: Half::Morning,
        starts: "09:00".to_owned(),
        ends: "12:00".to_owned(),
        minutes: None,
    };
    let plan = Plan {
        title: "Déjà tenue".to_owned(),
        modality: Modality::OnSite,
        place: Some("Salle du conseil".to_owned()),
        link: None,
        time_zone: "Europe/Paris".to_owned(),
        capacity: 3,
        opens_at: None,
        closes_at: None,
        elus_on_public_funds: false,
        half_days: vec![half],
    };
    let (trainer, learner) = (principal(world, trainer).await, principal(world, learner).await);
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let of = Of { provider_id, module_id, path_id: None };
    let held = planning_verbs::create(&tx, &trainer, of, &plan, now).await.expect("a session");
    let held = switch::open(&tx, &trainer, held, now).await.expect("open");
    let asked = register::register(&tx, &learner, held, None, now).await.expect("a seat");
    tx.commit().await.expect("a commit");
    (asked.0.session.id, asked.0.half_days[0].id, asked.1.row.id)
}

/// Whoever holds a token.
async fn principal(world: &World, token: &str) -> Principal {
    let me = world.api.get("/api/v1/me").bearer(token).await.expect(200).json();
    let id = |field: &str| me[field].as_str().expect(field).parse().expect("an id");
    Principal { account_id: id("account_id"), person_id: id("person_id"), grants: Vec::new() }
}

/// A provider's desk, in a world of its own.
pub struct Room {
    pub world: World,
}

impl Room {
    pub async fn new() -> Self {
        Self { world: World::new().await }
    }

    /// A token of someone of the demonstration, good at this instant.
    pub async fn token(&self, word: &str) -> String {
        self.world.known(&format!("{word}@demonstration.example")).await.token
    }

    pub async fn get(&self, word: &str, path: &str) -> Answer {
        self.world.api.get(path).bearer(&self.token(word).await).await
    }

    pub async fn post(&self, word: &str, path: &str, body: &Value) -> Answer {
        self.world.api.post(path).bearer(&self.token(word).await).json(body).await
    }

    /// A verb of those who hold the session, without a body.
    pub async fn turn(&self, id: &str, verb: &str) -> Answer {
        let path = format!("/api/v1/sessions/{id}/{verb}");
        self.world.api.post(&path).bearer(&self.token("formatrice").await).await
    }

    /// The session as those who hold it see it.
    pub async fn record(&self, id: &str) -> Answer {
        self.get("formatrice", &format!("/api/v1/sessions/{id}/record")).await.expect(200)
    }

    pub async fn create(&self, plan: Value) -> Answer {
        self.post("formatrice", "/api/v1/sessions", &new_session(HERE, plan)).await
    }

    /// A session that takes registrations.
    pub async fn open(&self, plan: Value) -> String {
        let made = self.create(plan).await.expect(201).json();
        let id = made["session"]["id"].as_str().expect("an id").to_owned();
        self.turn(&id, "open").await.expect(200);
        id
    }

    /// Changes fields of the plan of a session, as it stands.
    pub async fn edit(&self, id: &str, plan: &Value) -> Answer {
        let tag = self.record(id).await.etag();
        let put = self.world.api.put(&format!("/api/v1/sessions/{id}"));
        put.bearer(&self.token("formatrice").await).header("If-Match", &tag).json(plan).await
    }

    pub async fn postpone(&self, id: &str, half_days: Value) -> Answer {
        let tag = self.record(id).await.etag();
        let post = self.world.api.post(&format!("/api/v1/sessions/{id}/postpone"));
        let post = post.bearer(&self.token("formatrice").await).header("If-Match", &tag);
        post.json(&json!({ "half_days": half_days })).await
    }

    /// An agent of Beaucé.
    pub async fn agent(&self, word: &str) -> Newcomer {
        let newcomer = self.world.admit(word).await;
        let tx = self.world.app.db.begin_write().await.expect("a transaction");
        let (now, agent) =
            (self.world.app.clock.now(), maitrise::people::model::CapacityKind::Agent);
        let added =
            maitrise::demo::cast::add_capacity(&tx, newcomer.person_id, "insee:35021", agent, now);
        added.await.expect("a capacity");
        tx.commit().await.expect("a commit");
        newcomer
    }

    /// A token of somebody, good at this instant.
    pub async fn fresh(&self, word: &str) -> String {
        self.world.known(&format!("{word}@essai.example")).await.token
    }

    pub async fn register(&self, who: &str, id: &str) -> Answer {
        registered(&self.world, who, id).await
    }

    pub async fn withdraw(&self, who: &str, id: &str) -> Answer {
        let path = format!("/api/v1/sessions/{id}/registrations/withdraw");
        self.world.api.post(&path).bearer(who).await
    }

    /// The list of a session: the states, in the order in which they asked.
    pub async fn states(&self, id: &str) -> Vec<String> {
        let held = id.parse().expect("an id");
        let book = book::of_session(self.world.app.db.read(), held).await.expect("a list");
        let word = |state| sea_orm::ActiveEnum::to_value(&state);
        book.into_iter().map(|one| word(one.state())).collect()
    }

    /// What was queued for somebody about sessions, oldest first.
    pub async fn queued(&self, who: &Newcomer) -> Vec<mail_message::Model> {
        mail_message::Entity::find()
            .filter(mail_message::COLUMN.person_id.eq(who.person_id))
            .order_by_asc(mail_message::Column::Id)
            .all(self.world.app.db.read())
            .await
            .expect("the queue")
    }

    /// The templates of what was queued for somebody.
    pub async fn told(&self, who: &Newcomer) -> Vec<String> {
        let queued = self.queued(who).await;
        let mut words: Vec<String> =
            queued.iter().map(|m| sea_orm::ActiveEnum::to_value(&m.template)).collect();
        words.sort();
        words
    }

    /// Rounds of the worker until nothing more is due.
    pub async fn deliver(&self) {
        let app = &self.world.app;
        let parts = (app.db.clone(), app.keys.clone(), app.clock.clone());
        let worker = Worker::new(&app.settings, parts, watch::channel(false).1).expect("a worker");
        while worker.round().await.expect("a round").more {}
    }
}

/// The pointers of the values at fault.
pub fn pointers(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].take();
    let errors = errors.as_array().expect("errors").iter();
    errors.map(|e| e["pointer"].as_str().unwrap_or_default().to_owned()).collect()
}
