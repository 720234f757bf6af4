//! What is to be reviewed, reviewers asked from elsewhere, what learners say back.

use maitrise::accounts::model::Role;
use maitrise::journal::model::journal_entry;
use maitrise::references::model::{Consequence, review_decision};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{Browser, browser_of, said, send};
use crate::deeds::{fill_draft, publish};
use crate::references::past_its_review;
use crate::world::World;

#[tokio::test]
async fn a_reviewer_of_another_provider_is_asked_reads_one_draft_and_no_longer() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let there = world.provider("local:ailleurs").await;
    let lent = world.admit_as("relit-ailleurs", Role::Reviewer, there).await;
    let mut reviewer = browser_of(&world, &lent).await;
    let page = reviewer.get("/atelier").await.expect(200).body;
    assert!(!page.contains("PREMIERS-PAS"), "{page}");
    let at = "/atelier/PREMIERS-PAS/relecteurs";
    reviewer.get(at).await.expect(404);
    world.admit_as("forme-ailleurs", Role::Trainer, there).await;
    for nobody in [
        ("identifiant", ""),
        ("identifiant", "personne@essai.example"),
        ("identifiant", "forme-ailleurs@essai.example"),
        ("identifiant", "relecteur@demonstration.example"),
        ("identifiant", "relit-ailleurs"),
        ("compte", "personne"),
        ("compte", "00000000-0000-0000-0000-000000000000"),
    ] {
        let refused = send(&mut trainer, at, &[nobody, ("genre", "legal")]).await;
        assert!(refused.status >= 400 && refused.body.contains("role=\"alert\""), "{nobody:?}");
        assert!(!refused.body.contains("Dominique"), "nobody is named: {nobody:?}");
    }
    let login = [("identifiant", " Relit-Ailleurs@Essai.Example "), ("genre", "legal")];
    let sent = send(&mut trainer, at, &login).await;
    let page = said(&mut trainer, sent).await;
    assert!(page.contains("Relecture demandée") && page.contains("à Dominique Fictif"), "{page}");
    let page = reviewer.get("/atelier").await.expect(200).body;
    assert!(page.contains("relecture juridique, demandée par un autre organisme"), "{page}");
    // Whoever is lent a draft learns of nobody else who is.
    reviewer.get(at).await.expect(403);
    send(&mut trainer, "/atelier/PREMIERS-PAS/soumettre", &[]).await.expect(303);
    let page = reviewer.get("/atelier/PREMIERS-PAS/relecture").await.expect(200).body;
    assert!(page.contains("Rendre la relecture"), "{page}");
    reviewer.get("/atelier/PREMIERS-PAS/publier").await.expect(403);
    let account = lent.account_id.to_string();
    let sent = send(&mut trainer, at, &[("compte", &account), ("faire", "retirer")]).await;
    assert!(said(&mut trainer, sent).await.contains("retirée"));
    reviewer.get("/atelier/PREMIERS-PAS/relecture").await.expect(404);
}

#[tokio::test]
async fn a_reviewer_is_found_by_name_at_the_organisation_chosen_and_reading_names_is_journalled() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let there = world.provider("local:ailleurs").await;
    let lent = world.admit_as("relit-ailleurs", Role::Reviewer, there).await;
    world.admit_as("forme-ailleurs", Role::Trainer, there).await;
    let past = world.admit("releve-ailleurs").await;
    let until = world.app.clock.now() + chrono::Duration::hours(1);
    world.give(past.account_id, Role::Reviewer, there, Some(until)).await;
    let at = "/atelier/PREMIERS-PAS/relecteurs";
    let account = |id: uuid::Uuid| format!("value=\"{id}\"");
    let bare = trainer.get(at).await.expect(200).body;
    assert!(!bare.contains("Dominique") && bare.contains("local:ailleurs"), "{bare}");
    let chosen = format!("{at}?organisme=local:ailleurs");
    let page = trainer.get(&chosen).await.expect(200).body;
    assert!(page.contains(&account(lent.account_id)) && page.contains(&account(past.account_id)));
    assert_eq!(page.matches("name=\"compte\"").count(), 2, "who trains there is not named: {page}");
    let told = journal_entry::Entity::find()
        .filter(journal_entry::COLUMN.action.eq("reviewers.read"))
        .all(world.app.db.read())
        .await
        .expect("the journal");
    assert_eq!(told.len(), 1);
    assert!(!told[0].detail.to_string().contains("Dominique"));
    for mine in ["local:demonstration", "local:personne", "x"] {
        let page = trainer.get(&format!("{at}?organisme={mine}")).await.expect(200).body;
        assert!(page.contains("Personne ne relit dans cet organisme"), "{mine}: {page}");
    }
    world.app.clock.advance(chrono::Duration::hours(2));
    let mut trainer = Browser::of(&world, "formatrice").await;
    let page = trainer.get(&chosen).await.expect(200).body;
    assert!(page.contains(&account(lent.account_id)) && !page.contains(&account(past.account_id)));
    let mut reviewer = Browser::of(&world, "relecteur").await;
    reviewer.get(&chosen).await.expect(403);
    let id = lent.account_id.to_string();
    let fields = [("organisme", "local:ailleurs"), ("compte", &id), ("genre", "both")];
    let sent = send(&mut trainer, at, &fields).await;
    assert!(said(&mut trainer, sent).await.contains("Relecture demandée"));
}

#[tokio::test]
async fn an_item_is_decided_through_its_page_and_may_be_thought_over() {
    let world = World::new().await;
    let item = past_its_review(&world, super::PROVIDER, "A-REVOIR").await;
    let mut reviewer = Browser::of(&world, "relecteur").await;
    let at = format!("/atelier/a-revoir/{item}");
    let form = format!("action=\"{at}\"");
    let page = reviewer.get("/atelier/a-revoir").await.expect(200).body;
    assert!(page.contains(&form) && page.contains("le module est à relire"), "{page}");
    let mut trainer = Browser::of(&world, "formatrice").await;
    let page = trainer.get("/atelier/a-revoir").await.expect(200).body;
    assert!(page.contains("le module est à relire") && !page.contains(&form), "{page}");
    let ruling = [("suite", "substantive"), ("note", "Les chiffres ont vieilli.")];
    send(&mut trainer, &at, &ruling).await.expect(403);
    let there = world.provider("local:ailleurs").await;
    let stranger = world.admit_as("relit-ailleurs", Role::Reviewer, there).await;
    send(&mut browser_of(&world, &stranger).await, &at, &ruling).await.expect(404);

    let silent = send(&mut reviewer, &at, &[("suite", "legal"), ("note", " ")]).await.expect(422);
    let kept = format!(
        "id=\"suite-{item}-legal\" type=\"radio\" name=\"suite\" value=\"legal\" required checked"
    );
    assert!(
        silent.body.contains(&kept) && silent.body.contains("<details open>"),
        "{}",
        silent.body
    );
    send(&mut reviewer, &at, &[("suite", "autre"), ("note", "Quoi ?")]).await.expect(422);
    let open = reviewer.get("/atelier/a-revoir").await.expect(200).body;
    assert!(open.contains(&form), "nothing was decided");

    let sent = send(&mut reviewer, &at, &ruling).await;
    let open = said(&mut reviewer, sent).await;
    assert!(open.contains("Décision enregistrée.") && !open.contains(&form), "{open}");
    let decided = reviewer.get("/atelier/a-revoir?etat=decides").await.expect(200).body;
    assert!(decided.contains("Les chiffres ont vieilli.") && decided.contains(&form), "{decided}");
    assert!(decided.contains("<span class=\"tag\">Le contenu est à changer</span>"), "{decided}");
    let nothing = [("suite", "none"), ("note", "Relu : il reste juste.")];
    send(&mut reviewer, &at, &nothing).await.expect(303);
    let closed = reviewer.get("/atelier/a-revoir?etat=clos").await.expect(200).body;
    assert!(closed.contains("Relu : il reste juste."), "{closed}");
    let rows = review_decision::Entity::find().all(world.app.db.read()).await.expect("decisions");
    let said: Vec<_> = rows.iter().map(|row| (row.number, row.consequence)).collect();
    assert_eq!(said, [(1, Consequence::Substantive), (2, Consequence::None)]);
}

#[tokio::test]
async fn the_nation_reads_and_answers_the_complaints_that_it_is_written_to_about() {
    let world = World::new().await;
    let learner = world.known("elue@demonstration.example").await.token;
    let complain = world.api.post("/api/v1/complaints").bearer(&learner);
    let complaint = complain.json(&json!({ "text": "Rien ne s’affiche." })).await.expect(201);
    let id = complaint.location().rsplit('/').next().expect("an id").to_owned();
    let at = format!("/atelier/retours/{id}");
    let mut national = Browser::of(&world, "national").await;
    let desk = national.get("/atelier").await.expect(200).body;
    assert!(desk.contains("Réclamations") && !desk.contains("Mes modules"), "{desk}");
    let list = national.get("/atelier/retours").await.expect(200).body;
    assert!(list.contains(&id) && !list.contains("Erreurs et questions"), "{list}");
    let page = national.get(&at).await.expect(200).body;
    assert!(page.contains("Rien ne s’affiche.") && page.contains("Répondre"), "{page}");
    let sent = send(&mut national, &at, &[("texte", "C’est réparé.")]).await;
    assert!(said(&mut national, sent).await.contains("C’est réparé."));
    for page in ["/atelier/a-revoir", "/atelier/nouveau", "/atelier/PREMIERS-PAS"] {
        national.get(page).await.expect(403);
    }
    for word in ["formatrice", "editrice"] {
        Browser::of(&world, word).await.get(&at).await.expect(404);
    }
    Browser::of(&world, "elue").await.get(&at).await.expect(403);
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
