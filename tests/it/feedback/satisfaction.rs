//! Three optional questions once a training is over, by whoever followed it.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Class, refused};
use crate::support::Answer;

async fn leave(class: &Class) {
    let path = format!("{}/withdraw", class.enrolment);
    class.post(&class.learner, &path, &json!({ "reason": "no_time" })).await.expect(200);
}

async fn answer(class: &Class, body: &Value) -> Answer {
    class.put(&class.learner, &format!("{}/satisfaction", class.enrolment), body).await
}

#[tokio::test]
async fn answers_are_given_at_the_end_changed_and_taken_back() {
    let class = Class::new().await;
    let path = format!("{}/satisfaction", class.enrolment);
    let early = answer(&class, &json!({ "useful": 5 })).await.expect(409);
    assert_eq!(early.problem_code(), "enrolment-open");
    let asked = class.get(&class.learner, &path).await.expect(200).json();
    let codes: Vec<_> = asked["questions"].as_array().expect("questions").iter().collect();
    let codes: Vec<_> = codes.iter().map(|question| question["code"].clone()).collect();
    assert_eq!(codes, ["useful", "clear", "applicable"]);
    assert_eq!(asked.get("answered_at"), None);
    leave(&class).await;
    let comment = "Merci à Anatole Hippolyte";
    let first = json!({ "useful": 4, "clear": 5, "comment": comment });
    let given = answer(&class, &first).await.expect(200).json();
    assert_eq!((&given["useful"], &given["comment"]), (&json!(4), &json!(comment)));
    assert_eq!(given.get("applicable"), None, "no opinion");
    let again = answer(&class, &first).await.expect(200).json();
    assert_eq!(again, given, "said twice");
    assert_eq!(class.count("satisfaction", "1 = 1").await, 1);
    answer(&class, &json!({ "useful": 2 })).await.expect(200);
    let now = class.get(&class.learner, &path).await.expect(200).json();
    assert_eq!((&now["useful"], now.get("comment"), now.get("clear")), (&json!(2), None, None));
    assert_eq!(now["changeable_until"], given["changeable_until"], "from the first answer");
    assert_eq!(class.count("satisfaction", "1 = 1").await, 2, "what was said stays");
    assert_eq!(class.count("feedback_text", "1 = 1").await, 0, "but for the words taken back");
}

#[tokio::test]
async fn what_was_answered_stands_after_thirty_days() {
    let class = Class::new().await;
    leave(&class).await;
    class.world.app.clock.advance(Duration::days(90));
    let learner = class.known("elue").await.token;
    let path = format!("{}/satisfaction", class.enrolment);
    let said = async |learner: &str, useful: i64| {
        class.put(learner, &path, &json!({ "useful": useful })).await
    };
    said(&learner, 3).await.expect(200);
    class.world.app.clock.advance(Duration::days(30) - Duration::minutes(5));
    let learner = class.known("elue").await.token;
    said(&learner, 4).await.expect(200);
    class.world.app.clock.advance(Duration::minutes(5));
    let late = said(&learner, 5).await.expect(409);
    assert_eq!(late.problem_code(), "satisfaction-closed");
    said(&learner, 4).await.expect(200);
}

#[tokio::test]
async fn a_mark_is_one_to_five_and_a_comment_a_text_and_the_enrolment_ones_own() {
    let class = Class::new().await;
    leave(&class).await;
    for (body, code, pointer) in [
        (json!({ "useful": 0 }), "invalid-body", "/useful"),
        (json!({ "clear": 6 }), "invalid-body", "/clear"),
        (json!({ "applicable": "5" }), "invalid-body", "/applicable"),
        (json!({ "comment": "x".repeat(1_001) }), "invalid-body", "/comment"),
        (json!({ "comment": "  " }), "invalid-values", "/comment"),
        (json!({ "comment": "\u{7}" }), "invalid-values", "/comment"),
        (json!({ "agreable": 5 }), "invalid-body", "/agreable"),
    ] {
        let answer = answer(&class, &body).await.expect(422);
        assert_eq!(refused(&answer), (code.to_owned(), vec![pointer.to_owned()]), "{body}");
    }
    assert_eq!(class.count("satisfaction", "1 = 1").await, 0);
    let path = format!("{}/satisfaction", class.enrolment);
    class.put(&class.trainer, &path, &json!({ "useful": 1 })).await.expect(404);
    class.get(&class.trainer, &path).await.expect(404);
    class.world.api.get(&path).await.expect(401);
}
