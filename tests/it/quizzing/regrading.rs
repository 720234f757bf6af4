//! Keys that were wrong: results are marked again, upwards by themselves, downwards by decision only.

use chrono::Duration;
use maitrise::accounts::Principal;
use maitrise::learning::study::Attester;
use maitrise::mail::model::{Template, mail_message};
use maitrise::records::model::{FactKind, fact};
use maitrise::records::{self, read};
use maitrise::regrades::run::{Means, Step, advance};
use maitrise::regrades::wish::{KeyWish, Wish};
use maitrise::regrades::{decide, model::regrade};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Course;
use crate::support::Answer;
use crate::world::World;

/// A learner of the module, their enrolment and their attempt, handed in or not.
struct Learner {
    token: String,
    enrolment: String,
    attempt: String,
    answers: Value,
}

impl Learner {
    /// Somebody who has read everything and answers `q1` by this letter, and the rest rightly.
    async fn who_answers(world: &World, word: &str, letter: &str) -> Self {
        let who = world.admit(word).await;
        world.elect(&who, "insee:35021").await;
        let due = world.app.clock.now().date_naive() + Duration::days(30);
        let enrol = world.api.post("/api/v1/modules/BORNE/enrolments").bearer(&who.token);
        let enrolment = enrol.json(&json!({ "due_on": due })).await.expect(201).location();
        let (submit, mut answers) =
            crate::deeds::prepare(world, &who.token, &enrolment, "BORNE").await;
        answers["answers"]["q1"] = json!([letter]);
        let attempt = submit.trim_end_matches("/submit").to_owned();
        Self { token: who.token, enrolment, attempt, answers }
    }

    /// The same, the attempt being handed in.
    async fn who_answered(world: &World, word: &str, letter: &str) -> Self {
        let one = Self::who_answers(world, word, letter).await;
        one.hand_in(world).await.expect(200);
        one
    }

    async fn hand_in(&self, world: &World) -> Answer {
        let submit = format!("{}/submit", self.attempt);
        world.api.post(&submit).bearer(&self.token).json(&self.answers).await
    }

    async fn sees(&self, world: &World, path: &str) -> Value {
        world.api.get(path).bearer(&self.token).await.expect(200).json()
    }

    /// Their attempt: percent, passed.
    async fn result(&self, world: &World) -> (Value, Value) {
        let result = self.sees(world, &self.attempt).await["result"].take();
        (result["percent"].clone(), result["passed"].clone())
    }

    async fn state(&self, world: &World) -> Value {
        self.sees(world, &self.enrolment).await["state"].take()
    }

    async fn facts(&self, world: &World) -> Vec<fact::Model> {
        read::of_enrolment(world.app.db.read(), id_of(&self.enrolment)).await.expect("facts")
    }

    async fn told(&self, world: &World, kind: FactKind) -> Vec<fact::Model> {
        self.facts(world).await.into_iter().filter(|f| f.kind == kind).collect()
    }

    /// Whether they pass and whether a completion came or went, as each message says it.
    async fn written(&self, world: &World) -> Vec<(Value, Value)> {
        let person = self.facts(world).await[0].person_id;
        let mails = mail_message::Entity::find()
            .filter(mail_message::COLUMN.person_id.eq(person))
            .filter(mail_message::Column::Template.eq(Template::ResultCorrected))
            .all(world.app.db.read());
        let said = |mail: mail_message::Model| {
            assert!(self.attempt.ends_with(mail.context["attempt"].as_str().expect("an attempt")));
            (mail.context["passed"].clone(), mail.context["completion"].clone())
        };
        mails.await.expect("messages").into_iter().map(said).collect()
    }
}

fn id_of(path: &str) -> Uuid {
    path.rsplit('/').next().expect("an id").parse().expect("an id")
}

const PATH: &str = "/api/v1/modules/BORNE/versions/1/regrade";

/// `q1` has another right answer.
fn right(letter: &str) -> Value {
    let key =
        json!({ "question": "q1", "right_answers": [letter], "reason": "Le texte a changé." });
    json!({ "corrections": [key] })
}

async fn preview(world: &World, wish: &Value) -> Value {
    let publisher = world.token("editrice").await;
    let asked = world.api.post(&format!("{PATH}/preview")).bearer(&publisher).json(wish);
    asked.await.expect(200).json()
}

async fn regrade(world: &World, mut wish: Value, lower: Value) -> Answer {
    let previewed = json!({ "corrections": wish["corrections"] });
    wish["digest"] = preview(world, &previewed).await["digest"].take();
    wish["lower"] = lower;
    let publisher = world.token("editrice").await;
    world.api.post(PATH).bearer(&publisher).json(&wish).await
}

/// A module of three questions, all of them asked, all to be right; its first right answer is « b ».
async fn world() -> World {
    Course::with("").await.world
}

#[tokio::test]
async fn whoever_failed_by_a_wrong_key_passes_completes_is_attested_and_owes_no_more() {
    let world = world().await;
    let one = Learner::who_answered(&world, "lesee", "a").await;
    let other = Learner::who_answered(&world, "autre", "c").await;
    assert_eq!(one.result(&world).await, (json!(66), json!(false)));
    let before = world.app.clock.now();
    world.app.clock.advance(Duration::seconds(1));
    let done = regrade(&world, right("a"), Value::Null).await.expect(200).json();
    assert_eq!((&done["number"], done["finished_at"].is_string()), (&json!(1), true), "{done}");

    let shown = one.sees(&world, &one.attempt).await;
    let result = &shown["result"];
    assert_eq!((&result["percent"], &result["passed"]), (&json!(100), &json!(true)));
    assert_eq!(result["was"], json!({ "percent": 66, "passed": false }), "both are told");
    let asked = shown["questions"].as_array().expect("questions");
    let first = asked.iter().find(|q| q["id"] == "q1").expect("the question");
    assert_eq!(first["correction"]["correct"], json!(["a"]));
    assert_eq!(first["correction"]["mended"], "Le texte a changé.");
    assert_eq!(one.state(&world).await, "completed");
    let mine = one.sees(&world, "/api/v1/me/attestations").await;
    assert_eq!(mine["items"].as_array().map(Vec::len), Some(1));
    let owed = one.sees(&world, "/api/v1/me/obligations").await;
    assert_eq!(owed["items"][0]["status"], "satisfied", "{owed}");

    let (first, again) = (FactKind::AttemptSubmitted, FactKind::AttemptRegraded);
    let (submitted, regraded) = (one.told(&world, first).await, one.told(&world, again).await);
    assert_eq!((submitted.len(), regraded.len()), (1, 1), "the first stays");
    assert_eq!(regraded[0].supersedes_id, Some(submitted[0].id));
    assert_eq!(regraded[0].payload["number"], submitted[0].payload["number"]);
    assert_eq!(regraded[0].payload["was"]["fact_id"], json!(submitted[0].id));
    let completed = one.told(&world, FactKind::Completed).await;
    assert_eq!(completed[0].recorded_at, regraded[0].recorded_at, "at once");
    let then = records::status(&one.facts(&world).await, before);
    assert_eq!((then.passed, then.state.word()), (false, "in_progress"), "as it was known then");

    assert_eq!(other.result(&world).await, (json!(66), json!(false)), "wrong either way");
    assert_eq!(other.told(&world, again).await.len(), 0);
    assert_eq!(one.written(&world).await, [(json!(true), json!(true))], "told once, by mail too");
    assert_eq!(other.written(&world).await, []);
    let trainer = world.token("formatrice").await;
    let listed = world.api.get(&format!("{PATH}s")).bearer(&trainer).await.expect(200).json();
    assert_eq!(listed["items"][0]["questions"], json!(["q1"]));
}

#[tokio::test]
async fn a_pass_is_lowered_by_decision_only_which_quotes_how_many_would_fail() {
    let world = world().await;
    let mut passed = Vec::new();
    for n in 0..5 {
        passed.push(Learner::who_answered(&world, &format!("admis-{n}"), "b").await);
    }
    let told = preview(&world, &right("a")).await;
    assert_eq!(told["failing"], json!({ "count": 5, "suppressed": false }));
    assert_eq!(told["passing"], json!({ "suppressed": true }), "nobody, which is few");
    regrade(&world, right("a"), Value::Null).await.expect(200);
    let before = world.app.clock.now();
    for one in &passed {
        assert_eq!(one.result(&world).await, (json!(100), json!(true)), "it stays as it was told");
        assert_eq!(one.told(&world, FactKind::AttemptRegraded).await.len(), 0);
        assert_eq!(one.written(&world).await, []);
    }
    world.app.clock.advance(Duration::seconds(1));
    let lower = |persons: Value| json!({ "persons": persons, "reason": "Décision du jury." });
    for wrong in [json!(4), Value::Null] {
        let refused = regrade(&world, right("a"), lower(wrong)).await.expect(409).json();
        assert_eq!(refused["code"], "preview-outdated");
    }
    assert_eq!(passed[0].state(&world).await, "completed", "nothing changed");
    regrade(&world, right("a"), lower(json!(5))).await.expect(200);
    for one in &passed {
        assert_eq!(one.result(&world).await, (json!(66), json!(false)));
        assert_eq!(one.state(&world).await, "in_progress");
        let annulled = one.told(&world, FactKind::Annulled).await;
        let completed = one.told(&world, FactKind::Completed).await;
        assert_eq!(annulled[0].supersedes_id, Some(completed[0].id), "the completion stays too");
        assert_eq!(records::status(&one.facts(&world).await, before).state.word(), "completed");
        assert_eq!(one.written(&world).await, [(json!(false), json!(true))]);
    }
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_does_and_what_is_decided_is_not_decided_twice() {
    let world = world().await;
    let one = Learner::who_answered(&world, "lesee", "a").await;
    let publisher = world.token("editrice").await;
    let mut wish = right("a");
    wish["digest"] = preview(&world, &wish).await["digest"].take();
    let send = || world.api.post(PATH).bearer(&publisher).json(&wish);
    let (a, b) = tokio::join!(async { send().await.status }, async { send().await.status });
    assert_eq!((a.min(b), a.max(b)), (200, 409));
    assert_eq!(send().await.expect(409).json()["code"], "preview-outdated");
    assert_eq!(one.told(&world, FactKind::AttemptRegraded).await.len(), 1);
    assert_eq!(one.told(&world, FactKind::Completed).await.len(), 1);
}

/// Decides that « a » is right, and marks nothing again: as a server does that is killed just then.
async fn decided(world: &World) {
    let (db, now) = (&world.app.db, world.app.clock.now());
    let who = world.known("editrice@demonstration.example").await;
    let who = Principal::load(db.read(), who.account_id, 1, now).await.expect("the publisher");
    let module = crate::deeds::published(world, "BORNE").await;
    let current = maitrise::catalogue::find::current_by_code;
    let edition = current(&world.app.shelf, db.read(), &module.manifest.code).await.expect("it");
    let reason = "Le texte a changé.".to_owned();
    let key = KeyWish { question: "q1".to_owned(), right: vec!["a".to_owned()], reason };
    let wish = Wish { keys: vec![key], lower: None };
    let seen = decide::consider(db.read(), &who, &edition, &wish, 5, now).await.expect("seen");
    let tx = db.begin_write().await.expect("a transaction");
    let quoted = (&seen, seen.preview.digest.as_str(), 5);
    decide::decide(&tx, &who, &edition, &wish, quoted, now).await.expect("decided");
    tx.commit().await.expect("a commit");
}

async fn step(world: &World, page: u64) -> Step {
    let app = &world.app;
    let attester = Attester { keys: &app.keys, issuer: &app.settings.http.public_url };
    let means = Means { db: &app.db, shelf: &app.shelf, attester, clock: &app.clock };
    advance(means, page).await.expect("a step")
}

#[tokio::test]
async fn cut_short_between_two_steps_it_goes_on_from_there_and_tells_each_result_once() {
    let world = world().await;
    let mut all = Vec::new();
    for n in 0..5 {
        all.push(Learner::who_answered(&world, &format!("lesee-{n}"), "a").await);
    }
    decided(&world).await;
    assert_eq!([step(&world, 1).await.told, step(&world, 1).await.told], [1, 1]);
    let row = regrade::Entity::find().one(world.app.db.read()).await.expect("rows").expect("one");
    assert!(row.cursor.is_some() && row.finished_at.is_none());
    // Two workers take it up at once.
    let through = async || {
        let mut told = 0;
        loop {
            let step = step(&world, 2).await;
            told += step.told;
            if !step.more {
                return told;
            }
        }
    };
    let (a, b) = tokio::join!(through(), through());
    assert_eq!(a + b, 3, "each result is told by one of them");
    for one in &all {
        assert_eq!(one.told(&world, FactKind::AttemptRegraded).await.len(), 1);
        assert_eq!(one.told(&world, FactKind::Completed).await.len(), 1);
        assert_eq!(one.told(&world, FactKind::AttestationIssued).await.len(), 1);
        assert_eq!(one.written(&world).await.len(), 1);
    }
    assert_eq!(step(&world, 10).await, Step::default(), "there is nothing left");
}

#[tokio::test]
async fn the_worker_goes_on_and_what_is_handed_in_since_is_marked_under_the_new_key() {
    let world = world().await;
    let late = Learner::who_answers(&world, "tardif", "a").await;
    let gone = Learner::who_answered(&world, "partie", "a").await;
    let leave = world.api.post(&format!("{}/withdraw", gone.enrolment)).bearer(&gone.token);
    leave.json(&json!({ "reason": "not_relevant" })).await.expect(200);
    decided(&world).await;
    let handed = late.hand_in(&world).await.expect(200).json();
    assert_eq!(handed["result"]["passed"], true);
    let told = late.told(&world, FactKind::AttemptSubmitted).await;
    assert_eq!(told[0].payload["keys"], 1, "it says under which keys");
    let course = Course { world, enrolment: late.enrolment.clone(), code: "BORNE" };
    assert_eq!(course.round().await.regraded, 1);
    assert_eq!(course.round().await.regraded, 0);
    let world = course.world;
    assert_eq!(late.told(&world, FactKind::AttemptRegraded).await.len(), 0);
    assert_eq!(gone.result(&world).await, (json!(100), json!(true)));
    assert_eq!(gone.state(&world).await, "withdrawn", "whoever left completes nothing");
    assert_eq!(gone.written(&world).await, [(json!(true), json!(false))]);
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused_everything_at_once() {
    let world = world().await;
    let publisher = world.token("editrice").await;
    let key = |question: &str, right: Value| json!({ "question": question, "right_answers": right, "reason": "Relu." });
    let wish = json!({ "corrections": [
        key("q1", json!(["a", "b"])), key("q1", json!(["a"])), key("q9", json!(["a"])),
        key("q2", json!(["z"])), key("q3", json!(["a"])),
    ] });
    let asked = world.api.post(&format!("{PATH}/preview")).bearer(&publisher).json(&wish);
    let refused = asked.await.expect(422).json();
    let errors = refused["errors"].as_array().expect("errors").iter();
    let pointers: Vec<&str> = errors.map(|e| e["pointer"].as_str().expect("a pointer")).collect();
    let expected = [
        "/corrections/0/right_answers",
        "/corrections/1/question",
        "/corrections/2/question",
        "/corrections/3/right_answers",
    ];
    assert_eq!(pointers, expected);
    let absent = world.api.post("/api/v1/modules/BORNE/versions/9/regrade/preview");
    absent.bearer(&publisher).json(&right("a")).await.expect(404);
}
