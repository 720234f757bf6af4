//! What is to be reviewed, and reviewers asked from elsewhere.

use maitrise::accounts::model::Role;

use super::{Browser, browser_of, said, send};
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
        let page = trainer.get(&format!("/atelier/a-revoir?etat={state}&page=1")).await.expect(200);
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
