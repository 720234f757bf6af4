//! The pages behind a one-use link.

use maitrise::accounts::model::LinkKind;
use maitrise::accounts::{invite, model::account};
use maitrise::people::identity::NewPerson;

use super::assert_is_a_page_of_ours;
use super::html::elements;
use crate::sign_in::{choose, link_of, look, with_link};
use crate::world::World;

const PASSWORD: &str = "une phrase entière convient";

#[tokio::test]
async fn every_page_of_a_link_is_french_accessible_and_keeps_to_itself() {
    let world = World::new().await;
    let token = with_link(&world, "maela@mairie.example").await;
    let form = look(&world, &token).await.expect(200);
    assert_is_a_page_of_ours(&form);
    let inputs = elements(&form.body, "input");
    let secret = inputs.iter().filter(|input| input.get("type").is_some_and(|t| t == "password"));
    for input in secret {
        assert_eq!(input["autocomplete"], "new-password", "a password manager helps");
        assert_eq!(input["minlength"], "12");
        assert!(input.contains_key("required"));
    }
    assert!(inputs.iter().any(|input| input["autocomplete"] == "username"), "{}", form.body);
    assert!(form.body.contains("<label for=\"password\">Mot de passe</label>"), "{}", form.body);
    assert_eq!(form.header("referrer-policy"), Some("no-referrer"), "its address is a secret");
    assert!(!form.body.contains(&token), "the page does not repeat its secret: {}", form.body);

    let mended = choose(&world, &token, "court", "court").await.expect(422);
    assert_is_a_page_of_ours(&mended);
    let done = choose(&world, &token, PASSWORD, PASSWORD).await.expect(200);
    assert_is_a_page_of_ours(&done);
    assert!(done.body.contains("Mot de passe enregistré"), "{}", done.body);
    let spent = look(&world, &token).await.expect(410);
    assert_is_a_page_of_ours(&spent);
    assert!(spent.body.contains("Demandez-en un autre"), "it says what to do: {}", spent.body);
}

#[tokio::test]
async fn a_name_that_holds_html_is_shown_as_it_is_typed_and_nothing_more() {
    let world = World::new().await;
    let login = r#""'><script>alert(1)</script>&amp;@mairie.example"#;
    let new = NewPerson {
        given_name: "<script>alert(2)</script>".to_owned(),
        family_name: "<img src=x onerror=alert(3)>".to_owned(),
        address: login.to_owned(),
        shared: false,
    };
    let tx = world.app.db.begin_write().await.expect("a transaction");
    let now = world.app.clock.now();
    let account: account::Model = invite::open(&tx, &new, None, now).await.expect("an account");
    tx.commit().await.expect("committed");
    let token = link_of(&world, &account, LinkKind::Invitation).await;
    let pages = [
        look(&world, &token).await.expect(200),
        choose(&world, &token, "court", "court").await.expect(422),
        choose(&world, &token, PASSWORD, PASSWORD).await.expect(200),
    ];
    for page in pages {
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("&#60;script&#62;alert(1)"), "{}", page.body);
    }
}
