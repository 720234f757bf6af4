//! Élus are invited, told once, and answer by themselves.

use chrono::Duration;
use serde_json::{Value, json};

use super::{HERE, by_id, done, enrolments, manager, order, outcomes};
use crate::capacities::mails_to;
use crate::newcomers::Newcomer;
use crate::world::World;

async fn elu(world: &World, word: &str) -> Newcomer {
    let who = world.admit(word).await;
    world.elect(&who, HERE).await;
    who
}

async fn invitations(world: &World, who: &Newcomer) -> Vec<Value> {
    let mine = world.api.get("/api/v1/me/invitations").bearer(&who.token).await.expect(200).json();
    mine["items"].as_array().expect("items").clone()
}

fn answer(world: &World, who: &Newcomer, invitation: &Value, verb: &str) -> crate::support::Call {
    let id = invitation["id"].as_str().expect("an id");
    world.api.post(&format!("/api/v1/me/invitations/{id}/{verb}")).bearer(&who.token)
}

#[tokio::test]
async fn an_elu_is_invited_once_by_mail_accepts_and_is_enrolled_by_themselves() {
    let world = World::new().await;
    let (manager, elu) = (manager(&world).await, elu(&world, "elue-invitee").await);
    let mut wish = order("A2", &[by_id(&elu)]);
    wish["due_on"] = json!((world.app.clock.now() + Duration::days(60)).date_naive());
    for expected in ["invited", "already_invited"] {
        let job = done(&world, &manager, &wish).await;
        assert_eq!(outcomes(&world, &manager, &job).await, [expected]);
    }
    assert!(enrolments(&world, &elu.token).await.is_empty(), "nobody enrols an élu");
    let mails = mails_to(&world, "elue-invitee@essai.example").await;
    assert_eq!(mails.len(), 1, "told once");
    let mine = invitations(&world, &elu).await;
    let id = mine[0]["id"].as_str().expect("an id");
    assert!(mails[0].contains(&format!("/invitations/{id}")), "{}", mails[0]);
    assert_eq!((&mine[0]["state"], &mine[0]["module"]), (&json!("waiting"), &json!("A2")));
    for _ in 0..2 {
        let accepted = answer(&world, &elu, &mine[0], "accept").await.expect(200).json();
        assert_eq!(accepted["state"], "accepted");
        assert!(accepted["enrolment_id"].is_string(), "{accepted}");
    }
    let learning = enrolments(&world, &elu.token).await;
    assert_eq!((learning.len(), &learning[0]["due_on"]), (1, &wish["due_on"]));
    assert_eq!(learning[0]["enrolled_for"]["invited"], true);
    let refused = answer(&world, &elu, &mine[0], "decline").await.expect(409);
    assert_eq!(refused.problem_code(), "invitation-answered");
    let job = done(&world, &manager, &wish).await;
    assert_eq!(outcomes(&world, &manager, &job).await, ["already"]);
}

#[tokio::test]
async fn who_declines_is_left_alone_for_months_and_may_be_asked_again_then() {
    let world = World::new().await;
    let (manager, elu) = (manager(&world).await, elu(&world, "elu-decline").await);
    let wish = json!({ "path": "PREMIERE-HEURE", "people": [by_id(&elu)] });
    done(&world, &manager, &wish).await;
    let mine = invitations(&world, &elu).await;
    assert_eq!(mine[0]["path"], "PREMIERE-HEURE");
    let declined = answer(&world, &elu, &mine[0], "decline").await.expect(200).json();
    assert_eq!(declined["state"], "declined");
    answer(&world, &elu, &mine[0], "accept").await.expect(409);
    assert!(mails_to(&world, "elu-decline@essai.example").await.is_empty(), "answered before");
    let job = done(&world, &manager, &wish).await;
    assert_eq!(outcomes(&world, &manager, &job).await, ["declined"]);
    world.app.clock.advance(Duration::days(181));
    let manager = world.known("employeuse-n@essai.example").await.token;
    let job = done(&world, &manager, &wish).await;
    assert_eq!(outcomes(&world, &manager, &job).await, ["invited"]);
    let elu = world.known("elu-decline@essai.example").await;
    let again = invitations(&world, &elu).await;
    answer(&world, &elu, &again[0], "accept").await.expect(200);
    let paths = world.api.get("/api/v1/me/path-enrolments").bearer(&elu.token).await.expect(200);
    assert_eq!(paths.json()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn anothers_invitation_does_not_exist() {
    let world = World::new().await;
    let (manager, elu) = (manager(&world).await, elu(&world, "elue-a-elle").await);
    done(&world, &manager, &order("A2", &[by_id(&elu)])).await;
    let mine = invitations(&world, &elu).await;
    let other = world.admit("curieuse").await;
    for verb in ["accept", "decline"] {
        answer(&world, &other, &mine[0], verb).await.expect(404);
    }
    assert!(invitations(&world, &other).await.is_empty());
}
