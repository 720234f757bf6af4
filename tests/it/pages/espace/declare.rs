//! What one is, declared by its page: one learns under it at once, and the organisation decides.

use maitrise::people::model::{Standing, capacity};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::super::assert_is_a_page_of_ours;
use super::super::atelier::{browser_of, said, send};
use super::{Browser, enrol};
use crate::pages::html::elements;
use crate::world::World;

const PATH: &str = "/mes-donnees/qualite";

async fn held(world: &World, person: Uuid) -> Vec<capacity::Model> {
    let mine = capacity::Entity::find().filter(capacity::COLUMN.person_id.eq(person));
    mine.all(world.app.db.read()).await.expect("capacities")
}

#[tokio::test]
async fn whoever_is_nothing_yet_finds_their_commune_declares_what_they_are_and_learns_at_once() {
    let world = World::new().await;
    let who = world.admit("nouvelle").await;
    let mut browser = browser_of(&world, &who).await;
    let refused = browser.get("/modules/E3/inscription").await.expect(200);
    let links = elements(&refused.body, "a");
    assert!(links.iter().any(|link| link["href"] == PATH), "{}", refused.body);
    assert_is_a_page_of_ours(&browser.get(PATH).await.expect(200));
    let found = browser.get(&format!("{PATH}?q=BEAUCE")).await.expect(200);
    let choice = format!("{PATH}?organisation=213500218");
    assert!(elements(&found.body, "a").iter().any(|link| link["href"] == choice));
    let form = browser.get(&choice).await.expect(200);
    assert_is_a_page_of_ours(&form);
    assert!(form.body.contains(">maire<") && !form.body.contains("conseiller régional"));

    let fields = [
        ("organisation", "213500218"),
        ("nature", "elu"),
        ("fonction", "2e adjointe"),
        ("depuis", "2026-03-22"),
        ("mandat", "conseiller municipal"),
        ("delegation", "numérique"),
        ("delegation-le", "2026-04-03"),
    ];
    let sent = send(&mut browser, PATH, &fields).await;
    let page = said(&mut browser, sent).await;
    assert!(page.contains("Qualité déclarée") && page.contains("déclarée, à confirmer"), "{page}");
    let sent = send(&mut browser, PATH, &fields).await;
    assert!(said(&mut browser, sent).await.contains("déjà déclarée"));
    let held = held(&world, who.person_id).await;
    assert_eq!(held.len(), 1, "the same said twice is one");
    assert_eq!(held[0].standing, Standing::Declared);
    assert_eq!(held[0].mandate.as_deref(), Some("conseiller municipal"));
    assert_eq!(held[0].delegation.as_deref(), Some("numérique"));
    assert_eq!(held[0].valid_from.to_string(), "2026-03-22");
    assert!(enrol(&mut browser, "E3").await.starts_with("/mes-formations/"));
}

#[tokio::test]
async fn what_contradicts_itself_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let who = world.admit("brouillonne").await;
    let mut browser = browser_of(&world, &who).await;
    let agent = [("organisation", "insee:35021"), ("nature", "agent"), ("fonction", "DGS")];
    for (field, value, at) in [
        ("depuis", "hier", "depuis"),
        ("depuis", "1890-01-01", "depuis"),
        ("nature", "roi", "nature"),
        ("categorie", "Z", "categorie"),
        ("mandat", "maire", "mandat"),
        ("delegation", "voirie", "delegation"),
        ("delegation-le", "2026-13-45", "delegation-le"),
    ] {
        let kept = agent.into_iter().filter(|(name, _)| *name != field);
        let fields: Vec<_> = kept.chain([(field, value)]).collect();
        let refused = send(&mut browser, PATH, &fields).await.expect(422);
        assert_is_a_page_of_ours(&refused);
        let links = elements(&refused.body, "a");
        let to = format!("#{at}");
        assert!(links.iter().any(|link| link["href"] == to), "{field}: {}", refused.body);
        assert!(refused.body.contains(&format!("id=\"{at}\"")), "{field}");
        assert!(refused.body.contains("value=\"DGS\""), "{field}: {}", refused.body);
    }
    let unknown = [("organisation", "insee:99999"), ("nature", "agent")];
    let refused = send(&mut browser, PATH, &unknown).await.expect(422);
    assert!(refused.body.contains("n’est pas connue"), "{}", refused.body);
    browser.get(&format!("{PATH}?organisation=rien")).await.expect(422);
    browser.post(PATH, &agent).await.expect(403);
    assert!(held(&world, who.person_id).await.is_empty());
    let anybody = Browser::new(&world).get(PATH).await.expect(303);
    assert!(anybody.location().starts_with("/connexion?retour="));
}

#[tokio::test]
async fn a_sixth_claim_waits_for_an_answer_to_the_five_before() {
    let world = World::new().await;
    let who = world.admit("partout").await;
    let mut browser = browser_of(&world, &who).await;
    for n in 0..6 {
        let function = format!("fonction {n}");
        let fields =
            [("organisation", "insee:35021"), ("nature", "agent"), ("fonction", &*function)];
        let sent = send(&mut browser, PATH, &fields).await;
        match n {
            0..5 => assert_eq!(sent.expect(303).location(), "/mes-donnees"),
            _ => {
                let refused = sent.expect(409);
                assert!(refused.body.contains("Cinq demandes") && refused.body.contains(&function));
            }
        }
    }
    assert_eq!(held(&world, who.person_id).await.len(), 5);
}
