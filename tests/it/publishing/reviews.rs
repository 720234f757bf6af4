//! Reviews of two kinds, their comments, and reviewers of other providers.

use maitrise::accounts::model::Role;
use maitrise::mail::model::{Template, mail_message};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{LESSON, Press, draft, stopping};

async fn reviews(press: &Press, code: &str) -> Vec<Value> {
    let read = press.world.api.get(&format!("{}/reviews", draft(code)));
    let read = read.bearer(&press.trainer.token).await.expect(200).json();
    read["items"].as_array().expect("reviews").clone()
}

#[tokio::test]
async fn a_review_comments_on_lines_that_are_there_and_binds_what_was_read() {
    let press = Press::new().await;
    press.write("RELU", "").await;
    let digest = press.submit("RELU").await;
    let path = format!("{}/review", draft("RELU"));
    let mut opinion = json!({
        "digest": digest, "kind": "both", "verdict": "changes_requested", "comment": "À revoir.",
        "comments": [
            { "path": LESSON, "line": 3, "text": "Plus court." },
            { "path": "module.toml", "line": 9_999, "text": "Où donc ?" },
            { "path": "lessons/99-absente.md", "line": 1, "text": "Où donc ?" },
        ],
    });
    let refused = press.post(&press.reviewer, &path, &opinion).await.expect(422);
    assert_eq!(refused.problem_code(), "invalid-values");
    let refused = refused.json();
    let at: Vec<_> =
        refused["errors"].as_array().expect("errors").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(at, ["/comments/1/line", "/comments/2/path"]);
    assert!(reviews(&press, "RELU").await.is_empty(), "nothing is half recorded");
    press.world.api.post(&path).json(&opinion).await.expect(401);
    opinion["comments"].as_array_mut().expect("comments").truncate(1);
    let sent = press.post(&press.reviewer, &path, &opinion).await.expect(200).json();
    assert_eq!(sent["state"], "writing");
    press.rewrite("RELU", "Une phrase de plus.").await;
    let again = press.submit("RELU").await;
    let stale = press.review(&press.reviewer, "RELU", &digest, "both").await.expect(409);
    assert_eq!(stale.problem_code(), "preview-outdated");
    let sent = press.review(&press.reviewer, "RELU", &again, "legal").await.expect(200).json();
    assert_eq!(sent["state"], "submitted", "the law alone is not enough");
    assert_eq!(stopping(&press.preview("RELU", "legal").await), ["reviewed"]);
    let sent = press.review(&press.reviewer, "RELU", &again, "pedagogical").await.expect(200);
    assert_eq!(sent.json()["state"], "reviewed");
    assert!(stopping(&press.preview("RELU", "legal").await).is_empty());
    let said = reviews(&press, "RELU").await;
    let seen: Vec<_> = said.iter().map(|r| (r["kind"].clone(), r["stands"].clone())).collect();
    let expected = [("pedagogical", true), ("legal", true), ("both", false)];
    assert_eq!(seen, expected.map(|(kind, stands)| (json!(kind), json!(stands))));
    assert_eq!(said[2]["comments"][0], json!({ "path": LESSON, "line": 3, "text": "Plus court." }));
}

async fn told(press: &Press, person: uuid::Uuid) -> usize {
    mail_message::Entity::find()
        .filter(mail_message::Column::Template.eq(Template::ReviewAsked))
        .filter(mail_message::Column::PersonId.eq(person))
        .all(press.world.app.db.read())
        .await
        .expect("mail")
        .len()
}

#[tokio::test]
async fn a_reviewer_of_another_provider_reads_and_reviews_the_draft_asked_for_and_no_other() {
    let press = Press::new().await;
    let elsewhere = press.world.provider("local:ailleurs").await;
    let lent = press.world.admit_as("relecteur-prete", Role::Reviewer, elsewhere).await;
    for code in ["PRETE", "GARDE"] {
        press.write(code, "").await;
    }
    let read =
        async |code: &str| press.world.api.get(&draft(code)).bearer(&lent.token).await.status;
    assert_eq!((read("PRETE").await, read("GARDE").await), (404, 404));
    let ask = format!("{}/reviewers", draft("PRETE"));
    let both = json!({ "person_id": lent.person_id, "kind": "both" });
    let twice = json!({
        "person_id": lent.person_id, "account_id": lent.account_id, "kind": "both",
    });
    let refused = press.post(&press.trainer, &ask, &twice).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/account_id");
    let own = json!({ "account_id": press.reviewer.account_id, "kind": "both" });
    let refused = press.post(&press.trainer, &ask, &own).await.expect(409);
    assert_eq!(refused.problem_code(), "not-a-reviewer", "one of theirs needs no asking");
    press.post(&press.trainer, &ask, &both).await.expect(201);
    press.post(&press.trainer, &ask, &both).await.expect(200);
    assert_eq!(told(&press, lent.person_id).await, 1, "told once");
    assert_eq!((read("PRETE").await, read("GARDE").await), (200, 404));
    let mine = press.world.api.get("/api/v1/me/reviews").bearer(&lent.token).await.expect(200);
    let mine = mine.json();
    assert_eq!(mine["items"][0]["module_code"], "PRETE");
    assert_eq!(
        (mine["items"][0]["asked"].clone(), mine["items"][1].clone()),
        (json!("both"), Value::Null)
    );
    let edit = press.world.api.delete(&format!("{}/files?path={LESSON}", draft("PRETE")));
    edit.bearer(&lent.token).header("If-Match", "\"0\"").await.expect(403);
    press.world.api.get(&ask).bearer(&lent.token).await.expect(404);
    let digest = press.submit("PRETE").await;
    press.review(&lent, "PRETE", &digest, "both").await.expect(200);
    let request = press.request("PRETE", "substantive").await;
    press.publish("PRETE", &request).await.expect(201);
    press.rewrite("PRETE", "Encore.").await;
    assert_eq!(read("PRETE").await, 404, "what was asked ends with the draft");
}

#[tokio::test]
async fn what_was_asked_may_be_withdrawn() {
    let press = Press::new().await;
    let elsewhere = press.world.provider("local:ailleurs").await;
    let lent = press.world.admit_as("relecteur-prete", Role::Reviewer, elsewhere).await;
    press.write("PRETE", "").await;
    let digest = press.submit("PRETE").await;
    let ask = format!("{}/reviewers", draft("PRETE"));
    let legal = json!({ "account_id": lent.account_id, "kind": "legal" });
    press.post(&press.publisher, &ask, &legal).await.expect(201);
    let withdraw = |account: uuid::Uuid| {
        press.world.api.delete(&format!("{ask}/{account}")).bearer(&press.trainer.token)
    };
    withdraw(lent.account_id).await.expect(204);
    withdraw(lent.account_id).await.expect(204);
    withdraw(press.reviewer.account_id).await.expect(404);
    press.review(&lent, "PRETE", &digest, "legal").await.expect(404);
    press.world.api.get(&draft("PRETE")).bearer(&lent.token).await.expect(404);
    let asked = press.world.api.get(&ask).bearer(&press.trainer.token).await.expect(200).json();
    assert!(asked["items"][0]["withdrawn_at"].is_string(), "{asked}");
}
