//! Pages, facets, excerpts, suggestions and refusals of a search.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{codes, search};
use crate::world::World;

#[tokio::test]
async fn every_order_is_read_whole_page_by_page() {
    let world = World::new().await;
    for sort in ["relevance", "date", "duration", "code"] {
        let whole = search(&world, &[("q", "données"), ("sort", sort)]).await;
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut asked = vec![("q", "données"), ("sort", sort), ("limit", "2")];
            asked.extend(after.as_deref().map(|after| ("after", after)));
            let page = search(&world, &asked).await;
            assert_eq!(page["facets"], whole["facets"], "whatever the page");
            assert_eq!(page["total"], whole["total"]);
            seen.extend(codes(&page));
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
        }
        assert!(seen.len() > 4);
        assert_eq!(seen, codes(&whole), "{sort}");
    }
    let first = search(&world, &[("sort", "date"), ("limit", "1")]).await;
    let cursor = first["next"].as_str().expect("more");
    let other = world.api.get(&format!("/api/v1/modules?sort=duration&after={cursor}")).await;
    assert_eq!(other.expect(422).problem_code(), "invalid-parameter");
    let minutes = search(&world, &[("sort", "duration")]).await;
    let minutes: Vec<u64> = minutes["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["duration_minutes"].as_u64().expect("minutes"))
        .collect();
    assert!(minutes.is_sorted(), "{minutes:?}");
}

#[tokio::test]
async fn what_was_found_is_shown_in_parts_that_are_no_html() {
    let world = World::new().await;
    let found = search(&world, &[("q", "hypertrucage"), ("limit", "1")]).await;
    let shown = &found["items"][0]["highlights"];
    let lesson = &shown["lesson"];
    let marked =
        lesson["parts"].as_array().expect("parts").iter().filter(|part| part["mark"] == true);
    assert!(marked.count() >= 1, "{found}");
    assert!(lesson["slug"].is_string() && lesson["title"].is_string(), "{found}");
    let title: String = shown["title"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| part["text"].as_str().expect("a text"))
        .collect();
    assert_eq!(title, found["items"][0]["title"].as_str().expect("a title"));
    assert_eq!(found["matched"], "all");
    let whole = search(&world, &[]).await;
    assert!(whole["items"][0].get("highlights").is_none() && whole.get("matched").is_none());
    let slip = search(&world, &[("q", "hypertrucaje")]).await;
    assert_eq!(slip["suggestion"], "hypertrucage");
}

#[tokio::test]
async fn several_values_of_a_facet_are_alternatives_and_its_counts_do_not_move() {
    let world = World::new().await;
    let all = search(&world, &[]).await;
    let one = search(&world, &[("theme", "nis-2")]).await;
    let two = search(&world, &[("theme", "nis-2,sobriete")]).await;
    assert!(codes(&one).len() < codes(&two).len() && codes(&two).contains(&"E5".to_owned()));
    assert_eq!(one["facets"]["theme"], all["facets"]["theme"]);
    assert_ne!(one["facets"]["audience"], all["facets"]["audience"]);
    assert_eq!(one["facets"]["provider"]["local:maitrise"], codes(&one).len());
    let band = search(&world, &[("duration", "16-30")]).await;
    assert_eq!(all["facets"]["duration"]["16-30"], codes(&band).len());
}

#[tokio::test]
async fn a_public_a_level_and_a_recommendation_given_several_times_are_alternatives() {
    let world = World::new().await;
    let all = search(&world, &[]).await;
    for (facet, [one, other]) in [
        ("audience", ["cadre", "elu"]),
        ("level", ["awareness", "training"]),
        ("recommendation", ["3", "8"]),
    ] {
        let found = async |values: &[&str]| -> (BTreeSet<String>, Value) {
            let parameters: Vec<_> =
                values.iter().map(|value| (facet, *value)).chain([("limit", "200")]).collect();
            let page = search(&world, &parameters).await;
            assert_eq!(page["facets"][facet], all["facets"][facet], "its own filter moves nothing");
            assert_eq!(page["total"], codes(&page).len(), "{facet}");
            (codes(&page).into_iter().collect(), page)
        };
        let (first, _) = found(&[one]).await;
        let (second, page) = found(&[other]).await;
        assert_eq!(page["facets"][facet][other], second.len(), "{facet}");
        let (both, _) = found(&[one, other]).await;
        assert!(!first.is_empty() && !second.is_empty() && first != second, "{facet}");
        assert_eq!(both, first.union(&second).cloned().collect(), "{facet}");
        assert_eq!(found(&[other, one]).await.0, both, "in any order");
    }
    for wrong in ["audience=elu&audience=maire", "recommendation=3&recommendation=12", "q=a&q=a"] {
        let refused = world.api.get(&format!("/api/v1/modules?{wrong}")).await.expect(422);
        assert_eq!(refused.problem_code(), "invalid-parameter", "{wrong}");
    }
}

#[tokio::test]
async fn related_modules_are_five_at_most_and_not_itself() {
    let world = World::new().await;
    let answer = world.api.get("/api/v1/modules/C3/related").await.expect(200);
    let found = codes(&answer.json());
    assert!((1..=5).contains(&found.len()) && !found.contains(&"C3".to_owned()), "{found:?}");
    assert!(found.contains(&"A3".to_owned()), "{found:?}");
    let again = world.api.get("/api/v1/modules/C3/related").header("If-None-Match", &answer.etag());
    again.await.expect(304);
    world.api.get("/api/v1/modules/ABSENT/related").await.expect(404);
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_with_the_remedy() {
    let world = World::new().await;
    let long = "a".repeat(10_000);
    for q in ["%2A", "AND%20OR%20%22%22%20%2A%20%3F", "%3F!", "%F0%9F%98%80", &long] {
        let answer = world.api.get(&format!("/api/v1/modules?q={q}")).await;
        let answer = answer.expect(422);
        assert_eq!(answer.problem_code(), "invalid-parameter");
        assert!(answer.body.contains("\"q\""), "it names the parameter: {}", answer.body);
    }
    let nothing = search(&world, &[("q", "zzzzzzzzzz")]).await;
    assert_eq!((codes(&nothing).len(), &nothing["total"]), (0, &serde_json::json!(0)));
}
