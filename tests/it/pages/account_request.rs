//! Asking for an account with a browser: the organisation, then the person, without a script.

use maitrise::capacities::model::capacity_claim;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::assert_is_a_page_of_ours;
use super::browse::Browser;
use super::html::elements;
use crate::capacities::mails_to;
use crate::world::World;

const PATH: &str = "/demander-un-compte";
const ADDRESS: &str = "noella.legoff@mairie.example";

async fn claims(world: &World) -> u64 {
    capacity_claim::Entity::find().count(world.app.db.read()).await.expect("a count")
}

/// The links of a page that choose an organisation.
fn choices(page: &str) -> Vec<String> {
    let links = elements(page, "a").into_iter().map(|link| link["href"].clone());
    links.filter(|href| href.starts_with("/demander-un-compte?organisation=")).collect()
}

#[tokio::test]
async fn one_finds_their_commune_says_who_they_are_and_receives_a_link() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let sign_in = browser.get("/connexion").await.expect(200);
    assert!(elements(&sign_in.body, "a").iter().any(|link| link["href"] == PATH));
    assert_is_a_page_of_ours(&browser.get(PATH).await.expect(200));
    let nothing = browser.get(&format!("{PATH}?q=zzzzzz")).await.expect(200);
    assert_is_a_page_of_ours(&nothing);
    assert!(nothing.body.contains("Aucune organisation"), "{}", nothing.body);
    let found = browser.get(&format!("{PATH}?q=BEAUCE")).await.expect(200);
    assert_is_a_page_of_ours(&found);
    assert!(found.body.contains("Ille-et-Vilaine"), "homonyms are told apart: {}", found.body);
    let many = browser.get(&format!("{PATH}?q=saint")).await.expect(200);
    assert_eq!(choices(&many.body).len(), 30);
    assert!(many.body.contains("précisez le nom"), "{}", many.body);

    let choice = "/demander-un-compte?organisation=213500218".to_owned();
    assert!(choices(&found.body).contains(&choice), "{:?}", choices(&found.body));
    let form = browser.get(&choice).await.expect(200);
    assert_is_a_page_of_ours(&form);
    let fields = |address| {
        [
            ("organisation", "213500218"),
            ("prenom", "Noëlla"),
            ("nom", "L'Hôte"),
            ("adresse", address),
            ("nature", "elu"),
            ("fonction", "2e adjointe"),
        ]
    };
    let sent = browser.post(PATH, &fields(ADDRESS)).await.expect(303);
    assert_eq!(sent.location(), "/connexion");
    let said = browser.get("/connexion").await.expect(200);
    assert!(said.body.contains("Votre demande est prise en compte"), "{}", said.body);
    let known = browser.post(PATH, &fields("elue@demonstration.example")).await.expect(303);
    assert_eq!(known.location(), "/connexion");
    assert_eq!(browser.get("/connexion").await.body, said.body, "nothing tells them apart");
    assert_eq!(claims(&world).await, 1);
    let mails = mails_to(&world, ADDRESS).await;
    assert!(mails.len() == 1 && mails[0].contains("/liens/"), "{mails:?}");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_what_was_typed_and_nothing_is_kept_of_it() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let good = [
        ("organisation", "insee:35021"),
        ("prenom", "Noëlla"),
        ("nom", "Le Goff"),
        ("adresse", ADDRESS),
        ("nature", "agent"),
    ];
    for (field, value, fault) in [
        ("prenom", "", "prenom"),
        ("nom", "   ", "nom"),
        ("adresse", "personne", "adresse"),
        ("nature", "cadre", "nature"),
    ] {
        let typed = good.map(|(name, kept)| (name, if name == field { value } else { kept }));
        let page = browser.post(PATH, &typed).await.expect(422);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains(&format!("href=\"#{fault}\"")), "{field}: {}", page.body);
        let inputs = elements(&page.body, "input");
        let kept = |name: &str| inputs.iter().find(|i| i.get("name").is_some_and(|n| n == name));
        let organisation = kept("organisation").expect("the organisation");
        assert_eq!(organisation["value"], "insee:35021");
        if field != "nom" {
            assert_eq!(kept("nom").expect("the name")["value"], "Le Goff");
        }
    }
    for absent in ["insee:99999", "Beaucé", ""] {
        let typed =
            good.map(|(name, kept)| (name, if name == "organisation" { absent } else { kept }));
        let page = browser.post(PATH, &typed).await.expect(422);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains("n’est pas connue"), "{}", page.body);
    }
    let elsewhere = [("origin", "https://ailleurs.example")];
    browser.post_from(&elsewhere, PATH, &good).await.expect(403);
    assert_eq!(claims(&world).await, 0);

    let mut signed = Browser::of(&world, "elue").await;
    assert_eq!(signed.get(PATH).await.expect(303).location(), "/", "who has an account needs none");
}
