//! What learners say back: threads, complaints, satisfaction; and the mail that follows.

mod complaints;
mod mails;
mod opinions;
mod refusals;
mod satisfaction;
mod threads;

use maitrise::accounts::model::Role;
use maitrise::config::{MailTransport, SmtpSecurity};
use maitrise::worker::Worker;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::deeds::{answers, fill_draft, publish, published};
use crate::newcomers::Newcomer;
use crate::support::{Answer, Received, Sink};
use crate::world::World;

/// The module about which everything is said.
const MODULE: &str = "AIDE";
/// What a learner writes: found nowhere but where texts are kept.
const WORDS: &str = "Anatole Hippolyte m'a dit le contraire : qui croire ?";

/// An application whose mail goes to a relay, a published module, a learner enrolled in it.
struct Class {
    world: World,
    sink: Sink,
    trainer: String,
    learner: String,
    /// `/api/v1/enrolments/…`
    enrolment: String,
    lesson: String,
}

impl Class {
    async fn new() -> Self {
        let sink = Sink::start();
        let port = sink.port();
        let world = World::with(|settings| {
            settings.mail.transport = MailTransport::Smtp;
            settings.mail.smtp_host = "127.0.0.1".to_owned();
            settings.mail.smtp_port = port;
            settings.mail.smtp_security = SmtpSecurity::None;
        })
        .await;
        let trainer = world.known("formatrice@demonstration.example").await.token;
        fill_draft(&world, &trainer, MODULE, "local:demonstration", "").await;
        publish(&world, MODULE).await;
        let learner = world.known("elue@demonstration.example").await.token;
        let (enrolment, lesson) = enrolled(&world, &learner).await;
        Self { world, sink, trainer, learner, enrolment, lesson }
    }

    async fn known(&self, word: &str) -> Newcomer {
        self.world.known(&format!("{word}@demonstration.example")).await
    }

    /// Somebody else who teaches at the same provider.
    async fn second_trainer(&self) -> Newcomer {
        let here = self.world.provider("local:demonstration").await;
        self.world.admit_as("formateur-bis", Role::Trainer, here).await
    }

    async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.world.api.post(path).bearer(token).json(body).await
    }

    async fn put(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.world.api.put(path).bearer(token).json(body).await
    }

    async fn get(&self, token: &str, path: &str) -> Answer {
        self.world.api.get(path).bearer(token).await
    }

    /// Says something about the lesson.
    async fn say(&self, kind: &str, text: &str) -> Answer {
        let body = json!({ "kind": kind, "lesson": self.lesson, "text": text });
        self.post(&self.learner, &format!("{}/feedback", self.enrolment), &body).await
    }

    /// Asks; answers the address of the thread.
    async fn ask(&self, text: &str) -> String {
        self.say("question", text).await.expect(201).location()
    }

    async fn reply(&self, token: &str, thread: &str, text: &str) -> Answer {
        self.post(token, &format!("{thread}/replies"), &json!({ "text": text })).await
    }

    async fn decide(&self, token: &str, thread: &str, state: &str) -> Answer {
        self.put(token, &format!("{thread}/state"), &json!({ "state": state })).await
    }

    async fn state(&self, token: &str, thread: &str) -> Value {
        self.get(token, thread).await.expect(200).json()["state"].take()
    }

    /// An attempt of the learner; handed in if so wished. Answers its id, and what it shows.
    async fn attempt(&self, hand_in: bool) -> (String, Value) {
        let start = self.world.api.post(&format!("{}/attempts", self.enrolment));
        let started = start.bearer(&self.learner).await.expect(201);
        let id = started.json()["id"].as_str().expect("an id").to_owned();
        if !hand_in {
            return (id, started.json());
        }
        let module = published(&self.world, MODULE).await;
        let wrong = json!({ "answers": answers(&module, &started.json(), false) });
        let path = format!("{}/submit", started.location());
        let handed = self.post(&self.learner, &path, &wrong).await.expect(200);
        (id, handed.json())
    }

    /// Rounds of the worker until nothing more is due.
    async fn deliver(&self) {
        let app = &self.world.app;
        let parts = (app.db.clone(), app.keys.clone(), app.clock.clone());
        let worker = Worker::new(&app.settings, parts, watch::channel(false).1).expect("a worker");
        while worker.round().await.expect("a round").more {}
    }

    /// What has arrived at an address under a subject that begins so.
    fn mails(&self, to: &str, subject: &str) -> Vec<Received> {
        let mut mails = self.sink.messages();
        mails.retain(|mail| mail.to == [to] && mail.subject().starts_with(subject));
        mails
    }

    /// A number that a statement counts.
    async fn count(&self, table: &str, condition: &str) -> i64 {
        let db = &self.world.app.db;
        let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE {condition}");
        let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await;
        row.expect("a statement").expect("a row").try_get("", "n").expect("a number")
    }
}

/// Enrols somebody; answers the address of the enrolment, and its first lesson.
async fn enrolled(world: &World, token: &str) -> (String, String) {
    let path = format!("/api/v1/modules/{MODULE}/enrolments");
    let enrolled = world.api.post(&path).bearer(token).json(&json!({})).await.expect(201);
    let lesson = enrolled.json()["lessons"][0]["slug"].as_str().expect("a slug").to_owned();
    (enrolled.location(), lesson)
}

/// A learner of a commune, enrolled: their token, and the address of their enrolment.
async fn learner(world: &World, word: &str) -> (String, String) {
    let who = world.admit(word).await;
    world.elect(&who, "insee:35021").await;
    let (enrolment, _) = enrolled(world, &who.token).await;
    (who.token, enrolment)
}

/// The code and the pointers of a refusal.
fn refused(answer: &Answer) -> (String, Vec<String>) {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    let pointers = errors.iter().map(|error| error["pointer"].as_str().unwrap_or("").to_owned());
    (answer.problem_code(), pointers.collect())
}
