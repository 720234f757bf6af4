//! Nobody who may not reads a key before the attempt is handed in: not in an answer, an error, a page, a
//! feed, an export, the search, nor the log.

use std::future::IntoFuture as _;

use serde_json::{Value, json};

use crate::access::operations_of;
use crate::deeds::{answers, draft_files, publish, published};
use crate::support::{Answer, capture_whole_log};
use crate::world::World;

/// In every explanation of the module.
const WHY: &str = "Wxqzkvjb";
/// In every reference of its questions.
const SOURCE: &str = "Zqxwkjvd";
/// What is asked: shown to whoever attempts, and in no public place.
const ASKED: &str = "Kjqxzwvf";

/// Words of which an open attempt has none: they belong to a correction.
const MARKS: [&str; 5] =
    ["\"correct\"", "\"correction\"", "\"explanation\"", "\"right\"", "\"result\""];

/// Publishes a module whose keys are recognised wherever they appear; answers its manifest's code.
async fn marked(world: &World) -> &'static str {
    let trainer = world.known("formatrice@demonstration.example").await.token;
    let new = json!({ "code": "ZIBELINE", "provider": "local:demonstration" });
    let created = world.api.post("/api/v1/modules").bearer(&trainer).json(&new).await.expect(201);
    let mut tag = created.etag();
    for (path, text) in draft_files("ZIBELINE", "local:demonstration", "") {
        let quiz = |text: String| {
            text.replace("\nexplanation = \"", &format!("\nexplanation = \"{WHY} "))
                .replace("\nreference = \"", &format!("\nreference = \"{SOURCE} "))
                .replace("\ntext = \"", &format!("\ntext = \"{ASKED} "))
        };
        let text = if path.starts_with("quiz/") { quiz(text) } else { text };
        let put = world.api.put(&format!("/api/v1/modules/ZIBELINE/draft/files?path={path}"));
        let put = put.bearer(&trainer).header("If-Match", &tag);
        tag = put.header("Content-Type", "text/plain").body(text).await.expect(200).etag();
    }
    publish(world, "ZIBELINE").await;
    let module = published(world, "ZIBELINE").await;
    assert!(module.quiz.questions().all(|q| q.explanation.contains(WHY)), "every key is marked");
    assert!(module.quiz.questions().all(|q| q.reference.contains(SOURCE)));
    "ZIBELINE"
}

/// What a learner tries during a whole attempt, the wrong things included; each answer in turn.
async fn attempt(world: &World, token: &str) -> (Vec<Answer>, Answer) {
    let api = &world.api;
    let enrol = api.post("/api/v1/modules/ZIBELINE/enrolments").bearer(token).json(&json!({}));
    let enrolment = enrol.await.expect(201);
    let at = enrolment.location();
    let attempt = api.post(&format!("{at}/attempts")).bearer(token).await.expect(201);
    let (path, shown) = (attempt.location(), attempt.json());
    let question = shown["questions"][0]["id"].as_str().expect("an id").to_owned();
    let put = |question: &str, body: Value| {
        api.put(&format!("{path}/answers/{question}")).bearer(token).json(&body).into_future()
    };
    let slug = enrolment.json()["lessons"][0]["slug"].as_str().expect("a slug").to_owned();
    let report = json!({
        "kind": "error", "attempt": shown["id"], "question": question, "text": "Une coquille.",
    });
    let submit = format!("{path}/submit");
    let mut all = vec![enrolment, attempt];
    all.extend([
        put(&question, json!({ "choices": ["a"] })).await,
        put(&question, json!({ "choices": ["z"] })).await,
        put(&question, json!({ "choices": ["a", "b", "c", "d", "e", "f", "g"] })).await,
        put("NULLE-PART", json!({ "choices": ["a"] })).await,
        put(&question, json!({ "choices": 3 })).await,
        put(&question, json!({ "choices": [] })).await,
        api.get(&path).bearer(token).await,
        api.get(&at).bearer(token).await,
        api.get(&format!("{at}/lessons/{slug}")).bearer(token).await,
        api.post(&format!("{at}/attempts")).bearer(token).await,
        api.post(&format!("{at}/feedback")).bearer(token).json(&report).await,
        api.post(&submit).bearer(token).json(&json!({ "answers": { "NULLE": ["a"] } })).await,
        api.post(&submit).bearer(token).body("{").await,
    ]);
    let module = published(world, "ZIBELINE").await;
    let right = json!({ "answers": answers(&module, &shown, true) });
    (all, api.post(&submit).bearer(token).json(&right).await.expect(200))
}

#[tokio::test]
async fn an_attempt_says_nothing_of_its_keys_before_it_is_handed_in_and_the_log_never_does() {
    let (log, _logging) = capture_whole_log();
    let world = World::new().await;
    marked(&world).await;
    let token = world.token("elue").await;
    let (before, after) = attempt(&world, &token).await;
    for answer in &before {
        for secret in [WHY, SOURCE] {
            assert!(!answer.body.contains(secret), "{secret}: {}", answer.body);
        }
        if answer.status < 300 && answer.body.contains("\"questions\":[") {
            for mark in MARKS {
                assert!(!answer.body.contains(mark), "{mark}: {}", answer.body);
            }
        }
    }
    assert!(before[1].body.contains(ASKED), "the questions are asked");
    assert!(after.body.contains(WHY) && after.body.contains(SOURCE), "then all is said");
    let log = log.lines().join("\n");
    assert!(log.contains("submit_attempt"), "the log is there");
    for secret in [WHY, SOURCE, ASKED] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

/// The value of a parameter in a path, for reading what is public about the module.
fn filled(template: &str) -> String {
    let fill = |part: &str| match part {
        "{code}" => "ZIBELINE".to_owned(),
        "{number}" | "{n}" => "1".to_owned(),
        "{slug}" => "01-trois-questions-avant-dessayer".to_owned(),
        "{reference}" | "{ref}" => "local:demonstration".to_owned(),
        part if part.starts_with('{') => "0198c0de-7a3b-7c51-9d3e-5b1f0c2a4e6d".to_owned(),
        part => part.to_owned(),
    };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// The modules that a search finds.
fn found(answer: Answer) -> Vec<Value> {
    let page = answer.expect(200).json();
    page["items"].as_array().expect("modules").iter().map(|m| m["code"].clone()).collect()
}

#[tokio::test]
async fn nothing_that_can_be_read_without_an_attempt_holds_a_question() {
    let world = World::new().await;
    marked(&world).await;
    let learner = world.token("elue").await;
    let document = world.api.get("/openapi.json").await.expect(200).json();
    let mut paths: Vec<String> = operations_of(&document)
        .into_values()
        .filter(|(method, _)| method == "GET")
        .map(|(_, template)| filled(&template))
        .collect();
    paths.extend(
        [
            "/",
            "/catalogue",
            "/catalogue?q=zibeline",
            "/modules/ZIBELINE",
            "/parcours",
            "/modules/ZIBELINE/lecons/01-trois-questions-avant-dessayer",
            "/catalogue.jsonld",
            "/catalogue.csv",
            "/catalogue.lheo.xml",
            "/api/v1/modules?q=Wxqzkvjb",
            "/api/v1/modules?q=Kjqxzwvf",
            "/api/v1/modules?q=Zqxwkjvd",
            "/openapi.json",
            "/sitemap.xml",
        ]
        .map(str::to_owned),
    );
    let nothing = found(world.api.get("/api/v1/modules?q=Hqvxwzkg").await);
    let mut served = 0;
    for path in &paths {
        let anyone = world.api.get(path).await;
        let somebody = world.api.get(path).bearer(&learner).await;
        for answer in [&anyone, &somebody] {
            served += usize::from(answer.status == 200);
            for secret in [WHY, SOURCE, ASKED] {
                // What was asked for is repeated by the page that found nothing.
                let echoed = path.contains(secret);
                assert!(echoed || !answer.body.contains(secret), "{secret} in {path}");
            }
        }
        if path.contains("?q=") && path.starts_with("/api/") {
            // Whatever is done about a word that nobody wrote: nothing more is found by a question.
            assert_eq!(found(anyone), nothing, "{path} finds by a question");
        }
    }
    assert!(served >= 30, "only {served} answers to look into");
    let trainer = world.known("formatrice@demonstration.example").await.token;
    let keys = world.api.get("/api/v1/modules/ZIBELINE/versions/1/questions").bearer(&trainer);
    assert!(keys.await.expect(200).body.contains(WHY), "the provider's people may");
}
