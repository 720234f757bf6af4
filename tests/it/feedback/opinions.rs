//! What trainers may read of satisfaction: figures of enough people, and never what could be subtracted.

use serde_json::{Value, json};

use super::{Class, MODULE, learner};
use crate::deeds::publish_as;

const PATH: &str = "/api/v1/modules/AIDE/satisfaction";

/// Several learners follow the module as it is published now, leave, and answer.
async fn opinions(class: &Class, word: &str, marks: &[i64]) {
    for (n, mark) in marks.iter().enumerate() {
        let (token, enrolment) = learner(&class.world, &format!("{word}-{n}")).await;
        let leave = json!({ "reason": "other" });
        class.post(&token, &format!("{enrolment}/withdraw"), &leave).await.expect(200);
        let clear = (n % 2 == 0).then_some(5);
        let said = json!({ "useful": mark, "clear": clear, "comment": format!("{word} {n}") });
        class.put(&token, &format!("{enrolment}/satisfaction"), &said).await.expect(200);
    }
}

async fn told(class: &Class) -> Value {
    class.get(&class.trainer, PATH).await.expect(200).json()
}

/// Publishes the module again, changed.
async fn second_version(class: &Class) {
    let draft = format!("/api/v1/modules/{MODULE}/draft");
    let open = class.world.api.post(&draft).bearer(&class.trainer).await.expect(201);
    let file = format!("{draft}/files?path=lessons/99-suite.md");
    let put = class.world.api.put(&file).bearer(&class.trainer).header("If-Match", &open.etag());
    put.header("Content-Type", "text/plain")
        .body("+++\ntitle = \"Suite\"\n+++\n\nUne suite.\n")
        .await
        .expect(200);
    let (reviewer, publisher) = (class.known("relecteur").await, class.known("editrice").await);
    publish_as(&class.world, MODULE, [&class.trainer, &reviewer.token, &publisher.token]).await;
}

#[tokio::test]
async fn four_persons_are_told_by_nothing_and_five_by_their_marks() {
    let class = Class::new().await;
    opinions(&class, "un", &[1, 2, 3, 4]).await;
    let hidden = told(&class).await;
    assert_eq!(hidden.get("comments"), None);
    let lines = hidden["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 2, "all, and the one version: {hidden}");
    for line in lines {
        assert_eq!(line["questions"].as_array().map(Vec::len), Some(3), "{line}");
        assert_eq!((&line["suppressed"], line.get("persons")), (&json!(true), None), "{line}");
        for question in line["questions"].as_array().expect("questions") {
            let told = ["mean", "distribution", "persons"].map(|name| question.get(name));
            assert_eq!((&question["suppressed"], told), (&json!(true), [None; 3]));
        }
    }
    opinions(&class, "deux", &[5]).await;
    let seen = told(&class).await;
    let all = &seen["lines"][0];
    assert_eq!((&all["persons"], all.get("version")), (&json!(5), None));
    let useful = &all["questions"][0];
    assert_eq!((&useful["mean"], &useful["persons"]), (&json!(3.0), &json!(5)));
    assert_eq!(useful["distribution"], json!([1, 1, 1, 1, 1]));
    assert_eq!(all["questions"][1]["suppressed"], true, "three found it clear: too few");
    assert_eq!(all["questions"][1].get("distribution"), None);
    assert_eq!(seen["comments"], json!(["deux 0", "un 0", "un 1", "un 2", "un 3"]));
}

#[tokio::test]
async fn all_less_one_version_never_gives_the_other_away() {
    let class = Class::new().await;
    opinions(&class, "un", &[5, 5, 5, 5, 5, 5]).await;
    let lines = |seen: Value| seen["lines"].as_array().cloned().expect("lines");
    let alone = lines(told(&class).await);
    assert_eq!((&alone[1]["version"], &alone[1]["persons"]), (&json!(1), &json!(6)));
    second_version(&class).await;
    opinions(&class, "deux", &[1, 1]).await;
    let seen = lines(told(&class).await);
    assert_eq!(seen[0]["persons"], 8);
    assert_eq!(seen[0]["questions"][0]["distribution"], json!([2, 0, 0, 0, 6]));
    for version in &seen[1..] {
        assert_eq!(version["suppressed"], true, "8 less 6 would be 2: {version}");
        assert!(
            version["questions"]
                .as_array()
                .expect("questions")
                .iter()
                .all(|q| { q["suppressed"] == true && q.get("distribution").is_none() })
        );
    }
    opinions(&class, "trois", &[1, 1, 1]).await;
    let seen = lines(told(&class).await);
    let persons: Vec<_> = seen.iter().map(|line| line["persons"].clone()).collect();
    assert_eq!(persons, [11, 6, 5]);
}

#[tokio::test]
async fn a_person_is_one_voice_the_latest() {
    let class = Class::new().await;
    opinions(&class, "un", &[5, 5, 5, 5]).await;
    let leave = json!({ "reason": "other" });
    let left = format!("{}/withdraw", class.enrolment);
    class.post(&class.learner, &left, &leave).await.expect(200);
    let say = async |enrolment: &str, mark: i64| {
        let path = format!("{enrolment}/satisfaction");
        class.put(&class.learner, &path, &json!({ "useful": mark })).await.expect(200);
    };
    say(&class.enrolment, 1).await;
    say(&class.enrolment, 2).await;
    let (again, _) = super::enrolled(&class.world, &class.learner).await;
    class.post(&class.learner, &format!("{again}/withdraw"), &leave).await.expect(200);
    say(&again, 3).await;
    let all = told(&class).await["lines"][0].take();
    assert_eq!(all["persons"], 5);
    assert_eq!(all["questions"][0]["distribution"], json!([0, 0, 1, 0, 4]));
    assert_eq!(all["questions"][0]["mean"], 4.6);
}

#[tokio::test]
async fn figures_are_for_those_who_teach_it() {
    let class = Class::new().await;
    class.get(&class.learner, PATH).await.expect(403);
    class.get(&class.trainer, "/api/v1/modules/E1/satisfaction").await.expect(404);
    class.get(&class.trainer, "/api/v1/modules/NULLE-PART/satisfaction").await.expect(404);
}
