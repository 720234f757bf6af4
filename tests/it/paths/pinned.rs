//! Whoever follows a path stays with the version begun.

use serde_json::json;

use super::{begin, create, elu, enrol, finish, look, new_path, next_path, publisher};
use crate::world::World;

#[tokio::test]
async fn a_new_version_of_a_path_changes_nobodys_percentage_nor_what_completes_it() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    let first = create(&world, &publisher, &new_path("DUO", "free", &["A1", "A2"])).await;
    assert_eq!(first.expect(201).etag(), "\"1\"");
    let early = elu(&world, "elue-tot").await;
    let followed = enrol(&world, &early.token, "DUO").await.expect(201).location();
    let module = begin(&world, &early.token, &followed, "A1").await.expect(201).location();
    finish(&world, &early.token, &module, "A1").await;
    let before = look(&world, &early.token, &followed).await;
    assert_eq!((&before["percent"], &before["version"]), (&json!(50), &json!(1)));

    let versions = world.api.post("/api/v1/paths/DUO/versions").bearer(&publisher);
    let next = next_path("ordered", &["A2", "A3", "A4", "A1"]);
    let published = versions.header("If-Match", "\"1\"").json(&next).await.expect(201);
    assert_eq!(
        (published.etag(), &published.json()["change"]),
        ("\"2\"".into(), &json!("substantive"))
    );
    assert_eq!(world.api.get("/api/v1/paths/DUO").await.json()["version"], 2, "seen at once");
    let old = world.api.get("/api/v1/paths/DUO/versions/1").await.expect(200).json();
    assert_eq!(old["steps"].as_array().map(Vec::len), Some(2), "published once and for all");
    let all = world.api.get("/api/v1/paths/DUO/versions").await.expect(200).json();
    let numbers: Vec<_> = all["items"].as_array().expect("versions").iter().collect();
    assert_eq!((&numbers[0]["number"], &numbers[1]["change"]), (&json!(2), &json!("first")));

    let mut after = look(&world, &early.token, &followed).await;
    assert_eq!(after["latest_version"].take(), 2);
    let mut same = before;
    same["latest_version"].take();
    assert_eq!(after, same, "only what is published now has moved");
    let late = elu(&world, "elue-tard").await;
    let theirs = enrol(&world, &late.token, "DUO").await.expect(201).json();
    assert_eq!((&theirs["version"], &theirs["next"]), (&json!(2), &json!(["A2"])));

    let module = begin(&world, &early.token, &followed, "A2").await.expect(201).location();
    finish(&world, &early.token, &module, "A2").await;
    let done = look(&world, &early.token, &followed).await;
    assert_eq!((&done["state"], &done["version"]), (&json!("completed"), &json!(1)));
}

#[tokio::test]
async fn an_optional_step_is_not_asked_for_and_may_be_taken_afterwards() {
    let world = World::new().await;
    let publisher = publisher(&world).await;
    let mut path = new_path("LIBRE", "ordered", &["A3", "A1", "A4"]);
    path["steps"][0]["optional"] = json!(true);
    path["steps"][2]["optional"] = json!(true);
    let published = create(&world, &publisher, &path).await.expect(201).json();
    assert!(
        published["optional_minutes"]["max"].as_u64() > published["total_minutes"]["max"].as_u64()
    );
    let who = elu(&world, "elue-libre").await;
    let followed = enrol(&world, &who.token, "LIBRE").await.expect(201).location();
    let early = begin(&world, &who.token, &followed, "A4").await.expect(409);
    assert_eq!(early.problem_code(), "path-order", "optional, and after what is mandatory");
    let module = begin(&world, &who.token, &followed, "A1").await.expect(201).location();
    finish(&world, &who.token, &module, "A1").await;
    let done = look(&world, &who.token, &followed).await;
    assert_eq!((&done["state"], &done["minutes_left"]["max"]), (&json!("completed"), &json!(0)));
    assert!(done["optional_minutes_left"]["max"].as_u64() > Some(0));
    begin(&world, &who.token, &followed, "A4").await.expect(201);
}
