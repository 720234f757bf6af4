//! Learners who follow one module after the other, and what they were told on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use maitrise::content::Module;
use serde_json::{Value, json};

use super::chance::Chance;
use super::load::{Client, Tally};
use crate::deeds::answer;
use crate::support::Api;

/// In an order that prerequisites allow.
pub const MODULES: [&str; 3] = ["E1", "A1", "C2"];

/// The modules, by code: what their questions are answered by.
pub type Keys = BTreeMap<&'static str, Arc<Module>>;

/// What a learner was told of one enrolment.
#[derive(Debug)]
pub struct Told {
    token: String,
    module: &'static str,
    enrolment: String,
    lessons: Vec<String>,
    attempts: Vec<TriedTold>,
    withdrawn: bool,
    completed: bool,
}

/// What a learner was told of one attempt.
#[derive(Debug)]
struct TriedTold {
    attempt: String,
    answers: BTreeMap<String, Vec<String>>,
    /// The question whose last answer may have been kept, although nobody was told.
    in_doubt: Option<String>,
    percent: Option<Value>,
}

/// Somebody who plays several learners, one after the other.
pub struct Classroom {
    pub api: Api,
    pub tally: Arc<Tally>,
    pub keys: Arc<Keys>,
    /// A date by which some of them wish to be done, soon enough for a reminder at once.
    pub due_on: NaiveDate,
    pub chance: Chance,
}

impl Classroom {
    /// Plays every learner, until the load is over; answers what they were told.
    pub async fn play(mut self, tokens: Vec<String>) -> Vec<Told> {
        let mut told = Vec::new();
        for token in tokens {
            let client = Client::new(&self.api, &token, &self.tally);
            for module in MODULES {
                loop {
                    let Some(completed) = self.follow(&client, &token, module, &mut told).await
                    else {
                        return told;
                    };
                    if completed {
                        break;
                    }
                }
            }
        }
        told
    }

    /// Enrols once, and goes on to the end or withdraws; answers whether the module is completed.
    async fn follow(
        &mut self,
        client: &Client,
        token: &str,
        module: &'static str,
        told: &mut Vec<Told>,
    ) -> Option<bool> {
        let path = format!("/api/v1/modules/{module}/enrolments");
        let wish = match self.chance.one_in(3) {
            true => json!({ "due_on": self.due_on }),
            false => json!({}),
        };
        let enrolled = client.write(|api| api.post(&path).json(&wish), &[]).await?;
        told.push(Told::of(token, module, enrolled.location()));
        let told = told.last_mut().expect("pushed");
        let leaves_after = self.chance.one_in(3).then(|| self.chance.below(3));
        let lessons = enrolled.json()["lessons"].as_array().expect("lessons").clone();
        for (number, lesson) in (0..).zip(&lessons) {
            if leaves_after == Some(number) {
                let path = format!("{}/withdraw", told.enrolment);
                let why = json!({ "reason": "no_time" });
                client.write(|api| api.post(&path).json(&why), &[]).await?;
                told.withdrawn = true;
                return Some(false);
            }
            let slug = lesson["slug"].as_str().expect("a slug");
            let path = format!("{}/lessons/{slug}/done", told.enrolment);
            client.write(|api| api.post(&path), &[]).await?;
            told.lessons.push(slug.to_owned());
        }
        // Some fail first, having got every question wrong.
        if self.chance.one_in(4) {
            self.attempt(client, told, false).await?;
        }
        self.attempt(client, told, true).await?;
        told.completed = true;
        Some(true)
    }

    /// Answers every question, some of them twice, and hands in.
    async fn attempt(&mut self, client: &Client, told: &mut Told, right: bool) -> Option<()> {
        let path = format!("{}/attempts", told.enrolment);
        let started = client.write(|api| api.post(&path), &[]).await?;
        let attempt = started.location();
        let answers = BTreeMap::new();
        let tried = TriedTold { attempt, answers, in_doubt: None, percent: None };
        told.attempts.push(tried);
        let tried = told.attempts.last_mut().expect("pushed");
        for question in started.json()["questions"].as_array().expect("questions") {
            let id = question["id"].as_str().expect("an id");
            let module = &self.keys[told.module];
            let mut given = vec![answer(module, question, right)];
            if self.chance.one_in(4) {
                given.insert(0, answer(module, question, false));
            }
            for choices in given {
                let path = format!("{}/answers/{id}", tried.attempt);
                let body = json!({ "choices": choices });
                tried.in_doubt = Some(id.to_owned());
                client.write(|api| api.put(&path).json(&body), &[]).await?;
                tried.in_doubt = None;
                tried.answers.insert(id.to_owned(), choices);
            }
        }
        let path = format!("{}/submit", tried.attempt);
        let submitted = client.write(|api| api.post(&path).json(&json!({})), &[]).await?.json();
        assert_eq!(submitted["result"]["passed"], right, "{submitted}");
        tried.percent = Some(submitted["result"]["percent"].clone());
        Some(())
    }
}

impl Told {
    fn of(token: &str, module: &'static str, enrolment: String) -> Self {
        let (lessons, attempts) = (Vec::new(), Vec::new());
        let token = token.to_owned();
        Self { token, module, enrolment, lessons, attempts, withdrawn: false, completed: false }
    }

    /// That the API still says all of it, and nothing that would be half of a story.
    pub async fn is_kept(&self, api: &Api) {
        let shown = api.get(&self.enrolment).bearer(&self.token).await.expect(200).json();
        assert_eq!(shown["module"], self.module);
        let lessons = shown["lessons"].as_array().expect("lessons");
        for slug in &self.lessons {
            let lesson = lessons.iter().find(|lesson| lesson["slug"] == **slug);
            assert_eq!(lesson.expect("a lesson")["done"], true, "{slug}: {self:?}\n{shown}");
        }
        let state = shown["state"].as_str().expect("a state");
        assert!(!self.withdrawn || state == "withdrawn", "{self:?}\n{shown}");
        assert!(!self.completed || state == "completed", "{self:?}\n{shown}");
        let read = lessons.iter().all(|lesson| lesson["done"] == true);
        let passed = shown["best_percent"].as_u64() >= shown["pass_mark_percent"].as_u64();
        assert_eq!(read && passed, state == "completed", "a half-written end: {shown}");
        for tried in &self.attempts {
            tried.is_kept(api, &self.token).await;
        }
        if state == "completed" {
            self.is_attested(api).await;
        }
    }

    async fn is_attested(&self, api: &Api) {
        let mine = api.get("/api/v1/me/attestations").bearer(&self.token).await.expect(200).json();
        let items = mine["items"].as_array().expect("attestations");
        let here: Vec<_> =
            items.iter().filter(|a| a["statement"]["module"] == self.module).collect();
        assert_eq!(here.len(), 1, "one completion, one attestation: {self:?}\n{mine}");
        let code = here[0]["code"].as_str().expect("a code");
        let verified = api.get(&format!("/api/v1/verify/{code}")).await.expect(200).json();
        assert_eq!(verified["status"], "genuine");
    }
}

impl TriedTold {
    async fn is_kept(&self, api: &Api, token: &str) {
        let shown = api.get(&self.attempt).bearer(token).await.expect(200).json();
        let asked = shown["questions"].as_array().expect("questions");
        for (id, choices) in &self.answers {
            let question = asked.iter().find(|question| question["id"] == **id).expect("drawn");
            let kept = question["answer"].as_array().expect("an answer");
            if self.in_doubt.as_ref() != Some(id) {
                assert_eq!(json!(kept), json!(choices), "{id}: {self:?}\n{shown}");
            }
        }
        if let Some(percent) = &self.percent {
            assert_eq!(&shown["result"]["percent"], percent, "{self:?}\n{shown}");
        }
    }
}
