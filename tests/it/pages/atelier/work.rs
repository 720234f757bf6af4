//! What is to be reviewed, reviewers asked from elsewhere, what learners say back.

use maitrise::accounts::model::Role;
use serde_json::{Value, json};

use super::{Browser, browser_of, said, send};
use crate::deeds::{fill_draft, publish};
use crate::world::World;

#[tokio::test]
async fn a_reviewer_of_another_provider_is_asked_reads_one_draft_and_no_longer() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let there = world.provider("local:ailleurs").await;
    let lent = world.admit_as("relit-ailleurs", Role::Reviewer, there).await;
    let mut reviewer = browser_of(&world, &lent).await;
    let page = reviewer.get("/atelier").await.expect(200).body;
    let account = lent.account_id.to_string();
    assert!(page.contains(&account) && !page.contains("PREMIERS-PAS"), "{page}");
    let at = "/atelier/PREMIERS-PAS/relecteurs";
    for nobody in ["", "personne", "00000000-0000-0000-0000-000000000000"] {
        let refused = send(&mut trainer, at, &[("compte", nobody), ("genre", "legal")]).await;
        assert!(refused.status >= 400 && refused.body.contains("role=\"alert\""), "{nobody}");
    }
    let sent = send(&mut trainer, at, &[("compte", &account), ("genre", "legal")]).await;
    assert!(said(&mut trainer, sent).await.contains("Relecture demandée"));
    let page = reviewer.get("/atelier").await.expect(200).body;
    assert!(page.contains("relecture juridique, demandée par un autre organisme"), "{page}");
    let other = world.admit_as("relit-aussi", Role::Reviewer, there).await.account_id.to_string();
    let sent = send(&mut trainer, at, &[("compte", &other), ("genre", "both")]).await;
    assert!(said(&mut trainer, sent).await.contains(&other));
    let page = reviewer.get(at).await.expect(200).body;
    assert!(page.contains(&account) && !page.contains(&other), "one's own alone: {page}");
    send(&mut trainer, "/atelier/PREMIERS-PAS/soumettre", &[]).await.expect(303);
    let page = reviewer.get("/atelier/PREMIERS-PAS/relecture").await.expect(200).body;
    assert!(page.contains("Rendre la relecture"), "{page}");
    reviewer.get("/atelier/PREMIERS-PAS/publier").await.expect(403);
    let sent = send(&mut trainer, at, &[("compte", &account), ("faire", "retirer")]).await;
    assert!(said(&mut trainer, sent).await.contains("retirée"));
    reviewer.get("/atelier/PREMIERS-PAS/relecture").await.expect(404);
}

#[tokio::test]
async fn what_is_to_be_reviewed_is_listed_with_a_form_for_who_reviews() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    for state in ["ouverts", "decides", "clos", "inconnu"] {
        let page =
            trainer.get(&format!("/atelier/a-revoir?etat={state}&avant=x")).await.expect(200);
        assert!(page.body.contains("À décider"), "{}", page.body);
        assert!(!page.body.contains("<textarea"), "a trainer decides nothing");
    }
    let mut reviewer = Browser::of(&world, "relecteur").await;
    let nothing = "/atelier/a-revoir/00000000-0000-0000-0000-000000000000";
    let typed = [("suite", "legal"), ("note", "Ce que j’en pense")];
    send(&mut reviewer, nothing, &typed).await.expect(404);
    send(&mut trainer, nothing, &typed).await.expect(404);
    send(&mut reviewer, "/atelier/a-revoir/x", &typed).await.expect(404);
}

#[tokio::test]
async fn a_question_is_answered_and_settled_by_the_trainer_of_its_module_alone() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let token = world.known("formatrice@demonstration.example").await.token;
    fill_draft(&world, &token, "AIDE", super::PROVIDER, "").await;
    publish(&world, "AIDE").await;
    let learner = world.known("elue@demonstration.example").await.token;
    let call = |path: &str, body: Value| world.api.post(path).bearer(&learner).json(&body);
    let enrolled = call("/api/v1/modules/AIDE/enrolments", json!({})).await.expect(201);
    let lesson = enrolled.json()["lessons"][0]["slug"].take();
    let asked = json!({ "kind": "question", "lesson": lesson, "text": "Et pour <un> syndicat ?" });
    let asked = call(&format!("{}/feedback", enrolled.location()), asked).await.expect(201);
    let id = asked.location().rsplit('/').next().expect("an id").to_owned();
    let list = trainer.get("/atelier/retours").await.expect(200).body;
    assert!(list.contains("Et pour &#60;un&#62; syndicat ?") && list.contains(&id), "{list}");
    let at = format!("/atelier/retours/{id}");
    let hasty = send(&mut trainer, &at, &[("etat", "rejected")]).await.expect(409);
    assert!(hasty.body.contains("sans un mot"), "{}", hasty.body);
    let sent = send(&mut trainer, &at, &[("texte", "Oui, elle vaut aussi.")]).await;
    let page = said(&mut trainer, sent).await;
    assert!(page.contains("Oui, elle vaut aussi.") && page.contains("répondu"), "{page}");
    let sent = send(&mut trainer, &at, &[("etat", "resolved")]).await;
    assert!(said(&mut trainer, sent).await.contains("résolu"));
    send(&mut trainer, &at, &[("etat", "closed")]).await.expect(422);
    let there = world.provider("local:ailleurs").await;
    let stranger = world.admit_as("ailleurs", Role::Trainer, there).await;
    let mut stranger = browser_of(&world, &stranger).await;
    stranger.get(&at).await.expect(404);
    send(&mut stranger, &at, &[("texte", "Non.")]).await.expect(404);
    let list = stranger.get("/atelier/retours").await.expect(200).body;
    assert!(!list.contains(&id), "{list}");
}
