//! Proving who one is with a password; a refusal says nothing of why.

use sea_orm::{ActiveModelTrait as _, Set};

use super::{PASSWORD, credentials, me, open, sign_in, without_instance};
use crate::world::World;
use maitrise::accounts::model::account;

#[tokio::test]
async fn every_flaw_gets_the_same_refusal_in_the_same_words() {
    let world = World::new().await;
    let (login, password) = credentials(&world, "elue");
    open(&world, "invitee@mairie.example", None).await;
    let gone = open(&world, "partie@mairie.example", Some(PASSWORD)).await;
    let mut disabled: account::ActiveModel = gone.into();
    disabled.disabled_at = Set(Some(world.app.clock.now()));
    let tx = world.app.db.begin_write().await.expect("a transaction");
    disabled.update(&tx).await.expect("disabled");
    tx.commit().await.expect("committed");

    let wrong = sign_in(&world, &login, "un autre mot de passe").await.expect(401);
    assert_eq!(wrong.problem_code(), "invalid-credentials");
    let expected = without_instance(&wrong);
    let headers = |answer: &crate::support::Answer| {
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    for (name, secret) in [
        ("inconnue@mairie.example", password.as_str()),
        ("invitee@mairie.example", ""),
        ("invitee@mairie.example", PASSWORD),
        ("partie@mairie.example", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
        (login.as_str(), ""),
        (login.as_str(), "decoy, never a password"),
        (login.as_str(), &password.to_uppercase()),
    ] {
        let refused = sign_in(&world, name, secret).await.expect(401);
        assert_eq!(without_instance(&refused), expected, "{name:?}");
        assert_eq!(headers(&refused), headers(&wrong), "{name:?}");
    }
    sign_in(&world, &login, &password).await.expect(200);
}

#[tokio::test]
async fn a_sign_in_name_is_found_whatever_its_case_its_spaces_and_how_accents_were_typed() {
    let world = World::new().await;
    open(&world, "Élodie.Béré@mairie.example", Some(PASSWORD)).await;
    for typed in [
        "élodie.béré@mairie.example",
        "ÉLODIE.BÉRÉ@MAIRIE.EXAMPLE",
        "  Élodie.Béré@mairie.example\t",
        "E\u{301}lodie.Be\u{301}re\u{301}@Mairie.example",
    ] {
        let tokens = sign_in(&world, typed, PASSWORD).await.expect(200).json();
        let who = me(&world, &tokens["access_token"]).await.expect(200);
        assert_eq!(who.json()["given_name"], "Anaïs", "{typed}");
    }
    // Accents make other people.
    sign_in(&world, "elodie.bere@mairie.example", PASSWORD).await.expect(401);
}
