//! What becomes of attestations when the law changes.

use serde_json::{Value, json};

use super::Press;
use crate::deeds::learn;
use crate::newcomers::Newcomer;

async fn published_as(press: &Press, change: &str, sentence: &str) {
    press.rewrite("DROIT", sentence).await;
    let digest = press.submit("DROIT").await;
    press.review(&press.reviewer, "DROIT", &digest, "both").await.expect(200);
    let request = press.request("DROIT", change).await;
    press.publish("DROIT", &request).await.expect(201);
}

async fn verified(press: &Press, attested: &Value) -> Value {
    let path = format!("/api/v1/verify/{}", attested["code"].as_str().expect("a code"));
    press.world.api.get(&path).await.expect(200).json()
}

/// Whether the list of supersessions marks an attestation.
async fn is_superseded(press: &Press, who: &Newcomer, attested: &Value) -> bool {
    use maitrise::attestations::lists::{self, Purpose};
    use maitrise::attestations::offline;
    let id = attested["id"].as_str().expect("an id");
    let path = format!("/api/v1/attestations/{id}/credential.jwt");
    let jwt = press.world.api.get(&path).bearer(&who.token).await.expect(200).body;
    let usage = maitrise::keys::KeyUse::Attestation;
    let keys: Vec<_> = press.world.app.keys.public(usage).cloned().collect();
    let shown = offline::open(&keys, &jwt).expect("genuine");
    let marked = |purpose: Purpose| {
        let path = format!("/credentials/status/{}-{}", purpose.word(), shown.place.list);
        let (shown, keys) = (shown.clone(), keys.clone());
        async move {
            let list = press.world.api.get(&path).await.expect(200).body;
            let list = lists::open(&keys, &list).expect("a list");
            shown.is_marked(&[list], purpose).expect("its place")
        }
    };
    assert!(!marked(Purpose::Revocation).await, "it stays valid");
    marked(Purpose::Supersession).await
}

#[tokio::test]
async fn an_attestation_is_superseded_once_its_holder_completed_what_the_law_changed() {
    let press = Press::new().await;
    press.published("DROIT").await;
    let (one, other) = (press.learner("premiere").await, press.learner("seconde").await);
    let first = learn(&press.world, &one.token, "DROIT").await;
    let alone = learn(&press.world, &other.token, "DROIT").await;
    published_as(&press, "legal", "Le droit a changé.").await;
    assert_eq!(verified(&press, &first).await["status"], "genuine", "nothing was completed since");
    published_as(&press, "editorial", "Le droit a changé, dit mieux.").await;
    let second = learn(&press.world, &one.token, "DROIT").await;
    assert_eq!(second["statement"]["version"], 3, "a later version than that of the law");
    let seen = verified(&press, &first).await;
    assert_eq!((&seen["status"], &seen["statement"]["version"]), (&json!("superseded"), &json!(1)));
    assert!(seen["since"].is_string());
    assert_eq!(verified(&press, &second).await["status"], "genuine");
    assert_eq!(verified(&press, &alone).await["status"], "genuine", "another's is another's");
    assert!(is_superseded(&press, &one, &first).await);
    assert!(!is_superseded(&press, &one, &second).await);
    assert!(!is_superseded(&press, &other, &alone).await);
    let mine = press.world.api.get("/api/v1/me/attestations").bearer(&one.token).await.expect(200);
    assert_eq!(mine.json()["items"][1]["reason"], "later_version");
}
