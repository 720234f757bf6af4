//! Bulk enrolments, and what élus answer.

use maitrise::error::Reason;
use serde_json::json;

use super::Catalogue;
use crate::bulk::worked;

/// A job that is over, and an invitation that was answered otherwise.
pub(super) async fn refusals(c: &mut Catalogue) {
    let (employer, elue) = (c.token("employeur").await, c.world.admit("elue-deux-fois").await);
    c.world.elect(&elue, "insee:35021").await;
    let order = json!({ "module": "A4", "people": [{ "person_id": elue.person_id }] });
    let asked = c.post("/api/v1/organisations/insee:35021/enrolments", &employer, &order).await;
    let job = asked.expect(202).location();
    worked(&c.world).await;
    let cancel = c.world.api.post(&format!("{job}/cancel")).bearer(&employer);
    c.meets(Reason::JobOver, cancel).await;
    let mine = c.world.api.get("/api/v1/me/invitations").bearer(&elue.token).await.expect(200);
    let id = mine.json()["items"][0]["id"].as_str().expect("an id").to_owned();
    let answer = |verb: &str| {
        c.world.api.post(&format!("/api/v1/me/invitations/{id}/{verb}")).bearer(&elue.token)
    };
    answer("decline").await.expect(200);
    let accept = answer("accept");
    c.meets(Reason::InvitationAnswered, accept).await;
}
