//! The page that says whether an attestation is genuine.

use maitrise::attestations::model::attestation;
use maitrise::records::model::fact;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};

use super::assert_is_a_page_of_ours;
use super::html::elements;
use crate::sign_in::encoded;
use crate::world::World;

const GENUINE: &str = "Cette attestation est authentique";
const UNKNOWN: &str = "Aucune attestation ne porte ce code";

async fn somebodys(world: &World) -> attestation::Model {
    let row = attestation::Entity::find().one(world.app.db.read()).await.expect("rows");
    row.expect("somebody's attestation")
}

#[tokio::test]
async fn a_genuine_code_is_recognised_however_it_is_typed() {
    let world = World::new().await;
    let code = somebodys(&world).await.code;
    let page = world.api.get(&format!("/verifier/{code}")).await.expect(200);
    assert_is_a_page_of_ours(&page);
    assert!(page.body.contains(GENUINE), "{}", page.body);
    for said in ["Module", "Organisme", "Achevé le", "Durée annoncée", "Empreinte"] {
        assert!(page.body.contains(&format!("<dt>{said}")), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("Fictif"), "nothing of the person: {}", page.body);

    let (head, tail) = code.split_at(9);
    let spaced: String = code.chars().flat_map(|c| [c, ' ']).collect();
    for typed in [
        code.to_lowercase(),
        format!(" {head} {tail} "),
        format!("{head}-{tail}"),
        spaced,
        code.to_lowercase().replace('0', "o").replace('1', "l"),
    ] {
        for path in [
            format!("/verifier/{}", encoded(&typed)),
            format!("/verifier?code={}", encoded(&typed)),
        ] {
            let page = world.api.get(&path).await.expect(200);
            assert!(page.body.contains(GENUINE), "{typed:?}: {}", page.body);
        }
    }
    let typed = format!("/verifier?code={}", code.replace('0', "O").to_lowercase() + "+");
    assert!(world.api.get(&typed).await.expect(200).body.contains(GENUINE));
}

#[tokio::test]
async fn an_unknown_code_says_how_to_mend_it_and_shows_what_was_typed_as_text() {
    let world = World::new().await;
    let code = somebodys(&world).await.code;
    let mut near = code.clone();
    near.replace_range(25.., if code.ends_with('2') { "3" } else { "2" });
    let long = "9".repeat(3000);
    for typed in [
        &near,
        "0",
        "00000000000000000000000000",
        "' OR '1'='1",
        "\"><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "élu·e",
        "\u{202e}\u{0}",
        &long,
    ] {
        let page = world.api.get(&format!("/verifier?code={}", encoded(typed))).await.expect(200);
        assert_is_a_page_of_ours(&page);
        assert!(page.body.contains(UNKNOWN), "{typed:?}: {}", page.body);
        assert!(page.body.contains("26 lettres et chiffres"), "{}", page.body);
        assert!(page.body.len() < 5000, "what was typed is cut: {} bytes", page.body.len());
        assert_eq!(elements(&page.body, "input").len(), 1, "to be typed again");
    }
    for wrong in ["/verifier?code=%FF", "/verifier/%FF", "/verifier/a%2Fb"] {
        let status = world.api.get(wrong).await.status;
        assert!(status == 200 || (400..500).contains(&status), "{wrong}: {status}");
    }
}

#[tokio::test]
async fn the_page_asks_for_a_code_when_none_is_given() {
    let world = World::new().await;
    let page = world.api.get("/verifier").await.expect(200);
    assert_is_a_page_of_ours(&page);
    assert!(!page.body.contains(GENUINE) && !page.body.contains(UNKNOWN), "{}", page.body);
    assert!(page.body.contains("<label for=\"code\">Code de vérification</label>"));
    let form = &elements(&page.body, "form")[0];
    assert_eq!((form["method"].as_str(), form["action"].as_str()), ("get", "/verifier"));
}

#[tokio::test]
async fn a_record_that_borrows_the_signature_of_another_or_was_altered_is_not_genuine() {
    let world = World::new().await;
    let genuine = somebodys(&world).await;
    let flipped = if genuine.signed.ends_with('A') { "Q" } else { "A" };
    let altered = format!("{}{flipped}", &genuine.signed[..genuine.signed.len() - 1]);
    // Facts that were never attested: they stand in for completions.
    let attested = attestation::Entity::find().all(world.app.db.read()).await.expect("rows");
    let facts = fact::Entity::find().all(world.app.db.read()).await.expect("rows");
    let free = |f: &fact::Model| attested.iter().all(|row| row.completion_fact_id != f.id);
    let mut facts = facts.into_iter().filter(free);
    for signed in [genuine.signed.clone(), altered, String::new()] {
        let code = maitrise::attestations::code::new();
        let mut forged = genuine.clone().into_active_model();
        forged.id = Set(maitrise::clock::new_id());
        forged.completion_fact_id = Set(facts.next().expect("a fact").id);
        forged.code = Set(code.clone());
        forged.signed = Set(signed);
        let tx = world.app.db.begin_write().await.expect("a transaction");
        forged.insert(&tx).await.expect("a row");
        tx.commit().await.expect("committed");
        let page = world.api.get(&format!("/verifier/{code}")).await.expect(200);
        assert!(page.body.contains(UNKNOWN), "{}", page.body);
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_served_says_nothing_of_links_that_nobody_followed() {
    let world = World::new().await;
    let token = crate::sign_in::encoded("pas un lien");
    let spent = world.api.get(&format!("/liens/{token}")).await.expect(410);
    assert!(spent.body.contains("Un lien reçu par courriel"), "{}", spent.body);
    world.app.db.clone().close().await.expect("no database any more");
    let code = "0".repeat(26);
    let failed = world.api.get(&format!("/verifier/{code}")).await;
    assert!(failed.status >= 500, "{}", failed.body);
    assert_is_a_page_of_ours(&failed);
    assert!(!failed.body.contains("Un lien reçu"), "{}", failed.body);
}

#[tokio::test]
async fn a_name_is_compared_with_that_of_the_holder_and_stands_in_no_address() {
    use super::browse::Browser;
    use maitrise::people::model::identity;
    let world = World::new().await;
    let row = somebodys(&world).await;
    let name = identity::Entity::find_by_id(row.identity_id).one(world.app.db.read()).await;
    let name = name.expect("rows").expect("a name");
    let mut browser = Browser::new(&world);
    let ours = [("sec-fetch-site", "same-origin")];
    let swapped = format!("{} {}", name.family_name.to_uppercase(), name.given_name);
    for (typed, said) in [
        (swapped.as_str(), "est celui du titulaire"),
        ("Quelqu'un d'Autre", "n&#39;est pas celui du titulaire"),
        ("<script>alert(1)</script>", "celui du titulaire"),
    ] {
        let fields = [("code", row.code.as_str()), ("nom", typed)];
        let page = browser.post_from(&ours, "/verifier", &fields).await.expect(200);
        assert_is_a_page_of_ours(&page);
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        let body = page.body.replace("n'est", "n&#39;est");
        assert!(body.contains(said), "{typed}: {}", page.body);
    }
    let fields = [("code", "0".repeat(26)), ("nom", swapped)];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let unknown = browser.post_from(&ours, "/verifier", &fields).await.expect(200);
    assert!(unknown.body.contains(UNKNOWN), "{}", unknown.body);
    let elsewhere = [("origin", "https://ailleurs.example")];
    browser.post_from(&elsewhere, "/verifier", &fields).await.expect(403);
}

#[tokio::test]
async fn the_script_of_the_page_is_ours_and_every_part_of_the_page_works_without_it() {
    let world = World::new().await;
    let page = world.api.get("/verifier").await.expect(200);
    let policy = page.header("content-security-policy").expect("a policy").to_owned();
    assert!(policy.contains("script-src 'self'; connect-src 'self'"), "{policy}");
    let script = elements(&page.body, "script").remove(0);
    let served = world.api.get(&script["src"]).await.expect(200);
    assert_eq!(served.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(!served.body.contains("://"), "it asks nobody else");
    let other = world.api.get("/mentions-legales").await.expect(200);
    let policy = other.header("content-security-policy").expect("a policy");
    assert!(!policy.contains("script-src"), "no other page runs it: {policy}");
}
