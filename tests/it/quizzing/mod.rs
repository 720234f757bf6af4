//! Attempts that are bounded, what is arranged for one learner, the time spent, and what nobody may
//! read before an attempt is handed in.

mod corrections;
mod histories;
mod limits;
mod moving;
mod presence;
mod recognition;
mod regrading;
mod secrets;

use maitrise::clock::Clock;
use maitrise::worker::{Round, Worker};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::deeds::{answer, fill_draft, publish, published};
use crate::support::{Answer, Call};
use crate::world::World;

/// A module of the demonstration's provider, and the élue's enrolment in it.
pub struct Course {
    pub world: World,
    pub enrolment: String,
    pub code: &'static str,
}

/// The élue of the demonstration.
const ELUE: &str = "elue@demonstration.example";

impl Course {
    /// With these lines at the head of the manifest.
    pub async fn with(more: &str) -> Self {
        Self::on(World::new().await, more).await
    }

    /// The same in a world that stands.
    pub async fn on(world: World, more: &str) -> Self {
        let trainer = world.known("formatrice@demonstration.example").await.token;
        fill_draft(&world, &trainer, "BORNE", "local:demonstration", more).await;
        publish(&world, "BORNE").await;
        let elue = world.known(ELUE).await.token;
        let enrol = world.api.post("/api/v1/modules/BORNE/enrolments").bearer(&elue);
        let enrolment = enrol.json(&json!({})).await.expect(201).location();
        Self { world, enrolment, code: "BORNE" }
    }

    /// The clock that the server goes by.
    pub fn clock(&self) -> &Clock {
        &self.world.app.clock
    }

    /// A token of the élue, good at this instant.
    pub async fn elue(&self) -> String {
        self.world.known(ELUE).await.token
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.world.api.get(path).bearer(&self.elue().await).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.world.api.post(path).bearer(&self.elue().await).json(body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.world.api.put(path).bearer(&self.elue().await).json(body).await
    }

    pub async fn start(&self) -> Answer {
        let path = format!("{}/attempts", self.enrolment);
        self.world.api.post(&path).bearer(&self.elue().await).await
    }

    /// The address and the body of a right or wrong answer to the n-th question of an attempt.
    pub async fn reply(&self, attempt: &Answer, n: usize, right: bool) -> (String, Value) {
        let (module, shown) = (published(&self.world, self.code).await, attempt.json());
        let asked = &shown["questions"][n];
        let path = format!("{}/answers/{}", attempt.location(), asked["id"].as_str().expect("id"));
        (path, json!({ "choices": answer(&module, asked, right) }))
    }

    /// Keeps a right answer to every question.
    pub async fn answer_all(&self, attempt: &Answer) {
        for n in 0..attempt.json()["questions"].as_array().expect("questions").len() {
            let (path, body) = self.reply(attempt, n, true).await;
            self.put(&path, &body).await.expect(200);
        }
    }

    /// Reads every lesson.
    pub async fn read_all(&self) {
        let shown = self.get(&self.enrolment).await.expect(200).json();
        for lesson in shown["lessons"].as_array().expect("lessons") {
            let slug = lesson["slug"].as_str().expect("a slug");
            self.post_empty(&format!("{}/lessons/{slug}/done", self.enrolment)).await.expect(200);
        }
    }

    async fn post_empty(&self, path: &str) -> Answer {
        self.world.api.post(path).bearer(&self.elue().await).await
    }

    /// A round of a worker of this application.
    pub async fn round(&self) -> Round {
        let app = self.world.app.clone();
        let (_keep, shutdown) = tokio::sync::watch::channel(false);
        let parts = (app.db, app.keys, app.clock);
        let worker = Worker::new(&app.settings, parts, shutdown).expect("a worker");
        worker.round().await.expect("a round")
    }

    /// The facts of the enrolment, as they are kept.
    pub async fn facts(&self) -> Vec<maitrise::records::model::fact::Model> {
        let id = self.enrolment.rsplit('/').next().expect("an id").parse().expect("an id");
        maitrise::records::read::of_enrolment(self.world.app.db.read(), id).await.expect("facts")
    }

    /// Arranges something for the élue, as somebody of the cast.
    pub async fn arrange(&self, word: &str, wish: &Value) -> Call {
        let who = self.world.known(&format!("{word}@demonstration.example")).await.token;
        self.world.api.put(&format!("{}/accommodation", self.enrolment)).bearer(&who).json(wish)
    }

    /// What the journal tells of arrangements.
    pub async fn arrangements(&self) -> Vec<Value> {
        use maitrise::journal::model::journal_entry::{COLUMN, Entity};
        let told = Entity::find().filter(COLUMN.action.eq("accommodation.arrange"));
        let told = told.all(self.world.app.db.read()).await.expect("the journal");
        told.into_iter().map(|entry| entry.detail).collect()
    }
}
