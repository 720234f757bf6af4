//! From a draft to the catalogue and out of it: reviews, preview, dates, changes of the law.

mod broken;
mod legal;
mod overtaken;
mod race;
mod retire;
mod reviews;
mod schedule;
mod superseded;

use maitrise::accounts::model::Role;
use maitrise::publication::preview::House;
use serde_json::{Value, json};

use crate::deeds::{draft_file, fill_draft};
use crate::newcomers::Newcomer;
use crate::support::{Answer, Call};
use crate::world::World;

const PROVIDER: &str = "local:demonstration";
const LESSON: &str = "lessons/01-trois-questions-avant-dessayer.md";
const HOUSE: House = House { production: false, min_persons: 5 };

/// A provider's people, and what they do over and over.
struct Press {
    world: World,
    trainer: Newcomer,
    reviewer: Newcomer,
    publisher: Newcomer,
}

impl Press {
    async fn new() -> Self {
        let world = World::new().await;
        let here = world.provider(PROVIDER).await;
        Self {
            trainer: world.known("formatrice@demonstration.example").await,
            reviewer: world.admit_as("relectrice-bis", Role::Reviewer, here).await,
            publisher: world.known("editrice@demonstration.example").await,
            world,
        }
    }

    /// The same people after some time: tokens end.
    async fn signed_in_again(&mut self) {
        self.trainer = self.world.known("formatrice@demonstration.example").await;
        self.reviewer = self.world.known("relectrice-bis@essai.example").await;
        self.publisher = self.world.known("editrice@demonstration.example").await;
    }

    fn post(&self, who: &Newcomer, path: &str, body: &Value) -> Call {
        self.world.api.post(path).bearer(&who.token).json(body)
    }

    /// Writes a module's first draft; `more` goes into its manifest.
    async fn write(&self, code: &str, more: &str) {
        fill_draft(&self.world, &self.trainer.token, code, PROVIDER, more).await;
    }

    /// Opens the next draft, and adds a sentence to its lesson.
    async fn rewrite(&self, code: &str, sentence: &str) {
        self.put(code, LESSON, format!("{}\n{sentence}\n", draft_file(LESSON))).await;
    }

    /// Opens the next draft unless it is open, and puts a file in it.
    async fn put(&self, code: &str, path: &str, text: String) {
        let draft = draft(code);
        let opened = self.world.api.post(&draft).bearer(&self.trainer.token).await;
        assert!(opened.status < 300, "{}", opened.body);
        let put = self.world.api.put(&format!("{draft}/files?path={path}"));
        let put = put.bearer(&self.trainer.token).header("If-Match", &opened.etag());
        put.header("Content-Type", "text/plain").body(text).await.expect(200);
    }

    /// Submits a draft; answers its digest.
    async fn submit(&self, code: &str) -> String {
        let submit = self.world.api.post(&format!("{}/submit", draft(code)));
        let submitted = submit.bearer(&self.trainer.token).await.expect(200).json();
        submitted["digest"].as_str().expect("a digest").to_owned()
    }

    async fn review(&self, who: &Newcomer, code: &str, digest: &str, kind: &str) -> Answer {
        let body = json!({
            "digest": digest, "kind": kind, "verdict": "accepted", "comment": "Relu.",
        });
        self.post(who, &format!("{}/review", draft(code)), &body).await
    }

    /// Submits a draft and has what is taught in it accepted.
    async fn accepted(&self, code: &str) {
        let digest = self.submit(code).await;
        self.review(&self.reviewer, code, &digest, "pedagogical").await.expect(200);
    }

    async fn preview(&self, code: &str, change: &str) -> Value {
        let body = json!({ "change": change });
        let path = format!("{}/publish/preview", draft(code));
        self.post(&self.publisher, &path, &body).await.expect(200).json()
    }

    /// What a publisher sends who has just read the preview.
    async fn request(&self, code: &str, change: &str) -> Value {
        json!({ "change": change, "digest": self.preview(code, change).await["digest"] })
    }

    fn publish(&self, code: &str, request: &Value) -> Call {
        self.post(&self.publisher, &format!("{}/publish", draft(code)), request)
    }

    /// From writing to publication.
    async fn published(&self, code: &str) {
        self.write(code, "").await;
        self.accepted(code).await;
        let request = self.request(code, "substantive").await;
        self.publish(code, &request).await.expect(201);
    }

    /// An élu who has not begun anything.
    async fn learner(&self, word: &str) -> Newcomer {
        let learner = self.world.admit(word).await;
        self.world.elect(&learner, "insee:35021").await;
        learner
    }

    /// How many versions of a module are published.
    async fn versions(&self, code: &str) -> usize {
        let versions = self.world.api.get(&format!("/api/v1/modules/{code}/versions")).await;
        match versions.status {
            404 => 0,
            _ => versions.expect(200).json()["items"].as_array().expect("versions").len(),
        }
    }
}

fn draft(code: &str) -> String {
    format!("/api/v1/modules/{code}/draft")
}

/// The codes of the lines of a preview that stop it.
fn stopping(preview: &Value) -> Vec<&str> {
    let lines = preview["checklist"].as_array().expect("a checklist").iter();
    let stops = |line: &&Value| line["blocks"] == true && line["holds"] == false;
    lines.filter(stops).map(|line| line["code"].as_str().expect("a code")).collect()
}
