//! Asking for another password.

use maitrise::mail::model::{Template, mail_message};
use maitrise::mail::{self};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{PASSWORD, choose, credentials, look, me, refresh, sign_in};
use crate::support::Answer;
use crate::world::World;

async fn ask(world: &World, login: &str) -> Answer {
    world.api.post("/api/v1/password-resets").json(&json!({ "login": login })).await
}

async fn queued(world: &World) -> Vec<mail_message::Model> {
    mail_message::Entity::find()
        .filter(mail_message::Column::Template.eq(Template::PasswordReset))
        .all(world.app.db.read())
        .await
        .expect("rows")
}

#[tokio::test]
async fn asking_is_answered_alike_for_everyone_and_only_an_account_is_written_to() {
    let world = World::new().await;
    let (login, _) = credentials(&world, "elue");
    let mut answers = Vec::new();
    for name in
        ["inconnue@mairie.example", "", "<b>' OR 1=1", &format!(" {}", login.to_uppercase())]
    {
        let answer = ask(&world, name).await.expect(202);
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((answer.body, names));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let messages = queued(&world).await;
    assert_eq!(messages.len(), 1, "only for the account");
    let kept = format!("{:?}", messages[0]);
    let token = mail::link::token(&world.app.keys, messages[0].subject_id.expect("a link"));
    let secret = token.split('.').nth(1).expect("a secret");
    assert!(!kept.contains(secret) && !kept.contains(&login), "ids and dates only: {kept}");
}

#[tokio::test]
async fn choosing_another_password_closes_every_session_and_spends_every_link() {
    let world = World::new().await;
    let (login, old) = credentials(&world, "elue");
    let sessions = [
        sign_in(&world, &login, &old).await.expect(200).json(),
        sign_in(&world, &login, &old).await.expect(200).json(),
    ];
    for _ in 0..2 {
        ask(&world, &login).await.expect(202);
    }
    let messages = queued(&world).await;
    let token =
        |i: usize| mail::link::token(&world.app.keys, messages[i].subject_id.expect("a link"));
    let (used, spare) = (token(0), token(1));
    look(&world, &spare).await.expect(200);
    let done = choose(&world, &used, PASSWORD, PASSWORD).await.expect(200);
    assert!(done.body.contains(&login) && !done.body.contains(PASSWORD), "{}", done.body);

    for session in &sessions {
        me(&world, &session["access_token"]).await.expect(401);
        refresh(&world, &session["refresh_token"]).await.expect(401);
    }
    sign_in(&world, &login, &old).await.expect(401);
    let fresh = sign_in(&world, &login, PASSWORD).await.expect(200).json();
    me(&world, &fresh["access_token"]).await.expect(200);
    refresh(&world, &fresh["refresh_token"]).await.expect(200);
    for link in [used, spare] {
        look(&world, &link).await.expect(410);
        choose(&world, &link, "encore une autre phrase", "encore une autre phrase")
            .await
            .expect(410);
    }
    sign_in(&world, &login, PASSWORD).await.expect(200);
}
