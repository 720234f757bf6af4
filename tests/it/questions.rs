//! Banks, scenarios, orderings and partial credit, from the trainer's files to what is recorded.

use maitrise::records;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::deeds::{fill_draft, publish};
use crate::support::{Answer, Call};
use crate::world::World;

/// One of these two is drawn; each has two right choices of four.
const DRAWN: &str = r#"title = "Tirées"
draw = 1

[[question]]
id = "t1"
kind = "multiple"
credit = "partial"
text = "Que tient-on à jour ?"
explanation = "Le registre et l'inventaire."
reference = "Fictive"
grade = "V"
verified_on = 2026-11-22
choice = [
  { id = "a", text = "Le registre", correct = true },
  { id = "b", text = "L'inventaire", correct = true },
  { id = "c", text = "Le menu" },
  { id = "d", text = "La liste des courses" },
]

[[question]]
id = "t2"
kind = "multiple"
credit = "partial"
text = "Qui prévient-on ?"
explanation = "Le délégué et la direction."
reference = "Fictive"
grade = "V"
verified_on = 2026-11-22
choice = [
  { id = "a", text = "Le délégué", correct = true },
  { id = "b", text = "La direction", correct = true },
  { id = "c", text = "Le voisin" },
  { id = "d", text = "Personne" },
]
"#;

/// All asked: a scenario whose second question is from memory, and an ordering.
const ASKED: &str = r#"title = "Posées"

[[scenario]]
id = "guichet"
situation = "Un matin, au guichet, un outil répond à la place de l'agent."

[[scenario.question]]
id = "g1"
kind = "single"
text = "Que fait l'agent ?"
explanation = "Il relit."
reference = "Fictive"
grade = "V"
verified_on = 2026-11-22
choice = [
  { id = "a", text = "Il relit", correct = true },
  { id = "b", text = "Il transmet" },
]

[[scenario.question]]
id = "g2"
kind = "true_false"
text = "L'outil a toujours raison."
explanation = "Non."
reference = "Fictive"
grade = "M"
verified_on = 2026-11-22
choice = [{ id = "a", text = "Vrai" }, { id = "b", text = "Faux", correct = true }]

[[question]]
id = "o1"
kind = "ordering"
credit = "partial"
text = "Dans quel ordre ?"
explanation = "Le besoin d'abord."
reference = "Fictive"
grade = "V"
verified_on = 2026-11-22
cites = ["ria-3-4"]
choice = [
  { id = "a", text = "Définir" },
  { id = "b", text = "Comparer" },
  { id = "c", text = "Essayer" },
  { id = "d", text = "Décider" },
]
"#;

/// The right order of the ordering.
const ORDER: [&str; 4] = ["Définir", "Comparer", "Essayer", "Décider"];

/// The élue, enrolled in a published module of these questions, with an attempt begun.
struct Sitting {
    world: World,
    token: String,
    enrolment: String,
    attempt: String,
    begun: Answer,
}

impl Sitting {
    async fn begin() -> Self {
        let world = World::new().await;
        publish_questions(&world).await;
        let token = world.token("elue").await;
        let enrol = world.api.post("/api/v1/modules/TIRAGE/enrolments").bearer(&token);
        let enrolled = enrol.json(&json!({})).await.expect(201);
        assert_eq!(enrolled.json()["questions"], 4, "asked, not written");
        let enrolment = enrolled.location();
        let start = world.api.post(&format!("{enrolment}/attempts")).bearer(&token);
        let begun = start.await.expect(201);
        Self { token, enrolment, attempt: begun.location(), begun, world }
    }

    /// A question of the attempt as it was shown when it began.
    fn question(&self, id: &str) -> Value {
        let shown = self.begun.json()["questions"].as_array().expect("questions").clone();
        shown.into_iter().find(|q| q["id"] == id).unwrap_or_else(|| panic!("{id} was drawn"))
    }

    fn drawn(&self, id: &str) -> bool {
        self.begun.body.contains(&format!("\"id\":\"{id}\""))
    }

    /// The ids under which the attempt shows these texts.
    fn ids(&self, question: &str, texts: &[&str]) -> Vec<String> {
        let choices = self.question(question)["choices"].as_array().expect("choices").clone();
        let id = |text: &&str| {
            let choice = choices.iter().find(|c| c["text"] == **text).expect("a choice");
            choice["id"].as_str().expect("an id").to_owned()
        };
        texts.iter().map(id).collect()
    }

    fn put(&self, question: &str, body: &Value) -> Call {
        let path = format!("{}/answers/{question}", self.attempt);
        self.world.api.put(&path).bearer(&self.token).json(body)
    }

    fn submit(&self, answers: &Value) -> Call {
        let path = format!("{}/submit", self.attempt);
        self.world.api.post(&path).bearer(&self.token).json(&json!({ "answers": answers }))
    }

    async fn shown(&self) -> Value {
        self.world.api.get(&self.attempt).bearer(&self.token).await.expect(200).json()
    }

    /// Hands in: half of what was drawn, the scenario's first question right and the one from memory
    /// wrong, an order with its last two items exchanged.
    async fn hand_in(&self) -> Value {
        let drawn = if self.drawn("t1") { "t1" } else { "t2" };
        let order = self.ids("o1", &[ORDER[0], ORDER[1], ORDER[3], ORDER[2]]);
        let answers = json!({ drawn: ["a"], "g1": ["a"], "g2": ["a"], "o1": order });
        self.submit(&answers).await.expect(200).json()
    }
}

async fn publish_questions(world: &World) {
    let trainer = world.known("formatrice@demonstration.example").await.token;
    fill_draft(world, &trainer, "TIRAGE", "local:demonstration", "").await;
    let draft = "/api/v1/modules/TIRAGE/draft";
    let mut tag = world.api.get(draft).bearer(&trainer).await.expect(200).etag();
    for (path, text) in [("quiz/01-quiz.toml", DRAWN), ("quiz/02-suite.toml", ASKED)] {
        let put = world.api.put(&format!("{draft}/files?path={path}")).bearer(&trainer);
        let put = put.header("If-Match", &tag).header("Content-Type", "text/plain; charset=utf-8");
        tag = put.body(text).await.expect(200).etag();
    }
    publish(world, "TIRAGE").await;
}

#[tokio::test]
async fn an_attempt_asks_what_its_banks_draw_and_keeps_a_scenario_together() {
    let sitting = Sitting::begin().await;
    assert_ne!(sitting.drawn("t1"), sitting.drawn("t2"), "one of the two");
    let shown = sitting.begun.json()["questions"].as_array().expect("questions").clone();
    let ids: Vec<&str> = shown.iter().filter_map(|q| q["id"].as_str()).collect();
    assert_eq!(ids.len(), 4);
    assert!(ids[0].starts_with('t'), "the first bank first: {ids:?}");
    assert!(ids.windows(2).any(|pair| pair == ["g1", "g2"]), "{ids:?}");
    for question in &shown {
        let chained = question["id"].as_str().is_some_and(|id| id.starts_with('g'));
        assert_eq!(question["scenario"]["id"] == "guichet", chained, "{question}");
    }
    assert!(sitting.question("g1")["scenario"]["situation"].as_str().is_some_and(|s| s.len() > 20));
    let again = sitting.shown().await;
    assert_eq!(again["questions"], json!(shown), "the same seed shows the same");
}

#[tokio::test]
async fn nothing_of_the_key_is_told_before_the_attempt_is_handed_in() {
    let sitting = Sitting::begin().await;
    for word in ["correct", "explanation", "reference", "Il relit.", "Le besoin d'abord"] {
        assert!(!sitting.begun.body.contains(word), "{word}: {}", sitting.begun.body);
    }
    let ordering = sitting.question("o1");
    assert_eq!((&ordering["kind"], &ordering["credit"]), (&json!("ordering"), &json!("partial")));
    let letters = ordering["choices"].as_array().expect("items").iter().map(|c| &c["id"]);
    assert_eq!(
        letters.collect::<Vec<_>>(),
        ["a", "b", "c", "d"],
        "letters of places, not of ranks"
    );
}

#[tokio::test]
async fn a_part_of_a_question_is_worth_its_hundredths_and_memory_counts_for_nothing() {
    let sitting = Sitting::begin().await;
    let submitted = sitting.hand_in().await;
    let result = &submitted["result"];
    // 50 of the choices, 100 of the scenario, 66 of the order (5 pairs of 6): 216 of 300.
    assert_eq!((&result["points"], &result["out_of"]), (&json!(2.16), &json!(3)));
    assert_eq!((&result["percent"], &result["passed"]), (&json!(72), &json!(false)));
    let correction = |id: &str| {
        let asked = submitted["questions"].as_array().expect("questions").iter();
        asked.clone().find(|q| q["id"] == id).expect("asked")["correction"].clone()
    };
    let (ordering, memory) = (correction("o1"), correction("g2"));
    assert_eq!((&ordering["right"], &ordering["credit"]), (&json!(false), &json!(66)));
    assert_eq!(ordering["correct"], json!(sitting.ids("o1", &ORDER)), "the right order, as shown");
    assert_eq!((&memory["counted"], &memory["grade"]), (&json!(false), &json!("M")));
    assert_eq!(
        (&correction("g1")["counted"], &correction("g1")["right"]),
        (&json!(true), &json!(true))
    );

    let id = sitting.enrolment.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let facts = records::read::of_enrolment(sitting.world.app.db.read(), id).await.expect("facts");
    let told = &facts.last().expect("a fact").payload;
    assert_eq!((&told["points"], &told["out_of"]), (&json!(2), &json!(3)), "whole questions");
    assert_eq!((&told["hundredths"], &told["percent"]), (&json!(216), &json!(72)));
    assert_eq!(told["answers"]["o1"], json!(["a", "b", "d", "c"]), "under the author's ids");
}

#[tokio::test]
async fn the_result_shown_is_the_one_that_was_told_whatever_is_worked_out_later() {
    let sitting = Sitting::begin().await;
    let submitted = sitting.hand_in().await;
    let tx = sitting.world.app.db.begin_write().await.expect("a transaction");
    tx.execute_unprepared("DELETE FROM attempt_answer")
        .await
        .expect("working state is not evidence");
    tx.commit().await.expect("a commit");
    let shown = sitting.shown().await;
    assert_eq!(shown["result"], submitted["result"]);
    assert!(
        shown["questions"].as_array().expect("questions").iter().all(|q| q["answer"] == json!([]))
    );
}

#[tokio::test]
async fn answers_are_shown_back_as_they_were_given() {
    let sitting = Sitting::begin().await;
    let order = sitting.ids("o1", &["Décider", "Essayer", "Définir", "Comparer"]);
    let kept = sitting.put("o1", &json!({ "choices": order })).await.expect(200).json();
    let shown = |answer: &Value| {
        let asked = answer["questions"].as_array().expect("questions").iter();
        asked.clone().find(|q| q["id"] == "o1").expect("asked")["answer"].clone()
    };
    assert_eq!(shown(&kept), json!(order));
    let blank = sitting.put("o1", &json!({ "choices": [] })).await.expect(200).json();
    assert_eq!(shown(&blank), json!([]), "an answer may be taken back");
}

#[tokio::test]
async fn what_is_no_answer_is_refused_naming_its_question_and_nothing_is_kept() {
    let sitting = Sitting::begin().await;
    let absent = if sitting.drawn("t1") { "t2" } else { "t1" };
    let bad = [
        (absent, json!(["a"])),
        ("rien", json!([])),
        ("guichet", json!(["a"])),
        ("o1", json!(["a"])),
        ("o1", json!(["a", "b", "c"])),
        ("o1", json!(["a", "b", "c", "c"])),
        ("o1", json!(["a", "b", "c", "d", "d"])),
        ("o1", json!(["a", "b", "c", "e"])),
        ("g1", json!(["c"])),
        ("g1", json!(["Il relit"])),
    ];
    for (question, choices) in bad {
        let put = sitting.put(question, &json!({ "choices": choices })).await.expect(422);
        let submit = sitting.submit(&json!({ question: choices, "g2": ["b"] })).await.expect(422);
        for refused in [put, submit] {
            assert_eq!(refused.problem_code(), "unknown-answer", "{question} {choices}");
            let at = &refused.json()["errors"][0]["pointer"];
            assert_eq!(*at, format!("/answers/{question}"), "{}", refused.body);
        }
    }
    for wrong in
        [json!({ "choices": "a" }), json!({ "choices": { "0": "a" } }), json!({ "choices": [1] })]
    {
        sitting.put("o1", &wrong).await.expect(422);
    }
    let shown = sitting.shown().await;
    assert!(shown.get("result").is_none());
    assert!(
        shown["questions"].as_array().expect("questions").iter().all(|q| q["answer"] == json!([]))
    );
}

#[tokio::test]
async fn trainers_read_banks_with_their_keys() {
    let world = World::new().await;
    publish_questions(&world).await;
    let trainer = world.known("formatrice@demonstration.example").await.token;
    let path = "/api/v1/modules/TIRAGE/versions/1/questions";
    let keyed = world.api.get(path).bearer(&trainer).await.expect(200).json();
    let items = keyed["items"].as_array().expect("questions");
    let ids: Vec<&str> = items.iter().filter_map(|q| q["id"].as_str()).collect();
    assert_eq!(ids, ["t1", "t2", "g1", "g2", "o1"], "all of them, in the order of the files");
    assert_eq!((&items[0]["credit"], &items[2]["credit"]), (&json!("partial"), &json!("exact")));
    assert_eq!(items[2]["scenario"]["id"], "guichet");
    assert!(items[0].get("scenario").is_none());
    let ordering = &items[4];
    assert_eq!((&ordering["kind"], &ordering["cites"]), (&json!("ordering"), &json!(["ria-3-4"])));
    let texts: Vec<&str> = ordering["choices"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|c| c["text"].as_str())
        .collect();
    assert_eq!(texts, ORDER);
    assert!(ordering["choices"][0].get("correct").is_none());
    assert_eq!(items[0]["choices"][0]["correct"], true);
}
