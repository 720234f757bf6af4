//! What is refused: texts that cannot be, and whoever may not say what the law is.

use serde_json::{Value, json};

use super::{create, known, revise, telling};
use crate::bad_input::answers::problem;
use crate::world::World;

const SLUG: &str = "loi-refusee";

/// The pointers and words of what is at fault.
fn faults(problem: &Value) -> Vec<(String, String)> {
    let errors = problem["errors"].as_array().expect("errors").iter();
    let word = |error: &Value, key: &str| error[key].as_str().expect("a text").to_owned();
    errors.map(|error| (word(error, "pointer"), word(error, "detail"))).collect()
}

#[tokio::test]
async fn a_text_that_ends_before_it_begins_is_refused_naming_both_dates() {
    let world = World::new().await;
    let national = known(&world, "national").await;
    let reversed = json!({ "in_force_from": "2026-06-01", "in_force_to": "2026-05-31" });
    let refused = create(&world, &national, SLUG, &telling("Loi", &reversed)).await;
    assert_eq!(refused.status, 422);
    problem(&refused, "reversed dates");
    let [(pointer, told)] = &faults(&refused.json())[..] else { panic!("{}", refused.body) };
    assert_eq!(pointer, "/version/in_force_to");
    assert!(told.contains("2026-06-01") && told.contains("2026-05-31"), "{told}");
    create(&world, &national, SLUG, &telling("Loi", &json!({}))).await.expect(201);
    let refused = revise(&world, &national, (SLUG, "\"1\""), &telling("Loi", &reversed)).await;
    assert_eq!(faults(&refused.expect(422).json())[0].0, "/in_force_to");
    let one_day = json!({ "in_force_from": "2026-06-01", "in_force_to": "2026-06-01" });
    revise(&world, &national, (SLUG, "\"1\""), &telling("Loi", &one_day)).await.expect(201);
}

#[tokio::test]
async fn everything_at_fault_is_told_at_once() {
    let world = World::new().await;
    let national = known(&world, "national").await;
    let wrong = json!({
        "id": "Loi Mal Nommée",
        "version": {
            "text": " ", "article": "art.\u{7}1", "url": "http://exemple.example", "eli": "https://x.example",
            "celex": "abc", "legifrance": "LEGI1", "grade": "V", "verified_on": "2099-01-01",
            "check_by": "2098-01-01",
        },
    });
    let refused = world.api.post("/api/v1/references").bearer(&national).json(&wrong).await;
    let told = faults(&refused.expect(422).json());
    let pointers: Vec<&str> = told.iter().map(|(pointer, _)| pointer.as_str()).collect();
    for pointer in [
        "/id",
        "/version/text",
        "/version/article",
        "/version/url",
        "/version/eli",
        "/version/celex",
        "/version/legifrance",
        "/version/verified_on",
        "/version/check_by",
    ] {
        assert!(pointers.contains(&pointer), "{pointer}: {pointers:?}");
    }
}

#[tokio::test]
async fn a_text_is_recorded_by_reviewers_and_the_nation_under_the_version_they_read() {
    let world = World::new().await;
    let national = known(&world, "national").await;
    for word in ["formatrice", "editrice", "elue", "cdg35"] {
        let token = known(&world, word).await;
        let refused = create(&world, &token, SLUG, &telling("Loi", &json!({}))).await;
        assert_eq!(refused.status, 403, "{word}");
    }
    create(&world, &national, SLUG, &telling("Loi", &json!({}))).await.expect(201);
    let taken = create(&world, &national, SLUG, &telling("Loi", &json!({}))).await;
    assert_eq!((taken.status, taken.problem_code()), (409, "reference-id-taken".into()));
    let path = format!("/api/v1/references/{SLUG}/versions");
    let bare = world.api.post(&path).bearer(&national).json(&telling("Loi 2", &json!({}))).await;
    assert_eq!((bare.status, bare.problem_code()), (428, "precondition-required".into()));
    let absent = revise(&world, &national, ("loi-de-rien", "\"1\""), &telling("Loi", &json!({})));
    absent.await.expect(404);
    let elue = known(&world, "elue").await;
    world.api.get("/api/v1/to-review").bearer(&elue).await.expect(403);
    world.api.get("/api/v1/references").await.expect(401);
}
