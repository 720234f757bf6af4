//! Being invited: by mail to a mailbox of one's own, and never to the office's.

use maitrise::accounts::invite;
use maitrise::accounts::model::account;
use maitrise::mail::model::{MailState, Template, mail_message};
use maitrise::people::identity::NewPerson;
use maitrise::worker::Worker;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use tokio::sync::watch;

use super::{PASSWORD, choose, look, sign_in};
use crate::world::World;

/// One round of the worker, mail going to files; answers every mail that holds a link.
async fn mails_with_a_link(world: &World) -> Vec<String> {
    let app = &world.app;
    let parts = (app.db.clone(), app.keys.clone(), app.clock.clone());
    let worker = Worker::new(&app.settings, parts, watch::channel(false).1).expect("a worker");
    while worker.round().await.expect("a round").more {}
    let Ok(files) = std::fs::read_dir(app.settings.data.dir.join("mail")) else {
        return Vec::new();
    };
    let texts = files.map(|file| std::fs::read_to_string(file.expect("a file").path()));
    texts.map(|text| text.expect("UTF-8")).filter(|text| text.contains("/liens/")).collect()
}

async fn message(world: &World, person: &account::Model) -> mail_message::Model {
    mail_message::Entity::find()
        .filter(mail_message::Column::PersonId.eq(person.person_id))
        .filter(mail_message::Column::Template.eq(Template::Invitation))
        .one(world.app.db.read())
        .await
        .expect("rows")
        .expect("a message")
}

async fn invited(world: &World, address: &str, shared: bool) -> account::Model {
    let new = NewPerson {
        given_name: "Anaïs".to_owned(),
        family_name: "Fictif".to_owned(),
        address: address.to_owned(),
        shared,
    };
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let (tokens, now) = (&world.app.settings.tokens, world.app.clock.now());
    let account = invite::invite(&tx, &new, tokens, None, now).await.expect("invited");
    tx.commit().await.expect("committed");
    account
}

#[tokio::test]
async fn an_invitation_to_a_shared_mailbox_never_leaves() {
    let world = World::new().await;
    let shared = invited(&world, "mairie@mairie.example", true).await;
    assert_eq!(mails_with_a_link(&world).await, Vec::<String>::new());
    let kept = message(&world, &shared).await;
    assert_eq!(kept.state, MailState::Failed);
    assert_eq!(kept.last_error.as_deref(), Some("only a shared address"));

    let own = invited(&world, "anais@mairie.example", false).await;
    let mails = mails_with_a_link(&world).await;
    assert_eq!(mails.len(), 1, "one's own mailbox gets it, once");
    assert!(mails[0].contains("anais@mairie.example"), "{}", mails[0]);
    assert_eq!(message(&world, &own).await.state, MailState::Sent);
}

#[tokio::test]
async fn someone_whom_their_employer_invites_chooses_a_password_and_signs_in() {
    let world = World::new().await;
    let employer = world.token("employeur").await;
    let wish = json!({
        "given_name": "Noëlla", "family_name": "L'Hôte", "email": "Noella.LHote@beauce.example",
        "capacity": "elu", "mandate": "conseiller municipal",
    });
    let path = "/api/v1/organisations/insee:35021/people";
    world.api.post(path).bearer(&employer).json(&wish).await.expect(201);
    let again = world.api.post(path).bearer(&employer).json(&wish).await.expect(409);
    assert_eq!(again.problem_code(), "account-exists");
    let mails = mails_with_a_link(&world).await;
    assert_eq!(mails.len(), 1);
    let token = mails[0].split("/liens/").nth(1).and_then(|rest| rest.split_whitespace().next());
    let token = token.expect("a link");
    let login = "noella.lhote@beauce.example";
    sign_in(&world, login, PASSWORD).await.expect(401);
    let page = look(&world, token).await.expect(200);
    assert!(page.body.contains("Bienvenue") && page.body.contains(login), "{}", page.body);
    choose(&world, token, PASSWORD, PASSWORD).await.expect(200);
    let tokens = sign_in(&world, login, PASSWORD).await.expect(200).json();
    let me = super::me(&world, &tokens["access_token"]).await.expect(200).json();
    assert_eq!(me["family_name"], "L'Hôte");
    assert_eq!(me["capacities"][0]["organisation"], "213500218", "{me}");
}
