//! A text is amended, then repealed.

use maitrise::accounts::model::Role;
use maitrise::references::flags;
use serde_json::json;

use super::{
    Copy, about, citing, create, known, publish, publish_here, revise, telling, to_review, told,
};
use crate::world::World;

const SLUG: &str = "loi-essai-12";
const TEXT: &str = "Loi d'essai, art. 12";

#[tokio::test]
async fn an_article_is_repealed_and_every_module_that_cites_it_is_flagged_once() {
    let world = World::new().await;
    let reviewer = known(&world, "relecteur").await;
    create(&world, &reviewer, SLUG, &telling(TEXT, &json!({}))).await.expect(201);
    let copy = [Copy::of(SLUG, TEXT)];
    for code in ["CITE-UN", "CITE-DEUX"] {
        publish_here(&world, code, &copy).await;
    }
    publish_here(&world, "SANS", &[]).await;
    publish(&world, "CITE-AILLEURS", citing("CITE-AILLEURS", "local:ailleurs", &copy)).await;
    let elsewhere = super::stranger(&world, "formateur-33", Role::Trainer).await;
    let trainer = world.known("formatrice@demonstration.example").await;

    let end = telling(TEXT, &json!({ "in_force_to": "2026-12-31", "note": "Abrogé." }));
    let repealed = revise(&world, &reviewer, (SLUG, "\"1\""), &end).await.expect(201);
    assert_eq!((repealed.json()["to_review"].as_u64(), repealed.etag()), (Some(3), "\"2\"".into()));
    let (one, other) = tokio::join!(
        flags::look(&world.app.db, world.app.clock.now()),
        flags::look(&world.app.db, world.app.clock.now()),
    );
    assert_eq!(one.expect("a look").items + other.expect("a look").items, 0, "asked already");

    let mine = to_review(&world, &trainer.token, "").await;
    assert_eq!(mine["counts"], json!({ "open": 2, "decided": 0, "closed": 0 }));
    for code in ["CITE-UN", "CITE-DEUX"] {
        let items = about(&mine, code);
        assert_eq!(items.len(), 1, "{mine}");
        assert_eq!((&items[0]["cause"], &items[0]["state"]), (&json!("repealed"), &json!("open")));
        assert_eq!(items[0]["reference"], SLUG);
        assert_eq!(items[0]["lessons"], json!(["01-trois-questions-avant-dessayer"]));
        assert_eq!(items[0]["questions"], json!(["q1"]));
    }
    let theirs = to_review(&world, &elsewhere.token, "").await;
    assert_eq!(about(&theirs, "CITE-AILLEURS").len(), 1);
    assert_eq!(theirs["items"].as_array().map(Vec::len), Some(1), "and nothing of the others");

    let messages = told(&world, trainer.person_id).await;
    assert_eq!(messages.len(), 1, "one message for both modules: {messages:?}");
    assert_eq!(messages[0]["count"], "2");
    let lines = messages[0]["modules"].as_str().expect("lines");
    assert!(lines.contains("CITE-UN : ") && lines.contains("CITE-DEUX : "), "{lines}");
    assert!(lines.contains("abrogé ou remplacé") && !lines.contains("AILLEURS"), "{lines}");
    assert_eq!(told(&world, elsewhere.person_id).await.len(), 1);

    let again = revise(&world, &reviewer, (SLUG, "\"2\""), &end).await;
    again.expect(200);
    let stale = revise(&world, &reviewer, (SLUG, "\"1\""), &end).await;
    assert_eq!((stale.status, stale.problem_code()), (412, "stale".into()));
    assert_eq!(told(&world, trainer.person_id).await.len(), 1, "told once");
}

#[tokio::test]
async fn of_two_who_revise_a_text_at_once_one_is_refused_and_everybody_is_told_once() {
    let world = World::new().await;
    let (reviewer, national) = (known(&world, "relecteur").await, known(&world, "national").await);
    create(&world, &national, SLUG, &telling(TEXT, &json!({}))).await.expect(201);
    publish_here(&world, "CITE-UN", &[Copy::of(SLUG, TEXT)]).await;
    let amended = |word: &str| telling(&format!("{TEXT}, modifié ({word})"), &json!({}));
    let (one, other) = tokio::join!(
        async { revise(&world, &reviewer, (SLUG, "\"1\""), &amended("un")).await },
        async { revise(&world, &national, (SLUG, "\"1\""), &amended("deux")).await },
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412], "{} {}", one.body, other.body);
    let trainer = world.known("formatrice@demonstration.example").await;
    let mine = to_review(&world, &trainer.token, "?cause=amended").await;
    assert_eq!(about(&mine, "CITE-UN").len(), 1, "{mine}");
    assert_eq!(told(&world, trainer.person_id).await.len(), 1);
}

#[tokio::test]
async fn a_text_that_was_only_read_again_asks_nobody_and_one_that_changes_twice_asks_the_last_question()
 {
    let world = World::new().await;
    let reviewer = known(&world, "relecteur").await;
    create(&world, &reviewer, SLUG, &telling(TEXT, &json!({}))).await.expect(201);
    publish_here(&world, "CITE-UN", &[Copy::of(SLUG, TEXT)]).await;
    let read_again =
        telling(TEXT, &json!({ "verified_on": "2026-11-20", "check_by": "2099-01-01" }));
    let revised = revise(&world, &reviewer, (SLUG, "\"1\""), &read_again).await.expect(201);
    assert_eq!(revised.json()["to_review"], 0);
    let mine = to_review(&world, &reviewer, "").await;
    assert!(about(&mine, "CITE-UN").is_empty(), "{mine}");
    for (tag, text) in [("\"2\"", "Loi d'essai, art. 12-1"), ("\"3\"", "Loi d'essai, art. 12-2")] {
        let amended = telling(text, &json!({}));
        let revised = revise(&world, &reviewer, (SLUG, tag), &amended).await.expect(201);
        assert_eq!(revised.json()["to_review"], 1);
    }
    let mine = to_review(&world, &reviewer, "").await;
    let open = about(&mine, "CITE-UN");
    assert_eq!((open.len(), &open[0]["reference_text"]), (1, &json!("Loi d'essai, art. 12-2")));
    assert_eq!(mine["counts"]["closed"], 1, "the question before is no question any more");
    let told = world.api.get(&format!("/api/v1/references/{SLUG}")).bearer(&reviewer).await;
    let told = told.expect(200);
    assert_eq!(told.etag(), "\"4\"");
    let versions = told.json()["versions"].as_array().expect("versions").clone();
    let numbers: Vec<_> = versions.iter().filter_map(|v| v["number"].as_i64()).collect();
    assert_eq!(numbers, [4, 3, 2, 1], "every version stays");
    let cited = &told.json()["cited_by"];
    assert_eq!(cited[0]["module"], "CITE-UN");
    assert_eq!(cited[0]["questions"], json!(["q1"]));
}

#[tokio::test]
async fn texts_are_found_by_their_words_their_dates_and_who_cites_them() {
    let world = World::new().await;
    let reviewer = known(&world, "relecteur").await;
    let dated = telling("Arrêté d'élévation fictif", &json!({ "check_by": "2026-12-05" }));
    create(&world, &reviewer, "arrete-fictif", &dated).await.expect(201);
    publish_here(&world, "CITE-UN", &[Copy::of("arrete-fictif", "Arrêté d'élévation fictif")])
        .await;
    let found = async |query: &str| -> Vec<String> {
        let page = world.api.get(&format!("/api/v1/references{query}")).bearer(&reviewer).await;
        let page = page.expect(200).json();
        let items = page["items"].as_array().expect("items").iter();
        items.map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(found("?q=ELEVATION%20arrete").await, ["arrete-fictif"]);
    assert_eq!(found("?due_before=2026-12-05&q=fictif").await, [""; 0]);
    assert_eq!(found("?due_before=2026-12-06&q=fictif").await, ["arrete-fictif"]);
    assert!(found("?cited_by=CITE-UN").await.contains(&"arrete-fictif".to_owned()));
    assert!(found("?cited_by=E2&limit=200").await.contains(&"ria-5".to_owned()), "the register's");
    assert_eq!(found("?cited_by=INCONNU").await, [""; 0]);
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/references?limit=100{after}");
        let page = world.api.get(&path).bearer(&reviewer).await.expect(200).json();
        let items = page["items"].as_array().expect("items").clone();
        all.extend(items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert!(all.len() > 290 && all.is_sorted(), "{} texts", all.len());
}
