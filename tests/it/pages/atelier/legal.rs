//! A change of the law, published by forms: who completed the module owes the new version.

use chrono::Months;
use serde_json::json;

use super::{Browser, LESSON, PROVIDER, field, said, send, write};
use crate::deeds::{draft_file, fill_draft, learn, publish};
use crate::support::Answer;
use crate::world::World;

const CODE: &str = "DROIT-PAGE";

fn at(form: &str) -> String {
    format!("/atelier/{CODE}/{form}")
}

/// Writes the next version, has it accepted as to the law, and answers the publisher's browser.
async fn accepted(world: &World) -> Browser {
    let mut trainer = Browser::of(world, "formatrice").await;
    send(&mut trainer, &at("ouvrir"), &[]).await.expect(303);
    let mended = format!("{}\nLe droit a changé.\n", draft_file(LESSON));
    write(&mut trainer, CODE, LESSON, &mended).await.expect(303);
    send(&mut trainer, &at("soumettre"), &[]).await.expect(303);
    let mut reviewer = Browser::of(world, "relecteur").await;
    let digest = field(&reviewer.get(&at("relecture")).await.expect(200), "empreinte");
    let fields = [
        ("faire", "rendre"),
        ("empreinte", digest.as_str()),
        ("genre", "both"),
        ("conclusion", "accepted"),
        ("avis", "Relu."),
    ];
    send(&mut reviewer, &at("relecture"), &fields).await.expect(303);
    Browser::of(world, "editrice").await
}

/// Sends what the form of a page holds, with this delay.
async fn publish_by(browser: &mut Browser, page: &Answer, months: &str) -> Answer {
    let digest = field(page, "empreinte");
    let fields = [
        ("empreinte", digest.as_str()),
        ("change", "legal"),
        ("mois", months),
        ("note", "Le droit a changé."),
        ("quand", ""),
    ];
    send(browser, &at("publier"), &fields).await
}

#[tokio::test]
async fn a_change_of_the_law_is_published_with_its_delay_through_the_page() {
    let world = World::new().await;
    let trainer = world.known("formatrice@demonstration.example").await.token;
    fill_draft(&world, &trainer, CODE, PROVIDER, "").await;
    publish(&world, CODE).await;
    let mut holders = Vec::new();
    for nth in 0..5 {
        let holder = world.admit(&format!("titulaire-{nth}")).await;
        world.elect(&holder, "insee:35021").await;
        learn(&world, &holder.token, CODE).await;
        holders.push(holder);
    }
    let mut publisher = accepted(&world).await;
    let editorial = publisher.get(&at("publier?change=editorial")).await.expect(200);
    assert!(!editorial.body.contains("devront suivre"), "{}", editorial.body);
    for wrong in ["0", "25", "trois"] {
        let page = publisher.get(&at(&format!("publier?change=legal&mois={wrong}"))).await;
        let page = page.expect(422);
        assert!(page.body.contains("Délai : "), "{wrong}: {}", page.body);
    }
    let page = publisher.get(&at("publier?change=legal&mois=3")).await.expect(200);
    let owing = "<dt>Personnes qui devront suivre la nouvelle version</dt><dd>5</dd>";
    assert!(page.body.contains(owing), "{}", page.body);
    let other = publish_by(&mut publisher, &page, "4").await.expect(409);
    assert!(other.body.contains("role=\"alert\""), "the delay is part of what is agreed");
    let sent = publish_by(&mut publisher, &page, "3").await;
    assert!(said(&mut publisher, sent).await.contains("Version 2 publiée"));

    let zone = chrono_tz::Europe::Paris;
    let today = world.app.clock.now().with_timezone(&zone).date_naive();
    let due_on = today.checked_add_months(Months::new(3)).expect("a date");
    for holder in &holders {
        let owed = world.api.get("/api/v1/me/obligations").bearer(&holder.token).await.expect(200);
        let owed = owed.json()["items"].take();
        assert_eq!(owed.as_array().map(Vec::len), Some(1), "{owed}");
        let seen = (&owed[0]["origin"], &owed[0]["from_version"], &owed[0]["due_on"]);
        assert_eq!(seen, (&json!("legal_change"), &json!(2), &json!(due_on)));
    }
    let shown = Browser::new(&world).get(&format!("/modules/{CODE}")).await.expect(200);
    assert!(shown.body.contains("droit modifié"), "{}", shown.body);
}
