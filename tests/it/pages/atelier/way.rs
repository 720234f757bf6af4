//! The way from nothing to the catalogue, by forms alone; and what stops on it.

use super::{Browser, LESSON, PROVIDER, field, said, send, write, written};
use crate::deeds::draft_file;
use crate::support::Answer;
use crate::world::World;

const CODE: &str = "ATELIER-1";

fn at(form: &str) -> String {
    format!("/atelier/{CODE}/{form}")
}

/// Sends a review of what is submitted now.
async fn review(browser: &mut Browser, verdict: &str, remark: Option<(&str, &str)>) -> Answer {
    let page = browser.get(&at("relecture")).await.expect(200);
    let digest = field(&page, "empreinte");
    let mut fields = vec![
        ("faire", "rendre"),
        ("empreinte", digest.as_str()),
        ("genre", "both"),
        ("conclusion", verdict),
        ("avis", "Relu."),
    ];
    if let Some((line, text)) = remark {
        fields.extend([
            ("remarque-fichier", LESSON),
            ("remarque-ligne", line),
            ("remarque-texte", text),
        ]);
    }
    send(browser, &at("relecture"), &fields).await
}

/// What the form of a publication sends.
async fn publish(browser: &mut Browser, page: &Answer, quand: &str) -> Answer {
    let digest = field(page, "empreinte");
    let fields = [
        ("empreinte", digest.as_str()),
        ("change", "substantive"),
        ("mois", ""),
        ("note", "Première version."),
        ("quand", quand),
        ("vu", "aucune"),
    ];
    send(browser, &at("publier"), &fields).await
}

#[tokio::test]
async fn a_module_goes_from_nothing_to_the_catalogue_by_forms_alone() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let mut reviewer = Browser::of(&world, "relecteur").await;
    let mut publisher = Browser::of(&world, "editrice").await;
    written(&mut trainer, CODE).await;
    let taken = [("code", CODE), ("fournisseur", PROVIDER), ("titre", "Encore")];
    let refused = send(&mut trainer, "/atelier/nouveau", &taken).await.expect(409);
    assert!(refused.body.contains("value=\"Encore\""), "what was typed is kept");
    let own = trainer.get(&at("relecture")).await.expect(200);
    assert!(own.body.contains("sans le relire"), "{}", own.body);
    let sent = send(&mut trainer, &at("soumettre"), &[]).await;
    assert!(said(&mut trainer, sent).await.contains("Le brouillon est soumis, figé"));

    // A comment is kept by the page, refused where there is no line, and goes with the review.
    let mine = reviewer.get("/atelier").await.expect(200).body;
    assert!(mine.contains("À relire par vous") && mine.contains(CODE), "{mine}");
    let typed =
        [("faire", "commenter"), ("fichier", LESSON), ("ligne", "99999"), ("texte", "Ici.")];
    let refused = send(&mut reviewer, &at("relecture"), &typed).await.expect(422);
    assert!(refused.body.contains("un nombre de 1 à") && refused.body.contains("Ici."));
    let typed = [("faire", "commenter"), ("fichier", LESSON), ("ligne", "7"), ("texte", "Ici.")];
    let kept = send(&mut reviewer, &at("relecture"), &typed).await.expect(200);
    assert!(kept.body.contains("Relecture, ligne 7 :</strong> Ici."), "{}", kept.body);
    let sent =
        review(&mut reviewer, "changes_requested", Some(("7", "Dites d’où cela vient."))).await;
    assert!(said(&mut reviewer, sent).await.contains("Relecture rendue."));
    let page = trainer.get(&super::editor(CODE, LESSON)).await.expect(200).body;
    assert!(page.contains("Relecture, ligne 7 :</strong> Dites d’où cela vient."), "{page}");

    let mended = format!("{}\nUne phrase de plus.\n", draft_file(LESSON));
    write(&mut trainer, CODE, LESSON, &mended).await.expect(303);
    let early = publisher.get(&at("publier")).await.expect(200);
    assert!(early.body.contains("À satisfaire") && !early.body.contains("name=\"quand\""));
    send(&mut trainer, &at("soumettre"), &[]).await.expect(303);
    let sent = review(&mut reviewer, "accepted", None).await;
    said(&mut reviewer, sent).await;

    let page = publisher.get(&at("publier")).await.expect(200);
    assert!(page.body.contains("moins de\u{a0}5"), "few are told as few: {}", page.body);
    assert!(page.body.contains("Tout ce qui est demandé est là."), "{}", page.body);
    let sent = publish(&mut publisher, &page, "").await;
    assert!(said(&mut publisher, sent).await.contains("Version 1 publiée"));
    let sent = publish(&mut publisher, &page, "").await.expect(303);
    let again = said(&mut publisher, sent).await;
    assert!(again.contains("Déjà fait : la version 1 est publiée depuis le"), "{again}");
    assert!(again.contains(&format!("/modules/{CODE}\"")), "and where it is read: {again}");
    publish(&mut trainer, &page, "").await.expect(403);
    let anyone = Browser::new(&world).get(&format!("/catalogue?q={CODE}")).await.expect(200);
    assert!(anyone.body.contains(&format!("/modules/{CODE}")), "{}", anyone.body);
}

#[tokio::test]
async fn an_outdated_preview_is_shown_again_with_what_moved_and_a_date_can_be_cancelled() {
    let world = World::new().await;
    let mut trainer = Browser::of(&world, "formatrice").await;
    let mut reviewer = Browser::of(&world, "relecteur").await;
    let mut publisher = Browser::of(&world, "editrice").await;
    written(&mut trainer, CODE).await;
    send(&mut trainer, &at("soumettre"), &[]).await.expect(303);
    let sent = review(&mut reviewer, "accepted", None).await;
    said(&mut reviewer, sent).await;
    let fields = [("empreinte", "0"), ("change", "substantive"), ("vu", "3"), ("note", "Gardée")];
    let refused = send(&mut publisher, &at("publier"), &fields).await.expect(409);
    assert!(refused.body.contains("Version publiée aujourd’hui : 3, maintenant aucune"));
    assert!(refused.body.contains("Gardée"), "{}", refused.body);
    let page = publisher.get(&at("publier")).await.expect(200);
    let past = publish(&mut publisher, &page, "2020-01-01T09:00").await.expect(422);
    assert!(past.body.contains("l’instant est passé"), "{}", past.body);
    publish(&mut publisher, &page, "demain").await.expect(422);
    let next = (world.app.clock.now() + chrono::Duration::days(30)).format("%Y-%m-%dT09:00");
    let sent = publish(&mut publisher, &page, &next.to_string()).await;
    assert!(said(&mut publisher, sent).await.contains("Publication programmée le"));
    let mine = publisher.get("/atelier").await.expect(200).body;
    assert!(mine.contains("Publications programmées"), "{mine}");
    publish(&mut publisher, &page, "").await.expect(409);
    let sent = send(&mut publisher, &at("publier/annuler"), &[]).await;
    assert!(said(&mut publisher, sent).await.contains("Publication annulée"));
    publish(&mut publisher, &page, "").await.expect(303);
    let none = send(&mut publisher, &at("retirer"), &[("motif", " ")]).await.expect(422);
    assert!(none.body.contains("Motif : entre 1 et 1000"), "{}", none.body);
    let sent = send(&mut publisher, &at("retirer"), &[("motif", "Remplacé.")]).await;
    assert!(said(&mut publisher, sent).await.contains("Module retiré du catalogue"));
    let anyone = Browser::new(&world).get(&format!("/catalogue?q={CODE}")).await.expect(200);
    assert!(!anyone.body.contains(&format!("/modules/{CODE}")), "{}", anyone.body);
    // The next version begins from what was published, and tells what it changes.
    send(&mut trainer, &at("ouvrir"), &[]).await.expect(303);
    let mended = format!("{}\nUne phrase de plus.\n", draft_file(LESSON));
    write(&mut trainer, CODE, LESSON, &mended).await.expect(303);
    let told = trainer.get(&at("differences")).await.expect(200).body;
    assert!(told.contains("<ins>Une phrase de plus.</ins>"), "{told}");
}
