//! The page to which the mail leads an élu.

use serde_json::json;

use super::{by_id, done, enrolments, manager, order};
use crate::pages::browse::Browser;
use crate::world::World;

#[tokio::test]
async fn an_elu_reads_an_invitation_and_accepts_it_on_a_page() {
    let world = World::new().await;
    let manager = manager(&world).await;
    let elue = world.known("elue@demonstration.example").await;
    done(&world, &manager, &order("A2", &[by_id(&elue)])).await;
    let mine = world.api.get("/api/v1/me/invitations").bearer(&elue.token).await.expect(200);
    let path = format!("/invitations/{}", mine.json()["items"][0]["id"].as_str().expect("an id"));
    let away = world.api.get(&path).await;
    assert_eq!(away.status, 303, "who is not signed in is sent to: {}", away.body);
    let mut browser = Browser::of(&world, "elue").await;
    let page = browser.get(&path).await.expect(200);
    for said in ["vous invite à suivre", "Accepter et m’inscrire", "/modules/A2"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(enrolments(&world, &elue.token).await.iter().all(|e| e["module"] != "A2"), "read only");
    let token = browser.token().await;
    let sent = browser.post(&path, &[("jeton", &token), ("reponse", "accepter")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = browser.get(&path).await.expect(200);
    assert!(page.body.contains("Vous avez accepté cette invitation"), "{}", page.body);
    let learning = enrolments(&world, &elue.token).await;
    assert!(learning.iter().any(|e| e["module"] == json!("A2")), "{learning:?}");
    let mut other = Browser::of(&world, "formatrice").await;
    other.get(&path).await.expect(404);
}
